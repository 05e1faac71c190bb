"""S1.2: the ticket list with its clocks, and the form for what comes by phone or on paper."""

from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.urls import reverse

from shopkeeper.flows.service.tickets.commands.assign_tickets import AssignTicket, assign_tickets
from shopkeeper.flows.service.tickets.commands.end_tickets import ResolveTicket, resolve_tickets
from shopkeeper.flows.service.tickets.commands.open_tickets import OpenTicket, open_tickets
from shopkeeper.flows.service.tickets.commands.take_tickets import TakeTicket, take_tickets
from shopkeeper.flows.service.tickets.pages.choices import words_of
from shopkeeper.flows.service.tickets.permissions import Permission
from shopkeeper.flows.service.tickets.queries.lists import TicketFilter, agent_id_of, ticket_counts, tickets_page
from shopkeeper.flows.service.tickets.queries.record import lacking_answer
from shopkeeper.flows.service.tickets.queries.scope import order_id_of, shop_of_order, shops_of
from shopkeeper.flows.service.tickets.states import Channel, Priority, Resolution, Stage, TicketKind
from shopkeeper.shared.outcomes import refused
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once, submit
from shopkeeper.web.listing import BulkAction, Column, Filter, Listing, ListQuery, Tab
from shopkeeper.web.pages import MenuEntry, Request, page

TICKETS = Listing(
    key="tickets",
    title=T("工单", "Tickets"),
    clause="S1.2",
    record="tickets-ticket",
    columns=(
        Column("number", T("工单号", "Ticket no."), always=True),
        Column("due", T("最近时限", "Due next")),
        Column("kind", T("类型与阶段", "Type and stage")),
        Column("state", T("状态", "State")),
        Column("priority", T("优先级", "Priority")),
        Column("customer", T("客户", "Customer")),
        Column("order", T("订单", "Order")),
        Column("channel", T("渠道", "Channel")),
        Column("agent", T("处理人", "Agent")),
        Column("shop", T("店铺", "Shop"), shown=False),
        Column("opened", T("创建时间", "Opened")),
    ),
    tabs=(
        Tab("mine", T("我的", "Mine"), tone="blue"),
        Tab("open", T("待分派", "To assign"), tone="amber"),
        Tab("assigned", T("处理中", "In hand"), tone="blue"),
        Tab("waiting", T("待客户回复", "Waiting")),
        Tab("resolved", T("已解决", "Resolved"), counted=False),
        Tab("closed", T("已关闭", "Closed"), counted=False),
        Tab("all", T("全部", "All"), counted=False),
    ),
    filters=(
        Filter("kind", T("类型", "Type"), choices=words_of(TicketKind)),
        Filter("stage", T("阶段", "Stage"), choices=words_of(Stage)),
        Filter("channel", T("渠道", "Channel"), choices=words_of(Channel)),
        Filter("priority", T("优先级", "Priority"), choices=words_of(Priority)),
        Filter("shop", T("店铺", "Shop")),
    ),
    search=T("工单号 / 订单号 / 手机号或后四位", "Ticket, order, phone or its last four digits"),
    bulk=(
        BulkAction("take", T("领取", "Take"), "tickets-take-chosen", primary=True, icon="hand-grab"),
        BulkAction("resolve", T("解决（已答复）", "Resolve (answered)"), "tickets-resolve-chosen", icon="circle-check"),
        BulkAction("assign", T("自动分派", "Assign by the rules"), "tickets-assign-chosen", icon="users"),
    ),
    live="tickets",
    arrivals="tickets.ticket_opened",
)


@page(
    "",
    name="tickets-tickets",
    clause="S1.2",
    permission=Permission.TICKET_VIEW,
    menu=MenuEntry(T("工单", "Tickets"), section="service", order=30),
)
def tickets(request: Request) -> HttpResponse:
    """Tickets by what is due next."""
    asked = TICKETS.read(request)
    if asked.counting:
        return TICKETS.counters(request, ticket_counts(request.actor))
    rows, next_key = tickets_page(request.actor, _wanted(request, asked), after=asked.after, limit=asked.limit)
    return TICKETS.render(
        request,
        asked,
        "tickets/tickets.html",
        rows=rows,
        next_key=next_key,
        choices={"shop": shops_of(request.actor)},
        new_url=reverse("tickets-new") if request.actor.may(Permission.TICKET_OPEN) else "",
    )


def _wanted(request: Request, asked: ListQuery) -> TicketFilter:
    shop = str(asked.filters.get("shop", ""))
    is_mine = asked.tab == "mine" and not asked.text
    everything = asked.tab == "all" or (asked.tab == "mine" and not is_mine)
    return TicketFilter(
        state="assigned" if is_mine else "" if everything else asked.tab,
        agent_id=(agent_id_of(request.actor) or 0) if is_mine else None,
        shop_id=int(shop) if shop.isdecimal() else None,
        kind=str(asked.filters.get("kind", "")),
        stage=str(asked.filters.get("stage", "")),
        channel=str(asked.filters.get("channel", "")),
        priority=str(asked.filters.get("priority", "")),
        words=tuple(asked.numbers) or ((asked.text,) if asked.text else ()),
    )


@page(
    "take/",
    name="tickets-take-chosen",
    clause="S1.2",
    permission=Permission.TICKET_HANDLE,
    methods=("POST",),
)
def take_chosen(request: Request) -> HttpResponse:
    outcomes = run_once(request, take_tickets, [TakeTicket(id_) for id_ in TICKETS.chosen(request).ids])
    return answer_outcomes(request, outcomes, done=T("已领取 {n} 张工单", "{n:# ticket is|# tickets are} yours"))


@page(
    "assign/",
    name="tickets-assign-chosen",
    clause="S1.2",
    permission=Permission.TICKET_ASSIGN,
    methods=("POST",),
)
def assign_chosen(request: Request) -> HttpResponse:
    outcomes = run_once(request, assign_tickets, [AssignTicket(id_) for id_ in TICKETS.chosen(request).ids])
    return answer_outcomes(request, outcomes, done=T("已分派 {n} 张工单", "{n:# ticket|# tickets} assigned"))


@page(
    "resolve/",
    name="tickets-resolve-chosen",
    clause="S1.2",
    permission=Permission.TICKET_HANDLE,
    methods=("POST",),
)
def resolve_chosen(request: Request) -> HttpResponse:
    """Resolve as answered; what a colleague asked is answered one by one, on its page."""
    ids = TICKETS.chosen(request).ids
    unanswered = lacking_answer(request.actor, ids)
    items = [ResolveTicket(id_, Resolution.ANSWERED) for id_ in ids if id_ not in unanswered]
    outcomes = run_once(request, resolve_tickets, items) if items else []
    outcomes += [refused("answer_needed", id_) for id_ in sorted(unanswered)]
    return answer_outcomes(request, outcomes, done=T("已解决 {n} 张工单", "{n:# ticket|# tickets} resolved"))


@page("new/", name="tickets-new", clause="S1.2", permission=Permission.TICKET_OPEN, methods=("GET", "POST"))
def new(request: Request) -> HttpResponse:
    """Write down what a customer told by phone or on paper; the order's number is enough to know the rest."""
    number = request.POST.get("order_number", "").strip()
    order = order_id_of(request.actor, number) if number else None
    extra: dict[str, Any] = {"agent_id": None, "is_timed_elsewhere": False}
    extra["external_ref"] = request.POST.get("external_ref", "")[:80] or uuid4().hex
    if number:
        extra["order_id"] = order or 0
    return submit(
        request,
        open_tickets,
        OpenTicket,
        template="tickets/new.html",
        context={
            "title": T("新建工单", "New ticket"),
            "shops": shops_of(request.actor),
            "channels": words_of(Channel, (Channel.PHONE, Channel.FORM, Channel.PLATFORM)),
            "kinds": words_of(TicketKind),
            "order_number": number or request.GET.get("order", ""),
            "cancel_url": reverse("tickets-tickets"),
        },
        initial={
            "channel": "phone",
            "external_ref": uuid4().hex,
            "shop_id": shop_of_order(request.actor, request.GET.get("order", "")) or "",
        },
        extra=extra,
        done=T("工单已创建", "The ticket is open"),
        to="tickets-tickets",
    )
