"""The statement of what may be sold."""

from dataclasses import dataclass

from shopkeeper.foundation.sql import Statement


@dataclass(frozen=True, slots=True)
class SellableRow:
    sku_id: int
    warehouse_id: int
    pieces: int


SELLABLE = Statement(
    """
    SELECT sku_id, warehouse_id, on_hand - promised AS pieces FROM stock_stock
    WHERE sku_id = ANY(%(skus)s::bigint[])
      AND (%(warehouses)s::bigint[] IS NULL OR warehouse_id = ANY(%(warehouses)s::bigint[]))
    ORDER BY sku_id, warehouse_id""",
    row=SellableRow,
)
