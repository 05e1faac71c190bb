"""What every read of this desk shares: the viewer's shops, and the numbers people paste."""

import re
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from shopkeeper.flows.service.tickets.queries.scope import shops_of
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.models import Person

M = TypeVar("M", bound=Model)
_SURVEY = re.compile(r"PJ0*(\d{1,18})", re.IGNORECASE)
_TICKET = re.compile(r"GD0*(\d{1,18})", re.IGNORECASE)
_ORDER = re.compile(r"JY0*(\d{1,18})", re.IGNORECASE)

__all__ = ["in_shops", "names_of", "of_surveys", "page_of", "person_name", "shops_of", "starting_at"]


def in_shops(rows: QuerySet[M], viewer: Actor) -> QuerySet[M]:
    """Rows of the viewer's shops."""
    return rows if viewer.shops is None else rows.filter(shop_id__in=viewer.shops)


def of_surveys(rows: QuerySet[M], words: list[str], prefix: str = "") -> QuerySet[M]:
    """Rows whose survey, ticket or order has one of the numbers pasted; all of them where nothing was."""
    if not words:
        return rows
    found = Q(pk__in=[])
    for pattern, name in ((_SURVEY, "id"), (_TICKET, "ticket_id"), (_ORDER, "order_id")):
        ids = [int(match[1]) for word in words if (match := pattern.fullmatch(word))]
        if ids:
            found |= Q(**{f"{prefix}{name}__in": ids})
    return rows.filter(found)


def starting_at(after: str) -> int | None:
    """The key of a page as it came from outside; None begins at the newest."""
    return int(after) if after.isascii() and after.isdecimal() and len(after) < 19 else None


def page_of(rows: list[M], limit: int) -> tuple[list[M], str]:
    """The rows of one page, and the key of the next: the caller asked for one more than it shows."""
    return rows[:limit], str(rows[limit - 1].pk) if len(rows) > limit else ""


def person_name(names: dict[int, str], person_id: int | None) -> str:
    return names.get(person_id, "") if person_id else ""


def names_of(ids: set[int | None]) -> dict[int, str]:
    """Names of colleagues."""
    return dict(Person.objects.filter(id__in={id_ for id_ in ids if id_}).values_list("id", "name"))
