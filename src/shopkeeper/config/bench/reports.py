"""D2: the daily report over ten million events and a million orders, beside the same figures in hand-written SQL.

Everything lies in Parquet files of a day each, as the lake keeps it; both sides read the same files with the same
engine under the limits it has in service, in the same run, the better of two tries each.
"""

import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import ibis

from shopkeeper.config.bench.result import Measured
from shopkeeper.flows.analytics.lake.records.engine import MEMORY_LIMIT, THREADS
from shopkeeper.flows.analytics.lake.rules.tables import TABLES
from shopkeeper.flows.analytics.reports.rules.counting import Counter
from shopkeeper.flows.analytics.reports.rules.snapshot import MAKERS, Asked, measures_of
from shopkeeper.flows.analytics.reports.rules.sources import LONGEST_WAY
from shopkeeper.flows.analytics.reports.rules.spans import Span, span_of
from shopkeeper.flows.analytics.reports.states import ReportPeriod

EVENTS, ORDERS, DAYS = 10_000_000, 1_000_000, 90
LAST = date(2026, 6, 7)
FIRST = LAST - timedelta(days=DAYS - 1)
MONTH = Span(LAST - timedelta(days=29), LAST)
DAILY_S, MONTHLY_S, SLOWER_MAX = 5.0, 20.0, 2.0
_TYPES = {
    "int64": "BIGINT", "string": "VARCHAR", "bool": "BOOLEAN", "date32": "DATE",
    "timestamp[s]": "TIMESTAMP_S", "timestamp[ms]": "TIMESTAMP_MS",
}  # fmt: skip
_DAY = f"DATE '{FIRST}' + CAST(i % {DAYS} AS INTEGER)"
_SHARED = "i % 5 + 1 AS shop_id, 1 AS version, CASE WHEN i % 97 = 0 THEN 'test_order' ELSE '' END AS mark"
_MADE = {
    "orders": f"""SELECT {_DAY} AS biz_date, {_SHARED}, i AS order_id, 'taobao' AS platform, 'T' || i AS order_no,
        'b' || hash(i) % 300000 AS buyer, 'signed' AS state, ({_DAY}) + to_seconds(i * 7919 % 86400) AS placed_at,
        ({_DAY}) + to_seconds(i * 7919 % 86400) AS paid_at, 100 + hash(i) % 40000 AS paid_minor,
        100 + hash(i) % 40000 AS goods_minor, 0 AS discount_minor, 0 AS freight_minor, 2 AS pieces
        FROM range({ORDERS}) AS r (i)""",
    "order_lines": f"""SELECT {_DAY} AS biz_date, {_SHARED}, i AS order_id, 2 * i + n AS line_id,
        hash(i + n) % 5000 AS sku_id, 'S' || hash(i + n) % 5000 AS sku_code, 'c' || hash(i + n) % 40 AS category,
        1 AS pieces, 50 + hash(i) % 20000 AS paid_minor, 30 + hash(i) % 10000 AS cost_minor
        FROM range({ORDERS}) AS r (i), range(2) AS q (n)""",
    "refunds": f"""SELECT {_DAY} AS biz_date, {_SHARED}, i AS order_id, 'R' || i AS reference, 'b' AS buyer,
        50 AS refund_minor, 'size' AS reason, i % 2 = 0 AS is_returned
        FROM range({ORDERS}) AS r (i) WHERE i % 20 = 0""",
    "parcels": f"""SELECT {_DAY} AS biz_date, {_SHARED}, i AS parcel_id, i AS order_id, 'SF' AS courier,
        1 AS warehouse_id, 'signed' AS state, ({_DAY})::TIMESTAMP AS opened_at,
        ({_DAY}) + INTERVAL 20 HOUR AS ship_by, ({_DAY}) + to_hours(8 + i % 14) AS handed_over_at,
        ({_DAY}) + INTERVAL 60 HOUR AS signed_at FROM range({ORDERS}) AS r (i)""",
    "traffic": f"""SELECT {_DAY} AS biz_date, {_SHARED}, 'e' || i AS event_id,
        ['exposure', 'click', 'view', 'view', 'cart', 'order'][1 + CAST(hash(i) % 6 AS INTEGER)] AS kind,
        'v' || hash(i // {DAYS} // 6) % 400000 AS visitor, 's' || i % {DAYS} || '-' || i // {DAYS} // 6 AS session,
        ['search', 'recommendation', 'paid', 'direct'][1 + CAST(hash(i // {DAYS} // 6) % 4 AS INTEGER)] AS channel,
        '/' AS page,
        ({_DAY}) + to_milliseconds(i * 7919 % 86400000) AS at, hash(i) % 60000 AS stay_ms
        FROM range({EVENTS}) AS r (i)""",
}


def measure() -> Sequence[Measured]:
    """Seconds of a daily and of a monthly report; how much slower the sources are than SQL written by hand."""
    with tempfile.TemporaryDirectory(prefix="sk-bench-lake-") as folder, _engine(Path(folder)) as engine:
        _make(engine, Path(folder))
        tables = _tables(engine, Path(folder))
        daily = _best(lambda: _report(tables, ReportPeriod.DAY, LAST))
        monthly = _best(lambda: _report(tables, ReportPeriod.MONTH, LAST.replace(day=1) - timedelta(days=31)), 1)
        pairs = {name: _compared(engine, tables, Path(folder), name) for name in BY_HAND}
    ours, by_hand = (sum(pair[n] for pair in pairs.values()) for n in (0, 1))
    worst = max(pairs, key=lambda name: pairs[name][0] / pairs[name][1])
    ratio = pairs[worst][0] / pairs[worst][1]
    return [
        Measured("report_daily", daily, "s", DAILY_S, "s promised", daily <= DAILY_S),
        Measured("report_monthly", monthly, "s", MONTHLY_S, "s promised", monthly <= MONTHLY_S),
        Measured("report_sources", ours, "s for all sources", by_hand, "s by hand", ours <= SLOWER_MAX * by_hand),
        Measured(f"report_{worst}", ratio, "times as long as by hand", SLOWER_MAX, "promised", ratio <= SLOWER_MAX),
    ]


@contextmanager
def _engine(folder: Path) -> Any:
    limits: dict[str, Any] = {
        "memory_limit": MEMORY_LIMIT, "threads": THREADS, "temp_directory": str(folder / "spill"),
    }  # fmt: skip
    engine = duckdb.connect(":memory:", config=limits)
    engine.execute("SET enable_progress_bar = false")
    try:
        yield engine
    finally:
        engine.close()


def _make(engine: Any, folder: Path) -> None:
    """Every table in files of a day; those nothing is made for are empty, with the right columns."""
    for name, table in TABLES.items():
        made = _MADE.get(name)
        have = engine.execute(f"DESCRIBE {made}").fetchall() if made else []
        given = {row[0] for row in have}
        columns = ", ".join(
            f"CAST({_named(column) if column in given else 'NULL'} AS {_TYPES[kind]}) AS {_named(column)}"
            for column, kind in table.columns.items()
        )
        source = f"({made})" if made else "(SELECT 1) WHERE false"
        target = folder / name
        engine.execute(
            f"COPY (SELECT {columns} FROM {source}) TO '{target}' (FORMAT parquet, PARTITION_BY (biz_date), "
            "WRITE_PARTITION_COLUMNS true)"
        )
        if not made:
            target.mkdir(exist_ok=True)
            engine.execute(f"COPY (SELECT {columns} FROM {source}) TO '{target}/nothing.parquet' (FORMAT parquet)")


def _named(column: str) -> str:
    return f'"{column}"'


def _files(folder: Path, name: str, span: Span) -> str:
    """The files of these days, as the lake's list of files gives them."""
    wanted = [f"{folder}/{name}/biz_date={day}/data_0.parquet" for day in span.each()]
    there = [file for file in wanted if Path(file).exists()] or sorted(map(str, (folder / name).rglob("*.parquet")))[:1]
    listed = ", ".join(f"'{file}'" for file in there)
    days = f"biz_date BETWEEN DATE '{span.first}' AND DATE '{span.last}'"
    return f"(SELECT * FROM read_parquet([{listed}], hive_partitioning = false) WHERE {days})"


def _tables(engine: Any, folder: Path) -> Any:
    backend = ibis.duckdb.from_connection(engine)
    known: dict[tuple[Any, ...], Any] = {}

    def table(name: str, first: date, last: date, *, with_set_aside: bool = False) -> Any:
        key = (name, first, last, with_set_aside)
        if key not in known:
            valid = " WHERE mark = ''" if "mark" in TABLES[name].columns and not with_set_aside else ""
            view = f"view_{len(known)}"
            engine.execute(f"CREATE TEMP VIEW {view} AS SELECT * FROM {_files(folder, name, Span(first, last))}{valid}")
            known[key] = backend.table(view)
        return known[key]

    return table


def _report(tables: Any, period: ReportPeriod, first: date) -> None:
    asked = Asked(Counter(tables), period, span_of(period, first))
    for make in MAKERS.values():
        make(asked)


# The same measures of the last thirty days, as one would write them by hand.
BY_HAND = {
    "orders": "SELECT sum(paid_minor), count(*), count(DISTINCT nullif(buyer, '')), sum(pieces) FROM {orders} "
    "WHERE mark = '' AND paid_at IS NOT NULL",
    "lines": "SELECT sum(l.paid_minor), sum(l.pieces), sum(CASE WHEN l.cost_minor > 0 THEN l.paid_minor END), "
    "sum(CASE WHEN l.cost_minor > 0 THEN l.cost_minor END) FROM {order_lines} AS l WHERE l.mark = '' AND EXISTS "
    "(SELECT 1 FROM {orders} AS o WHERE o.order_id = l.order_id AND o.mark = '' AND o.paid_at IS NOT NULL)",
    "visitors": "SELECT sum(e), sum(c), sum(v), count(*) FILTER (e > 0), count(*) FILTER (c > 0), "
    "count(*) FILTER (v > 0), count(*) FILTER (k > 0), count(*) FILTER (o > 0), sum(s), count(*) FILTER (n > 0) FROM "
    "(SELECT visitor, count(*) FILTER (kind = 'exposure') AS e, count(*) FILTER (kind = 'click') AS c, "
    "count(*) FILTER (kind = 'view') AS v, count(*) FILTER (kind = 'cart') AS k, "
    "count(*) FILTER (kind = 'order') AS o, "
    "sum(stay_ms) FILTER (kind = 'view') AS s, count(stay_ms) FILTER (kind = 'view') AS n "
    "FROM {traffic} WHERE mark = '' GROUP BY visitor)",
    "visits": "SELECT count(*), sum(v), count(*) FILTER (v = 1) FROM (SELECT shop_id, biz_date, session, "
    "count(*) FILTER (kind = 'view') AS v, "
    """arg_max(channel, "at") FILTER (channel NOT IN ('direct', '')) AS c """
    "FROM {traffic} WHERE mark = '' GROUP BY 1, 2, 3) WHERE v > 0",
    "shipments": "SELECT count(*), count(*) FILTER (handed_over_at <= ship_by) FROM {parcels} "
    f"WHERE mark = '' AND state <> 'cancelled' AND CAST(ship_by AS DATE) BETWEEN '{MONTH.first}' AND '{MONTH.last}'",
}


def _compared(engine: Any, tables: Any, folder: Path, source: str) -> tuple[float, float]:
    """Seconds of a source's measures over a month: through the register, and by hand."""
    names = measures_of(source)
    # A parcel lies on the day it left, and is asked for by the day it was promised: both look around as far.
    around = Span(MONTH.first - LONGEST_WAY, MONTH.last + LONGEST_WAY)
    spans = {name: around if name == "parcels" else MONTH for name in TABLES}
    text = BY_HAND[source].format(**{name: _files(folder, name, span) for name, span in spans.items()})
    ours = _best(lambda: Counter(tables).totals(MONTH, names))
    return ours, _best(lambda: engine.execute(text).fetchall())


def _best(work: Callable[[], object], tries: int = 2) -> float:
    seconds = []
    for _ in range(tries):
        started = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - started)
    return min(seconds)
