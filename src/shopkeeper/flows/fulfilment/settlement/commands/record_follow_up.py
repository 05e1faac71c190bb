"""O4.2: customer service asked the buyer; what came of it is recorded, and what follows is set."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import Field

from shopkeeper.flows.fulfilment.intake.models import order_number
from shopkeeper.flows.fulfilment.settlement.deadlines import FOLLOW_UP, RECEIPT_WATCH
from shopkeeper.flows.fulfilment.settlement.events import BuyerReportedProblem, FollowUpRecorded
from shopkeeper.flows.fulfilment.settlement.permissions import Permission
from shopkeeper.flows.fulfilment.settlement.sql import follow_ups as sql
from shopkeeper.flows.fulfilment.settlement.states import FOLLOW_UP_FLOW, FollowUpOutcome, FollowUpState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.personal import seal_many
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm, close
from shopkeeper.sop.policy import policies

NOTE_LIMIT = 500


@dataclass(frozen=True, slots=True)
class RecordFollowUp:
    """One try to ask the buyer. `attempt` counts from 1, so that the same try sent twice counts once.

    The note is kept sealed with the buyer's other data; it may say what the buyer said.
    """

    followup_id: int
    attempt: Annotated[int, Field(ge=1, le=100)]
    outcome: Literal["will_confirm", "confirmed", "has_problem", "not_reached"]
    note: Annotated[str, Field(max_length=NOTE_LIMIT)] = ""


@dataclass(frozen=True, slots=True)
class Tried:
    """A try to be recorded; `next_at` where the follow-up goes on."""

    row: sql.FollowUpRow
    item: RecordFollowUp
    next_at: datetime | None

    @property
    def outcome(self) -> FollowUpOutcome:
        return FollowUpOutcome(self.item.outcome)


@command(clause="O4.2", permission=Permission.FOLLOW_UP_RECORD, scope=ShopOf("settlement_followup", "followup_id"))
def record_follow_up(step: Step, items: Sequence[RecordFollowUp]) -> list[Outcome]:
    """Record what the buyer said; one not reached is tried again later, up to the policy's attempts.

    Who will confirm, or says they did, is watched for once more; a problem is announced for after-sale.
    Refused: "note_needed" for a problem without words, "follow_up_ended", "attempt_ahead". A try already
    recorded is unchanged.
    """
    ids = [item.followup_id for item in items]
    sql.LOCK_ORDERS_OF.run(ids=ids)
    rows = {row.id: row for row in sql.LOCK.rows(ids=ids)}
    policy = policies(step)
    tried: dict[int, Tried] = {}
    outcomes = []
    for item in items:
        row = rows[item.followup_id]
        answer = _verdict(row, item, row.id in tried)
        outcomes.append(answer)
        if answer.changed:
            again = FollowUpOutcome(item.outcome) is FollowUpOutcome.NOT_REACHED
            again = again and row.attempts + 1 < policy("follow_up_attempts", row.shop_id)
            pause = timedelta(hours=policy("follow_up_retry_hours", row.shop_id))
            tried[row.id] = Tried(row, item, step.now + pause if again else None)
    _write(step, list(tried.values()))
    return outcomes


def _verdict(row: sql.FollowUpRow, item: RecordFollowUp, is_repeated: bool) -> Outcome:
    if is_repeated or item.attempt <= row.attempts:
        return unchanged(row.id)
    if row.state != FollowUpState.OPEN:
        return refused("follow_up_ended", row.id, outcome=row.outcome)
    if item.attempt > row.attempts + 1:
        return refused("attempt_ahead", row.id, attempts=row.attempts)
    if FollowUpOutcome(item.outcome) is FollowUpOutcome.HAS_PROBLEM and not item.note.strip():
        return refused("note_needed", row.id)
    return done(row.id, order_id=row.order_id)


def _write(step: Step, tried: Sequence[Tried]) -> None:
    if not tried:
        return
    notes = seal_many(
        {t.row.id: (t.row.subject_id, {"note": t.item.note.strip()}) for t in tried if t.item.note.strip()}
    )
    sql.RECORD_TRIES.run(
        now=step.now,
        actor_id=step.actor.id,
        ids=[t.row.id for t in tried],
        shops=[t.row.shop_id for t in tried],
        outcomes=[t.item.outcome for t in tried],
        subjects=[t.row.subject_id for t in tried],
        notes=[notes.get(t.row.id, b"") for t in tried],
    )
    sql.COUNT_TRIES.run(
        now=step.now,
        ids=[t.row.id for t in tried],
        outcomes=[t.item.outcome for t in tried],
        dues=[t.next_at for t in tried],
    )
    close(step, FOLLOW_UP, [t.row.id for t in tried])
    ended = [t for t in tried if t.next_at is None]
    unreached = [t.row.id for t in ended if t.outcome == FollowUpOutcome.NOT_REACHED]
    step.move(FOLLOW_UP_FLOW, unreached, FollowUpState.CLOSED, "not_reached")
    answered = [t.row.id for t in ended if t.row.id not in set(unreached)]
    step.move(FOLLOW_UP_FLOW, answered, FollowUpState.ANSWERED)
    _set_next(step, tried)
    _announce(step, tried)


def _set_next(step: Step, tried: Sequence[Tried]) -> None:
    """The next try, or the next look whether the buyer kept their word."""
    policy = policies(step)
    arms = []
    for t in tried:
        shop_id, label = t.row.shop_id, order_number(t.row.order_id)
        if t.next_at:
            arms.append(Arm(FOLLOW_UP, t.row.id, t.next_at, shop_id=shop_id, label=label))
        elif t.outcome in (FollowUpOutcome.WILL_CONFIRM, FollowUpOutcome.CONFIRMED):
            due_at = step.now + timedelta(days=policy("follow_up_days", shop_id))
            arms.append(Arm(RECEIPT_WATCH, t.row.order_id, due_at, shop_id=shop_id, label=label))
    arm(step, arms)


def _announce(step: Step, tried: Sequence[Tried]) -> None:
    for t in tried:
        step.emit(FollowUpRecorded(t.row.id, t.row.order_id, t.row.shop_id, t.item.outcome))
        if t.outcome == FollowUpOutcome.HAS_PROBLEM:
            step.emit(BuyerReportedProblem(t.row.id, t.row.order_id, t.row.shop_id))
