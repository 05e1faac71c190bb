"""O3.1: from the event log to the duty, through the readers as they are wired, and on to the list it leads to."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client

from shopkeeper.config.wiring import READERS
from shopkeeper.flows.fulfilment.intake.commands.cancel_orders import CancelOrder, cancel_orders
from shopkeeper.flows.fulfilment.intake.commands.hold_orders import HoldOrder, hold_orders
from shopkeeper.flows.fulfilment.intake.ports import ReceivedOrder
from shopkeeper.flows.fulfilment.parcels.commands.cancel_parcels import CancelParcel, cancel_parcels
from shopkeeper.flows.fulfilment.parcels.commands.hand_over_parcels import HandOver, hand_over_parcels
from shopkeeper.flows.fulfilment.parcels.commands.print_labels import PrintLabel, print_labels
from shopkeeper.flows.fulfilment.parcels.models import Parcel
from shopkeeper.foundation import business_time, readers
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.sop.models import Deadline
from shopkeeper.sop.roles import Role
from tests import factories
from tests.databases import FreshDatabase
from tests.factories import NOON
from tests.flows.fulfilment.warehouse.stage import Stage, set_stage

pytestmark = pytest.mark.clause("O3.1")
OURS = {reader.name: reader for reader in READERS if reader.name.startswith("warehouse.")}


@pytest.fixture
def stage(fresh_db: FreshDatabase) -> Stage:
    readers.ensure_cursors(list(OURS.values()))
    return set_stage()


def read_all() -> None:
    while readers.run_readers(OURS):
        pass


def packed(stage: Stage) -> tuple[Parcel, ReceivedOrder]:
    """A parcel closed at the station, and its order as the platform told it."""
    order = factories.received_order(stage.shop, factories.received_line(stage.sku(("A-01-01", 9))))
    [order_id] = factories.take_in(order)
    factories.release(stage.shop, order_id)
    packing = stage.opened(order_id)
    stage.check_all(packing)
    assert stage.close(packing, 280).changed
    return Parcel.objects.get(order_id=order_id), order


def calls() -> list[int]:
    return list(Deadline.objects.filter(kind="hand_over_call").values_list("subject_id", flat=True))


def test_packing_calls_and_the_last_hand_over_ends_it(stage: Stage) -> None:
    first, second = packed(stage)[0], packed(stage)[0]
    read_all()
    assert calls() == [stage.warehouse.pk]
    assert hand_over_parcels.one(SYSTEM, HandOver(first.pk)).changed
    read_all()
    assert calls() == [stage.warehouse.pk]
    assert hand_over_parcels.one(SYSTEM, HandOver(second.pk)).changed
    read_all()
    assert calls() == []


def _refunding(order: ReceivedOrder) -> ReceivedOrder:
    return replace(order, lines=(replace(order.lines[0], refund_state="requested"),))


TAKEN_AWAY: dict[str, Callable[[Parcel, ReceivedOrder], object]] = {
    "held": lambda parcel, order: hold_orders.one(SYSTEM, HoldOrder(parcel.order_id)),
    "cancelled": lambda parcel, order: cancel_orders.one(SYSTEM, CancelOrder(parcel.order_id, "买家取消")),
    "void": lambda parcel, order: cancel_parcels.one(SYSTEM, CancelParcel(parcel.pk, "面单破损")),
    "refund": lambda parcel, order: factories.take_in(
        replace(_refunding(order), modified_at=NOON + timedelta(minutes=1))
    ),
}


@pytest.mark.parametrize("how", TAKEN_AWAY)
def test_whatever_takes_the_parcel_from_the_door_ends_the_call(stage: Stage, how: str) -> None:
    parcel, order = packed(stage)
    read_all()
    assert calls() == [stage.warehouse.pk]
    TAKEN_AWAY[how](parcel, order)
    read_all()
    assert calls() == []


def test_a_ship_by_that_the_platform_moves_moves_the_call(stage: Stage) -> None:
    _, order = packed(stage)
    read_all()
    sooner = business_time.now() + timedelta(hours=2)
    factories.take_in(replace(order, ship_by_at=sooner, modified_at=NOON + timedelta(minutes=1)))
    read_all()
    assert Deadline.objects.get(kind="hand_over_call").due_at == sooner


def test_a_hand_over_that_commits_late_still_ends_the_call(stage: Stage) -> None:
    """Others have gone on reading in the meantime: what they counted is counted again."""
    parcel, other = packed(stage)[0], packed(stage)[0]
    done, commit = threading.Event(), threading.Event()

    def hand_over_slowly() -> None:
        try:
            with transaction.atomic():
                assert hand_over_parcels.one(SYSTEM, HandOver(parcel.pk)).changed
                done.set()
                assert commit.wait(30)
        finally:
            connection.close()

    slow = threading.Thread(target=hand_over_slowly)
    slow.start()
    assert done.wait(30)
    assert hand_over_parcels.one(SYSTEM, HandOver(other.pk)).changed
    read_all()
    commit.set()
    slow.join()
    read_all()
    assert calls() == []


def test_the_duty_leads_to_the_parcels_of_its_warehouse(stage: Stage) -> None:
    elsewhere = set_stage()
    here, there = packed(stage)[0], packed(elsewhere)[0]
    for parcel in (here, there):
        assert print_labels.one(SYSTEM, PrintLabel(parcel.pk)).changed
    read_all()
    client = Client(headers={"accept-language": "zh"})
    client.force_login(factories.make_person(Role.WAREHOUSE, warehouses=[stage.warehouse, elsewhere.warehouse]))
    work = client.get("/").content.decode()
    url = f"/warehouse/hand-over/?warehouse={stage.warehouse.pk}"
    assert "有包裹待交运" in work
    assert stage.warehouse.name in work
    assert f'href="{url}"' in work
    listed = client.get(url).content.decode()
    assert here.label in listed
    assert there.label not in listed
    everything = {"all_matching": "1", "list_query": f"?warehouse={stage.warehouse.pk}", "form_token": "h1"}
    client.post("/warehouse/hand-over/many/", everything)
    states = dict(Parcel.objects.values_list("id", "state"))
    assert states == {here.pk: "handed_over", there.pk: "packed"}
    read_all()
    assert calls() == [elsewhere.warehouse.pk]
