"""What every read of this desk shares: the viewer's shops, and finding orders by the numbers people paste."""

import re
from collections.abc import Sequence
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.models import Shop

M = TypeVar("M", bound=Model)
_OUR_NUMBER = re.compile(r"JY0*(\d{1,18})", re.IGNORECASE)


def in_shops(rows: QuerySet[M], viewer: Actor) -> QuerySet[M]:
    """Only rows of the viewer's shops."""
    return rows if viewer.shops is None else rows.filter(shop_id__in=viewer.shops)


def of_numbers(rows: QuerySet[M], text: str, numbers: Sequence[str]) -> QuerySet[M]:
    """Rows whose order has one of the numbers: ours (JY…) or the platform's. No text keeps all."""
    words = list(numbers) or ([text] if text else [])
    if not words:
        return rows
    ids = [int(found[1]) for word in words if (found := _OUR_NUMBER.fullmatch(word))]
    return rows.filter(Q(order_id__in=ids) | Q(order__platform_no__in=words))


def shops_of(viewer: Actor) -> list[tuple[str, str]]:
    """The viewer's shops as choices of a filter."""
    shops = Shop.objects.order_by("id")
    if viewer.shops is not None:
        shops = shops.filter(id__in=viewer.shops)
    return [(str(shop.pk), shop.name) for shop in shops]
