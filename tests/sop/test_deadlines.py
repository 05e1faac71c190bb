from datetime import timedelta

import pytest
from django.db import connection

from shopkeeper.flows.fulfilment.intake.deadlines import DECIDE_HOLDS, SHIP_BY
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.commands import COMMANDS, Step
from shopkeeper.foundation.models import ErrandEntry
from shopkeeper.sop import sweeper
from shopkeeper.sop.deadlines import Arm, arm, close
from shopkeeper.sop.models import Deadline
from shopkeeper.sop.queries.compliance import clause_counts, deadlines_accounted_for

pytestmark = [pytest.mark.django_db, pytest.mark.clause("G1")]


def step_at(moment) -> Step:
    return Step(SYSTEM, moment, COMMANDS["mark_deadlines_late"])


def history() -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT subject_id, ending, was_late FROM sop_deadlineclosed ORDER BY subject_id")
        return cursor.fetchall()


def test_a_deadline_is_set_once_per_subject_and_may_be_set_anew() -> None:
    now = business_time.now()
    step = step_at(now)
    arm(step, [Arm(DECIDE_HOLDS, 1, now + timedelta(hours=1))])
    arm(step, [Arm(DECIDE_HOLDS, 1, now + timedelta(hours=2))])
    assert Deadline.objects.get().due_at == now + timedelta(hours=2)


def test_closing_moves_it_to_the_history_with_how_it_ended() -> None:
    now = business_time.now()
    arm(step_at(now), [Arm(DECIDE_HOLDS, n, now + timedelta(hours=n)) for n in (1, 2, 3)])
    later = step_at(now + timedelta(minutes=90))
    assert close(later, DECIDE_HOLDS, [1, 2, 9]) == 2
    close(later, DECIDE_HOLDS, [3], "cancelled")
    assert history() == [(1, "done", True), (2, "done", False), (3, "cancelled", False)]
    assert not Deadline.objects.exists()
    counts = clause_counts(SYSTEM, now - timedelta(days=1), now + timedelta(days=1))["O1.3"]
    assert (counts.on_time, counts.late, counts.missed) == (1, 1, 0)


def test_what_is_due_is_marked_late_once_and_stays_on_the_list() -> None:
    now = business_time.now()
    arm(step_at(now), [Arm(DECIDE_HOLDS, 1, now - timedelta(minutes=1)), Arm(SHIP_BY, 2, now + timedelta(hours=1))])
    assert sweeper.sweep() == 1
    assert sweeper.sweep() == 0
    assert Deadline.objects.get(subject_id=1).late_at is not None
    assert Deadline.objects.get(subject_id=2).late_at is None
    assert deadlines_accounted_for(business_time.now())


def test_a_duty_that_gets_more_time_is_neither_late_nor_escalated() -> None:
    now = business_time.now()
    arm(step_at(now), [Arm(DECIDE_HOLDS, n, now - timedelta(days=1)) for n in (1, 2)])
    Deadline.objects.update(late_at=now - timedelta(days=1), escalated_at=now - timedelta(hours=20))
    arm(step_at(now), [Arm(DECIDE_HOLDS, 1, now + timedelta(hours=1)), Arm(DECIDE_HOLDS, 2, now - timedelta(hours=1))])
    first, second = Deadline.objects.order_by("subject_id")
    assert (first.late_at, first.escalated_at) == (None, None)
    assert second.late_at and second.escalated_at


@pytest.mark.clause("G2")
def test_what_stays_overdue_is_escalated_once_to_the_robot() -> None:
    now = business_time.now()
    arm(step_at(now), [Arm(DECIDE_HOLDS, 1, now - timedelta(hours=2), label="JY1")])
    sweeper.sweep()
    Deadline.objects.update(late_at=now - timedelta(hours=1))
    assert sweeper.escalate_overdue() == 1
    assert sweeper.escalate_overdue() == 0
    assert ErrandEntry.objects.get(kind="robot_message").data["label"] == "JY1"


def test_a_thousand_due_at_once_are_handled_in_one_sweep() -> None:
    now = business_time.now()
    arm(step_at(now), [Arm(SHIP_BY, n, now - timedelta(seconds=1)) for n in range(1_000)])
    assert sweeper.sweep() == 1_000
    assert Deadline.objects.filter(late_at=None).count() == 0
