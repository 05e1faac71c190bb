"""Cases as customer service reads them: the list with its counters, and one case whole."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from shopkeeper.flows.fulfilment.intake.models import order_number
from shopkeeper.flows.fulfilment.intake.queries import OrderCard, orders_by_id
from shopkeeper.flows.service.aftersale.models import AfterSaleCase, case_number
from shopkeeper.flows.service.aftersale.states import CaseState
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.models import Shop

_OURS = re.compile(r"SH0*(\d{1,18})", re.IGNORECASE)
_ORDER = re.compile(r"JY0*(\d{1,18})", re.IGNORECASE)
# A tab may hold several states.
TABS: dict[str, tuple[CaseState, ...]] = {
    "opened": (CaseState.OPENED, CaseState.EVIDENCE),
    "offered": (CaseState.OFFERED,),
    "accepted": (CaseState.ACCEPTED,),
    "return_awaited": (CaseState.RETURN_AWAITED,),
    "received": (CaseState.RECEIVED, CaseState.GRADED),
    "settled": (CaseState.SETTLED,),
    "refused": (CaseState.REFUSED, CaseState.CLOSED),
}
COUNTED = ("opened", "offered", "accepted", "return_awaited", "received")


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What is asked of the list; empty fields do not narrow it."""

    tab: str = ""
    state: str = ""
    reason: str = ""
    text: str = ""
    numbers: tuple[str, ...] = ()
    shop_id: int | None = None
    order_id: int | None = None


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case; the buyer masked, amounts in minor units."""

    id: int
    number: str
    order_id: int
    order_number: str
    platform_no: str
    shop_id: int
    shop: str
    state: str
    reason: str
    solution: str
    buyer: str
    paid_minor: int
    currency: str
    opened_at: datetime
    offer_due_at: datetime
    offered_at: datetime | None
    accepted_at: datetime | None
    ended_at: datetime | None
    end_reason: str
    ticket_id: int | None
    warehouse_id: int | None
    platform_refund_state: str
    refund_no: str
    asked_minor: int | None
    goods: str = ""

    @property
    def offer_due(self) -> datetime | None:
        """When a solution is due; None once one was offered or the case is over."""
        return self.offer_due_at if self.state in TABS["opened"] or self.state == CaseState.GRADED else None


_COLUMNS: dict[str, str] = {
    "order_id": "order_id",
    "platform_no": "order__platform_no",
    "shop_id": "shop_id",
    "shop": "shop__name",
    "state": "state",
    "reason": "reason",
    "solution": "solution",
    "buyer": "order__receiver_name_masked",
    "paid_minor": "order__paid_minor",
    "currency": "currency",
    "opened_at": "opened_at",
    "offer_due_at": "offer_due_at",
    "offered_at": "offered_at",
    "accepted_at": "accepted_at",
    "ended_at": "ended_at",
    "end_reason": "end_reason",
    "ticket_id": "ticket_id",
    "warehouse_id": "warehouse_id",
    "platform_refund_state": "platform_refund__state",
    "refund_no": "platform_refund__refund_no",
    "asked_minor": "platform_refund__asked_minor",
}


def in_shops(rows: QuerySet[Any], viewer: Actor) -> QuerySet[Any]:
    """Only rows of the viewer's shops."""
    return rows if viewer.shops is None else rows.filter(shop_id__in=viewer.shops)


def shops_of(viewer: Actor) -> list[tuple[str, str]]:
    """The viewer's shops as choices of a filter."""
    shops = Shop.objects.order_by("id")
    if viewer.shops is not None:
        shops = shops.filter(id__in=viewer.shops)
    return [(str(shop.pk), shop.name) for shop in shops]


def case_counts(viewer: Actor) -> dict[str, int]:
    """How many cases each counted tab holds."""
    states = [str(state) for tab in COUNTED for state in TABS[tab]]
    rows = in_shops(AfterSaleCase.objects.filter(state__in=states), viewer)
    counts = dict(rows.values_list("state").annotate(n=Count("id")))
    return {tab: sum(counts.get(str(state), 0) for state in TABS[tab]) for tab in COUNTED}


def cases_page(viewer: Actor, wanted: CaseFilter, *, after: str = "", limit: int = 50) -> tuple[list[CaseRow], str]:
    """A page of cases and the next key: those owed a solution by due time, the others newest first."""
    rows = _matching(viewer, wanted)
    start = int(after) if after.isdecimal() and len(after) < 9 else 0
    order = ("offer_due_at", "id") if wanted.tab == "opened" else ("-id",)
    found = [_row(values) for values in _values(rows.order_by(*order)[start : start + limit + 1])]
    shown = with_goods(found[:limit])
    return shown, str(start + limit) if len(found) > limit else ""


def case_row(viewer: Actor, case_id: int) -> CaseRow | None:
    """One case; None where it is not in the viewer's shops."""
    values = next(iter(_values(in_shops(AfterSaleCase.objects.filter(id=case_id), viewer))), None)
    return with_goods([_row(values)])[0] if values else None


def find_cases(viewer: Actor, text: str, limit: int = 5) -> list[CaseRow]:
    """Cases by their number or their order's, for the palette."""
    return cases_page(viewer, CaseFilter(text=text), limit=limit)[0] if text else []


def _values(rows: QuerySet[AfterSaleCase]) -> list[dict[str, Any]]:
    return list(rows.values("id", *_COLUMNS.values()))


def _row(values: dict[str, Any]) -> CaseRow:
    own = {name: values[column] for name, column in _COLUMNS.items()}
    own["platform_refund_state"] = own["platform_refund_state"] or ""
    own["refund_no"] = own["refund_no"] or ""
    return CaseRow(
        id=values["id"], number=case_number(values["id"]), order_number=order_number(values["order_id"]), **own
    )


def with_goods(rows: Sequence[CaseRow]) -> list[CaseRow]:
    """What the cases are about, in a few words."""
    lines: dict[int, list[str]] = {}
    found = (
        AfterSaleCase.objects.filter(id__in=[row.id for row in rows])
        .order_by("id", "lines__order_line_id")
        .values_list("id", "lines__order_line__title", "lines__order_line__sku__name", "lines__quantity")
    )
    for case_id, title, name, quantity in found:
        lines.setdefault(case_id, []).append(f"{name or title} ×{quantity}")
    return [
        replace(row, goods=f"{said[0]}{f' +{len(said) - 1}' if len(said) > 1 else ''}")
        if (said := lines.get(row.id))
        else row
        for row in rows
    ]


def _matching(viewer: Actor, wanted: CaseFilter) -> QuerySet[AfterSaleCase]:
    rows = in_shops(AfterSaleCase.objects.all(), viewer)
    words = list(wanted.numbers) or ([wanted.text] if wanted.text else [])
    if words:
        ours = [int(found[1]) for word in words if (found := _OURS.fullmatch(word))]
        orders = [int(found[1]) for word in words if (found := _ORDER.fullmatch(word))]
        rows = rows.filter(
            Q(id__in=ours)
            | Q(order_id__in=orders)
            | Q(order__platform_no__in=words)
            | Q(platform_refund__refund_no__in=words)
        )
    if wanted.tab in TABS:
        rows = rows.filter(state__in=[str(state) for state in TABS[wanted.tab]])
    for name in ("state", "reason", "shop_id", "order_id"):
        if value := getattr(wanted, name):
            rows = rows.filter(**{name: value})
    return rows


def order_card(order_id: int) -> OrderCard:
    return orders_by_id([order_id])[order_id]
