"""O2.2: what the platform answered when asked whether an open order may still be sent."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.fulfilment.warehouse.commands.leave_waves import set_back
from shopkeeper.flows.fulfilment.warehouse.events import RefundChecked
from shopkeeper.flows.fulfilment.warehouse.permissions import Permission
from shopkeeper.flows.fulfilment.warehouse.sql import packing as sql
from shopkeeper.flows.fulfilment.warehouse.sql import waves
from shopkeeper.flows.fulfilment.warehouse.states import DropReason
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, unchanged


@dataclass(frozen=True, slots=True)
class RecordRefundCheck:
    order_id: int
    refund_open: bool


@command(clause="O2.2", permission=Permission.WATCH, scope=ShopOf("intake_order", "order_id"), internal=True)
def record_refund_check(step: Step, items: Sequence[RecordRefundCheck]) -> list[Outcome]:
    """Note the platform's word on orders in a wave; one with a refund open is held and leaves the wave.

    Unchanged for orders that are in no wave (any more).
    """
    orders = sorted({item.order_id for item in items})
    waves.LOCK_WAVES.rows(waves=[], wave_orders=[], orders=orders, pick_lines=[])
    sql.LOCK_ORDERS.run(orders=orders)
    rows = {row.order_id: row for row in sql.PACK_ORDERS.rows(wave_orders=[], orders=orders) if not row.is_shipped}
    answered = {item.order_id: item.refund_open for item in items if item.order_id in rows}
    if answered:
        sql.RECHECKED.run(wave_orders=[rows[order_id].id for order_id in answered], now=step.now)
        step.emit(*(RefundChecked(i, rows[i].shop_id, refund_open) for i, refund_open in sorted(answered.items())))
        refunding = [order_id for order_id, refund_open in answered.items() if refund_open]
        set_back(step, refunding, "refund_open", DropReason.REFUND_OPEN, {})
    return [done(rows[item.order_id].id) if item.order_id in answered else unchanged() for item in items]
