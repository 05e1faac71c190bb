"""What shops have sold lately: asked before a product is put on sale where it may be on sale already."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.sql import Statement


@dataclass(frozen=True, slots=True)
class SoldRow:
    shop_id: int
    product_id: int


SOLD = Statement(
    """
    SELECT DISTINCT o.shop_id, k.product_id
    FROM intake_order AS o
    JOIN intake_orderline AS l ON l.order_id = o.id
    JOIN listing_sku AS k ON k.id = l.sku_id
    WHERE o.shop_id = ANY(%(shops)s::bigint[]) AND o.paid_at >= %(since)s::timestamptz AND NOT l.is_gift
      AND k.product_id = ANY(%(products)s::bigint[])""",
    row=SoldRow,
)


class PaidOrders:
    """The orders that buyers paid for."""

    def sold_since(
        self, shop_ids: Collection[int], product_ids: Collection[int], since: datetime
    ) -> set[tuple[int, int]]:
        if not shop_ids or not product_ids:
            return set()
        rows = SOLD.rows(shops=sorted(shop_ids), products=sorted(product_ids), since=since)
        return {(row.shop_id, row.product_id) for row in rows}
