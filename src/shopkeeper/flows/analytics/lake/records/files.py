"""Parquet files of the lake: written whole or not at all, and known by the list of files only.

A file is written beside its place, flushed, renamed, and its folder flushed, before the transaction commits that
lists it. Killed in between, the run is repeated under the same number; what it left is listed nowhere and removed.
"""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.conf import settings

from shopkeeper.flows.analytics.lake.rules.tables import Table

HOME = "_home"  # the day whose file keeps the row for ever, however often its biz_date changes
_TYPES: dict[str, pa.DataType] = {
    "int64": pa.int64(),
    "string": pa.string(),
    "bool": pa.bool_(),
    "date32": pa.date32(),
    "timestamp[s]": pa.timestamp("s"),
    "timestamp[ms]": pa.timestamp("ms"),
}


@dataclass(frozen=True, slots=True)
class Written:
    """A file that lies in its place; it counts once it is listed."""

    table: str
    name: str
    home: date | None
    from_day: date
    to_day: date
    row_count: int
    byte_count: int


def lake_folder() -> Path:
    return Path(settings.SHOPKEEPER_VAR) / "lake"


def schema_of(table: Table) -> pa.Schema:
    """The table's columns as Arrow types, and the row's home."""
    return pa.schema([(name, _TYPES[kind]) for name, kind in {**table.columns, HOME: "date32"}.items()])


def as_arrow(table: Table, rows: Sequence[dict[str, Any]]) -> pa.Table:
    """Rows as an Arrow table; a column no row has is null throughout."""
    schema = schema_of(table)
    columns = [pa.array([row.get(field.name) for row in rows], field.type) for field in schema]
    return pa.Table.from_arrays(columns, schema=schema)


def write(table: Table, content: pa.Table, batch: int, *, part: int = 0, home: date | None = None) -> Written:
    """Write one file; the same batch again replaces what a killed run left under that name."""
    name = f"{table.name}/{f'day={home.isoformat()}' if home else 'fresh'}/{batch:012d}-{part:04d}.parquet"
    target = lake_folder() / name
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = target.with_suffix(f".{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as file:
            pq.write_table(content, file, compression="zstd", write_statistics=True)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, target)
        _flush_folder(target.parent)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    spanned = pc.min_max(content.column("biz_date")).as_py()
    size = target.stat().st_size
    return Written(table.name, name, home, spanned["min"], spanned["max"], content.num_rows, size)


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove(names: Iterable[str]) -> int:
    """Remove files that are listed no more; return how many were there."""
    removed = 0
    for name in names:
        place = lake_folder() / name
        removed += place.exists()
        place.unlink(missing_ok=True)
    return removed


def unlisted(known: set[str], older_than_s: float, now_s: float) -> list[str]:
    """Files that no list names and that nobody has touched for a while: what killed runs left behind."""
    root = lake_folder()
    found = []
    for path in root.glob("*/*/*"):
        name = path.relative_to(root).as_posix()
        if name not in known and now_s - path.stat().st_mtime > older_than_s:
            found.append(name)
    return sorted(found)
