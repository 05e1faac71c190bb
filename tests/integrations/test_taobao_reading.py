"""A platform trade as our order: words mapped, amounts to the cent, nonsense named and never guessed."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopkeeper.flows.fulfilment.intake.ports import ShopAccess
from shopkeeper.integrations.platforms.taobao.gateway import classed
from shopkeeper.integrations.platforms.taobao.reading import STATES, MakesNoSense, received_order

SHOP = ShopAccess(7, "taobao", "http://127.0.0.1:9", "k", "s", "t")


def trade(**other: Any) -> dict[str, Any]:
    line = {
        "oid": 11,
        "num_iid": 5,
        "sku_id": "51",
        "outer_sku_id": "CUP-1",
        "title": "茶杯🍵",
        "sku_properties_name": "颜色:黑;尺码:M",
        "num": 2,
        "price": "39.90",
        "payment": "79.80",
        "divide_order_fee": "69.80",
        "refund_status": "NO_REFUND",
    }
    return {
        "tid": 3007,
        "status": "WAIT_SELLER_SEND_GOODS",
        "created": "2026-11-11 00:00:01",
        "pay_time": "2026-11-11 00:00:05",
        "modified": "2026-11-11 00:00:05",
        "delivery_time": "2026-11-13 00:00:05",
        "payment": "75.80",
        "post_fee": "6.00",
        "buyer_nick": "nick",
        "receiver_name": "王**",
        "receiver_mobile": "138****5678",
        "receiver_address": "文***969号",
        "oaid": "1abc",
        "seller_flag": 1,
        "orders": {"order": [line]},
        **other,
    }


def read(**other: Any) -> Any:
    return received_order(SHOP, trade(**other), b"raw")


def test_an_order_whole() -> None:
    order = read(buyer_open_uid="uid", buyer_message="送礼，请不要放价签")
    line = order.lines[0]
    assert (order.shop_id, order.platform_no, order.state, order.platform_state) == (
        7, "3007", "to_ship", "WAIT_SELLER_SEND_GOODS",
    )  # fmt: skip
    assert (order.goods_minor, order.freight_minor, order.discount_minor, order.paid_minor) == (
        7980,
        600,
        1000,
        7580,
    )
    assert (line.price_minor, line.discount_minor, line.paid_minor, line.quantity) == (3990, 1000, 6980, 2)
    assert (order.buyer_ref, order.receiver_token, order.seller_flag) == ("uid", "1abc", "red")
    assert order.receiver.masked
    assert order.placed_at.isoformat() == "2026-11-10T16:00:01+00:00"
    assert order.ship_by_at.isoformat() == "2026-11-12T16:00:05+00:00"
    assert order.ended_at is None
    assert (line.title, line.spec, line.refund_state, line.is_gift) == ("茶杯🍵", "颜色:黑;尺码:M", "", False)
    assert (order.raw, order.currency) == (b"raw", "CNY")


@pytest.mark.parametrize(("word", "state"), sorted(STATES.items()))
def test_every_platform_state_is_known(word: str, state: str) -> None:
    assert read(status=word).state == state


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("NO_REFUND", ""), ("WAIT_SELLER_AGREE", "requested"), ("WAIT_BUYER_RETURN_GOODS", "refunding"),
        ("WAIT_SELLER_CONFIRM_GOODS", "refunding"), ("SELLER_REFUSE_BUYER", "requested"),
        ("SUCCESS", "refunded"), ("CLOSED", "closed"), ("", ""), (None, ""),
    ],
)  # fmt: skip
def test_every_refund_state_is_known(word: str | None, state: str) -> None:
    line = {**trade()["orders"]["order"][0], "refund_status": word}
    assert read(orders={"order": [line]}).lines[0].refund_state == state


def test_a_gift_is_a_line_the_promotion_names_and_nobody_paid() -> None:
    gift = {"oid": 12, "num_iid": 6, "num": 1, "price": "9.90", "payment": "0.00", "divide_order_fee": "0.00"}
    lines = [*trade()["orders"]["order"], gift]
    details = {"promotion_detail": [{"gift_item_id": "6"}, {"gift_item_id": "5"}]}
    order = read(orders={"order": lines}, promotion_details=details)
    assert [line.is_gift for line in order.lines] == [False, True]
    assert order.lines[1].discount_minor == 990


@pytest.mark.parametrize("quantity", [0, -1, 10**9, "3"])
def test_odd_quantities_come_through_to_be_judged(quantity: Any) -> None:
    line = {**trade()["orders"]["order"][0], "num": quantity}
    assert read(orders={"order": [line]}).lines[0].quantity == int(quantity)


@pytest.mark.parametrize(
    ("field", "value", "named"),
    [
        ("tid", None, "tid"), ("tid", "1;2", "tid"), ("status", "NEW_WORD", "status"),
        ("status", [], "status"), ("created", "yesterday", "times"), ("modified", None, "times"),
        ("payment", "much", "amounts"), ("payment", "1.001", "amounts"),
        ("orders", [], "orders"), ("orders", [1], "trade"), ("orders", {"order": [3]}, "line ?"),
        ("orders", {"order": [{"oid": 1, "num": 1.5, "price": "1"}]}, "line 1"),
        ("orders", {"order": [{"oid": 1, "num": True, "price": "1"}]}, "line 1"),
        ("orders", {"order": [{"oid": 1, "num": 10**10, "price": "1"}]}, "line 1"),
        ("orders", {"order": [{"oid": 1, "num": 1, "price": "1", "refund_status": "NEW"}]}, "line 1"),
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


@given(field=st.sampled_from(sorted(trade())), value=anything)
def test_whatever_comes_it_is_read_or_named(field: str, value: Any) -> None:
    try:
        order = read(**{field: value})
    except MakesNoSense:
        return
    for text in (
        order.buyer_ref,
        order.receiver.name,
        order.receiver.address,
        order.lines[0].title if order.lines else "",
    ):
        assert "\x00" not in text
        text.encode("utf-8")


@given(field=st.sampled_from(sorted(trade()["orders"]["order"][0])), value=anything)
def test_whatever_a_line_says_it_is_read_or_named(field: str, value: Any) -> None:
    line = {**trade()["orders"]["order"][0], field: value}
    try:
        order = read(orders={"order": [line]})
    except MakesNoSense:
        return
    assert order.goods_minor + order.freight_minor == order.discount_minor + order.paid_minor


@pytest.mark.parametrize(
    ("error", "kind", "wait"),
    [
        ({"code": 7, "sub_msg": "This ban will last for 26 more seconds"}, "throttled", 26.0),
        ({"code": 7}, "throttled", 60.0),
        ({"code": 27, "sub_code": "invalid-sessionkey"}, "auth", None),
        ({"code": 25, "sub_code": "isv.invalid-signature"}, "auth", None),
        ({"code": 15, "sub_code": "isp.remote-service-error"}, "transient", None),
        ({"code": 15, "sub_code": "isv.trade-not-exist"}, "permanent", None),
        ({"code": 10}, "transient", None),
        ({"code": 15}, "transient", None),
        ({"code": 41, "sub_code": "isv.invalid-parameter:fields"}, "permanent", None),
        ({"code": 40}, "permanent", None),
        ({"code": "nonsense"}, "permanent", None),
        ("nonsense", "transient", None),
    ],
)
def test_errors_have_their_class(error: Any, kind: str, wait: float | None) -> None:
    made = classed(error)
    assert (made.kind, made.retry_after_s) == (kind, wait)
