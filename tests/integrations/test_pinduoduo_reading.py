"""An order of the second platform as ours: figures mapped, amounts to the fen, nonsense named and never guessed."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopkeeper.flows.fulfilment.intake.ports import ShopAccess
from shopkeeper.integrations.platforms.pinduoduo.reading import MakesNoSense, order_number, received_order

pytestmark = [pytest.mark.clause("O1.1")]
SHOP = ShopAccess(7, "pinduoduo", "http://127.0.0.1:9", "k", "s", "t")


def info(**other: Any) -> dict[str, Any]:
    item = {
        "goods_id": 5,
        "sku_id": 51,
        "outer_id": "CUP-1",
        "outer_goods_id": "CUP",
        "goods_name": "茶杯🍵",
        "goods_spec": "黑,M",
        "goods_price": 39.9,
        "goods_count": 2,
    }
    return {
        "order_sn": "261111-000000000003007",
        "order_status": 1,
        "refund_status": 1,
        "after_sales_status": 0,
        "confirm_status": 1,
        "group_status": 1,
        "risk_control_status": 0,
        "created_time": "2026-11-11 00:00:01",
        "pay_time": "2026-11-11 00:00:05",
        "updated_at": "2026-11-11 00:00:05",
        "last_ship_time": "2026-11-13 00:00:05",
        "goods_amount": 79.8,
        "discount_amount": 10,
        "postage": 6,
        "pay_amount": 75.8,
        "buyer_memo": "送礼",
        "remark_tag": 1,
        "receiver_name": "~AgAAA~",
        "receiver_name_mask": "王**",
        "receiver_phone_mask": "138****5678",
        "receiver_address_mask": "文***969号",
        "open_address_id": "1abc",
        "province": "浙江省",
        "city": "杭州市",
        "town": "余杭区",
        "item_list": [item],
        **other,
    }


def read(**other: Any) -> Any:
    return received_order(SHOP, info(**other), b"raw")


def test_an_order_whole() -> None:
    order = read()
    line = order.lines[0]
    assert (order.shop_id, order.platform_no, order.state) == (7, "261111-000000000003007", "to_ship")
    assert (order.goods_minor, order.freight_minor, order.discount_minor, order.paid_minor) == (7980, 600, 1000, 7580)
    assert (line.price_minor, line.discount_minor, line.paid_minor, line.quantity) == (3990, 1000, 6980, 2)
    assert (line.platform_line_no, line.platform_item_no, line.outer_code, line.spec) == ("51", "5", "CUP-1", "黑,M")
    assert (order.buyer_ref, order.receiver_token, order.seller_flag) == ("", "1abc", "red")
    assert (order.receiver.name, order.receiver.district, order.receiver.masked) == ("王**", "余杭区", True)
    assert order.placed_at.isoformat() == "2026-11-10T16:00:01+00:00"
    assert (order.buyer_remark, order.raw, order.currency) == ("送礼", b"raw", "CNY")


@pytest.mark.parametrize(
    ("figures", "state"),
    [
        ({}, "to_ship"), ({"order_status": 2}, "shipped"), ({"order_status": 3}, "done"),
        ({"risk_control_status": 1}, "held_by_platform"), ({"group_status": 0}, "held_by_platform"),
        ({"confirm_status": 0}, "held_by_platform"), ({"confirm_status": 2}, "closed"),
        ({"refund_status": 4, "after_sales_status": 10}, "closed"),
        ({"order_status": 2, "risk_control_status": 1}, "shipped"),
    ],
)  # fmt: skip
def test_states(figures: dict[str, int], state: str) -> None:
    assert read(**figures).state == state


@pytest.mark.parametrize(
    ("order", "case", "state"),
    [
        (1, 0, ""), (1, 11, "closed"), (1, 9, "closed"), (2, 2, "requested"), (2, 6, "requested"), (2, 0, "requested"),
        (2, 7, "refunding"), (3, 4, "refunding"), (4, 10, "refunded"), (4, 0, "refunded"), (1, 2, ""),
    ],
)  # fmt: skip
def test_refunds(order: int, case: int, state: str) -> None:
    assert read(refund_status=order, after_sales_status=case).lines[0].refund_state == state


def test_gifts_cost_nothing_and_several_goods_share_what_was_paid() -> None:
    item = info()["item_list"][0]
    items = [
        {**item, "goods_price": 10, "goods_count": 1},
        {**item, "goods_price": 20, "goods_count": 1},
        {**item, "sku_id": 52, "goods_price": 0.01, "goods_count": 3},
    ]
    order = read(item_list=items, gift_list=[{**item, "goods_price": 9}], postage=0, pay_amount=29.99)
    assert [line.is_gift for line in order.lines] == [False, False, False, True]
    assert len({line.platform_line_no for line in order.lines}) == 4
    assert sum(line.paid_minor for line in order.lines) == 2999
    assert order.goods_minor - order.discount_minor + order.freight_minor == order.paid_minor
    assert order.lines[3].price_minor == 0


@given(
    prices=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 50)), min_size=1, max_size=6),
    paid=st.integers(0, 10**7),
)
def test_shares_add_up_to_the_fen(prices: list[tuple[int, int]], paid: int) -> None:
    item = info()["item_list"][0]
    items = [
        {**item, "sku_id": n + 1, "goods_price": f"{price / 100:.2f}", "goods_count": count}
        for n, (price, count) in enumerate(prices)
    ]
    order = read(item_list=items, postage=0, pay_amount=f"{paid / 100:.2f}")
    assert sum(line.paid_minor for line in order.lines) == paid
    assert all(line.paid_minor >= 0 for line in order.lines)
    assert sum(line.discount_minor for line in order.lines) == order.discount_minor


@pytest.mark.parametrize(
    ("field", "value", "named"),
    [
        ("order_sn", None, "order_sn"), ("order_sn", "1;2", "order_sn"), ("order_sn", 7, "order_sn"),
        ("order_status", 9, "status"), ("refund_status", "x", "status"), ("order_status", None, "status"),
        ("created_time", "yesterday", "times"), ("updated_at", None, "times"), ("receive_time", "25:00", "times"),
        ("pay_amount", "much", "amounts"), ("pay_amount", 1.001, "amounts"),
        ("item_list", [], "item_list"), ("item_list", {}, "item_list"), ("item_list", [3], "goods_price"),
        ("item_list", [{"goods_price": 1, "goods_count": 1.5}], "goods_count"),
        ("item_list", [{"goods_price": 1, "goods_count": 1}], "item_list.sku_id"),
        ("pay_time", "25:00", "order"),
    ],
)  # fmt: skip
def test_nonsense_is_named(field: str, value: Any, named: str) -> None:
    with pytest.raises(MakesNoSense) as caught:
        read(**{field: value})
    assert str(caught.value) == named


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=10,
)


@given(field=st.sampled_from(sorted(info())), value=anything)
def test_whatever_comes_it_is_read_or_named(field: str, value: Any) -> None:
    try:
        order = read(**{field: value})
    except MakesNoSense:
        return
    assert order.lines
    assert order.platform_no


def test_numbers() -> None:
    assert order_number("261111-000000000003007") == "261111-000000000003007"
    assert [order_number(value) for value in ("a b", "", "1-2-3", "-1", None, 7, "1/../2")] == [""] * 7
