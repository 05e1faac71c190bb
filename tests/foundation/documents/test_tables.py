"""Tables that people bring: encodings, workbooks, and files that try to be endless."""

import io
import zipfile

import pytest
import xlsxwriter

from shopkeeper.foundation.documents.tables import SheetOfText, TableRefused, encoding_of
from shopkeeper.foundation.files import FileKind
from shopkeeper.web.labels import refusal_text


def csv_table(text: str, encoding: str = "utf-8", **more: int) -> SheetOfText:
    return SheetOfText(io.BytesIO(text.encode(encoding)), FileKind.CSV, **more)


def workbook(rows: list[list[object]]) -> io.BytesIO:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    page = book.add_worksheet()
    for y, row in enumerate(rows):
        for x, cell in enumerate(row):
            page.write(y, x, cell)
    book.close()
    target.seek(0)
    return target


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_chinese_reads_in_every_encoding_of_the_trade(encoding: str) -> None:
    table = csv_table('关键词,搜索人气\n紫砂壶,"2,133"\n', encoding)
    assert table.heading == ["关键词", "搜索人气"]
    assert list(table) == [(2, ["紫砂壶", "2,133"])]


def test_a_sample_cut_within_a_letter_is_still_utf8() -> None:
    assert encoding_of("标题\n紫砂壶".encode()[:-1]) == "utf-8"


def test_tabs_quoted_ids_short_and_long_rows() -> None:
    table = csv_table('编码\t名称\n="00123"\t甲\t多\n\'456\n')
    assert list(table) == [(2, ["00123", "甲"]), (3, ["456", ""])]


def test_a_workbook_reads_as_text_and_a_formula_as_what_was_stored() -> None:
    table = SheetOfText(workbook([["编码", "数量"], ["A1", 3.0], ["A2", 0.5], ["=1+1", "=CMD()"]]), FileKind.XLSX)
    rows = list(table)
    assert rows[:2] == [(2, ["A1", "3"]), (3, ["A2", "0.5"])]
    assert all("CMD" not in cell for _, cells in rows for cell in cells)


def test_a_million_empty_rows_end_early() -> None:
    book = [["编码"], ["A1"], *[[""] for _ in range(1_500)], ["A2"]]
    assert list(csv_table("\n".join(",".join(map(str, row)) for row in book))) == [(2, ["A1"])]


def test_too_many_rows_and_no_rows_are_refused() -> None:
    with pytest.raises(TableRefused, match="table_too_long"):
        list(csv_table("编码\n1\n2\n3\n", most_rows=2))
    with pytest.raises(TableRefused, match="table_empty"):
        csv_table("\n\n")


def test_columns_are_found_under_any_of_their_names() -> None:
    table = csv_table("搜索词,人气\n紫砂壶,1\n")
    assert table.bind({"keyword": ("关键词", "搜索词"), "heat": ("人气",), "growth": ("增长",)}) == {
        "keyword": 0,
        "heat": 1,
    }
    with pytest.raises(TableRefused) as refusal:
        table.bind({"growth": ("增长幅度",)}, needed=("growth",))
    assert refusal.value.facts["missing"] == "增长幅度"


def test_a_quote_that_is_not_closed_swallows_nothing_in_silence() -> None:
    for text in ('编码,名称\nA1,"5 寸\nA2,乙\nA3,丙\n', "编码,名称\nA1,甲\nA2," + '"' + "x" * 140_000 + "\nA3,丙\n"):
        with pytest.raises(TableRefused, match="table_row_unreadable"):
            list(csv_table(text))


def test_semicolons_part_columns_too() -> None:
    assert list(csv_table("编码;名称\nA1;甲\n")) == [(2, ["A1", "甲"])]


def packed(sheet: str, name: str = "xl/worksheets/sheet1.xml") -> io.BytesIO:
    """A workbook around the XML of a sheet."""
    plain = workbook([["x"]])
    target = io.BytesIO()
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                new.writestr(name, sheet)
            else:
                new.writestr(part, content.replace(b"worksheets/sheet1.xml", name.removeprefix("xl/").encode()))
    target.seek(0)
    return target


with zipfile.ZipFile(workbook([["x"]])) as _plain:  # the name space of sheets, as our own writer knows it
    MAIN = _plain.read("xl/worksheets/sheet1.xml").decode().split('xmlns="')[1].split('"')[0]
FAR = (
    '<{p}row r="1"><{p}c r="A1"><{p}v>1</{p}v></{p}c></{p}row>'
    '<{p}row r="1048576"><{p}c r="XFD1048576"><{p}v>1</{p}v></{p}c></{p}row>'
)


@pytest.mark.parametrize(("prefix", "name"), [("", "xl/worksheets/sheet1.xml"), ("x:", "xl/worksheets/sheet1.xml"),
                                              ("", "xl/elsewhere/one.xml")])  # fmt: skip
def test_a_workbook_that_claims_the_moon_is_never_laid_out(prefix: str, name: str) -> None:
    spoken = f'xmlns:{prefix[:-1]}="{MAIN}"' if prefix else f'xmlns="{MAIN}"'
    data = f"<{prefix}sheetData>{FAR.format(p=prefix)}</{prefix}sheetData>"
    with pytest.raises(TableRefused, match="table_too_large"):
        SheetOfText(packed(f"<{prefix}worksheet {spoken}>{data}</{prefix}worksheet>", name), FileKind.XLSX)


def test_what_is_no_workbook_says_so() -> None:
    with pytest.raises(TableRefused, match="table_unreadable"):
        SheetOfText(io.BytesIO(b"PK\x03\x04 nothing"), FileKind.XLSX)


def test_every_refusal_has_words() -> None:
    for code in ("empty", "unreadable", "row_unreadable", "columns_missing", "too_long", "too_large"):
        assert "Refused" not in refusal_text(f"table_{code}").text("en")
