"""O1.3/P5: stock is promised to orders, first paid first served, all or nothing per order."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.products.stock.events import SellableFell, StockNeverKept
from shopkeeper.flows.products.stock.permissions import Permission
from shopkeeper.flows.products.stock.rules import Demand, serve
from shopkeeper.flows.products.stock.sql import promises
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import InWarehouse
from shopkeeper.foundation.sql import numbers
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged


@dataclass(frozen=True, slots=True)
class PromiseLine:
    order_line_id: int
    order_id: int
    sku_id: int
    warehouse_id: int
    quantity: int


@command(clause="P5", permission=Permission.STOCK_PROMISE, scope=InWarehouse(), internal=True)
def promise_stock(step: Step, items: Sequence[PromiseLine]) -> list[Outcome]:
    """Promise pieces to order lines in the order given; refused "short_stock" where an order cannot have all.

    Items come in serving order. Balances are locked in key order before they are read, and the update is
    guarded by the table's CHECK besides. Two statements however many lines.
    """
    places = sorted({(item.sku_id, item.warehouse_id) for item in items})
    rows = promises.LOCK_BALANCES.rows(
        skus=numbers(sku_id for sku_id, _ in places),
        warehouses=numbers(warehouse_id for _, warehouse_id in places),
        lines=numbers(item.order_line_id for item in items),
    )
    already = {row.order_line_id for row in rows if row.order_line_id is not None}
    wanted = [item for item in items if item.order_line_id not in already]
    available = {(row.sku_id, row.warehouse_id): row.available for row in rows if row.order_line_id is None}
    served = serve([Demand(i.order_id, (i.sku_id, i.warehouse_id), i.quantity) for i in wanted], available)
    granted = [item for item, has in zip(wanted, served, strict=True) if has]
    if granted:
        promises.PROMISE.run(
            lines=numbers(item.order_line_id for item in granted),
            orders=numbers(item.order_id for item in granted),
            skus=numbers(item.sku_id for item in granted),
            warehouses=numbers(item.warehouse_id for item in granted),
            quantities=numbers(item.quantity for item in granted),
            now=step.now,
        )
        step.emit(*(SellableFell(*place) for place in sorted({(i.sku_id, i.warehouse_id) for i in granted})))
    never_kept = {(item.sku_id, item.warehouse_id) for item in wanted} - available.keys()
    step.emit(*(StockNeverKept(*place) for place in sorted(never_kept)))
    granted_lines = {item.order_line_id for item in granted}
    return [
        unchanged(item.order_line_id)
        if item.order_line_id in already
        else done(item.order_line_id)
        if item.order_line_id in granted_lines
        else refused("short_stock", item.order_line_id, available=available.get((item.sku_id, item.warehouse_id), 0))
        for item in items
    ]
