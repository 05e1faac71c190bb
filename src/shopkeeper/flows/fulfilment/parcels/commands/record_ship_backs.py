"""O3.1: numbers go to the platform until it acknowledges them; the buyer's notice is the platform's, once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field

from shopkeeper.flows.fulfilment.parcels.commands.cancel_parcels import PARCEL_ROW
from shopkeeper.flows.fulfilment.parcels.commands.case_steps import Wanted, end_cases_of, open_cases_for
from shopkeeper.flows.fulfilment.parcels.deadlines import SHIP_BACK
from shopkeeper.flows.fulfilment.parcels.events import ShipBackAcknowledged, ShipBackFailed
from shopkeeper.flows.fulfilment.parcels.models import parcel_number
from shopkeeper.flows.fulfilment.parcels.permissions import Permission
from shopkeeper.flows.fulfilment.parcels.sql import ship_backs
from shopkeeper.flows.fulfilment.parcels.states import SHIP_BACK_FLOW, CaseKind, CaseOutcome, ShipBackState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.errands import Errand
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm, close

LEAST_TIME = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class ShipBackAnswer:
    """What came of one try: taken by the platform, refused for good, or to be tried again."""

    parcel_id: int
    answer: Literal["acknowledged", "failed", "delayed"]
    evidence: str = ""
    code: str = ""
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class RetryShipBack:
    parcel_id: int


@dataclass(frozen=True, slots=True)
class ConfirmShipBack:
    """Somebody saw on the platform that the number is there; `evidence` says what was seen."""

    parcel_id: int
    evidence: Annotated[str, Field(min_length=4, max_length=180)]


@dataclass(frozen=True, slots=True)
class CheckShipBack:
    parcel_id: int


def _locked(
    items: Sequence[ShipBackAnswer | RetryShipBack | ConfirmShipBack | CheckShipBack],
) -> dict[int, ship_backs.ShipBackRow]:
    ids = sorted({item.parcel_id for item in items})
    ship_backs.LOCK.run(ids=ids)
    return {row.parcel_id: row for row in ship_backs.READ.rows(ids=ids)}


@command(clause="O3.1", permission=Permission.SHIP_BACK_RECORD, scope=PARCEL_ROW, internal=True)
def record_ship_backs(step: Step, items: Sequence[ShipBackAnswer]) -> list[Outcome]:
    """Record answers. An acknowledged one is final: later answers for it are unchanged."""
    rows = _locked(items)
    heard: dict[int, ShipBackAnswer] = {}
    outcomes = []
    for item in items:
        row = rows.get(item.parcel_id)
        if row is None:
            outcomes.append(refused("not_handed_over", item.parcel_id))
        elif row.state == ShipBackState.ACKNOWLEDGED or item.parcel_id in heard:
            outcomes.append(unchanged(item.parcel_id))
        else:
            heard[item.parcel_id] = item
            outcomes.append(done(item.parcel_id))
    _record(step, rows, [heard[parcel_id] for parcel_id in sorted(heard)])
    return outcomes


def _record(step: Step, rows: Mapping[int, ship_backs.ShipBackRow], answers: Sequence[ShipBackAnswer]) -> None:
    if not answers:
        return
    ship_backs.TRIED.run(
        now=step.now,
        ids=[a.parcel_id for a in answers],
        errors=["" if a.answer == "acknowledged" else f"{a.code} {a.evidence}".strip()[:200] for a in answers],
        acknowledged=[a.answer == "acknowledged" for a in answers],
        repeats=[a.repeated for a in answers],
    )
    _acknowledge(step, rows, [a for a in answers if a.answer == "acknowledged"])
    failed = [rows[a.parcel_id] for a in answers if a.answer == "failed"]
    step.move(SHIP_BACK_FLOW, [row.id for row in failed if row.state != ShipBackState.FAILED], ShipBackState.FAILED)
    codes = {a.parcel_id: a.code for a in answers}
    open_cases_for(step, [_case(step, row, codes[row.parcel_id]) for row in failed])
    step.emit(*(ShipBackFailed(row.parcel_id, row.order_id, row.shop_id, codes[row.parcel_id]) for row in failed))


def _acknowledge(step: Step, rows: Mapping[int, ship_backs.ShipBackRow], answers: Sequence[ShipBackAnswer]) -> None:
    if not answers:
        return
    ids = [a.parcel_id for a in answers]
    step.move(SHIP_BACK_FLOW, [rows[id_].id for id_ in ids], ShipBackState.ACKNOWLEDGED)
    ship_backs.NOTE.rows(ids=ids, evidence=[a.evidence[:200] for a in answers], now=step.now)
    close(step, SHIP_BACK, ids)
    end_cases_of(step, ids, [CaseKind.NOT_ACKNOWLEDGED], CaseOutcome.SETTLED)
    step.emit(
        *(ShipBackAcknowledged(id_, rows[id_].order_id, rows[id_].shop_id, rows[id_].attempts + 1) for id_ in ids)
    )


def _case(step: Step, row: ship_backs.ShipBackRow, cause: str) -> Wanted:
    due_at = max(row.due_at, step.now + LEAST_TIME)
    return Wanted(row.parcel_id, CaseKind.NOT_ACKNOWLEDGED, cause, due_at=due_at)


@command(clause="O3.1", permission=Permission.SHIP_BACK_RETRY, scope=PARCEL_ROW)
def retry_ship_backs(step: Step, items: Sequence[RetryShipBack]) -> list[Outcome]:
    """Tell the platform again, now. Refused: not_handed_over; unchanged once acknowledged."""
    rows = _locked(items)
    again: dict[int, ship_backs.ShipBackRow] = {}
    outcomes = []
    for item in items:
        row = rows.get(item.parcel_id)
        if row is None:
            outcomes.append(refused("not_handed_over", item.parcel_id))
        elif row.state != ShipBackState.FAILED or item.parcel_id in again:
            outcomes.append(unchanged(item.parcel_id))
        else:
            again[item.parcel_id] = row
            outcomes.append(done(item.parcel_id))
    step.move(SHIP_BACK_FLOW, [row.id for row in again.values()], ShipBackState.PENDING)
    step.errand(*(Errand("ship_back", id_, step.now, row.shop_id) for id_, row in sorted(again.items())))
    return outcomes


@command(clause="O3.1", permission=Permission.SHIP_BACK_RETRY, scope=PARCEL_ROW)
def confirm_ship_backs(step: Step, items: Sequence[ConfirmShipBack]) -> list[Outcome]:
    """Take a number as acknowledged on a person's word, who saw it on the platform. Refused: not_handed_over."""
    rows = _locked(items)
    seen: dict[int, ShipBackAnswer] = {}
    outcomes = []
    for item in items:
        row = rows.get(item.parcel_id)
        if row is None:
            outcomes.append(refused("not_handed_over", item.parcel_id))
        elif row.state == ShipBackState.ACKNOWLEDGED or item.parcel_id in seen:
            outcomes.append(unchanged(item.parcel_id))
        else:
            evidence = f"seen by {step.actor.id}: {item.evidence.strip()}"
            seen[item.parcel_id] = ShipBackAnswer(item.parcel_id, "acknowledged", evidence)
            outcomes.append(done(item.parcel_id))
    _record(step, rows, [seen[parcel_id] for parcel_id in sorted(seen)])
    return outcomes


@command(clause="O3.1", permission=Permission.SHIP_BACK_RECORD, scope=PARCEL_ROW, internal=True)
def check_ship_backs(step: Step, items: Sequence[CheckShipBack]) -> list[Outcome]:
    """A number is still not acknowledged and the ship-by comes near: a case, and the watch is set to the ship-by."""
    rows = _locked(items)
    waiting = {id_: row for id_, row in rows.items() if row.state != ShipBackState.ACKNOWLEDGED}
    open_cases_for(step, [_case(step, waiting[id_], "not_acknowledged") for id_ in sorted(waiting)])
    arm(
        step,
        [
            Arm(SHIP_BACK, row.parcel_id, row.due_at, shop_id=row.shop_id, label=parcel_number(row.parcel_id))
            for row in waiting.values()
            if row.due_at > step.now
        ],
    )
    close(step, SHIP_BACK, [item.parcel_id for item in items if item.parcel_id not in waiting])
    return [done(i.parcel_id) if i.parcel_id in waiting else unchanged(i.parcel_id) for i in items]
