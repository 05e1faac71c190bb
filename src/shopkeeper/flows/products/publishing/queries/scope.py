"""What every read of this desk shares: the viewer's shops."""

from typing import TypeVar

from django.db.models import Model, QuerySet

from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.models import Shop

M = TypeVar("M", bound=Model)


def in_shops(rows: QuerySet[M], viewer: Actor) -> QuerySet[M]:
    """Only rows of the viewer's shops."""
    return rows if viewer.shops is None else rows.filter(shop_id__in=viewer.shops)


def shops_of(viewer: Actor) -> list[tuple[str, str]]:
    """The viewer's open shops as choices."""
    shops = Shop.objects.filter(is_active=True).order_by("id")
    if viewer.shops is not None:
        shops = shops.filter(id__in=viewer.shops)
    return [(str(shop.pk), shop.name) for shop in shops]
