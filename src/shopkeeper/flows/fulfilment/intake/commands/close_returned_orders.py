"""O4.1: an order whose money went back after it had left is at its end; its books are closed by settlement."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.fulfilment.intake.events import OrderReturned
from shopkeeper.flows.fulfilment.intake.permissions import Permission
from shopkeeper.flows.fulfilment.intake.sql import orders as sql
from shopkeeper.flows.fulfilment.intake.states import ORDER_FLOW, OrderState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged

SENT = (OrderState.SHIPPED, OrderState.SIGNED)
ENDED = (OrderState.RETURNED, OrderState.COMPLETED, OrderState.CANCELLED)


@dataclass(frozen=True, slots=True)
class CloseReturnedOrder:
    """`reason` is told to whoever looks later (nothing personal). `are_goods_back` says whether the pieces can be
    sold again; where they cannot (lost, written off, left to the buyer), their cost stays in the books."""

    order_id: int
    reason: Annotated[str, Field(max_length=200)]
    are_goods_back: bool = True


@command(clause="O4.1", permission=Permission.ORDER_CLOSE, scope=ShopOf("intake_order", "order_id"))
def close_returned_orders(step: Step, items: Sequence[CloseReturnedOrder]) -> list[Outcome]:
    """End orders that left and were refunded in full: order RETURNED, OrderReturned tells settlement.

    Refused: reason_needed, not_sent (cancel it instead), not_refunded (a line is not refunded yet, as far as the
    platform has told). An order at its end, whatever it was, is unchanged.
    """
    rows = {row.id: row for row in sql.LOCK.rows(ids=[item.order_id for item in items])}
    ending: dict[int, CloseReturnedOrder] = {}
    outcomes = []
    for item in items:
        outcome = _judge(item, rows[item.order_id]) if item.order_id not in ending else unchanged(item.order_id)
        if outcome.changed:
            ending[item.order_id] = item
        outcomes.append(outcome)
    by_reason: dict[str, list[int]] = defaultdict(list)
    for item in ending.values():
        by_reason[item.reason.strip()].append(item.order_id)
    for reason in sorted(by_reason):
        step.move(ORDER_FLOW, sorted(by_reason[reason]), OrderState.RETURNED, reason=reason)
    step.emit(*(OrderReturned(i, rows[i].shop_id, ending[i].are_goods_back) for i in sorted(ending)))
    return outcomes


def _judge(item: CloseReturnedOrder, row: sql.OrderRow) -> Outcome:
    if row.state in ENDED:
        return unchanged(row.id, state=row.state)
    if row.state not in SENT:
        return refused("not_sent", row.id)
    if row.refund_state != "refunded":
        return refused("not_refunded", row.id)
    return done(row.id) if item.reason.strip() else refused("reason_needed", row.id)
