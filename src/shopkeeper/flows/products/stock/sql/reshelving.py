"""Statements of pieces on their way back to their bins."""

from shopkeeper.flows.products.stock.sql.promises import FreedRow
from shopkeeper.foundation.sql import Statement

LOCK_BALANCES = Statement("""
    SELECT s.id FROM stock_stock AS s
    WHERE (s.sku_id, s.warehouse_id) IN (
        SELECT l.sku_id, l.warehouse_id FROM stock_reshelving AS r JOIN stock_lot AS l ON l.id = r.lot_id
        WHERE r.order_id = ANY(%(orders)s::bigint[]))
    ORDER BY s.sku_id, s.warehouse_id FOR UPDATE""")

LOCK_LOTS = Statement("""
    SELECT l.id FROM stock_lot AS l
    WHERE l.id IN (SELECT lot_id FROM stock_reshelving WHERE order_id = ANY(%(orders)s::bigint[]))
    ORDER BY l.id FOR UPDATE""")

# All that the orders have on the way is in its bin again, but for what is named as still out.
RESHELVE = Statement(
    """
    WITH still_out AS (
        SELECT order_line_id, lot_id, sum(quantity)::int AS quantity
        FROM unnest(%(lines)s::bigint[], %(lots)s::bigint[], %(quantities)s::int[])
             AS given (order_line_id, lot_id, quantity)
        GROUP BY 1, 2
    ), back AS (
        SELECT r.id, r.lot_id, r.quantity - least(r.quantity, coalesce(o.quantity, 0)) AS quantity
        FROM stock_reshelving AS r LEFT JOIN still_out AS o USING (order_line_id, lot_id)
        WHERE r.order_id = ANY(%(orders)s::bigint[])
    ), emptied AS (
        DELETE FROM stock_reshelving AS r USING back AS b WHERE r.id = b.id AND r.quantity = b.quantity
    ), shrunk AS (
        UPDATE stock_reshelving AS r SET quantity = r.quantity - b.quantity
        FROM back AS b WHERE r.id = b.id AND b.quantity > 0 AND r.quantity > b.quantity
    ), lots AS (
        UPDATE stock_lot AS l SET reserved = l.reserved - b.quantity
        FROM (SELECT lot_id, sum(quantity) AS quantity FROM back GROUP BY 1 HAVING sum(quantity) > 0) AS b
        WHERE l.id = b.lot_id
        RETURNING l.sku_id, l.warehouse_id, b.quantity
    )
    UPDATE stock_stock AS s SET promised = s.promised - b.quantity
    FROM (SELECT sku_id, warehouse_id, sum(quantity) AS quantity FROM lots GROUP BY 1, 2) AS b
    WHERE s.sku_id = b.sku_id AND s.warehouse_id = b.warehouse_id
    RETURNING s.sku_id, s.warehouse_id""",
    row=FreedRow,
)
