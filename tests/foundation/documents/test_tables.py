"""Tables that people bring: encodings, workbooks, and files that try to be endless."""

import io

import pytest
import xlsxwriter

from shopkeeper.foundation.documents.tables import SheetOfText, TableRefused, encoding_of
from shopkeeper.foundation.files import FileKind


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
