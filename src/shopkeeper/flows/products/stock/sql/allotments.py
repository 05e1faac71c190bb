"""Statements of execution: allot lots first in, first out; ship; set aside."""

from dataclasses import dataclass

from shopkeeper.foundation.sql import Statement


@dataclass(frozen=True, slots=True)
class AllottedRow:
    id: int
    order_line_id: int
    lot_id: int
    lot_code: str
    bin_code: str
    path_order: int
    sku_id: int
    quantity: int


LOCK_BALANCES = Statement("""
    SELECT s.id FROM stock_stock AS s
    WHERE (s.sku_id, s.warehouse_id) IN (
        SELECT sku_id, warehouse_id FROM stock_promise WHERE order_line_id = ANY(%(lines)s::bigint[]))
    ORDER BY s.sku_id, s.warehouse_id FOR UPDATE""")

LOCK_LOTS = Statement("""
    SELECT l.id FROM stock_lot AS l
    JOIN stock_promise AS p ON p.sku_id = l.sku_id AND p.warehouse_id = l.warehouse_id
    WHERE p.order_line_id = ANY(%(lines)s::bigint[]) AND NOT l.is_quarantine AND l.on_hand > l.reserved
    ORDER BY l.id FOR UPDATE OF l""")

# Demand and lots of each place are laid end to end; where a line's stretch overlaps a lot's, that much is
# taken from that lot. Oldest lot first, lines in the order given; a lot in doubt (pieces were missing there just
# now) comes last.
ALLOT_FIFO = Statement("""
    WITH demand AS (
        SELECT p.order_line_id, p.order_id, p.sku_id, p.warehouse_id, wish.quantity,
               sum(wish.quantity) OVER places - wish.quantity AS starts, sum(wish.quantity) OVER places AS ends
        FROM (SELECT g.order_line_id, g.rank, p.quantity - coalesce(sum(a.quantity), 0)::int AS quantity
              FROM unnest(%(lines)s::bigint[]) WITH ORDINALITY AS g (order_line_id, rank)
              JOIN stock_promise AS p USING (order_line_id)
              LEFT JOIN stock_allotment AS a USING (order_line_id)
              GROUP BY g.order_line_id, g.rank, p.quantity) AS wish
        JOIN stock_promise AS p USING (order_line_id)
        WHERE wish.quantity > 0
        WINDOW places AS (PARTITION BY p.sku_id, p.warehouse_id ORDER BY wish.rank)
    ), supply AS (
        SELECT l.id AS lot_id, l.sku_id, l.warehouse_id,
               sum(l.on_hand - l.reserved) OVER lots - (l.on_hand - l.reserved) AS starts,
               sum(l.on_hand - l.reserved) OVER lots AS ends
        FROM stock_lot AS l
        WHERE NOT l.is_quarantine AND l.on_hand > l.reserved
          AND (l.sku_id, l.warehouse_id) IN (SELECT sku_id, warehouse_id FROM demand)
        WINDOW lots AS (PARTITION BY l.sku_id, l.warehouse_id
                       ORDER BY l.id = ANY(%(doubted)s::bigint[]), l.received_at, l.id)
    ), taken AS (
        SELECT d.order_line_id, d.order_id, s.lot_id,
               (least(d.ends, s.ends) - greatest(d.starts, s.starts))::int AS quantity
        FROM demand AS d JOIN supply AS s
          ON s.sku_id = d.sku_id AND s.warehouse_id = d.warehouse_id AND s.starts < d.ends AND d.starts < s.ends
    ), written AS (
        INSERT INTO stock_allotment AS a (order_line_id, order_id, lot_id, quantity)
        SELECT order_line_id, order_id, lot_id, quantity FROM taken
        ON CONFLICT (order_line_id, lot_id) DO UPDATE SET quantity = a.quantity + excluded.quantity
    )
    UPDATE stock_lot AS l SET reserved = l.reserved + given.quantity
    FROM (SELECT lot_id, sum(quantity) AS quantity FROM taken GROUP BY 1) AS given WHERE l.id = given.lot_id""")

ALLOTTED = Statement(
    """
    SELECT a.id, a.order_line_id, a.lot_id, l.code, b.code, b.path_order, l.sku_id, a.quantity
    FROM stock_allotment AS a JOIN stock_lot AS l ON l.id = a.lot_id JOIN stock_bin AS b ON b.id = l.bin_id
    WHERE a.order_line_id = ANY(%(lines)s::bigint[]) ORDER BY a.order_line_id, l.received_at, a.id""",
    row=AllottedRow,
)


@dataclass(frozen=True, slots=True)
class NeedRow:
    order_line_id: int
    missing: int


SHORT_LINES = Statement(
    """
    SELECT g.order_line_id, coalesce(p.quantity, 1)::int - coalesce(sum(a.quantity), 0)::int
    FROM unnest(%(lines)s::bigint[]) AS g (order_line_id)
    LEFT JOIN stock_promise AS p USING (order_line_id) LEFT JOIN stock_allotment AS a USING (order_line_id)
    GROUP BY g.order_line_id, p.quantity
    HAVING coalesce(p.quantity, 1) > coalesce(sum(a.quantity), 0)""",
    row=NeedRow,
)


@dataclass(frozen=True, slots=True)
class OrderRow:
    order_id: int


SHIP = Statement(
    """
    WITH gone AS (
        DELETE FROM stock_allotment WHERE order_id = ANY(%(orders)s::bigint[])
        RETURNING order_id, lot_id, quantity
    ), lots AS (
        UPDATE stock_lot AS l SET on_hand = l.on_hand - out.quantity, reserved = l.reserved - out.quantity
        FROM (SELECT lot_id, sum(quantity) AS quantity FROM gone GROUP BY 1) AS out WHERE l.id = out.lot_id
        RETURNING l.id, l.sku_id, l.warehouse_id, out.quantity
    ), promises AS (
        DELETE FROM stock_promise WHERE order_id IN (SELECT order_id FROM gone)
        RETURNING sku_id, warehouse_id, quantity
    ), balances AS (
        -- What left falls from the balance; what was promised falls with it, lines that were not allotted too.
        UPDATE stock_stock AS s SET on_hand = s.on_hand - out.pieces, promised = s.promised - out.promised
        FROM (SELECT sku_id, warehouse_id, sum(pieces) AS pieces, sum(promised) AS promised
              FROM (SELECT sku_id, warehouse_id, quantity AS pieces, 0 AS promised FROM lots
                    UNION ALL SELECT sku_id, warehouse_id, 0, quantity FROM promises) AS moved
              GROUP BY 1, 2) AS out
        WHERE s.sku_id = out.sku_id AND s.warehouse_id = out.warehouse_id
    ), written AS (
        INSERT INTO stock_ledger (kind, sku_id, warehouse_id, lot_id, quantity, subject_id, occurred_at, actor_id)
        SELECT 'shipment', l.sku_id, l.warehouse_id, l.id, -gone.quantity, gone.order_id,
               %(now)s::timestamptz, %(actor_id)s::bigint
        FROM gone JOIN stock_lot AS l ON l.id = gone.lot_id
    )
    SELECT DISTINCT order_id FROM gone""",
    row=OrderRow,
)
