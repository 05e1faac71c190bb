"""The names of platforms' leaves, as far as our categories are mapped to them."""

from collections.abc import Collection

from shopkeeper.flows.products.listing.models import CategoryMapping


def leaf_names(platform: str, leaves: Collection[str]) -> dict[str, str]:
    """Platform's leaf → the platform's own path, or the name of our first category that is sold there."""
    rows = CategoryMapping.objects.filter(platform=platform, platform_leaf__in=leaves).order_by("-category_id")
    found = rows.values_list("platform_leaf", "platform_path", "category__name")
    return {leaf: path or name for leaf, path, name in found}
