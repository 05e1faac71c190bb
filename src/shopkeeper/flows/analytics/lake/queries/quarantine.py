"""What cleaning set aside, as a data specialist works through it, and what was left out of a span of days."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, QuerySet, Sum

from shopkeeper.flows.analytics.lake.models import CleaningDay, KnownSource, SetAside
from shopkeeper.flows.analytics.lake.rules.cleaning import EVERYBODY, traffic_key
from shopkeeper.flows.analytics.lake.states import OUT, SetAsideState, Subject
from shopkeeper.flows.fulfilment.intake.queries import OrderCard, orders_by_id
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.models import Person

MOST_MATCHING = 10_000


@dataclass(frozen=True, slots=True)
class QuarantineFilter:
    """What is asked; `state` empty means all. Days are of `biz_date`; `day_id` is the cleaning day of a deadline."""

    state: str = ""
    rule: str = ""
    subject: str = ""
    shop_id: int | None = None
    day_id: int | None = None
    from_day: date | None = None
    to_day: date | None = None
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SetAsideRow:
    """One verdict; the amount is what it takes out of the paid sum, minor units of CNY."""

    id: int
    shop_id: int
    shop: str
    subject: str
    key: str
    order_id: int | None
    order_number: str
    order_state: str  # as it stands now
    visitor: str
    rule: str
    state: str
    biz_date: date
    row_count: int
    amount_minor: int
    facts: dict[str, Any]
    found_at: datetime
    found_by: str
    reason: str
    decided_at: datetime | None
    decided_by: str
    decided_reason: str
    due_at: datetime | None

    @property
    def tone(self) -> str:
        return "amber" if self.state == SetAsideState.SUSPECTED else ""

    @property
    def is_out(self) -> bool:
        return self.state in OUT

    @property
    def is_everybody(self) -> bool:
        return self.visitor == EVERYBODY


_COLUMNS = (
    "id", "shop_id", "shop__name", "subject", "key", "rule", "state", "biz_date", "row_count", "amount_minor", "facts",
    "found_at", "found_by", "reason", "decided_at", "decided_by", "decided_reason", "day__due_at",
)  # fmt: skip


def quarantine_counts(viewer: Actor) -> dict[str, int]:
    """How many wait to be confirmed."""
    rows = _seen(viewer).filter(state=SetAsideState.SUSPECTED)
    return dict(rows.values_list("state").annotate(n=Count("id")))


def quarantine_page(
    viewer: Actor, wanted: QuarantineFilter, *, after: int | None = None, limit: int = 50
) -> tuple[list[SetAsideRow], str]:
    """A page of verdicts, newest first, and the key of the next one."""
    rows = _matching(viewer, wanted)
    if after is not None:
        rows = rows.filter(id__lt=after)
    found = _rows(rows.order_by("-id")[: limit + 1])
    return found[:limit], str(found[limit - 1].id) if len(found) > limit else ""


def quarantine_to_export(viewer: Actor, wanted: QuarantineFilter, piece: int = 2_000) -> Iterator[SetAsideRow]:
    """All matching verdicts, newest first, a piece at a time."""
    after: int | None = None
    while True:
        rows, next_key = quarantine_page(viewer, wanted, after=after, limit=piece)
        yield from rows
        if not next_key:
            return
        after = int(next_key)


def matching_ids(viewer: Actor, wanted: QuarantineFilter) -> list[int]:
    """The ids of all matching verdicts, for one action on them."""
    return list(_matching(viewer, wanted).order_by("id").values_list("id", flat=True)[:MOST_MATCHING])


def set_aside_row(viewer: Actor, set_aside_id: int) -> SetAsideRow | None:
    """One verdict; None where it is not in the viewer's shops."""
    return next(iter(_rows(_seen(viewer).filter(id=set_aside_id))), None)


def _seen(viewer: Actor) -> QuerySet[SetAside]:
    rows = SetAside.objects.all()
    return rows if viewer.shops is None else rows.filter(shop_id__in=viewer.shops)


def _matching(viewer: Actor, wanted: QuarantineFilter) -> QuerySet[SetAside]:
    rows = _seen(viewer)
    asked = {
        "state": wanted.state,
        "rule": wanted.rule,
        "subject": wanted.subject,
        "shop_id": wanted.shop_id,
        "day_id": wanted.day_id,
        "biz_date__gte": wanted.from_day,
        "biz_date__lte": wanted.to_day,
    }
    rows = rows.filter(**{name: value for name, value in asked.items() if value not in (None, "")})
    return rows.filter(key__in=wanted.keys) if wanted.keys else rows


def _rows(rows: QuerySet[SetAside]) -> list[SetAsideRow]:
    found = list(rows.values(*_COLUMNS))
    people = {row["found_by"] for row in found} | {row["decided_by"] or 0 for row in found}
    names = dict(Person.objects.filter(id__in=people - {0}).values_list("id", "name"))
    orders = orders_by_id([int(row["key"]) for row in found if row["subject"] == Subject.ORDERS])
    return [_row(values, names, orders) for values in found]


def _row(values: dict[str, Any], names: dict[int, str], orders: dict[int, OrderCard]) -> SetAsideRow:
    is_order = values["subject"] == Subject.ORDERS
    order = orders.get(int(values["key"])) if is_order else None
    return SetAsideRow(
        id=values["id"],
        shop_id=values["shop_id"],
        shop=values["shop__name"],
        subject=values["subject"],
        key=values["key"],
        order_id=int(values["key"]) if is_order else None,
        order_number=order.number if order else "",
        order_state=order.state if order else "",
        visitor="" if is_order else traffic_key(values["key"]).visitor,
        rule=values["rule"],
        state=values["state"],
        biz_date=values["biz_date"],
        row_count=values["row_count"],
        amount_minor=values["amount_minor"],
        facts=values["facts"],
        found_at=values["found_at"],
        found_by=names.get(values["found_by"], ""),
        reason=values["reason"],
        decided_at=values["decided_at"],
        decided_by=names.get(values["decided_by"] or 0, ""),
        decided_reason=values["decided_reason"],
        due_at=values["day__due_at"] if values["state"] == SetAsideState.SUSPECTED else None,
    )


@dataclass(frozen=True, slots=True)
class Excluded:
    """What a rule left out of a shop's day: how many rows of what, and how much money."""

    biz_date: date
    shop_id: int
    subject: str
    rule: str
    row_count: int
    amount_minor: int


def excluded(viewer: Actor, first: date, last: date, shop_id: int | None = None) -> list[Excluded]:
    """What does not count of these days, by day, shop and rule; what was put back is not in it."""
    rows = _seen(viewer).filter(state__in=list(OUT), biz_date__gte=first, biz_date__lte=last)
    if shop_id is not None:
        rows = rows.filter(shop_id=shop_id)
    sums = rows.values("biz_date", "shop_id", "subject", "rule").annotate(
        rows=Sum("row_count"), sum=Sum("amount_minor")
    )
    return [
        Excluded(row["biz_date"], row["shop_id"], row["subject"], row["rule"], row["rows"], row["sum"])
        for row in sums.order_by("biz_date", "shop_id", "subject", "rule")
    ]


@dataclass(frozen=True, slots=True)
class SourceRow:
    id: int
    kind: str
    key: str
    note: str
    listed_at: datetime
    listed_by: str


def sources() -> list[SourceRow]:
    """Buyers and visitors that are listed as ours, newest first."""
    found = list(KnownSource.objects.filter(unlisted_at__isnull=True).order_by("-id"))
    names = dict(Person.objects.filter(id__in={row.listed_by for row in found}).values_list("id", "name"))
    return [
        SourceRow(row.pk, row.kind, row.key, row.note, row.listed_at, names.get(row.listed_by, "")) for row in found
    ]


def open_day_choices(viewer: Actor) -> list[tuple[str, str]]:
    """Days with something left to confirm, as choices of a filter."""
    rows = CleaningDay.objects.filter(rows__state=SetAsideState.SUSPECTED).distinct()
    if viewer.shops is not None:
        rows = rows.filter(shop_id__in=viewer.shops)
    return [
        (str(row.pk), f"{row.day.isoformat()} {row.shop.name}")
        for row in rows.select_related("shop").order_by("-day", "id")
    ]
