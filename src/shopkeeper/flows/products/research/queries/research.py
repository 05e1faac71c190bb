"""Research as it stands: newest files, keywords and competitors with what the newest period says of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from shopkeeper.flows.products.research.models import ResearchFile, ResearchRow
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.models import Person

MOST = 200


@dataclass(frozen=True, slots=True)
class ResearchLineRow:
    id: int
    kind: str
    name: str
    category: str
    competitor: str
    heat: int | None
    growth_basis_points: int | None
    price_minor: int | None
    monthly_sales: int | None
    source: str
    period_from: date
    period_to: date


@dataclass(frozen=True, slots=True)
class ResearchFileRow:
    id: int
    kind: str
    source: str
    shown_name: str
    period_from: date
    period_to: date
    taken_in_at: datetime
    who: str
    is_replaced: bool


def research_lines(
    viewer: Actor, *, kind: str = "", text: str = "", after: int = 0, limit: int = 50
) -> tuple[list[ResearchLineRow], str]:
    """Lines of files in force, newest files first. `viewer` sees all: research belongs to no shop."""
    rows = ResearchRow.objects.filter(file__replaced_at__isnull=True)
    if kind:
        rows = rows.filter(kind=kind)
    if text:
        rows = rows.filter(name__icontains=text)
    if after:
        rows = rows.filter(id__lt=after)
    size = min(limit, MOST)
    names = ("id", "kind", "name", "category", "competitor", "heat", "growth_basis_points", "price_minor",
             "monthly_sales", "file__source", "file__period_from", "file__period_to")  # fmt: skip
    found = [ResearchLineRow(*values) for values in rows.order_by("-id").values_list(*names)[: size + 1]]
    return found[:size], str(found[size - 1].id) if len(found) > size else ""


def research_files(viewer: Actor, limit: int = 20) -> list[ResearchFileRow]:
    """The newest files, replaced ones too."""
    rows = list(ResearchFile.objects.order_by("-id")[:limit])
    people = _names([row.taken_in_by for row in rows])
    return [
        ResearchFileRow(
            row.pk, row.kind, row.source, row.shown_name, row.period_from, row.period_to, row.taken_in_at,
            people.get(row.taken_in_by, ""), row.replaced_at is not None,
        )
        for row in rows
    ]  # fmt: skip


def _names(ids: Sequence[int | None]) -> dict[Any, str]:
    return dict(Person.objects.filter(id__in={i for i in ids if i}).values_list("id", "name"))
