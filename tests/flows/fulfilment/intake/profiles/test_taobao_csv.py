"""The Taobao export: what it says is what intake gets; what is wrong is named and spoils one order only."""

import json
import time
import tracemalloc
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shopkeeper.flows.fulfilment.intake.profiles import (
    PROFILES,
    ROW_PROBLEMS,
    ImportRefused,
    ImportRow,
    Problem,
    profile_named,
)
from shopkeeper.flows.fulfilment.intake.profiles.rows import IMPORT_REFUSALS
from shopkeeper.flows.fulfilment.intake.profiles.taobao_orders import split_address
from tests.flows.fulfilment.intake.profiles.exports import LINE, ORDER, ROW, csv_text, number, row, write

pytestmark = pytest.mark.clause("O1.1")


def read(path: Path) -> list[ImportRow]:
    return list(PROFILES["taobao_csv"].read(path, 7))


def one(tmp_path: Path, *rows: dict[str, str]) -> ImportRow:
    (only,) = read(write(tmp_path / "orders.csv", rows))
    return only


def test_an_order_is_what_the_export_says(tmp_path: Path) -> None:
    found = one(tmp_path, {**ROW, "物流单号": "No:YT1234567890123", "物流公司": "圆通速递"})
    order = found.order
    assert order is not None
    assert found.problem is None
    assert (order.shop_id, order.platform_no, order.state) == (7, "3900000000000000001", "to_ship")
    assert (order.goods_minor, order.freight_minor, order.discount_minor, order.paid_minor) == (
        11_800,
        1_000,
        0,
        12_800,
    )
    assert order.currency == "CNY"
    assert order.placed_at == datetime(2026, 11, 20, 2, 11, 12, tzinfo=UTC)
    assert order.modified_at == order.paid_at == datetime(2026, 11, 20, 2, 12, 13, tzinfo=UTC)
    to = order.receiver
    assert (to.name, to.phone, to.masked) == ("张三丰", "13812341234", False)
    assert (to.province, to.city, to.district, to.town) == ("浙江省", "杭州市", "余杭区", "仓前街道")
    assert (to.address, to.zip) == ("文一西路969号", "310000")
    (line,) = order.lines
    assert (line.outer_code, line.title, line.spec) == ("MUG-BLU-350", "青花手绘马克杯", "颜色:靛蓝")
    assert (line.quantity, line.price_minor, line.paid_minor) == (2, 5_900, 11_800)
    assert order.buyer_remark == ""
    assert found.facts == {
        "tracking_no": "YT1234567890123",
        "courier": "圆通速递",
        "shop": "掌柜茶生活旗舰店",
    }
    assert json.loads(order.raw)[0]["订单编号"] == ROW["订单编号"]


def test_a_discount_is_shared_by_the_lines_to_the_cent(tmp_path: Path) -> None:
    second = {**row(1), "商家编码": "TEA", "数量": "1", "单价": "0.01", "总金额": "100.00", "宝贝总数量": "3"}
    found = one(tmp_path, {**row(1), "总金额": "100.00", "宝贝总数量": "3"}, second)
    assert found.order is not None
    assert found.order.discount_minor == 11_801 + 1_000 - 10_000
    assert sum(line.paid_minor for line in found.order.lines) == 11_801 - found.order.discount_minor
    assert sum(line.discount_minor for line in found.order.lines) == found.order.discount_minor


def test_further_rows_of_an_order_may_leave_its_own_columns_empty(tmp_path: Path) -> None:
    blank = dict.fromkeys(ORDER, "") | LINE | {"订单编号": number(1), "商家编码": "TEA-LJ-250"}
    found = read(write(tmp_path / "o.csv", [row(1, 宝贝总数量="4"), blank, row(2)]))
    assert [len(one.order.lines) for one in found if one.order] == [2, 1]
    assert not any(one.hold for one in found)


@pytest.mark.parametrize(
    ("written", "state"),
    [
        ("等待买家付款", "unpaid"),
        ("买家已付款,等待卖家发货", "to_ship"),
        ("卖家部分发货", "part_shipped"),
        ("卖家已发货，等待买家确认", "shipped"),
        ("交易成功", "done"),
        ("交易关闭", "closed"),
    ],
)
def test_states_are_ours(tmp_path: Path, written: str, state: str) -> None:
    order = one(tmp_path, row(1, 订单状态=written)).order
    assert order is not None
    assert order.state == state
    assert (order.ended_at is not None) == (state in ("done", "closed"))


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("ending", [".csv", ".csv.gz"])
def test_every_usual_encoding_is_recognised(tmp_path: Path, encoding: str, ending: str) -> None:
    (found,) = read(write(tmp_path / f"o{ending}", [ROW], encoding))
    assert found.order is not None
    assert found.order.receiver.name == "张三丰"


@pytest.mark.parametrize(
    "written", ['="390000000000001"', "390000000000001\t", "'390000000000001", " 390000000000001 "]
)
def test_numbers_are_freed_from_what_keeps_spreadsheets_off(tmp_path: Path, written: str) -> None:
    assert one(tmp_path, row(1, 订单编号=written)).platform_no == "390000000000001"


@pytest.mark.parametrize("written", ["2026/11/20 10:11", "2026-11-20T10:11:00", "2026年11月20日 10:11"])
def test_dates_a_spreadsheet_rewrote_are_read(tmp_path: Path, written: str) -> None:
    order = one(tmp_path, row(1, 订单创建时间=written)).order
    assert order is not None
    assert order.placed_at == datetime(2026, 11, 20, 2, 11, tzinfo=UTC)


POISON = [
    ("订单编号", "3.9E+18", "bad_id"),
    ("订单编号", "", "missing_value"),
    ("总金额", "一百", "bad_amount"),
    ("单价", "-5.00", "bad_amount"),
    ("单价", "", "missing_value"),
    ("买家实际支付金额", "1e400", "bad_amount"),
    ("单价", "9" * 20, "bad_amount"),
    ("数量", "0", "bad_quantity"),
    ("数量", "-1", "bad_quantity"),
    ("数量", "1000000000", "bad_quantity"),
    ("数量", "1.5", "bad_quantity"),
    ("数量", "", "missing_value"),
    ("订单创建时间", "2026-13-45 00:00:00", "bad_date"),
    ("订单创建时间", "0001-01-01 00:00:00", "bad_date"),
    ("订单创建时间", "", "missing_value"),
    ("订单状态", "天知道", "unknown_state"),
    ("买家留言", "长" * 5_000, "too_long"),
]


@pytest.mark.parametrize(("column", "value", "code"), POISON)
def test_a_poison_row_names_its_column_and_spoils_only_itself(
    tmp_path: Path, column: str, value: str, code: str
) -> None:
    before, bad, after = read(write(tmp_path / "o.csv", [row(1), row(2, **{column: value}), row(3)]))
    assert (before.order is not None, bad.order is None, after.order is not None) == (True, True, True)
    assert bad.problem == Problem(code, column, value.strip()[:40] if code != "missing_value" else "")
    assert (bad.ref, bad.row_no) == ("o.csv:3", 3)
    for language in ("zh", "en"):
        said = bad.problem.words().text(language)  # type: ignore[arg-type]
        assert column in said
        assert "{" not in said


def test_four_byte_characters_pass(tmp_path: Path) -> None:
    order = one(tmp_path, row(1, 买家留言="请包好😀𠮷")).order
    assert order is not None
    assert order.buyer_remark == "请包好😀𠮷"


def test_a_repeated_order_is_taken_once(tmp_path: Path) -> None:
    first, second, third = read(write(tmp_path / "o.csv", [row(1), row(2), row(1)]))
    assert first.order is not None
    assert second.order is not None
    assert third.problem == Problem("duplicate_order", "订单编号", number(1))


def test_the_same_line_twice_and_rows_that_disagree_are_refused(tmp_path: Path) -> None:
    twice = one(tmp_path, row(1), row(1))
    assert twice.problem == Problem("duplicate_line", "", ":3")
    disagree = one(tmp_path, row(1), row(1, 商家编码="TEA", 总金额="1.00"))
    assert disagree.problem == Problem("lines_disagree", "总金额", ":3")


def test_lines_that_do_not_add_up_are_held_not_lost(tmp_path: Path) -> None:
    found = one(tmp_path, row(1, 宝贝总数量="5"))
    assert found.order is not None
    assert found.hold == "lines_incomplete"


def test_an_unclosed_quote_spoils_its_own_row_only(tmp_path: Path) -> None:
    text = csv_text([row(n) for n in range(1, 201)]).splitlines(keepends=True)
    text[50] = text[50].replace("青花手绘马克杯", '"青花手绘马克杯', 1)
    text[200] = text[200].replace("tb买家42", '"tb买家42')
    (tmp_path / "o.csv").write_bytes("".join(text).encode("gbk"))
    found = read(tmp_path / "o.csv")
    assert len(found) == 200
    assert [(one.row_no, one.problem.code, one.platform_no) for one in found if one.problem] == [
        (51, "unclosed_quote", number(50)),
        (201, "unclosed_quote", number(200)),
    ]


def test_a_quote_closed_by_a_later_row_spoils_its_own_row_only(tmp_path: Path) -> None:
    text = csv_text([row(n, 买家留言="一,二" if n == 4 else "") for n in range(1, 7)]).splitlines(keepends=True)
    text[2] = text[2].replace("tb买家42", '"tb买家42')
    (tmp_path / "o.csv").write_bytes("".join(text).encode("gbk"))
    found = read(tmp_path / "o.csv")
    assert [one.platform_no for one in found if one.order] == [number(n) for n in (1, 3, 4, 5, 6)]
    assert [one.row_no for one in found if one.problem] == [3]


def test_a_remark_may_hold_line_breaks_quotes_and_commas(tmp_path: Path) -> None:
    remark = '第一行\n第二行,"引号"\n第三行'
    first, second = read(write(tmp_path / "o.csv", [row(1, 买家留言=remark), row(2)]))
    assert first.order is not None
    assert first.order.buyer_remark == remark
    assert second.row_no == 5


def test_half_a_row_and_broken_bytes_are_named(tmp_path: Path) -> None:
    lines = csv_text([row(1), row(2), row(3)]).encode("gbk").splitlines(keepends=True)
    lines[2] = lines[2].replace("张三丰".encode("gbk"), b"\x81\xff\xff")
    (tmp_path / "o.csv").write_bytes(lines[0] + lines[1] + lines[2] + lines[3][:60])
    good, broken, half = read(tmp_path / "o.csv")
    assert good.order is not None
    assert broken.problem is not None
    assert (broken.problem.code, broken.problem.column) == ("bad_encoding", "收货人姓名")
    assert half.problem is not None
    assert half.problem.code == "column_count"


def test_the_platforms_two_files_are_joined(tmp_path: Path) -> None:
    heads = [{**ORDER, "订单编号": number(n)} for n in (3, 1, 2, 1)]
    lines = [
        {"订单编号": number(n), "标题": "杯", "价格": "59.00", "购买数量": "2", "外部系统编号": f"SKU-{n}"}
        for n in (9, 2, 1)
    ]
    write(tmp_path / "ExportOrderList20261123.csv", heads)
    write(tmp_path / "ExportOrderDetailList20261123.csv", lines)
    found = {(one.platform_no, one.row_no): one for one in read(tmp_path)}
    taken = {key[0]: one.order for key, one in found.items() if one.order}
    assert {no: [line.outer_code for line in order.lines] for no, order in taken.items()} == {
        number(1): ["SKU-1"],
        number(2): ["SKU-2"],
        number(3): [],
    }
    assert found[number(3), 2].hold == "no_lines"
    assert found[number(1), 5].problem == Problem("duplicate_order", "订单编号", number(1))
    assert found[number(9), 2].problem == Problem("order_head_missing", "", number(9))


def refusal(path: Path) -> ImportRefused:
    with pytest.raises(ImportRefused) as refused:
        PROFILES["taobao_csv"].read(path, 7)
    assert IMPORT_REFUSALS[refused.value.code].format(**refused.value.facts).text("zh")
    return refused.value


def test_missing_columns_stop_the_import_before_its_first_row(tmp_path: Path) -> None:
    rows = [{name: value for name, value in ROW.items() if name not in ("总金额", "单价")}]
    refused = refusal(write(tmp_path / "o.csv", rows))
    assert refused.code == "import_columns_missing"
    assert refused.facts["missing"] == "总金额, 单价/价格/宝贝单价"


def test_what_is_no_csv_or_not_there_is_said(tmp_path: Path) -> None:
    assert refusal(tmp_path / "nothing.csv").code == "import_source_missing"
    assert refusal(tmp_path).code == "import_source_missing"
    (tmp_path / "empty.csv").touch()
    assert refusal(tmp_path / "empty.csv").code == "import_empty"
    (tmp_path / "book.csv").write_bytes(b"PK\x03\x04\x00\x00")
    assert refusal(tmp_path / "book.csv").code == "import_not_text"
    (tmp_path / "torn.csv.gz").write_bytes(b"\x1f\x8b\x08\x00")
    assert refusal(tmp_path / "torn.csv.gz").code == "import_source_missing"
    with pytest.raises(ImportRefused) as unknown:
        profile_named("ebay")
    assert "taobao_csv" in unknown.value.facts["known"]


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("上海 上海市 浦东新区 张江镇 博云路2号", ("上海", "上海市", "浦东新区", "张江镇", "博云路2号", "")),
        ("浙江省杭州市西湖区文三路478号", ("浙江省", "杭州市", "西湖区", "", "文三路478号", "")),
        ("北京市海淀区中关村大街27号", ("北京市", "", "海淀区", "", "中关村大街27号", "")),
        ("", ("", "", "", "", "", "")),
    ],
)
def test_addresses_are_taken_apart_without_guessing(written: str, parts: tuple[str, ...]) -> None:
    assert split_address(written) == parts


def test_a_long_file_is_streamed_fast_and_every_row_is_accounted_for(tmp_path: Path) -> None:
    bad = {n: ("单价", "x") if n % 2 else ("订单创建时间", "昨天") for n in range(0, 20_000, 100)}
    rows = (row(n, **({bad[n][0]: bad[n][1]} if n in bad else {})) for n in range(20_000))
    path = write(tmp_path / "o.csv", rows, "utf-8-sig")
    counts: Counter[str] = Counter()
    began = time.perf_counter()
    for found in PROFILES["taobao_csv"].read(path, 7):
        counts[found.problem.code if found.problem else "ok"] += 1
    took = time.perf_counter() - began
    assert counts == {"ok": 19_800, "bad_date": 200}
    assert took < 10, "20,000 rows take about a second on an idle machine"


def test_rows_are_not_kept_in_memory(tmp_path: Path) -> None:
    path = write(tmp_path / "o.csv", (row(n) for n in range(4_000)))
    tracemalloc.start()
    for _ in PROFILES["taobao_csv"].read(path, 7):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 * 2**20


def test_every_problem_has_words_in_both_languages() -> None:
    for code in ROW_PROBLEMS:
        said = Problem(code, "列", "值").words()
        assert said.text("zh")
        assert said.text("en")
    for profile in PROFILES.values():
        assert all(headings for _, _, headings, _ in profile.columns())
