"""What a duty to decide exceptions is about: which ones, or that none is left."""

from collections.abc import Sequence

from shopkeeper.flows.fulfilment.intake.holds import SET_BY_WISHES
from shopkeeper.flows.fulfilment.intake.models import Order
from shopkeeper.flows.fulfilment.intake.ports import Wish, order_wishes
from shopkeeper.flows.fulfilment.intake.words import NOT_MADE, hold_names
from shopkeeper.shared.words import T

WAITS_FOR_CHANGE = {
    "address": T("客户要求改地址，客服在办", "another address is wanted, customer service sees to it"),
    "cancel": T("客户要求取消，客服在办", "it is to be cancelled, customer service sees to it"),
}
WAITS_FOR_ANSWER = T("客服在联系买家", "customer service is reaching the buyer")
NONE_LEFT = T("异常已清，待放行", "none is left, release it")


def holds_of_orders(order_ids: Sequence[int]) -> dict[int, str]:
    """Each order's open exceptions by name."""
    rows = Order.objects.filter(id__in=list(order_ids)).values_list("id", "open_holds")
    wished = [order_id for order_id, holds in rows if SET_BY_WISHES.intersection(holds)]
    wishes = order_wishes().newest(wished) if wished else {}
    asked = order_wishes().asked(order_ids) if order_ids else {}
    return {order_id: _told(holds, wishes.get(order_id), order_id in asked) for order_id, holds in rows}


def _told(holds: Sequence[str], wish: Wish | None, is_asked: bool) -> str:
    names = hold_names(holds) or NONE_LEFT.text()
    if wish and wish.is_under_way and (wish.kind == "cancel" or SET_BY_WISHES.issuperset(holds)):
        return WAITS_FOR_CHANGE[wish.kind].text()
    if is_asked:
        return f"{names} · {WAITS_FOR_ANSWER.text()}"
    if wish and not wish.is_under_way and not wish.is_done:
        return f"{names} · {NOT_MADE[wish.kind].text()}"
    return names
