"""What shoppers do to orders, in the platform's states; what the platform does not allow changes nothing."""

from datetime import timedelta
from typing import Any

import pytest

from shopkeeper.simulator.sandboxes.running import ControlRefused
from tests.outside import Outside

LINES = [
    {"num_iid": 1, "outer_sku_id": "A", "title": "a", "num": 1, "price": "10.00"},
    {"num_iid": 2, "outer_sku_id": "B", "title": "b", "num": 2, "price": "10.00", "discount": "5.00"},
    {"num_iid": 3, "outer_sku_id": "G", "title": "g", "num": 1, "price": "0.00", "gift": True},
]


def act(outside: Outside, number: str, do: str, **how: Any) -> str:
    outside.clock(timedelta(minutes=1))
    status: str = outside.control.act(number, do, **how)["status"]
    return status


def test_amounts_add_up_to_the_cent(outside: Outside) -> None:
    (number,) = outside.place(lines=LINES, discount_fee="1.00", post_fee="6.00")
    (order,) = outside.orders.fetch(outside.shop, [number])
    assert (order.goods_minor, order.freight_minor, order.discount_minor, order.paid_minor) == (
        3000,
        600,
        600,
        3000,
    )
    assert sum(line.paid_minor for line in order.lines) == order.paid_minor - order.freight_minor
    assert [line.is_gift for line in order.lines] == [False, False, True]
    assert [line.outer_code for line in order.lines] == ["A", "B", "G"]


def test_a_life(outside: Outside) -> None:
    (number,) = outside.place(paid=False)
    assert outside.control.order(number)["status"] == "WAIT_BUYER_PAY"
    assert act(outside, number, "pay", held=True) == "PAID_FORBID_CONSIGN"
    assert act(outside, number, "release") == "WAIT_SELLER_SEND_GOODS"
    assert act(outside, number, "address", receiver={"address": "新地址1号"}) == "WAIT_SELLER_SEND_GOODS"
    assert outside.control.order(number)["receiver"]["address"] == "新地址1号"
    (order,) = outside.orders.fetch(outside.shop, [number])
    assert order.modified_at == outside.now
    assert order.ship_by_at is not None
    assert order.paid_at is not None
    assert order.ship_by_at - order.paid_at == timedelta(hours=48)


def test_walking_away_before_paying(outside: Outside) -> None:
    (number,) = outside.place(paid=False)
    assert act(outside, number, "cancel") == "TRADE_CLOSED_BY_TAOBAO"
    (order,) = outside.orders.fetch(outside.shop, [number])
    assert (order.state, order.ended_at, order.paid_at) == ("closed", outside.now, None)


def test_a_line_of_which_a_part_went_back_goes_on(outside: Outside) -> None:
    (number,) = outside.place(lines=[{**LINES[0]}])
    paid = outside.control.order(number)["payment"]
    act(outside, number, "refund", amount="1.00")
    assert act(outside, number, "refund_agree") == "WAIT_SELLER_SEND_GOODS"
    (order,) = outside.orders.fetch(outside.shop, [number])
    assert ([line.refund_state for line in order.lines], order.state) == ([""], "to_ship")
    (refund,) = outside.control.get("/platform/refunds", tid=str(number))["refunds"]
    assert (refund["status"], refund["refund_fee"], refund["payment"]) == ("SUCCESS", "1.00", paid)


def test_refund_of_a_line_then_of_all(outside: Outside) -> None:
    (number,) = outside.place(lines=LINES)
    first = int(number)
    assert act(outside, number, "refund", oids=[first]) == "WAIT_SELLER_SEND_GOODS"
    assert outside.orders.refund_open(outside.shop, [number]) == {number}
    assert act(outside, number, "refund_withdraw") == "WAIT_SELLER_SEND_GOODS"
    assert outside.orders.refund_open(outside.shop, [number]) == set()
    act(outside, number, "refund", oids=[first])
    assert act(outside, number, "refund_agree") == "WAIT_SELLER_SEND_GOODS"
    (order,) = outside.orders.fetch(outside.shop, [number])
    assert [line.refund_state for line in order.lines] == ["refunded", "", ""]
    assert outside.orders.refund_open(outside.shop, [number]) == set()  # the rest may be sent
    act(outside, number, "refund")
    assert act(outside, number, "refund_agree") == "TRADE_CLOSED"
    assert outside.orders.fetch(outside.shop, [number])[0].state == "closed"


@pytest.mark.parametrize(
    ("paid", "do"),
    [
        (True, "pay"), (True, "cancel"), (True, "confirm"), (True, "release"), (True, "refund_agree"),
        (False, "hold"), (False, "refund"), (False, "confirm"),
    ],
)  # fmt: skip
def test_what_is_not_allowed_changes_nothing(outside: Outside, paid: bool, do: str) -> None:
    (number,) = outside.place(paid=paid)
    before = outside.control.order(number)
    with pytest.raises(ControlRefused):
        act(outside, number, do)
    assert outside.control.order(number) == before


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/platform/orders", {}),
        ("/platform/orders", {"orders": [{"lines": [{"num": "x", "price": "1"}]}]}),
        ("/platform/orders", {"orders": [{"lines": [{"num": 1, "price": "much"}]}]}),
        ("/platform/orders", {"orders": [{"session": "nobody's", "lines": []}]}),
        ("/platform/actions", {"actions": [{"tid": 1}]}),
        ("/clock", {"at": "2020-01-01T00:00:00+00:00"}),
        ("/clock", {"at": "2030-01-01T00:00:00"}),
        ("/misbehave", {"where": "platform", "what": "nonsense", "next": 1}),
        ("/misbehave", {"where": "platform", "what": "slow"}),
        ("/limits", {"nonsense": 1}),
        ("/courier/mix", {"mix": {"nonsense": 1}}),
        ("/courier/moves", {"moves": [{"number": "none", "to": "signed"}]}),
        ("/nowhere", {}),
    ],
)
def test_the_control_door_says_what_is_wrong(outside: Outside, path: str, form: dict[str, Any]) -> None:
    with pytest.raises(ControlRefused) as caught:
        answer = outside.control.post(path, form)
        if "results" in answer:
            raise ControlRefused(answer["results"][0]["error"])
    assert str(caught.value)


def test_the_seller_writes_on_the_order(outside: Outside) -> None:
    (number,) = outside.place()
    outside.orders.set_memo(outside.shop, number, "请核对地址 🙏", "yellow")
    outside.orders.set_memo(outside.shop, number, "请核对地址 🙏", "yellow")
    (order,) = outside.orders.fetch(outside.shop, [number])
    assert (order.seller_memo, order.seller_flag) == ("请核对地址 🙏", "yellow")
    outside.orders.set_memo(outside.shop, number, "")
    assert outside.orders.fetch(outside.shop, [number])[0].seller_memo == ""
