"""What a duty to decide exceptions is about: which ones, or that none is left."""

from collections.abc import Sequence

from shopkeeper.flows.fulfilment.intake.holds import SET_BY_WISHES
from shopkeeper.flows.fulfilment.intake.models import Order
from shopkeeper.flows.fulfilment.intake.ports import order_wishes
from shopkeeper.flows.fulfilment.intake.words import hold_names
from shopkeeper.shared.words import T

WAITS_FOR_CHANGE = {
    "address": T("客户要求改地址，客服在办", "another address is wanted, customer service sees to it"),
    "cancel": T("客户要求取消，客服在办", "it is to be cancelled, customer service sees to it"),
}
NONE_LEFT = T("异常已清，待放行", "none is left, release it")


def holds_of_orders(order_ids: Sequence[int]) -> dict[int, str]:
    """Each order's open exceptions by name."""
    rows = Order.objects.filter(id__in=list(order_ids)).values_list("id", "open_holds")
    wished = [order_id for order_id, holds in rows if SET_BY_WISHES.intersection(holds)]
    wishes = order_wishes().newest(wished) if wished else {}
    return {
        order_id: WAITS_FOR_CHANGE[wish.kind].text()
        if (wish := wishes.get(order_id)) and wish.is_under_way and SET_BY_WISHES.issuperset(holds)
        else hold_names(holds) or NONE_LEFT.text()
        for order_id, holds in rows
    }
