"""O2.1: waves are released: most urgent first, lots first in first out, everybody in one slot."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from shopkeeper.flows.fulfilment.intake.models import Order
from shopkeeper.flows.fulfilment.parcels.models import Parcel
from shopkeeper.flows.fulfilment.warehouse.commands.call_for_waves import CallForWave, call_for_waves
from shopkeeper.flows.fulfilment.warehouse.commands.release_waves import ReleaseWaves, release_waves
from shopkeeper.flows.fulfilment.warehouse.models import PackLine, PickLine, Wave, WaveOrder
from shopkeeper.flows.fulfilment.warehouse.permissions import Permission
from shopkeeper.flows.fulfilment.warehouse.states import WaveState
from shopkeeper.flows.products.stock.models import Allotment, Lot
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.shared.errors import NotAllowed
from shopkeeper.sop.models import Deadline, PolicyValue
from tests import factories
from tests.databases import FreshDatabase
from tests.flows.fulfilment.warehouse.stage import books_balance, set_stage

pytestmark = pytest.mark.clause("O2.1")


def test_waiting_orders_become_a_wave(db: None) -> None:
    stage = set_stage()
    shirt, cup = stage.sku(("A-01-02", 20)), stage.sku(("A-01-01", 20))
    first = stage.order((shirt, 2), (cup, 1))
    second = stage.order((shirt, 1), gifts=[(cup, 1)])
    outcome = stage.release()
    assert outcome.changed
    wave = Wave.objects.get()
    assert outcome.facts["waves"] == [{"id": wave.pk, "number": wave.number, "orders": 2}]
    assert (wave.state, wave.order_count, wave.piece_count) == (WaveState.OPEN, 2, 5)
    assert [o.slot for o in WaveOrder.objects.order_by("slot")] == [1, 2]
    assert set(Order.objects.filter(id__in=[first, second]).values_list("state", flat=True)) == {"picking"}
    assert PackLine.objects.filter(is_gift=True).count() == 1
    assert Parcel.objects.filter(order_id__in=[first, second]).count() == 2
    duty = Deadline.objects.get(kind="wave_pick")
    assert (duty.subject_id, duty.role, duty.warehouse_id) == (wave.pk, "warehouse", stage.warehouse.pk)
    assert duty.due_at == duty.armed_at + timedelta(minutes=120)
    assert books_balance()


def test_lots_are_taken_first_in_first_out(db: None) -> None:
    stage = set_stage()
    shirt = stage.sku(("B-01-01", 3), ("A-01-01", 3), ("A-02-01", 9))
    Lot.objects.filter(code=f"{shirt.code}-L3").update(received_at=factories.NOON - timedelta(days=400))
    stage.release(stage.order((shirt, 8)))
    stage.release(stage.order((shirt, 4)))
    lines = PickLine.objects.order_by("order_id", "received_at")
    assert [(line.lot_code[-2:], line.quantity) for line in lines] == [("L3", 8), ("L3", 1), ("L1", 3)]
    Lot.objects.filter(code=f"{shirt.code}-L2").update(received_at=factories.NOON)
    stage.release(stage.order((shirt, 2)))
    assert PickLine.objects.latest("id").lot_code[-2:] == "L2"


def test_a_wave_holds_no_more_than_policy_and_the_most_urgent_first(db: None) -> None:
    stage = set_stage()
    PolicyValue.objects.create(key="wave_size_max", value=2, set_at=factories.NOON, set_by=0, reason="test")
    shirt = stage.sku(("A-01-01", 50))
    hours = [40, 10, 30, 20, 50]
    orders = {
        hour: stage.order((shirt, 1), ship_by_at=factories.NOON + timedelta(days=3650, hours=hour)) for hour in hours
    }
    outcome = stage.release()
    assert [wave["orders"] for wave in outcome.facts["waves"]] == [2, 2, 1]
    in_order = WaveOrder.objects.order_by("wave_id", "slot").values_list("order_id", flat=True)
    assert list(in_order) == [orders[hour] for hour in sorted(hours)]


def test_named_orders_only_and_again_is_unchanged(db: None) -> None:
    stage = set_stage()
    shirt = stage.sku(("A-01-01", 50))
    first, second = stage.order((shirt, 1)), stage.order((shirt, 1))
    assert stage.release(first).changed
    assert Order.objects.get(id=second).state == "released"
    assert stage.release(first).code == "unchanged"
    assert WaveOrder.objects.count() == 1
    assert stage.release().changed
    assert stage.release().code == "unchanged"


def test_an_order_that_is_not_released_is_refused(db: None) -> None:
    stage = set_stage()
    shirt = stage.sku(("A-01-01", 50))
    unchecked = factories.make_order(stage.shop, factories.received_line(shirt))
    outcome = stage.release(unchecked)
    assert (outcome.code, outcome.facts["orders"]) == ("orders_not_released", [unchecked])


def test_who_gets_no_lot_is_held_and_the_others_go(db: None) -> None:
    stage = set_stage()
    shirt, cup = stage.sku(("A-01-01", 50)), stage.sku(("A-01-02", 5))
    good, bad = stage.order((shirt, 1)), stage.order((shirt, 1), (cup, 2))
    Lot.objects.filter(sku=cup).update(on_hand=1)  # the books and the lots have come apart
    outcome = stage.release()
    assert outcome.facts["left_out"] == [bad]
    assert list(WaveOrder.objects.values_list("order_id", flat=True)) == [good]
    held = Order.objects.get(id=bad)
    assert (held.state, held.open_holds) == ("to_check", ["short_pick"])
    assert not Allotment.objects.filter(order_id=bad).exists()
    again = stage.order((cup, 2))
    assert stage.release(again).code == "no_lot_for_orders"


def test_without_permission_or_in_a_foreign_warehouse_nothing_happens(db: None) -> None:
    stage, other = set_stage(), set_stage()
    stage.order((stage.sku(("A-01-01", 5)), 1))
    item = ReleaseWaves(stage.warehouse.pk)
    with pytest.raises(NotAllowed):
        release_waves(factories.actor_with(Permission.PICK), [item])
    assert release_waves.one(other.picker, item).code == "not_found"
    assert not Wave.objects.exists()


def test_orders_of_shops_the_actor_does_not_see_stay(db: None) -> None:
    stage = set_stage()
    order = stage.order((stage.sku(("A-01-01", 5)), 1))
    other = factories.actor_with(Permission.WAVE_RELEASE, shops=[set_stage().shop])
    assert release_waves.one(other, ReleaseWaves(stage.warehouse.pk)).code == "unchanged"
    assert release_waves.one(other, ReleaseWaves(stage.warehouse.pk, (order,))).code == "orders_not_released"
    assert not Wave.objects.exists()


def test_the_same_warehouse_twice_in_a_batch_is_released_once(db: None) -> None:
    stage = set_stage()
    stage.order((stage.sku(("A-01-01", 5)), 1))
    item = ReleaseWaves(stage.warehouse.pk)
    outcomes = release_waves(stage.picker, [item, item])
    assert [outcome.code for outcome in outcomes] == ["done", "unchanged"]


def test_statements_do_not_grow_with_orders(db: None, django_assert_max_num_queries: object) -> None:
    from django.test.utils import CaptureQueriesContext

    stage = set_stage()
    shirt = stage.sku(("A-01-01", 500))
    counts = []
    for amount in (2, 20):
        for _ in range(amount):
            stage.order((shirt, 1))
        with CaptureQueriesContext(connection) as queries:
            assert stage.release().changed
        counts.append(len(queries))
    assert counts[1] <= counts[0]


def test_two_at_once_make_no_order_twice(fresh_db: FreshDatabase) -> None:
    stage = set_stage()
    shirt = stage.sku(("A-01-01", 60))
    for _ in range(12):
        stage.order((shirt, 1))

    def release(_: int) -> str:
        try:
            return stage.release().code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        codes = list(pool.map(release, range(4)))
    assert codes.count("done") >= 1
    assert set(codes) <= {"done", "unchanged"}
    assert WaveOrder.objects.count() == 12
    assert books_balance()


def test_the_call_for_a_wave_stands_until_nothing_waits(db: None) -> None:
    stage = set_stage()
    first = stage.order((stage.sku(("A-01-01", 5)), 1))
    assert call_for_waves.one(SYSTEM, CallForWave(stage.warehouse.pk)).changed
    call = Deadline.objects.get(kind="wave_call")
    assert call.due_at == Order.objects.get(id=first).state_at + timedelta(minutes=60)
    assert call_for_waves.one(SYSTEM, CallForWave(stage.warehouse.pk)).changed
    assert Deadline.objects.get(kind="wave_call").due_at == call.due_at
    stage.release()
    assert not Deadline.objects.filter(kind="wave_call").exists()
    assert call_for_waves.one(SYSTEM, CallForWave(stage.warehouse.pk)).code == "unchanged"
