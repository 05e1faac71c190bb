"""Reads of stock: balances with what is free, the ledger of one SKU."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from shopkeeper.flows.products.listing.models import Sku
from shopkeeper.flows.products.listing.rules.searching import asked_grams, folded
from shopkeeper.flows.products.stock.sql.restocking import RULES
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.sql import Statement
from shopkeeper.sop.policy import read_policies

PIECE = 2_000


@dataclass(frozen=True, slots=True)
class LevelRow:
    """One SKU in one warehouse; `free` is what may still be promised here, `free_in_all` in all warehouses.

    `threshold` is the SKU's warning threshold, which what is free in all warehouses together is measured by.
    """

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
    free_in_all: int
    threshold: int

    @property
    def is_low(self) -> bool:
        return self.free_in_all < self.threshold

    @property
    def tone(self) -> str:
        """How the row is tinted: red where nothing is free, amber where the SKU is below its threshold."""
        return "red" if self.free <= 0 else "amber" if self.is_low else ""


_EVERYWHERE = """
    CROSS JOIN LATERAL (
        SELECT sum(o.on_hand - o.promised)::int AS free FROM stock_stock AS o WHERE o.sku_id = s.sku_id
    ) AS everywhere"""

LEVELS = Statement(
    f"""
    SELECT s.id, k.id AS sku_id, k.code, k.barcode, k.name, k.spec, w.id AS warehouse_id, w.name AS warehouse,
           s.on_hand, s.promised, s.on_hand - s.promised AS free,
           coalesce((SELECT sum(l.on_hand) FROM stock_lot AS l
                     WHERE l.sku_id = k.id AND l.warehouse_id = w.id AND l.is_quarantine), 0)::int AS quarantined,
           everywhere.free AS free_in_all, coalesce(rule.threshold, %(threshold)s::int) AS threshold
    FROM stock_stock AS s JOIN listing_sku AS k ON k.id = s.sku_id JOIN listing_product AS p ON p.id = k.product_id
    JOIN foundation_warehouse AS w ON w.id = s.warehouse_id{_EVERYWHERE}{RULES}
    WHERE s.id > %(after)s::bigint
      AND (%(warehouses)s::bigint[] IS NULL OR s.warehouse_id = ANY(%(warehouses)s::bigint[]))
      AND (%(sku)s::bigint IS NULL OR s.sku_id = %(sku)s::bigint)
      AND (%(tab)s::text <> 'low' OR everywhere.free < coalesce(rule.threshold, %(threshold)s::int))
      AND (%(tab)s::text <> 'out' OR s.on_hand <= s.promised)
      AND (cardinality(%(grams)s::text[]) = 0 OR s.sku_id IN (
               SELECT id FROM listing_sku
               WHERE search_grams @> %(grams)s::text[] AND position(%(searched)s::text IN search_text) > 0
               UNION ALL
               SELECT id FROM listing_sku WHERE code LIKE %(begins)s::text OR barcode LIKE %(begins)s::text))
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


_LOT = """
    SELECT l.id, l.code, b.code AS bin, l.received_at, l.on_hand, l.reserved, l.is_quarantine
    FROM stock_lot AS l JOIN stock_bin AS b ON b.id = l.bin_id"""

LOTS = Statement(
    f"""{_LOT}
    WHERE l.sku_id = %(sku)s::bigint AND l.warehouse_id = %(warehouse)s::bigint AND l.on_hand > 0
    ORDER BY l.is_quarantine, l.received_at, l.id LIMIT 200""",
    row=LotRow,
)

ONE_LOT = Statement(f"{_LOT} WHERE l.id = %(lot)s::bigint", row=LotRow)


@dataclass(frozen=True, slots=True)
class StockOfLotRow:
    stock_id: int


LEVEL_OF_LOT = Statement(
    """
    SELECT s.id FROM stock_lot AS l JOIN stock_stock AS s ON s.sku_id = l.sku_id AND s.warehouse_id = l.warehouse_id
    WHERE l.id = %(lot)s::bigint""",
    row=StockOfLotRow,
)


@dataclass(frozen=True, slots=True)
class CountRow:
    all: int
    low: int
    out: int


COUNTS = Statement(
    f"""
    SELECT count(*), count(*) FILTER (WHERE everywhere.free < coalesce(rule.threshold, %(threshold)s::int)),
           count(*) FILTER (WHERE s.on_hand - s.promised <= 0)
    FROM stock_stock AS s JOIN listing_sku AS k ON k.id = s.sku_id
    JOIN listing_product AS p ON p.id = k.product_id{_EVERYWHERE}{RULES}
    WHERE (%(warehouses)s::bigint[] IS NULL OR s.warehouse_id = ANY(%(warehouses)s::bigint[]))""",
    row=CountRow,
)


def levels(viewer: Actor, *, tab: str = "all", text: str = "", after: int = 0, limit: int = 50) -> list[LevelRow]:
    """Balances by key; tab `low`: the SKU is below its threshold, `out`: nothing free here."""
    return _levels(viewer, tab=tab, text=text.strip()[:60], after=after, limit=limit)


def all_levels(viewer: Actor, *, tab: str = "all", text: str = "") -> Iterator[LevelRow]:
    """Everything that matches, read by pieces."""
    after = 0
    while rows := levels(viewer, tab=tab, text=text, after=after, limit=PIECE):
        yield from rows
        after = rows[-1].id


def levels_of_sku(viewer: Actor, sku_id: int) -> list[LevelRow]:
    """A SKU's balances in the viewer's warehouses."""
    return _levels(viewer, sku=sku_id, limit=200)


def level_counts(viewer: Actor) -> dict[str, int]:
    row = COUNTS.first(threshold=_threshold(), warehouses=_warehouses(viewer))
    assert row is not None
    return {"all": row.all, "low": row.low, "out": row.out}


def level(viewer: Actor, stock_id: int) -> LevelRow | None:
    """One balance, or None where there is none in the viewer's warehouses."""
    rows = _levels(viewer, after=stock_id - 1, limit=1)
    return rows[0] if rows and rows[0].id == stock_id else None


def lot(viewer: Actor, lot_id: int) -> tuple[LevelRow, LotRow] | None:
    """One lot, an emptied one too, with the balance it belongs to, or None where the viewer sees none."""
    row = LEVEL_OF_LOT.first(lot=lot_id)
    found, one = level(viewer, row.stock_id) if row else None, ONE_LOT.first(lot=lot_id)
    return (found, one) if found and one else None


def lots(row: LevelRow) -> list[LotRow]:
    return LOTS.rows(sku=row.sku_id, warehouse=row.warehouse_id)


def ledger(row: LevelRow, limit: int = 200) -> list[LedgerRow]:
    return LEDGER.rows(sku=row.sku_id, warehouse=row.warehouse_id, limit=limit)


def _levels(
    viewer: Actor, *, limit: int, tab: str = "all", text: str = "", after: int = 0, sku: int | None = None
) -> list[LevelRow]:
    return LEVELS.rows(
        after=after,
        warehouses=_warehouses(viewer),
        sku=sku,
        tab=tab,
        threshold=_threshold(),
        grams=asked_grams(text),
        searched=folded(text),
        begins=_begins(text),
        limit=limit,
    )


def levels_called(viewer: Actor, text: str, limit: int = 5) -> list[LevelRow]:
    """Balances by a text: those of the SKU that is called just so, then those it is a part of."""
    text = text.strip()[:60]
    same = Sku.objects.filter(Q(code__in={text, text.upper()}) | Q(barcode=text)).values_list("id", flat=True).first()
    exact = levels_of_sku(viewer, same) if same else []
    known = {row.id for row in exact}
    return [*exact, *(row for row in levels(viewer, text=text, limit=limit) if row.id not in known)][:limit]


def skus_like(text: str) -> QuerySet[Sku]:
    """SKUs whose code or barcode begins so, or whose name, specification or code holds the text; by index."""
    text = text.strip()[:60]
    holds = Q(search_grams__contains=asked_grams(text), search_text__contains=folded(text))
    return Sku.objects.filter(holds | Q(code__startswith=text) | Q(barcode__startswith=text))


def _begins(text: str) -> str:
    """The pattern of codes that begin so; nothing begins with no code."""
    return re.sub(r"([\\%_])", r"\\\1", text) + "%" if text else ""


def _threshold() -> int:
    """The general threshold; rules of SKUs and categories go before it."""
    return int(read_policies()("restock_threshold"))


def _warehouses(viewer: Actor) -> list[int] | None:
    return None if viewer.warehouses is None else sorted(viewer.warehouses)
