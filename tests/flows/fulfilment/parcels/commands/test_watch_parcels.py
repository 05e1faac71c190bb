"""O3.2: the watch over parcels on the way, driven by the sweeper as it is in life."""

from datetime import timedelta

import pytest

from shopkeeper.flows.fulfilment.parcels.commands.watch_parcels import (
    AskForTracking,
    CheckPromise,
    CheckStalled,
    StopWatching,
    ask_for_tracking,
    check_promises,
    check_stalled_parcels,
    stop_watching_parcels,
)
from shopkeeper.flows.fulfilment.parcels.models import ParcelCase
from shopkeeper.flows.fulfilment.parcels.permissions import Permission
from shopkeeper.flows.fulfilment.parcels.states import ParcelState
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.models import ErrandEntry
from shopkeeper.shared.errors import NotAllowed
from shopkeeper.sop.models import Deadline, PolicyValue
from shopkeeper.sop.sweeper import sweep
from tests import factories
from tests.factories import NOON
from tests.flows.fulfilment.parcels import making

pytestmark = pytest.mark.clause("O3.2")


def until(moment: object) -> None:
    business_time.set_simulated(moment)  # type: ignore[arg-type]
    while sweep():
        pass


def hours(n: float) -> timedelta:
    return timedelta(hours=n)


def test_48_hours_of_silence_are_a_case_with_a_deadline(clock: None) -> None:
    parcel = making.sent_parcel()
    until(NOON + hours(47.9))
    assert not ParcelCase.objects.filter(kind="stalled").exists()
    until(NOON + hours(48))
    case = ParcelCase.objects.get(kind="stalled")
    work = Deadline.objects.get(kind="parcel_case", subject_id=case.pk)
    assert (work.role, work.due_at, work.clause) == ("order_specialist", NOON + hours(72), "O3.2")
    assert work.label == f"CK{parcel.pk:010d}"


def test_the_hours_count_from_the_last_scan(clock: None) -> None:
    parcel = making.sent_parcel()
    making.later(hours=30)
    making.hear(parcel, making.scan("1002", NOON + hours(30)))
    until(NOON + hours(48))
    assert not ParcelCase.objects.filter(kind="stalled").exists()
    assert Deadline.objects.get(kind="parcel_stall").due_at == NOON + hours(78)
    until(NOON + hours(78))
    assert ParcelCase.objects.filter(kind="stalled").count() == 1


def test_a_stall_is_one_case_while_it_lasts_and_another_when_it_comes_back(clock: None) -> None:
    parcel = making.sent_parcel()
    until(NOON + hours(48))
    until(NOON + hours(96))
    assert ParcelCase.objects.filter(kind="stalled").count() == 1
    making.later(hours=1)
    making.hear(parcel, making.scan("1002", NOON + hours(97)))
    until(NOON + hours(97 + 48))
    assert ParcelCase.objects.filter(kind="stalled").count() == 2


def test_the_policy_sets_the_hours(clock: None) -> None:
    PolicyValue.objects.create(key="parcel_stall_hours", value=24, set_at=NOON, set_by=0, reason="大促")
    making.sent_parcel()
    until(NOON + hours(24))
    assert ParcelCase.objects.filter(kind="stalled").count() == 1


def test_a_broken_promise_is_a_case_and_counts_as_missed(clock: None) -> None:
    from django.db import connection

    parcel = making.sent_parcel()
    making.later(hours=71)
    making.hear(parcel, making.scan("5", NOON + hours(71)))
    until(NOON + hours(72))
    case = ParcelCase.objects.get(parcel=parcel, kind="past_promise")
    with connection.cursor() as cursor:
        cursor.execute("SELECT ending, was_late FROM sop_deadlineclosed WHERE kind = 'parcel_promise'")
        assert cursor.fetchall() == [("missed", False)]
    making.hear(parcel, making.scan("301", NOON + hours(72)))
    case.refresh_from_db()
    assert case.outcome == "delivered"


def test_what_nobody_pushed_is_asked_for_daily(clock: None) -> None:
    parcel = making.sent_parcel()
    until(NOON + hours(24))
    assert ErrandEntry.objects.filter(kind="pull_tracking", subject_id=parcel.pk).count() == 1
    assert Deadline.objects.get(kind="tracking_pull").due_at == NOON + hours(48)


def test_what_was_pushed_is_not_asked_for(clock: None) -> None:
    parcel = making.sent_parcel()
    making.later(hours=20)
    making.hear(parcel, making.scan("103", NOON + hours(20)))
    until(NOON + hours(24))
    assert not ErrandEntry.objects.filter(kind="pull_tracking").exists()
    assert Deadline.objects.get(kind="tracking_pull").due_at == NOON + hours(44)


def test_a_parcel_at_rest_is_left_in_peace(clock: None) -> None:
    parcel = making.sent_parcel()
    making.hear(parcel, making.scan("301", NOON + hours(1)))
    until(NOON + hours(200))
    assert making.again(parcel).state == ParcelState.SIGNED
    assert not ParcelCase.objects.exclude(kind="not_acknowledged").exists()
    assert not Deadline.objects.filter(kind__in=["parcel_stall", "parcel_promise", "tracking_pull"]).exists()


def test_looking_too_early_or_twice_changes_nothing(clock: None) -> None:
    parcel = making.sent_parcel()
    calls = (
        lambda: check_stalled_parcels.one(SYSTEM, CheckStalled(parcel.pk)),
        lambda: check_promises.one(SYSTEM, CheckPromise(parcel.pk)),
        lambda: ask_for_tracking.one(SYSTEM, AskForTracking(parcel.pk)),
    )
    dues = set(Deadline.objects.values_list("kind", "due_at"))
    assert [call().code for call in calls] == ["unchanged"] * 3
    assert set(Deadline.objects.values_list("kind", "due_at")) == dues
    until(NOON + hours(80))
    assert calls[0]().code == "unchanged"
    assert ParcelCase.objects.filter(kind__in=["stalled", "past_promise"]).count() == 2


def test_the_watch_ends_with_the_buyers_word(clock: None) -> None:
    parcel = making.sent_parcel()
    until(NOON + hours(73))
    assert stop_watching_parcels.one(SYSTEM, StopWatching(parcel.order_id)).changed
    assert stop_watching_parcels.one(SYSTEM, StopWatching(parcel.order_id)).code == "unchanged"
    ended = ParcelCase.objects.filter(kind__in=["stalled", "past_promise"])
    assert set(ended.values_list("state", "outcome")) == {("closed", "delivered")}


def test_a_person_has_no_business_here(clock: None) -> None:
    parcel = making.sent_parcel()
    with pytest.raises(NotAllowed):
        check_stalled_parcels.one(factories.actor_with(Permission.CASE_HANDLE), CheckStalled(parcel.pk))
