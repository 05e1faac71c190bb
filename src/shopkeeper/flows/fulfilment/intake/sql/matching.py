"""Statements that match lines with SKUs made, or named by another code, after the order came in."""

from dataclasses import dataclass

from shopkeeper.foundation.sql import Statement


@dataclass(frozen=True, slots=True)
class MatchedRow:
    order_id: int


MATCH_LINES = Statement(
    """
    WITH named AS (
        SELECT l.id, coalesce(s.id, a.sku_id) AS sku_id FROM intake_orderline AS l
        LEFT JOIN listing_sku AS s ON s.code = l.outer_code
        LEFT JOIN listing_skualias AS a ON a.code = l.outer_code
        WHERE l.order_id = ANY(%(orders)s::bigint[]) AND l.sku_id IS NULL
    )
    UPDATE intake_orderline AS l SET sku_id = named.sku_id
    FROM named WHERE l.id = named.id AND named.sku_id IS NOT NULL
    RETURNING l.order_id""",
    row=MatchedRow,
)


WAITING_FOR = Statement(
    """
    SELECT o.id FROM intake_order AS o
    WHERE o.state = 'to_check' AND NOT o.is_history AND o.open_holds && ARRAY['unknown_sku']::varchar[]
      AND EXISTS (
          SELECT FROM intake_orderline AS l LEFT JOIN listing_skualias AS a ON a.code = l.outer_code
          JOIN listing_sku AS s ON s.code = l.outer_code OR s.id = a.sku_id
          WHERE l.order_id = o.id AND l.sku_id IS NULL AND s.product_id = ANY(%(products)s::bigint[]))
    ORDER BY o.id""",
    row=MatchedRow,
)


@dataclass(frozen=True, slots=True)
class UnknownRow:
    order_id: int
    outer_code: str


STILL_UNKNOWN = Statement(
    """
    SELECT DISTINCT ON (order_id) order_id, outer_code FROM intake_orderline
    WHERE order_id = ANY(%(orders)s::bigint[]) AND sku_id IS NULL ORDER BY order_id, id""",
    row=UnknownRow,
)


@dataclass(frozen=True, slots=True)
class JudgedLineRow:
    order_id: int
    shop_id: int
    outer_code: str
    sku_id: int | None
    is_delisted: bool
    floor_minor: int
    quantity: int
    paid_minor: int
    is_gift: bool


LINES_TO_JUDGE = Statement(
    """
    SELECT l.order_id, o.shop_id, l.outer_code, l.sku_id, coalesce(s.is_delisted, false), coalesce(s.floor_minor, 0),
           l.quantity, l.paid_minor, l.is_gift
    FROM intake_orderline AS l JOIN intake_order AS o ON o.id = l.order_id
    LEFT JOIN listing_sku AS s ON s.id = l.sku_id
    WHERE l.order_id = ANY(%(orders)s::bigint[]) ORDER BY l.order_id, l.id""",
    row=JudgedLineRow,
)
