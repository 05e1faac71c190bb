"""S3.1: somebody spoke to a customer who gave a low score; what came of it is recorded."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import Field

from shopkeeper.flows.service.feedback.deadlines import RECOVERY
from shopkeeper.flows.service.feedback.events import RecoveryRecorded
from shopkeeper.flows.service.feedback.models import survey_number
from shopkeeper.flows.service.feedback.permissions import Permission
from shopkeeper.flows.service.feedback.sql import surveys as sql
from shopkeeper.flows.service.feedback.states import RECOVERY_FLOW, RecoveryOutcome, RecoveryState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.personal import seal_many
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm, close
from shopkeeper.sop.policy import policies

NOTE_LIMIT = 500


@dataclass(frozen=True, slots=True)
class RecordRecovery:
    """One try. `attempt` counts from 1, so that the same try sent twice counts once; the note is kept sealed."""

    recovery_id: int
    attempt: Annotated[int, Field(ge=1, le=100)]
    outcome: Literal["won_back", "explained", "still_unhappy", "not_reached"]
    note: Annotated[str, Field(max_length=NOTE_LIMIT)] = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Tried:
    """A try to be recorded; `next_at` where the recovery goes on."""

    row: sql.RecoveryRow
    item: RecordRecovery
    next_at: datetime | None


@command(clause="S3.1", permission=Permission.RECOVERY_HANDLE, scope=ShopOf("feedback_recovery", "recovery_id"))
def record_recovery(step: Step, items: Sequence[RecordRecovery]) -> list[Outcome]:
    """Record what was said; who was not reached is tried again later, up to the policy's attempts.

    Refused: "recovery_note_needed" without words, "recovery_ended", "recovery_attempt_ahead". A try already recorded
    is unchanged.
    """
    rows = {row.id: row for row in sql.LOCK_RECOVERIES.rows(ids=[item.recovery_id for item in items])}
    policy = policies(step)
    tried: dict[int, Tried] = {}
    outcomes = []
    for item in items:
        row = rows[item.recovery_id]
        answer = _verdict(row, item, row.id in tried)
        outcomes.append(answer)
        if answer.changed:
            again = item.outcome == "not_reached" and row.attempts + 1 < policy("recovery_attempts", row.shop_id)
            pause = timedelta(hours=policy("recovery_retry_hours", row.shop_id))
            tried[row.id] = Tried(row, item, step.now + pause if again else None)
    _write(step, list(tried.values()))
    return outcomes


def _verdict(row: sql.RecoveryRow, item: RecordRecovery, is_repeated: bool) -> Outcome:
    if is_repeated or item.attempt <= row.attempts:
        return unchanged(row.id)
    if row.state != RecoveryState.OPEN:
        return refused("recovery_ended", row.id, outcome=RecoveryOutcome(row.outcome))
    if item.attempt > row.attempts + 1:
        return refused("recovery_attempt_ahead", row.id, attempts=row.attempts)
    return done(row.id) if item.note.strip() else refused("recovery_note_needed", row.id)


def _write(step: Step, tried: Sequence[Tried]) -> None:
    if not tried:
        return
    notes = seal_many({t.row.id: (t.row.subject_id, {"note": t.item.note.strip()}) for t in tried})
    sql.RECORD_TRIES.run(
        now=step.now,
        actor_id=step.actor.id,
        ids=[t.row.id for t in tried],
        shops=[t.row.shop_id for t in tried],
        attempts=[t.item.attempt for t in tried],
        outcomes=[t.item.outcome for t in tried],
        subjects=[t.row.subject_id for t in tried],
        notes=[notes[t.row.id] for t in tried],
    )
    sql.COUNT_TRIES.run(
        now=step.now,
        ids=[t.row.id for t in tried],
        outcomes=[t.item.outcome for t in tried],
        dues=[t.next_at for t in tried],
    )
    ended = [t for t in tried if t.next_at is None]
    unreached = [t.row.id for t in ended if t.item.outcome == "not_reached"]
    step.move(RECOVERY_FLOW, unreached, RecoveryState.CLOSED, "not_reached")
    step.move(RECOVERY_FLOW, [t.row.id for t in ended if t.row.id not in set(unreached)], RecoveryState.DONE)
    close(step, RECOVERY, [t.row.id for t in tried])
    arm(
        step,
        [
            Arm(RECOVERY, t.row.id, t.next_at, t.row.shop_id, None, survey_number(t.row.survey_id))
            for t in tried
            if t.next_at
        ],
    )
    step.emit(*(RecoveryRecorded(t.row.id, t.row.shop_id, t.item.outcome) for t in tried))
