"""Statements on orders that are there: load for judgement, stamp, count."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.sql import NoRow, Statement


@dataclass(frozen=True, slots=True)
class OrderRow:
    id: int
    shop_id: int
    warehouse_id: int | None
    state: str
    refund_state: str
    open_holds: list[str]
    ship_by_at: datetime | None
    has_session: bool


LOCK = Statement(
    """
    SELECT o.id, o.shop_id, o.warehouse_id, o.state, o.refund_state, o.open_holds, o.ship_by_at,
           EXISTS (SELECT FROM intake_checksession AS s WHERE s.shop_id = o.shop_id AND s.state = 'open')
    FROM intake_order AS o WHERE o.id = ANY(%(ids)s::bigint[]) ORDER BY o.id FOR UPDATE OF o""",
    row=OrderRow,
)


@dataclass(frozen=True, slots=True)
class UnpromisedRow:
    order_line_id: int
    order_id: int
    sku_id: int | None
    warehouse_id: int | None
    quantity: int


UNPROMISED_LINES = Statement(
    """
    SELECT l.id, l.order_id, l.sku_id, o.warehouse_id, l.quantity
    FROM intake_orderline AS l JOIN intake_order AS o ON o.id = l.order_id
    WHERE l.order_id = ANY(%(orders)s::bigint[]) AND l.refund_state <> 'refunded'
      AND NOT EXISTS (SELECT FROM stock_promise AS p WHERE p.order_line_id = l.id)
    ORDER BY o.paid_at, o.id, l.id""",
    row=UnpromisedRow,
)

STAMP: dict[str, Statement[NoRow]] = {
    column: Statement(f"UPDATE intake_order SET {column} = %(now)s::timestamptz WHERE id = ANY(%(ids)s::bigint[])")
    for column in ("released_at", "shipped_at", "signed_at", "completed_at")
}


@dataclass(frozen=True, slots=True)
class IdRow:
    id: int


CLEAN_TO_CHECK = Statement(
    """
    SELECT id FROM intake_order
    WHERE shop_id = %(shop_id)s::bigint AND state = 'to_check' AND open_holds = '{}' AND refund_state <> 'requested'
      AND NOT is_history
    ORDER BY ship_by_at NULLS LAST, id LIMIT %(limit)s::int""",
    row=IdRow,
)


@dataclass(frozen=True, slots=True)
class SessionCountRow:
    clean: int
    held: int
    released: int


SESSION_COUNTS = Statement(
    """
    SELECT count(*) FILTER (WHERE open_holds = '{}' AND refund_state <> 'requested'),
           count(*) FILTER (WHERE open_holds <> '{}' OR refund_state = 'requested'),
           (SELECT count(*) FROM intake_order
            WHERE shop_id = %(shop_id)s::bigint AND released_at >= %(since)s::timestamptz)
    FROM intake_order
    WHERE shop_id = %(shop_id)s::bigint AND state = 'to_check' AND NOT is_history""",
    row=SessionCountRow,
)

SHORT_OF = Statement(
    """
    SELECT o.id FROM intake_order AS o
    WHERE o.state = 'to_check' AND o.open_holds && ARRAY['short_stock', 'short_pick', 'damaged_piece']::varchar[]
      AND EXISTS (
          SELECT FROM intake_orderline AS l
          JOIN unnest(%(skus)s::bigint[], %(warehouses)s::bigint[]) AS g (sku_id, warehouse_id)
            ON g.sku_id = l.sku_id AND g.warehouse_id = o.warehouse_id
          WHERE l.order_id = o.id)
    ORDER BY o.paid_at, o.id""",
    row=IdRow,
)
