"""Statements of reading: progress of waves, the board, the stations. A scope of NULL means every warehouse."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.sql import Statement


@dataclass(frozen=True, slots=True)
class ProgressRow:
    wave_id: int
    pieces: int
    picked: int
    open_lines: int


PROGRESS = Statement(
    """
    SELECT wave_id, coalesce(sum(quantity - missing) FILTER (WHERE state <> 'cancelled'), 0)::int,
           sum(picked)::int, count(*) FILTER (WHERE state = 'open')::int
    FROM warehouse_pickline WHERE wave_id = ANY(%(waves)s::bigint[]) GROUP BY 1""",
    row=ProgressRow,
)


@dataclass(frozen=True, slots=True)
class WaveOrdersRow:
    wave_id: int
    to_pack: int
    packed: int
    left: int


WAVE_ORDERS = Statement(
    """
    SELECT wave_id, count(*) FILTER (WHERE state IN ('to_pack', 'packing', 'repicking'))::int,
           count(*) FILTER (WHERE state = 'packed')::int,
           count(*) FILTER (WHERE state IN ('returning', 'dropped'))::int
    FROM warehouse_waveorder WHERE wave_id = ANY(%(waves)s::bigint[]) GROUP BY 1""",
    row=WaveOrdersRow,
)


@dataclass(frozen=True, slots=True)
class CountRow:
    state: str
    count: int


COUNT_WAVES = Statement(
    """
    SELECT state, count(*)::int FROM warehouse_wave
    WHERE state IN ('open', 'picking', 'picked')
      AND (%(warehouses)s::bigint[] IS NULL OR warehouse_id = ANY(%(warehouses)s::bigint[]))
    GROUP BY 1""",
    row=CountRow,
)

COUNT_ORDERS = Statement(
    """
    SELECT state, count(*)::int FROM warehouse_waveorder
    WHERE state IN ('picking', 'to_pack', 'packing', 'repicking', 'returning')
      AND (%(warehouses)s::bigint[] IS NULL OR warehouse_id = ANY(%(warehouses)s::bigint[]))
    GROUP BY 1""",
    row=CountRow,
)


@dataclass(frozen=True, slots=True)
class BacklogRow:
    state: str
    bucket: str
    count: int


# How much work stands at each step, by how soon the platform wants it shipped.
BACKLOG = Statement(
    """
    SELECT state, CASE WHEN ship_by_at IS NULL THEN 'none'
                       WHEN ship_by_at <= %(now)s::timestamptz THEN 'overdue'
                       WHEN ship_by_at <= %(soon)s::timestamptz THEN 'soon'
                       WHEN ship_by_at <= %(tonight)s::timestamptz THEN 'today'
                       WHEN ship_by_at <= %(tomorrow)s::timestamptz THEN 'tomorrow'
                       ELSE 'later' END, count(*)::int
    FROM intake_order
    WHERE state IN ('released', 'picking', 'to_pack', 'packed')
      AND (%(warehouses)s::bigint[] IS NULL OR warehouse_id = ANY(%(warehouses)s::bigint[]))
    GROUP BY 1, 2""",
    row=BacklogRow,
)


@dataclass(frozen=True, slots=True)
class WaitingRow:
    warehouse_id: int
    count: int
    ship_by_at: datetime | None


WAITING_BY_WAREHOUSE = Statement(
    """
    SELECT o.warehouse_id, count(*)::int, min(o.ship_by_at) FROM intake_order AS o
    WHERE o.state = 'released'
      AND (%(warehouses)s::bigint[] IS NULL OR o.warehouse_id = ANY(%(warehouses)s::bigint[]))
    GROUP BY 1 ORDER BY 1""",
    row=WaitingRow,
)


@dataclass(frozen=True, slots=True)
class TodayRow:
    packed: int
    short: int
    failed: int


TODAY = Statement(
    """
    SELECT
        (SELECT count(*) FROM warehouse_waveorder WHERE closed_at >= %(since)s::timestamptz AND state = 'packed'
            AND (%(warehouses)s::bigint[] IS NULL OR warehouse_id = ANY(%(warehouses)s::bigint[])))::int,
        (SELECT coalesce(sum(missing), 0) FROM warehouse_pickline
         WHERE state = 'short' AND state_at >= %(since)s::timestamptz
            AND (%(warehouses)s::bigint[] IS NULL OR warehouse_id = ANY(%(warehouses)s::bigint[])))::int,
        (SELECT coalesce(sum(quantity), 0) FROM warehouse_quarantine WHERE failed_at >= %(since)s::timestamptz
            AND (%(warehouses)s::bigint[] IS NULL OR warehouse_id = ANY(%(warehouses)s::bigint[])))::int""",
    row=TodayRow,
)


@dataclass(frozen=True, slots=True)
class ChangeRow:
    occurred_at: datetime
    row_id: int
    was: str
    became: str
    actor_id: int
    command: str
    reason: str


CHANGES = Statement(
    """
    SELECT occurred_at, row_id, was, became, actor_id, command, reason FROM foundation_statechange
    WHERE table_name = %(table)s::text AND row_id = ANY(%(rows)s::bigint[]) ORDER BY id""",
    row=ChangeRow,
)
