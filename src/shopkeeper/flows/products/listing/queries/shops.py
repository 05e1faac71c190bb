"""The platforms one's shops are on: what a new product is meant for."""

from shopkeeper.flows.products.listing.states import Platform
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.models import Shop


def platforms_of_shops(viewer: Actor) -> list[str]:
    """Platforms whose rules are known, of the viewer's active shops."""
    shops = Shop.objects.filter(is_active=True)
    if viewer.shops is not None:
        shops = shops.filter(id__in=viewer.shops)
    found = set(shops.values_list("platform", flat=True))
    return [str(platform) for platform in Platform if platform in found]
