"""Imports of figures as people look at them, and as a worker takes them up."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from shopkeeper.flows.analytics.collection.models import FigureImport, RatioFlag
from shopkeeper.flows.analytics.collection.states import OVER
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.models import Person
from shopkeeper.shared.clock import day_of


@dataclass(frozen=True, slots=True)
class ImportView:
    """One import. `today` is the shop's day now: what is not over is not taken."""

    id: int
    shop_id: int
    shop: str
    source: str
    profile: str
    digest: str
    shown_name: str
    state: str
    state_at: datetime
    asked_at: datetime
    asked_by: int
    person: str
    stop_asked_at: datetime | None
    done_count: int
    total: int
    result: dict[str, Any]
    failures_digest: str
    today: date

    @property
    def is_over(self) -> bool:
        return self.state in OVER


@dataclass(frozen=True, slots=True)
class FlagView:
    """A stated ratio that its parts do not give."""

    id: int
    day: date
    channel_name: str
    ratio: str
    stated_ppm: int
    computed_ppm: int
    line: int

    @property
    def stated_percent(self) -> str:
        return f"{self.stated_ppm / 10_000:.2f}%"

    @property
    def computed_percent(self) -> str:
        return f"{self.computed_ppm / 10_000:.2f}%"

    @property
    def off_points(self) -> str:
        """Percentage points between the two."""
        return f"{abs(self.stated_ppm - self.computed_ppm) / 10_000:.2f}"


def import_to_run(import_id: int) -> ImportView | None:
    """An import for the worker."""
    row = FigureImport.objects.select_related("shop").filter(id=import_id).first()
    return _view(row, {}) if row else None


def import_of(viewer: Actor, import_id: int) -> ImportView | None:
    """An import of the viewer's shops."""
    found = _views(viewer, FigureImport.objects.filter(id=import_id))
    return found[0] if found else None


def imports_page(viewer: Actor, *, after: int | None = None, limit: int = 50) -> tuple[list[ImportView], str]:
    """Imports, newest first, and the key of the next page."""
    rows = FigureImport.objects.all()
    if after is not None:
        rows = rows.filter(id__lt=after)
    found = _views(viewer, rows.order_by("-id"), limit + 1)
    return found[:limit], str(found[limit - 1].id) if len(found) > limit else ""


def _views(viewer: Actor, rows: Any, limit: int = 1) -> list[ImportView]:
    if viewer.shops is not None:
        rows = rows.filter(shop_id__in=viewer.shops)
    found = list(rows.select_related("shop")[:limit])
    people = dict(Person.objects.filter(id__in={row.asked_by for row in found}).values_list("id", "name"))
    return [_view(row, people) for row in found]


def _view(row: FigureImport, people: dict[int, str]) -> ImportView:
    return ImportView(
        id=row.pk,
        shop_id=row.shop_id,
        shop=row.shop.name,
        source=row.source,
        profile=row.profile,
        digest=row.digest,
        shown_name=row.shown_name,
        state=row.state,
        state_at=row.state_at,
        asked_at=row.asked_at,
        asked_by=row.asked_by,
        person=people.get(row.asked_by, ""),
        stop_asked_at=row.stop_asked_at,
        done_count=row.done_count,
        total=row.total,
        result=row.result,
        failures_digest=row.failures_digest,
        today=day_of(business_time.now(), ZoneInfo(row.shop.zone)),
    )


def flags_of(import_id: int, limit: int = 100) -> list[FlagView]:
    """The contradictions an import's figures hold, by row."""
    rows = RatioFlag.objects.filter(figure_set__figure_import_id=import_id).select_related("figure_set")
    return [
        FlagView(
            row.pk,
            row.figure_set.starts_on,
            row.channel_name,
            row.ratio,
            row.stated_ppm,
            row.computed_ppm,
            row.line,
        )
        for row in rows.order_by("line", "ratio")[:limit]
    ]
