"""What every read of the warehouse shares: the viewer's warehouses, a list's question, names of people."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db.models import Q, QuerySet

from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.models import Person, Warehouse
from shopkeeper.sop.models import Deadline

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A list's question: tab, what was typed, filters by name, the key after which to go on."""

    tab: str = "all"
    texts: Sequence[str] = ()
    filters: Mapping[str, Any] | None = None
    after: str = ""
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Found(Generic[Row]):
    """One page of rows; `next_key` is empty on the last one."""

    rows: list[Row]
    next_key: str


@dataclass(frozen=True, slots=True)
class Change:
    """One move of a state: when, from, to, by whom."""

    at: datetime
    was: str
    became: str
    who: str
    command: str


def in_scope(viewer: Actor, chosen: int | None = None) -> Q:
    """Rows of the viewer's warehouses, or of the one chosen if it is among them."""
    scope = Q() if viewer.warehouses is None else Q(warehouse_id__in=viewer.warehouses)
    return scope & Q(warehouse_id=chosen) if chosen else scope


def places_of(viewer: Actor, chosen: int | None = None) -> list[int] | None:
    """The warehouses a statement may look at; None is all."""
    if chosen:
        return [chosen] if viewer.sees_warehouse(chosen) else []
    return None if viewer.warehouses is None else sorted(viewer.warehouses)


def warehouse_choices(viewer: Actor) -> list[tuple[int, str]]:
    """The viewer's warehouses, for choosing one."""
    found = Warehouse.objects.filter(is_active=True)
    if viewer.warehouses is not None:
        found = found.filter(id__in=viewer.warehouses)
    return list(found.order_by("id").values_list("id", "name"))


def page_of(rows: QuerySet[Any], wanted: Wanted) -> tuple[list[Any], str]:
    """The next rows by falling id, and the key of the following page."""
    if wanted.after.isdecimal() and len(wanted.after) < 19:
        rows = rows.filter(id__lt=int(wanted.after))
    taken = list(rows.order_by("-id")[: wanted.limit + 1])
    return taken[: wanted.limit], str(taken[wanted.limit - 1].pk) if len(taken) > wanted.limit else ""


def number_in(filters: Mapping[str, Any] | None, name: str) -> int | None:
    """A filter's value as an id, or None for anything that is none."""
    value = str((filters or {}).get(name, ""))
    return int(value) if value.isdecimal() and len(value) < 19 else None


def names_of(actor_ids: Iterable[int | None]) -> dict[int, str]:
    """Names of people; the system has none."""
    wanted = {actor_id for actor_id in actor_ids if actor_id}
    return dict(Person.objects.filter(id__in=wanted).values_list("id", "name")) if wanted else {}


def dues_of(kind: str, subject_ids: Iterable[int]) -> dict[int, datetime]:
    """When the open duties of a kind are due, by subject."""
    found = Deadline.objects.filter(kind=kind, subject_id__in=list(subject_ids))
    return dict(found.values_list("subject_id", "due_at"))
