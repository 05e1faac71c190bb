"""A parcel's number reaches the platform once, however often it has to be said."""

from dataclasses import replace

import pytest

from shopkeeper.flows.fulfilment.parcels.ports import ShipNotice
from shopkeeper.shared.outside import OutsideError
from tests.outside import RECEIVER, Outside

TWO_LINES = [
    {"num_iid": 1, "outer_sku_id": "A", "title": "a", "num": 1, "price": "10.00"},
    {"num_iid": 2, "outer_sku_id": "B", "title": "b", "num": 1, "price": "10.00"},
]
_serial = iter(range(1, 10_000))


def a_number() -> str:
    return f"YT{next(_serial):013d}"


def refusal(outside: Outside, notice: ShipNotice) -> OutsideError:
    with pytest.raises(OutsideError) as caught:
        outside.ship_back.send(outside.shop, notice)
    return caught.value


def received(outside: Outside, platform_no: str) -> list[dict[str, object]]:
    return [row for row in outside.control.ledger("ship_back") if str(row["tid"]) == platform_no]


def test_told_and_told_again(outside: Outside) -> None:
    (no,) = outside.place()
    notice = ShipNotice(no, (), "yuantong", a_number())
    assert outside.ship_back.send(outside.shop, notice).number == notice.number
    order = outside.control.order(no)
    assert order["status"] == "WAIT_BUYER_CONFIRM_GOODS"
    assert {line["invoice_no"] for line in order["orders"]} == {notice.number}
    outside.ship_back.send(outside.shop, notice)
    assert outside.control.order(no) == order
    (row,) = received(outside, no)
    assert (row["count"], row["lost_answers"], row["accepted"]) == (2, 0, True)


def test_another_number_for_a_shipped_order(outside: Outside) -> None:
    (no,) = outside.place()
    outside.ship_back.send(outside.shop, ShipNotice(no, (), "yuantong", a_number()))
    error = refusal(outside, ShipNotice(no, (), "yuantong", a_number()))
    assert (error.kind, error.code) == ("permanent", "already_shipped")


def test_an_answer_lost_on_the_way(outside: Outside) -> None:
    (no,) = outside.place()
    notice = ShipNotice(no, (), "yuantong", a_number())
    outside.control.misbehave("platform", "lost_answer", next=1, method="taobao.logistics.offline.send")
    assert refusal(outside, notice).kind == "transient"
    assert outside.ship_back.send(outside.shop, notice).number == notice.number
    (row,) = received(outside, no)
    assert (row["count"], row["lost_answers"]) == (2, 1)


def test_a_repeat_asks_before_it_tells(outside: Outside) -> None:
    """A worker that was killed before it could note the answer does not tell the platform twice."""
    (no,) = outside.place()
    notice = ShipNotice(no, (), "yuantong", a_number())
    again = replace(notice, is_repeat=True)
    assert outside.ship_back.send(outside.shop, again).repeated is False  # it had not come through
    assert outside.ship_back.send(outside.shop, again).repeated is True
    (row,) = received(outside, no)
    assert (row["count"], row["lost_answers"], row["accepted"]) == (1, 0, True)


def test_part_by_part(outside: Outside) -> None:
    (no,) = outside.place(lines=TWO_LINES)
    first, second = no, str(int(no) + 1)
    outside.ship_back.send(outside.shop, ShipNotice(no, (first,), "yuantong", a_number()))
    assert outside.orders.fetch(outside.shop, [no])[0].state == "part_shipped"
    outside.ship_back.send(outside.shop, ShipNotice(no, (second,), "zhongtong", "78000000000001"))
    assert outside.orders.fetch(outside.shop, [no])[0].state == "shipped"
    assert refusal(outside, ShipNotice(no, ("999",), "yuantong", a_number())).kind == "permanent"


@pytest.mark.parametrize(
    ("courier", "number", "code"),
    [
        ("yuantong", "123", "bad_number"),
        ("shunfeng", "YT0000000000001", "bad_number"),
        ("pigeon", "YT0000000000001", "unknown_courier"),
    ],
)
def test_numbers_and_couriers_are_checked(outside: Outside, courier: str, number: str, code: str) -> None:
    (no,) = outside.place()
    error = refusal(outside, ShipNotice(no, (), courier, number))
    assert (error.kind, error.code) == ("permanent", code)
    assert outside.control.order(no)["status"] == "WAIT_SELLER_SEND_GOODS"


def test_one_number_one_parcel(outside: Outside) -> None:
    one, same_receiver = outside.place(2)
    (other_receiver,) = outside.place(receiver={**RECEIVER, "name": "李四"})
    number = a_number()
    outside.ship_back.send(outside.shop, ShipNotice(one, (), "yuantong", number))
    outside.ship_back.send(outside.shop, ShipNotice(same_receiver, (), "yuantong", number))
    error = refusal(outside, ShipNotice(other_receiver, (), "yuantong", number))
    assert (error.kind, error.code) == ("permanent", "number_used")


def test_what_may_not_ship_does_not(outside: Outside) -> None:
    (unpaid,) = outside.place(paid=False)
    (held,) = outside.place(held=True)
    (closed,) = outside.place(paid=False)
    outside.control.act(closed, "cancel")
    for no in (unpaid, held, closed, "1"):
        error = refusal(outside, ShipNotice(no, (), "yuantong", a_number()))
        assert (error.kind, error.code) == ("permanent", "not_shippable"), no


def test_shipping_into_an_open_refund_is_on_record(outside: Outside) -> None:
    (no,) = outside.place()
    outside.control.act(no, "refund")
    outside.ship_back.send(outside.shop, ShipNotice(no, (), "yuantong", a_number()))
    assert received(outside, no)[0]["refund_open"] is True


@pytest.mark.parametrize(
    ("what", "kind"),
    [
        ("down", "transient"),
        ("server_error", "transient"),
        ("throttle", "throttled"),
        ("half_json", "transient"),
    ],
)
def test_failures_have_their_class_and_nothing_is_tried_behind_ones_back(
    outside: Outside, what: str, kind: str
) -> None:
    (no,) = outside.place()
    outside.control.misbehave("platform", what, next=1)
    error = refusal(outside, ShipNotice(no, (), "yuantong", a_number()))
    assert error.kind == kind
    assert sum(int(str(row["count"])) for row in received(outside, no)) == (1 if what == "half_json" else 0)


def test_a_platform_that_calls_every_repeat_an_error(outside: Outside, monkeypatch: pytest.MonkeyPatch) -> None:
    """The real platform may answer B04 even to the very same number: the order itself then tells."""
    (no,) = outside.place()
    notice = ShipNotice(no, (), "yuantong", a_number())
    outside.ship_back.send(outside.shop, notice)
    call = outside.gateway.call

    def strict(shop: object, method: str, **params: str) -> object:
        if method == "taobao.logistics.offline.send":
            raise OutsideError("permanent", "isv.logistics-offline-service-error:B04", "订单已经发货")
        return call(outside.shop, method, **params)

    monkeypatch.setattr(outside.gateway, "call", strict)
    assert outside.ship_back.send(outside.shop, notice).repeated
    assert refusal(outside, ShipNotice(no, (), "yuantong", a_number())).code == "already_shipped"
