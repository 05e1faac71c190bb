"""The failure sheet: one row a failure, in both languages, opening right in Excel."""

import csv
import io

import pytest
import python_calamine

from shopkeeper.flows.fulfilment.intake.profiles import FailureSheet, ImportRow, Problem
from shopkeeper.shared.words import T, speaking

BAD = ImportRow("o.csv:3", 3, "390000000000000001", problem=Problem("bad_amount", "总金额", "=1+1"))
REFUSED = ImportRow("o.csv:4", 4, "2")
FAILURES = [
    FailureSheet.of_row(BAD),
    FailureSheet.of_refusal(REFUSED, "shop_closed", T("店铺已停用", "The shop is closed")),
]


@pytest.mark.clause("O1.1")
def test_the_sheet_says_where_which_and_why_in_both_languages() -> None:
    target = io.BytesIO()
    assert FailureSheet(FAILURES).write_xlsx(target) == 2
    rows = (
        python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(target.getvalue())).get_sheet_by_index(0).to_python()
    )
    assert rows[1][:5] == ["o.csv:3", "390000000000000001", "总金额", "=1+1", "bad_amount"]
    assert "不是金额" in str(rows[1][5])
    assert "not an amount" in str(rows[1][6])
    assert rows[2][4:] == ["shop_closed", "店铺已停用", "The shop is closed"]


def test_as_csv_it_keeps_digits_and_does_not_compute() -> None:
    with speaking("en"):
        content = b"".join(FailureSheet(FAILURES).csv())
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows[0][0] == "Where"
    assert rows[1][1] == "390000000000000001\t"
    assert rows[1][3] == "'=1+1"


def test_only_a_failure_can_be_listed() -> None:
    with pytest.raises(ValueError, match="no problem"):
        FailureSheet.of_row(REFUSED)
