"""Price plans as people read them: the list with its counters, one with its margins and history, an export."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet

from shopkeeper.flows.products.listing.models import Sku
from shopkeeper.flows.products.listing.queries.facts import price_at
from shopkeeper.flows.products.pricing.deadlines import RETURNED_PRICE
from shopkeeper.flows.products.pricing.models import Plan, PriceDay, TargetMargin
from shopkeeper.flows.products.pricing.rules import Margin, Prices, margins, percent
from shopkeeper.flows.products.pricing.sql import days as day_sql
from shopkeeper.flows.products.pricing.sql import plans as sql
from shopkeeper.flows.products.pricing.states import PlanState
from shopkeeper.flows.products.stock.queries.restocking import category_choices, path_of
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.models import Person, Shop
from shopkeeper.shared.clock import at_time, day_of
from shopkeeper.sop.models import Deadline
from shopkeeper.sop.policy import read_policies

__all__ = ["category_choices"]
HISTORY = 20
COUNTED = (PlanState.PROPOSED, PlanState.SCHEDULED, PlanState.IN_FORCE)
_COLUMNS = (
    "id", "sku_id", "sku__code", "sku__name", "sku__spec", "shop_id", "shop__name", "state", "currency", "cost_minor",
    "competitor_minor", "list_minor", "sale_minor", "discount_minor", "member_minor", "lowest_minor", "worst_minor",
    "margin_basis_points", "target_basis_points", "valid_from", "valid_to", "proposed_at", "proposed_by", "reason",
    "due_at", "decided_at", "decided_by", "decision_reason", "began_at", "ended_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlanFilter:
    """What is asked of the list; `state` empty means all. `below` True: only those below their target.

    `to_mend` True: of the returned ones only those neither proposed again nor withdrawn.
    """

    state: str = ""
    text: str = ""
    numbers: tuple[str, ...] = ()
    shop_id: int | None = None
    below: bool = False
    to_mend: bool = False


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One plan; amounts in minor units of its currency, margins in basis points."""

    id: int
    sku_id: int
    code: str
    name: str
    spec: str
    shop_id: int | None
    shop: str | None
    state: str
    currency: str
    cost_minor: int
    competitor_minor: int | None
    list_minor: int | None
    sale_minor: int
    discount_minor: int | None
    member_minor: int | None
    lowest_minor: int
    worst_minor: int
    margin_basis_points: int
    target_basis_points: int
    valid_from: datetime
    valid_to: datetime | None
    proposed_at: datetime
    proposed_by: int
    reason: str
    due_at: datetime | None
    decided_at: datetime | None
    decided_by: int | None
    decision_reason: str
    began_at: datetime | None
    ended_at: datetime | None

    @property
    def is_below(self) -> bool:
        return self.margin_basis_points < self.target_basis_points

    @property
    def waits(self) -> bool:
        return self.state == PlanState.PROPOSED

    @property
    def margin_percent(self) -> str:
        return percent(self.margin_basis_points)

    @property
    def target_percent(self) -> str:
        return percent(self.target_basis_points)

    @property
    def tone(self) -> str:
        """How the row is tinted: amber where a manager must look."""
        return "amber" if self.waits else ""

    @property
    def margins(self) -> tuple[Margin, ...]:
        """The margin at every price and at the worst case."""
        prices = Prices(
            self.cost_minor,
            self.sale_minor,
            self.list_minor,
            self.discount_minor,
            self.member_minor,
            self.competitor_minor,
        )
        return margins(prices, self.worst_minor, self.target_basis_points)


@dataclass(frozen=True, slots=True)
class PlanRecord:
    """One plan whole: who, the SKU's other plans newest first, the lowest prices of the days before.

    `lowest_before` is what a strike-through price is measured by; the plan's own prices are no part of either.
    """

    row: PlanRow
    proposed_by: str
    decided_by: str
    ended_because: str
    ended_at: datetime | None
    was_returned: bool
    mend_by: datetime | None
    others: tuple[PlanRow, ...]
    days: tuple[tuple[date, int], ...]
    lowest_before: int | None


@dataclass(frozen=True, slots=True)
class SkuToPrice:
    """A SKU somebody is about to price, with the plan that holds now and the target it is judged by."""

    sku_id: int
    code: str
    name: str
    currency: str
    cost_minor: int
    price_minor: int
    target_basis_points: int
    plan: PlanRow | None

    @property
    def target_percent(self) -> str:
        return percent(self.target_basis_points)


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A target margin somebody set for a category, by its path."""

    category_id: int
    category: str
    basis_points: int
    set_at: datetime
    set_by: str
    reason: str

    @property
    def percent(self) -> str:
        return percent(self.basis_points)


def plan_counts(viewer: Actor) -> dict[str, int]:
    """How many per state, for the list's tabs; of the returned ones those that still wait to be mended."""
    counts = dict(_seen(viewer).filter(state__in=COUNTED).values_list("state").annotate(n=Count("id")))
    returned = PlanFilter(state=PlanState.RETURNED, to_mend=True)
    return {**counts, str(PlanState.RETURNED): _matching(viewer, returned).count()}


def plans_page(
    viewer: Actor, wanted: PlanFilter, *, after: int | None = None, limit: int = 50
) -> tuple[list[PlanRow], str]:
    """A page of plans, newest first, and the key of the next one ('' where there is none)."""
    rows = _matching(viewer, wanted)
    if after is not None:
        rows = rows.filter(id__lt=after)
    found = [_row(values) for values in rows.order_by("-id").values_list(*_COLUMNS)[: limit + 1]]
    return found[:limit], str(found[limit - 1].id) if len(found) > limit else ""


def plans_to_export(viewer: Actor, wanted: PlanFilter) -> Iterator[PlanRow]:
    """All matching plans, oldest first, streamed."""
    rows = _matching(viewer, wanted).order_by("id").values_list(*_COLUMNS)
    return (_row(values) for values in rows.iterator(chunk_size=2_000))


def matching_plans(viewer: Actor, wanted: PlanFilter, limit: int = 10_000) -> list[int]:
    """The plans among what matches that wait for a decision."""
    rows = _matching(viewer, wanted).filter(state=PlanState.PROPOSED)
    return list(rows.order_by("id").values_list("id", flat=True)[:limit])


def plan_record(viewer: Actor, plan_id: int) -> PlanRecord | None:
    """One plan; None where there is none in the viewer's shops."""
    values = _seen(viewer).filter(id=plan_id).values_list(*_COLUMNS).first()
    if values is None:
        return None
    row = _row(values)
    same_place = _seen(viewer).filter(sku_id=row.sku_id).exclude(id=plan_id).order_by("-id")
    others = tuple(_row(found) for found in same_place.values_list(*_COLUMNS)[:HISTORY])
    names = dict(Person.objects.filter(id__in=[row.proposed_by, row.decided_by or 0]).values_list("id", "name"))
    days = read_policies()("strike_days", row.shop_id)
    since = day_of(row.valid_from) - timedelta(days=days)
    kept = _in_its_place(row)[0].filter(day__gte=since, day__lt=_first_day_of_its_own(row))
    lowest: dict[date, int] = {}
    for day, minor in kept.order_by("day").values_list("day", "lowest_minor"):
        lowest[day] = min(minor, lowest.get(day, minor))
    ended = sql.LAST_MOVE.first(plan=plan_id)
    return PlanRecord(
        row,
        names.get(row.proposed_by, ""),
        names.get(row.decided_by or 0, ""),
        ended.reason if ended else "",
        ended.occurred_at if ended else None,
        PlanState.RETURNED in (row.state, ended.was if ended else ""),
        _to_mend().filter(subject_id=plan_id).values_list("due_at", flat=True).first(),
        others,
        tuple(lowest.items()),
        _lowest_before(row, days),
    )


def _lowest_before(row: PlanRow, days: int) -> int | None:
    """What was asked at the least before this plan began; before it has, as the plan itself is judged.

    The first plan of a SKU has put its price in the place of the SKU's own: that is read in the version of then.
    """
    if row.began_at and not _had_history(row):
        before = price_at(row.sku_id, row.began_at)
    else:
        since = row.valid_from - timedelta(days=days)
        found = day_sql.LOWEST.first(
            skus=[row.sku_id],
            shops=[row.shop_id],
            plans=[row.id],
            since_days=[day_of(since)],
            until_days=[_first_day_of_its_own(row)],
            sinces=[since],
            untils=[row.valid_from],
        )
        before = found.lowest_minor if found else None
    return min((minor for minor in (before, _earlier_that_day(row)) if minor is not None), default=None)


def _first_day_of_its_own(row: PlanRow) -> date:
    """The day whose record holds the plan's own prices: the one it began on, the one after while it has not."""
    return day_of(row.valid_from) + timedelta(days=0 if row.began_at else 1)


def _earlier_that_day(row: PlanRow) -> int | None:
    """What was asked before it on the day it began, where that is told apart: below all that began from it on."""
    if row.began_at is None:
        return None
    days, plans = _in_its_place(row)
    day = day_of(row.began_at)
    kept = days.filter(day=day).aggregate(least=Min("lowest_minor"))["least"]
    since = plans.filter(began_at__gte=row.began_at, began_at__lt=at_time(day + timedelta(days=1), time()))
    least = min((row.lowest_minor, *since.values_list("lowest_minor", flat=True)))
    return kept if kept is not None and kept < least else None


def _had_history(row: PlanRow) -> bool:
    """Was any price kept, or any other plan in force, before this one began?"""
    days, plans = _in_its_place(row)
    before = plans.filter(began_at__lt=row.began_at).exclude(id=row.id)
    return days.filter(day__lt=day_of(row.valid_from)).exists() or before.exists()


def _in_its_place(row: PlanRow) -> tuple[QuerySet[PriceDay], QuerySet[Plan]]:
    """The days and plans a plan is measured by: of its shop and of all shops; a general one by every shop's."""
    days, plans = PriceDay.objects.filter(sku_id=row.sku_id), Plan.objects.filter(sku_id=row.sku_id)
    if row.shop_id is None:
        return days, plans
    here = Q(shop_id=row.shop_id) | Q(shop_id__isnull=True)
    return days.filter(here), plans.filter(here)


def sku_to_price(viewer: Actor, code: str, shop_id: int | None = None) -> SkuToPrice | None:
    """A SKU by its code; the plan shown is the one that holds in that place now."""
    found = next(iter(sql.SKUS_BY_CODE.rows(codes=[code.strip()])), None)
    if found is None:
        return None
    plans = _seen(viewer).filter(sku_id=found.id, state=PlanState.IN_FORCE)
    plans = plans.filter(Q(shop_id=shop_id) | Q(shop_id__isnull=True))
    values = [_row(values) for values in plans.values_list(*_COLUMNS)]
    values.sort(key=lambda row: (row.shop_id is None, row.valid_to is None))
    target = read_policies()("target_margin_basis_points", shop_id) if found.target is None else found.target
    plan = values[0] if values else None
    return SkuToPrice(
        found.id, found.code, found.name, found.currency, found.cost_minor, found.price_minor, target, plan
    )


def skus_like(text: str, limit: int = 20) -> list[tuple[str, str]]:
    """Codes and names of SKUs that are sold, for whoever types one."""
    rows = Sku.objects.filter(is_delisted=False)
    if text:
        rows = rows.filter(Q(code__startswith=text[:60]) | Q(name__contains=text[:60]) | Q(barcode=text[:60]))
    return list(rows.order_by("code").values_list("code", "name")[:limit])


def shops_of(viewer: Actor) -> list[tuple[str, str]]:
    """The viewer's shops as choices."""
    shops = Shop.objects.order_by("id")
    if viewer.shops is not None:
        shops = shops.filter(id__in=viewer.shops)
    return [(str(shop.pk), shop.name) for shop in shops]


def shop_codes_of(viewer: Actor) -> dict[str, int]:
    """The viewer's shops by code and by name, as files name them."""
    shops = Shop.objects.all() if viewer.shops is None else Shop.objects.filter(id__in=viewer.shops)
    found = list(shops.values_list("id", "code", "name"))
    return {name: id_ for id_, _, name in found} | {code: id_ for id_, code, _ in found}


def targets() -> list[TargetRow]:
    """Every target margin somebody set, by the category's path."""
    rows = list(TargetMargin.objects.select_related("category__parent__parent"))
    names = dict(Person.objects.filter(id__in={row.set_by for row in rows}).values_list("id", "name"))
    found = [
        TargetRow(
            row.category_id,
            path_of(row.category),
            row.basis_points,
            row.set_at,
            names.get(row.set_by, ""),
            row.reason,
        )
        for row in rows
    ]
    return sorted(found, key=lambda row: row.category)


def _seen(viewer: Actor) -> QuerySet[Plan]:
    """Plans of the viewer's shops, and the general ones, which hold there too."""
    rows = Plan.objects.all()
    return rows if viewer.shops is None else rows.filter(Q(shop_id__in=viewer.shops) | Q(shop_id__isnull=True))


def _to_mend() -> QuerySet[Deadline]:
    return Deadline.objects.filter(kind=RETURNED_PRICE.name)


def _matching(viewer: Actor, wanted: PlanFilter) -> QuerySet[Plan]:
    rows = _seen(viewer)
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.to_mend:
        rows = rows.filter(id__in=_to_mend().values("subject_id"))
    if wanted.shop_id is not None:
        rows = rows.filter(shop_id=wanted.shop_id)
    if wanted.below:
        rows = rows.filter(margin_basis_points__lt=F("target_basis_points"))
    if wanted.numbers:
        return rows.filter(Q(sku__code__in=wanted.numbers) | Q(sku__barcode__in=wanted.numbers))
    text = wanted.text[:60]
    return rows.filter(Q(sku__code=text) | Q(sku__barcode=text) | Q(sku__name__contains=text)) if text else rows


def _row(values: Sequence[Any]) -> PlanRow:
    return PlanRow(*values)
