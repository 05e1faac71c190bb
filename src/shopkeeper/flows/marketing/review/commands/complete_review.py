"""M4.1: a person completes the report: what worked, what did not, advice, action items; and submits it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.marketing.review.commands.acting import (
    ActionWish,
    Planning,
    colleagues_of,
    refusal_of,
    write_actions,
)
from shopkeeper.flows.marketing.review.commands.draft_reviews import review_label
from shopkeeper.flows.marketing.review.deadlines import REVIEW_APPROVAL, REVIEW_REDRAW, REVIEW_REPORT
from shopkeeper.flows.marketing.review.events import ReviewCompleted, ReviewSubmitted
from shopkeeper.flows.marketing.review.permissions import Permission
from shopkeeper.flows.marketing.review.sql import meetings as meeting_sql
from shopkeeper.flows.marketing.review.sql import reviews as sql
from shopkeeper.flows.marketing.review.states import REVIEW_FLOW, ReviewState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm, close
from shopkeeper.sop.policy import policies

SCOPE = ShopOf("review_review", "review_id")
Words = Annotated[str, Field(max_length=2_000)]


@dataclass(frozen=True, slots=True)
class CompleteReview:
    """What people say of a campaign. No customer's name belongs there. The action items replace those planned."""

    review_id: int
    worked: Words = ""
    not_worked: Words = ""
    advice: Words = ""
    actions: tuple[ActionWish, ...] = ()

    @property
    def words(self) -> tuple[str, str, str]:
        return self.worked.strip(), self.not_worked.strip(), self.advice.strip()

    @property
    def wished(self) -> list[tuple[object, ...]]:
        return [(wish.what.strip(), wish.owner_id, wish.due_on) for wish in self.actions]


@command(clause="M4.1", permission=Permission.REVIEW_WRITE, scope=SCOPE)
def complete_review(step: Step, items: Sequence[CompleteReview]) -> list[Outcome]:
    """Write the parts that only people know; they may be written in several goes until the report is submitted.

    Refused: "review_not_draft", "review_action_owner_unknown", "review_action_past",
    "review_action_without_words", "review_actions_too_many". The same again is unchanged.
    """
    rows = {row.id: row for row in sql.LOCK.rows(ids=[item.review_id for item in items])}
    colleagues = colleagues_of(wish.owner_id for item in items for wish in item.actions)
    planned = _planned(rows)
    written: dict[int, CompleteReview] = {}
    outcomes: list[Outcome] = []
    for item in items:
        row = rows[item.review_id]
        before = written.get(row.id)
        words = before.words if before else (row.worked, row.not_worked, row.advice)
        wished = before.wished if before else planned.get(row.id, [])
        if row.state != ReviewState.DRAFT:
            outcomes.append(refused("review_not_draft", row.id))
        elif item.words == words and item.wished == wished:
            outcomes.append(unchanged(row.id))
        elif code := refusal_of(step, item.actions, colleagues):
            outcomes.append(refused(code, row.id))
        else:
            written[row.id] = item
            outcomes.append(done(row.id))
    if written:
        _write(step, written)
        plans = [
            Planning(id_, rows[id_].shop_id, review_label(rows[id_].code, rows[id_].name), item.actions)
            for id_, item in written.items()
        ]
        write_actions(step, plans, colleagues)
        step.emit(*(ReviewCompleted(id_, rows[id_].shop_id) for id_ in written))
    return outcomes


def _planned(rows: dict[int, sql.ReviewRow]) -> dict[int, list[tuple[object, ...]]]:
    planned: dict[int, list[tuple[object, ...]]] = {}
    for row in meeting_sql.PLANNED_OF.rows(reviews=sorted(rows)):
        planned.setdefault(row.review_id, []).append((row.what, row.owner_id, row.due_on))
    return planned


def _write(step: Step, written: dict[int, CompleteReview]) -> None:
    reviews = []
    for id_, item in written.items():
        worked, not_worked, advice = item.words
        reviews.append({"id": id_, "worked": worked, "not_worked": not_worked, "advice": advice})
    sql.COMPLETE.run(now=step.now, actor_id=step.actor.id, reviews=as_json(reviews))
    meeting_sql.FORGET_PLANNED.run(reviews=list(written))


@dataclass(frozen=True, slots=True)
class SubmitReview:
    review_id: int


@command(clause="M4.1", permission=Permission.REVIEW_WRITE, scope=SCOPE)
def submit_review(step: Step, items: Sequence[SubmitReview]) -> list[Outcome]:
    """Hand the report in; its figures stand from now on. One that waits for approval, or has it, is unchanged.

    Refused: "review_worked_needed", "review_not_worked_needed", "review_advice_needed", "review_actions_needed".
    """
    rows = {row.id: row for row in sql.LOCK.rows(ids=[item.review_id for item in items])}
    planned = _planned(rows)
    submitted: list[int] = []
    outcomes: list[Outcome] = []
    for item in items:
        row = rows[item.review_id]
        if row.state != ReviewState.DRAFT or row.id in submitted:
            outcomes.append(unchanged(row.id))
        elif lacking := _lacking(row, bool(planned.get(row.id))):
            outcomes.append(refused(lacking, row.id))
        else:
            submitted.append(row.id)
            outcomes.append(done(row.id))
    if submitted:
        sql.SUBMIT.run(now=step.now, actor_id=step.actor.id, ids=submitted)
    step.move(REVIEW_FLOW, submitted, ReviewState.SUBMITTED)
    close(step, REVIEW_REPORT, submitted)
    close(step, REVIEW_REDRAW, submitted)
    policy = policies(step)
    arm(
        step,
        [
            Arm(
                REVIEW_APPROVAL,
                id_,
                step.now + timedelta(hours=policy("review_approval_hours", rows[id_].shop_id)),
                rows[id_].shop_id,
                None,
                review_label(rows[id_].code, rows[id_].name),
            )
            for id_ in submitted
        ],
    )
    step.emit(*(ReviewSubmitted(id_, rows[id_].shop_id) for id_ in submitted))
    return outcomes


def _lacking(row: sql.ReviewRow, has_actions: bool) -> str:
    """The first part of the report that nobody wrote yet."""
    parts = {
        "review_worked_needed": row.worked,
        "review_not_worked_needed": row.not_worked,
        "review_advice_needed": row.advice,
        "review_actions_needed": has_actions,
    }
    return next((code for code, part in parts.items() if not part), "")
