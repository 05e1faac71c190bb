"""What every read of this desk shares: the viewer's shops, keys of pages, names of colleagues."""

from typing import TypeVar

from django.db.models import Model, QuerySet

from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.models import Person, Shop

M = TypeVar("M", bound=Model)


def in_shops(rows: QuerySet[M], viewer: Actor) -> QuerySet[M]:
    """Rows of the viewer's shops."""
    return rows if viewer.shops is None else rows.filter(shop_id__in=viewer.shops)


def shops_of(viewer: Actor) -> list[tuple[str, str]]:
    """The viewer's shops, to choose from."""
    rows = Shop.objects.filter(is_active=True)
    rows = rows if viewer.shops is None else rows.filter(id__in=viewer.shops)
    return [(str(id_), name) for id_, name in rows.order_by("name").values_list("id", "name")]


def before_key(rows: QuerySet[M], after: int | None, limit: int) -> tuple[list[M], int | None]:
    """One page, newest first, and the key of the next."""
    page = list((rows if after is None else rows.filter(id__lt=after)).order_by("-id")[: limit + 1])
    return page[:limit], page[limit - 1].pk if len(page) > limit else None


def names_of(ids: set[int | None]) -> dict[int | None, str]:
    """Names of colleagues."""
    found: dict[int | None, str] = {}
    found.update(Person.objects.filter(id__in={id_ for id_ in ids if id_}).values_list("id", "name"))
    return found
