"""O3.2: a person deals with a case: talks with the courier on record, then an outcome."""

from datetime import timedelta

import pytest

from shopkeeper.flows.fulfilment.parcels.commands.handle_cases import (
    CloseCase,
    ContactCourier,
    OpenCase,
    close_cases,
    contact_couriers,
    open_cases,
)
from shopkeeper.flows.fulfilment.parcels.models import ContactLog, ParcelCase
from shopkeeper.flows.fulfilment.parcels.permissions import Permission
from shopkeeper.flows.fulfilment.parcels.states import CaseKind, CaseOutcome, ContactChannel, ParcelState
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.shared.errors import NotAllowed
from shopkeeper.sop.models import Deadline
from tests import factories
from tests.factories import NOON
from tests.flows.fulfilment.parcels import making

pytestmark = pytest.mark.clause("O3.2")


def a_case(kind: CaseKind = CaseKind.DAMAGED) -> ParcelCase:
    parcel = making.sent_parcel()
    outcome = open_cases.one(SYSTEM, OpenCase(parcel.pk, kind, "外箱压扁，电话13812345678"))
    assert outcome.changed
    return ParcelCase.objects.get(id=outcome.id)


def test_a_report_is_a_case_once(clock: None) -> None:
    case = a_case()
    assert (case.kind, case.cause, case.note) == ("damaged", "reported", "外箱压扁，电话138****5678")
    assert open_cases.one(SYSTEM, OpenCase(case.parcel_id, CaseKind.DAMAGED)).code == "unchanged"
    assert ParcelCase.objects.count() == 1


def test_only_of_what_left_and_only_what_a_person_sees(clock: None) -> None:
    packed, sent = making.packed_parcel(), making.sent_parcel()
    outcomes = open_cases(SYSTEM, [OpenCase(packed.pk, CaseKind.LOST), OpenCase(sent.pk, CaseKind.STALLED)])
    assert making.codes(outcomes) == ["not_handed_over", "wrong_kind"]


def test_a_talk_is_logged_and_the_answer_awaited(clock: None) -> None:
    case = a_case()
    item = ContactCourier(case.pk, ContactChannel.PHONE, "网点答应今天转回", 6)
    assert contact_couriers.one(SYSTEM, item).changed
    assert contact_couriers.one(SYSTEM, item).code == "unchanged"
    case.refresh_from_db()
    assert case.state == "contacted"
    duty = Deadline.objects.get(kind="parcel_case", subject_id=case.pk)
    # Until the courier is to answer there is nothing to do; then it is seen to within the hour.
    assert (duty.opens_at, duty.due_at) == (NOON + timedelta(hours=6), NOON + timedelta(hours=7))
    making.later(minutes=30)
    assert contact_couriers.one(SYSTEM, item).changed  # the same words half an hour later are another talk
    assert ContactLog.objects.count() == 2


def test_an_outcome_ends_it(clock: None) -> None:
    case = a_case()
    item = CloseCase(case.pk, CaseOutcome.COMPENSATED, "赔付 30 元")
    assert making.codes(close_cases(SYSTEM, [item, item])) == ["done", "unchanged"]
    case.refresh_from_db()
    assert (case.state, case.outcome, case.note, case.closed_at) == ("closed", "compensated", "赔付 30 元", NOON)
    assert not Deadline.objects.filter(kind="parcel_case").exists()
    assert close_cases.one(SYSTEM, item).code == "unchanged"
    assert close_cases.one(SYSTEM, CloseCase(case.pk, CaseOutcome.RESENT)).code == "case_closed"
    talk = ContactCourier(case.pk, ContactChannel.PHONE, "再问一次")
    assert contact_couriers.one(SYSTEM, talk).code == "case_closed"


@pytest.mark.parametrize("outcome", [CaseOutcome.NO_FAULT, CaseOutcome.LOST])
def test_some_outcomes_need_words(clock: None, outcome: CaseOutcome) -> None:
    case = a_case()
    assert close_cases.one(SYSTEM, CloseCase(case.pk, outcome)).code == "outcome_needs_note"


def test_a_number_problem_cannot_end_as_delivered(clock: None) -> None:
    from shopkeeper.flows.fulfilment.parcels.commands.enter_numbers import WaybillFailure, record_waybill_failures

    parcel = making.open_parcel()
    record_waybill_failures.one(SYSTEM, WaybillFailure(parcel.pk, "bad_address"))
    case = ParcelCase.objects.get(parcel=parcel)
    assert close_cases.one(SYSTEM, CloseCase(case.pk, CaseOutcome.DELIVERED)).code == "wrong_outcome"


def test_what_the_platform_will_never_take_may_be_given_up(clock: None) -> None:
    from shopkeeper.flows.fulfilment.parcels.commands.record_ship_backs import ShipBackAnswer, record_ship_backs

    parcel = making.sent_parcel()
    record_ship_backs.one(SYSTEM, ShipBackAnswer(parcel.pk, "failed", code="not_shippable"))
    case = ParcelCase.objects.get(parcel=parcel)
    assert close_cases.one(SYSTEM, CloseCase(case.pk, CaseOutcome.NO_FAULT, "订单已关闭")).changed
    assert not Deadline.objects.filter(kind__in=["ship_back", "number_case"]).exists()


def test_a_lost_parcel_is_written_off_and_may_be_found(clock: None) -> None:
    case = a_case(CaseKind.LOST)
    assert close_cases.one(SYSTEM, CloseCase(case.pk, CaseOutcome.LOST, "查件无果")).changed
    parcel = making.again(case.parcel)
    assert parcel.state == ParcelState.LOST
    assert not Deadline.objects.filter(subject_id=parcel.pk, kind__startswith="parcel_").exists()
    making.hear(parcel, making.scan("1002", NOON - timedelta(hours=1)))  # old news
    assert making.again(parcel).state == ParcelState.LOST
    making.hear(parcel, making.scan("1002", NOON + timedelta(hours=30)))
    assert making.again(parcel).state == ParcelState.IN_TRANSIT


def test_with_the_loss_every_question_about_its_way_ends(clock: None) -> None:
    case = a_case(CaseKind.LOST)
    open_cases.one(SYSTEM, OpenCase(case.parcel_id, CaseKind.DAMAGED))
    assert close_cases.one(SYSTEM, CloseCase(case.pk, CaseOutcome.LOST, "查件无果")).changed
    other = ParcelCase.objects.exclude(id=case.pk).get()
    assert (other.state, other.outcome) == ("closed", "lost")


def test_only_who_may_and_only_where(clock: None) -> None:
    case = a_case()
    item = CloseCase(case.pk, CaseOutcome.RESENT)
    with pytest.raises(NotAllowed):
        close_cases.one(factories.actor_with(Permission.PARCEL_VIEW), item)
    talk = ContactCourier(case.pk, ContactChannel.PHONE, "问")
    for stranger in (
        factories.actor_with(Permission.CASE_HANDLE, shops=[factories.make_shop()]),
        factories.actor_with(Permission.CASE_HANDLE, warehouses=[factories.make_warehouse()]),
    ):
        assert close_cases.one(stranger, item).code == "not_found"
        assert contact_couriers.one(stranger, talk).code == "not_found"
    case.refresh_from_db()
    assert case.state == "open"
    assert not ContactLog.objects.exists()
