"""P3.1: pieces received from a supplier become a lot in a bin, and the balance rises."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.products.stock.events import SellableChanged, StockReceived
from shopkeeper.flows.products.stock.models import Bin
from shopkeeper.flows.products.stock.permissions import Permission
from shopkeeper.flows.products.stock.sql import receipts
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import InWarehouse
from shopkeeper.foundation.sql import columns
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged

QUANTITY_MAX = 1_000_000


@dataclass(frozen=True, slots=True)
class ReceiveStock:
    """One delivery of one SKU; its lot code is unique per SKU and warehouse, so a repeat is known."""

    sku_id: int
    warehouse_id: int
    bin_code: str
    lot_code: Annotated[str, Field(min_length=1, max_length=40)]
    quantity: int
    reason: str = ""


@command(clause="P3.1", permission=Permission.STOCK_RECEIVE, scope=InWarehouse())
def receive_stock(step: Step, items: Sequence[ReceiveStock]) -> list[Outcome]:
    """Book receipts. Refused: quantity_out_of_bounds, bin_unknown; the same lot again is unchanged."""
    keys = columns(items, "sku_id", "warehouse_id", "lot_code")
    known = {
        (row.sku_id, row.warehouse_id, row.code)
        for row in receipts.KNOWN_LOTS.rows(skus=keys["sku_id"], warehouses=keys["warehouse_id"], lots=keys["lot_code"])
    }
    bins = set(Bin.objects.filter(warehouse_id__in=set(keys["warehouse_id"])).values_list("warehouse_id", "code"))
    outcomes: list[Outcome] = []
    booked: list[ReceiveStock] = []
    for item in items:
        key = (item.sku_id, item.warehouse_id, item.lot_code)
        if key in known:
            outcomes.append(unchanged())
        elif not 0 < item.quantity <= QUANTITY_MAX:
            outcomes.append(refused("quantity_out_of_bounds", min=1, max=QUANTITY_MAX))
        elif (item.warehouse_id, item.bin_code) not in bins:
            outcomes.append(refused("bin_unknown", bin=item.bin_code))
        else:
            known.add(key)
            booked.append(item)
            outcomes.append(done())
    if booked:
        _book(step, booked)
    return outcomes


def _book(step: Step, booked: Sequence[ReceiveStock]) -> None:
    given = columns(booked, "sku_id", "warehouse_id", "bin_code", "lot_code", "quantity", "reason")
    receipts.RECEIVE.run(
        skus=given["sku_id"],
        warehouses=given["warehouse_id"],
        bins=given["bin_code"],
        lots=given["lot_code"],
        quantities=given["quantity"],
        reasons=given["reason"],
        now=step.now,
        actor_id=step.actor.id,
    )
    step.emit(
        *(StockReceived(item.sku_id, item.warehouse_id, item.quantity) for item in booked),
        *(SellableChanged(*place) for place in sorted({(i.sku_id, i.warehouse_id) for i in booked})),
    )
