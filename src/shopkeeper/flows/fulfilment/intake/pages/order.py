"""O1.3: one order: where it stands, what holds it up, what it holds, everything that happened to it."""

from datetime import datetime

from django.http import Http404, HttpResponse
from django.urls import reverse

from shopkeeper.flows.fulfilment.intake.commands.close_returned_orders import SENT
from shopkeeper.flows.fulfilment.intake.commands.decide_holds import ALL, DecideHold, decide_holds
from shopkeeper.flows.fulfilment.intake.commands.hold_orders import HOLDABLE
from shopkeeper.flows.fulfilment.intake.commands.match_orders import MatchOrder, match_orders
from shopkeeper.flows.fulfilment.intake.holds import SET_BY_WISHES
from shopkeeper.flows.fulfilment.intake.pages.beside import Beside, answer_to, beside, questions_told
from shopkeeper.flows.fulfilment.intake.pages.holding import KEEP, hold_action, is_held_by_hand, show_hold
from shopkeeper.flows.fulfilment.intake.pages.standing import cancel_question, clock_of, money_left, pause_of
from shopkeeper.flows.fulfilment.intake.pages.wording import HoldSaid, say_hold, steps_of, timeline_of
from shopkeeper.flows.fulfilment.intake.permissions import Permission
from shopkeeper.flows.fulfilment.intake.queries.record import OrderRecord, order_record
from shopkeeper.flows.fulfilment.intake.queries.sessions import session_awaited
from shopkeeper.flows.fulfilment.intake.states import OrderState
from shopkeeper.flows.fulfilment.intake.words import platform_words
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.permissions import Permission as Foundation
from shopkeeper.shared.clock import SHOP_ZONE
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.pages import Request, may_open, page
from shopkeeper.web.record import Action, Badge, RecordHead, render_record
from shopkeeper.web.shown import money_text

REFUNDS = {"requested": T("退款中", "Refund open"), "refunded": T("已退款", "Refunded")}
RECORD_KIND = "intake.order"
MAY_CANCEL = (OrderState.UNPAID, *HOLDABLE)


@page("<int:order_id>/", name="intake-order", clause="O1.3", permission=Permission.ORDER_VIEW)
def order(request: Request, order_id: int) -> HttpResponse:
    found = order_record(request.actor, order_id)
    if found is None:
        raise Http404
    now = business_time.now()
    known = beside(request.actor, order_id)
    holds = [show_hold(request.actor, order_id, view, found.card.currency, found, known) for view in found.open_holds]
    awaited = session_awaited(found.card.shop_id, found.card.ship_by_at, now) if _clean(found) else None
    return render_record(
        request,
        "intake/order.html",
        _head(request.actor, found, awaited),
        timeline=[*timeline_of(found), *questions_told(known.questions)],
        live="intake",
        found=found,
        order=found.card,
        holds=holds,
        awaited=awaited,
        clock=clock_of(found, now),
        pause=pause_of(request.actor, found, now),
        answer=answer_to(known, found),
        sees_tickets=may_open(request.actor, "tickets-ticket"),
        money_left=money_left(request.actor, found, known),
        platform_state=platform_words(found.platform_state),
        pass_all=_pass_all(request.actor, found, known),
        past_holds=_past(found),
        tickets=known.tickets if may_open(request.actor, "tickets-ticket") else (),
        amounts=_amounts(found),
        reveal_url=_personal_url(request.actor, "personal-reveal", Foundation.PERSONAL_REVEAL, order_id),
        remark_label=T("有留言（加密保存）", "There is one (kept sealed)"),
    )


@page(
    "<int:order_id>/decide/",
    name="intake-decide",
    clause="O1.3",
    permission=Permission.ORDER_CHECK,
    methods=("POST",),
)
def decide(request: Request, order_id: int) -> HttpResponse:
    """Pass one exception of an order, or all that may be passed."""
    code = request.POST.get("code", ALL)[:30]
    item = DecideHold(order_id, code, request.POST.get("reason", "").strip()[:300])
    outcomes = run_once(request, decide_holds, [item])
    return answer_outcomes(request, outcomes, done=T("异常已处理", "Exception passed"))


@page(
    "<int:order_id>/match/",
    name="intake-match",
    clause="O1.3",
    permission=Permission.ORDER_CHECK,
    methods=("POST",),
)
def match(request: Request, order_id: int) -> HttpResponse:
    """Look again for the SKUs that an order waits for."""
    outcomes = run_once(request, match_orders, [MatchOrder(order_id)])
    return answer_outcomes(request, outcomes, done=T("已重新匹配", "Matched again"))


def _pass_all(actor: Actor, found: OrderRecord, known: Beside) -> Action | None:
    passable = [view for view in found.open_holds if view.may_be_passed]
    if len(passable) < 2 or not actor.may(Permission.ORDER_CHECK) or _is_changing(found, known):
        return None
    return Action(
        T("全部放行…", "Pass all…") if any(view.needs_reason for view in passable) else T("全部放行", "Pass all"),
        url=reverse("intake-decide", args=[found.card.id]),
        fields={"code": ALL},
        icon="circle-check",
        ask=T("放行原因", "Why they may pass") if any(view.needs_reason for view in passable) else None,
        does=T("全部放行", "Pass all exceptions"),
        keeps=KEEP,
    )


def _is_changing(found: OrderRecord, known: Beside) -> bool:
    """Whether what holds the order is being changed for its customer: then passing all of it would be refused."""
    codes = {view.code for view in found.open_holds}
    return bool(codes & SET_BY_WISHES and known.wish and known.wish.is_under_way)


def _personal_url(actor: Actor, name: str, permission: Foundation, order_id: int) -> str:
    return reverse(name, args=[RECORD_KIND, order_id]) if actor.may(permission) else ""


def _amounts(found: OrderRecord) -> dict[str, str]:
    parts = {"goods": found.card.goods_minor, "off": found.card.discount_minor, "freight": found.card.freight_minor}
    return {name: money_text(minor, found.card.currency) for name, minor in parts.items()}


def _past(found: OrderRecord) -> list[HoldSaid]:
    return [say_hold(view, found.card.currency) for view in found.past_holds]


def _clean(found: OrderRecord) -> bool:
    return found.card.state == OrderState.TO_CHECK and not found.open_holds and not found.is_history


def _release(order_id: int, awaited: datetime | None) -> Action:
    """Push to the warehouse; outside a session only what is urgent goes, and the button says when the rest does."""
    why_not = None
    if awaited:
        at = f"{awaited.astimezone(SHOP_ZONE):%m-%d %H:%M}"
        why_not = T("等 {at} 的审单场次放行", "To be released in the session at {at}").format(at=at)
    label, url = T("放行", "Release"), reverse("intake-release")
    return Action(label, url=url, fields={"ids": order_id}, icon="check", why_not=why_not)


def _head(actor: Actor, found: OrderRecord, awaited: datetime | None) -> RecordHead:
    card, state = found.card, OrderState(found.card.state)
    badges = [Badge(REFUNDS[card.refund_state], "red", "cash")] if card.refund_state in REFUNDS else []
    if found.open_holds:
        exceptions = T("{n} 项异常", "{n:# exception|# exceptions}").format(n=len(found.open_holds))
        badges.append(Badge(exceptions, "red", "alert-triangle"))
    if found.is_history:
        badges.append(Badge(T("历史订单", "History"), "grey", "history"))
    return RecordHead(
        title=T("订单", "Order"),
        number=card.number,
        back="intake-orders",
        state=state,
        states="OrderState",
        steps=steps_of(found),
        clause="O1.3",
        badges=tuple(badges),
        primary=_release(card.id, awaited) if _clean(found) and actor.may(Permission.ORDER_CHECK) else None,
        more=_more(actor, found, state),
    )


def _more(actor: Actor, found: OrderRecord, state: OrderState) -> tuple[Action, ...]:
    actions = []
    fields = {"ids": found.card.id}
    if state in HOLDABLE and not is_held_by_hand(found) and not found.is_history and actor.may(Permission.ORDER_HOLD):
        actions.append(hold_action(found.card.id))
    if state in MAY_CANCEL and actor.may(Permission.ORDER_CANCEL):
        actions.append(
            Action(
                T("取消订单", "Cancel the order"),
                url=reverse("intake-cancel"),
                fields=fields,
                icon="x",
                tone="red",
                ask=cancel_question(found),
                keeps=T("不取消", "Keep it"),
            )
        )
    if state in SENT and found.card.refund_state == "refunded" and actor.may(Permission.ORDER_CLOSE):
        actions += [_close(fields, "back"), _close(fields, "gone")]
    erase_url = _personal_url(actor, "personal-erase", Foundation.PERSONAL_ERASE, found.card.id)
    if erase_url and not found.is_erased:
        label, ask = T("删除买家个人信息", "Erase the buyer's data"), T("删除原因", "Why it is erased")
        actions.append(Action(label, url=erase_url, icon="trash", tone="red", ask=ask, typed=found.card.number))
    return tuple(actions)


def _close(fields: dict[str, int], goods: str) -> Action:
    """The two ways to end a refunded order: its goods are back for sale, or they are not."""
    words = {
        "back": T("退货关闭（货已退回）", "Close: goods are back"),
        "gone": T("退款关闭（货未退回）", "Close: goods are gone"),
    }
    url, ask = reverse("intake-close-returned"), T("关闭原因（勿写买家信息）", "Why (nothing personal)")
    return Action(words[goods], url=url, fields={**fields, "goods": goods}, icon="arrow-back", ask=ask)
