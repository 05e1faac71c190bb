"""Opening and ending cases inside other commands' transactions: deadline, event and record go together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shopkeeper.flows.fulfilment.parcels.deadlines import NUMBER_CASE, PARCEL_CASE
from shopkeeper.flows.fulfilment.parcels.events import CaseClosed, CaseOpened
from shopkeeper.flows.fulfilment.parcels.models import parcel_number
from shopkeeper.flows.fulfilment.parcels.sql import cases
from shopkeeper.flows.fulfilment.parcels.states import CASE_FLOW, CaseKind, CaseOutcome, CaseState
from shopkeeper.foundation.commands import Step
from shopkeeper.sop.deadlines import Arm, DeadlineKind, arm, close
from shopkeeper.sop.policy import policies

NUMBER_KINDS = frozenset({CaseKind.NO_NUMBER, CaseKind.NOT_ACKNOWLEDGED})


@dataclass(frozen=True, slots=True)
class Wanted:
    """A case a parcel needs; `due_at` None = within the hours the policy gives."""

    parcel_id: int
    kind: CaseKind
    cause: str = ""
    note: str = ""
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    case: cases.CaseRow
    outcome: CaseOutcome
    note: str = ""


def deadline_of(kind: str) -> DeadlineKind:
    """Number problems are duties of O3.1, the others of O3.2."""
    return NUMBER_CASE if kind in NUMBER_KINDS else PARCEL_CASE


def open_cases_for(step: Step, wanted: Sequence[Wanted]) -> list[cases.CaseRow]:
    """Open what is not open yet; returns the new ones. A parcel has one open case of a kind."""
    if not wanted:
        return []
    opened = cases.OPEN.rows(
        parcels=[w.parcel_id for w in wanted],
        kinds=[str(w.kind) for w in wanted],
        causes=[w.cause[:100] for w in wanted],
        notes=[w.note for w in wanted],
        now=step.now,
        actor_id=step.actor.id,
    )
    dues = {(w.parcel_id, str(w.kind)): w.due_at for w in wanted}
    policy = policies(step)
    arm(
        step,
        [
            Arm(
                deadline_of(row.kind),
                row.id,
                dues[row.parcel_id, row.kind] or step.now + timedelta(hours=policy("case_answer_hours", row.shop_id)),
                shop_id=row.shop_id,
                warehouse_id=row.warehouse_id,
                label=parcel_number(row.parcel_id),
            )
            for row in opened
        ],
    )
    step.emit(*(CaseOpened(row.id, row.parcel_id, row.shop_id, row.kind) for row in opened))
    return opened


def end_cases(step: Step, endings: Sequence[Ended]) -> None:
    """End cases that are locked and open: outcome, state, deadline, event."""
    if not endings:
        return
    ids = [ending.case.id for ending in endings]
    cases.END.run(
        ids=ids,
        outcomes=[str(ending.outcome) for ending in endings],
        notes=[ending.note for ending in endings],
        now=step.now,
        actor_id=step.actor.id,
    )
    step.move(CASE_FLOW, ids, CaseState.CLOSED)
    for kind in (NUMBER_CASE, PARCEL_CASE):
        close(step, kind, [ending.case.id for ending in endings if deadline_of(ending.case.kind) is kind])
    step.emit(
        *(
            CaseClosed(e.case.id, e.case.parcel_id, e.case.shop_id, e.case.kind, str(e.outcome))
            for e in sorted(endings, key=lambda ending: ending.case.id)
        )
    )


def end_cases_of(
    step: Step, parcels: Iterable[int], kinds: Iterable[CaseKind], outcome: CaseOutcome
) -> list[cases.CaseRow]:
    """End whatever cases of these kinds are open on these parcels."""
    ids = sorted(set(parcels))
    if not ids:
        return []
    found = cases.LOCK_OPEN_OF.rows(parcels=ids, kinds=[str(kind) for kind in kinds])
    end_cases(step, [Ended(case, outcome) for case in found])
    return found
