"""Statements that take bad or missing pieces out of the sellable stock."""

from dataclasses import dataclass

from shopkeeper.foundation.sql import Statement


@dataclass(frozen=True, slots=True)
class AllotmentRow:
    id: int
    order_line_id: int
    order_id: int
    sku_id: int
    warehouse_id: int
    lot_id: int
    quantity: int
    balance_on_hand: int
    balance_promised: int


LOCK = Statement(
    """
    SELECT a.id, a.order_line_id, a.order_id, l.sku_id, l.warehouse_id, a.lot_id, a.quantity, s.on_hand, s.promised
    FROM stock_allotment AS a JOIN stock_lot AS l ON l.id = a.lot_id
    JOIN stock_stock AS s ON s.sku_id = l.sku_id AND s.warehouse_id = l.warehouse_id
    WHERE a.id = ANY(%(ids)s::bigint[])
    ORDER BY s.sku_id, s.warehouse_id, l.id, a.id FOR UPDATE OF s, l, a""",
    row=AllotmentRow,
)

# Pieces leave allotment and lot; the balance falls with them, the promise only where nothing else is free.
TAKE_OUT = Statement("""
    WITH given AS (
        SELECT * FROM unnest(%(ids)s::bigint[], %(quantities)s::int[], %(lost)s::int[], %(kinds)s::text[],
                             %(reasons)s::text[]) AS given (id, quantity, lost, kind, reason)
    ), cut AS (
        SELECT a.id, a.order_line_id, a.lot_id, l.sku_id, l.warehouse_id, l.code, l.received_at,
               g.quantity, g.lost, g.kind, g.reason
        FROM given AS g JOIN stock_allotment AS a USING (id) JOIN stock_lot AS l ON l.id = a.lot_id
    ), lots AS (
        UPDATE stock_lot AS l SET on_hand = l.on_hand - c.quantity, reserved = l.reserved - c.quantity
        FROM (SELECT lot_id, sum(quantity) AS quantity FROM cut GROUP BY 1) AS c WHERE l.id = c.lot_id
    ), balances AS (
        UPDATE stock_stock AS s SET on_hand = s.on_hand - c.quantity, promised = s.promised - c.lost
        FROM (SELECT sku_id, warehouse_id, sum(quantity) AS quantity, sum(lost) AS lost FROM cut GROUP BY 1, 2) AS c
        WHERE s.sku_id = c.sku_id AND s.warehouse_id = c.warehouse_id
    ), ledger AS (
        INSERT INTO stock_ledger (kind, sku_id, warehouse_id, lot_id, quantity, subject_id, occurred_at, actor_id,
                                  reason)
        SELECT CASE kind WHEN 'quarantine' THEN 'quarantine' ELSE 'adjustment' END, sku_id, warehouse_id, lot_id,
               -quantity, order_line_id, %(now)s::timestamptz, %(actor_id)s::bigint, reason
        FROM cut
    ), bins AS (
        INSERT INTO stock_bin (warehouse_id, code, path_order, is_quarantine)
        SELECT DISTINCT warehouse_id, 'QUARANTINE', 1000000, true FROM cut WHERE kind = 'quarantine'
        ON CONFLICT (warehouse_id, code) DO UPDATE SET is_quarantine = true RETURNING id, warehouse_id
    )
    INSERT INTO stock_lot AS l (sku_id, warehouse_id, bin_id, code, received_at, on_hand, reserved, is_quarantine)
    SELECT c.sku_id, c.warehouse_id, b.id, left(c.code, 38) || '-Q', min(c.received_at), sum(c.quantity), 0, true
    FROM cut AS c JOIN bins AS b ON b.warehouse_id = c.warehouse_id
    WHERE c.kind = 'quarantine' GROUP BY 1, 2, 3, 4
    ON CONFLICT (sku_id, warehouse_id, code) DO UPDATE SET on_hand = l.on_hand + excluded.on_hand""")

SHRINK_ALLOTMENTS = Statement("""
    WITH given AS (
        SELECT id, sum(quantity)::int AS quantity
        FROM unnest(%(ids)s::bigint[], %(quantities)s::int[]) AS given (id, quantity) GROUP BY id
    ), emptied AS (
        DELETE FROM stock_allotment AS a USING given AS g WHERE a.id = g.id AND a.quantity = g.quantity
    )
    UPDATE stock_allotment AS a SET quantity = a.quantity - g.quantity
    FROM given AS g WHERE a.id = g.id AND a.quantity > g.quantity""")

SHRINK_PROMISES = Statement("""
    WITH given AS (
        SELECT order_line_id, sum(lost)::int AS lost
        FROM unnest(%(lines)s::bigint[], %(lost)s::int[]) AS given (order_line_id, lost)
        WHERE lost > 0 GROUP BY 1
    ), emptied AS (
        DELETE FROM stock_promise AS p USING given AS g
        WHERE p.order_line_id = g.order_line_id AND p.quantity <= g.lost
    )
    UPDATE stock_promise AS p SET quantity = p.quantity - g.lost
    FROM given AS g WHERE p.order_line_id = g.order_line_id AND p.quantity > g.lost""")
