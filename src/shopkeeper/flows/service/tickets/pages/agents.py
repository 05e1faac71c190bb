"""S1.2: agents with presence and load, what they can do, and the figures of the desk."""

from datetime import timedelta

from django.http import Http404, HttpResponse
from django.urls import reverse

from shopkeeper.flows.service.tickets.commands.set_agents import SetAgent, set_agents
from shopkeeper.flows.service.tickets.commands.set_presence import SetPresence, set_presence
from shopkeeper.flows.service.tickets.pages.choices import words_of
from shopkeeper.flows.service.tickets.permissions import Permission
from shopkeeper.flows.service.tickets.queries.agents import accuracy, agent_line, agents, conversions
from shopkeeper.flows.service.tickets.queries.scope import shops_of
from shopkeeper.flows.service.tickets.states import Presence, Stage, TicketKind
from shopkeeper.foundation import business_time
from shopkeeper.shared.words import T
from shopkeeper.sop.policy import read_policies
from shopkeeper.web.command_forms import answer_outcomes, run_once, submit
from shopkeeper.web.form_reading import WHOLE, read_form
from shopkeeper.web.listing import Column, Listing
from shopkeeper.web.pages import MenuEntry, Request, page

DAYS = 30
AGENTS = Listing(
    key="agents",
    title=T("客服人员", "Agents"),
    clause="S1.2",
    record="tickets-agent",
    columns=(
        Column("name", T("姓名", "Name"), always=True),
        Column("presence", T("状态", "Presence")),
        Column("load", T("工单", "Tickets"), align="end"),
        Column("chats", T("会话", "Chats"), align="end"),
        Column("kinds", T("擅长", "Skills")),
        Column("since", T("自", "Since")),
    ),
    live="tickets",
)


@page(
    "agents/",
    name="tickets-agents",
    clause="S1.2",
    permission=Permission.TICKET_ASSIGN,
    menu=MenuEntry(T("客服人员", "Agents"), section="service", order=80),
)
def agents_page(request: Request) -> HttpResponse:
    """Who is there and what they carry; conversion of inquiries and how often the suggested type stood."""
    now = business_time.now()
    return AGENTS.render(
        request,
        AGENTS.read(request),
        "tickets/agents.html",
        rows=agents(request.actor),
        days=DAYS,
        conversions=conversions(request.actor, now - timedelta(days=DAYS), now),
        accuracy=accuracy(request.actor, now, DAYS),
    )


@page(
    "agents/<int:person_id>/",
    name="tickets-agent",
    clause="S1.2",
    permission=Permission.AGENT_MANAGE,
    methods=("GET", "POST"),
)
def agent(request: Request, person_id: int) -> HttpResponse:
    """What one agent can do, and how much at a time."""
    line = agent_line(request.actor, person_id)
    if line is None:
        raise Http404
    policy = read_policies()
    return submit(
        request,
        set_agents,
        SetAgent,
        template="tickets/agent.html",
        context={
            "title": line.name,
            "line": line,
            "kinds": words_of(TicketKind),
            "stages": words_of(Stage),
            "languages": [("zh", T("中文", "Chinese")), ("en", T("英文", "English"))],
            "shops": [(int(shop_id), name) for shop_id, name in shops_of(request.actor)],
            "presences": words_of(Presence),
            "cancel_url": reverse("tickets-agents"),
        },
        initial={
            "capacity": line.capacity if line.agent_id else policy("agent_ticket_capacity"),
            "chat_capacity": line.chat_capacity if line.agent_id else policy("agent_chat_capacity"),
            "kinds": line.kinds,
            "stages": line.stages,
            "languages": line.languages,
            "shop_ids": line.shop_ids,
        },
        extra={"person_id": person_id},
        done=T("已保存", "Saved"),
        to="tickets-agents",
        emits=("sk:tickets",),
    )


@page(
    "presence/",
    name="tickets-presence",
    clause="S1.2",
    permission=Permission.PRESENCE_SET,
    methods=("POST",),
)
def presence(request: Request) -> HttpResponse:
    """One's own presence, or another's for a supervisor."""
    state = read_form(request.POST, SetPresence)
    if state.item is None:
        raise Http404(state.errors.get(WHOLE, "presence"))
    outcomes = run_once(request, set_presence, [state.item])
    return answer_outcomes(request, outcomes, done=T("状态已更新", "Presence set"), emits=("sk:tickets",))
