"""The orders of a file that were not taken, as a sheet to correct: where, which, why, in both languages."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from shopkeeper.flows.fulfilment.intake.profiles.rows import ImportRow
from shopkeeper.foundation.documents.xlsx import Column, csv_chunks, write_xlsx
from shopkeeper.shared.words import T

COLUMNS = (
    Column(T("位置", "Where"), width=30),
    Column(T("订单号", "Order no."), "id", width=26),
    Column(T("列", "Column"), width=18),
    Column(T("值", "Value"), width=24),
    Column(T("代码", "Code"), width=20),
    Column(T("原因（中文）", "Reason (Chinese)"), width=60),
    Column(T("原因（英文）", "Reason (English)"), width=70),
)

Failure = tuple[str, str, str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class FailureSheet:
    """Failures as they come (`of_row`, `of_refusal`); written once, streaming."""

    failures: Iterable[Failure]

    @staticmethod
    def of_row(row: ImportRow) -> Failure:
        """A row whose problem the reader found."""
        if row.problem is None:
            raise ValueError("the row has no problem")
        said = row.problem.words()
        return (
            row.ref,
            row.platform_no,
            row.problem.column,
            row.problem.value,
            row.problem.code,
            said.text("zh"),
            said.text("en"),
        )

    @staticmethod
    def of_refusal(row: ImportRow, code: str, said: T) -> Failure:
        """A row that could be read but was refused by the intake command."""
        return (row.ref, row.platform_no, "", "", code, said.text("zh"), said.text("en"))

    def write_xlsx(self, target: BinaryIO) -> int:
        """Write the sheet and return the number of failures in it."""
        return write_xlsx(target, COLUMNS, self.failures, sheet=str(T("未导入的订单", "Orders not taken")))

    def csv(self) -> Iterator[bytes]:
        """The same as CSV with BOM, in chunks."""
        return csv_chunks(COLUMNS, self.failures)
