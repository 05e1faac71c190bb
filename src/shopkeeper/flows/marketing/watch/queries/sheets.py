"""Day sheets: the list with its counters, and one whole as the paper it becomes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, QuerySet

from shopkeeper.flows.marketing.watch.deadlines import HOUR_RECORD
from shopkeeper.flows.marketing.watch.models import DaySheet, HourReading, Watch
from shopkeeper.flows.marketing.watch.queries.hours import HourLine, Mark, actions_between, hours_of_sheet
from shopkeeper.flows.marketing.watch.rules.hours import first_full_hour
from shopkeeper.flows.marketing.watch.rules.traffic import rate_bp
from shopkeeper.flows.marketing.watch.states import SheetState
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.naming import names_of
from shopkeeper.shared.clock import at_time
from shopkeeper.sop.models import Deadline

_COLUMNS = (
    "id", "campaign_id", "campaign__code", "campaign__name", "campaign__currency", "shop_id", "shop__name", "day",
    "state", "due_at", "signed_at", "signed_by", "reason",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SheetFilter:
    """What is asked of the list; empty fields do not narrow it."""

    state: str = ""
    shop_id: int | None = None
    campaign_id: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One day of a campaign; hours closed so far, and of those the ones still to be recorded."""

    id: int
    campaign_id: int
    code: str
    name: str
    currency: str
    shop_id: int
    shop: str
    day: date
    state: str
    due_at: datetime
    signed_at: datetime | None
    signed_by: str
    reason: str
    hours: int
    awaited: int

    @property
    def open_until(self) -> datetime | None:
        return self.due_at if self.state == SheetState.OPEN else None


@dataclass(frozen=True, slots=True)
class Totals:
    """A day's sums. Rates are taken of hours whose traffic is known; buyers are counted per hour."""

    exposures: int
    clicks: int
    visitors: int
    orders: int
    buyers: int
    told_buyers: int
    new_customers: int
    pieces: int
    paid_minor: int

    @property
    def click_rate_bp(self) -> int | None:
        return rate_bp(self.clicks, self.exposures)

    @property
    def conversion_bp(self) -> int | None:
        return rate_bp(self.told_buyers, self.visitors)


@dataclass(frozen=True, slots=True)
class SheetRecord:
    """A day with its hours. Until its last hour closes `opens_at` is when it may be signed, None from then on;
    `running` is what was done in the hour that is not closed yet."""

    line: SheetLine
    hours: tuple[HourLine, ...]
    opens_at: datetime | None = None
    running: tuple[Mark, ...] = ()

    @property
    def gaps(self) -> int:
        return sum(hour.told is None for hour in self.hours)

    @property
    def totals(self) -> Totals:
        return totals(self.hours)


def totals(hours: tuple[HourLine, ...] | list[HourLine]) -> Totals:
    """Hours added up."""
    both = [hour for hour in hours if hour.exposures is not None and hour.clicks is not None]
    return Totals(
        exposures=sum(hour.exposures or 0 for hour in both),
        clicks=sum(hour.clicks or 0 for hour in both),
        visitors=sum(hour.visitors or 0 for hour in hours),
        orders=sum(hour.orders for hour in hours),
        buyers=sum(hour.buyers for hour in hours),
        told_buyers=sum(hour.told_buyers for hour in hours if hour.told),
        new_customers=sum(hour.new_customers for hour in hours),
        pieces=sum(hour.pieces for hour in hours),
        paid_minor=sum(hour.paid_minor for hour in hours),
    )


def sheet_counts(viewer: Actor) -> dict[str, int]:
    """How many are open, for the list's tabs."""
    rows = _seen(viewer).filter(state=SheetState.OPEN)
    return dict(rows.values_list("state").annotate(n=Count("id")))


def sheets_page(
    viewer: Actor, wanted: SheetFilter, *, after: int | None = None, limit: int = 50
) -> tuple[list[SheetLine], str]:
    """A page of days, newest first, and the key of the next ('' where there is none)."""
    rows = _seen(viewer)
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.shop_id is not None:
        rows = rows.filter(shop_id=wanted.shop_id)
    if wanted.campaign_id is not None:
        rows = rows.filter(campaign_id=wanted.campaign_id)
    if wanted.text:
        rows = rows.filter(campaign__code=wanted.text) | rows.filter(campaign__name__contains=wanted.text[:60])
    if after:
        rows = rows.filter(id__lt=after)
    found = list(rows.order_by("-id").values_list(*_COLUMNS)[: limit + 1])
    lines = _lines(found[:limit])
    return lines, str(lines[-1].id) if len(found) > limit else ""


def sheet_record(viewer: Actor, sheet_id: int) -> SheetRecord | None:
    """One day whole; None where it is not in the viewer's shops."""
    found = _seen(viewer).filter(id=sheet_id).values_list(*_COLUMNS).first()
    if found is None:
        return None
    line, hours = _lines([found])[0], tuple(hours_of_sheet(sheet_id))
    opens_at = _opens_at(line)
    if opens_at is None or not hours:
        return SheetRecord(line, hours, opens_at)
    running = actions_between(line.campaign_id, hours[-1].ends_at, opens_at)
    return SheetRecord(line, hours, opens_at, tuple(running))


def _opens_at(line: SheetLine) -> datetime | None:
    """When a day's last hour closes, as signing judges it; None once it has."""
    rows = Watch.objects.filter(campaign_id=line.campaign_id, ended_at=None)
    found = rows.values_list("next_hour", "shop__zone", "campaign__ends_at", "campaign__ended_at").first()
    if found is None:
        return None
    next_hour, zone, planned, ended = found
    midnight = at_time(line.day + timedelta(days=1), time.min, ZoneInfo(zone))
    if next_hour >= midnight:
        return None
    return min(midnight, first_full_hour(min(planned, ended) if ended else planned))


def sheet_of_hour(viewer: Actor, reading_id: int) -> tuple[int, int, datetime, int] | None:
    """(sheet, campaign, hour, shop) of a closed hour; None where it is not in the viewer's shops."""
    rows = HourReading.objects.filter(id=reading_id)
    if viewer.shops is not None:
        rows = rows.filter(shop_id__in=viewer.shops)
    return rows.values_list("sheet_id", "campaign_id", "hour", "shop_id").first()


def _seen(viewer: Actor) -> QuerySet[DaySheet]:
    rows = DaySheet.objects.all()
    return rows if viewer.shops is None else rows.filter(shop_id__in=viewer.shops)


def _lines(found: Sequence[tuple[Any, ...]]) -> list[SheetLine]:
    rows = [dict(zip(_COLUMNS, row, strict=True)) for row in found]
    ids = [int(row["id"]) for row in rows]
    names = names_of(row["signed_by"] for row in rows)
    readings = HourReading.objects.filter(sheet_id__in=ids)
    open_records = Deadline.objects.filter(kind=HOUR_RECORD.name).values("subject_id")
    hours = Counter(readings.values_list("sheet_id", flat=True))
    awaited = Counter(readings.filter(id__in=open_records).values_list("sheet_id", flat=True))
    own = [name for name in _COLUMNS if "__" not in name and name != "signed_by"]
    return [
        SheetLine(
            **{name: row[name] for name in own},
            code=row["campaign__code"],
            name=row["campaign__name"],
            currency=row["campaign__currency"],
            shop=row["shop__name"],
            signed_by=names.get(row["signed_by"] or 0, ""),
            hours=hours[row["id"]],
            awaited=awaited[row["id"]],
        )
        for row in rows
    ]
