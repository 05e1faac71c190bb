"""O1.3: what can be done about an exception on its order's page: pass it, match again, go where its cause is."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.urls import reverse

from shopkeeper.flows.fulfilment.intake.holds import SET_BY_WISHES, HoldCode
from shopkeeper.flows.fulfilment.intake.pages.wording import HoldSaid, held_by, say_hold
from shopkeeper.flows.fulfilment.intake.permissions import Permission
from shopkeeper.flows.fulfilment.intake.ports import order_wishes
from shopkeeper.flows.fulfilment.intake.queries.record import CodeDuty, HoldView, OrderRecord, twins_of
from shopkeeper.flows.fulfilment.intake.queries.shortages import ShortSku, short_sku
from shopkeeper.foundation.actor import Actor
from shopkeeper.shared.words import T, listed
from shopkeeper.web.pages import may_open
from shopkeeper.web.record import Action

SHORTAGES = ("short_stock", "short_pick", "damaged_piece")
REPEAT = "repeat_order"
# What only the buyer can tell or put right; and what of it is another address.
ASK_THE_BUYER = ("odd_quantity", "address_incomplete", "address_unreachable", "bad_phone", REPEAT, "damaged_piece")
OTHER_ADDRESS = ("address_incomplete", "address_unreachable", "bad_phone")
# What is passed with a word for the warehouse; it is shown where the order is packed.
TO_THE_WAREHOUSE = {
    "buyer_remark": T(
        "给仓库的备注，打包台会显示（如：不发圆通、周末送到；勿写买家信息。没有要办的写“无”）",
        "A note for the warehouse, shown where it is packed (nothing personal; “none” where nothing is to be done)",
    )
}
CHANGING = T("客户的改单正在办理，办妥后自动放行", "The customer's change is being made; it passes by itself then")
KEEP = T("暂不放行", "Not now")


@dataclass(frozen=True, slots=True)
class HoldShown:
    """An exception in words, with what more is known of its cause, and the ways on."""

    said: HoldSaid
    more: str
    actions: tuple[Action, ...]
    held_by: str = ""
    why: str = ""
    twins: tuple[tuple[str, str], ...] = ()


def show_hold(
    actor: Actor, order_id: int, view: HoldView, currency: str, found: OrderRecord | None = None
) -> HoldShown:
    """One open exception for whoever looks at it; with the order's record, all that is known of it."""
    actions = [action] if (action := _pass_action(actor, order_id, view)) else []
    more = ""
    if view.code in SET_BY_WISHES and order_wishes().under_way([order_id]):
        actions = [replace(action, why_not=CHANGING, ask=None) for action in actions] + _change_actions(actor)
    if view.code == HoldCode.UNKNOWN_SKU:
        actions += _sku_actions(actor, order_id, str(view.facts.get("code", "")))
        more = _code_made_by(found.code_duty) if found else ""
    if view.code in SHORTAGES and (short := short_sku(actor, order_id, view.facts)):
        actions += _stock_actions(actor, short)
        more = f"{_elsewhere(short)} {_restocking(short)}"
    if found and view.code in ASK_THE_BUYER:
        actions += _buyer_actions(actor, order_id, found.card.number, view.code)
    twins = twins_of(order_id) if found and view.code == REPEAT else []
    who, why = held_by(view, found.story) if found else ("", "")
    said = say_hold(view, currency)
    return HoldShown(
        said,
        more,
        tuple(actions),
        held_by=who,
        why="" if said.found else why,
        twins=tuple((twin.number, reverse("intake-order", args=[twin.id])) for twin in twins),
    )


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


def _change_actions(actor: Actor) -> list[Action]:
    """Where the customer's change stands."""
    if not may_open(actor, "tickets-changes"):
        return []
    return [Action(T("看改单申请", "See the change"), url=reverse("tickets-changes"), method="get", icon="edit")]


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


def _buyer_actions(actor: Actor, order_id: int, number: str, code: str) -> list[Action]:
    """The ways to the buyer, for who may go them: what was written before, a new ticket, another address."""
    actions = []
    if code in OTHER_ADDRESS and may_open(actor, "tickets-change-order"):
        url = reverse("tickets-change-order", args=[order_id])
        actions.append(Action(T("代改地址", "Change the address"), url=url, method="get", icon="edit"))
    if may_open(actor, "tickets-new"):
        url = f"{reverse('tickets-new')}?{urlencode({'order': number})}"
        actions.append(Action(T("联系买家（建工单）", "Reach the buyer"), url=url, method="get", icon="message"))
    elif may_open(actor, "tickets-tickets"):
        url = f"{reverse('tickets-tickets')}?{urlencode({'tab': 'all', 'q': number})}"
        actions.append(Action(T("本单的工单", "The order's tickets"), url=url, method="get", icon="message"))
    return actions


def _sku_actions(actor: Actor, order_id: int, code: str) -> list[Action]:
    """Look again for the SKU, and for who may, where it is made."""
    actions = []
    if actor.may(Permission.ORDER_CHECK):
        url = reverse("intake-match", args=[order_id])
        actions.append(Action(T("重新匹配", "Match again"), url=url, icon="refresh"))
    if may_open(actor, "listing-new"):
        url = f"{reverse('listing-new')}?{urlencode({'code': code})}"
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
