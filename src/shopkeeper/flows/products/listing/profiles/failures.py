"""What an import did not take, and what is still to mend, as a sheet: where, which, why, in both languages."""

from collections.abc import Iterable
from typing import BinaryIO

from shopkeeper.foundation.documents.xlsx import Column, write_xlsx
from shopkeeper.shared.words import T

FAILURE_COLUMNS = (
    Column(T("结果", "Result"), width=12),
    Column(T("行", "Row"), "integer", width=8),
    Column(T("商品编码", "Product code"), "id"),
    Column(T("列", "Column"), width=20),
    Column(T("值", "Value"), width=24),
    Column(T("代码", "Code"), width=24),
    Column(T("原因（中文）", "Reason (Chinese)"), width=60),
    Column(T("原因（英文）", "Reason (English)"), width=60),
)
Failure = tuple[T, int, str, str, str, str, str, str]


def write_failures(target: BinaryIO, failures: Iterable[Failure]) -> int:
    return write_xlsx(target, FAILURE_COLUMNS, failures, sheet=str(T("未导入与待完善", "Not taken, and to mend")))
