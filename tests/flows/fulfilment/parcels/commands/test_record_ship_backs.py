"""O3.1: numbers go to the platform until acknowledged; one notice; what is refused becomes work in time."""

from datetime import timedelta

import pytest

from shopkeeper.flows.fulfilment.parcels.commands.record_ship_backs import (
    CheckShipBack,
    ConfirmShipBack,
    RetryShipBack,
    ShipBackAnswer,
    check_ship_backs,
    confirm_ship_backs,
    record_ship_backs,
    retry_ship_backs,
)
from shopkeeper.flows.fulfilment.parcels.models import Notice, ParcelCase, ShipBack
from shopkeeper.flows.fulfilment.parcels.permissions import Permission
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.models import ErrandEntry
from shopkeeper.shared.errors import NotAllowed
from shopkeeper.sop.models import Deadline
from shopkeeper.sop.sweeper import sweep
from tests import factories
from tests.factories import NOON
from tests.flows.fulfilment.parcels import making

pytestmark = pytest.mark.clause("O3.1")


def taken(parcel_id: int) -> ShipBackAnswer:
    return ShipBackAnswer(parcel_id, "acknowledged", "T1 YT1")


def test_an_acknowledgement_is_final_and_is_the_notice(clock: None) -> None:
    parcel = making.sent_parcel()
    assert making.codes(record_ship_backs(SYSTEM, [taken(parcel.pk)] * 2)) == ["done", "unchanged"]
    report, notice = ShipBack.objects.get(parcel=parcel), Notice.objects.get(parcel=parcel)
    assert (report.state, report.attempts, report.acknowledged_at) == ("acknowledged", 1, NOON)
    assert (notice.via, notice.evidence, notice.sent_at) == ("platform", "T1 YT1", NOON)
    assert not Deadline.objects.filter(kind="ship_back", subject_id=parcel.pk).exists()
    late = ShipBackAnswer(parcel.pk, "failed", code="already_shipped")
    assert making.codes(record_ship_backs(SYSTEM, [taken(parcel.pk), late])) == ["unchanged", "unchanged"]
    assert Notice.objects.count() == 1
    assert not ParcelCase.objects.exists()


def test_a_delay_is_counted_and_tried_again(clock: None) -> None:
    parcel = making.sent_parcel()
    record_ship_backs.one(SYSTEM, ShipBackAnswer(parcel.pk, "delayed", code="http_503"))
    report = ShipBack.objects.get(parcel=parcel)
    assert (report.state, report.attempts, report.last_error) == ("pending", 1, "http_503")
    record_ship_backs.one(SYSTEM, taken(parcel.pk))
    report.refresh_from_db()
    assert (report.state, report.attempts, report.last_error) == ("acknowledged", 2, "")


def test_a_refusal_for_good_is_a_case_that_a_retry_settles(clock: None) -> None:
    parcel = making.sent_parcel()
    record_ship_backs.one(SYSTEM, ShipBackAnswer(parcel.pk, "failed", code="not_shippable"))
    case = ParcelCase.objects.get(parcel=parcel)
    assert (case.kind, case.cause, case.state) == ("not_acknowledged", "not_shippable", "open")
    due_at = Deadline.objects.get(kind="number_case", subject_id=case.pk).due_at
    assert due_at == ShipBack.objects.get(parcel=parcel).due_at
    ErrandEntry.objects.filter(kind="ship_back").delete()  # the first try ended
    assert making.codes(retry_ship_backs(SYSTEM, [RetryShipBack(parcel.pk)] * 2)) == ["done", "unchanged"]
    assert ErrandEntry.objects.filter(kind="ship_back", subject_id=parcel.pk).count() == 1
    assert ShipBack.objects.get(parcel=parcel).state == "pending"
    record_ship_backs.one(SYSTEM, taken(parcel.pk))
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("closed", "settled")
    assert retry_ship_backs.one(SYSTEM, RetryShipBack(parcel.pk)).code == "unchanged"


def test_a_person_may_confirm_what_they_saw(clock: None) -> None:
    parcel = making.sent_parcel()
    record_ship_backs.one(SYSTEM, ShipBackAnswer(parcel.pk, "failed", code="already_shipped"))
    item = ConfirmShipBack(parcel.pk, "千牛里看到同一单号")
    assert making.codes(confirm_ship_backs(SYSTEM, [item, item])) == ["done", "unchanged"]
    assert Notice.objects.get(parcel=parcel).evidence.endswith("千牛里看到同一单号")
    assert not ParcelCase.objects.exclude(state="closed").exists()


def test_nothing_of_this_before_the_hand_over(clock: None) -> None:
    parcel = making.packed_parcel()
    assert record_ship_backs.one(SYSTEM, taken(parcel.pk)).code == "not_handed_over"
    assert retry_ship_backs.one(SYSTEM, RetryShipBack(parcel.pk)).code == "not_handed_over"
    assert confirm_ship_backs.one(SYSTEM, ConfirmShipBack(parcel.pk, "看到了")).code == "not_handed_over"


def test_before_the_ship_by_it_is_raised_and_after_it_late(clock: None) -> None:
    parcel = making.sent_parcel()
    ship_by = ShipBack.objects.get(parcel=parcel).due_at
    watch = Deadline.objects.get(kind="ship_back", subject_id=parcel.pk)
    assert watch.due_at == ship_by - timedelta(hours=2)
    business_time.set_simulated(watch.due_at)
    sweep()
    assert ParcelCase.objects.get(parcel=parcel, kind="not_acknowledged").cause == "not_acknowledged"
    watch.refresh_from_db()
    assert (watch.due_at, watch.late_at) == (ship_by, None)
    business_time.set_simulated(ship_by + timedelta(seconds=1))
    sweep()
    watch.refresh_from_db()
    assert watch.late_at is not None
    record_ship_backs.one(SYSTEM, taken(parcel.pk))
    assert not Deadline.objects.filter(kind="ship_back").exists()
    assert check_ship_backs.one(SYSTEM, CheckShipBack(parcel.pk)).code == "unchanged"


def test_only_who_may_and_only_where(clock: None) -> None:
    parcel = making.sent_parcel()
    record_ship_backs.one(SYSTEM, ShipBackAnswer(parcel.pk, "failed", code="not_shippable"))
    with pytest.raises(NotAllowed):
        retry_ship_backs.one(factories.actor_with(Permission.PARCEL_VIEW), RetryShipBack(parcel.pk))
    stranger = factories.actor_with(Permission.SHIP_BACK_RETRY, shops=[factories.make_shop()])
    assert retry_ship_backs.one(stranger, RetryShipBack(parcel.pk)).code == "not_found"
    assert ShipBack.objects.get(parcel=parcel).state == "failed"
