"""Reads of stock: balances with what is free, the ledger of one SKU."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.sql import Statement


@dataclass(frozen=True, slots=True)
class LevelRow:
    """One SKU in one warehouse; `free` is what may still be promised."""

    id: int
    sku_id: int
    code: str
    barcode: str
    name: str
    spec: str
    warehouse_id: int
    warehouse: str
    on_hand: int
    promised: int
    free: int
    quarantined: int


LEVELS = Statement(
    """
    SELECT s.id, k.id AS sku_id, k.code, k.barcode, k.name, k.spec, w.id AS warehouse_id, w.name AS warehouse,
           s.on_hand, s.promised, s.on_hand - s.promised AS free,
           coalesce((SELECT sum(l.on_hand) FROM stock_lot AS l
                     WHERE l.sku_id = k.id AND l.warehouse_id = w.id AND l.is_quarantine), 0)::int
    FROM stock_stock AS s JOIN listing_sku AS k ON k.id = s.sku_id
    JOIN foundation_warehouse AS w ON w.id = s.warehouse_id
    WHERE s.id > %(after)s::bigint
      AND (%(warehouses)s::bigint[] IS NULL OR s.warehouse_id = ANY(%(warehouses)s::bigint[]))
      AND (%(below)s::int IS NULL OR s.on_hand - s.promised < %(below)s::int)
      AND (%(text)s::text = '' OR k.code = %(text)s::text OR k.barcode = %(text)s::text
           OR strpos(k.name, %(text)s::text) > 0)
    ORDER BY s.id LIMIT %(limit)s::int""",
    row=LevelRow,
)


@dataclass(frozen=True, slots=True)
class LedgerRow:
    id: int
    kind: str
    quantity: int
    lot: str
    subject_id: int | None
    occurred_at: datetime
    who: str
    reason: str


LEDGER = Statement(
    """
    SELECT g.id, g.kind, g.quantity, coalesce(l.code, ''), g.subject_id, g.occurred_at, coalesce(p.name, ''), g.reason
    FROM stock_ledger AS g LEFT JOIN stock_lot AS l ON l.id = g.lot_id
    LEFT JOIN foundation_person AS p ON p.id = g.actor_id
    WHERE g.sku_id = %(sku)s::bigint AND g.warehouse_id = %(warehouse)s::bigint
    ORDER BY g.id DESC LIMIT %(limit)s::int""",
    row=LedgerRow,
)


@dataclass(frozen=True, slots=True)
class LotRow:
    id: int
    code: str
    bin: str
    received_at: datetime
    on_hand: int
    reserved: int
    is_quarantine: bool


LOTS = Statement(
    """
    SELECT l.id, l.code, b.code AS bin, l.received_at, l.on_hand, l.reserved, l.is_quarantine
    FROM stock_lot AS l JOIN stock_bin AS b ON b.id = l.bin_id
    WHERE l.sku_id = %(sku)s::bigint AND l.warehouse_id = %(warehouse)s::bigint AND l.on_hand > 0
    ORDER BY l.is_quarantine, l.received_at, l.id LIMIT 200""",
    row=LotRow,
)


@dataclass(frozen=True, slots=True)
class CountRow:
    all: int
    low: int
    out: int


COUNTS = Statement(
    """
    SELECT count(*), count(*) FILTER (WHERE on_hand - promised < %(low)s::int),
           count(*) FILTER (WHERE on_hand - promised <= 0)
    FROM stock_stock
    WHERE (%(warehouses)s::bigint[] IS NULL OR warehouse_id = ANY(%(warehouses)s::bigint[]))""",
    row=CountRow,
)
LOW = 10


def levels(viewer: Actor, *, tab: str = "all", text: str = "", after: int = 0, limit: int = 50) -> list[LevelRow]:
    """Balances by key; tab `low` is below ten free, `out` nothing free."""
    below = {"low": LOW, "out": 1}.get(tab)
    return LEVELS.rows(after=after, warehouses=_warehouses(viewer), below=below, text=text.strip()[:60], limit=limit)


def level_counts(viewer: Actor) -> dict[str, int]:
    row = COUNTS.first(low=LOW, warehouses=_warehouses(viewer))
    assert row is not None
    return {"all": row.all, "low": row.low, "out": row.out}


def level(viewer: Actor, stock_id: int) -> LevelRow | None:
    """One balance, or None where there is none in the viewer's warehouses."""
    rows = LEVELS.rows(after=stock_id - 1, warehouses=_warehouses(viewer), below=None, text="", limit=1)
    return rows[0] if rows and rows[0].id == stock_id else None


def lots(row: LevelRow) -> list[LotRow]:
    return LOTS.rows(sku=row.sku_id, warehouse=row.warehouse_id)


def ledger(row: LevelRow, limit: int = 200) -> list[LedgerRow]:
    return LEDGER.rows(sku=row.sku_id, warehouse=row.warehouse_id, limit=limit)


def _warehouses(viewer: Actor) -> list[int] | None:
    return None if viewer.warehouses is None else sorted(viewer.warehouses)
