"""S2.3: a second person agrees to money going back, or does not. Who offered it is never the second person."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.service.aftersale.commands.casework import owe_solution
from shopkeeper.flows.service.aftersale.commands.moneywork import approve, settle_finished, take_back_money
from shopkeeper.flows.service.aftersale.events import RefundRejected
from shopkeeper.flows.service.aftersale.permissions import Permission
from shopkeeper.flows.service.aftersale.sql import cases as case_sql
from shopkeeper.flows.service.aftersale.sql import money as sql
from shopkeeper.flows.service.aftersale.states import CaseState, RefundState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged

REFUND_SCOPE = ShopOf("aftersale_refund", "refund_id")


@dataclass(frozen=True, slots=True)
class ApproveRefund:
    """The amount as it was seen: where it is another by now, nothing is approved."""

    refund_id: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class RejectRefund:
    refund_id: int
    reason: Annotated[str, Field(max_length=300)]


def locked_refunds(refund_ids: Sequence[int]) -> dict[int, sql.RefundRow]:
    """Refunds, their orders locked before them."""
    ids = sorted(set(refund_ids))
    sql.LOCK_ORDERS_OF_REFUNDS.run(refunds=ids)
    sql.LOCK_REFUNDS.run(refunds=ids)
    return {row.id: row for row in sql.REFUNDS.rows(refunds=ids)}


@command(clause="S2.3", permission=Permission.REFUND_APPROVE, scope=REFUND_SCOPE)
def approve_refunds(step: Step, items: Sequence[ApproveRefund]) -> list[Outcome]:
    """Approve refunds that wait for it. Refused: "own_refund", "amount_changed", "refund_not_waiting". One that was
    approved already is unchanged."""
    rows = locked_refunds([item.refund_id for item in items])
    going: dict[int, sql.RefundRow] = {}
    outcomes = []
    for item in items:
        row = rows[item.refund_id]
        if row.id in going or row.state in (RefundState.APPROVED, RefundState.PAID, RefundState.FAILED):
            outcomes.append(unchanged(row.id))
        elif row.state != RefundState.PROPOSED:
            outcomes.append(refused("refund_not_waiting", row.id, state=RefundState(row.state)))
        elif step.actor.id in (row.proposed_by, row.offered_by):
            outcomes.append(refused("own_refund", row.id))
        elif item.amount_minor != row.amount_minor:
            outcomes.append(refused("amount_changed", row.id))
        else:
            going[row.id] = row
            outcomes.append(done(row.id, case_id=row.case_id))
    approve(step, list(going.values()))
    return outcomes


@command(clause="S2.3", permission=Permission.REFUND_APPROVE, scope=REFUND_SCOPE)
def reject_refunds(step: Step, items: Sequence[RejectRefund]) -> list[Outcome]:
    """Turn refunds down; the case is owed another solution. Refused: "reason_needed", "refund_not_waiting". One
    that was rejected already is unchanged."""
    rows = locked_refunds([item.refund_id for item in items])
    stopped: dict[int, tuple[sql.RefundRow, str]] = {}
    outcomes = []
    for item in items:
        row = rows[item.refund_id]
        if row.id in stopped or row.state == RefundState.REJECTED:
            outcomes.append(unchanged(row.id))
        elif row.state != RefundState.PROPOSED:
            outcomes.append(refused("refund_not_waiting", row.id, state=RefundState(row.state)))
        elif not item.reason.strip():
            outcomes.append(refused("reason_needed", row.id))
        else:
            stopped[row.id] = (row, item.reason.strip())
            outcomes.append(done(row.id, case_id=row.case_id))
    if stopped:
        sql.NOTE_REJECTED.run(refunds=list(stopped), reasons=[reason for _, reason in stopped.values()])
        take_back_money(step, [row for row, _ in stopped.values()], RefundState.REJECTED)
        step.emit(*(RefundRejected(row.id, row.case_id, row.shop_id) for row, _ in stopped.values()))
        _owe_anew(step, [row.case_id for row, _ in stopped.values()])
        # Where the goods' money is paid, a compensation beside it that was turned down keeps nothing open.
        settle_finished(step, _paid_for_goods([row.case_id for row, _ in stopped.values() if row.is_compensation]))
    return outcomes


def _paid_for_goods(case_ids: Sequence[int]) -> list[int]:
    rows = sql.OF_CASES.rows(cases=sorted(set(case_ids))) if case_ids else []
    return [row.case_id for row in rows if row.state == RefundState.PAID and not row.is_compensation]


def _owe_anew(step: Step, case_ids: Sequence[int]) -> None:
    """Cases with nothing else agreed any more begin again."""
    ids = sorted(set(case_ids))
    live = (RefundState.PROPOSED, RefundState.APPROVED, RefundState.FAILED, RefundState.PAID)
    going = {row.case_id for row in sql.OF_CASES.rows(cases=ids) if row.state in live}
    states = (CaseState.ACCEPTED, CaseState.GRADED)
    rows = [row for row in case_sql.CASES.rows(cases=ids) if row.state in states and row.id not in going]
    owe_solution(step, rows, "refund rejected")
