"""Statements of receipt and of the nightly audit."""

from dataclasses import dataclass

from shopkeeper.foundation.sql import Statement

RECEIVE = Statement("""
    WITH given AS (
        SELECT * FROM unnest(%(skus)s::bigint[], %(warehouses)s::bigint[], %(bins)s::text[], %(lots)s::text[],
                             %(quantities)s::int[], %(reasons)s::text[])
            AS given (sku_id, warehouse_id, bin_code, lot_code, quantity, reason)
    ), received AS (
        INSERT INTO stock_lot AS l (sku_id, warehouse_id, bin_id, code, received_at, on_hand, reserved,
                                    is_quarantine)
        SELECT g.sku_id, g.warehouse_id, b.id, g.lot_code, %(now)s::timestamptz, g.quantity, 0, b.is_quarantine
        FROM given AS g JOIN stock_bin AS b ON b.warehouse_id = g.warehouse_id AND b.code = g.bin_code
        RETURNING l.id, l.sku_id, l.warehouse_id, l.code, l.on_hand, l.is_quarantine
    ), ledger AS (
        INSERT INTO stock_ledger (kind, sku_id, warehouse_id, lot_id, quantity, occurred_at, actor_id, reason)
        SELECT 'receipt', r.sku_id, r.warehouse_id, r.id, r.on_hand, %(now)s::timestamptz, %(actor_id)s::bigint,
               g.reason
        FROM received AS r JOIN given AS g
          ON g.sku_id = r.sku_id AND g.warehouse_id = r.warehouse_id AND g.lot_code = r.code
    )
    INSERT INTO stock_stock AS s (sku_id, warehouse_id, on_hand, promised)
    SELECT sku_id, warehouse_id, sum(on_hand), 0 FROM received WHERE NOT is_quarantine GROUP BY 1, 2
    ORDER BY 1, 2
    ON CONFLICT (sku_id, warehouse_id) DO UPDATE SET on_hand = s.on_hand + excluded.on_hand""")


@dataclass(frozen=True, slots=True)
class LotKeyRow:
    sku_id: int
    warehouse_id: int
    code: str


KNOWN_LOTS = Statement(
    """
    SELECT sku_id, warehouse_id, code FROM stock_lot
    WHERE (sku_id, warehouse_id, code) IN (
        SELECT * FROM unnest(%(skus)s::bigint[], %(warehouses)s::bigint[], %(lots)s::text[]))""",
    row=LotKeyRow,
)


@dataclass(frozen=True, slots=True)
class AuditRow:
    oversold: int
    balance_unlike_lots: int
    balance_unlike_promises: int
    lots_unlike_allotments: int
    balance_unlike_ledger: int


# What was received straight into quarantine is in the ledger and not for sale: it is no part of the balance.
AUDIT = Statement(
    """
    SELECT
        (SELECT count(*) FROM stock_stock WHERE promised > on_hand OR promised < 0),
        (SELECT count(*) FROM stock_stock AS s WHERE s.on_hand <> coalesce((
            SELECT sum(l.on_hand) FROM stock_lot AS l
            WHERE l.sku_id = s.sku_id AND l.warehouse_id = s.warehouse_id AND NOT l.is_quarantine), 0)),
        (SELECT count(*) FROM stock_stock AS s WHERE s.promised <> coalesce((
            SELECT sum(p.quantity) FROM stock_promise AS p
            WHERE p.sku_id = s.sku_id AND p.warehouse_id = s.warehouse_id), 0) + coalesce((
            SELECT sum(r.quantity) FROM stock_reshelving AS r JOIN stock_lot AS l ON l.id = r.lot_id
            WHERE l.sku_id = s.sku_id AND l.warehouse_id = s.warehouse_id), 0)),
        (SELECT count(*) FROM stock_lot AS l WHERE l.reserved <> coalesce((
            SELECT sum(a.quantity) FROM stock_allotment AS a WHERE a.lot_id = l.id), 0) + coalesce((
            SELECT sum(r.quantity) FROM stock_reshelving AS r WHERE r.lot_id = l.id), 0)),
        (SELECT count(*) FROM stock_stock AS s WHERE s.on_hand <> coalesce((
            SELECT sum(g.quantity) FROM stock_ledger AS g LEFT JOIN stock_lot AS l ON l.id = g.lot_id
            WHERE g.sku_id = s.sku_id AND g.warehouse_id = s.warehouse_id
              AND l.is_quarantine IS NOT TRUE), 0))""",
    row=AuditRow,
)
