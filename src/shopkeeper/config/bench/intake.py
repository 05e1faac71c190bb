"""Orders per second through dedupe, SKU match, judgement, promise, events, deadlines and encryption.

The limit is COPY into a temporary table plus INSERT … SELECT of the same columns into tables with the same
indexes, fsync on, in the same run: what PostgreSQL alone does with this data on this machine.
"""

import time
from collections.abc import Sequence

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from shopkeeper.config.bench import goods
from shopkeeper.config.bench.result import Measured
from shopkeeper.flows.fulfilment.intake.commands.take_in_orders import take_in_orders
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import SYSTEM

BATCH = 1_000
ROUNDS = 12
PROMISED_RATE = 5_000
PROMISED_SHARE = 0.20
TABLES = ("intake_order", "intake_orderline", "intake_platformmessage")


def measure() -> Sequence[Measured]:
    """Median of the rounds, so that one checkpoint does not decide."""
    shop = goods.furnish()
    now = business_time.now()
    for _ in range(2):
        take_in_orders(SYSTEM, goods.orders(shop, BATCH, now))
    seconds = []
    for _ in range(ROUNDS):
        batch = goods.orders(shop, BATCH, now)
        started = time.perf_counter()
        outcomes = take_in_orders(SYSTEM, batch)
        seconds.append(time.perf_counter() - started)
        assert all(outcome.ok and not outcome.facts["holds"] for outcome in outcomes)
    rate = BATCH / _median(seconds)
    limit = BATCH / _bare_limit()
    counts = [_statements(shop, size) for size in (10, BATCH)]
    return [
        Measured(
            "intake",
            rate,
            "orders/s",
            limit,
            "COPY + INSERT…SELECT, same columns and indexes, fsync",
            rate >= PROMISED_RATE and rate >= PROMISED_SHARE * limit,
        ),
        Measured(
            "intake_statements",
            counts[1],
            "statements per batch of 1,000",
            counts[0],
            "statements per batch of 10",
            counts[0] == counts[1],
        ),
    ]


def _statements(shop: object, size: int) -> int:
    batch = goods.orders(shop, size, business_time.now())  # type: ignore[arg-type]
    with CaptureQueriesContext(connection) as queries:
        take_in_orders(SYSTEM, batch)
    return len(queries)


def _bare_limit() -> float:
    """Seconds per batch of 1,000 orders for the database alone, with rows as this run has just made them."""
    rows = {table: _rows_of(table) for table in TABLES}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"CREATE TEMP TABLE given_{table} AS SELECT * FROM {table} WITH NO DATA")
    seconds = []
    for _ in range(ROUNDS):
        with connection.cursor() as cursor:
            for table in TABLES:
                cursor.execute(f"TRUNCATE given_{table}")
        started = time.perf_counter()
        with transaction.atomic(), connection.cursor() as cursor:
            for table, (columns, data) in rows.items():
                with cursor.copy(f"COPY given_{table} ({columns}) FROM STDIN") as copy:
                    copy.write(data)
            _insert(cursor, rows)
        seconds.append(time.perf_counter() - started)
    return _median(seconds)


def _insert(cursor: object, rows: dict[str, tuple[str, bytes]]) -> None:
    """Insert under new ids and numbers, so that every unique index does its work."""
    execute = cursor.execute  # type: ignore[attr-defined]
    execute("SELECT nextval('intake_order_id_seq'), nextval('intake_orderline_id_seq')")
    shift, line_shift = cursor.fetchone()  # type: ignore[attr-defined]
    execute("SELECT setval('intake_order_id_seq', %s), setval('intake_orderline_id_seq', %s)", [
        shift + 10 * BATCH, line_shift + 20 * BATCH])  # fmt: skip
    order = rows["intake_order"][0]
    execute(f"WITH base AS (SELECT min(id) AS low FROM given_intake_order) INSERT INTO intake_order ({order}) SELECT "
            + order.replace("id,", f"id - low + {shift} + 1,", 1).replace(
                "platform_no", f"'L{shift}-' || platform_no", 1)
            + " FROM given_intake_order, base")  # fmt: skip
    line = rows["intake_orderline"][0]
    renamed = {"id": f"id - low + {line_shift} + 1", "order_id": f"order_id - orders + {shift} + 1"}
    execute(
        "WITH base AS (SELECT (SELECT min(id) FROM given_intake_orderline) AS low, "
        f"(SELECT min(id) FROM given_intake_order) AS orders) INSERT INTO intake_orderline ({line}) SELECT "
        + ", ".join(renamed.get(column, column) for column in line.split(", "))
        + " FROM given_intake_orderline, base"
    )
    message = rows["intake_platformmessage"][0]
    execute(f"INSERT INTO intake_platformmessage ({message}) SELECT {message} FROM given_intake_platformmessage")


def _rows_of(table: str) -> tuple[str, bytes]:
    """The newest batch's rows of a table, as COPY data."""
    key = "id" if table == "intake_order" else "order_id"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(attname, ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = %s::regclass "
            "AND attnum > 0 AND NOT attisdropped AND (attidentity = '' OR attname <> 'id' OR %s)",
            [table, table != "intake_platformmessage"],
        )
        columns = cursor.fetchone()[0]
        query = (
            f"COPY (SELECT {columns} FROM {table} WHERE {key} IN "
            f"(SELECT id FROM intake_order ORDER BY id DESC LIMIT {BATCH})) TO STDOUT"
        )
        with cursor.copy(query) as copy:
            return columns, b"".join(bytes(chunk) for chunk in copy)


def _median(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2]
