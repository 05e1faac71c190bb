"""What sources disagree about: the list, one case, and shops' days side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count

from shopkeeper.flows.analytics.collection.models import Disagreement
from shopkeeper.flows.analytics.collection.queries.comparing import SideBySide, side_by_side, tolerances
from shopkeeper.flows.analytics.collection.rules.reconciling import share_of
from shopkeeper.flows.analytics.collection.states import ComparedFigure, DisagreementState
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.models import Person, Shop
from shopkeeper.sop.policy import read_policies


@dataclass(frozen=True, slots=True)
class CaseView:
    """One disagreement. Values are minor units where the figure is money."""

    id: int
    shop_id: int
    shop: str
    currency: str
    day: date
    figure: str
    source: str
    other_source: str
    value: int
    other_value: int
    state: str
    opened_at: datetime
    due_at: datetime
    reason: str
    note: str
    answered_by: str
    ended_at: datetime | None

    @property
    def is_money(self) -> bool:
        return self.figure == ComparedFigure.PAID_MINOR

    @property
    def by(self) -> int:
        return self.other_value - self.value

    @property
    def share_bp(self) -> int | None:
        return share_of(self.value, self.other_value)

    @property
    def open_until(self) -> datetime | None:
        return self.due_at if self.state == DisagreementState.OPEN else None


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What is asked of the list; empty fields do not narrow it."""

    state: str = ""
    shop_id: int | None = None
    figure: str = ""
    day: date | None = None


def cases_page(
    viewer: Actor, wanted: CaseFilter, *, after: int | None = None, limit: int = 50
) -> tuple[list[CaseView], str]:
    """Cases, newest first, and the key of the next page."""
    narrowing: dict[str, Any] = {
        "state": wanted.state or None,
        "shop_id": wanted.shop_id,
        "figure": wanted.figure or None,
        "day": wanted.day,
        "id__lt": after,
    }
    rows = _seen(viewer).filter(**{name: value for name, value in narrowing.items() if value is not None})
    found = list(rows.order_by("-id")[: limit + 1])
    return _views(found[:limit]), str(found[limit - 1].pk) if len(found) > limit else ""


def case_counts(viewer: Actor) -> dict[str, int]:
    """How many are open, for the list's tabs."""
    rows = _seen(viewer).filter(state=DisagreementState.OPEN).order_by()
    return dict(rows.values_list("state").annotate(n=Count("id")))


def case_of(viewer: Actor, case_id: int) -> CaseView | None:
    found = _views(list(_seen(viewer).filter(id=case_id)))
    return found[0] if found else None


def explained_before(viewer: Actor, case: CaseView) -> CaseView | None:
    """The newest case of an earlier day about the same figure of the same two sources that somebody explained."""
    rows = _seen(viewer).filter(
        shop_id=case.shop_id,
        figure=case.figure,
        source=case.source,
        other_source=case.other_source,
        state=DisagreementState.ANSWERED,
        day__lt=case.day,
    )
    found = _views(list(rows.order_by("-day", "-id")[:1]))
    return found[0] if found else None


def _seen(viewer: Actor) -> Any:
    rows = Disagreement.objects.select_related("shop")
    return rows if viewer.shops is None else rows.filter(shop_id__in=viewer.shops)


def _views(rows: Sequence[Disagreement]) -> list[CaseView]:
    people = dict(Person.objects.filter(id__in={row.answered_by for row in rows}).values_list("id", "name"))
    return [
        CaseView(
            row.pk,
            row.shop_id,
            row.shop.name,
            row.shop.currency,
            row.day,
            row.figure,
            row.source,
            row.other_source,
            row.value,
            row.other_value,
            row.state,
            row.opened_at,
            row.due_at,
            row.reason,
            row.note,
            people.get(row.answered_by or 0, ""),
            row.ended_at,
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class ShopDayView:
    """A shop's day with every source's figures, and the case of each difference that has one."""

    shop_id: int
    shop: str
    currency: str
    sides: SideBySide
    cases: dict[tuple[str, str], CaseView]  # by figure and other source


def days_side_by_side(viewer: Actor, days: Sequence[date], shop_id: int | None = None) -> list[ShopDayView]:
    """The viewer's shops (or one) on these days, newest day first."""
    shops = Shop.objects.filter(is_active=True).order_by("id")
    if viewer.shops is not None:
        shops = shops.filter(id__in=viewer.shops)
    if shop_id is not None:
        shops = shops.filter(id=shop_id)
    known = {shop.pk: shop for shop in shops}
    places = [(shop, day) for day in sorted(days, reverse=True) for shop in known]
    if not places:
        return []
    found = side_by_side(places, read_policies())
    newest: dict[tuple[int, date], dict[tuple[str, str], CaseView]] = {}
    for case in _views(list(_seen(viewer).filter(shop_id__in=known, day__in=days).order_by("id"))):
        newest.setdefault((case.shop_id, case.day), {})[case.figure, case.other_source] = case
    return [
        ShopDayView(shop, known[shop].name, known[shop].currency, found[shop, day], newest.get((shop, day), {}))
        for shop, day in places
    ]


def tolerance_of(case: CaseView) -> int:
    """How far the case's figure may be apart, in 1/10,000, by the policy of today."""
    return tolerances(read_policies(), case.shop_id)[ComparedFigure(case.figure)]
