"""A parcel's number reaches the second platform once, however often it has to be said."""

from dataclasses import replace

import pytest

from shopkeeper.flows.fulfilment.parcels.ports import ShipNotice
from shopkeeper.integrations.platforms.pinduoduo.shipping import COMPANIES
from shopkeeper.shared.outside import OutsideError
from shopkeeper.simulator.sandboxes.pinduoduo.shipping import LOGISTICS
from tests.outside import RECEIVER, Mall

pytestmark = [pytest.mark.clause("O3.1")]
_serial = iter(range(500_000, 600_000))


def a_number() -> str:
    return f"YT{next(_serial):013d}"


def refusal(mall: Mall, notice: ShipNotice) -> OutsideError:
    with pytest.raises(OutsideError) as caught:
        mall.ship_back.send(mall.shop, notice)
    return caught.value


def received(mall: Mall, platform_no: str) -> list[dict[str, object]]:
    return [row for row in mall.control.ledger("ship_back") if row["tid"] == platform_no]


def test_told_and_told_again(mall: Mall) -> None:
    (no,) = mall.place()
    notice = ShipNotice(no, (), "yuantong", a_number())
    assert mall.ship_back.send(mall.shop, notice).repeated is False
    order = mall.control.order(no)
    assert (order["status"], order["orders"][0]["invoice_no"]) == ("WAIT_BUYER_CONFIRM_GOODS", notice.number)
    assert mall.fetched(no).state == "shipped"
    mall.ship_back.send(mall.shop, notice)
    assert mall.control.order(no) == order
    (row,) = received(mall, no)
    assert (row["count"], row["lost_answers"], row["accepted"]) == (2, 0, True)
    assert mall.act(no, "confirm") == "TRADE_FINISHED"
    assert mall.fetched(no).state == "done"


def test_another_number_for_a_shipped_order(mall: Mall) -> None:
    (no,) = mall.place()
    mall.ship_back.send(mall.shop, ShipNotice(no, (), "yuantong", a_number()))
    error = refusal(mall, ShipNotice(no, (), "yuantong", a_number()))
    assert (error.kind, error.code) == ("permanent", "already_shipped")


def test_further_parcels_of_one_order(mall: Mall) -> None:
    (no,) = mall.place()
    line = mall.fetched(no).lines[0].platform_line_no
    first, second = (ShipNotice(no, (line,), "yuantong", a_number()) for _ in range(2))
    assert mall.ship_back.send(mall.shop, first).repeated is False
    assert mall.ship_back.send(mall.shop, second).repeated is False
    order = mall.control.order(no)
    assert order["orders"][0]["invoice_no"] == first.number
    assert [track["tracking_number"] for track in order["extra"]] == [second.number]
    assert mall.ship_back.send(mall.shop, replace(second, is_repeat=True)).repeated is True
    assert mall.ship_back.send(mall.shop, second).repeated is True
    assert len(mall.control.order(no)["extra"]) == 1


def test_an_answer_lost_on_the_way(mall: Mall) -> None:
    (no,) = mall.place()
    notice = ShipNotice(no, (), "yuantong", a_number())
    mall.control.misbehave("platform", "lost_answer", next=1, method="pdd.logistics.online.send")
    assert refusal(mall, notice).kind == "transient"
    assert mall.ship_back.send(mall.shop, replace(notice, is_repeat=True)).repeated is True
    (row,) = received(mall, no)
    assert (row["count"], row["lost_answers"]) == (1, 1)


@pytest.mark.parametrize(
    ("courier", "number", "code"),
    [
        ("yuantong", "123", "bad_number"),
        ("shunfeng", "YT0000000000001", "bad_number"),
        ("pigeon", "YT0000000000001", "unknown_courier"),
    ],
)
def test_numbers_and_couriers_are_checked(mall: Mall, courier: str, number: str, code: str) -> None:
    (no,) = mall.place()
    error = refusal(mall, ShipNotice(no, (), courier, number))
    assert (error.kind, error.code) == ("permanent", code)
    assert mall.control.order(no)["status"] == "WAIT_SELLER_SEND_GOODS"


def test_every_courier_of_ours_is_found_in_the_platform_s_list() -> None:
    names = [name for name, _ in LOGISTICS.values()]
    found = {code: [name for name in names if name.startswith(begins)] for code, begins in COMPANIES.items()}
    assert all(len(one) == 1 for one in found.values()), found


def test_one_number_one_parcel(mall: Mall) -> None:
    one, same_receiver = mall.place(2)
    (other_receiver,) = mall.place(receiver={**RECEIVER, "name": "李四"})
    number = a_number()
    mall.ship_back.send(mall.shop, ShipNotice(one, (), "yuantong", number))
    mall.ship_back.send(mall.shop, ShipNotice(same_receiver, (), "yuantong", number))
    error = refusal(mall, ShipNotice(other_receiver, (), "yuantong", number))
    assert (error.kind, error.code) == ("permanent", "number_used")


def test_what_may_not_ship_does_not(mall: Mall) -> None:
    (unpaid,) = mall.place(paid=False)
    (held,) = mall.place(held=True)
    (refunded,) = mall.place()
    mall.act(refunded, "refund")
    mall.act(refunded, "refund_agree")
    for no in (unpaid, held, refunded, "1-1"):
        error = refusal(mall, ShipNotice(no, (), "yuantong", a_number()))
        assert (error.kind, error.code) == ("permanent", "not_shippable"), no


def test_shipping_into_an_open_refund_is_on_record(mall: Mall) -> None:
    (no,) = mall.place()
    mall.act(no, "refund")
    mall.ship_back.send(mall.shop, ShipNotice(no, (), "yuantong", a_number()))
    assert received(mall, no)[0]["refund_open"] is True


@pytest.mark.parametrize(
    ("what", "kind"),
    [("down", "transient"), ("server_error", "transient"), ("throttle", "throttled"), ("half_json", "transient")],
)
def test_failures_have_their_class_and_nothing_is_tried_behind_ones_back(mall: Mall, what: str, kind: str) -> None:
    (no,) = mall.place()
    mall.control.misbehave("platform", what, next=1, method="pdd.logistics.online.send")
    assert refusal(mall, ShipNotice(no, (), "yuantong", a_number())).kind == kind
    assert sum(int(str(row["count"])) for row in received(mall, no)) == (1 if what == "half_json" else 0)
