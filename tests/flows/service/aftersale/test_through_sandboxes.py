"""Refunds through the real adapter over HTTP: read, agreed once though answers are lost, refused, let come back."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shopkeeper.flows.fulfilment.intake.models import Order
from shopkeeper.flows.fulfilment.parcels.ports import ShipNotice
from shopkeeper.flows.fulfilment.settlement.models import Refund as BookedRefund
from shopkeeper.flows.service.aftersale.commands.answer_offer import AnswerOffer, answer_offer
from shopkeeper.flows.service.aftersale.commands.end_aftersale import RefuseAfterSale, refuse_aftersale
from shopkeeper.flows.service.aftersale.commands.watch_refunds import WatchRefund, watch_refunds
from shopkeeper.flows.service.aftersale.models import AfterSaleCase, PlatformRefund, Refund, ReturnParcel
from shopkeeper.flows.service.aftersale.performers import Gateways, performers
from shopkeeper.flows.service.aftersale.ports import OutsideError, RefundDecision
from shopkeeper.flows.service.aftersale.states import Shot, Solution
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.errands import perform_due
from shopkeeper.foundation.models import ErrandEntry, Shop
from shopkeeper.integrations.platforms.own_orders import OrdersBesideOwn, ShipBackBesideOwn
from shopkeeper.integrations.platforms.taobao.refunds import TaobaoRefunds
from tests import factories as make
from tests.flows.service.aftersale import stage
from tests.outside import Outside, outside, sandboxes

__all__ = ["outside", "sandboxes"]
pytestmark = [pytest.mark.django_db, pytest.mark.clause("S2.3")]


@pytest.fixture
def shop(db: None, settings: Any, outside: Outside) -> Iterator[Shop]:
    settings.SHOPKEEPER_CLOCK = "simulated"
    business_time.set_simulated(outside.now)
    make.stock_up(make.make_sku(code="CUP-1", price_minor=3_990), (made := make.make_shop()).default_warehouse)  # type: ignore[arg-type]
    yield made


@pytest.fixture
def door(outside: Outside) -> TaobaoRefunds:
    return TaobaoRefunds(outside.gateway)


def go_on(outside: Outside, door: TaobaoRefunds, **span: int) -> None:
    """Time passes, and what is due is said."""
    business_time.set_simulated(outside.clock(timedelta(**(span or {"minutes": 1}))))
    gateways = Gateways({"taobao": door}, lambda ids: {i: replace(outside.shop, shop_id=i) for i in ids})
    perform_due(performers(gateways))


def a_refund_asked_for(outside: Outside, shop: Shop, door: TaobaoRefunds, words: str = "破损") -> AfterSaleCase:
    """An order placed and paid on the platform, ours too, and its buyer wants the money back."""
    (number,) = outside.place()
    (order,) = outside.orders.fetch(outside.shop, [number])
    (order_id,) = make.take_in(replace(order, shop_id=shop.pk))
    outside.control.act(number, "refund", reason=words)
    again(outside, shop, number)
    watch_refunds.one(SYSTEM, WatchRefund(order_id))
    go_on(outside, door)
    return AfterSaleCase.objects.get(order_id=order_id)


def again(outside: Outside, shop: Shop, number: str) -> None:
    business_time.set_simulated(outside.clock(timedelta(minutes=1)))
    (order,) = outside.orders.fetch(outside.shop, [number])
    make.take_in(replace(order, shop_id=shop.pk))


def agreed(case: AfterSaleCase) -> Refund:
    """The whole refund is offered and accepted: what has not left needs no evidence."""
    stage.accepted(case, Solution.REFUND_ONLY)
    return stage.refund_of(case)


def test_asked_read_agreed_and_booked_once(outside: Outside, shop: Shop, door: TaobaoRefunds) -> None:
    case = a_refund_asked_for(outside, shop, door)
    assert case.platform_refund is not None
    assert (case.reason, case.platform_refund.asked_minor) == ("damaged", 7_980)
    refund = agreed(case)
    go_on(outside, door)
    refund.refresh_from_db()
    case.refresh_from_db()
    assert (refund.state, case.state) == ("paid", "settled")
    number = case.order.platform_no
    assert outside.control.order(number)["status"] == "TRADE_CLOSED"
    again(outside, shop, number)
    watch_refunds.one(SYSTEM, WatchRefund(case.order_id))
    go_on(outside, door)
    assert [b.reference for b in BookedRefund.objects.all()] == [f"refund:{case.platform_refund.refund_no}"]


def test_a_lost_answer_pays_nothing_twice(outside: Outside, shop: Shop, door: TaobaoRefunds) -> None:
    case = a_refund_asked_for(outside, shop, door)
    refund = agreed(case)
    outside.control.misbehave("platform", "lost_answer", next=1, method="taobao.rp.refunds.agree")
    go_on(outside, door)
    refund.refresh_from_db()
    assert refund.state == "approved"
    go_on(outside, door, minutes=20)
    refund.refresh_from_db()
    assert refund.state == "paid"
    rows = [r for r in outside.control.ledger("refund_agree") if str(r["tid"]) == case.order.platform_no]
    assert [row["count"] for row in rows] == [1]
    assert BookedRefund.objects.count() == 1


def test_another_amount_than_was_asked_for_is_not_agreed_to(outside: Outside, shop: Shop, door: TaobaoRefunds) -> None:
    case = a_refund_asked_for(outside, shop, door)
    stage.accepted(case, Solution.REFUND_ONLY, refund_minor=5_000)
    go_on(outside, door)
    refund = stage.refund_of(case)
    assert (refund.state, refund.last_error) == ("failed", "amount_differs")
    assert outside.control.order(case.order.platform_no)["status"] == "WAIT_SELLER_SEND_GOODS"


def test_what_the_buyer_withdrew_ends_the_case(outside: Outside, shop: Shop, door: TaobaoRefunds) -> None:
    case = a_refund_asked_for(outside, shop, door)
    outside.control.act(case.order.platform_no, "refund_withdraw")
    watch_refunds.one(SYSTEM, WatchRefund(case.order_id))
    go_on(outside, door)
    case.refresh_from_db()
    assert (case.state, case.end_reason) == ("closed", "withdrawn")


def test_a_refusal_reaches_the_buyer_with_its_words(outside: Outside, shop: Shop, door: TaobaoRefunds) -> None:
    case = a_refund_asked_for(outside, shop, door)
    assert refuse_aftersale.one(SYSTEM, RefuseAfterSale(case.pk, "商品完好，不符合条件")).changed
    go_on(outside, door)
    assert PlatformRefund.objects.get(case=case).state == "refused"
    line = outside.control.order(case.order.platform_no)["orders"][0]
    assert line["refund_status"] == "SELLER_REFUSE_BUYER"


def test_the_goods_come_back_first(outside: Outside, shop: Shop, door: TaobaoRefunds) -> None:
    case = a_refund_asked_for(outside, shop, door, "不想要了")
    Order.objects.filter(id=case.order_id).update(open_holds=[])
    order_state = Order.objects.filter(id=case.order_id)
    for state in ("released", "picking", "to_pack", "packed", "shipped", "signed"):
        order_state.update(state=state)
    case = stage.offered(stage.proven(case, Shot.TAGS))
    assert answer_offer.one(SYSTEM, AnswerOffer(case.pk, 1, "accepted")).changed
    go_on(outside, door)
    assert PlatformRefund.objects.get(case=case).state == "return_awaited"
    outside.control.act(case.order.platform_no, "refund_return", company="圆通速递", number="YT1234567890123")
    watch_refunds.one(SYSTEM, WatchRefund(case.order_id))
    go_on(outside, door)
    parcel = ReturnParcel.objects.get(case=case)
    assert (parcel.state, parcel.number, parcel.courier) == ("on_the_way", "YT1234567890123", "yuantong")


def test_a_shop_without_such_a_door_is_believed_line_by_line(db: None, settings: Any) -> None:
    order = stage.signed_order(make.make_shop(platform="other"))
    line = stage.lines_of(order)[0]
    type(line).objects.filter(id=line.pk).update(refund_state="refunded")
    for _ in range(2):
        watch_refunds.one(SYSTEM, WatchRefund(order.pk))
        assert perform_due(performers(Gateways({}, lambda ids: {}))) == 1
    assert [(b.reference, b.refund_minor) for b in BookedRefund.objects.all()] == [(f"line:{line.pk}", 10_000)]
    assert not ErrandEntry.objects.exists()


def test_a_platform_that_is_down_is_asked_again(outside: Outside, shop: Shop, door: TaobaoRefunds) -> None:
    case = a_refund_asked_for(outside, shop, door)
    refund = agreed(case)
    outside.control.misbehave("platform", "down", probability=1)
    go_on(outside, door)
    outside.control.behave()
    refund.refresh_from_db()
    assert refund.state == "approved"
    assert ErrandEntry.objects.get(kind="pay_refund").attempts == 1


def test_the_adapters_words_for_what_the_platform_refuses(outside: Outside, shop: Shop, door: TaobaoRefunds) -> None:
    case = a_refund_asked_for(outside, shop, door)
    told = door.refunds_of(outside.shop, case.order.platform_no)[0]
    decision = RefundDecision(told.refund_no, told.platform_no, told.platform_line_no, 7_980, told.version, "onsale")
    for wrong, code in (
        (replace(decision, amount_minor=1), "amount_differs"),
        (replace(decision, version="1"), "refund_changed"),
    ):
        with pytest.raises(OutsideError) as refusal:
            door.agree(outside.shop, wrong)
        assert (refusal.value.kind, refusal.value.code) == ("permanent", code)
    assert door.agree(outside.shop, decision).standing == "paid"
    assert door.agree(outside.shop, replace(decision, is_repeat=True)).standing == "paid"
    with pytest.raises(OutsideError):
        door.refunds_of(outside.shop, "1")


def test_orders_of_our_own_are_said_to_nobody(outside: Outside) -> None:
    orders, ship_back = OrdersBesideOwn(outside.orders), ShipBackBesideOwn(outside.ship_back)
    (theirs,) = outside.place()
    assert orders.refund_open(outside.shop, ["OWN-SH0000000001", theirs, "1"]) == {"1"}
    assert [order.platform_no for order in orders.fetch(outside.shop, ["OWN-SH0000000001", theirs])] == [theirs]
    notice = ShipNotice("OWN-SH0000000001", (), "yuantong", "YT1234567890123")
    assert ship_back.send(outside.shop, notice).repeated is False
    assert not [r for r in outside.control.ledger("ship_back") if str(r["tid"]).startswith("OWN")]
