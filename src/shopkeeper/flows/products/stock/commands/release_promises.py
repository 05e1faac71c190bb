"""P5: what was promised to orders is given back, for cancelled and set-back orders."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.products.stock.events import SellableChanged
from shopkeeper.flows.products.stock.permissions import Permission
from shopkeeper.flows.products.stock.sql import promises
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import RowsOf
from shopkeeper.shared.outcomes import Outcome, done


@dataclass(frozen=True, slots=True)
class ReleasePromise:
    order_id: int


@command(clause="P5", permission=Permission.STOCK_PROMISE, scope=RowsOf("intake_order", "order_id"), internal=True)
def release_promises(step: Step, items: Sequence[ReleasePromise]) -> list[Outcome]:
    """Drop the promises of orders; an order without any is left as it is.

    Pieces allotted stay out of reach until the warehouse reshelves them: they may be in a tote.
    """
    orders = sorted({item.order_id for item in items})
    promises.LOCK_OF_ORDERS.run(orders=orders)
    promises.LOCK_LOTS_OF_ORDERS.run(orders=orders)
    freed = promises.GIVE_BACK.rows(orders=orders)
    step.emit(*(SellableChanged(row.sku_id, row.warehouse_id) for row in sorted(freed, key=lambda row: row.sku_id)))
    return [done(item.order_id) for item in items]
