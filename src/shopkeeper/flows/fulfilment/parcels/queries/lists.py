"""Lists of parcels, cases and reports to platforms: what one may see, by key, in a fixed number of statements."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db.models import Q, QuerySet

from shopkeeper.flows.fulfilment.intake.models import Order, order_number
from shopkeeper.flows.fulfilment.intake.states import OrderState
from shopkeeper.flows.fulfilment.parcels.deadlines import NUMBER_CASE, PARCEL_CASE
from shopkeeper.flows.fulfilment.parcels.models import Parcel, ParcelCase, ShipBack, parcel_number
from shopkeeper.flows.fulfilment.parcels.rules.numbers import tidy_number
from shopkeeper.flows.fulfilment.parcels.sql import reading
from shopkeeper.flows.fulfilment.parcels.states import ON_THE_WAY, CaseKind, CaseState, ParcelState, ShipBackState
from shopkeeper.flows.fulfilment.parcels.words import answer_text, cause_text, courier_name, weight_text
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.models import Shop
from shopkeeper.shared.words import T

MOST_AT_ONCE = 10_000
Row = TypeVar("Row")
_OUR_NUMBER = re.compile(r"(CK|JY)(\d{1,18})", re.ASCII)
OPEN_CASES = [CaseState.OPEN, CaseState.CONTACTED]
TABS: dict[str, Q] = {
    "to_number": Q(state=ParcelState.AWAITING_NUMBER),
    "to_pack": Q(state=ParcelState.NUMBERED),
    "to_hand_over": Q(state=ParcelState.PACKED, order__state=OrderState.PACKED),
    "recalled": Q(state=ParcelState.PACKED) & ~Q(order__state=OrderState.PACKED),
    "on_the_way": Q(state__in=list(ON_THE_WAY)),
    "trouble": Q(pk__in=ParcelCase.objects.filter(state__in=OPEN_CASES).values("parcel_id")),
    "coming_back": Q(state__in=[ParcelState.REFUSED, ParcelState.RETURNING, ParcelState.RETURNED]),
    "signed": Q(state=ParcelState.SIGNED),
    "all": Q(),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A list's question: tab, what was typed, filters by name, the key after which to go on."""

    tab: str = "all"
    texts: Sequence[str] = ()
    filters: Mapping[str, str] | None = None
    after: str = ""
    limit: int = 50


@dataclass(frozen=True, slots=True)
class ParcelRow:
    id: int
    label: str
    order_id: int
    order: str
    shop: str
    place: str
    courier: str
    number: str | None
    state: str
    ship_back: str
    cases: tuple[str, ...]
    weight_g: int | None
    handed_over_at: datetime | None
    promised_at: datetime | None
    last_update_at: datetime | None
    last_text: str
    tone: str
    is_labelled: bool

    @property
    def courier_name(self) -> T:
        return courier_name(self.courier)

    @property
    def weight(self) -> T:
        return weight_text(self.weight_g)

    @property
    def troubles(self) -> list[str]:
        """Open cases; what stands in the report's own column is not said twice."""
        return [kind for kind in self.cases if kind != CaseKind.NOT_ACKNOWLEDGED]


@dataclass(frozen=True, slots=True)
class CaseRow:
    id: int
    parcel_id: int
    parcel: str
    number: str | None
    courier: str
    kind: str
    state: str
    outcome: str
    cause: str
    shop: str
    opened_at: datetime
    closed_at: datetime | None
    due_at: datetime | None
    last_update_at: datetime | None
    tone: str

    @property
    def courier_name(self) -> T:
        return courier_name(self.courier)

    @property
    def cause_text(self) -> T:
        return cause_text(self.cause)


@dataclass(frozen=True, slots=True)
class ShipBackRow:
    """`id` is the parcel's."""

    id: int
    parcel: str
    order: str
    shop: str
    platform_no: str
    courier: str
    number: str | None
    state: str
    attempts: int
    last_error: str
    last_tried_at: datetime | None
    due_at: datetime
    acknowledged_at: datetime | None
    tone: str

    @property
    def courier_name(self) -> T:
        return courier_name(self.courier)

    @property
    def answer(self) -> T:
        return answer_text(self.last_error)


@dataclass(frozen=True, slots=True)
class Found(Generic[Row]):
    """One page of rows; `next_key` is empty on the last one."""

    rows: list[Row]
    next_key: str


def in_scope(viewer: Actor, prefix: str = "") -> Q:
    """Rows of the viewer's shops and warehouses."""
    scope = Q()
    if viewer.shops is not None:
        scope &= Q(**{f"{prefix}shop_id__in": viewer.shops})
    if viewer.warehouses is not None:
        scope &= Q(**{f"{prefix}warehouse_id__in": viewer.warehouses})
    return scope


def _scope_of(viewer: Actor) -> dict[str, list[int] | None]:
    return {
        "shops": None if viewer.shops is None else sorted(viewer.shops),
        "warehouses": None if viewer.warehouses is None else sorted(viewer.warehouses),
    }


def _named(texts: Iterable[str], prefix: str = "") -> Q:
    """Parcels by tracking number, our parcel number, order number or platform number; nothing partial."""
    numbers, parcels, orders, plain = set[str](), set[int](), set[int](), set[str]()
    for text in texts:
        tidy = tidy_number(text)[:64]
        ours = _OUR_NUMBER.fullmatch(tidy)
        if ours:
            (parcels if ours[1] == "CK" else orders).add(int(ours[2]))
        numbers.add(tidy)
        plain.add(text.strip()[:64])
    # Orders first: an OR that reaches into another table would read both from end to end.
    orders |= set(Order.objects.filter(platform_no__in=plain).values_list("id", flat=True)[:MOST_AT_ONCE])
    return (
        Q(**{f"{prefix}number__in": numbers})
        | Q(**{f"{prefix}id__in": parcels})
        | Q(**{f"{prefix}order_id__in": orders})
    )


def _page(rows: QuerySet[Any], wanted: Wanted) -> tuple[list[Any], str]:
    """The next rows by falling id, and the key of the following page."""
    if wanted.after.isdecimal() and len(wanted.after) < 19:
        rows = rows.filter(id__lt=int(wanted.after))
    taken = list(rows.order_by("-id")[: wanted.limit + 1])
    return taken[: wanted.limit], str(taken[wanted.limit - 1].pk) if len(taken) > wanted.limit else ""


def _parcels(viewer: Actor, wanted: Wanted) -> QuerySet[Parcel]:
    found = Parcel.objects.filter(in_scope(viewer), TABS.get(wanted.tab, Q()))
    filters = wanted.filters or {}
    if wanted.texts:
        found = found.filter(_named(wanted.texts))
    if filters.get("shop", "").isdecimal():
        found = found.filter(shop_id=int(filters["shop"][:18]))
    if filters.get("warehouse", "").isdecimal():
        found = found.filter(warehouse_id=int(filters["warehouse"][:18]))
    if filters.get("courier"):
        found = found.filter(courier=filters["courier"])
    return found


def parcel_list(viewer: Actor, wanted: Wanted) -> Found[ParcelRow]:
    """One page of parcels, newest first."""
    rows, next_key = _page(_parcels(viewer, wanted).select_related("order", "shop", "ship_back"), wanted)
    ids = [row.pk for row in rows]
    scans = {scan.parcel_id: scan for scan in reading.LAST_SCANS.rows(ids=ids)}
    cases = defaultdict(list)
    for parcel_id, kind in _open_cases(ids):
        cases[parcel_id].append(kind)
    return Found([_parcel_row(row, scans.get(row.pk), cases[row.pk]) for row in rows], next_key)


def parcel_ids(viewer: Actor, wanted: Wanted) -> list[int]:
    """All parcels a question matches, up to ten thousand, for what is done to all of them."""
    return list(_parcels(viewer, wanted).order_by("-id").values_list("id", flat=True)[:MOST_AT_ONCE])


def without_label(viewer: Actor, parcel_ids: Iterable[int]) -> dict[int, str]:
    """The numbers of those of these parcels that wait to be handed over and whose label was never printed."""
    bare = Parcel.objects.filter(in_scope(viewer), TABS["to_hand_over"], id__in=list(parcel_ids), print_count=0)
    return {parcel_id: parcel_number(parcel_id) for parcel_id in bare.order_by("id").values_list("id", flat=True)}


def _open_cases(parcel_ids: Sequence[int]) -> QuerySet[Any, tuple[int, str]]:
    return (
        ParcelCase.objects.filter(parcel_id__in=parcel_ids)
        .exclude(state=CaseState.CLOSED)
        .order_by("id")
        .values_list("parcel_id", "kind")
    )


def _parcel_row(parcel: Parcel, scan: reading.LastScanRow | None, cases: Sequence[str]) -> ParcelRow:
    ship_back = getattr(parcel, "ship_back", None)
    return ParcelRow(
        id=parcel.pk,
        label=parcel_number(parcel.pk),
        order_id=parcel.order_id,
        order=order_number(parcel.order_id),
        shop=parcel.shop.name,
        place=parcel.order.city or parcel.order.province,
        courier=parcel.courier,
        number=parcel.number,
        state=parcel.state,
        ship_back=ship_back.state if ship_back else "",
        cases=tuple(cases),
        weight_g=parcel.weight_g,
        handed_over_at=parcel.handed_over_at,
        promised_at=parcel.promised_at if parcel.state in ON_THE_WAY else None,
        last_update_at=parcel.last_update_at,
        last_text=scan.text if scan else "",
        tone="",
        is_labelled=parcel.print_count > 0,
    )


def parcel_counts(viewer: Actor) -> dict[str, int]:
    """The tabs' counters; what has come to rest is not counted."""
    states = {row.state: row.count for row in reading.COUNT_PARCELS.rows(**_scope_of(viewer))}
    trouble = reading.COUNT_IN_TROUBLE.first(**_scope_of(viewer))
    return {
        "to_number": states.get(ParcelState.AWAITING_NUMBER, 0),
        "to_pack": states.get(ParcelState.NUMBERED, 0),
        "to_hand_over": states.get(ParcelState.PACKED, 0),
        "recalled": states.get("recalled", 0),
        "on_the_way": sum(states.get(state, 0) for state in ON_THE_WAY),
        "trouble": trouble.count if trouble else 0,
    }


def case_list(viewer: Actor, wanted: Wanted) -> Found[CaseRow]:
    """One page of cases, newest first."""
    tabs = {str(state): Q(state=state) for state in CaseState}
    found = ParcelCase.objects.filter(in_scope(viewer, "parcel__"), tabs.get(wanted.tab, Q()))
    filters = wanted.filters or {}
    if wanted.texts:
        found = found.filter(_named(wanted.texts, "parcel__"))
    if filters.get("kind"):
        found = found.filter(kind=filters["kind"])
    if filters.get("courier"):
        found = found.filter(parcel__courier=filters["courier"])
    rows, next_key = _page(found.select_related("parcel", "shop"), wanted)
    dues = dues_of([row.pk for row in rows])
    return Found([_case_row(row, dues.get(row.pk)) for row in rows], next_key)


def dues_of(case_ids: Sequence[int]) -> dict[int, datetime]:
    """When open cases are due."""
    kinds = [NUMBER_CASE.name, PARCEL_CASE.name]
    return {row.subject_id: row.due_at for row in reading.DUE.rows(kinds=kinds, subjects=list(case_ids))}


def _case_row(case: ParcelCase, due_at: datetime | None) -> CaseRow:
    return CaseRow(
        id=case.pk,
        parcel_id=case.parcel_id,
        parcel=parcel_number(case.parcel_id),
        number=case.parcel.number,
        courier=case.parcel.courier,
        kind=case.kind,
        state=case.state,
        outcome=case.outcome,
        cause=case.cause,
        shop=case.shop.name,
        opened_at=case.opened_at,
        closed_at=case.closed_at,
        due_at=due_at,
        last_update_at=case.parcel.last_update_at,
        tone="",
    )


def case_counts(viewer: Actor) -> dict[str, int]:
    return {row.state: row.count for row in reading.COUNT_CASES.rows(**_scope_of(viewer))}


def _ship_backs(viewer: Actor, wanted: Wanted) -> QuerySet[ShipBack]:
    tabs = {str(state): Q(state=state) for state in ShipBackState}
    found = ShipBack.objects.filter(in_scope(viewer, "parcel__"), tabs.get(wanted.tab, Q()))
    if wanted.texts:
        found = found.filter(_named(wanted.texts, "parcel__"))
    if (shop := (wanted.filters or {}).get("shop", "")).isdecimal():
        found = found.filter(shop_id=int(shop[:18]))
    return found


def ship_back_list(viewer: Actor, wanted: Wanted) -> Found[ShipBackRow]:
    """One page of reports to platforms, newest first; `next_key` is the report's, `id` the parcel's."""
    rows, next_key = _page(_ship_backs(viewer, wanted).select_related("parcel__order", "shop"), wanted)
    return Found([_ship_back_row(row) for row in rows], next_key)


def ship_back_ids(viewer: Actor, wanted: Wanted) -> list[int]:
    """The parcels of all reports a question matches, up to ten thousand."""
    rows = _ship_backs(viewer, wanted).order_by("-id")
    return list(rows.values_list("parcel_id", flat=True)[:MOST_AT_ONCE])


def _ship_back_row(report: ShipBack) -> ShipBackRow:
    return ShipBackRow(
        id=report.parcel_id,
        parcel=parcel_number(report.parcel_id),
        order=order_number(report.parcel.order_id),
        shop=report.shop.name,
        platform_no=report.parcel.order.platform_no,
        courier=report.parcel.courier,
        number=report.parcel.number,
        state=report.state,
        attempts=report.attempts,
        last_error=report.last_error,
        last_tried_at=report.last_tried_at,
        due_at=report.due_at,
        acknowledged_at=report.acknowledged_at,
        tone="red" if report.state == ShipBackState.FAILED else "",
    )


def ship_back_counts(viewer: Actor) -> dict[str, int]:
    return {row.state: row.count for row in reading.COUNT_SHIP_BACKS.rows(**_scope_of(viewer))}


def shop_choices(viewer: Actor) -> list[tuple[str, str]]:
    """The viewer's shops, for filters."""
    shops = Shop.objects.filter(is_active=True).order_by("id")
    if viewer.shops is not None:
        shops = shops.filter(id__in=viewer.shops)
    return [(str(shop_id), name) for shop_id, name in shops.values_list("id", "name")]
