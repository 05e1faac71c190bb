"""Stock and sale of every SKU as plain facts for analytics, a piece at a time."""

from dataclasses import dataclass

from shopkeeper.foundation.sql import Statement


@dataclass(frozen=True, slots=True)
class SkuStanding:
    """What lies of a SKU in all warehouses, what one piece costs, and whether buyers can order it anywhere.

    A product that was never listed through us counts as on sale until it is retired: its shops sell it themselves.
    """

    sku_id: int
    on_hand: int
    cost_minor: int
    is_on_sale: bool


STANDINGS = Statement(
    """
    SELECT k.id, coalesce((SELECT sum(s.on_hand) FROM stock_stock AS s WHERE s.sku_id = k.id), 0)::bigint,
           k.cost_minor,
           NOT k.is_delisted AND p.state <> 'retired' AND coalesce(
               (SELECT bool_or(l.state IN ('on_sale', 'mismatch')) FROM publishing_listing AS l
                WHERE l.product_id = p.id), true)
    FROM listing_sku AS k JOIN listing_product AS p ON p.id = k.product_id
    WHERE k.id > %(after)s::bigint ORDER BY k.id LIMIT %(limit)s::int""",
    row=SkuStanding,
)


def sku_standings(after: int, limit: int) -> list[SkuStanding]:
    """SKUs in the order of their ids."""
    return STANDINGS.rows(after=after, limit=limit)
