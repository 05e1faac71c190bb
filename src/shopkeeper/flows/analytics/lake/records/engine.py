"""The lake's one engine: Ibis over DuckDB, reading only, each reader with its own view of one moment.

    with connect(viewer) as lake:
        orders = lake.table("orders", first, last)
        rows = lake.rows(orders.group_by("biz_date").agg(paid=orders.paid_minor.sum()))

`table` gives every row once, in its newest version, of the viewer's shops, and only rows that count; what cleaning
set aside comes with `with_set_aside=True`. A table of which nothing is written yet is empty, with the right types.
Times have no zone, money is whole minor units.
"""

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import duckdb
import ibis
import ibis.expr.types as ir
import pyarrow as pa

from shopkeeper.flows.analytics.lake.records.files import HOME, lake_folder
from shopkeeper.flows.analytics.lake.rules.tables import TABLES, Table
from shopkeeper.flows.analytics.lake.sql.manifest import VISIBLE, FileRow
from shopkeeper.foundation.actor import SYSTEM, Actor

MEMORY_LIMIT = "512MB"
THREADS = "2"
_SQL_TYPES = {
    "int64": "BIGINT",
    "string": "VARCHAR",
    "bool": "BOOLEAN",
    "date32": "DATE",
    "timestamp[s]": "TIMESTAMP",
    "timestamp[ms]": "TIMESTAMP",
}
_bases: dict[tuple[int, Path], duckdb.DuckDBPyConnection] = {}
_lock = threading.Lock()


def _base() -> duckdb.DuckDBPyConnection:
    """This process's engine: one memory limit for all its readers; it can read the lake's folder and nothing else."""
    folder = lake_folder().resolve()
    place = (os.getpid(), folder)
    with _lock:
        if place not in _bases:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            limits: dict[str, Any] = {
                "memory_limit": MEMORY_LIMIT,
                "threads": THREADS,
                "temp_directory": str(folder / ".spill"),
            }
            base = duckdb.connect(":memory:", config=limits)
            base.execute(f"SET allowed_directories = [{_quoted(str(folder) + '/')}]")
            base.execute("SET enable_external_access = false")
            base.execute("SET preserve_insertion_order = false")
            base.execute("SET enable_external_file_cache = false")  # a restored lake has old names with other rows
            _bases[place] = base
        return _bases[place].cursor()


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


class Lake:
    """The lake at one moment, as one viewer may see it. Not to be shared between threads."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, files: Sequence[FileRow], shops: frozenset[int] | None):
        self._cursor = cursor
        self._files = files
        self._shops = shops
        self._backend = ibis.duckdb.from_connection(cursor)
        self._numbers = count(1)

    def table(
        self,
        name: str,
        first: date | None = None,
        last: date | None = None,
        *,
        with_set_aside: bool = False,
        with_home: bool = False,
    ) -> ir.Table:
        """A table of rules/tables.py; `first` and `last` are days of `biz_date`, both included.

        Days given keep files of other days unopened.
        """
        table = TABLES[name]
        columns = [*table.columns, HOME] if with_home else list(table.columns)
        wanted = [f'"{column}"' for column in columns]
        where = self._conditions(table, first, last, with_set_aside)
        view = f"{name}_{next(self._numbers)}"
        source = _newest(table, self._names(name, first, last, merged=False), self._names(name, first, last))
        self._cursor.execute(f'CREATE TEMP VIEW "{view}" AS SELECT {", ".join(wanted)} FROM ({source}) WHERE {where}')
        return self._backend.table(view)

    def arrow(self, expression: ir.Table) -> pa.Table:
        """What an expression gives, as an Arrow table."""
        return expression.to_pyarrow()

    def rows(self, expression: ir.Table) -> list[dict[str, Any]]:
        """What an expression gives, as plain rows."""
        rows: list[dict[str, Any]] = self.arrow(expression).to_pylist()
        return rows

    def fresh_homes(self, name: str) -> list[date]:
        """The days that a table's fresh rows belong to."""
        fresh = self._names(name, None, None, merged=False)
        query = f'SELECT DISTINCT "{HOME}" FROM ({_read(TABLES[name], fresh)}) ORDER BY 1'
        return [row[0] for row in self._cursor.execute(query).fetchall()]

    def _names(self, name: str, first: date | None, last: date | None, *, merged: bool = True) -> list[str]:
        return [
            file.name
            for file in self._files
            if file.table == name
            and (file.home is not None) == merged
            # A fresh file is always read: it may say that a row has moved to another day.
            and not (merged and first and file.to_day < first)
            and not (merged and last and file.from_day > last)
        ]

    def _conditions(self, table: Table, first: date | None, last: date | None, with_set_aside: bool) -> str:
        conditions = ["true"]
        if first:
            conditions.append(f"biz_date >= DATE '{first.isoformat()}'")
        if last:
            conditions.append(f"biz_date <= DATE '{last.isoformat()}'")
        if "mark" in table.columns and not with_set_aside:
            conditions.append("mark = ''")
        if "shop_id" in table.columns and self._shops is not None:
            shops = ", ".join(map(str, sorted(self._shops))) or "NULL"
            conditions.append(f"(shop_id IS NULL OR shop_id IN ({shops}))")
        return " AND ".join(conditions)


def _newest(table: Table, fresh: Sequence[str], merged: Sequence[str]) -> str:
    """Every row once: the newest of the fresh ones, and of the merged ones those that no fresh one replaces."""
    key = ", ".join(f'"{column}"' for column in table.key)
    if not fresh or table.is_appended:
        return _read(table, [*fresh, *merged])
    newest = (
        f"SELECT * FROM ({_read(table, fresh)}) "
        f"QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY version DESC) = 1"
    )
    same = " AND ".join(f'f."{column}" = m."{column}"' for column in table.key)
    return (
        f"WITH fresh AS MATERIALIZED ({newest}) SELECT * FROM fresh UNION ALL BY NAME "
        f"SELECT * FROM ({_read(table, merged)}) AS m WHERE NOT EXISTS (SELECT 1 FROM fresh AS f WHERE {same})"
    )


def _read(table: Table, names: Sequence[str]) -> str:
    """These files, in the shape of today: a column added since is null in files that are older."""
    columns = {**table.columns, HOME: "date32"}
    shape = ", ".join(f'NULL::{_SQL_TYPES[kind]} AS "{name}"' for name, kind in columns.items())
    nothing = f"SELECT {shape} WHERE false"
    if not names:
        return nothing
    root = lake_folder().resolve()
    listed = ", ".join(_quoted(str(root / name)) for name in names)
    reading = f"SELECT * FROM read_parquet([{listed}], union_by_name = true, hive_partitioning = false)"
    return f"{nothing} UNION ALL BY NAME {reading}"


@contextmanager
def connect(viewer: Actor = SYSTEM) -> Iterator[Lake]:
    """Open the lake as it stands now. Files replaced meanwhile stay readable for hours."""
    cursor = _base()
    try:
        yield Lake(cursor, VISIBLE.rows(), viewer.shops)
    finally:
        cursor.close()
