"""M4.1: another person approves the report, or sends it back with the reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.marketing.campaigns.commands.mark_reviewed import MarkReviewed, mark_reviewed
from shopkeeper.flows.marketing.campaigns.queries.working_days import entered_days
from shopkeeper.flows.marketing.campaigns.rules.calendar import add_working_days
from shopkeeper.flows.marketing.review.commands.acting import open_planned
from shopkeeper.flows.marketing.review.commands.draft_reviews import redraw_tomorrow, review_label
from shopkeeper.flows.marketing.review.deadlines import REVIEW_APPROVAL, REVIEW_MEETING, REVIEW_REPORT
from shopkeeper.flows.marketing.review.events import ReviewApproved, ReviewReturned
from shopkeeper.flows.marketing.review.permissions import Permission
from shopkeeper.flows.marketing.review.sql import reviews as sql
from shopkeeper.flows.marketing.review.states import REVIEW_FLOW, ReviewState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.clock import at_time, day_of
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm, close
from shopkeeper.sop.policy import clock_times, policies

SCOPE = ShopOf("review_review", "review_id")


@dataclass(frozen=True, slots=True)
class ApproveReview:
    review_id: int


@command(clause="M4.1", permission=Permission.REVIEW_APPROVE, scope=SCOPE)
def approve_review(step: Step, items: Sequence[ApproveReview]) -> list[Outcome]:
    """Approve reports: the campaign is reviewed, its action items run, the meeting is called for. Again: unchanged.

    Refused: "review_not_submitted"; "own_review" where the actor completed or submitted it.
    """
    rows = {row.id: row for row in sql.LOCK.rows(ids=[item.review_id for item in items])}
    approved: list[int] = []
    outcomes: list[Outcome] = []
    for item in items:
        row = rows[item.review_id]
        if row.state == ReviewState.APPROVED or row.id in approved:
            outcomes.append(unchanged(row.id))
        elif row.state != ReviewState.SUBMITTED:
            outcomes.append(refused("review_not_submitted", row.id))
        elif step.actor.id in (row.completed_by, row.submitted_by):
            outcomes.append(refused("own_review", row.id))
        else:
            approved.append(row.id)
            outcomes.append(done(row.id, campaign_id=row.campaign_id))
    if approved:
        _approve(step, [rows[id_] for id_ in approved])
    return outcomes


def _approve(step: Step, rows: Sequence[sql.ReviewRow]) -> None:
    ids = [row.id for row in rows]
    labels = {row.id: review_label(row.code, row.name) for row in rows}
    sql.DECIDE.run(now=step.now, actor_id=step.actor.id, ids=ids, reasons=[""] * len(ids))
    step.move(REVIEW_FLOW, ids, ReviewState.APPROVED)
    close(step, REVIEW_APPROVAL, ids)
    mark_reviewed.within(step, [MarkReviewed(row.campaign_id) for row in rows])
    open_planned(step, labels)
    own = entered_days()
    arm(
        step,
        [
            Arm(REVIEW_MEETING, row.id, _meeting_due(step, row.shop_id, own), row.shop_id, None, labels[row.id])
            for row in rows
        ],
    )
    step.emit(*(ReviewApproved(row.id, row.campaign_id, row.shop_id) for row in rows))


def _meeting_due(step: Step, shop_id: int, own: dict[date, bool]) -> datetime:
    policy = policies(step)
    day = add_working_days(day_of(step.now), policy("review_meeting_working_days", shop_id), own)
    return at_time(day, clock_times(policy("review_due_time", shop_id))[0])


@dataclass(frozen=True, slots=True)
class ReturnReview:
    review_id: int
    reason: Annotated[str, Field(max_length=300)]


@command(clause="M4.1", permission=Permission.REVIEW_APPROVE, scope=SCOPE)
def return_review(step: Step, items: Sequence[ReturnReview]) -> list[Outcome]:
    """Send reports back to be mended, within the policy's hours or what is left of their time.

    Refused: "review_reason_needed", "review_not_submitted". One that was sent back for the same reason is unchanged.
    """
    rows = {row.id: row for row in sql.LOCK.rows(ids=[item.review_id for item in items])}
    returned: dict[int, str] = {}
    outcomes: list[Outcome] = []
    for item in items:
        row, reason = rows[item.review_id], item.reason.strip()
        is_same = row.state == ReviewState.DRAFT and reason == row.decision_reason
        if not reason:
            outcomes.append(refused("review_reason_needed", row.id))
        elif row.id in returned or is_same:
            outcomes.append(unchanged(row.id))
        elif row.state != ReviewState.SUBMITTED:
            outcomes.append(refused("review_not_submitted", row.id))
        else:
            returned[row.id] = reason
            outcomes.append(done(row.id))
    if returned:
        sql.DECIDE.run(now=step.now, actor_id=step.actor.id, ids=list(returned), reasons=list(returned.values()))
    step.move(REVIEW_FLOW, list(returned), ReviewState.DRAFT)
    close(step, REVIEW_APPROVAL, list(returned))
    policy = policies(step)
    arms = []
    for id_ in returned:
        row = rows[id_]
        label = review_label(row.code, row.name)
        due_at = max(row.due_at, step.now + timedelta(hours=policy("review_approval_hours", row.shop_id)))
        arms.append(Arm(REVIEW_REPORT, id_, due_at, row.shop_id, None, label))
        arms.append(redraw_tomorrow(step, id_, row.shop_id, label))
    arm(step, arms)
    step.emit(*(ReviewReturned(id_, rows[id_].shop_id) for id_ in returned))
    return outcomes
