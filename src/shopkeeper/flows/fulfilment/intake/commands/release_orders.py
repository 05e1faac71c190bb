"""O1.3: checked orders are pushed to the warehouse."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.fulfilment.intake import deadlines
from shopkeeper.flows.fulfilment.intake.batches.promising import promise_missing
from shopkeeper.flows.fulfilment.intake.commands.hold_orders import HoldOrder, hold_orders
from shopkeeper.flows.fulfilment.intake.events import OrderReleased
from shopkeeper.flows.fulfilment.intake.permissions import Permission
from shopkeeper.flows.fulfilment.intake.rules import must_ship_before
from shopkeeper.flows.fulfilment.intake.sql import orders as sql
from shopkeeper.flows.fulfilment.intake.states import ORDER_FLOW, OrderState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.clock import next_of
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import close
from shopkeeper.sop.policy import Policies, clock_times, policies


@dataclass(frozen=True, slots=True)
class ReleaseOrder:
    order_id: int


@command(clause="O1.3", permission=Permission.ORDER_CHECK, scope=ShopOf("intake_order", "order_id"))
def release_orders(step: Step, items: Sequence[ReleaseOrder]) -> list[Outcome]:
    """Push clean orders to the warehouse; OrderReleased tells it.

    Refused: wrong_state, holds_open, refund_open, no_warehouse, no_open_session (policy `sessions`, unless the
    order must ship before the next one), short_stock (then also held).
    """
    rows = {row.id: row for row in sql.LOCK.rows(ids=[item.order_id for item in items])}
    policy = policies(step)
    refusals = {row.id: code for row in rows.values() if (code := _refusal(step, policy, row))}
    going = sorted(rows.keys() - refusals.keys())
    short = promise_missing(step, going)
    hold_orders.within(step, [HoldOrder(order_id, "short_stock", facts) for order_id, facts in short.items()])
    refusals |= dict.fromkeys(short, "short_stock")
    moved = step.move(ORDER_FLOW, [order_id for order_id in going if order_id not in short], OrderState.RELEASED)
    released = [move.id for move in moved]
    sql.STAMP["released_at"].run(ids=released, now=step.now)
    for kind in (deadlines.DECIDE_HOLDS, deadlines.URGENT_ORDER):
        close(step, kind, released)
    step.emit(*(OrderReleased(i, rows[i].shop_id, rows[i].warehouse_id or 0) for i in released))
    return [_answer(item.order_id, rows[item.order_id], refusals) for item in items]


def _refusal(step: Step, policy: Policies, row: sql.OrderRow) -> str | None:
    if row.state != OrderState.TO_CHECK:
        return "wrong_state"
    if row.refund_state == "requested":
        return "refund_open"
    if row.open_holds:
        return "holds_open"
    if row.warehouse_id is None:
        return "no_warehouse"
    if policy("check_mode", row.shop_id) == "sessions" and not row.has_session:
        next_session = next_of(step.now, clock_times(policy("check_times", row.shop_id)))
        if not must_ship_before(row.ship_by_at, next_session):
            return "no_open_session"
    return None


def _answer(order_id: int, row: sql.OrderRow, refusals: dict[int, str]) -> Outcome:
    code = refusals.get(order_id)
    if code is None:
        return done(order_id)
    went_on = row.state not in (OrderState.UNPAID, OrderState.TO_CHECK, OrderState.CANCELLED)
    return unchanged(order_id) if code == "wrong_state" and went_on else refused(code, order_id)
