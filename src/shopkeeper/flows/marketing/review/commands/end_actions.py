"""M4.2: action items of reviews are finished by their owners with a note, or dropped with a reason."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.marketing.review.deadlines import REVIEW_ACTION
from shopkeeper.flows.marketing.review.events import ActionEnded
from shopkeeper.flows.marketing.review.permissions import Permission
from shopkeeper.flows.marketing.review.sql import meetings as sql
from shopkeeper.flows.marketing.review.states import ACTION_FLOW, ActionState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import close
from shopkeeper.sop.states import Ending

SCOPE = ShopOf("review_actionitem", "action_id")
Words = Annotated[str, Field(max_length=500)]


@dataclass(frozen=True, slots=True)
class FinishReviewAction:
    """`note` says what was done, and how one can see it."""

    action_id: int
    note: Words


@command(clause="M4.2", permission=Permission.ACTION_END, scope=SCOPE)
def finish_review_actions(step: Step, items: Sequence[FinishReviewAction]) -> list[Outcome]:
    """Finish action items. One that is done is unchanged.

    Refused: "review_note_needed", "review_action_not_running", "review_action_not_yours" for anybody who neither
    owns it nor may hold the review meeting.
    """

    def refusal(row: sql.ActionRow) -> str:
        is_theirs = row.owner_id == step.actor.id or step.actor.may(Permission.MEETING_HOLD)
        return "" if is_theirs else "review_action_not_yours"

    return _end(step, [(item.action_id, item.note) for item in items], ActionState.DONE, refusal)


@dataclass(frozen=True, slots=True)
class DropReviewAction:
    action_id: int
    reason: Words


@command(clause="M4.2", permission=Permission.MEETING_HOLD, scope=SCOPE)
def drop_review_actions(step: Step, items: Sequence[DropReviewAction]) -> list[Outcome]:
    """Drop action items that are no longer needed. One that is dropped is unchanged.

    Refused: "review_note_needed", "review_action_not_running".
    """
    return _end(step, [(item.action_id, item.reason) for item in items], ActionState.DROPPED, lambda _: "")


def _end(
    step: Step, wishes: Sequence[tuple[int, str]], to: ActionState, refusal: Callable[[sql.ActionRow], str]
) -> list[Outcome]:
    rows = {row.id: row for row in sql.LOCK_ACTIONS.rows(ids=[action_id for action_id, _ in wishes])}
    ended: dict[int, str] = {}
    outcomes: list[Outcome] = []
    for action_id, words in wishes:
        row, note = rows[action_id], words.strip()
        if row.state == to or action_id in ended:
            outcomes.append(unchanged(action_id))
        elif row.state != ActionState.OPEN:
            outcomes.append(refused("review_action_not_running", action_id))
        elif not note:
            outcomes.append(refused("review_note_needed", action_id))
        elif code := refusal(row):
            outcomes.append(refused(code, action_id))
        else:
            ended[action_id] = note
            outcomes.append(done(action_id))
    if ended:
        sql.END.run(now=step.now, actor_id=step.actor.id, ids=list(ended), notes=list(ended.values()))
    step.move(ACTION_FLOW, list(ended), to)
    ending = Ending.DONE if to == ActionState.DONE else Ending.CANCELLED
    for role in sorted({rows[id_].role for id_ in ended}):
        close(step, REVIEW_ACTION[role], [id_ for id_ in ended if rows[id_].role == role], ending)
    step.emit(*(ActionEnded(id_, rows[id_].review_id, rows[id_].shop_id, to == ActionState.DONE) for id_ in ended))
    return outcomes
