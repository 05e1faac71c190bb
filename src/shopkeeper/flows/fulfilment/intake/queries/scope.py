"""What a viewer may see of intake: their shops."""

from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.models import Shop


def shops_of(viewer: Actor) -> list[int]:
    """The ids of every shop the viewer sees, closed ones too: their orders remain."""
    found = Shop.objects.order_by("id")
    if viewer.shops is not None:
        found = found.filter(id__in=viewer.shops)
    return list(found.values_list("id", flat=True))


def shop_choices(viewer: Actor) -> list[tuple[str, str]]:
    """The viewer's shops for a filter or a field: (id, name)."""
    found = Shop.objects.filter(is_active=True).order_by("id")
    if viewer.shops is not None:
        found = found.filter(id__in=viewer.shops)
    return [(str(shop_id), name) for shop_id, name in found.values_list("id", "name")]
