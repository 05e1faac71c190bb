"""S3.1: speaking to customers who gave a low score: recorded with words, in order, tried again, ended."""

from datetime import timedelta

import pytest

from shopkeeper.flows.service.feedback.commands.record_recovery import RecordRecovery, record_recovery
from shopkeeper.flows.service.feedback.models import RecoveryTry
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.personal import open_json
from shopkeeper.shared.errors import NotAllowed
from shopkeeper.sop.roles import Role
from shopkeeper.sop.sweeper import sweep
from tests.flows.service.conversations import stage as talks
from tests.flows.service.feedback import stage
from tests.flows.service.tickets.stage import all_events, was_late

pytestmark = [pytest.mark.django_db, pytest.mark.clause("S3.1")]


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, stage.NOON)


def test_what_was_said_is_sealed_and_ends_the_task() -> None:
    recovery = stage.low()
    agent = stage.person(Role.CUSTOMER_SERVICE)
    note = "已致歉，补寄 13812341234"
    assert record_recovery.one(agent, RecordRecovery(recovery.pk, 1, "won_back", note)).changed
    recovery.refresh_from_db()
    assert (recovery.state, recovery.outcome, recovery.attempts) == ("done", "won_back", 1)
    tried = RecoveryTry.objects.get(recovery=recovery)
    assert open_json(tried.subject_id, bytes(tried.note_sealed)) == {"note": note}
    assert "13812341234" not in all_events()
    assert stage.due("recovery", recovery.pk) is None
    assert not was_late("recovery", recovery.pk)


def test_without_a_note_nothing_is_recorded() -> None:
    recovery = stage.low()
    assert record_recovery.one(SYSTEM, RecordRecovery(recovery.pk, 1, "explained", "  ")).code == "recovery_note_needed"
    assert not RecoveryTry.objects.exists()


def test_a_try_counts_once_and_in_order() -> None:
    recovery = stage.low()
    ahead = record_recovery.one(SYSTEM, RecordRecovery(recovery.pk, 2, "explained", "说明"))
    assert ahead.code == "recovery_attempt_ahead"
    item = RecordRecovery(recovery.pk, 1, "not_reached", "无人接听")
    assert [outcome.changed for outcome in record_recovery(SYSTEM, [item, item])] == [True, False]
    assert not record_recovery.one(SYSTEM, item).changed
    recovery.refresh_from_db()
    assert (recovery.state, recovery.attempts) == ("open", 1)


def test_who_is_not_reached_is_tried_again_and_in_the_end_let_be() -> None:
    recovery = stage.low()
    for attempt in (1, 2):
        assert record_recovery.one(SYSTEM, RecordRecovery(recovery.pk, attempt, "not_reached", "无人接听")).changed
        assert stage.due("recovery", recovery.pk) == stage.NOON + timedelta(hours=24)
    assert record_recovery.one(SYSTEM, RecordRecovery(recovery.pk, 3, "not_reached", "无人接听")).changed
    recovery.refresh_from_db()
    assert (recovery.state, recovery.outcome) == ("closed", "not_reached")
    over = record_recovery.one(SYSTEM, RecordRecovery(recovery.pk, 4, "won_back", "打通了"))
    assert over.code == "recovery_ended"


def test_left_lying_it_is_late(monkeypatch: pytest.MonkeyPatch) -> None:
    recovery = stage.low()
    stage.at(monkeypatch, stage.NOON + timedelta(hours=25))
    sweep()
    assert record_recovery.one(SYSTEM, RecordRecovery(recovery.pk, 1, "explained", "说明")).changed
    assert was_late("recovery", recovery.pk)


def test_only_customer_service_and_supervisors_of_the_shop_may() -> None:
    shop = talks.open_shop()
    recovery = stage.low(shop=shop)
    item = RecordRecovery(recovery.pk, 1, "explained", "说明")
    with pytest.raises(NotAllowed):
        record_recovery.one(stage.person(Role.WAREHOUSE), item)
    other = stage.person(Role.CUSTOMER_SERVICE, shops=[talks.open_shop()])
    assert record_recovery.one(other, item).code == "not_found"
    assert record_recovery.one(stage.person(Role.OPERATIONS_SUPERVISOR, shops=[shop]), item).changed
