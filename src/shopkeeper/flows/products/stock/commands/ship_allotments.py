"""O3.1: what was handed to the courier leaves lot, balance and promise together."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.products.stock.permissions import Permission
from shopkeeper.flows.products.stock.sql import allotments, promises
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import RowsOf
from shopkeeper.shared.outcomes import Outcome, done, refused


@dataclass(frozen=True, slots=True)
class ShipOrder:
    order_id: int


@command(clause="O3.1", permission=Permission.STOCK_MOVE, scope=RowsOf("intake_order", "order_id"), internal=True)
def ship_allotments(step: Step, items: Sequence[ShipOrder]) -> list[Outcome]:
    """Post the shipment of orders' allotments; refused "nothing_allotted" where there is none (any more)."""
    orders = sorted({item.order_id for item in items})
    promises.LOCK_OF_ORDERS.run(orders=orders)
    promises.LOCK_LOTS_OF_ORDERS.run(orders=orders)
    shipped = {row.order_id for row in allotments.SHIP.rows(orders=orders, now=step.now, actor_id=step.actor.id)}
    return [
        done(item.order_id) if item.order_id in shipped else refused("nothing_allotted", item.order_id)
        for item in items
    ]
