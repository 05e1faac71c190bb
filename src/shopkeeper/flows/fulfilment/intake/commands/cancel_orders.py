"""O1.3: orders that will not be sent are cancelled and give back what they were promised."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.fulfilment.intake import deadlines
from shopkeeper.flows.fulfilment.intake.events import OrderCancelled
from shopkeeper.flows.fulfilment.intake.permissions import Permission
from shopkeeper.flows.fulfilment.intake.sql import holds as hold_sql
from shopkeeper.flows.fulfilment.intake.sql import orders as sql
from shopkeeper.flows.fulfilment.intake.states import ORDER_FLOW, OrderState
from shopkeeper.flows.products.stock.commands.lock_balances import LockBalances, lock_balances
from shopkeeper.flows.products.stock.commands.release_promises import ReleasePromise, release_promises
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import close
from shopkeeper.sop.states import Ending

LEFT_THE_HOUSE = (OrderState.SHIPPED, OrderState.SIGNED, OrderState.COMPLETED, OrderState.RETURNED)


@dataclass(frozen=True, slots=True)
class CancelOrder:
    """A cancellation needs its reason: a contract is not broken silently (电商法 49)."""

    order_id: int
    reason: str


@command(clause="O1.3", permission=Permission.ORDER_CANCEL, scope=ShopOf("intake_order", "order_id"))
def cancel_orders(step: Step, items: Sequence[CancelOrder]) -> list[Outcome]:
    """Cancel orders before hand-over. Refused: reason_needed, already_shipped; a cancelled one is unchanged."""
    rows = {row.id: row for row in sql.LOCK.rows(ids=[item.order_id for item in items])}
    going = {
        item.order_id: item.reason
        for item in items
        if item.reason.strip() and rows[item.order_id].state not in (*LEFT_THE_HOUSE, OrderState.CANCELLED)
    }
    if len(set(going.values())) > 1:  # each reason gives stock back by itself
        lock_balances.within(step, [LockBalances(tuple(sorted(going)))])
    for reason in sorted(set(going.values())):
        close_cancelled(step, [order_id for order_id, given in going.items() if given == reason], reason)
    return [_answer(item, rows[item.order_id].state, going) for item in items]


def _answer(item: CancelOrder, state: str, going: dict[int, str]) -> Outcome:
    if item.order_id in going:
        return done(item.order_id)
    if state == OrderState.CANCELLED:
        return unchanged(item.order_id)
    return refused("already_shipped" if state in LEFT_THE_HOUSE else "reason_needed", item.order_id)


def close_cancelled(step: Step, order_ids: Sequence[int], reason: str) -> None:
    """Move orders to cancelled with everything that follows; used when the platform closed them, too."""
    if not order_ids:
        return
    moved = step.move(ORDER_FLOW, sorted(order_ids), OrderState.CANCELLED, reason=reason)
    ids = [move.id for move in moved]
    release_promises.within(step, [ReleasePromise(order_id) for order_id in ids])
    hold_sql.DECIDE.run(
        orders=ids,
        codes=["*"] * len(ids),
        decisions=["cancelled"] * len(ids),
        reasons=[reason[:300]] * len(ids),
        now=step.now,
        actor_id=step.actor.id,
    )
    hold_sql.REFRESH.run(orders=ids)
    for kind in (deadlines.DECIDE_HOLDS, deadlines.MAKE_CODE, deadlines.URGENT_ORDER, deadlines.SHIP_BY):
        close(step, kind, ids, Ending.CANCELLED)
    shops = {row.id: row.shop_id for row in sql.LOCK.rows(ids=ids)}
    step.emit(*(OrderCancelled(move.id, shops[move.id], move.was) for move in moved))
