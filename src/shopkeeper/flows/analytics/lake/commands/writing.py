"""One write into the lake: rows become files, files are listed. Shared by the commands of D1.

The watermark's lock makes writes follow one another; its number is the batch of the files and the version of the rows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import pyarrow as pa

from shopkeeper.flows.analytics.lake.queries.rows import Row
from shopkeeper.flows.analytics.lake.records import files
from shopkeeper.flows.analytics.lake.rules.tables import TABLES
from shopkeeper.flows.analytics.lake.sql import manifest as sql
from shopkeeper.foundation.commands import Step
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.clock import machine_now


@dataclass(slots=True)
class Batch:
    """A write at work: its number, and the files that lie in their places but are not listed yet."""

    step: Step
    was: sql.WatermarkRow
    written: list[files.Written] = field(default_factory=list)

    @property
    def number(self) -> int:
        return self.was.batch + 1

    @property
    def row_count(self) -> int:
        return sum(file.row_count for file in self.written)

    def put(self, rows: Mapping[str, Sequence[Row]]) -> None:
        """Write rows of some tables, one fresh file each."""
        for name, own in rows.items():
            if own:
                table = TABLES[name]
                self._write(name, files.as_arrow(table, own), None)

    def merge(self, name: str, content: pa.Table, home: date) -> None:
        """Write the one file of a table's day."""
        self._write(name, content, home)

    def _write(self, name: str, content: pa.Table, home: date | None) -> None:
        part = sum(file.table == name and file.home == home for file in self.written)
        self.written.append(files.write(TABLES[name], content, self.number, part=part, home=home))

    def list_files(self, instead_of: Sequence[str] = ()) -> None:
        """List what was written; what it replaces is read by nobody new from this commit on."""
        if instead_of:
            sql.REPLACE.run(names=list(instead_of), machine_now=machine_now())
        if self.written:
            sql.ADD.run(batch=self.number, now=self.step.now, files=as_json(self.written))


def begin(step: Step) -> Batch:
    """Take the lake's lock and the next number."""
    was = sql.LOCK.first()
    if was is None:
        sql.MAKE.run()
        was = sql.LOCK.first()
    assert was is not None
    return Batch(step, was)
