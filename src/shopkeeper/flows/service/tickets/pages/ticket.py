"""S1.2, S2.1, S2.2: one ticket: what was said, what it is about and why, the order and what can be done for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import uuid4

from django.http import Http404, HttpResponse
from django.urls import reverse

from shopkeeper.flows.service.tickets.pages.asking import asking_of
from shopkeeper.flows.service.tickets.pages.choices import words_of
from shopkeeper.flows.service.tickets.permissions import Permission
from shopkeeper.flows.service.tickets.ports import CaseBeside, service_beside
from shopkeeper.flows.service.tickets.queries.agents import agent_choices
from shopkeeper.flows.service.tickets.queries.knowledge import articles_page, filled_replies, product_cards
from shopkeeper.flows.service.tickets.queries.record import MoveLine, TicketRecord, ticket_record
from shopkeeper.flows.service.tickets.rules.asking import is_asked
from shopkeeper.flows.service.tickets.states import (
    UNFINISHED,
    Channel,
    Priority,
    Resolution,
    Stage,
    TicketKind,
    TicketState,
    Way,
)
from shopkeeper.flows.service.tickets.words import COLLEAGUE_ASKS, LABELS
from shopkeeper.shared.words import T
from shopkeeper.web.form_reading import FormState
from shopkeeper.web.pages import Request, may_open, page
from shopkeeper.web.record import Action, Badge, Happening, RecordHead, Step, render_record

ARTICLES_BESIDE = 5
HELD = (TicketState.ASSIGNED, TicketState.WAITING)
ENDED = {TicketState.RESOLVED, TicketState.CLOSED}


@page("<int:ticket_id>/", name="tickets-ticket", clause="S1.2", permission=Permission.TICKET_VIEW)
def ticket(request: Request, ticket_id: int) -> HttpResponse:
    return show_ticket(request, ticket_id)


def show_ticket(request: Request, ticket_id: int) -> HttpResponse:
    """The record as a page."""
    found = ticket_record(request.actor, ticket_id)
    if found is None:
        raise Http404
    row = found.ticket
    unfinished = row.state in UNFINISHED
    may_handle = request.actor.may(Permission.TICKET_HANDLE)
    wanted = request.GET.get("product", "").strip()
    talk, cases = _talk(request, found), _cases(request, found)
    articles, _ = articles_page(
        request.actor, text=found.text, kind=row.kind, shop_id=row.shop_id, limit=ARTICLES_BESIDE
    )
    return render_record(
        request,
        "tickets/ticket.html",
        _head(request, found, talk),
        timeline=_timeline(found),
        live="tickets",
        found=found,
        row=row,
        order=found.order,
        may_handle=may_handle,
        may_correct=may_handle and unfinished,
        may_resolve=may_handle and row.state in HELD,
        is_pre_sale=row.stage == Stage.PRE_SALE and unfinished,
        classify=FormState(values={"kind": row.kind, "priority": row.priority}),
        resolve=FormState(values={"resolution": request.GET.get("resolution", Resolution.ANSWERED)}),
        noting=FormState(values={"note_ref": uuid4().hex}),
        passing=FormState(),
        kinds=words_of(TicketKind),
        priorities=words_of(Priority),
        resolutions=words_of(Resolution, [r for r in Resolution if r != Resolution.DUPLICATE]),
        agents=agent_choices(request.actor),
        suggested=LABELS[TicketKind][TicketKind(row.suggested_kind)].text,
        replies=filled_replies(request.actor, row) if may_handle and unfinished else [],
        articles=articles,
        wanted_product=wanted,
        cards=product_cards(wanted),
        helps=_helps(request, found),
        talk=talk,
        cases=cases,
        **asking_of(request, found),
        change_url=_change_url(request, found),
        reply_first=may_handle and row.state in HELD and row.first_reply_at is None,
        earlier=found.earlier,
    )


def _change_url(request: Request, found: TicketRecord) -> str:
    """Where a change of the address is filed for this ticket."""
    if found.order is None or not request.actor.may(Permission.CHANGE_REQUEST):
        return ""
    return f"{reverse('tickets-change-order', args=[found.order.id])}?kind=address&ticket={found.ticket.pk}"


@dataclass(frozen=True, slots=True)
class Talk:
    """Where the customer is, or was, spoken with."""

    url: str
    is_over: bool


def _talk(request: Request, found: TicketRecord) -> Talk | None:
    """The ticket's conversation, for whoever may go there; about a colleague's question the one the buyer is in."""
    if not may_open(request.actor, "conversations-desk"):
        return None
    row = found.ticket
    if is_asked(row.external_ref):
        talk = service_beside().open_talk_of(request.actor, row.shop_id, row.subject_id)
    else:
        talk = service_beside().conversation_of(request.actor, row.pk)
    if not talk:
        return None
    return Talk(f"{reverse('conversations-desk')}?open={talk}", service_beside().is_over(talk))


def _cases(request: Request, found: TicketRecord) -> Sequence[CaseBeside]:
    """The after-sale cases of the ticket's order, for whoever may open them."""
    if found.order is None or not may_open(request.actor, "aftersale-case"):
        return ()
    return service_beside().cases_of(request.actor, found.order.id)


def _head(request: Request, found: TicketRecord, talk: Talk | None) -> RecordHead:
    row = found.ticket
    badges = [Badge(LABELS[Stage][Stage(row.stage)].text, LABELS[Stage][Stage(row.stage)].tone)]
    if is_asked(row.external_ref):
        badges.append(Badge(COLLEAGUE_ASKS, "blue", "users"))
    else:
        badges.append(Badge(LABELS[TicketKind][TicketKind(row.kind)].text, "blue", "tag"))
        badges.append(Badge(LABELS[Channel][Channel(row.channel)].text))
    if row.priority != Priority.NORMAL:
        priority = LABELS[Priority][Priority(row.priority)]
        badges.append(Badge(priority.text, priority.tone, "flame"))
    if row.reopened_count:
        badges.append(Badge(T("重开 {n} 次", "Reopened {n}×").format(n=row.reopened_count), "amber"))
    actions = _actions(request, found)
    if talk:
        over = T("查看会话（已结束）", "See the conversation (over)")
        words = over if talk.is_over else T("打开会话", "Open the conversation")
        # While the customer has no answer, speaking with them is what is to be done.
        first = 0 if row.state in HELD and row.first_reply_at is None and not talk.is_over else 1
        actions.insert(first, Action(words, talk.url, method="get", icon="messages"))
    return RecordHead(
        title=T("工单", "Ticket"),
        number=found.number,
        back="tickets-tickets",
        state=TicketState(row.state),
        clause="S1.2",
        due_at=row.next_due_at if row.state in (TicketState.OPEN, TicketState.ASSIGNED) else None,
        badges=tuple(badges),
        primary=actions[0] if actions else None,
        secondary=tuple(actions[1:3]),
        more=tuple(actions[3:]),
        steps=(
            Step(T("创建", "Opened"), "done", row.opened_at),
            Step(T("分派", "Assigned"), "done" if row.first_assigned_at else "now", row.first_assigned_at),
            Step(T("首次回复", "First reply"), _reached(row.first_reply_at, row.first_assigned_at), row.first_reply_at),
            Step(T("解决", "Resolved"), _reached(row.resolved_at, row.first_reply_at), row.resolved_at),
            Step(T("关闭", "Closed"), _reached(row.closed_at, row.resolved_at), row.closed_at),
        ),
    )


def _reached(at: datetime | None, before: datetime | None) -> Literal["done", "now", "next"]:
    return "done" if at else "now" if before else "next"


def _actions(request: Request, found: TicketRecord) -> list[Action]:
    """What the viewer may do with the ticket as it is; the first stands out."""
    row, may = found.ticket, request.actor.may
    mine = found.agent_person_id == request.actor.id or may(Permission.TICKET_ASSIGN)

    def act(name: str, label: T, icon: str, **more: Any) -> Action:
        return Action(label, reverse(f"tickets-{name}", args=[row.pk]), icon=icon, **more)

    actions: list[Action] = []
    if row.state == TicketState.OPEN and may(Permission.TICKET_HANDLE):
        actions.append(act("take", T("领取", "Take"), "hand-grab"))
    if row.state == TicketState.OPEN and may(Permission.TICKET_ASSIGN):
        actions.append(act("assign", T("自动分派", "Assign by the rules"), "users"))
    if row.state in HELD and may(Permission.TICKET_HANDLE) and mine:
        if not row.first_reply_at:
            reached = T("已联系买家", "I have reached the buyer")
            words = reached if is_asked(row.external_ref) else T("已回复客户", "I have replied")
            actions.append(act("replied", words, "message-reply"))
        if row.state == TicketState.WAITING:
            actions.append(act("resume", T("客户已回复", "The customer answered"), "player-play"))
        elif row.first_reply_at:
            actions.append(act("wait", T("等客户回复", "Wait for the customer"), "hourglass"))
    if row.state == TicketState.RESOLVED and may(Permission.TICKET_ASSIGN):
        actions.append(act("close", T("关闭", "Close"), "circle-check"))
    if row.state in (TicketState.RESOLVED, TicketState.CLOSED) and may(Permission.TICKET_HANDLE):
        why = T("为什么重新打开？", "Why is it reopened?")
        actions.append(act("reopen", T("重新打开", "Reopen"), "refresh", ask=why))
    return actions


def _helps(request: Request, found: TicketRecord) -> list[Action]:
    """S2.2: what can be done for the order, decided by where it really is."""
    order, may, row = found.order, request.actor.may, found.ticket
    if order is None or row.state not in UNFINISHED:
        return []
    under_way = any(change.ended_at is None for change in found.changes)
    if found.way in (Way.BEFORE_RELEASE, Way.FROM_WAREHOUSE) and may(Permission.CHANGE_REQUEST):
        busy = T("已有一项变更在办理", "A change is under way already") if under_way else None
        url = reverse("tickets-change-order", args=[order.id])
        return [
            Action(T("改收货地址", "Change the address"), f"{url}?kind=address&ticket={row.pk}", method="get",
                   icon="map-pin", why_not=busy),
            Action(T("取消订单", "Cancel the order"), f"{url}?kind=cancel&ticket={row.pk}", method="get", icon="ban",
                   why_not=busy),
        ]  # fmt: skip
    if found.way == Way.INTERCEPTION and may(Permission.INTERCEPTION_REQUEST):
        stopping = {i.parcel_id for i in found.interceptions if i.ended_at is None}
        return [
            Action(
                T("拦截包裹 {no}", "Intercept {no}").format(no=parcel.number),
                f"{reverse('tickets-intercept', args=[parcel.id])}?ticket={row.pk}",
                method="get",
                icon="hand-stop",
                why_not=T("拦截已在办理", "An interception is under way") if parcel.id in stopping else None,
            )
            for parcel in found.parcels
            if parcel.number
        ]
    if found.way == Way.TOO_LATE and may_open(request.actor, "aftersale-new"):
        url = f"{reverse('aftersale-new')}?order={order.number}&ticket={row.pk}"
        return [Action(T("新建售后单", "Open an after-sale case"), url, method="get", icon="plus")]
    return []


def _timeline(found: TicketRecord) -> list[Happening]:
    """From opening to closing, with notes, waits, products shown, changes and interceptions."""
    row = found.ticket
    happenings = [Happening(row.opened_at, T("工单创建", "Opened"))]
    if row.first_assigned_at:
        happenings.append(Happening(row.first_assigned_at, T("首次分派", "First assigned"), found.agent))
    if row.first_reply_at:
        happenings.append(Happening(row.first_reply_at, T("首次人工回复", "First human reply"), tone="green"))
    for since, until in found.waits:
        happenings.append(Happening(since, T("等待客户回复，计时暂停", "Waiting for the customer; the clock stands")))
        if until:
            happenings.append(Happening(until, T("计时恢复", "The clock runs again")))
    for note in found.notes:
        hidden = str(T("（加密保存）", "(kept sealed)"))
        happenings.append(Happening(note.made_at, T("内部备注", "Note"), note.who, note.text or hidden, "note"))
    for offer in found.offers:
        happenings.append(Happening(offer.shown_at, T("推荐商品", "Product shown"), note=f"{offer.name} {offer.code}"))
    for change in reversed(found.changes):
        happenings.append(Happening(change.requested_at, T("申请改单", "Change requested"), kind="outside"))
        if change.ended_at:
            happenings.append(Happening(change.ended_at, T("改单结束", "Change ended"), kind="outside"))
    for stopped in reversed(found.interceptions):
        happenings.append(Happening(stopped.requested_at, T("申请拦截", "Interception requested"), kind="outside"))
        if stopped.ended_at:
            happenings.append(Happening(stopped.ended_at, T("拦截结束", "Interception ended"), kind="outside"))
    if row.converted_at:
        happenings.append(Happening(row.converted_at, T("咨询转化为订单", "Became an order"), tone="green"))
    return happenings + [_ended_or_reopened(move) for move in found.moves if {move.was, move.became} & ENDED]


def _ended_or_reopened(move: MoveLine) -> Happening:
    """A ticket's end, or that it was taken up again, by whom and why."""
    who = move.who or str(T("系统", "System"))
    if move.became == TicketState.RESOLVED:
        return Happening(move.at, T("已解决", "Resolved"), who, tone="green")
    if move.became == TicketState.CLOSED:
        return Happening(move.at, T("已关闭", "Closed"), who)
    return Happening(move.at, T("重新打开", "Reopened"), who, move.why, tone="amber")
