"""O1.3: what an order as a whole waits for, and what has to happen with its buyer's money: said above its page."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse

from shopkeeper.flows.fulfilment.intake.holds import AGREED_UNTIL, ENDS_ELSEWHERE, HoldCode
from shopkeeper.flows.fulfilment.intake.pages.beside import Beside
from shopkeeper.flows.fulfilment.intake.pages.holding import ask_service
from shopkeeper.flows.fulfilment.intake.ports import OWN_PREFIX
from shopkeeper.flows.fulfilment.intake.queries.record import OrderRecord, is_kept
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


@dataclass(frozen=True, slots=True)
class Pause:
    """That nobody at the order desk has to decide before `until`, and what comes then."""

    words: T
    until: datetime


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock at the head of an order's page, by its name."""

    name: T
    due_at: datetime


KEPT = T(
    "已留单，到这时之前不用处理；到时还没放行的，会回到工作台：",
    "The order is held; nothing is to be decided before then. What is not released by then comes back to My work: ",
)
AGREED = T(
    "买家同意等货，到货后自动配给、自动继续。到这时货还没到，会回到工作台，请再联系买家或取消：",
    "The buyer waits for the goods; it goes on by itself when they arrive. If they have not by then, it comes back to "
    "My work: tell the buyer, or cancel: ",
)
ELSEWHERE = T(
    "本单的异常不用在这里处理，解除后会自动继续。到这时还没解除，请联系买家或取消：",
    "Nothing is to be decided here: what holds the order ends elsewhere, then it goes on by itself. If it is still "
    "held by then, tell the buyer or cancel: ",
)


def pause_of(actor: Actor, found: OrderRecord, now: datetime) -> Pause | None:
    """Until when nobody has to decide: somebody keeps the order back, its buyer waits for goods, or everything that
    holds it ends elsewhere. None for who can end it: who makes the code that is missing."""
    if not found.open_holds or found.opens_at is None or found.opens_at <= now:
        return None
    if any(is_kept(view) for view in found.open_holds):
        return Pause(KEPT, found.opens_at)
    if any(AGREED_UNTIL in view.facts for view in found.open_holds):
        return Pause(AGREED, found.opens_at)
    codes = {view.code for view in found.open_holds}
    makes_codes = may_open(actor, "listing-codes") or may_open(actor, "listing-new")
    if not codes <= ENDS_ELSEWHERE or (HoldCode.UNKNOWN_SKU in codes and makes_codes):
        return None
    return Pause(ELSEWHERE, found.opens_at)


def clock_of(found: OrderRecord, now: datetime) -> Clock | None:
    """What runs: the time to decide, where somebody has to decide now; else the promise to ship."""
    if found.decide_by and (found.opens_at is None or found.opens_at <= now):
        return Clock(T("处理时限", "Decide by"), found.decide_by)
    if found.due_at and found.card.ship_by_at:
        return Clock(T("发货时限", "Ship by"), found.card.ship_by_at)
    return None


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


def money_left(actor: Actor, found: OrderRecord, known: Beside) -> MoneyLeft | None:
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
    may_ask = may_open(actor, "tickets-ask") and not known.is_spoken_with
    ask = ask_service(found.card.id, "cancelled") if may_ask else None
    return MoneyLeft("amber", words.format(paid=paid), url, ask)
