"""Action items: judged and written for report and meeting alike."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.marketing.review.deadlines import REVIEW_ACTION
from shopkeeper.flows.marketing.review.events import ActionOpened
from shopkeeper.flows.marketing.review.sql import meetings as sql
from shopkeeper.flows.marketing.review.states import ACTION_FLOW, ActionState
from shopkeeper.foundation.commands import Step
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.clock import at_time, day_of
from shopkeeper.sop.deadlines import Arm, arm
from shopkeeper.sop.policy import clock_times, policies
from shopkeeper.sop.roles import Role

MOST_ACTIONS = 30


@dataclass(frozen=True, slots=True)
class ActionWish:
    """Something to be done: what, by whom (a person's id), until the end of which day."""

    what: Annotated[str, Field(min_length=1, max_length=300)]
    owner_id: int
    due_on: date


@dataclass(frozen=True, slots=True)
class Planning:
    """Action items of one review, planned in its report or (with a meeting) open at once."""

    review_id: int
    shop_id: int
    label: str
    wishes: tuple[ActionWish, ...]
    meeting_id: int | None = None

    @property
    def state(self) -> ActionState:
        return ActionState.OPEN if self.meeting_id else ActionState.PLANNED


Colleagues = dict[int, tuple[str, ...]]


def colleagues_of(people: Iterable[int]) -> Colleagues:
    """The roles of those who work here, in the procedure's order; who left, or has no role, is left out."""
    rows = sql.COLLEAGUES.rows(people=sorted(set(people)))
    places = {str(role): place for place, role in enumerate(Role)}
    return {
        row.id: tuple(sorted((role for role in row.roles if role in places), key=lambda role: places[role]))
        for row in rows
        if row.is_active and any(role in places for role in row.roles)
    }


def refusal_of(step: Step, wishes: Sequence[ActionWish], colleagues: Colleagues) -> str:
    """Why action items cannot be taken as they are; empty where they can."""
    if len(wishes) > MOST_ACTIONS:
        return "review_actions_too_many"
    if any(not wish.what.strip() for wish in wishes):
        return "review_action_without_words"
    if any(wish.owner_id not in colleagues for wish in wishes):
        return "review_action_owner_unknown"
    today = day_of(step.now)
    return "review_action_past" if any(wish.due_on < today for wish in wishes) else ""


def write_actions(step: Step, plans: Sequence[Planning], colleagues: Colleagues) -> None:
    """Write action items in one statement; those of a meeting run at once, on the list of their owner's first role."""
    rows = []
    for plan in plans:
        due_time = clock_times(policies(step)("review_due_time", plan.shop_id))[0]
        rows += [
            {
                "place": place,
                "review_id": plan.review_id,
                "shop_id": plan.shop_id,
                "meeting_id": plan.meeting_id,
                "what": wish.what.strip(),
                "owner_id": wish.owner_id,
                "role": colleagues[wish.owner_id][0],
                "due_on": wish.due_on,
                "due_at": at_time(wish.due_on, due_time),
                "state": str(plan.state),
            }
            for place, wish in enumerate(plan.wishes)
        ]
    if not rows:
        return
    added = sql.ADD.rows(now=step.now, actor_id=step.actor.id, actions=as_json(rows))
    open_reviews = {plan.review_id for plan in plans if plan.state == ActionState.OPEN}
    labels = {plan.review_id: plan.label for plan in plans}
    _run(step, [row for row in added if row.review_id in open_reviews], labels)


def open_planned(step: Step, labels: dict[int, str]) -> None:
    """With the approval of their report (`labels` by review) planned action items run."""
    rows = sql.PLANNED_OF.rows(reviews=sorted(labels))
    step.move(ACTION_FLOW, [row.id for row in rows], ActionState.OPEN)
    _run(step, rows, labels)


def _run(step: Step, rows: Sequence[sql.AddedRow | sql.ActionRow], labels: dict[int, str]) -> None:
    arm(
        step,
        [
            Arm(REVIEW_ACTION[row.role], row.id, row.due_at, row.shop_id, None, f"{row.what} · {labels[row.review_id]}")
            for row in rows
        ],
    )
    step.emit(*(ActionOpened(row.id, row.review_id, row.shop_id, row.role) for row in rows))
