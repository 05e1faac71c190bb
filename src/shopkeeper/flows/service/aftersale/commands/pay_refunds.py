"""S2.3: an approved refund is seen through: the platform's answer, another try, or a person's word with evidence."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from shopkeeper.flows.service.aftersale.commands.approve_refunds import REFUND_SCOPE, locked_refunds
from shopkeeper.flows.service.aftersale.commands.moneywork import Paid, pay
from shopkeeper.flows.service.aftersale.deadlines import PAY
from shopkeeper.flows.service.aftersale.events import RefundFailed
from shopkeeper.flows.service.aftersale.permissions import Permission
from shopkeeper.flows.service.aftersale.sql import money as sql
from shopkeeper.flows.service.aftersale.states import REFUND_FLOW, PayWay, RefundState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.errands import Errand
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import open_now, put_off


@dataclass(frozen=True, slots=True)
class RefundAnswer:
    """What came of telling the platform: refused for good, or nothing to agree to yet."""

    refund_id: int
    answer: Literal["failed", "waiting"]
    code: str = ""


@dataclass(frozen=True, slots=True)
class RetryRefund:
    refund_id: int


@dataclass(frozen=True, slots=True)
class ConfirmRefund:
    """Somebody paid it outside, or saw that it was paid; `evidence` says what was seen (a transfer's number)."""

    refund_id: int
    evidence: Annotated[str, Field(min_length=4, max_length=180)]


@command(clause="S2.3", permission=Permission.REFUND_RECORD, scope=REFUND_SCOPE, internal=True)
def record_refund_answers(step: Step, items: Sequence[RefundAnswer]) -> list[Outcome]:
    """Record what kept refunds from going; a paid one is final, whatever else is heard. Paid refunds are taken in
    with the platform's own word (take_in_refunds)."""
    rows = locked_refunds([item.refund_id for item in items])
    heard = [item for item in items if rows[item.refund_id].state in (RefundState.APPROVED, RefundState.FAILED)]
    if heard:
        sql.NOTE_ERROR.run(refunds=[item.refund_id for item in heard], errors=[item.code[:200] for item in heard])
    failed = [item for item in heard if item.answer == "failed"]
    step.move(REFUND_FLOW, [item.refund_id for item in failed], RefundState.FAILED)
    open_now(PAY, [item.refund_id for item in failed])
    step.emit(
        *(
            RefundFailed(item.refund_id, rows[item.refund_id].case_id, rows[item.refund_id].shop_id, item.code)
            for item in failed
        )
    )
    answered = {item.refund_id for item in heard}
    return [done(i.refund_id) if i.refund_id in answered else unchanged(i.refund_id) for i in items]


@command(clause="S2.3", permission=Permission.REFUND_PAY, scope=REFUND_SCOPE)
def retry_refunds(step: Step, items: Sequence[RetryRefund]) -> list[Outcome]:
    """Tell the platform again, now. Refused: "refund_not_approved", "not_through_platform". A paid one is unchanged."""
    rows = locked_refunds([item.refund_id for item in items])
    again: dict[int, sql.RefundRow] = {}
    outcomes = []
    for item in items:
        row = rows[item.refund_id]
        if row.state == RefundState.PAID or row.id in again:
            outcomes.append(unchanged(row.id))
        elif row.state not in (RefundState.APPROVED, RefundState.FAILED):
            outcomes.append(refused("refund_not_approved", row.id, state=RefundState(row.state)))
        elif row.way != PayWay.PLATFORM:
            outcomes.append(refused("not_through_platform", row.id))
        else:
            again[row.id] = row
            outcomes.append(done(row.id))
    failed = [row.id for row in again.values() if row.state == RefundState.FAILED]
    step.move(REFUND_FLOW, failed, RefundState.APPROVED)
    put_off(step, PAY, list(again))
    step.errand(*(Errand("pay_refund", row.id, step.now, row.shop_id) for row in again.values()))
    return outcomes


@command(clause="S2.3", permission=Permission.REFUND_PAY, scope=REFUND_SCOPE)
def confirm_refunds(step: Step, items: Sequence[ConfirmRefund]) -> list[Outcome]:
    """Take refunds as paid on a person's word. Refused: "refund_not_approved". One already paid is unchanged."""
    rows = locked_refunds([item.refund_id for item in items])
    seen: dict[int, Paid] = {}
    outcomes = []
    for item in items:
        row = rows[item.refund_id]
        if row.state == RefundState.PAID or row.id in seen:
            outcomes.append(unchanged(row.id))
        elif row.state not in (RefundState.APPROVED, RefundState.FAILED):
            outcomes.append(refused("refund_not_approved", row.id, state=RefundState(row.state)))
        else:
            reference = "" if row.is_compensation else f"aftersale:{row.id}"
            seen[row.id] = Paid(row, row.amount_minor, item.evidence.strip(), reference)
            outcomes.append(done(row.id, case_id=row.case_id))
    pay(step, list(seen.values()))
    return outcomes
