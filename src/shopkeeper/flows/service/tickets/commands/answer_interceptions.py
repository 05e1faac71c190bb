"""S2.2: the courier's answer to an interception, and its way to the end as tracking tells it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.fulfilment.parcels.models import parcel_number
from shopkeeper.flows.fulfilment.parcels.queries import parcels_by_id
from shopkeeper.flows.service.tickets.deadlines import INTERCEPTION_ANSWER, INTERCEPTION_END
from shopkeeper.flows.service.tickets.events import InterceptionAnswered, InterceptionEnded
from shopkeeper.flows.service.tickets.permissions import Permission
from shopkeeper.flows.service.tickets.rules.interceptions import next_state
from shopkeeper.flows.service.tickets.sql import changes as sql
from shopkeeper.flows.service.tickets.states import (
    INTERCEPTION_FLOW,
    INTERCEPTION_UNDER_WAY,
    InterceptionState,
)
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm, close, put_off
from shopkeeper.sop.policy import policies

UNDER_WAY = frozenset(map(str, INTERCEPTION_UNDER_WAY))


@dataclass(frozen=True, slots=True)
class AnswerInterception:
    """What the courier said; by a person with the evidence (who was called, what was promised)."""

    interception_id: int
    accepted: bool
    code: Annotated[str, Field(max_length=60)] = ""
    courier_ref: Annotated[str, Field(max_length=60)] = ""
    evidence: Annotated[str, Field(max_length=200)] = ""


@command(
    clause="S2.2",
    permission=Permission.INTERCEPTION_RECORD,
    scope=ShopOf("tickets_interception", "interception_id"),
)
def answer_interceptions(step: Step, items: Sequence[AnswerInterception]) -> list[Outcome]:
    """Record couriers' answers: accepted is followed by tracking until the policy's days; refused is the end.

    Refused: "evidence_needed" from a person without it, "interception_ended". Answered already is unchanged.
    """
    rows = {row.id: row for row in sql.LOCK_INTERCEPTIONS.rows(ids=[item.interception_id for item in items])}
    outcomes: list[Outcome] = []
    going: dict[int, AnswerInterception] = {}
    for item in items:
        row = rows[item.interception_id]
        answered = row.state in (InterceptionState.ACCEPTED, InterceptionState.RETURNING)
        if (
            row.id in going
            or (answered and item.accepted)
            or (row.state == InterceptionState.REFUSED and not item.accepted)
        ):
            outcomes.append(unchanged(row.id))
        elif row.state != InterceptionState.REQUESTED:
            outcomes.append(refused("interception_ended", row.id))
        elif step.actor.kind != "system" and not item.evidence.strip():
            outcomes.append(refused("evidence_needed", row.id))
        else:
            going[row.id] = item
            outcomes.append(done(row.id))
    _write(step, going, rows)
    return outcomes


def _write(step: Step, going: dict[int, AnswerInterception], rows: dict[int, sql.InterceptionRow]) -> None:
    if not going:
        return
    policy = policies(step)
    ids = sorted(going)
    dues = {id_: step.now + timedelta(days=policy("interception_days", rows[id_].shop_id)) for id_ in ids}
    sql.ANSWER_INTERCEPTIONS.run(
        ids=ids,
        refs=[going[id_].courier_ref for id_ in ids],
        codes=[going[id_].code for id_ in ids],
        evidences=[going[id_].evidence.strip() for id_ in ids],
        dues=[dues[id_] for id_ in ids],
        now=step.now,
    )
    close(step, INTERCEPTION_ANSWER, ids)
    accepted = [id_ for id_ in ids if going[id_].accepted]
    step.move(INTERCEPTION_FLOW, accepted, InterceptionState.ACCEPTED)
    arm(
        step,
        [
            Arm(
                INTERCEPTION_END,
                id_,
                dues[id_],
                rows[id_].shop_id,
                None,
                parcel_number(rows[id_].parcel_id),
            )
            for id_ in accepted
        ],
    )
    put_off(step, INTERCEPTION_END, accepted)
    step.emit(
        *(
            InterceptionAnswered(id_, rows[id_].parcel_id, rows[id_].shop_id, going[id_].accepted, going[id_].code)
            for id_ in ids
        )
    )
    _end(step, {id_: InterceptionState.REFUSED for id_ in ids if not going[id_].accepted}, rows)


@dataclass(frozen=True, slots=True)
class FollowInterception:
    parcel_id: int


@command(
    clause="S2.2",
    permission=Permission.INTERCEPTION_RECORD,
    scope=ShopOf("parcels_parcel", "parcel_id"),
    internal=True,
)
def follow_interceptions(step: Step, items: Sequence[FollowInterception]) -> list[Outcome]:
    """Parcels moved: interceptions under way follow them to their end. Nothing to follow is unchanged."""
    locked = sql.LOCK_OF_PARCELS.rows(parcels=sorted({item.parcel_id for item in items}))
    rows = {row.id: row for row in locked}
    parcels = parcels_by_id({row.parcel_id for row in locked})
    became = {row.id: next_state(row.kind, row.state, parcels[row.parcel_id].state) for row in locked}
    returning = [id_ for id_, state in became.items() if state == InterceptionState.RETURNING]
    step.move(INTERCEPTION_FLOW, returning, InterceptionState.RETURNING, "tracking")
    unanswered = [row.id for row in locked if row.id in returning and row.state == InterceptionState.REQUESTED]
    close(step, INTERCEPTION_ANSWER, unanswered)
    policy = policies(step)
    arm(
        step,
        [
            Arm(
                INTERCEPTION_END,
                id_,
                step.now + timedelta(days=policy("interception_days", rows[id_].shop_id)),
                rows[id_].shop_id,
                None,
                parcel_number(rows[id_].parcel_id),
            )
            for id_ in unanswered
        ],
    )
    put_off(step, INTERCEPTION_END, unanswered)
    _end(step, {id_: state for id_, state in became.items() if state and state not in UNDER_WAY}, rows)
    touched = {rows[id_].parcel_id for id_, state in became.items() if state}
    return [done(item.parcel_id) if item.parcel_id in touched else unchanged(item.parcel_id) for item in items]


def _end(step: Step, endings: dict[int, InterceptionState], rows: dict[int, sql.InterceptionRow]) -> None:
    if not endings:
        return
    ids = sorted(endings)
    sql.END_INTERCEPTIONS.run(ids=ids, now=step.now)
    for state in sorted(set(endings.values())):
        step.move(INTERCEPTION_FLOW, [id_ for id_ in ids if endings[id_] == state], state)
    for kind in (INTERCEPTION_ANSWER, INTERCEPTION_END):
        close(step, kind, ids)
    step.emit(
        *(
            InterceptionEnded(id_, rows[id_].parcel_id, rows[id_].order_id, rows[id_].shop_id, str(endings[id_]))
            for id_ in ids
        )
    )
