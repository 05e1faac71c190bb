"""What may be sold of SKUs right now, per warehouse: for who tells it elsewhere (P5)."""

from collections.abc import Collection
from dataclasses import dataclass

from shopkeeper.flows.products.stock.sql.sellable import SELLABLE


@dataclass(frozen=True, slots=True)
class Sellable:
    """Pieces of a SKU in a warehouse that are on hand and promised to nobody. Never negative."""

    sku_id: int
    warehouse_id: int
    pieces: int


def sellable(sku_ids: Collection[int], warehouse_ids: Collection[int] | None = None) -> list[Sellable]:
    """One statement for any number of SKUs; a SKU never stocked in a warehouse has no row there."""
    if not sku_ids:
        return []
    wanted = None if warehouse_ids is None else sorted(warehouse_ids)
    rows = SELLABLE.rows(skus=sorted(sku_ids), warehouses=wanted)
    return [Sellable(row.sku_id, row.warehouse_id, row.pieces) for row in rows]


def sellable_by_sku(sku_ids: Collection[int], warehouse_ids: Collection[int] | None = None) -> dict[int, int]:
    """Pieces of each SKU in these warehouses together (None: all); 0 where there are none."""
    total = dict.fromkeys(sku_ids, 0)
    for row in sellable(sku_ids, warehouse_ids):
        total[row.sku_id] += row.pieces
    return total
