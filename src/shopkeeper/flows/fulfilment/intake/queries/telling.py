"""What a duty to decide exceptions is about: which ones, or that none is left."""

from collections.abc import Sequence

from shopkeeper.flows.fulfilment.intake.models import Order
from shopkeeper.flows.fulfilment.intake.words import hold_names
from shopkeeper.shared.words import T

NONE_LEFT = T("异常已清，待放行", "none is left, release it")


def holds_of_orders(order_ids: Sequence[int]) -> dict[int, str]:
    """Each order's open exceptions by name."""
    rows = Order.objects.filter(id__in=list(order_ids)).values_list("id", "open_holds")
    return {order_id: hold_names(holds) or NONE_LEFT.text() for order_id, holds in rows}
