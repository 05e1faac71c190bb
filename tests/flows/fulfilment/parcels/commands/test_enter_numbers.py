"""O3.1: one number ↔ one parcel, checked against the courier's format, whoever enters it."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction

from shopkeeper.flows.fulfilment.parcels.commands.cancel_parcels import CancelParcel, cancel_parcels
from shopkeeper.flows.fulfilment.parcels.commands.enter_numbers import (
    EnterNumber,
    RequestNumber,
    WaybillFailure,
    enter_numbers,
    record_waybill_failures,
    request_numbers,
)
from shopkeeper.flows.fulfilment.parcels.models import Parcel, ParcelCase
from shopkeeper.flows.fulfilment.parcels.permissions import Permission
from shopkeeper.flows.fulfilment.parcels.states import ParcelState
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.models import ErrandEntry
from shopkeeper.shared.errors import NotAllowed
from shopkeeper.sop.models import Deadline
from tests import factories
from tests.flows.fulfilment.parcels import making

pytestmark = pytest.mark.clause("O3.1")
NUMBER = "YT1234567890123"


def test_a_number_is_entered_as_it_was_scanned(clock: None) -> None:
    parcel = making.open_parcel()
    outcome = enter_numbers.one(SYSTEM, EnterNumber(parcel.pk, " yt1234567890123 ", "yuantong", "021-A1", "杭州集"))
    assert outcome.changed
    parcel = making.again(parcel)
    assert (parcel.state, parcel.courier, parcel.number) == (ParcelState.NUMBERED, "yuantong", NUMBER)
    assert (parcel.routing_code, parcel.hub) == ("021-A1", "杭州集")


def test_the_same_number_again_changes_nothing(clock: None) -> None:
    parcel = making.numbered_parcel()
    item = EnterNumber(parcel.pk, parcel.number or "", "yuantong")
    assert making.codes(enter_numbers(SYSTEM, [item, item])) == ["unchanged", "unchanged"]


@pytest.mark.parametrize(
    ("number", "courier"), [("SF1234567890123", "yuantong"), ("YT12", "yuantong"), (NUMBER, "nobody"), ("茶杯", "")]
)
def test_a_wrong_format_is_refused(clock: None, number: str, courier: str) -> None:
    parcel = making.open_parcel()
    assert enter_numbers.one(SYSTEM, EnterNumber(parcel.pk, number, courier)).code == "bad_number_format"
    assert making.again(parcel).state == ParcelState.AWAITING_NUMBER


def test_a_number_of_another_parcel_is_refused_even_a_void_one(clock: None) -> None:
    first, second = making.numbered_parcel(), making.open_parcel()
    item = EnterNumber(second.pk, first.number or "", "yuantong")
    assert enter_numbers.one(SYSTEM, item).code == "number_already_used"
    cancel_parcels.one(SYSTEM, CancelParcel(first.pk, "打错"))
    assert enter_numbers.one(SYSTEM, item).code == "number_already_used"


def test_within_one_batch_the_first_gets_it(clock: None) -> None:
    first, second = making.open_parcel(), making.open_parcel()
    items = [EnterNumber(parcel.pk, NUMBER, "yuantong") for parcel in (first, second)]
    assert making.codes(enter_numbers(SYSTEM, items)) == ["done", "number_already_used"]


def test_a_parcel_with_a_number_keeps_it(clock: None) -> None:
    parcel = making.numbered_parcel()
    assert enter_numbers.one(SYSTEM, EnterNumber(parcel.pk, NUMBER, "yuantong")).code == "has_other_number"
    assert making.again(parcel).number == parcel.number


def test_a_void_parcel_takes_none(clock: None) -> None:
    parcel = making.open_parcel()
    cancel_parcels.one(SYSTEM, CancelParcel(parcel.pk, "订单取消"))
    assert enter_numbers.one(SYSTEM, EnterNumber(parcel.pk, NUMBER, "yuantong")).code == "parcel_cancelled"


def test_the_database_itself_keeps_a_number_to_one_parcel(clock: None) -> None:
    first, second = making.numbered_parcel(), making.numbered_parcel()
    with pytest.raises(IntegrityError), transaction.atomic():
        Parcel.objects.filter(id=second.pk).update(number=first.number)


def test_two_racing_for_one_number_end_with_one_owner(fresh_clock: object) -> None:
    parcels = [making.open_parcel() for _ in range(4)]
    barrier, codes = threading.Barrier(4), []

    def enter(parcel_id: int) -> None:
        barrier.wait()
        try:
            codes.append(enter_numbers.one(SYSTEM, EnterNumber(parcel_id, NUMBER, "yuantong")).code)
        finally:
            connection.close()

    threads = [threading.Thread(target=enter, args=(parcel.pk,)) for parcel in parcels]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == ["done"] + ["number_already_used"] * 3
    assert Parcel.objects.filter(number=NUMBER).count() == 1


def test_a_failure_becomes_work_and_a_number_settles_it(clock: None) -> None:
    parcel = making.open_parcel()
    item = WaybillFailure(parcel.pk, "bad_address")
    assert making.codes(record_waybill_failures(SYSTEM, [item, item])) == ["done", "done"]
    assert record_waybill_failures.one(SYSTEM, item).code == "unchanged"
    case = ParcelCase.objects.get(parcel=parcel)
    assert (case.kind, case.cause) == ("no_number", "bad_address")
    assert Deadline.objects.get(kind="number_case", subject_id=case.pk).role == "order_specialist"
    enter_numbers.one(SYSTEM, EnterNumber(parcel.pk, NUMBER, "yuantong"))
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("closed", "settled")
    assert not Deadline.objects.filter(kind="number_case").exists()


def test_numbers_can_be_asked_for_again_of_another_courier(clock: None) -> None:
    parcel = making.open_parcel()
    ErrandEntry.objects.filter(kind="order_waybill").delete()
    codes = making.codes(
        request_numbers(SYSTEM, [RequestNumber(parcel.pk, "shunfeng"), RequestNumber(parcel.pk, "nobody")])
    )
    assert codes == ["done", "unknown_courier"]
    assert making.again(parcel).courier == "shunfeng"
    assert ErrandEntry.objects.filter(kind="order_waybill", subject_id=parcel.pk).count() == 1
    assert request_numbers.one(SYSTEM, RequestNumber(making.numbered_parcel().pk)).code == "unchanged"


def test_only_who_may_and_only_where(clock: None) -> None:
    parcel = making.open_parcel()
    item = EnterNumber(parcel.pk, NUMBER, "yuantong")
    with pytest.raises(NotAllowed):
        enter_numbers.one(factories.actor_with(Permission.PARCEL_VIEW), item)
    stranger = factories.actor_with(Permission.NUMBER_ENTER, shops=[factories.make_shop()])
    assert enter_numbers.one(stranger, item).code == "not_found"
    assert making.again(parcel).number is None
