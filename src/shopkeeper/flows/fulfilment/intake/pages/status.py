"""O1.1: how orders come in: per shop how far they were read, what went wrong, what nobody could read."""

from django.http import HttpResponse
from django.urls import reverse

from shopkeeper.flows.fulfilment.intake.commands.pull_now import PullNow, pull_now
from shopkeeper.flows.fulfilment.intake.commands.settle_unreadable import SettleUnreadable, settle_unreadable
from shopkeeper.flows.fulfilment.intake.pages.wording import say_trouble, say_unreadable
from shopkeeper.flows.fulfilment.intake.permissions import Permission
from shopkeeper.flows.fulfilment.intake.queries.status import intake_status, unreadable_orders
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.pages import MenuEntry, Request, page, render_page
from shopkeeper.web.record import Action
from shopkeeper.web.shown import span


@page(
    "intake/",
    name="intake-status",
    clause="O1.1",
    permission=Permission.ORDER_VIEW,
    menu=MenuEntry(T("抓单状态", "Order intake"), section="orders", order=40),
)
def status(request: Request) -> HttpResponse:
    """Worst shop first, then the orders that need a person's eye."""
    may_pull, may_settle = request.actor.may(Permission.ORDER_TAKE_IN), request.actor.may(Permission.ORDER_CHECK)
    pull_url, settle_url = reverse("intake-pull"), reverse("intake-unreadable-settle")
    shops = [
        (
            one,
            span(one.lag_seconds) if one.lag_seconds is not None else "",
            say_trouble(one.last_error),
            Action(T("立即抓单", "Pull now"), pull_url, {"shop_id": one.shop_id}, icon="refresh")
            if may_pull and one.health != "off"
            else None,
        )
        for one in intake_status(request.actor)
    ]
    unreadable = [
        (
            one,
            say_unreadable(one.reason),
            Action(
                T("已核对", "Dealt with"),
                settle_url,
                {"shop_id": one.shop_id, "platform_no": one.platform_no},
                icon="check",
            )
            if may_settle
            else None,
        )
        for one in unreadable_orders(request.actor)
    ]
    return render_page(
        request,
        "intake/status.html",
        {"title": T("抓单状态", "Order intake"), "shops": shops, "unreadable": unreadable},
    )


@page("intake/pull/", name="intake-pull", clause="O1.1", permission=Permission.ORDER_TAKE_IN, methods=("POST",))
def pull(request: Request) -> HttpResponse:
    """Do not wait for the next pull."""
    outcomes = run_once(request, pull_now, [PullNow(_number(request, "shop_id"))])
    return answer_outcomes(request, outcomes, done=T("正在抓单，结果会自动刷新", "Pulling; the page refreshes itself"))


@page(
    "intake/settle/",
    name="intake-unreadable-settle",
    clause="O1.1",
    permission=Permission.ORDER_CHECK,
    methods=("POST",),
)
def settle(request: Request) -> HttpResponse:
    """A person looked at an order that could not be read."""
    item = SettleUnreadable(_number(request, "shop_id"), request.POST.get("platform_no", "")[:64])
    return answer_outcomes(request, run_once(request, settle_unreadable, [item]), done=T("已记录", "Noted"))


def _number(request: Request, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0
