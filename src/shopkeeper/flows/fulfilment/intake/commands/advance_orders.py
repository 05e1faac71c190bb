"""O2–O4: later steps move an order on; its moments are stamped and its ship-by deadline ends with shipping."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.fulfilment.intake import deadlines
from shopkeeper.flows.fulfilment.intake.events import OrderAdvanced
from shopkeeper.flows.fulfilment.intake.permissions import Permission
from shopkeeper.flows.fulfilment.intake.sql import orders as sql
from shopkeeper.flows.fulfilment.intake.states import ORDER_FLOW, OrderState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import close

STAMPS = {
    OrderState.RELEASED: "released_at",
    OrderState.SHIPPED: "shipped_at",
    OrderState.SIGNED: "signed_at",
    OrderState.COMPLETED: "completed_at",
}


@dataclass(frozen=True, slots=True)
class AdvanceOrder:
    order_id: int
    to: OrderState


@command(
    clause="O1.3",
    permission=Permission.ORDER_ADVANCE,
    scope=ShopOf("intake_order", "order_id"),
    internal=True,
)
def advance_orders(step: Step, items: Sequence[AdvanceOrder]) -> list[Outcome]:
    """Move orders on. Refused "wrong_state" where the transition table does not allow it."""
    rows = {row.id: row for row in sql.LOCK.rows(ids=[item.order_id for item in items])}
    by_target: dict[OrderState, list[int]] = defaultdict(list)
    for item in items:
        by_target[item.to].append(item.order_id)
    moved: set[tuple[int, str]] = set()
    for target in sorted(by_target):
        ids = [move.id for move in step.move(ORDER_FLOW, sorted(set(by_target[target])), target)]
        moved |= {(order_id, str(target)) for order_id in ids}
        if target in STAMPS and ids:
            sql.STAMP[STAMPS[target]].run(ids=ids, now=step.now)
        if target is OrderState.SHIPPED:
            close(step, deadlines.SHIP_BY, ids)
        step.emit(*(OrderAdvanced(order_id, rows[order_id].shop_id, str(target)) for order_id in ids))
    return [_answer(item, rows, moved) for item in items]


def _answer(item: AdvanceOrder, rows: dict[int, sql.OrderRow], moved: set[tuple[int, str]]) -> Outcome:
    if (item.order_id, str(item.to)) in moved:
        return done(item.order_id)
    row = rows.get(item.order_id)
    already = row is not None and row.state == item.to
    return unchanged(item.order_id) if already else refused("wrong_state", item.order_id)
