"""O3.1: each order gets its parcel, its courier with a reason, and its number is asked for."""

import pytest

from shopkeeper.flows.fulfilment.intake.models import Order
from shopkeeper.flows.fulfilment.intake.states import OrderState
from shopkeeper.flows.fulfilment.parcels.commands.open_parcels import OpenParcel, open_parcels
from shopkeeper.flows.fulfilment.parcels.models import Parcel
from shopkeeper.flows.fulfilment.parcels.permissions import Permission
from shopkeeper.flows.fulfilment.parcels.states import ParcelState
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.models import ErrandEntry
from shopkeeper.sop.models import PolicyValue
from tests import factories
from tests.factories import NOON
from tests.flows.fulfilment.parcels import making

pytestmark = pytest.mark.clause("O3.1")


def test_a_parcel_is_opened_with_courier_and_reason(clock: None) -> None:
    fragile = factories.make_sku(is_fragile=True, weight_g=700)
    parcel = making.open_parcel(sku=fragile, quantity=2)
    assert parcel.state == ParcelState.AWAITING_NUMBER
    assert (parcel.courier_reason, parcel.marks, parcel.planned_weight_g) == ("fragile", ["fragile"], 1400)
    assert ErrandEntry.objects.filter(kind="order_waybill", subject_id=parcel.pk).count() == 1


def test_opening_again_keeps_the_parcel(clock: None) -> None:
    parcel = making.numbered_parcel()
    outcome = open_parcels.one(SYSTEM, OpenParcel(parcel.order_id, parcel.warehouse_id))
    assert (outcome.code, outcome.id) == ("unchanged", parcel.pk)
    assert Parcel.objects.count() == 1


def test_an_order_checked_again_after_packing_gets_another_label(clock: None) -> None:
    parcel = making.packed_parcel()
    making.advance(parcel.order_id, OrderState.TO_CHECK, OrderState.RELEASED)
    outcome = open_parcels.one(SYSTEM, OpenParcel(parcel.order_id, parcel.warehouse_id))
    assert outcome.changed
    assert outcome.id != parcel.pk
    assert making.again(parcel).state == ParcelState.CANCELLED
    assert ErrandEntry.objects.filter(kind="cancel_waybill", subject_id=parcel.pk).exists()


def test_a_changed_address_voids_the_parcel_and_opens_another(clock: None) -> None:
    parcel = making.numbered_parcel()
    Order.objects.filter(id=parcel.order_id).update(address_index=b"elsewhere")
    outcome = open_parcels.one(SYSTEM, OpenParcel(parcel.order_id, parcel.warehouse_id))
    assert outcome.changed
    assert outcome.id != parcel.pk
    assert making.again(parcel).state == ParcelState.CANCELLED
    assert ErrandEntry.objects.filter(kind="cancel_waybill", subject_id=parcel.pk).exists()


def test_not_before_the_order_is_released(clock: None) -> None:
    shop, sku = factories.make_shop(), factories.make_sku()
    assert shop.default_warehouse
    factories.stock_up(sku, shop.default_warehouse)
    order_id = factories.make_order(shop, factories.received_line(sku))
    warehouse_id = shop.default_warehouse.pk
    outcomes = open_parcels(SYSTEM, [OpenParcel(order_id, warehouse_id), OpenParcel(10**9, warehouse_id)])
    assert making.codes(outcomes) == ["order_not_released", "not_found"]
    assert not Parcel.objects.exists()


def test_a_part_must_make_sense(clock: None) -> None:
    parcel = making.open_parcel()
    for part, lines in ((0, ()), (21, ()), (2, (10**9,))):
        item = OpenParcel(parcel.order_id, parcel.warehouse_id, part, lines)
        assert open_parcels.one(SYSTEM, item).code == "bad_part"


def test_without_the_policy_no_number_is_asked_for(clock: None) -> None:
    PolicyValue.objects.create(key="request_numbers", value=False, set_at=NOON, set_by=0, reason="by hand here")
    parcel = making.open_parcel()
    assert not ErrandEntry.objects.filter(kind="order_waybill", subject_id=parcel.pk).exists()


def test_only_in_ones_own_shop_and_warehouse(clock: None) -> None:
    parcel = making.open_parcel()
    item = OpenParcel(parcel.order_id, parcel.warehouse_id, part=2)
    stranger = factories.actor_with(Permission.PARCEL_OPEN, shops=[factories.make_shop()])
    assert open_parcels.one(stranger, item).code == "not_found"
    elsewhere = factories.actor_with(Permission.PARCEL_OPEN, warehouses=[factories.make_warehouse()])
    assert open_parcels.one(elsewhere, item).code == "not_found"
    assert Parcel.objects.count() == 1
