"""O1.3: what can be done about an exception on its order's page: pass it, match again, go where its cause is."""

from dataclasses import dataclass

from django.urls import reverse

from shopkeeper.flows.fulfilment.intake.pages.wording import HoldSaid, say_hold
from shopkeeper.flows.fulfilment.intake.permissions import Permission
from shopkeeper.flows.fulfilment.intake.queries.record import HoldView
from shopkeeper.flows.fulfilment.intake.queries.shortages import ShortSku, short_sku
from shopkeeper.foundation.actor import Actor
from shopkeeper.shared.words import T, listed
from shopkeeper.web.pages import may_open
from shopkeeper.web.record import Action

UNKNOWN = "unknown_sku"
SHORTAGES = ("short_stock", "short_pick", "damaged_piece")
KEEP = T("暂不放行", "Not now")


@dataclass(frozen=True, slots=True)
class HoldShown:
    """An exception in words, with what more is known of its cause, and the ways on."""

    said: HoldSaid
    more: str
    actions: tuple[Action, ...]


def show_hold(actor: Actor, order_id: int, view: HoldView, currency: str) -> HoldShown:
    """One open exception for whoever looks at it."""
    actions = [action] if (action := _pass_action(actor, order_id, view)) else []
    more = ""
    if view.code == UNKNOWN:
        actions += _sku_actions(actor, order_id)
    if view.code in SHORTAGES and (short := short_sku(actor, order_id, view.facts)):
        actions += _stock_actions(actor, short)
        more = _elsewhere(short)
    return HoldShown(say_hold(view, currency), more, tuple(actions))


def _pass_action(actor: Actor, order_id: int, view: HoldView) -> Action | None:
    """The button that passes a hold; none where the fact has to go away by itself."""
    if not view.may_be_passed or not actor.may(Permission.ORDER_CHECK):
        return None
    return Action(
        T("放行此项", "Pass"),
        url=reverse("intake-decide", args=[order_id]),
        fields={"code": view.code},
        icon="check",
        ask=T("放行原因", "Why it may pass") if view.needs_reason else None,
        does=T("放行此项", "Pass this exception"),
        keeps=KEEP,
    )


def _sku_actions(actor: Actor, order_id: int) -> list[Action]:
    """Look again for the SKU, and for who may, where it is made."""
    actions = []
    if actor.may(Permission.ORDER_CHECK):
        url = reverse("intake-match", args=[order_id])
        actions.append(Action(T("重新匹配", "Match again"), url=url, icon="refresh"))
    if may_open(actor, "listing-new"):
        actions.append(Action(T("建商品", "Make the SKU"), url=reverse("listing-new"), method="get", icon="plus"))
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
