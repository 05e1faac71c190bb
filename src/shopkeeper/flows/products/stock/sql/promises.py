"""Statements of demand: promise, give back."""

from dataclasses import dataclass

from shopkeeper.foundation.sql import Statement


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """A locked balance, or (`order_line_id` set) a line that has its promise already."""

    sku_id: int
    warehouse_id: int
    available: int
    order_line_id: int | None


LOCK_BALANCES = Statement(
    """
    WITH locked AS (
        SELECT s.sku_id, s.warehouse_id, s.on_hand - s.promised AS available
        FROM stock_stock AS s
        WHERE (s.sku_id, s.warehouse_id) IN (
            SELECT sku_id, warehouse_id
            FROM unnest(%(skus)s::bigint[], %(warehouses)s::bigint[]) AS given (sku_id, warehouse_id))
        ORDER BY s.sku_id, s.warehouse_id FOR UPDATE
    )
    SELECT sku_id, warehouse_id, available, NULL::bigint FROM locked
    UNION ALL
    SELECT sku_id, warehouse_id, 0, order_line_id FROM stock_promise WHERE order_line_id = ANY(%(lines)s::bigint[])""",
    row=BalanceRow,
)

PROMISE = Statement("""
    WITH given AS (
        SELECT * FROM unnest(%(lines)s::bigint[], %(orders)s::bigint[], %(skus)s::bigint[],
                             %(warehouses)s::bigint[], %(quantities)s::int[])
            AS given (order_line_id, order_id, sku_id, warehouse_id, quantity)
    ), promised AS (
        INSERT INTO stock_promise (order_line_id, order_id, sku_id, warehouse_id, quantity, promised_at)
        SELECT order_line_id, order_id, sku_id, warehouse_id, quantity, %(now)s::timestamptz FROM given
        RETURNING sku_id, warehouse_id, quantity
    )
    UPDATE stock_stock AS s SET promised = s.promised + wanted.quantity
    FROM (SELECT sku_id, warehouse_id, sum(quantity) AS quantity FROM promised GROUP BY 1, 2) AS wanted
    WHERE s.sku_id = wanted.sku_id AND s.warehouse_id = wanted.warehouse_id""")


@dataclass(frozen=True, slots=True)
class FreedRow:
    sku_id: int
    warehouse_id: int


LOCK_OF_ORDERS = Statement("""
    SELECT s.id FROM stock_stock AS s
    WHERE (s.sku_id, s.warehouse_id) IN (
        SELECT sku_id, warehouse_id FROM stock_promise WHERE order_id = ANY(%(orders)s::bigint[]))
    ORDER BY s.sku_id, s.warehouse_id FOR UPDATE""")

LOCK_PLACES = Statement("""
    SELECT s.id FROM stock_stock AS s
    WHERE (s.sku_id, s.warehouse_id) IN (
        SELECT sku_id, warehouse_id FROM stock_promise WHERE order_id = ANY(%(orders)s::bigint[])
        UNION
        SELECT l.sku_id, l.warehouse_id FROM stock_reshelving AS r JOIN stock_lot AS l ON l.id = r.lot_id
        WHERE r.order_id = ANY(%(orders)s::bigint[])
        UNION
        SELECT sku_id, warehouse_id
        FROM unnest(%(skus)s::bigint[], %(warehouses)s::bigint[]) AS given (sku_id, warehouse_id))
    ORDER BY s.sku_id, s.warehouse_id FOR UPDATE""")

# The order gives up its demand. What was allotted may be in a tote by now: it stays reserved and promised until the
# warehouse says that it is in its bin.
GIVE_BACK = Statement(
    """
    WITH called_back AS (
        DELETE FROM stock_allotment WHERE order_id = ANY(%(orders)s::bigint[])
        RETURNING order_id, order_line_id, lot_id, quantity
    ), on_the_way AS (
        INSERT INTO stock_reshelving AS r (order_id, order_line_id, lot_id, quantity)
        SELECT order_id, order_line_id, lot_id, quantity FROM called_back
        ON CONFLICT (order_line_id, lot_id) DO UPDATE SET quantity = r.quantity + excluded.quantity
    ), gone AS (
        DELETE FROM stock_promise WHERE order_id = ANY(%(orders)s::bigint[])
        RETURNING sku_id, warehouse_id, quantity
    )
    UPDATE stock_stock AS s SET promised = s.promised - back.quantity
    FROM (SELECT sku_id, warehouse_id, sum(quantity) AS quantity
          FROM (SELECT sku_id, warehouse_id, quantity FROM gone
                UNION ALL
                SELECT l.sku_id, l.warehouse_id, -c.quantity
                FROM called_back AS c JOIN stock_lot AS l ON l.id = c.lot_id) AS moved
          GROUP BY 1, 2 HAVING sum(quantity) <> 0) AS back
    WHERE s.sku_id = back.sku_id AND s.warehouse_id = back.warehouse_id
    RETURNING s.sku_id, s.warehouse_id""",
    row=FreedRow,
)

LOCK_LOTS_OF_ORDERS = Statement("""
    SELECT l.id FROM stock_lot AS l
    WHERE l.id IN (SELECT lot_id FROM stock_allotment WHERE order_id = ANY(%(orders)s::bigint[]))
    ORDER BY l.id FOR UPDATE""")
