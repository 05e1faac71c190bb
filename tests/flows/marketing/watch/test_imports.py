"""Tables of traffic as people and platforms write them: text numbers, hours in many forms, named problems."""

import io
from datetime import UTC, date, datetime

import pytest

from shopkeeper.flows.marketing.watch.imports import read_pasted, read_table
from shopkeeper.flows.marketing.watch.rules.reading import HourWrong, read_day, read_hour
from shopkeeper.foundation.documents.tables import TableRefused
from shopkeeper.foundation.documents.xlsx import Column, write_xlsx
from shopkeeper.foundation.files import FileKind
from shopkeeper.shared.clock import SHOP_ZONE

pytestmark = pytest.mark.clause("M3.1")
DAY = date(2026, 6, 18)
TEN = datetime(2026, 6, 18, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "10", "10:00", "10:00:00", "10点", "10:00-11:00", "10:00~10:59", "2026-06-18 10:00", "2026/6/18 10:00:00",
        "2026-06-18 10", "2026年6月18日 10点", "2026-06-18T10:00",
    ],
)  # fmt: skip
def test_an_hour_is_read_as_people_write_it(text: str) -> None:
    assert read_hour(text, DAY, SHOP_ZONE) == TEN


@pytest.mark.parametrize(
    "text", ["", "早上", "10:30", "24", "25:00", "2026-13-01 10:00", "10:00 pm", "0001-01-01 00:00"]
)
def test_what_is_no_whole_hour_is_named(text: str) -> None:
    with pytest.raises(HourWrong):
        read_hour(text, DAY, SHOP_ZONE)


def test_a_day_is_read_in_three_forms() -> None:
    assert {read_day(text) for text in ("2026-06-18", "2026/6/18", "20260618")} == {DAY}
    with pytest.raises(HourWrong):
        read_day("六月")


def test_text_numbers_are_understood_and_rates_are_worked_out_again() -> None:
    found = read_pasted('时间,曝光,点击,点击率,访客\n10,"21,330",96,0.45%,"2,133"\n11,-,-,-,900\n', DAY, SHOP_ZONE)
    assert [(line.visitors, line.exposures, line.clicks) for line in found.lines] == [
        (2_133, 21_330, 96),
        (900, None, None),
    ]
    assert not found.doubts
    doubted = read_pasted("时间,曝光,点击,点击率,访客\n10,1000,100,12%,90\n", DAY, SHOP_ZONE)
    assert "10.00%" in doubted.doubts[0].zh


def test_a_day_column_goes_before_the_day_chosen() -> None:
    found = read_pasted("日期,小时,访客\n2026-06-17,10,5\n,10,6\n", DAY, SHOP_ZONE)
    assert [(line.hour.day, line.visitors) for line in found.lines] == [(17, 5), (18, 6)]


def test_lines_that_cannot_be_are_named_and_left_out() -> None:
    found = read_pasted("小时,访客\n10,abc\n11,\n12,-5\n13,7\n", DAY, SHOP_ZONE)
    assert (len(found.lines), found.rejected) == (1, 3)
    assert [problem.zh for problem in found.problems] == [
        "第 2 行：读不懂数字“abc”", "第 3 行：没有访客数", "第 4 行：数字不能为负",
    ]  # fmt: skip


def test_a_table_without_our_columns_is_refused() -> None:
    with pytest.raises(TableRefused):
        read_pasted("商品,价格\nA,1\n", DAY, SHOP_ZONE)


def test_a_workbook_reads_as_a_table_does() -> None:
    target = io.BytesIO()
    write_xlsx(target, [Column("小时"), Column("访客数", "integer"), Column("曝光量")], [["10:00", 2133, "21,330"]])
    target.seek(0)
    found = read_table(target, FileKind.XLSX, DAY, SHOP_ZONE)
    assert [(line.hour, line.visitors, line.exposures) for line in found.lines] == [(TEN, 2_133, 21_330)]
