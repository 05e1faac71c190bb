"""O1.3: what can be done about an exception on its order's page: pass it, match again, go where its cause is."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse

from shopkeeper.flows.fulfilment.intake.holds import AGREED_UNTIL, SET_BY_WISHES, SHORTAGES, HoldCode
from shopkeeper.flows.fulfilment.intake.pages.beside import Beside
from shopkeeper.flows.fulfilment.intake.pages.wishing import said_of, see_change, wish_of
from shopkeeper.flows.fulfilment.intake.pages.wording import HoldSaid, held_by, say_hold
from shopkeeper.flows.fulfilment.intake.permissions import Permission
from shopkeeper.flows.fulfilment.intake.queries.record import CodeDuty, HoldView, OrderRecord, is_wish, twins_of
from shopkeeper.flows.fulfilment.intake.queries.shortages import ShortSku, short_sku
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import Actor
from shopkeeper.shared.clock import SHOP_ZONE
from shopkeeper.shared.words import T, listed
from shopkeeper.web.pages import may_open
from shopkeeper.web.record import Action

REPEAT = "repeat_order"
# What only the buyer can tell or put right; and what of it is another address.
ASK_THE_BUYER = (
    "odd_quantity", "address_incomplete", "address_unreachable", "bad_phone", "buyer_remark", REPEAT, *SHORTAGES,
)  # fmt: skip
OTHER_ADDRESS = ("address_incomplete", "address_unreachable", "bad_phone")
# What is passed with a word for the warehouse; it is shown where the order is packed.
TO_THE_WAREHOUSE = {
    "buyer_remark": T(
        "给仓库的备注，打包台会显示（如：不发圆通、周末送到；勿写买家信息。没有要办的写“无”）",
        "A note for the warehouse, shown where it is packed (nothing personal; “none” where nothing is to be done)",
    )
}
NO_TWIN_LEFT = T(
    "现在没有别的待发订单与本单同一收货地址：另一单已改地址、已取消或已发出。核对后放行。",
    "No other order waits to go to the same address now: the other one got another address, was cancelled or has left. "
    "Look, then pass.",
)
KEEP = T("暂不放行", "Not now")
BUYER_WAITS = T("买家同意等货…", "The buyer waits…")
AGREED = T("买家同意等到 {until}，到货后自动配给。", "The buyer waits until {until}; it goes on when pieces arrive.")
PRICED = (HoldCode.ODD_PRICE, HoldCode.PRICE_UNLIKE_PROMOTIONS)


@dataclass(frozen=True, slots=True)
class HoldShown:
    """An exception in words, with what more is known of its cause, and the ways on. `label` where a customer's wish
    says better than the exception's name what it is."""

    said: HoldSaid
    more: str
    actions: tuple[Action, ...]
    held_by: str = ""
    why: str = ""
    twins: tuple[tuple[str, str], ...] = ()
    label: T | None = None


def show_hold(
    actor: Actor,
    order_id: int,
    view: HoldView,
    currency: str,
    found: OrderRecord | None = None,
    known: Beside | None = None,
) -> HoldShown:
    """One open exception for whoever looks at it; with the order's record and what customer service knows of it, all
    that is known."""
    actions = [action] if (action := _pass_action(actor, order_id, view)) else []
    more = ""
    said, label = say_hold(view, currency), None
    wish = known.wish if known else wish_of(order_id) if view.code in (*SET_BY_WISHES, *OTHER_ADDRESS) else None
    if wish and view.code in SET_BY_WISHES and (wish.is_under_way or is_wish(view.code, view.facts)):
        said, label = said_of(wish, view, said, found)
        actions = see_change(actor, wish) if wish.is_under_way else [*actions, *see_change(actor, wish)]
        if found and known and label and not wish.is_under_way:
            actions += _buyer_actions(actor, found, view.code, known)
    if view.code == HoldCode.UNKNOWN_SKU:
        actions += _sku_actions(actor, order_id, str(view.facts.get("code", "")), found)
        more = _code_made_by(found.code_duty) if found else ""
    if view.code in SHORTAGES:
        more_actions, more = _shortage(actor, order_id, view, found)
        actions += more_actions
    if found and view.code in PRICED:
        actions += _price_actions(actor, str(view.facts.get("code", "")))
        if actor.may(Permission.ORDER_HOLD) and not is_held_by_hand(found):
            actions.append(hold_action(order_id))
    if found and known and view.code in ASK_THE_BUYER:
        actions += _buyer_actions(actor, found, view.code, known)
        more = f"{more} {_asked(known.asked_until)}".strip() if known.asked_until else more
    twins = twins_of(order_id) if found and view.code == REPEAT else []
    if found and view.code == REPEAT and not twins:
        more = f"{NO_TWIN_LEFT.text()} {more}".strip()
    who, why = held_by(view, found.story) if found else ("", "")
    return HoldShown(
        said,
        more,
        tuple(actions),
        held_by=who,
        why="" if said.found else why,
        label=label,
        twins=tuple((twin.number, reverse("intake-order", args=[twin.id])) for twin in twins),
    )


def _shortage(actor: Actor, order_id: int, view: HoldView, found: OrderRecord | None) -> tuple[list[Action], str]:
    """What can be done about missing pieces, and what is known of more of them."""
    actions, more = [], ""
    if short := short_sku(actor, order_id, view.facts):
        actions += _stock_actions(actor, short)
        more = f"{_elsewhere(short)} {_restocking(short)}"
    if agreed := view.facts.get(AGREED_UNTIL):
        until = f"{datetime.fromisoformat(str(agreed)).astimezone(SHOP_ZONE):%m-%d}"
        more = f"{AGREED.format(until=until).text()} {more}".strip()
    if found and may_open(actor, "intake-wait"):
        label = T("买家改等到另一天…", "The buyer waits until another day…") if agreed else BUYER_WAITS
        actions.append(Action(label, url=reverse("intake-wait", args=[order_id]), method="get", icon="clock"))
    return actions, more


def is_held_by_hand(found: OrderRecord) -> bool:
    """Whether somebody holds the order already: holding it again changes nothing."""
    return any(view.code == HoldCode.BY_HAND for view in found.open_holds)


def hold_action(order_id: int) -> Action:
    """Keep the order back, with the reason."""
    return Action(
        T("留单", "Hold"),
        url=reverse("intake-hold"),
        fields={"ids": order_id},
        icon="player-pause",
        ask=T("留单原因（勿写买家信息）", "Why (nothing personal)"),
        does=T("留单", "Hold the order"),
        keeps=T("不留单", "Do not hold it"),
    )


def _price_actions(actor: Actor, code: str) -> list[Action]:
    """Where a price comes from, for who may look: the SKU's prices, and the promotions."""
    actions = []
    if code:
        name = "price-plans" if may_open(actor, "price-plans") else "listing-products"
        label = T("看定价", "Prices") if name == "price-plans" else T("看商品售价", "The product's price")
        if may_open(actor, name):
            url = f"{reverse(name)}?{urlencode({'tab': 'all', 'q': code})}"
            actions.append(Action(label, url=url, method="get", icon="tag"))
    if may_open(actor, "promotions"):
        actions.append(Action(T("看促销", "Promotions"), url=reverse("promotions"), method="get", icon="ticket"))
    return actions


def _pass_action(actor: Actor, order_id: int, view: HoldView) -> Action | None:
    """The button that passes a hold; none where the fact has to go away by itself."""
    if not view.may_be_passed or not actor.may(Permission.ORDER_CHECK):
        return None
    ask = T("放行原因", "Why it may pass") if view.needs_reason else TO_THE_WAREHOUSE.get(view.code)
    return Action(
        T("放行此项…", "Pass…") if ask else T("放行此项", "Pass"),
        url=reverse("intake-decide", args=[order_id]),
        fields={"code": view.code},
        icon="check",
        ask=ask,
        does=T("放行此项", "Pass this exception"),
        keeps=KEEP,
    )


def _code_made_by(duty: CodeDuty | None) -> str:
    """Whose work it is to make the code."""
    if duty is None:
        return ""
    if duty.whose:
        return (
            T("已列入商品专员的工作，{who} 在办；建好后本单自动匹配。",
              "On the product specialist's work list, {who} has it; the order is matched by itself then.")
            .format(who=duty.whose)
            .text()
        )  # fmt: skip
    return T(
        "已列入商品专员的工作，还没有人领取；建好后本单自动匹配。",
        "On the product specialist's work list, nobody took it yet; the order is matched by itself then.",
    ).text()


def _restocking(short: ShortSku) -> str:
    """Whether somebody sees to more pieces."""
    if short.reminder:
        return T("补货提醒已开，商品专员在跟。", "A restock reminder is open with the product specialist.").text()
    return T("没有打开的补货提醒，请告诉商品专员。", "No restock reminder is open: tell the product specialist.").text()


def _buyer_actions(actor: Actor, found: OrderRecord, code: str, known: Beside) -> list[Action]:
    """The ways to the buyer, for who may go them: another address, a new ticket, or customer service asked."""
    actions = []
    number, order_id = found.card.number, found.card.id
    if code in OTHER_ADDRESS and known.wish and known.wish.is_under_way:
        actions += see_change(actor, known.wish)
    elif (code in OTHER_ADDRESS or code == HoldCode.ADDRESS_CHANGED) and may_open(actor, "tickets-change-order"):
        url = reverse("tickets-change-order", args=[order_id])
        actions.append(Action(T("代改地址", "Change the address"), url=url, method="get", icon="edit"))
    if may_open(actor, "tickets-new"):
        url = f"{reverse('tickets-new')}?{urlencode({'order': number})}"
        actions.append(Action(T("联系买家（建工单）", "Reach the buyer"), url=url, method="get", icon="message"))
    elif may_open(actor, "tickets-ask") and not known.is_spoken_with:
        actions.append(ask_service(order_id, code, is_again=bool(known.questions)))
    return actions


def _asked(until: datetime) -> str:
    """That the buyer is being asked, by whom, until when; or that nothing came of it by then."""
    due = f"{until.astimezone(SHOP_ZONE):%m-%d %H:%M}"
    words = T(
        "已请客服联系买家，最晚 {due} 有答复，会显示在这里；现在不用处理。",
        "Customer service is asking the buyer, until {due} at the latest; the answer is shown here. Nothing is to be "
        "done now.",
    )
    if until <= business_time.now():
        words = T(
            "已请客服联系买家，原定 {due} 前有答复，还没有。请催客服（见本单的工单），或自行决定。",
            "Customer service was to have an answer from the buyer by {due} and has none. Urge them (see the order's "
            "ticket), or decide.",
        )
    return words.format(due=due).text()


def ask_service(order_id: int, code: str, *, is_again: bool = False) -> Action:
    """A ticket in customer service's queue: they reach the buyer."""
    label = T("请客服联系买家…", "Have service reach the buyer…")
    return Action(
        T("再请客服联系买家…", "Have service reach the buyer again…") if is_again else label,
        url=reverse("tickets-ask", args=[order_id]),
        fields={"code": code},
        icon="message",
        ask=T(
            "要问买家什么（客服在工单里看到；勿写买家信息）",
            "What to ask the buyer (shown in the ticket; nothing personal)",
        ),
        does=T("请客服联系买家", "Have service reach the buyer"),
        keeps=T("先不联系", "Not now"),
    )


def _sku_actions(actor: Actor, order_id: int, code: str, found: OrderRecord | None) -> list[Action]:
    """Look again for the SKU, and for who may, where it is made: with what the order's line says of it."""
    actions = []
    if actor.may(Permission.ORDER_CHECK):
        url = reverse("intake-match", args=[order_id])
        actions.append(Action(T("重新匹配", "Match again"), url=url, icon="refresh"))
    cards = [one.card for one in found.lines if one.card.sku_code == code] if found else []
    if may_open(actor, "listing-codes"):
        wanted = {"wanted": f"{cards[0].name} {cards[0].spec}".strip()} if cards else {}
        url = f"{reverse('listing-codes')}?{urlencode({'code': code, **wanted})}"
        actions.append(Action(T("对应到已有规格", "It is a variant of ours"), url=url, method="get", icon="link"))
    if may_open(actor, "listing-new"):
        known = {"title": cards[0].name, "spec": cards[0].spec, "price": cards[0].price_minor} if cards else {}
        url = f"{reverse('listing-new')}?{urlencode({'code': code, **known})}"
        actions.append(Action(T("建商品", "Make the SKU"), url=url, method="get", icon="plus"))
    return actions


def _stock_actions(actor: Actor, short: ShortSku) -> list[Action]:
    """The SKU's stock and its restock reminder, for who may see them."""
    actions = []
    if short.here and may_open(actor, "stock-level"):
        url = reverse("stock-level", args=[short.here])
        actions.append(Action(T("看库存", "Stock"), url=url, method="get", icon="package"))
    if short.reminder and may_open(actor, "stock-reminder"):
        url = reverse("stock-reminder", args=[short.reminder])
        actions.append(Action(T("补货提醒", "Restocking"), url=url, method="get", icon="bell"))
    return actions


def _elsewhere(short: ShortSku) -> str:
    """What is free now, here and in other warehouses."""
    places = [T("{place} {n} 件", "{place} {n}").format(place=place, n=free) for place, free in short.elsewhere]
    here = T("{code} 本仓现可用 {n} 件", "{code}: {n} free here now").format(code=short.code, n=short.free)
    if not places:
        return T("{here}，其他仓也没有。", "{here}, none in other warehouses.").format(here=here.text()).text()
    return (
        T("{here}；其他仓可用：{x}。", "{here}; free elsewhere: {x}.").format(here=here.text(), x=listed(places)).text()
    )
