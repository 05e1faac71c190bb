"""O3.2: a person deals with a parcel's case: reports it, asks the courier, closes it with its outcome."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.fulfilment.parcels.commands.cancel_parcels import PARCEL_ROW
from shopkeeper.flows.fulfilment.parcels.commands.case_steps import (
    NUMBER_KINDS,
    Ended,
    Wanted,
    deadline_of,
    end_cases,
    end_cases_of,
    open_cases_for,
)
from shopkeeper.flows.fulfilment.parcels.deadlines import (
    PARCEL_PROMISE,
    PARCEL_STALL,
    SHIP_BACK,
    TRACKING_PULL,
)
from shopkeeper.flows.fulfilment.parcels.events import CourierContacted, ParcelLost
from shopkeeper.flows.fulfilment.parcels.models import parcel_number
from shopkeeper.flows.fulfilment.parcels.permissions import Permission
from shopkeeper.flows.fulfilment.parcels.rules.tracking import without_persons
from shopkeeper.flows.fulfilment.parcels.sql import cases, parcels
from shopkeeper.flows.fulfilment.parcels.states import (
    AT_REST,
    BEFORE_HAND_OVER,
    CASE_FLOW,
    PARCEL_FLOW,
    CaseKind,
    CaseOutcome,
    CaseState,
    ContactChannel,
    ParcelState,
)
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import RowsOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm, close
from shopkeeper.sop.states import Ending

CASE_ROW = RowsOf(
    "(SELECT c.id, c.shop_id, p.warehouse_id FROM parcels_parcelcase AS c"
    " JOIN parcels_parcel AS p ON p.id = c.parcel_id) AS cases",
    "case_id",
    shop="shop_id",
    warehouse="warehouse_id",
)
SAME_TALK = timedelta(minutes=10)
TO_ASK_AGAIN = timedelta(hours=1)  # after the courier was to answer
REPORTABLE = frozenset({CaseKind.UNDELIVERED, CaseKind.DAMAGED, CaseKind.MIS_SORTED, CaseKind.LOST})


@dataclass(frozen=True, slots=True)
class OpenCase:
    parcel_id: int
    kind: CaseKind
    note: Annotated[str, Field(max_length=300)] = ""


@dataclass(frozen=True, slots=True)
class ContactCourier:
    """What was asked and said, and within how many hours the courier will answer."""

    case_id: int
    channel: ContactChannel
    note: Annotated[str, Field(min_length=1, max_length=300)]
    answer_hours: Annotated[int, Field(ge=1, le=72)] = 24


@dataclass(frozen=True, slots=True)
class CloseCase:
    case_id: int
    outcome: CaseOutcome
    note: Annotated[str, Field(max_length=300)] = ""


@command(clause="O3.2", permission=Permission.CASE_HANDLE, scope=PARCEL_ROW)
def open_cases(step: Step, items: Sequence[OpenCase]) -> list[Outcome]:
    """Report something wrong with parcels that left. Refused: not_handed_over, wrong_kind; open already: unchanged."""
    ids = sorted({item.parcel_id for item in items})
    rows = {row.id: row for row in parcels.READ.rows(ids=ids)}
    codes = {item: code for item in items if (code := _objection(rows[item.parcel_id], item))}
    wanted = [
        Wanted(item.parcel_id, item.kind, "reported", without_persons(item.note, 300))
        for item in dict.fromkeys(items)
        if item not in codes
    ]
    opened = {(row.parcel_id, row.kind): row.id for row in open_cases_for(step, wanted)}
    outcomes = []
    for item in items:
        key = (item.parcel_id, str(item.kind))
        if item in codes:
            outcomes.append(refused(codes[item], item.parcel_id))
        elif key in opened:
            outcomes.append(done(opened.pop(key)))
        else:
            outcomes.append(unchanged(item.parcel_id))
    return outcomes


def _objection(row: parcels.ParcelRow, item: OpenCase) -> str:
    if row.state in BEFORE_HAND_OVER or row.state == ParcelState.CANCELLED:
        return "not_handed_over"
    return "" if item.kind in REPORTABLE else "wrong_kind"


def _locked(ids: Sequence[int]) -> dict[int, cases.CaseRow]:
    wanted = sorted(set(ids))
    cases.LOCK_PARCELS_OF.run(ids=wanted)
    cases.LOCK.run(ids=wanted)
    return {row.id: row for row in cases.READ.rows(ids=wanted)}


@command(clause="O3.2", permission=Permission.CASE_HANDLE, scope=CASE_ROW)
def contact_couriers(step: Step, items: Sequence[ContactCourier]) -> list[Outcome]:
    """Log a talk with the courier; the case waits until the answer is due. Refused: case_closed.

    It is to be seen to within the hour after.
    """
    rows = _locked([item.case_id for item in items])
    talks = {
        item.case_id: item for item in items if rows[item.case_id].state != CaseState.CLOSED
    }  # one talk a case and batch
    logged = {
        row.case_id
        for row in cases.LOG_CONTACT.rows(
            cases=list(talks),
            channels=[str(talk.channel) for talk in talks.values()],
            notes=[without_persons(talk.note.strip(), 300) for talk in talks.values()],
            dues=[step.now + timedelta(hours=talk.answer_hours) for talk in talks.values()],
            now=step.now,
            since=step.now - SAME_TALK,
            actor_id=step.actor.id,
        )
    }
    step.move(CASE_FLOW, [id_ for id_ in sorted(logged) if rows[id_].state == CaseState.OPEN], CaseState.CONTACTED)
    arm(step, [_due_with_answer(step, rows[id_], talks[id_]) for id_ in sorted(logged)])
    step.emit(
        *(
            CourierContacted(id_, rows[id_].parcel_id, rows[id_].shop_id, str(talks[id_].channel))
            for id_ in sorted(logged)
        )
    )
    outcomes = []
    for item in items:
        if rows[item.case_id].state == CaseState.CLOSED:
            outcomes.append(refused("case_closed", item.case_id))
        elif item.case_id in logged and talks[item.case_id] == item:
            outcomes.append(done(item.case_id))
        else:
            outcomes.append(unchanged(item.case_id))
    return outcomes


def _due_with_answer(step: Step, row: cases.CaseRow, talk: ContactCourier) -> Arm:
    answer_at = step.now + timedelta(hours=talk.answer_hours)
    return Arm(
        deadline_of(row.kind),
        row.id,
        answer_at + TO_ASK_AGAIN,
        row.shop_id,
        row.warehouse_id,
        parcel_number(row.parcel_id),
        opens_at=answer_at,
    )


@command(clause="O3.2", permission=Permission.CASE_HANDLE, scope=CASE_ROW)
def close_cases(step: Step, items: Sequence[CloseCase]) -> list[Outcome]:
    """Close cases with an outcome. Refused: case_closed (with another outcome), outcome_needs_note,
    wrong_outcome."""
    rows = _locked([item.case_id for item in items])
    closing: dict[int, CloseCase] = {}
    outcomes = []
    for item in items:
        row = rows[item.case_id]
        had = closing[row.id].outcome if row.id in closing else row.outcome
        if row.state == CaseState.CLOSED or row.id in closing:
            same = had == item.outcome
            outcomes.append(unchanged(row.id) if same else refused("case_closed", row.id))
        elif item.outcome in (CaseOutcome.NO_FAULT, CaseOutcome.LOST) and not item.note.strip():
            outcomes.append(refused("outcome_needs_note", row.id))
        elif row.kind in NUMBER_KINDS and item.outcome not in (CaseOutcome.SETTLED, CaseOutcome.NO_FAULT):
            outcomes.append(refused("wrong_outcome", row.id))
        else:
            closing[row.id] = item
            outcomes.append(done(row.id))
    end_cases(
        step,
        [Ended(rows[i.case_id], i.outcome, without_persons(i.note.strip(), 300)) for i in closing.values()],
    )
    given_up = [rows[i].parcel_id for i in closing if rows[i].kind == CaseKind.NOT_ACKNOWLEDGED]
    close(step, SHIP_BACK, given_up, Ending.CANCELLED)  # somebody decided: nothing more is owed to the platform
    _write_off(step, [rows[i.case_id].parcel_id for i in closing.values() if i.outcome == CaseOutcome.LOST])
    return outcomes


def _write_off(step: Step, parcel_ids: Sequence[int]) -> None:
    """Parcels given up as lost: what else was asked of their way and their watches end, and those who owe the buyer
    something hear of it."""
    ids = sorted(set(parcel_ids))
    if not ids:
        return
    end_cases_of(step, ids, [kind for kind in CaseKind if kind not in NUMBER_KINDS], CaseOutcome.LOST)
    going = [row for row in parcels.READ.rows(ids=ids) if row.state not in AT_REST | BEFORE_HAND_OVER]
    step.move(PARCEL_FLOW, [row.id for row in going], ParcelState.LOST)
    gone = [row.id for row in going]
    for kind in (PARCEL_STALL, TRACKING_PULL):
        close(step, kind, gone)
    close(step, PARCEL_PROMISE, gone, Ending.CANCELLED)
    step.emit(*(ParcelLost(row.id, row.order_id, row.shop_id) for row in going))
