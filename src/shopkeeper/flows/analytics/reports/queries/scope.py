"""What every read of this desk shares: whose reports and targets somebody may see, shops by name, pages by key."""

from typing import TypeVar

from django.db.models import Model, QuerySet

from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.models import Shop
from shopkeeper.shared.money import HOME_CURRENCY

M = TypeVar("M", bound=Model)
ALL = "all"


def of_viewer(rows: QuerySet[M], viewer: Actor) -> QuerySet[M]:
    """Of the viewer's shops; what tells of all shops together is for who sees all of them."""
    return rows if viewer.shops is None else rows.filter(shop_id__in=viewer.shops)


def of_shop(rows: QuerySet[M], shop_id: int | None) -> QuerySet[M]:
    """Of one shop, or with none of all shops together."""
    return rows.filter(shop=None) if shop_id is None else rows.filter(shop_id=shop_id)


def currency_of(shop_id: int | None) -> str:
    """What amounts of a shop, or of all shops together, are in."""
    return HOME_CURRENCY if shop_id is None else currencies().get(shop_id, HOME_CURRENCY)


def currencies() -> dict[int, str]:
    """Every shop's currency."""
    return dict(Shop.objects.values_list("id", "currency"))


def shop_names() -> dict[int, str]:
    return dict(Shop.objects.values_list("id", "name"))


def shops_asked(viewer: Actor, shop_id: int | None) -> tuple[int, ...] | None:
    """The shops a figure is counted over: the one asked for, else all the viewer sees. None = of the whole company.

    Money of two currencies is never added: shops of another currency than the house's stand in reports of their own.
    """
    if shop_id is not None:
        return (shop_id,) if viewer.sees_shop(shop_id) else ()
    others = set(Shop.objects.exclude(currency=HOME_CURRENCY).values_list("id", flat=True))
    if viewer.shops is None and not others:
        return None
    seen = Shop.objects.values_list("id", flat=True) if viewer.shops is None else viewer.shops
    return tuple(sorted(set(seen) - others))


def starting_at(after: str) -> int | None:
    """The key of a page as it came from outside; None begins at the newest."""
    return int(after) if after.isascii() and after.isdecimal() and len(after) < 19 else None
