"""D1.1: orders a second from PostgreSQL into the lake's files, beside Parquet alone; and how soon the lake has them.

Ours is the whole command: the log is read, facts are read, cleaned, shaped, written, flushed, listed. The limit writes
the very same rows with pyarrow alone into files of the same tables, flushed too: no database, no shaping.
"""

import os
import time
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

import pyarrow as pa
import pyarrow.parquet as pq

from shopkeeper.config.bench import goods
from shopkeeper.config.bench.result import Measured
from shopkeeper.flows.analytics.lake.commands.tidy_lake import TidyLake, tidy_lake
from shopkeeper.flows.analytics.lake.commands.write_lake import WriteLake, write_lake
from shopkeeper.flows.analytics.lake.records.engine import connect
from shopkeeper.flows.analytics.lake.records.files import lake_folder
from shopkeeper.flows.fulfilment.intake.commands.take_in_orders import take_in_orders
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import SYSTEM

ORDERS = 5_000
PIECE = 1_000
PROMISED_ROWS = 5_000
PROMISED_OPEN_MS = 100.0
TABLES = ("orders", "order_lines", "refunds", "events")


def measure() -> Sequence[Measured]:
    """Rows a second; the longest transaction; how soon the first answer comes; milliseconds to open and count a day."""
    shop = goods.furnish()
    now = business_time.now()
    while write_lake.one(SYSTEM, WriteLake()).changed:  # what was measured before is nobody's lag
        pass
    for start in range(0, ORDERS, PIECE):
        placed = now - timedelta(minutes=start)
        outcomes = take_in_orders(SYSTEM, goods.orders(shop, PIECE, placed))
        assert all(outcome.ok for outcome in outcomes)
    started = time.perf_counter()
    pieces = [started]
    rows = 0
    while (outcome := write_lake.one(SYSTEM, WriteLake())).changed:
        rows += outcome.facts["rows"]
        pieces.append(time.perf_counter())
    seconds = time.perf_counter() - started
    with connect() as lake:
        written = [lake.arrow(lake.table(name, with_set_aside=True)) for name in TABLES]
    seen = time.perf_counter() - started
    limit = sum(table.num_rows for table in written) / _bare(written)
    tidy_lake(SYSTEM, [TidyLake()])
    opened = min(_open() for _ in range(5))
    rate = rows / seconds
    longest = max(end - begin for begin, end in pairwise(pieces))
    return [
        Measured("lake", rate, "rows/s into Parquet", limit, "pyarrow alone, same rows", rate >= PROMISED_ROWS),
        Measured("lake_piece", longest * 1000, "ms of the longest write", 1_000, "ms promised", longest < 1),
        Measured("lake_lag", seen * 1000, f"ms for {ORDERS} orders", 10_000, "ms promised", seen < 10),
        Measured("lake_open", opened, "ms to open and sum", PROMISED_OPEN_MS, "ms promised", opened < PROMISED_OPEN_MS),
    ]


def _bare(tables: Sequence[pa.Table]) -> float:
    """Seconds in which pyarrow writes these tables, each flushed to disk."""
    folder = lake_folder() / "bench" / "bare"
    folder.mkdir(parents=True, exist_ok=True)
    started = time.perf_counter()
    for n, table in enumerate(tables):
        with (folder / f"{n}.parquet").open("wb") as file:
            pq.write_table(table, file, compression="zstd")
            file.flush()
            os.fsync(file.fileno())
    return time.perf_counter() - started


def _open() -> float:
    """Milliseconds to open the lake and sum up what was paid."""
    started = time.perf_counter()
    with connect() as lake:
        orders = lake.table("orders")
        lake.rows(orders.group_by("biz_date").agg(paid=orders.paid_minor.sum()))
    return (time.perf_counter() - started) * 1000
