"""Statements of counts and bins: a lot is what was counted, lies elsewhere, or gets a bin."""

from dataclasses import dataclass

from shopkeeper.foundation.sql import NoRow, Statement


@dataclass(frozen=True, slots=True)
class BalanceRow:
    sku_id: int
    warehouse_id: int
    free: int


# Balances before lots, each in key order: the order of every writer of stock.
LOCK_BALANCES = Statement(
    """
    SELECT s.sku_id, s.warehouse_id, s.on_hand - s.promised AS free FROM stock_stock AS s
    WHERE (s.sku_id, s.warehouse_id) IN (
        SELECT sku_id, warehouse_id FROM stock_lot WHERE id = ANY(%(lots)s::bigint[]))
    ORDER BY s.sku_id, s.warehouse_id FOR UPDATE""",
    row=BalanceRow,
)


@dataclass(frozen=True, slots=True)
class LotRow:
    id: int
    sku_id: int
    warehouse_id: int
    code: str
    bin: str
    on_hand: int
    reserved: int
    is_quarantine: bool


LOCK_LOTS = Statement(
    """
    SELECT l.id, l.sku_id, l.warehouse_id, l.code, b.code AS bin, l.on_hand, l.reserved, l.is_quarantine
    FROM stock_lot AS l JOIN stock_bin AS b ON b.id = l.bin_id
    WHERE l.id = ANY(%(lots)s::bigint[]) ORDER BY l.id FOR UPDATE OF l""",
    row=LotRow,
)

# Pieces in quarantine are no part of the balance; the ledger knows of them all the same.
ADJUST: Statement[NoRow] = Statement("""
    WITH given AS (
        SELECT * FROM unnest(%(lots)s::bigint[], %(differences)s::int[], %(reasons)s::text[])
            AS given (lot_id, difference, reason)
    ), counted AS (
        UPDATE stock_lot AS l SET on_hand = l.on_hand + g.difference
        FROM given AS g WHERE l.id = g.lot_id AND l.reserved <= l.on_hand + g.difference
        RETURNING l.id, l.sku_id, l.warehouse_id, l.is_quarantine, g.difference, g.reason
    ), ledger AS (
        INSERT INTO stock_ledger (kind, sku_id, warehouse_id, lot_id, quantity, occurred_at, actor_id, reason)
        SELECT 'adjustment', sku_id, warehouse_id, id, difference, %(now)s::timestamptz, %(actor_id)s::bigint, reason
        FROM counted
    )
    UPDATE stock_stock AS s SET on_hand = s.on_hand + c.difference
    FROM (SELECT sku_id, warehouse_id, sum(difference) AS difference FROM counted
          WHERE NOT is_quarantine GROUP BY 1, 2) AS c
    WHERE s.sku_id = c.sku_id AND s.warehouse_id = c.warehouse_id""")


@dataclass(frozen=True, slots=True)
class BinRow:
    id: int
    warehouse_id: int
    code: str
    path_order: int
    is_quarantine: bool
    is_used: bool


BINS = Statement(
    """
    SELECT b.id, b.warehouse_id, b.code, b.path_order, b.is_quarantine,
           EXISTS (SELECT FROM stock_lot AS l WHERE l.bin_id = b.id AND l.on_hand > 0) AS is_used
    FROM stock_bin AS b
    WHERE (b.warehouse_id, b.code) IN (
        SELECT * FROM unnest(%(warehouses)s::bigint[], %(codes)s::text[]))
    ORDER BY b.id FOR UPDATE OF b""",
    row=BinRow,
)

MOVE_LOTS: Statement[NoRow] = Statement("""
    UPDATE stock_lot AS l SET bin_id = g.bin_id
    FROM unnest(%(lots)s::bigint[], %(bins)s::bigint[]) AS g (lot_id, bin_id)
    WHERE l.id = g.lot_id AND l.reserved = 0""")


@dataclass(frozen=True, slots=True)
class PutRow:
    id: int
    warehouse_id: int
    code: str


PUT_BINS = Statement(
    """
    INSERT INTO stock_bin AS b (warehouse_id, code, path_order, is_quarantine)
    SELECT warehouse_id, code, path_order, is_quarantine
    FROM unnest(%(warehouses)s::bigint[], %(codes)s::text[], %(orders)s::int[], %(quarantines)s::boolean[])
         AS given (warehouse_id, code, path_order, is_quarantine)
    ORDER BY warehouse_id, code
    ON CONFLICT (warehouse_id, code)
        DO UPDATE SET path_order = excluded.path_order, is_quarantine = excluded.is_quarantine
    RETURNING b.id, b.warehouse_id, b.code""",
    row=PutRow,
)
