"""S2.2 through the real adapters over HTTP: address, cancellation, interception; lost answers, refusals."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from shopkeeper.flows.fulfilment.intake.models import Order
from shopkeeper.flows.fulfilment.parcels.ports import Contact
from shopkeeper.flows.service.tickets.commands.answer_changes import FollowChange, follow_changes
from shopkeeper.flows.service.tickets.commands.request_changes import RequestChange, request_changes
from shopkeeper.flows.service.tickets.models import OrderChange
from shopkeeper.flows.service.tickets.performers import Gateways, performers
from shopkeeper.flows.service.tickets.ports import InterceptRequest, NewReceiver
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.errands import perform_due
from shopkeeper.foundation.models import Shop
from shopkeeper.integrations.platforms.taobao.order_changes import TaobaoOrderChanges
from shopkeeper.shared.outside import OutsideError
from tests import factories
from tests.flows.service.tickets.commands.test_changes import WISH
from tests.flows.service.tickets.stage import events_of
from tests.outside import Outside, a_waybill, outside, sandboxes

__all__ = ["outside", "sandboxes"]
pytestmark = pytest.mark.clause("S2.2")
RECEIVER = NewReceiver("李雷", "13700005678", "江苏省", "南京市", "鼓楼区", "中山北路1号2栋303室")


@pytest.fixture
def platform(outside: Outside) -> TaobaoOrderChanges:
    return TaobaoOrderChanges(outside.gateway)


def status(outside: Outside, no: str) -> str:
    return str(outside.control.order(no)["status"])


def refusal(call: Any, *args: Any) -> OutsideError:
    with pytest.raises(OutsideError) as caught:
        call(*args)
    return caught.value


def test_another_address_is_written_once(outside: Outside, platform: TaobaoOrderChanges) -> None:
    (no,) = outside.place()
    outside.control.misbehave("platform", "lost_answer", next=1, method="taobao.trade.shippingaddress.update")
    platform.change_address(outside.shop, no, RECEIVER)
    order = outside.control.order(no)
    assert (order["receiver"]["name"], order["receiver"]["city"]) == ("李雷", "南京市")
    modified = order["modified"]
    outside.clock(timedelta(minutes=1))
    platform.change_address(outside.shop, no, RECEIVER)
    assert outside.control.order(no)["modified"] == modified


def test_an_order_that_has_left_is_not_changed(outside: Outside, platform: TaobaoOrderChanges) -> None:
    from shopkeeper.flows.fulfilment.parcels.ports import ShipNotice

    (no,) = outside.place()
    outside.ship_back.send(outside.shop, ShipNotice(no, (), "yuantong", "YT9990000000001"))
    assert refusal(platform.change_address, outside.shop, no, RECEIVER).code == "not_changeable"
    assert refusal(platform.close, outside.shop, no, "changed_mind").code == "not_changeable"


def test_an_unpaid_order_is_closed_by_the_seller(outside: Outside, platform: TaobaoOrderChanges) -> None:
    (no,) = outside.place(paid=False)
    platform.close(outside.shop, no, "duplicate")
    assert status(outside, no) == "TRADE_CLOSED_BY_TAOBAO"
    platform.close(outside.shop, no, "duplicate")  # closed already: harmless


def test_a_paid_order_is_closed_by_agreeing_to_the_buyers_refund(
    outside: Outside, platform: TaobaoOrderChanges
) -> None:
    (no,) = outside.place()
    assert refusal(platform.close, outside.shop, no, "changed_mind").code == "buyer_must_apply"
    outside.control.act(no, "refund")
    platform.close(outside.shop, no, "changed_mind")
    assert status(outside, no) == "TRADE_CLOSED"
    platform.close(outside.shop, no, "changed_mind")


def an_interception(outside: Outside, courier: str = "yuantong", **fields: Any) -> InterceptRequest:
    number = outside.courier.order_waybill(a_waybill(f"{outside.shop.session}-{courier}", courier)).number
    outside.courier.subscribe(number, courier, "http://127.0.0.1:9/nowhere")
    return InterceptRequest("LJ0000000001" + outside.shop.session, courier, number, "return", "changed_mind", **fields)


def test_a_parcel_turns_round(outside: Outside) -> None:
    request = an_interception(outside)
    outside.clock(timedelta(hours=10))
    first = outside.courier.intercept(request)
    assert outside.courier.intercept(request) == first  # the same reference is the same request
    outside.clock(timedelta(hours=48))
    found = outside.courier.query(request.number, "yuantong")
    assert [event.state for event in found.events][-2:] == ["returning", "returned"]


def test_a_parcel_goes_to_another_address(outside: Outside) -> None:
    contact = Contact("李雷", "13700005678", "江苏省", "南京市", "鼓楼区", "中山北路1号")
    request = replace(an_interception(outside, receiver=contact), type="redirect")
    outside.clock(timedelta(hours=5))
    assert outside.courier.intercept(request).courier_ref
    outside.clock(timedelta(hours=48))
    assert outside.courier.query(request.number, "yuantong").state == "signed"


def test_what_a_courier_will_not_stop_it_says_in_our_words(outside: Outside) -> None:
    request = an_interception(outside)
    outside.clock(timedelta(hours=39))
    assert refusal(outside.courier.intercept, request).code == "out_for_delivery"
    outside.clock(timedelta(hours=20))
    assert refusal(outside.courier.intercept, request).code == "delivered_already"
    assert refusal(outside.courier.intercept, an_interception(outside, "ems")).code == "not_supported"


@pytest.fixture
def shop(db: None, settings: Any, outside: Outside) -> Iterator[Shop]:
    settings.SHOPKEEPER_CLOCK = "simulated"
    business_time.set_simulated(outside.now)
    yield factories.make_shop()


def moved_on(outside: Outside, **span: int) -> datetime:
    moment = outside.clock(timedelta(**span))
    business_time.set_simulated(moment)
    return moment


def pulled_order(outside: Outside, shop: Shop, since: datetime) -> int:
    until = moved_on(outside, minutes=5)
    (received,) = {order.platform_no: order for order in outside.pulled(since, until)}.values()
    (order_id,) = factories.take_in(replace(received, shop_id=shop.pk))
    return order_id


def perform(outside: Outside, platform: TaobaoOrderChanges) -> None:
    gateways = Gateways(
        {"taobao": platform},
        lambda ids: {id_: replace(outside.shop, shop_id=id_) for id_ in ids},
        outside.courier,
    )
    perform_due(performers(gateways))


def test_a_new_address_is_carried_through_to_our_order(
    outside: Outside, shop: Shop, platform: TaobaoOrderChanges
) -> None:
    since = outside.now
    outside.place()
    order_id = pulled_order(outside, shop, since)
    before = Order.objects.get(pk=order_id)
    outcome = request_changes.one(SYSTEM, RequestChange(order_id, "address", "wrong_address", receiver=WISH))
    perform(outside, platform)
    change = OrderChange.objects.get(pk=outcome.id)
    assert change.state == "acknowledged"
    since = moved_on(outside, seconds=1)
    (fetched,) = outside.orders.fetch(outside.shop, [before.platform_no])
    factories.take_in(replace(fetched, shop_id=shop.pk))
    told = events_of("intake.order_changed")[-1]
    assert told["address_changed"] is True
    follow_changes.one(SYSTEM, FollowChange(order_id, told["address_changed"]))
    change.refresh_from_db()
    order = Order.objects.get(pk=order_id)
    assert (change.state, order.city, order.province) == ("done", "南京市", "江苏省")
    assert bytes(order.receiver_sealed) != bytes(before.receiver_sealed)
    assert "address_changed" not in order.open_holds


def test_a_cancellation_waits_for_the_buyer_and_then_goes_through(
    outside: Outside, shop: Shop, platform: TaobaoOrderChanges
) -> None:
    since = outside.now
    (no,) = outside.place()
    order_id = pulled_order(outside, shop, since)
    outcome = request_changes.one(SYSTEM, RequestChange(order_id, "cancel", "changed_mind"))
    perform(outside, platform)
    change = OrderChange.objects.get(pk=outcome.id)
    assert (change.state, change.answer_code) == ("by_hand", "buyer_must_apply")
    moved_on(outside, minutes=1)
    outside.control.act(no, "refund")
    (fetched,) = outside.orders.fetch(outside.shop, [no])
    factories.take_in(replace(fetched, shop_id=shop.pk))
    follow_changes.one(SYSTEM, FollowChange(order_id))
    perform(outside, platform)
    change.refresh_from_db()
    assert (change.state, Order.objects.get(pk=order_id).state) == ("done", "cancelled")
    assert status(outside, no) == "TRADE_CLOSED"
