"""How far orders were read."""

from datetime import datetime

from shopkeeper.flows.fulfilment.intake.models import PullCursor
from shopkeeper.foundation.models import Shop


def read_until(shop_id: int) -> datetime | None:
    return PullCursor.objects.filter(shop_id=shop_id).values_list("read_until", flat=True).first()


def shop_id_of(code: str) -> int | None:
    """The active shop with this code that is reached over a platform."""
    shops = Shop.objects.filter(code=code, is_active=True).exclude(platform="file")
    return shops.values_list("id", flat=True).first()


def pulled_shops() -> list[int]:
    """The shops whose orders are read."""
    return list(PullCursor.objects.order_by("shop_id").values_list("shop_id", flat=True))
