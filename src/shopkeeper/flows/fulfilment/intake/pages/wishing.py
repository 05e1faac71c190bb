"""O1.3: what a customer's wish means for the exception it set: who has to do what next, or that it came to nothing."""

from dataclasses import replace

from django.urls import reverse

from shopkeeper.flows.fulfilment.intake.pages.wording import HoldSaid
from shopkeeper.flows.fulfilment.intake.ports import WaitsFor, Wish, order_wishes
from shopkeeper.flows.fulfilment.intake.queries.record import HoldView, OrderRecord, is_wish
from shopkeeper.flows.fulfilment.intake.words import NOT_MADE
from shopkeeper.foundation.actor import Actor
from shopkeeper.shared.clock import SHOP_ZONE
from shopkeeper.shared.words import T
from shopkeeper.web.pages import may_open
from shopkeeper.web.record import Action

WISHED = {
    "address": T("客户要求改地址", "The customer wants another address"),
    "cancel": T("客户要求取消订单", "The customer wants the order cancelled"),
}
# What happens next and whose it is, by the kind of wish and whom it waits for. Nothing of it is the order desk's.
NEXT: dict[tuple[str, WaitsFor], T] = {
    ("address", "platform"): T(
        "正在通知平台。平台接受、订单读回新地址后自动放行；订单专员现在不用处理。",
        "The platform is being told. The order passes by itself once it took the address and shows it; nothing is to "
        "be done here.",
    ),
    ("address", "person"): T(
        "等客服在平台后台改好地址并登记（{due} 前）。订单读回新地址后自动放行；订单专员现在不用处理。",
        "Customer service changes it in the platform's console and records it (by {due}). The order passes by itself "
        "once it shows the new address; nothing is to be done here.",
    ),
    ("address", "reading"): T(
        "平台上已改，等订单读回新地址，读到后自动放行（{due} 前没读到，由客服核对）；订单专员现在不用处理。",
        "Changed on the platform; the order passes by itself once the new address is read from there. Not read by "
        "{due}: customer service looks. Nothing is to be done here.",
    ),
    ("cancel", "platform"): T(
        "正在通知平台取消，平台接受后订单自动取消，不会放行发货；订单专员现在不用处理。",
        "The platform is being told. Once it took it the order is cancelled by itself and is not sent; nothing is to "
        "be done here.",
    ),
    ("cancel", "person"): T(
        "等客服在平台后台关闭订单并登记（{due} 前），登记后订单自动取消，不会放行发货；订单专员现在不用处理。",
        "Customer service closes it in the platform's console and records it (by {due}); the order is cancelled by "
        "itself then and is not sent. Nothing is to be done here.",
    ),
    ("cancel", "buyer"): T(
        "等买家在平台申请退款，申请后自动同意并取消订单；{due} 前没申请的，由客服与买家确认或撤回。"
        "订单专员现在不用处理。",
        "The buyer has to apply for the refund on the platform; then it is agreed to and the order cancelled by "
        "itself. Not applied by {due}: customer service asks the buyer or takes the wish back. Nothing is to be done "
        "here.",
    ),
}
CAME_TO_NOTHING = {
    "address": T(
        "改单没办成：客户要的是新地址（见改单），订单仍是原地址。",
        "The change was not made: the customer wants another address (see the change), the order still has the old "
        "one.",
    ),
    "cancel": T(
        "取消没办成：客户要求取消（见改单），订单在平台上仍然有效。",
        "The cancellation was not made: the customer wants it cancelled (see the change), it still stands on the "
        "platform.",
    ),
}
DECIDE = {
    "address": T(
        "先与客服或买家确认：重新改地址，或取消订单；仍按原地址发货须写明原因。",
        "Ask customer service or the buyer first: change it once more, or cancel. To send it to the old address all "
        "the same, say why.",
    ),
    "cancel": T(
        "先与客服或买家确认：重新取消，或照常发货；照常发货须写明原因。",
        "Ask customer service or the buyer first: cancel once more, or send it. To send it, say why.",
    ),
}
MOVED_SINCE = T(
    "改单没办成，之后平台上的地址又变了：核对新地址是不是客户要的；放行须写明原因。",
    "The change was not made, but the platform's address changed since: see whether it is what the customer wants. "
    "To pass it, say why.",
)


def wish_of(order_id: int) -> Wish | None:
    """What the order's customer wanted changed last."""
    return order_wishes().newest([order_id]).get(order_id)


def said_of(wish: Wish, view: HoldView, said: HoldSaid, found: OrderRecord | None) -> tuple[HoldSaid, T | None]:
    """The exception as it is because of the wish, and its name; unchanged where the wish has nothing to do with it."""
    if wish.is_under_way:
        due = f"{wish.due_at.astimezone(SHOP_ZONE):%m-%d %H:%M}"
        words = NEXT.get((wish.kind, wish.waits_for), NEXT[wish.kind, "person"]).format(due=due)
        return replace(said, found="", advice=words.text()), WISHED[wish.kind]
    if wish.is_done or not is_wish(view.code, view.facts):
        return said, None
    if wish.kind == "address" and found and _has_moved_since(wish, found):
        return replace(said, found="", advice=MOVED_SINCE.text()), None
    unmet = replace(said, found=CAME_TO_NOTHING[wish.kind].text(), advice=DECIDE[wish.kind].text())
    return unmet, NOT_MADE[wish.kind]


def _has_moved_since(wish: Wish, found: OrderRecord) -> bool:
    """Whether the platform's order got another address after the wish had come to nothing."""
    return any(
        line.what == "intake.order_changed"
        and line.data.get("address_changed")
        and (wish.ended_at is None or line.at >= wish.ended_at)
        for line in found.story
    )


def see_change(actor: Actor, wish: Wish) -> list[Action]:
    """Where the customer's change stands."""
    if not may_open(actor, "tickets-change"):
        return []
    url = reverse("tickets-change", args=[wish.id])
    return [Action(T("看改单", "See the change"), url=url, method="get", icon="edit")]
