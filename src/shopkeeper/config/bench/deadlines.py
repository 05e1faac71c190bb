"""Ten thousand due among a million open, and among a hundred thousand: the cost follows what is due."""

import time
from collections.abc import Sequence
from datetime import timedelta

from django.db import connection

from shopkeeper.config.bench.result import Measured
from shopkeeper.foundation import business_time
from shopkeeper.sop import sweeper

DUE = 10_000


def measure() -> Sequence[Measured]:
    """Seconds to sweep 10⁴ due with 10⁵ and with 10⁶ open; their ratio is the growth."""
    few = _sweep_with(100_000)
    many = _sweep_with(1_000_000)
    return [
        Measured("deadlines_1e5_open", DUE / few, "due/s", DUE / few, "the same", True),
        Measured("deadlines_1e6_open", DUE / many, "due/s", DUE / few, "with 10⁵ open", many <= 2.0 * few),
        Measured("deadlines_seconds", many, "s for 10⁴ due of 10⁶ open", few, "s with 10⁵ open", True),
    ]


def _sweep_with(open_count: int) -> float:
    now = business_time.now()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM sop_deadline")
        cursor.execute(
            """INSERT INTO sop_deadline (kind, clause, subject_id, role, label, armed_at, due_at, handed_over_reason)
               SELECT 'ship_by', 'O3.1', n, '', 'JY' || n, %s, CASE WHEN n <= %s THEN %s ELSE %s END, ''
               FROM generate_series(1, %s) AS n""",
            [now, DUE, now - timedelta(seconds=1), now + timedelta(days=2), open_count],
        )
        cursor.execute("ANALYZE sop_deadline")
    started = time.perf_counter()
    handled = 0
    while found := sweeper.sweep():
        handled += found
    seconds = time.perf_counter() - started
    assert handled == DUE
    return seconds
