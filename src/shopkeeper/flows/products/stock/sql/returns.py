"""Statements of pieces that buyers sent back."""

from dataclasses import dataclass

from shopkeeper.foundation.sql import NoRow, Statement

QUANTITY_MAX = 1_000_000

# A lot for what can lie somewhere; ledger for everything, scrap in and out again; the balance for good pieces.
TAKE_BACK: Statement[NoRow] = Statement("""
    WITH given AS (
        SELECT * FROM unnest(%(skus)s::bigint[], %(warehouses)s::bigint[], %(bins)s::text[], %(lots)s::text[],
                             %(quantities)s::int[], %(grades)s::text[], %(subjects)s::bigint[], %(reasons)s::text[])
            AS given (sku_id, warehouse_id, bin_code, lot_code, quantity, grade, subject_id, reason)
    ), quarantines AS (
        INSERT INTO stock_bin (warehouse_id, code, path_order, is_quarantine)
        SELECT DISTINCT warehouse_id, bin_code, 1000000, true FROM given WHERE grade = 'defective'
        ON CONFLICT (warehouse_id, code) DO UPDATE SET is_quarantine = true
        RETURNING id, warehouse_id, code, is_quarantine
    ), bins AS (
        SELECT id, warehouse_id, code, is_quarantine FROM quarantines
        UNION ALL
        SELECT b.id, b.warehouse_id, b.code, b.is_quarantine FROM stock_bin AS b
        JOIN (SELECT DISTINCT warehouse_id, bin_code FROM given WHERE grade = 'good') AS g
          ON g.warehouse_id = b.warehouse_id AND g.bin_code = b.code AND NOT b.is_quarantine
    ), received AS (
        INSERT INTO stock_lot AS l (sku_id, warehouse_id, bin_id, code, received_at, on_hand, reserved,
                                    is_quarantine)
        SELECT g.sku_id, g.warehouse_id, b.id, g.lot_code, %(now)s::timestamptz, g.quantity, 0, b.is_quarantine
        FROM given AS g JOIN bins AS b ON b.warehouse_id = g.warehouse_id AND b.code = g.bin_code
        WHERE g.grade IN ('good', 'defective')
        RETURNING l.id, l.sku_id, l.warehouse_id, l.code, l.on_hand, l.is_quarantine
    ), ledger AS (
        INSERT INTO stock_ledger (kind, sku_id, warehouse_id, lot_id, quantity, subject_id, occurred_at, actor_id,
                                  reason)
        SELECT 'return', g.sku_id, g.warehouse_id, r.id, g.quantity, nullif(g.subject_id, 0),
               %(now)s::timestamptz, %(actor_id)s::bigint, g.reason
        FROM given AS g LEFT JOIN received AS r
          ON r.sku_id = g.sku_id AND r.warehouse_id = g.warehouse_id AND r.code = g.lot_code
        UNION ALL
        SELECT 'adjustment', sku_id, warehouse_id, NULL, -quantity, nullif(subject_id, 0), %(now)s::timestamptz,
               %(actor_id)s::bigint, 'scrap ' || lot_code
        FROM given WHERE grade = 'scrap'
    )
    INSERT INTO stock_stock AS s (sku_id, warehouse_id, on_hand, promised)
    SELECT sku_id, warehouse_id, sum(on_hand), 0 FROM received WHERE NOT is_quarantine GROUP BY 1, 2
    ORDER BY 1, 2
    ON CONFLICT (sku_id, warehouse_id) DO UPDATE SET on_hand = s.on_hand + excluded.on_hand""")


@dataclass(frozen=True, slots=True)
class WrittenOffRow:
    sku_id: int
    warehouse_id: int
    code: str


# Scrap has no lot: that it was booked before is read off the ledger.
WRITTEN_OFF = Statement(
    """
    SELECT l.sku_id, l.warehouse_id, g.lot_code AS code
    FROM unnest(%(skus)s::bigint[], %(lots)s::text[]) AS g (sku_id, lot_code)
    JOIN stock_ledger AS l ON l.sku_id = g.sku_id AND l.kind = 'adjustment' AND l.reason = 'scrap ' || g.lot_code""",
    row=WrittenOffRow,
)
