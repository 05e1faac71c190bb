"""Awaited figures: one day's delivery, and which sources a shop's figures come from."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from shopkeeper.flows.analytics.collection.models import Delivery, FigureSource
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.models import Person


@dataclass(frozen=True, slots=True)
class DeliveryView:
    id: int
    shop_id: int
    shop: str
    source: str
    day: date
    state: str
    due_at: datetime
    delivered_at: datetime | None
    excuse: str
    excused_by: str

    @property
    def was_late(self) -> bool:
        """Delivered after it was due."""
        return self.delivered_at is not None and self.delivered_at > self.due_at


@dataclass(frozen=True, slots=True)
class SourceView:
    """A tool whose figures of a shop are asked for every day."""

    id: int
    shop_id: int
    shop: str
    source: str
    since_on: date
    is_retired: bool


def delivery_of(viewer: Actor, delivery_id: int) -> DeliveryView | None:
    row = Delivery.objects.select_related("shop", "figure_source").filter(id=delivery_id).first()
    if row is None or not viewer.sees_shop(row.shop_id):
        return None
    person = Person.objects.filter(id=row.excused_by or 0).values_list("name", flat=True).first() or ""
    return _view(row, person)


def deliveries_page(
    viewer: Actor, *, state: str = "", shop_id: int | None = None, after: int | None = None, limit: int = 50
) -> tuple[list[DeliveryView], str]:
    """Deliveries, newest first, and the key of the next page."""
    rows = Delivery.objects.select_related("shop", "figure_source").order_by("-id")
    narrowing: dict[str, Any] = {"state": state or None, "shop_id": shop_id, "id__lt": after}
    if viewer.shops is not None:
        rows = rows.filter(shop_id__in=viewer.shops)
    found = list(rows.filter(**{k: v for k, v in narrowing.items() if v is not None})[: limit + 1])
    people = dict(Person.objects.filter(id__in={row.excused_by for row in found}).values_list("id", "name"))
    views = [_view(row, people.get(row.excused_by or 0, "")) for row in found[:limit]]
    return views, str(views[-1].id) if len(found) > limit else ""


def _view(row: Delivery, person: str) -> DeliveryView:
    return DeliveryView(
        row.pk,
        row.shop_id,
        row.shop.name,
        row.figure_source.source,
        row.day,
        row.state,
        row.due_at,
        row.delivered_at,
        row.excuse,
        person,
    )


def sources_of(viewer: Actor) -> list[SourceView]:
    """The sources of the viewer's shops."""
    rows = FigureSource.objects.select_related("shop").order_by("shop_id", "source")
    if viewer.shops is not None:
        rows = rows.filter(shop_id__in=viewer.shops)
    return [
        SourceView(row.pk, row.shop_id, row.shop.name, row.source, row.since_on, row.retired_at is not None)
        for row in rows
    ]
