"""O3.1, O3.2 through the real adapters over HTTP: number, hand-over, report, push, query; with answers lost."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

import pytest
from django.test import RequestFactory

from shopkeeper.flows.fulfilment.intake.commands.release_orders import ReleaseOrder, release_orders
from shopkeeper.flows.fulfilment.intake.models import Order, OrderLine
from shopkeeper.flows.fulfilment.intake.states import OrderState
from shopkeeper.flows.fulfilment.parcels.commands.hand_over_parcels import HandOver, hand_over_parcels
from shopkeeper.flows.fulfilment.parcels.commands.mark_packed import MarkPacked, mark_packed
from shopkeeper.flows.fulfilment.parcels.commands.open_parcels import OpenParcel, open_parcels
from shopkeeper.flows.fulfilment.parcels.hooks import tracking_pushes
from shopkeeper.flows.fulfilment.parcels.models import Parcel, ShipBack
from shopkeeper.flows.fulfilment.parcels.performers import CourierAccount, Gateways, performers
from shopkeeper.flows.fulfilment.parcels.states import ParcelState
from shopkeeper.flows.products.stock.commands.allot_lots import AllotLine, allot_lots
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.errands import perform_due
from shopkeeper.foundation.models import ErrandEntry, Shop
from tests import factories
from tests.flows.fulfilment.parcels import making
from tests.outside import Inbox, Outside, inbox, outside, sandboxes

__all__ = ["inbox", "outside", "sandboxes"]


@pytest.fixture
def shop(db: None, settings: Any, outside: Outside) -> Iterator[Shop]:
    settings.SHOPKEEPER_CLOCK = "simulated"
    business_time.set_simulated(outside.now)
    yield factories.make_shop()


def gateways(outside: Outside, inbox: Inbox, shop: Shop) -> Gateways:
    return Gateways(
        outside.courier,
        lambda code: CourierAccount(f"acct-{code}", "key"),
        {"taobao": outside.ship_back},
        lambda ids: {id_: replace(outside.shop, shop_id=id_) for id_ in ids},
        inbox.url,
    )


def moved_on(outside: Outside, **span: int) -> datetime:
    moment = outside.clock(timedelta(**span))
    business_time.set_simulated(moment)
    return moment


def a_parcel_of_the_platform(outside: Outside, shop: Shop) -> Parcel:
    """An order placed on the platform, pulled, checked and given its parcel."""
    sku = factories.make_sku(code="CUP-1")
    warehouse = shop.default_warehouse
    assert warehouse
    factories.stock_up(sku, warehouse)
    since = outside.now
    outside.place()
    until = moved_on(outside, minutes=5)
    (received,) = {order.platform_no: order for order in outside.pulled(since, until)}.values()
    (order_id,) = factories.take_in(replace(received, shop_id=shop.pk))
    factories.open_session(shop)
    released = release_orders.one(SYSTEM, ReleaseOrder(order_id))
    assert released.ok, (released, Order.objects.get(id=order_id).open_holds)
    lines = OrderLine.objects.filter(order_id=order_id).values_list("id", flat=True)
    allot_lots(SYSTEM, [AllotLine(line, order_id) for line in lines])
    making.advance(order_id, OrderState.PICKING)
    opened = open_parcels.one(SYSTEM, OpenParcel(order_id, warehouse.pk))
    return Parcel.objects.get(id=opened.id)


def packed_and_sent(parcel: Parcel) -> Parcel:
    making.advance(parcel.order_id, OrderState.TO_PACK)
    assert mark_packed.one(SYSTEM, MarkPacked(parcel.pk, 300)).ok
    making.advance(parcel.order_id, OrderState.PACKED)
    assert hand_over_parcels.one(SYSTEM, HandOver(parcel.pk)).ok
    return making.again(parcel)


@pytest.mark.clause("O3.1")
def test_a_parcel_goes_out_through_the_real_doors(outside: Outside, inbox: Inbox, shop: Shop) -> None:
    parcel = a_parcel_of_the_platform(outside, shop)
    perform = performers(gateways(outside, inbox, shop))
    outside.control.misbehave("courier", "lost_answer", next=1)
    outside.control.misbehave("platform", "lost_answer", next=1, method="taobao.logistics.offline.send")
    for _ in range(3):
        perform_due(perform)
        moved_on(outside, minutes=11)
    parcel = making.again(parcel)
    assert parcel.state == ParcelState.NUMBERED
    parcel = packed_and_sent(parcel)
    for _ in range(3):
        perform_due(perform)
        moved_on(outside, minutes=11)
    report = ShipBack.objects.get(parcel=parcel)
    assert (report.state, report.attempts) == ("acknowledged", 2)
    (row,) = [r for r in outside.control.ledger("ship_back") if str(r["tid"]) == parcel.order.platform_no]
    assert (row["number"], row["accepted"], row["lost_answers"]) == (parcel.number, True, 1)
    waybills = [r for r in outside.control.ledger("waybill") if r.get("number") == parcel.number]
    assert len(waybills) == 1
    assert not ErrandEntry.objects.filter(kind__in=["order_waybill", "ship_back", "subscribe_tracking"]).exists()

    door = tracking_pushes(lambda: outside.courier)
    for _ in range(6):
        moved_on(outside, hours=8)
        outside.control.settle()
        while inbox.posts:
            _, body = inbox.posts.pop(0)
            form = dict(parse_qsl(body.decode()))
            assert door(RequestFactory().post("/hooks/courier/", form)).status_code == 200
    assert making.again(parcel).state == ParcelState.SIGNED
    assert Order.objects.get(id=parcel.order_id).state == OrderState.SIGNED


@pytest.mark.clause("O3.2")
def test_what_was_never_pushed_is_asked_for(outside: Outside, inbox: Inbox, shop: Shop) -> None:
    from shopkeeper.sop.sweeper import sweep

    parcel = a_parcel_of_the_platform(outside, shop)
    perform = performers(gateways(outside, inbox, shop))
    perform_due(perform)
    parcel = packed_and_sent(making.again(parcel))
    outside.control.misbehave("pushes", "lost", probability=1.0)
    perform_due(perform)
    for _ in range(3):
        moved_on(outside, hours=25)
        sweep()
        perform_due(perform)
    assert making.again(parcel).state == ParcelState.SIGNED
