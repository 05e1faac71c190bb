"""S2.3: a case ends without a solution: refused with the reason, withdrawn, or silent for too long."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field

from shopkeeper.flows.service.aftersale import deadlines
from shopkeeper.flows.service.aftersale.commands.casework import (
    CASE_SCOPE,
    cases_under_way,
    close_cases_for,
    load,
    refuse_cases,
)
from shopkeeper.flows.service.aftersale.commands.moneywork import take_back_money
from shopkeeper.flows.service.aftersale.models import Offer, case_number
from shopkeeper.flows.service.aftersale.permissions import Permission
from shopkeeper.flows.service.aftersale.queries.proposals import JudgedCase
from shopkeeper.flows.service.aftersale.sql import cases as case_sql
from shopkeeper.flows.service.aftersale.sql import money as money_sql
from shopkeeper.flows.service.aftersale.sql import returns as return_sql
from shopkeeper.flows.service.aftersale.states import (
    ENDED,
    OFFERABLE,
    RETURN_FLOW,
    CaseState,
    OfferAnswer,
    PlatformRefundState,
    RefundState,
    ReturnState,
)
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.errands import Errand
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm, close
from shopkeeper.sop.policy import policies
from shopkeeper.sop.states import Ending

CLOSABLE = (CaseState.OPENED, CaseState.EVIDENCE, CaseState.OFFERED, CaseState.ACCEPTED, CaseState.RETURN_AWAITED)
LEAST_REASON = 2


@dataclass(frozen=True, slots=True)
class RefuseAfterSale:
    """Turn a wish down; the reason goes to the buyer, also through the platform where it was asked there."""

    case_id: int
    reason: Annotated[str, Field(max_length=200)]


@dataclass(frozen=True, slots=True)
class CloseAfterSale:
    """End a case that needs no solution any more."""

    case_id: int
    cause: Literal["withdrawn", "solved_otherwise", "duplicate"]
    note: Annotated[str, Field(max_length=200)] = ""


@dataclass(frozen=True, slots=True)
class LapseCase:
    case_id: int


@command(clause="S2.3", permission=Permission.CASE_HANDLE, scope=CASE_SCOPE)
def refuse_aftersale(step: Step, items: Sequence[RefuseAfterSale]) -> list[Outcome]:
    """Refuse cases. What the policy owes may be refused only by who may go outside it ("owed_by_policy").

    Refused: "reason_needed", "case_not_offerable", "offer_under_way" while what was agreed is carried out. A refused
    case is unchanged.
    """
    judged = load(step, [item.case_id for item in items])
    busy = cases_under_way(judged)
    going: dict[int, tuple[JudgedCase, str]] = {}
    outcomes = []
    for item in items:
        case = judged[item.case_id]
        if case.row.state == CaseState.REFUSED or case.row.id in going:
            outcomes.append(unchanged(case.row.id))
        elif case.row.state not in OFFERABLE:
            outcomes.append(refused("case_not_offerable", case.row.id, state=CaseState(case.row.state)))
        elif case.row.id in busy:
            outcomes.append(refused("offer_under_way", case.row.id, what=busy[case.row.id]))
        elif len(item.reason.strip()) < LEAST_REASON:
            outcomes.append(refused("reason_needed", case.row.id))
        elif _is_owed(case) and not step.actor.may(Permission.OUTSIDE_POLICY):
            outcomes.append(refused("owed_by_policy", case.row.id))
        else:
            going[case.row.id] = (case, item.reason.strip())
            outcomes.append(done(case.row.id))
    rows = [(case.row, reason) for case, reason in going.values()]
    _drop_offers(step, [row for row, _ in rows], OfferAnswer.REPLACED)
    refuse_cases(step, rows)
    step.errand(
        *(
            Errand("refuse_refund", row.platform_refund_id, step.now, row.shop_id)
            for row, _ in rows
            if row.platform_refund_id and row.platform_refund_state == PlatformRefundState.ASKED
        )
    )
    return outcomes


def _is_owed(case: JudgedCase) -> bool:
    """Owed by the policy with all evidence there; what came back otherwise than agreed is no longer."""
    return case.proposal.eligible and not case.proposal.missing_shots and case.row.state != CaseState.GRADED


@command(clause="S2.3", permission=Permission.CASE_HANDLE, scope=CASE_SCOPE)
def close_aftersale(step: Step, items: Sequence[CloseAfterSale]) -> list[Outcome]:
    """Close cases. Refused: "case_not_closable" once goods are back, "money_under_way" once a refund was approved.

    What waited for approval is taken back. An ended case is unchanged.
    """
    judged = load(step, [item.case_id for item in items])
    money = money_sql.OF_CASES.rows(cases=sorted(judged))
    gone = {r.case_id for r in money if r.state in (RefundState.APPROVED, RefundState.FAILED, RefundState.PAID)}
    going: dict[int, tuple[JudgedCase, CloseAfterSale]] = {}
    outcomes = []
    for item in items:
        case = judged[item.case_id]
        if case.row.state in ENDED or case.row.id in going:
            outcomes.append(unchanged(case.row.id))
        elif case.row.state not in CLOSABLE:
            outcomes.append(refused("case_not_closable", case.row.id, state=CaseState(case.row.state)))
        elif case.row.id in gone:
            outcomes.append(refused("money_under_way", case.row.id))
        else:
            going[case.row.id] = (case, item)
            outcomes.append(done(case.row.id))
    take_back_money(
        step, [r for r in money if r.case_id in going and r.state == RefundState.PROPOSED], RefundState.CANCELLED
    )
    _close(step, [(case.row, item.cause, item.note.strip()) for case, item in going.values()])
    return outcomes


def _close(step: Step, closed: Sequence[tuple[case_sql.CaseRow, str, str]]) -> None:
    if not closed:
        return
    rows = [row for row, _, _ in closed]
    _drop_offers(step, rows, OfferAnswer.LAPSED)
    waiting = return_sql.LOCK_OF_CASES.rows(cases=[row.id for row in rows])
    awaited = (ReturnState.AWAITED, ReturnState.ON_THE_WAY)
    step.move(RETURN_FLOW, [row.id for row in waiting if row.state in awaited], ReturnState.CANCELLED)
    close_cases_for(step, closed)


def _drop_offers(step: Step, rows: Sequence[case_sql.CaseRow], answer: OfferAnswer) -> None:
    Offer.objects.filter(case_id__in=[row.id for row in rows], answer=OfferAnswer.PENDING).update(
        answer=answer, answered_at=step.now, answered_by=step.actor.id
    )


@command(clause="S2.3", permission=Permission.WATCH, scope=CASE_SCOPE, internal=True)
def lapse_offers(step: Step, items: Sequence[LapseCase]) -> list[Outcome]:
    """The buyer has not answered in time: the case is closed, and may be opened again."""
    judged = load(step, [item.case_id for item in items])
    silent = {case.row.id: case.row for case in judged.values() if case.row.state == CaseState.OFFERED}
    close(
        step, deadlines.OFFER_ANSWER, [item.case_id for item in items if item.case_id not in silent], Ending.CANCELLED
    )
    _close(step, [(row, "no_answer", "") for row in silent.values()])
    return [done(item.case_id) if item.case_id in silent else unchanged(item.case_id) for item in items]


@command(clause="S2.3", permission=Permission.WATCH, scope=CASE_SCOPE, internal=True)
def lapse_returns(step: Step, items: Sequence[LapseCase]) -> list[Outcome]:
    """Nothing was sent back in time: the case is closed. A parcel on its way is waited for once more."""
    judged = load(step, [item.case_id for item in items])
    rows = {row.case_id: row for row in return_sql.LOCK_OF_CASES.rows(cases=sorted(judged))}
    waiting = {i: case.row for i, case in judged.items() if case.row.state == CaseState.RETURN_AWAITED}
    coming = [row for i, row in waiting.items() if i in rows and rows[i].state == ReturnState.ON_THE_WAY]
    days = policies(step)
    arm(
        step,
        [
            Arm(
                deadlines.RETURN,
                row.id,
                step.now + timedelta(days=days("aftersale_return_days", row.shop_id)),
                shop_id=row.shop_id,
                label=case_number(row.id),
            )
            for row in coming
        ],
    )
    kept = {row.id for row in coming}
    close(step, deadlines.RETURN, [item.case_id for item in items if item.case_id not in waiting], Ending.CANCELLED)
    silent = {i: row for i, row in waiting.items() if i not in kept}
    _close(step, [(row, "return_not_sent", "") for row in silent.values()])
    return [done(item.case_id) if item.case_id in silent else unchanged(item.case_id) for item in items]
