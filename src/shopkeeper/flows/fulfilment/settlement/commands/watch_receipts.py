"""O4.2: once a parcel was signed for (or shipped, by policy) the system watches for the confirmation."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.fulfilment.settlement.commands.complete_orders import CompleteOrder, complete_orders
from shopkeeper.flows.fulfilment.settlement.commands.watches import AWAITED, ENDED, due_of, end_watches, watch
from shopkeeper.flows.fulfilment.settlement.permissions import Permission
from shopkeeper.flows.fulfilment.settlement.sql import completion
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, unchanged
from shopkeeper.sop.deadlines import arm
from shopkeeper.sop.states import Ending


@dataclass(frozen=True, slots=True)
class WatchReceipt:
    order_id: int


@command(
    clause="O4.2",
    permission=Permission.FOLLOW_UP_OPEN,
    scope=ShopOf("intake_order", "order_id"),
    internal=True,
)
def watch_receipts(step: Step, items: Sequence[WatchReceipt]) -> list[Outcome]:
    """Look at orders that left: set the watch for the confirmation, or end it where nothing is awaited.

    An order whose confirmation came before its parcel is completed now. Safe to repeat: the due time follows
    from the order's own moments, not from when this runs, and nobody asked already is watched anew.
    """
    rows = completion.LOCK_ORDERS.rows(orders=[item.order_id for item in items])
    confirmed = [row.id for row in rows if row.state in AWAITED and row.is_confirmed]
    complete_orders.within(step, [CompleteOrder(order_id) for order_id in confirmed])
    arms = []
    for row in rows:
        due_at = due_of(step, row)
        if row.state in AWAITED and not row.is_confirmed and due_at and not row.follow_ups:
            arms.append(watch(row, due_at))
    arm(step, arms)
    ended = [row.id for row in rows if row.state in ENDED]
    end_watches(step, ended, Ending.CANCELLED)
    watched = {wanted.subject_id for wanted in arms} | set(ended) | set(confirmed)
    return [done(i.order_id) if i.order_id in watched else unchanged(i.order_id) for i in items]
