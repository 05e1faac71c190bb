"""Sheets open right in Excel: numbers whole, Chinese wide enough, nothing that came from outside computes."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime

import pytest
import python_calamine

from shopkeeper.foundation.documents import xlsx
from shopkeeper.foundation.documents.xlsx import Cell, Column, csv_chunks, write_xlsx
from shopkeeper.shared.words import T, speaking

COLUMNS = [
    Column(T("订单编号", "Order no."), "id"),
    Column(T("买家留言", "Remark")),
    Column(T("实付", "Paid"), "money"),
    Column(T("件数", "Pieces"), "integer"),
    Column(T("付款时间", "Paid at"), "moment"),
    Column(T("到货", "Received"), "date"),
]
MOMENT = datetime(2026, 11, 23, 6, 5, tzinfo=UTC)
ROW: list[Cell] = ["390000000000000123456", "请包好", 12_345, 3, MOMENT, date(2026, 11, 1)]
ATTACKS = ['=HYPERLINK("x")', "+1+1", "-2+3", "@SUM(A1)", "\t=1", "＝1"]


def sheet(rows: list[list[Cell]]) -> tuple[bytes, list[list[object]]]:
    target = io.BytesIO()
    assert write_xlsx(target, COLUMNS, rows, sheet="订单[1]") == len(rows)
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(target.getvalue()))
    return target.getvalue(), book.get_sheet_by_index(0).to_python()


def test_values_come_back_as_what_they_are() -> None:
    _, rows = sheet([ROW])
    assert rows[0] == ["订单编号", "买家留言", "实付", "件数", "付款时间", "到货"]
    assert rows[1] == [
        "390000000000000123456",
        "请包好",
        123.45,
        3.0,
        datetime(2026, 11, 23, 14, 5),  # noqa: DTZ001 - as the sheet shows it
        date(2026, 11, 1),
    ]


def test_the_heading_speaks_the_active_language_is_frozen_and_wide_enough() -> None:
    with speaking("en"):
        _, rows = sheet([])
    assert rows[0][0] == "Order no."
    content, _ = sheet([ROW])
    page = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    assert 'state="frozen"' in page
    assert 'width="20.7' in page


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_cell_becomes_a_formula(attack: str) -> None:
    content, rows = sheet([[attack, attack, 1, 1, None, None]])
    page = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in page
    assert str(rows[1][1]).strip() == attack.strip()
    written = list(csv.reader(io.StringIO(b"".join(csv_chunks(COLUMNS, [[attack] * 2 + [1, 1, None, None]])).decode())))
    assert written[1][1].startswith("'")


def test_characters_no_sheet_can_hold_are_left_out() -> None:
    _, rows = sheet([["1", "a\x07b\ud800c" + "长" * 40_000, 0, 0, None, None]])
    assert str(rows[1][1]).startswith("abc长")
    assert len(str(rows[1][1])) == xlsx.LONGEST_CELL


def test_a_table_longer_than_a_sheet_goes_on_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "LAST_ROW", 3)
    target = io.BytesIO()
    write_xlsx(target, COLUMNS[:1], [[str(n)] for n in range(5)])
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(target.getvalue()))
    assert [len(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names] == [3, 3, 2]


def test_csv_opens_in_excel_with_every_digit() -> None:
    content = b"".join(csv_chunks(COLUMNS, [ROW, ["00123", 'a"b,c\n', None, None, None, None]], per_chunk=1))
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert rows[1] == [
        "390000000000000123456\t",
        "请包好",
        "123.45",
        "3",
        "2026-11-23 14:05:00",
        "2026-11-01",
    ]
    assert rows[2][:2] == ["00123\t", 'a"b,c\n']
