"""P5: a transaction that touches balances in several steps takes its turn at all of them first, in key order."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.products.stock.permissions import Permission
from shopkeeper.flows.products.stock.rules import Place
from shopkeeper.flows.products.stock.sql import promises
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import EVERYWHERE
from shopkeeper.shared.outcomes import Outcome, unchanged


@dataclass(frozen=True, slots=True)
class LockBalances:
    """The balances of what orders hold, and of places (SKU, warehouse) they may ask for."""

    order_ids: tuple[int, ...] = ()
    places: tuple[Place, ...] = ()


@command(clause="P5", permission=Permission.STOCK_PROMISE, scope=EVERYWHERE, internal=True)
def lock_balances(step: Step, items: Sequence[LockBalances]) -> list[Outcome]:
    """Keep balances to this transaction; nothing is changed. What is locked here is free to be used in any order."""
    places = sorted({place for item in items for place in item.places})
    promises.LOCK_PLACES.run(
        orders=sorted({order_id for item in items for order_id in item.order_ids}),
        skus=[sku_id for sku_id, _ in places],
        warehouses=[warehouse_id for _, warehouse_id in places],
    )
    return [unchanged() for _ in items]
