"""What every read of this desk shares: the viewer's shops, keys of pages, names of colleagues."""

from typing import TypeVar

from django.db.models import Model, QuerySet

from shopkeeper.foundation.actor import Actor

M = TypeVar("M", bound=Model)


def in_shops(rows: QuerySet[M], viewer: Actor) -> QuerySet[M]:
    """Rows of the viewer's shops."""
    return rows if viewer.shops is None else rows.filter(shop_id__in=viewer.shops)


def before_key(rows: QuerySet[M], after: int | None, limit: int) -> tuple[list[M], int | None]:
    """One page, newest first, and the key of the next."""
    page = list((rows if after is None else rows.filter(id__lt=after)).order_by("-id")[: limit + 1])
    return page[:limit], page[limit - 1].pk if len(page) > limit else None
