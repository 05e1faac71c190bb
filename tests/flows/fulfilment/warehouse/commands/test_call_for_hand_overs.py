"""O3.1: packed parcels are somebody's work until the courier has them."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shopkeeper.flows.fulfilment.intake.commands.cancel_orders import CancelOrder, cancel_orders
from shopkeeper.flows.fulfilment.intake.commands.hold_orders import HoldOrder, hold_orders
from shopkeeper.flows.fulfilment.intake.models import Order
from shopkeeper.flows.fulfilment.parcels.commands.cancel_parcels import CancelParcel, cancel_parcels
from shopkeeper.flows.fulfilment.parcels.commands.hand_over_parcels import HandOver, hand_over_parcels
from shopkeeper.flows.fulfilment.parcels.models import Parcel
from shopkeeper.flows.fulfilment.warehouse.commands.call_for_hand_overs import CallForHandOver, call_for_hand_overs
from shopkeeper.flows.fulfilment.warehouse.reactions import call_by_new_times
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.events import Recorded
from shopkeeper.sop.commands.set_policy import SetPolicy, set_policy
from shopkeeper.sop.events import PolicyChanged
from shopkeeper.sop.models import Deadline
from shopkeeper.sop.roles import Role
from tests import factories
from tests.factories import NOON
from tests.flows.fulfilment.parcels import making

pytestmark = pytest.mark.clause("O3.1")


@pytest.fixture(autouse=True)
def at_noon(db: None, settings: Any) -> Iterator[None]:
    settings.SHOPKEEPER_CLOCK = "simulated"
    business_time.set_simulated(NOON)
    yield


def call(*parcels: Parcel) -> list[str]:
    places = dict.fromkeys(parcel.warehouse_id for parcel in parcels)
    return making.codes(call_for_hand_overs(SYSTEM, [CallForHandOver(place) for place in places]))


def the_call() -> Deadline:
    return Deadline.objects.get(kind="hand_over_call")


def hand_over(parcel: Parcel) -> None:
    assert hand_over_parcels.one(SYSTEM, HandOver(parcel.pk)).changed


def test_a_packed_parcel_is_the_warehouses_work(db: None) -> None:
    parcel = making.packed_parcel()
    assert call(parcel) == ["done"]
    duty = the_call()
    assert (duty.clause, duty.role, duty.subject_id) == ("O3.1", Role.WAREHOUSE, parcel.warehouse_id)
    assert (duty.warehouse_id, duty.shop_id, duty.label) == (parcel.warehouse_id, None, parcel.warehouse.name)
    assert duty.due_at == NOON + timedelta(hours=6)


def test_the_platforms_ship_by_comes_before_the_houses_own_time(db: None) -> None:
    parcel = making.packed_parcel(ship_by_at=NOON + timedelta(hours=2))
    call(parcel)
    assert the_call().due_at == NOON + timedelta(hours=2)


def test_without_a_ship_by_and_with_another_policy(db: None) -> None:
    assert set_policy.one(SYSTEM, SetPolicy("hand_over_hours", 3, "每天下午三点收件")).changed
    call(making.packed_parcel(ship_by_at=None))
    assert the_call().due_at == NOON + timedelta(hours=3)


def test_packed_past_its_ship_by_it_still_gets_a_while(db: None) -> None:
    call(making.packed_parcel(ship_by_at=NOON - timedelta(hours=1)))
    assert the_call().due_at == NOON + timedelta(minutes=30)


def test_a_call_that_ran_out_is_on_record_as_late_whatever_waits_after_it(db: None) -> None:
    first = making.packed_parcel()
    making.later(hours=5)
    second = making.packed_parcel(shop=first.shop)
    call(first)
    making.later(hours=4)
    hand_over(first)
    assert call(first) == ["done"]
    assert (the_call().due_at, the_call().late_at) == (NOON + timedelta(hours=11), None)
    hand_over(second)
    call(second)
    with connection.cursor() as cursor:
        cursor.execute("SELECT ending, was_late FROM sop_deadlineclosed WHERE kind = 'hand_over_call' ORDER BY id")
        assert cursor.fetchall() == [("done", True), ("done", False)]


def test_a_new_time_counts_for_what_stands_at_the_door(db: None) -> None:
    parcel = making.packed_parcel()
    call(parcel)
    assert set_policy.one(SYSTEM, SetPolicy("hand_over_hours", 2, "每天两次收件")).changed
    for key, hours in (("pull_minutes", 6), ("hand_over_hours", 2)):
        call_by_new_times(SYSTEM, [Recorded(1, 1, PolicyChanged(key, None, "2"), NOON, 0, "G3")])
        assert the_call().due_at == NOON + timedelta(hours=hours)


def test_the_call_is_due_by_the_first_that_must_leave_and_stands_until_none_waits(db: None) -> None:
    first = making.packed_parcel()
    shop = first.shop
    making.later(hours=2)
    second = making.packed_parcel(shop=shop)
    third = making.packed_parcel(shop=shop, ship_by_at=NOON + timedelta(hours=7))
    assert call(first) == ["done"]
    duty = the_call()
    assert duty.due_at == NOON + timedelta(hours=6)
    assert call(first) == ["unchanged"]
    assert Deadline.objects.filter(kind="hand_over_call").values().get() == _values(duty)
    hand_over(first)
    call(first)
    assert the_call().due_at == NOON + timedelta(hours=7)
    hand_over(third)
    call(first)
    assert (the_call().due_at, the_call().pk) == (NOON + timedelta(hours=8), duty.pk)
    hand_over(second)
    assert call(first) == ["done"]
    assert not Deadline.objects.filter(kind="hand_over_call").exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT ending, was_late FROM sop_deadlineclosed WHERE kind = 'hand_over_call'")
        assert cursor.fetchall() == [("done", False)]
    assert call(first) == ["unchanged"]


def _values(duty: Deadline) -> dict[str, Any]:
    return {field.attname: getattr(duty, field.attname) for field in Deadline._meta.concrete_fields}


def _held(parcel: Parcel) -> None:
    assert hold_orders.one(SYSTEM, HoldOrder(parcel.order_id)).changed


def _marked(**fields: Any) -> Callable[[Parcel], None]:
    def mark(parcel: Parcel) -> None:
        Order.objects.filter(id=parcel.order_id).update(**fields)

    return mark


def _cancelled(parcel: Parcel) -> None:
    assert cancel_orders.one(SYSTEM, CancelOrder(parcel.order_id, "买家取消")).changed


def _void(parcel: Parcel) -> None:
    assert cancel_parcels.one(SYSTEM, CancelParcel(parcel.pk, "面单破损")).changed


@pytest.mark.parametrize(
    "take_away",
    [_held, _marked(open_holds=["by_hand"]), _marked(refund_state="requested"), _cancelled, _void],
    ids=["called back", "held", "refund open", "cancelled", "void"],
)
def test_what_may_not_leave_calls_for_nobody(db: None, take_away: Callable[[Parcel], None]) -> None:
    parcel = making.packed_parcel()
    assert call(parcel) == ["done"]
    take_away(parcel)
    assert call(parcel) == ["done"]
    assert not Deadline.objects.filter(kind="hand_over_call").exists()


def test_what_is_not_packed_yet_calls_for_nobody(db: None) -> None:
    assert call(making.numbered_parcel()) == ["unchanged"]
    assert not Deadline.objects.filter(kind="hand_over_call").exists()


def test_each_warehouse_has_its_own_call(db: None) -> None:
    here = making.packed_parcel()
    making.later(hours=1)
    there = making.packed_parcel()
    idle = factories.make_warehouse()
    places = [there.warehouse_id, idle.pk, here.warehouse_id, here.warehouse_id]
    outcomes = call_for_hand_overs(SYSTEM, [CallForHandOver(place) for place in places])
    assert making.codes(outcomes) == ["done", "unchanged", "done", "done"]
    dues = dict(Deadline.objects.filter(kind="hand_over_call").values_list("subject_id", "due_at"))
    assert dues == {
        here.warehouse_id: NOON + timedelta(hours=6),
        there.warehouse_id: NOON + timedelta(hours=7),
    }
    hand_over(here)
    call(here)
    assert the_call().subject_id == there.warehouse_id


def test_the_number_of_statements_does_not_grow_with_the_batch(db: None) -> None:
    parcels = [making.packed_parcel() for _ in range(3)]
    counts = []
    for some in (parcels[:1], parcels[1:]):
        with CaptureQueriesContext(connection) as seen:
            assert set(call(*some)) == {"done"}
        counts.append(len(seen))
    assert counts[0] == counts[1]
