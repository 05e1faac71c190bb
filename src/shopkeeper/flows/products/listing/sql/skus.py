"""Statements over SKUs: locked in key order, prices put."""

from dataclasses import dataclass

from shopkeeper.foundation.sql import Statement


@dataclass(frozen=True, slots=True)
class IdRow:
    id: int


@dataclass(frozen=True, slots=True)
class PricedRow:
    id: int
    product_id: int


# Products before their SKUs, as everywhere.
LOCK_PRODUCTS = Statement(
    """
    SELECT p.id FROM listing_product AS p
    WHERE p.id IN (SELECT product_id FROM listing_sku WHERE id = ANY(%(ids)s::bigint[]))
    ORDER BY p.id FOR NO KEY UPDATE""",
    row=IdRow,
)

LOCK_SKUS = Statement(
    "SELECT id FROM listing_sku WHERE id = ANY(%(ids)s::bigint[]) ORDER BY id FOR NO KEY UPDATE", row=IdRow
)

PUT_PRICES = Statement(
    """
    UPDATE listing_sku AS k SET price_minor = g.price, floor_minor = g.floor, list_minor = g.list
    FROM unnest(%(sku_id)s::bigint[], %(price_minor)s::bigint[], %(floor_minor)s::bigint[], %(list_minor)s::bigint[])
         AS g (id, price, floor, list)
    WHERE k.id = g.id AND (k.price_minor, k.floor_minor, k.list_minor) IS DISTINCT FROM (g.price, g.floor, g.list)
    RETURNING k.id, k.product_id""",
    row=PricedRow,
)
