"""O1.3: the list of orders and what may be done to many of them at once."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal

from django.http import HttpResponse
from django.urls import reverse

from shopkeeper.flows.fulfilment.intake.commands.cancel_orders import CancelOrder, cancel_orders
from shopkeeper.flows.fulfilment.intake.commands.close_returned_orders import (
    CloseReturnedOrder,
    close_returned_orders,
)
from shopkeeper.flows.fulfilment.intake.commands.decide_holds import DecideHold, decide_holds
from shopkeeper.flows.fulfilment.intake.commands.hold_orders import HoldOrder, hold_orders
from shopkeeper.flows.fulfilment.intake.commands.release_orders import ReleaseOrder, release_orders
from shopkeeper.flows.fulfilment.intake.commands.start_jobs import StartBulk, start_bulk
from shopkeeper.flows.fulfilment.intake.forms import chosen_orders, question_of
from shopkeeper.flows.fulfilment.intake.holds import HoldCode
from shopkeeper.flows.fulfilment.intake.permissions import Permission
from shopkeeper.flows.fulfilment.intake.queries.lists import OrderRow, order_counts, orders_page, orders_to_export
from shopkeeper.flows.fulfilment.intake.queries.scope import shop_choices
from shopkeeper.flows.fulfilment.intake.states import OrderState
from shopkeeper.flows.fulfilment.intake.words import HOLDS, STATES
from shopkeeper.foundation.documents.xlsx import Cell
from shopkeeper.foundation.documents.xlsx import Column as SheetColumn
from shopkeeper.shared.outcomes import Outcome
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.exporting import export
from shopkeeper.web.listing import BulkAction, Column, Filter, Listing, Tab
from shopkeeper.web.pages import MenuEntry, Request, may_open, page

WAITING = frozenset({"to_check", "released", "picking", "to_pack", "packed"})  # what still has to be sent
MOST_AT_ONCE = 300  # more than this takes longer than two seconds: it goes on in the background
ASK_SERVICE = BulkAction(
    "ask",
    T("请客服联系买家", "Have service reach the buyers"),
    url="tickets-ask-orders",
    icon="message",
    ask=T(
        "要问买家什么（每单一张工单，客服在工单里看到；勿写买家信息）",
        "What to ask the buyers (a ticket for each order, shown there; nothing personal)",
    ),
    keeps=T("先不联系", "Not now"),
)
HELD_TABS = ("held", "to_check")  # where it may be the buyer who has to say
ORDERS = Listing(
    key="orders",
    title=T("订单", "Orders"),
    clause="O1.3",
    record="intake-order",
    columns=(
        Column("number", T("订单号", "Order no."), always=True),
        Column("state", T("状态", "State"), always=True),
        Column("goods", T("商品", "Goods")),
        Column("receiver", T("收货人", "Receiver")),
        Column("paid", T("实付", "Paid"), align="end"),
        Column("placed", T("下单", "Placed")),
        Column("due", T("发货时限", "Ship by")),
        Column("shop", T("店铺", "Shop")),
        Column("paid_at", T("付款时间", "Paid at"), shown=False),
    ),
    tabs=(
        Tab("all", T("全部", "All"), counted=False),
        Tab("unpaid", STATES[OrderState.UNPAID]),
        Tab("to_check", STATES[OrderState.TO_CHECK], tone="amber"),
        Tab("held", T("异常", "Exceptions"), tone="red"),
        Tab("released", STATES[OrderState.RELEASED], tone="blue"),
        Tab("picking", STATES[OrderState.PICKING], tone="blue"),
        Tab("to_pack", STATES[OrderState.TO_PACK], tone="blue"),
        Tab("packed", STATES[OrderState.PACKED], tone="blue"),
        Tab("shipped", STATES[OrderState.SHIPPED]),
        Tab("signed", STATES[OrderState.SIGNED]),
        Tab("completed", STATES[OrderState.COMPLETED], counted=False),
        Tab("returned", STATES[OrderState.RETURNED], counted=False),
        Tab("cancelled", STATES[OrderState.CANCELLED], counted=False),
    ),
    filters=(
        Filter("shop", T("店铺", "Shop")),
        Filter("hold", T("异常原因", "Exception"), choices=[(str(code), HOLDS[code]) for code in HoldCode]),
        Filter("placed", T("下单日", "Placed"), kind="dates"),
    ),
    search=T(
        "订单号 / 平台单号 / 手机号 / 后四位，可粘贴多个",
        "Order, platform or phone no., last 4 digits, paste many",
    ),
    bulk=(
        BulkAction("release", T("放行", "Release"), url="intake-release", primary=True, icon="check"),
        BulkAction(
            "pass",
            T("处理异常", "Pass exceptions"),
            url="intake-pass",
            icon="circle-check",
            ask=T("处理说明", "What was done"),
            keeps=T("暂不处理", "Not now"),
        ),
        ASK_SERVICE,
        BulkAction(
            "hold",
            T("留单", "Hold"),
            url="intake-hold",
            icon="player-pause",
            ask=T("留单原因（勿写买家信息）", "Why (nothing personal)"),
            does=T("留单", "Hold the orders"),
            keeps=T("不留单", "Do not hold them"),
        ),
        BulkAction(
            "cancel",
            T("取消订单", "Cancel orders"),
            url="intake-cancel",
            tone="red",
            ask=T("取消原因", "Why it is cancelled"),
            keeps=T("不取消", "Keep them"),
        ),
    ),
    live="intake",
    arrivals="intake.order_taken_in",
    exports=True,
)
SHEET = (
    SheetColumn(T("订单号", "Order no."), "id"),
    SheetColumn(T("平台单号", "Platform no."), "id"),
    SheetColumn(T("店铺", "Shop")),
    SheetColumn(T("状态", "State")),
    SheetColumn(T("异常", "Exceptions"), width=24),
    SheetColumn(T("商品", "Goods"), width=36),
    SheetColumn(T("件数", "Pieces"), "integer"),
    SheetColumn(T("币种", "Currency")),
    SheetColumn(T("实付", "Paid"), "money"),
    SheetColumn(T("收货人", "Receiver")),
    SheetColumn(T("电话", "Phone"), "id"),
    SheetColumn(T("地址", "Address"), width=36),
    SheetColumn(T("下单时间", "Placed"), "moment"),
    SheetColumn(T("付款时间", "Paid at"), "moment"),
    SheetColumn(T("发货时限", "Ship by"), "moment"),
)


@page(
    "",
    name="intake-orders",
    clause="O1.3",
    permission=Permission.ORDER_VIEW,
    menu=MenuEntry(T("订单", "Orders"), section="orders", order=10),
)
def orders(request: Request) -> HttpResponse:
    asked = ORDERS.read(request)
    if asked.counting:
        return ORDERS.counters(request, order_counts(request.actor))
    question = question_of(asked)
    if asked.exporting:
        cells = (_cells(row) for row in orders_to_export(request.actor, question))
        return export(request, "orders", T("订单", "Orders"), SHEET, cells)
    found = orders_page(request.actor, question, after=asked.after, limit=asked.limit)
    asks = asked.tab in HELD_TABS and may_open(request.actor, ASK_SERVICE.url)
    shown = ORDERS if asks else replace(ORDERS, bulk=tuple(one for one in ORDERS.bulk if one is not ASK_SERVICE))
    return shown.render(
        request,
        asked,
        "intake/orders.html",
        rows=found.rows,
        next_key=found.next_key,
        choices={"shop": shop_choices(request.actor)},
        waiting=WAITING,
        may_import=request.actor.may(Permission.ORDER_IMPORT),
    )


def _cells(row: OrderRow) -> tuple[Cell, ...]:
    """One order in the sheet: people masked, numbers as text, amounts as numbers."""
    return (
        row.number,
        row.platform_no,
        row.shop,
        STATES[row.state],
        row.why_held,
        row.goods,
        row.pieces,
        row.currency,
        row.paid_minor,
        row.receiver_name_masked,
        row.receiver_phone_masked,
        row.receiver_address_masked,
        row.placed_at,
        row.paid_at,
        row.ship_by_at,
    )


def _act(
    request: Request,
    action: Literal["release", "hold", "cancel", "pass"],
    done: T,
    run: Callable[[Sequence[int], str], list[Outcome]],
) -> HttpResponse:
    """Do it at once where that is quick, else begin a job and go to where its progress is shown."""
    ids, reason = chosen_orders(request, ORDERS, request.actor)
    if len(ids) <= MOST_AT_ONCE:
        return answer_outcomes(request, run(ids, reason), done=done)
    begun = run_once(request, start_bulk, [StartBulk(action, tuple(ids), reason)])
    if not begun[0].ok:
        return answer_outcomes(request, begun, done=done)
    words = T("已转入后台处理，共 {count} 单", "{count:# order is|# orders are} being worked on").format(count=len(ids))
    return answer_outcomes(request, begun, done=words, to=reverse("intake-job", args=[begun[0].id]))


@page("release/", name="intake-release", clause="O1.3", permission=Permission.ORDER_CHECK, methods=("POST",))
def release(request: Request) -> HttpResponse:
    """Push clean orders to the warehouse."""
    return _act(
        request,
        "release",
        T("已放行 {n} 单到仓库", "{n:# order|# orders} released to the warehouse"),
        lambda ids, reason: run_once(request, release_orders, [ReleaseOrder(i) for i in ids]),
    )


@page("pass/", name="intake-pass", clause="O1.3", permission=Permission.ORDER_CHECK, methods=("POST",))
def pass_holds(request: Request) -> HttpResponse:
    """Pass whatever may be passed on the chosen orders."""
    return _act(
        request,
        "pass",
        T("已处理 {n} 单的异常", "Exceptions of {n:# order|# orders} passed"),
        lambda ids, reason: run_once(request, decide_holds, [DecideHold(i, reason=reason) for i in ids]),
    )


@page("hold/", name="intake-hold", clause="O1.3", permission=Permission.ORDER_HOLD, methods=("POST",))
def hold(request: Request) -> HttpResponse:
    """Hold orders by hand."""
    return _act(
        request,
        "hold",
        T("已留单 {n} 单", "{n:# order|# orders} held"),
        lambda ids, reason: run_once(
            request, hold_orders, [HoldOrder(i, "by_hand", {"note": reason}) for i in ids], why=reason
        ),
    )


@page("cancel/", name="intake-cancel", clause="O1.3", permission=Permission.ORDER_CANCEL, methods=("POST",))
def cancel(request: Request) -> HttpResponse:
    """Cancel orders that have not left."""
    return _act(
        request,
        "cancel",
        T("已取消 {n} 单", "{n:# order|# orders} cancelled"),
        lambda ids, reason: run_once(request, cancel_orders, [CancelOrder(i, reason) for i in ids]),
    )


@page(
    "close-returned/", name="intake-close-returned", clause="O4.1", permission=Permission.ORDER_CLOSE, methods=("POST",)
)
def close_returned(request: Request) -> HttpResponse:
    """End orders that came back or were let go, all their money refunded."""
    ids, reason = chosen_orders(request, ORDERS, request.actor)
    back = request.POST.get("goods", "back") == "back"
    outcomes = run_once(request, close_returned_orders, [CloseReturnedOrder(i, reason, back) for i in ids])
    return answer_outcomes(request, outcomes, done=T("已关闭 {n} 单", "{n:# order|# orders} closed"))
