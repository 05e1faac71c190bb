"""S2.3: an order whose pieces came back and whose money went back is at its end."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.fulfilment.intake.commands.close_returned_orders import (
    CloseReturnedOrder,
    close_returned_orders,
)
from shopkeeper.flows.service.aftersale.permissions import Permission
from shopkeeper.flows.service.aftersale.sql import returns as sql
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, unchanged

REASON = "after-sale: refunded in full"


@dataclass(frozen=True, slots=True)
class EndRefundedOrder:
    order_id: int


@command(clause="S2.3", permission=Permission.WATCH, scope=ShopOf("intake_order", "order_id"), internal=True)
def end_refunded_orders(step: Step, items: Sequence[EndRefundedOrder]) -> list[Outcome]:
    """End orders that were refunded in full through after-sale; those with a live case, or not refunded in full as
    far as the platform has told, are unchanged. Goods that cannot be sold again stay a cost in the books."""
    orders = sorted({item.order_id for item in items})
    rows = {row.order_id: row for row in sql.REFUNDED_ORDERS.rows(orders=orders)}
    wanted = [CloseReturnedOrder(row.order_id, REASON, row.are_goods_back) for row in rows.values()]
    outcomes = dict(zip(rows, close_returned_orders.within(step, wanted), strict=True))
    return [
        done(i.order_id) if i.order_id in outcomes and outcomes[i.order_id].changed else unchanged(i.order_id)
        for i in items
    ]
