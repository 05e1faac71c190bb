"""What an import asks before and after it writes."""

from collections.abc import Sequence

from shopkeeper.flows.fulfilment.intake.sql.history import HELD_AMONG
from shopkeeper.foundation.models import Shop


def shop_for_import(profile: str, currency: str) -> int | None:
    """The shop with the profile's name as code, else the only active shop of the profile's platform."""
    named = Shop.objects.filter(code=profile).values_list("id", flat=True).first()
    if named is not None:
        return named
    platform = profile.partition("_")[0]
    found = list(
        Shop.objects.filter(platform=platform, currency=currency, is_active=True).values_list("id", flat=True)[:2]
    )
    return found[0] if len(found) == 1 else None


def held_among(shop_id: int, platform_nos: Sequence[str]) -> int:
    """How many of a shop's orders are held."""
    row = HELD_AMONG.first(shop=shop_id, numbers=list(platform_nos)) if platform_nos else None
    return row.count if row else 0
