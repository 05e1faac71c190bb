"""What stock does when stock moves: reminders follow. Wired in config/wiring.py."""

from collections.abc import Sequence

from shopkeeper.flows.products.stock.commands.remind_restock import RemindRestock, remind_restock
from shopkeeper.flows.products.stock.commands.sweep_restock import WatchWarehouse, watch_warehouses
from shopkeeper.flows.products.stock.events import (
    SellableChanged,
    SellableFell,
    StockNeverKept,
    StockReceived,
    StockSetAside,
    ThresholdSet,
)
from shopkeeper.flows.products.stock.queries.restocking import skus_under
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.events import Recorded

Moved = SellableChanged | SellableFell | StockSetAside | StockNeverKept


def look_again(actor: Actor, events: Sequence[Recorded[Moved]]) -> None:
    """SellableChanged, SellableFell, StockSetAside, StockNeverKept: what is below its threshold is reminded of."""
    remind_restock(actor, [RemindRestock(sku_id) for sku_id in sorted({e.event.sku_id for e in events})])


def apply_thresholds(actor: Actor, events: Sequence[Recorded[ThresholdSet]]) -> None:
    """ThresholdSet: the SKUs it is about are looked at by the new number."""
    skus = {e.event.sku_id for e in events if e.event.sku_id is not None}
    skus |= set(skus_under(sorted({e.event.category_id for e in events if e.event.category_id is not None})))
    remind_restock(actor, [RemindRestock(sku_id) for sku_id in sorted(skus)])


def watch_stocked(actor: Actor, events: Sequence[Recorded[StockReceived]]) -> None:
    """StockReceived: a warehouse that keeps stock is looked at daily from now on."""
    watch_warehouses(actor, [WatchWarehouse(id_) for id_ in sorted({e.event.warehouse_id for e in events})])
