"""O3.1: the hand-over looks once more, posts, and reports; twice is once."""

import threading

import pytest
from django.db import connection

from shopkeeper.flows.fulfilment.intake.commands.hold_orders import HoldOrder, hold_orders
from shopkeeper.flows.fulfilment.intake.models import Order
from shopkeeper.flows.fulfilment.intake.states import OrderState
from shopkeeper.flows.fulfilment.parcels.commands.hand_over_parcels import HandOver, hand_over_parcels
from shopkeeper.flows.fulfilment.parcels.models import Parcel, ShipBack
from shopkeeper.flows.fulfilment.parcels.permissions import Permission
from shopkeeper.flows.fulfilment.parcels.states import ParcelState
from shopkeeper.flows.products.stock.models import Promise, Stock
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.models import ErrandEntry
from shopkeeper.shared.errors import NotAllowed
from shopkeeper.sop.models import Deadline
from tests import factories
from tests.flows.fulfilment.parcels import making

pytestmark = pytest.mark.clause("O3.1")


def test_a_parcel_leaves_with_everything_that_follows(clock: None) -> None:
    parcel = making.packed_parcel(quantity=3)
    outcome = hand_over_parcels.one(SYSTEM, HandOver(parcel.pk))
    assert outcome.changed
    parcel, order = making.again(parcel), Order.objects.get(id=parcel.order_id)
    assert parcel.state == ParcelState.HANDED_OVER
    assert parcel.handed_over_at is not None
    assert order.state == OrderState.SHIPPED
    assert order.shipped_at == parcel.handed_over_at
    assert not Promise.objects.filter(order_id=order.pk).exists()
    assert list(Stock.objects.filter(warehouse=parcel.warehouse).values_list("on_hand", "promised")) == [(0, 0)]
    assert ShipBack.objects.get(parcel=parcel).due_at == order.ship_by_at
    kinds = set(ErrandEntry.objects.filter(subject_id=parcel.pk).values_list("kind", flat=True))
    assert {"ship_back", "subscribe_tracking"} <= kinds
    watches = set(Deadline.objects.filter(subject_id=parcel.pk).values_list("kind", flat=True))
    assert {"ship_back", "parcel_stall", "parcel_promise", "tracking_pull"} <= watches
    assert (parcel.promised_at - parcel.handed_over_at).total_seconds() == 72 * 3600  # type: ignore[operator]


def test_twice_is_once(clock: None) -> None:
    parcel = making.packed_parcel()
    outcomes = hand_over_parcels(SYSTEM, [HandOver(parcel.pk), HandOver(parcel.pk)])
    assert making.codes(outcomes) == ["done", "unchanged"]
    assert hand_over_parcels.one(SYSTEM, HandOver(parcel.pk)).code == "unchanged"
    assert ShipBack.objects.count() == 1


@pytest.mark.parametrize(("stage", "code"), [(making.open_parcel, "no_number"), (making.numbered_parcel, "not_packed")])
def test_what_is_not_ready_stays(clock: None, stage: object, code: str) -> None:
    parcel: Parcel = stage()  # type: ignore[operator]
    assert hand_over_parcels.one(SYSTEM, HandOver(parcel.pk)).code == code
    assert making.again(parcel).state == parcel.state
    assert not ShipBack.objects.exists()


@pytest.mark.parametrize("refund_state", ["requested", "refunded"])
def test_a_refund_asked_for_stops_the_parcel_at_the_last_door(clock: None, refund_state: str) -> None:
    parcel = making.packed_parcel()
    Order.objects.filter(id=parcel.order_id).update(refund_state=refund_state)
    assert hand_over_parcels.one(SYSTEM, HandOver(parcel.pk)).code == "refund_open"
    assert making.again(parcel).state == ParcelState.PACKED
    assert Promise.objects.filter(order_id=parcel.order_id).exists()


def test_a_held_order_stays(clock: None) -> None:
    parcel = making.packed_parcel()
    hold_orders.one(SYSTEM, HoldOrder(parcel.order_id))
    outcome = hand_over_parcels.one(SYSTEM, HandOver(parcel.pk))
    assert outcome.code == "order_on_hold"
    assert outcome.facts["holds"] == "by_hand"


def test_an_order_that_is_not_packed_stays(clock: None) -> None:
    parcel = making.packed_parcel()
    making.advance(parcel.order_id, OrderState.TO_CHECK)
    assert hand_over_parcels.one(SYSTEM, HandOver(parcel.pk)).code == "order_not_packed"


def test_a_changed_address_makes_the_label_worthless(clock: None) -> None:
    parcel = making.packed_parcel()
    Order.objects.filter(id=parcel.order_id).update(address_index=b"elsewhere")
    assert hand_over_parcels.one(SYSTEM, HandOver(parcel.pk)).code == "address_changed"


def test_without_allotted_pieces_nothing_leaves(clock: None) -> None:
    from shopkeeper.flows.products.stock.commands.release_promises import ReleasePromise, release_promises

    parcel = making.packed_parcel()
    release_promises.one(SYSTEM, ReleasePromise(parcel.order_id))
    assert hand_over_parcels.one(SYSTEM, HandOver(parcel.pk)).code == "nothing_allotted"
    assert making.again(parcel).state == ParcelState.PACKED
    assert Order.objects.get(id=parcel.order_id).state == OrderState.PACKED


def test_one_bad_parcel_does_not_keep_the_others(clock: None) -> None:
    good, bad = making.packed_parcel(), making.numbered_parcel()
    outcomes = hand_over_parcels(SYSTEM, [HandOver(bad.pk), HandOver(good.pk)])
    assert making.codes(outcomes) == ["not_packed", "done"]


def test_an_order_in_two_parcels_is_shipped_with_the_last(clock: None) -> None:
    from shopkeeper.flows.fulfilment.parcels.commands.enter_numbers import EnterNumber, enter_numbers
    from shopkeeper.flows.fulfilment.parcels.commands.mark_packed import MarkPacked, mark_packed
    from shopkeeper.flows.fulfilment.parcels.commands.open_parcels import OpenParcel, open_parcels

    first = making.numbered_parcel()
    second = open_parcels.one(SYSTEM, OpenParcel(first.order_id, first.warehouse_id, part=2)).id or 0
    enter_numbers.one(SYSTEM, EnterNumber(second, making.number_of(second), "yuantong"))
    making.advance(first.order_id, OrderState.TO_PACK)
    mark_packed(SYSTEM, [MarkPacked(first.pk, 100), MarkPacked(second, 100)])
    making.advance(first.order_id, OrderState.PACKED)
    assert hand_over_parcels.one(SYSTEM, HandOver(first.pk)).changed
    assert Order.objects.get(id=first.order_id).state == OrderState.PACKED
    assert Promise.objects.filter(order_id=first.order_id).exists()
    assert hand_over_parcels.one(SYSTEM, HandOver(second)).changed
    assert Order.objects.get(id=first.order_id).state == OrderState.SHIPPED
    assert ShipBack.objects.count() == 2


def test_only_who_may_and_only_where(clock: None) -> None:
    parcel = making.packed_parcel()
    with pytest.raises(NotAllowed):
        hand_over_parcels.one(factories.actor_with(Permission.PARCEL_VIEW), HandOver(parcel.pk))
    for elsewhere in (
        {"shops": [factories.make_shop()]},
        {"warehouses": [factories.make_warehouse()]},
    ):
        stranger = factories.actor_with(Permission.PARCEL_HAND_OVER, **elsewhere)  # type: ignore[arg-type]
        assert hand_over_parcels.one(stranger, HandOver(parcel.pk)).code == "not_found"
    assert making.again(parcel).state == ParcelState.PACKED


def test_two_hands_at_once_make_one_ship_back(fresh_clock: object) -> None:
    parcel = making.packed_parcel()
    barrier, codes = threading.Barrier(4), []

    def hand_over() -> None:
        barrier.wait()
        try:
            codes.append(hand_over_parcels.one(SYSTEM, HandOver(parcel.pk)).code)
        finally:
            connection.close()

    threads = [threading.Thread(target=hand_over) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == ["done", "unchanged", "unchanged", "unchanged"]
    assert ShipBack.objects.count() == 1
    assert ErrandEntry.objects.filter(kind="ship_back").count() == 1


def test_the_number_of_statements_does_not_grow_with_the_batch(clock: None) -> None:
    from django.test.utils import CaptureQueriesContext

    shop = factories.make_shop()
    counts = []
    for size in (1, 5):
        ids = [making.packed_parcel(shop=shop).pk for _ in range(size)]
        with CaptureQueriesContext(connection) as queries:
            outcomes = hand_over_parcels(SYSTEM, [HandOver(id_) for id_ in ids])
        assert all(outcome.changed for outcome in outcomes)
        counts.append(len(queries))
    assert counts[0] == counts[1]
