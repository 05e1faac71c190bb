"""O2.2, O3.1: packing, printing, voiding."""

import pytest

from shopkeeper.flows.fulfilment.intake.commands.cancel_orders import CancelOrder, cancel_orders
from shopkeeper.flows.fulfilment.intake.events import BuyerConfirmed, OrderCancelled
from shopkeeper.flows.fulfilment.intake.states import OrderState
from shopkeeper.flows.fulfilment.parcels.commands.cancel_parcels import CancelParcel, cancel_parcels
from shopkeeper.flows.fulfilment.parcels.commands.mark_packed import MarkPacked, mark_packed
from shopkeeper.flows.fulfilment.parcels.commands.print_labels import PrintLabel, print_labels
from shopkeeper.flows.fulfilment.parcels.permissions import Permission
from shopkeeper.flows.fulfilment.parcels.reactions import drop_parcels_of_cancelled, stop_watching_confirmed
from shopkeeper.flows.fulfilment.parcels.states import ParcelState
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.events import Recorded
from shopkeeper.foundation.models import ErrandEntry
from shopkeeper.sop.models import Deadline
from tests import factories
from tests.factories import NOON
from tests.flows.fulfilment.parcels import making


@pytest.mark.clause("O2.2")
def test_the_first_label_prints_and_the_second_needs_a_reason(clock: None) -> None:
    parcel = making.numbered_parcel()
    first = print_labels.one(SYSTEM, PrintLabel(parcel.pk))
    assert (first.code, first.facts) == ("done", {"print_no": 1})
    again = print_labels.one(SYSTEM, PrintLabel(parcel.pk))
    assert (again.code, again.facts) == ("reprint_needs_reason", {"print_count": 1})
    assert print_labels.one(SYSTEM, PrintLabel(parcel.pk, "  ")).code == "reprint_needs_reason"
    assert print_labels.one(SYSTEM, PrintLabel(parcel.pk, "卡纸")).facts == {"print_no": 2}
    assert making.again(parcel).print_count == 2


@pytest.mark.clause("O2.2")
def test_the_same_label_twice_in_one_batch_prints_once(clock: None) -> None:
    parcel = making.numbered_parcel()
    outcomes = print_labels(SYSTEM, [PrintLabel(parcel.pk), PrintLabel(parcel.pk)])
    assert making.codes(outcomes) == ["done", "reprint_needs_reason"]
    assert making.again(parcel).print_count == 1


@pytest.mark.clause("O2.2")
def test_no_label_without_a_number_or_for_a_void_parcel(clock: None) -> None:
    parcel = making.open_parcel()
    assert print_labels.one(SYSTEM, PrintLabel(parcel.pk)).code == "no_number"
    cancel_parcels.one(SYSTEM, CancelParcel(parcel.pk, "不要了"))
    assert print_labels.one(SYSTEM, PrintLabel(parcel.pk)).code == "parcel_cancelled"


@pytest.mark.clause("O2.2")
def test_packing_weighs_once(clock: None) -> None:
    parcel = making.numbered_parcel()
    assert mark_packed.one(SYSTEM, MarkPacked(parcel.pk, 420)).changed
    assert mark_packed.one(SYSTEM, MarkPacked(parcel.pk, 999)).code == "unchanged"
    assert (making.again(parcel).state, making.again(parcel).weight_g) == (ParcelState.PACKED, 420)


@pytest.mark.clause("O2.2")
@pytest.mark.parametrize("weight", [0, -1, 10**9])
def test_a_weight_must_be_possible(clock: None, weight: int) -> None:
    parcel = making.numbered_parcel()
    assert mark_packed.one(SYSTEM, MarkPacked(parcel.pk, weight)).code == "weight_out_of_bounds"


@pytest.mark.clause("O2.2")
def test_only_a_numbered_parcel_is_packed(clock: None) -> None:
    waiting, sent, void = making.open_parcel(), making.sent_parcel(), making.open_parcel()
    cancel_parcels.one(SYSTEM, CancelParcel(void.pk, "不要了"))
    outcomes = mark_packed(SYSTEM, [MarkPacked(parcel.pk, 100) for parcel in (waiting, sent, void)])
    assert making.codes(outcomes) == ["no_number", "already_left", "parcel_cancelled"]


@pytest.mark.clause("O3.1")
def test_a_void_parcel_gives_its_number_back(clock: None) -> None:
    parcel = making.packed_parcel()
    item = CancelParcel(parcel.pk, "买家改地址")
    assert making.codes(cancel_parcels(SYSTEM, [item, item])) == ["done", "unchanged"]
    assert making.again(parcel).state == ParcelState.CANCELLED
    assert ErrandEntry.objects.filter(kind="cancel_waybill", subject_id=parcel.pk).count() == 1
    assert cancel_parcels.one(SYSTEM, item).code == "unchanged"


@pytest.mark.clause("O3.1")
def test_what_left_cannot_be_void(clock: None) -> None:
    parcel = making.sent_parcel()
    assert cancel_parcels.one(SYSTEM, CancelParcel(parcel.pk, "晚了")).code == "already_left"


@pytest.mark.clause("O3.1")
def test_only_in_ones_own_shop(clock: None) -> None:
    parcel = making.numbered_parcel()
    may = (Permission.PARCEL_CANCEL, Permission.LABEL_PRINT)
    stranger = factories.actor_with(*may, shops=[factories.make_shop()])
    assert cancel_parcels.one(stranger, CancelParcel(parcel.pk, "x")).code == "not_found"
    assert print_labels.one(stranger, PrintLabel(parcel.pk)).code == "not_found"
    assert (making.again(parcel).state, making.again(parcel).print_count) == (ParcelState.NUMBERED, 0)


def _told(event: object) -> Recorded[object]:
    return Recorded(1, 1, event, NOON, 0, "O1.3")  # type: ignore[arg-type, type-var]


@pytest.mark.clause("O3.1")
def test_a_cancelled_order_takes_its_parcel_along(clock: None) -> None:
    parcel = making.numbered_parcel()
    cancel_orders.one(SYSTEM, CancelOrder(parcel.order_id, "买家取消"))
    event = OrderCancelled(parcel.order_id, parcel.shop_id, "picking")
    for _ in range(2):
        drop_parcels_of_cancelled(SYSTEM, [_told(event)])
    assert making.again(parcel).state == ParcelState.CANCELLED


@pytest.mark.clause("O3.2")
def test_a_confirmed_order_is_watched_no_longer(clock: None) -> None:
    parcel = making.sent_parcel()
    making.advance(parcel.order_id, OrderState.COMPLETED)
    for _ in range(2):
        stop_watching_confirmed(SYSTEM, [_told(BuyerConfirmed(parcel.order_id, parcel.shop_id))])
    left = Deadline.objects.filter(subject_id=parcel.pk).values_list("kind", flat=True)
    assert not {"parcel_stall", "parcel_promise", "tracking_pull"} & set(left)
