"""Reads of bins: a warehouse's places in walking order, with what lies there."""

from dataclasses import dataclass

from shopkeeper.flows.products.stock.models import Bin
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.models import Warehouse
from shopkeeper.foundation.sql import Statement

MOST = 5_000


@dataclass(frozen=True, slots=True)
class BinRow:
    """A bin; `lots` and `pieces` are what lies in it now."""

    id: int
    warehouse_id: int
    warehouse: str
    code: str
    path_order: int
    is_quarantine: bool
    lots: int
    pieces: int


BINS = Statement(
    """
    SELECT b.id, b.warehouse_id, w.name AS warehouse, b.code, b.path_order, b.is_quarantine,
           count(l.id)::int AS lots, coalesce(sum(l.on_hand), 0)::int AS pieces
    FROM stock_bin AS b JOIN foundation_warehouse AS w ON w.id = b.warehouse_id
    LEFT JOIN stock_lot AS l ON l.bin_id = b.id AND l.on_hand > 0
    WHERE (%(warehouses)s::bigint[] IS NULL OR b.warehouse_id = ANY(%(warehouses)s::bigint[]))
      AND (%(warehouse)s::bigint IS NULL OR b.warehouse_id = %(warehouse)s::bigint)
      AND (%(text)s::text = '' OR starts_with(b.code, %(text)s::text)) AND b.id > %(after)s::bigint
    GROUP BY b.id, w.name ORDER BY b.id LIMIT %(limit)s::int""",
    row=BinRow,
)


def bins(
    viewer: Actor, *, warehouse_id: int | None = None, text: str = "", after: int = 0, limit: int = 50
) -> list[BinRow]:
    """Bins of the viewer's warehouses by key; `text` is how a code begins."""
    warehouses = None if viewer.warehouses is None else sorted(viewer.warehouses)
    return BINS.rows(warehouses=warehouses, warehouse=warehouse_id, text=text.strip()[:30], after=after, limit=limit)


def bin_choices(warehouse_id: int, *, is_quarantine: bool) -> list[str]:
    """The codes of a warehouse's bins of one kind, in walking order."""
    rows = Bin.objects.filter(warehouse_id=warehouse_id, is_quarantine=is_quarantine).order_by("path_order", "code")
    return list(rows.values_list("code", flat=True)[:MOST])


def warehouses_of(viewer: Actor) -> list[tuple[str, str]]:
    """The viewer's warehouses as choices."""
    rows = Warehouse.objects.order_by("id")
    if viewer.warehouses is not None:
        rows = rows.filter(id__in=viewer.warehouses)
    return [(str(row.pk), row.name) for row in rows]
