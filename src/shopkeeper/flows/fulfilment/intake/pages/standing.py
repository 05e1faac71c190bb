"""O1.3: what an order as a whole waits for, and what has to happen with its buyer's money: said above its page."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse

from shopkeeper.flows.fulfilment.intake.holds import ENDS_ELSEWHERE
from shopkeeper.flows.fulfilment.intake.pages.holding import ask_service
from shopkeeper.flows.fulfilment.intake.ports import OWN_PREFIX, order_wishes
from shopkeeper.flows.fulfilment.intake.queries.record import OrderRecord
from shopkeeper.flows.fulfilment.intake.states import OrderState
from shopkeeper.foundation.actor import Actor
from shopkeeper.shared.words import T
from shopkeeper.web.labels import Tone
from shopkeeper.web.pages import may_open
from shopkeeper.web.record import Action
from shopkeeper.web.shown import money_text

CLOSED_THERE = "closed on the platform"


@dataclass(frozen=True, slots=True)
class MoneyLeft:
    """What has to happen with the money of a cancelled order, where one sees to it, and who can be asked to."""

    tone: Tone
    words: T
    url: str = ""
    ask: Action | None = None


def waits_until(found: OrderRecord, now: datetime) -> datetime | None:
    """Until when nobody at the order desk has to decide: everything that holds the order ends elsewhere."""
    codes = {view.code for view in found.open_holds}
    if not codes or not codes <= ENDS_ELSEWHERE or found.opens_at is None or found.opens_at <= now:
        return None
    return found.opens_at


def is_paid_on_a_platform(found: OrderRecord) -> bool:
    """Whether a platform holds the buyer's money for the order."""
    return bool(found.card.paid_at and found.card.paid_minor > 0) and not found.card.platform_no.startswith(OWN_PREFIX)


def cancel_question(found: OrderRecord) -> T:
    """What is asked before an order is cancelled: the reason; and what cancelling does not do."""
    if not is_paid_on_a_platform(found) or found.card.refund_state == "refunded":
        return T("取消原因", "Why it is cancelled")
    paid = money_text(found.card.paid_minor, found.card.currency)
    if found.card.refund_state == "requested":
        return T(
            "取消原因。买家已申请退款，取消后仍由客服在售后单里同意，平台才退 {paid}。",
            "Why it is cancelled. A refund is asked for; the platform pays {paid} back once service agrees to it.",
        ).format(paid=paid)
    return T(
        "取消原因。取消不会退款：买家已付 {paid}，须由买家在平台申请退款，申请后自动转客服处理。",
        "Why it is cancelled. Cancelling pays nothing back: the buyer paid {paid} and has to apply for the refund on "
        "the platform; service gets it then.",
    ).format(paid=paid)


def money_left(actor: Actor, found: OrderRecord) -> MoneyLeft | None:
    """For a cancelled order that was paid: where its money stands; None where there is nothing to see to."""
    if found.card.state != OrderState.CANCELLED or not is_paid_on_a_platform(found):
        return None
    if any(line.what == f"state:{OrderState.CANCELLED}" and line.why == CLOSED_THERE for line in found.story):
        return None  # the platform ended it, the money with it
    paid = money_text(found.card.paid_minor, found.card.currency)
    url = ""
    if may_open(actor, "aftersale-list"):
        url = f"{reverse('aftersale-list')}?{urlencode({'tab': 'all', 'q': found.card.number})}"
    if found.card.refund_state == "refunded":
        return MoneyLeft("green", T("买家付的 {paid} 已退。", "The {paid} paid were refunded.").format(paid=paid), url)
    if found.card.refund_state == "requested":
        words = T(
            "买家已在平台申请退款（实付 {paid}），等客服在售后单里同意；平台退款后这里会更新。",
            "The buyer asked for the refund on the platform ({paid} paid); service agrees to it in the after-sale "
            "case, then the platform pays.",
        )
        return MoneyLeft("blue", words.format(paid=paid), url)
    words = T(
        "买家已付 {paid}，还没有退款。请让买家在平台申请退款：申请后自动建售后单，客服同意后由平台退回。",
        "The buyer paid {paid} and nothing went back yet. Have the buyer apply on the platform: an after-sale case "
        "opens by itself, and the platform pays once service agrees.",
    )
    is_asked = any(ticket.is_open for ticket in order_wishes().tickets_of(found.card.id))
    ask = ask_service(found.card.id, "cancelled") if may_open(actor, "tickets-ask") and not is_asked else None
    return MoneyLeft("amber", words.format(paid=paid), url, ask)
