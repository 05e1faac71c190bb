"""Parcels that come back: the warehouse's list, one parcel with what is to be graded, and replacement orders."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from shopkeeper.flows.fulfilment.intake.models import order_number
from shopkeeper.flows.products.stock.models import Bin, Lot, Stock
from shopkeeper.flows.service.aftersale.models import (
    CaseLine,
    Replacement,
    ReturnLine,
    ReturnParcel,
    case_number,
)
from shopkeeper.flows.service.aftersale.states import ReturnState
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.models import Person, Warehouse
from shopkeeper.sop.models import Deadline

BINS_MOST = 500


@dataclass(frozen=True, slots=True)
class ReturnRow:
    """One parcel on its way back."""

    id: int
    case_id: int | None
    case_number: str
    order_number: str
    shop: str
    warehouse_id: int
    warehouse: str
    courier: str
    number: str
    state: str
    reason: str
    solution: str
    made_at: datetime
    received_at: datetime | None
    graded_at: datetime | None
    as_agreed: bool | None
    grade_due_at: datetime | None = None

    @property
    def is_gradable(self) -> bool:
        return self.state == ReturnState.RECEIVED


@dataclass(frozen=True, slots=True)
class ReturnPiece:
    """Pieces of one line that should be in the parcel, and how they were graded."""

    order_line_id: int
    sku_id: int | None
    sku_code: str
    barcode: str
    name: str
    spec: str
    quantity: int
    graded: tuple[tuple[str, int, str, str], ...]  # grade, pieces, lot, the bin the lot lies in
    stock_id: int | None


@dataclass(frozen=True, slots=True)
class ReturnRecord:
    """One parcel whole."""

    row: ReturnRow
    pieces: tuple[ReturnPiece, ...]
    bins: tuple[tuple[str, int], ...]  # in walking order, with the pieces of these goods that lie there now
    note: str
    received_by: str
    graded_by: str


_COLUMNS = (
    "id", "case_id", "case__order_id", "shop__name", "warehouse_id", "warehouse__name", "courier", "number",
    "state", "case__reason", "case__solution", "made_at", "received_at", "graded_at", "as_agreed",
)  # fmt: skip


def _seen(viewer: Actor) -> QuerySet[ReturnParcel]:
    rows = ReturnParcel.objects.exclude(state=ReturnState.CANCELLED)
    if viewer.warehouses is not None:
        rows = rows.filter(warehouse_id__in=viewer.warehouses)
    if viewer.shops is not None:
        rows = rows.filter(Q(shop__isnull=True) | Q(shop_id__in=viewer.shops))
    return rows


def return_counts(viewer: Actor) -> dict[str, int]:
    """How many per state that somebody still has to deal with."""
    return dict(_seen(viewer).exclude(state=ReturnState.GRADED).values_list("state").annotate(n=Count("id")))


def returns_page(
    viewer: Actor,
    *,
    state: str = "",
    text: str = "",
    warehouse_id: int | None = None,
    after: int | None = None,
    limit: int = 50,
) -> tuple[list[ReturnRow], str]:
    """A page of parcels, newest first, and the next key."""
    rows = _seen(viewer)
    if state:
        rows = rows.filter(state=state)
    if warehouse_id is not None:
        rows = rows.filter(warehouse_id=warehouse_id)
    if text:
        word = text.strip().upper()
        named = Q(number=word)
        if word.startswith("SH") and word[2:].isdecimal() and len(word) < 20:
            named |= Q(case_id=int(word[2:]))
        rows = rows.filter(named)
    if after is not None:
        rows = rows.filter(id__lt=after)
    found = [_row(values) for values in rows.order_by("-id").values(*_COLUMNS)[: limit + 1]]
    return found[:limit], str(found[limit - 1].id) if len(found) > limit else ""


def _row(values: dict[str, Any], due_at: datetime | None = None) -> ReturnRow:
    order_id = values["case__order_id"]
    return ReturnRow(
        id=values["id"],
        case_id=values["case_id"],
        case_number=case_number(values["case_id"]) if values["case_id"] else "",
        order_number=order_number(order_id) if order_id else "",
        shop=values["shop__name"] or "",
        warehouse_id=values["warehouse_id"],
        warehouse=values["warehouse__name"],
        courier=values["courier"],
        number=values["number"],
        state=values["state"],
        reason=values["case__reason"] or "",
        solution=values["case__solution"] or "",
        made_at=values["made_at"],
        received_at=values["received_at"],
        graded_at=values["graded_at"],
        as_agreed=values["as_agreed"],
        grade_due_at=due_at,
    )


def return_record(viewer: Actor, return_id: int) -> ReturnRecord | None:
    """One parcel; None where it is in no warehouse or shop of the viewer's."""
    values = _seen(viewer).filter(id=return_id).values(*_COLUMNS, "note", "received_by", "graded_by").first()
    if values is None:
        return None
    due = Deadline.objects.filter(kind="aftersale_grade", subject_id=return_id).values_list("due_at", flat=True).first()
    names = dict(
        Person.objects.filter(id__in=[values["received_by"] or 0, values["graded_by"] or 0]).values_list("id", "name")
    )
    pieces = _pieces(return_id, values["case_id"], values["warehouse_id"])
    return ReturnRecord(
        row=_row(values, due),
        pieces=pieces,
        bins=_bins(values["warehouse_id"], {piece.sku_id for piece in pieces if piece.sku_id}),
        note=values["note"],
        received_by=names.get(values["received_by"] or 0, ""),
        graded_by=names.get(values["graded_by"] or 0, ""),
    )


def _bins(warehouse_id: int, sku_ids: set[int]) -> tuple[tuple[str, int], ...]:
    """The shelves of a warehouse in walking order, with the pieces of these goods that lie there."""
    lots = Lot.objects.filter(warehouse_id=warehouse_id, sku_id__in=sku_ids, on_hand__gt=0)
    here = dict(lots.values_list("bin__code").annotate(pieces=Sum("on_hand")).order_by())
    shelves = Bin.objects.filter(warehouse_id=warehouse_id, is_quarantine=False).order_by("path_order", "code")
    return tuple((code, here.get(code, 0)) for code in shelves.values_list("code", flat=True)[:BINS_MOST])


def _pieces(return_id: int, case_id: int | None, warehouse_id: int) -> tuple[ReturnPiece, ...]:
    if case_id is None:
        return ()
    rows = CaseLine.objects.filter(case_id=case_id).select_related("order_line__sku").order_by("order_line_id")
    skus = {row.order_line.sku_id for row in rows if row.order_line.sku_id}
    found = list(ReturnLine.objects.filter(parcel_id=return_id).order_by("id"))
    lots = Lot.objects.filter(sku_id__in=skus, warehouse_id=warehouse_id, code__in={line.lot_code for line in found})
    lie_in = {(sku_id, code): bin_code for sku_id, code, bin_code in lots.values_list("sku_id", "code", "bin__code")}
    graded: dict[int, list[tuple[str, int, str, str]]] = {}
    for line in found:
        place = lie_in.get((line.sku_id or 0, line.lot_code), "")
        graded.setdefault(line.order_line_id, []).append((line.grade, line.quantity, line.lot_code, place))
    levels = dict(Stock.objects.filter(sku_id__in=skus, warehouse_id=warehouse_id).values_list("sku_id", "id"))
    return tuple(_piece(row, tuple(graded.get(row.order_line_id, ())), levels) for row in rows)


def _piece(row: CaseLine, graded: tuple[tuple[str, int, str, str], ...], levels: Mapping[int, int]) -> ReturnPiece:
    line, sku = row.order_line, row.order_line.sku
    return ReturnPiece(
        order_line_id=line.pk,
        sku_id=sku.pk if sku else None,
        sku_code=sku.code if sku else line.outer_code,
        barcode=sku.barcode if sku else "",
        name=sku.name if sku else line.title,
        spec=sku.spec if sku else line.spec,
        quantity=row.quantity,
        graded=graded,
        stock_id=levels.get(sku.pk) if sku else None,
    )


def replacement_orders(order_ids: Iterable[int]) -> set[int]:
    """Those of the orders that replace goods of a case."""
    return set(Replacement.objects.filter(order_id__in=list(order_ids)).values_list("order_id", flat=True))


def warehouses_of(viewer: Actor) -> list[tuple[int, str]]:
    """The viewer's warehouses, as choices."""
    rows = Warehouse.objects.filter(is_active=True).order_by("id")
    if viewer.warehouses is not None:
        rows = rows.filter(id__in=viewer.warehouses)
    return [(row.pk, row.name) for row in rows]
