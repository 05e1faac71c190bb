"""O4.1: finance looks at an order that could not be settled by itself, and decides."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.fulfilment.settlement.commands.booking import Wish, settle
from shopkeeper.flows.fulfilment.settlement.permissions import Permission
from shopkeeper.flows.fulfilment.settlement.rules import Approval
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, refused


@dataclass(frozen=True, slots=True)
class ApproveSettlement:
    """`doubt` is the reason the person saw; `cost_minor` the goods' whole cost where that was in doubt."""

    order_id: int
    doubt: Annotated[str, Field(max_length=30)]
    reason: Annotated[str, Field(max_length=300)]
    cost_minor: Annotated[int, Field(ge=0, le=10**15)] | None = None


@command(clause="O4.1", permission=Permission.SETTLEMENT_APPROVE, scope=ShopOf("intake_order", "order_id"))
def approve_settlements(step: Step, items: Sequence[ApproveSettlement]) -> list[Outcome]:
    """Settle doubted orders on a person's word; what lines cannot explain is booked as `difference`.

    Refused: "reason_needed", "cost_needed", "doubt_changed" where the order no longer has the doubt the
    person saw, "not_completed". A settled order is unchanged.
    """
    approvals = [Approval(item.doubt, item.cost_minor) for item in items]
    codes = [
        "reason_needed" if not item.reason.strip() else "cost_needed" if approval.lacks_cost() else ""
        for item, approval in zip(items, approvals, strict=True)
    ]
    wishes = [
        Wish(item.order_id, approval, item.reason.strip()[:300])
        for item, approval, code in zip(items, approvals, codes, strict=True)
        if not code
    ]
    answers = iter(settle(step, wishes))
    return [refused(code, item.order_id) if code else next(answers) for item, code in zip(items, codes, strict=True)]
