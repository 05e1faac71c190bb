"""What an order is short of, as the stock desk knows it now."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shopkeeper.flows.fulfilment.intake.models import Order
from shopkeeper.flows.products.listing.queries.searching import sku_id_of
from shopkeeper.flows.products.stock.queries.levels import levels_of_sku
from shopkeeper.flows.products.stock.queries.restocking import code_of_sku, open_reminder_of
from shopkeeper.foundation.actor import Actor


@dataclass(frozen=True, slots=True)
class ShortSku:
    """A SKU of which an order lacks pieces: its balance here (id, what is free), elsewhere, its reminder."""

    code: str
    here: int | None
    free: int
    elsewhere: tuple[tuple[str, int], ...]
    reminder: int | None


def short_sku(viewer: Actor, order_id: int, facts: Mapping[str, Any]) -> ShortSku | None:
    """The SKU that a shortage's facts name, in the viewer's warehouses; None where they name none."""
    named = facts.get("sku_id")
    sku_id = named if isinstance(named, int) else sku_id_of(str(facts.get("sku", "")))
    if not sku_id:
        return None
    levels = levels_of_sku(viewer, sku_id)  # none of a SKU that was never kept
    warehouse_id = Order.objects.filter(id=order_id).values_list("warehouse_id", flat=True).first()
    here = next((level for level in levels if level.warehouse_id == warehouse_id), None)
    return ShortSku(
        code_of_sku(sku_id),
        here.id if here else None,
        here.free if here else 0,
        tuple((level.warehouse, level.free) for level in levels if level is not here and level.free > 0),
        open_reminder_of(sku_id),
    )
