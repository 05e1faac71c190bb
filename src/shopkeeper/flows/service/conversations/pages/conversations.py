"""Conversations past and present: the list, and one as a record with its clock and all that was said."""

from django.http import Http404, HttpResponse

from shopkeeper.flows.service.conversations.permissions import Permission
from shopkeeper.flows.service.conversations.queries import desk
from shopkeeper.flows.service.conversations.queries.lists import (
    ConversationFilter,
    conversation_counts,
    conversations_page,
    shops_of,
)
from shopkeeper.flows.service.conversations.states import Channel, ConversationState
from shopkeeper.flows.service.conversations.words import LABELS
from shopkeeper.shared.words import T
from shopkeeper.web.listing import Column, Filter, Listing, Tab
from shopkeeper.web.pages import MenuEntry, Request, page
from shopkeeper.web.record import Badge, Happening, RecordHead, Step, render_record

CONVERSATIONS = Listing(
    key="conversations",
    title=T("会话记录", "Conversations"),
    clause="S1.1",
    record="conversations-record",
    columns=(
        Column("number", T("会话号", "No."), always=True),
        Column("state", T("状态", "State")),
        Column("contact", T("客户", "Customer")),
        Column("channel", T("渠道", "Channel")),
        Column("shop", T("店铺", "Shop")),
        Column("agent", T("客服", "Agent")),
        Column("opened", T("来询时间", "Opened")),
        Column("waited", T("首次回复", "First word"), align="end"),
        Column("ending", T("结束方式", "Ending")),
        Column("due", T("回复时限", "Due")),
    ),
    tabs=(
        Tab("open", T("进行中", "Open"), tone="amber"),
        Tab("late", T("超时回复", "Late"), counted=False),
        Tab("missed", T("未得到回复", "Never answered"), counted=False),
        Tab("all", T("全部", "All"), counted=False),
    ),
    filters=(
        Filter("channel", T("渠道", "Channel"), choices=[(str(c), LABELS[Channel][c].text) for c in Channel]),
        Filter("shop", T("店铺", "Shop")),
    ),
    search=T("会话号，或客户的完整手机号", "Number, or the customer's whole phone number"),
    live="conversations",
    arrivals="conversations.conversation_opened",
)


@page(
    "talks/",
    name="conversations-list",
    clause="S1.1",
    permission=Permission.CONVERSATION_VIEW,
    menu=MenuEntry(T("会话记录", "Conversations"), section="service", order=40),
)
def conversations(request: Request) -> HttpResponse:
    asked = CONVERSATIONS.read(request)
    if asked.counting:
        return CONVERSATIONS.counters(request, conversation_counts(request.actor))
    shop = str(asked.filters.get("shop", ""))
    wanted = ConversationFilter(
        tab=asked.tab,
        channel=str(asked.filters.get("channel", "")),
        shop_id=int(shop) if shop.isdecimal() else None,
        text=asked.text,
    )
    rows, next_key = conversations_page(request.actor, wanted, after=asked.after, limit=asked.limit)
    return CONVERSATIONS.render(
        request,
        asked,
        "conversations/conversations.html",
        rows=rows,
        next_key=next_key,
        choices={"shop": shops_of(request.actor)},
    )


@page(
    "talks/<int:conversation_id>/",
    name="conversations-record",
    clause="S1.1",
    permission=Permission.CONVERSATION_VIEW,
)
def conversation(request: Request, conversation_id: int) -> HttpResponse:
    found = desk.conversation(request.actor, conversation_id)
    if found is None:
        raise Http404
    return render_record(
        request,
        "conversations/conversation.html",
        _head(found),
        timeline=_timeline(found),
        talk=found,
        lines=desk.lines(conversation_id),
    )


def _head(found: desk.DeskConversation) -> RecordHead:
    waits = found.is_open and found.replied_at is None
    badges = []
    if found.off_duty:
        badges.append(Badge(T("非值班时段来询", "Came off duty"), "blue", "moon"))
    if found.is_late:
        badges.append(Badge(T("首次回复超时", "First word late"), "red", "alert-triangle"))
    return RecordHead(
        title=T("会话", "Conversation"),
        number=found.number,
        back="conversations-list",
        state=ConversationState(found.state),
        clause="S1.1",
        due_at=found.due_at if waits else None,
        badges=tuple(badges),
        steps=(
            Step(T("来询", "Asked"), "done", found.waiting_from or found.opened_at),
            Step(T("首次人工回复", "First human word"), "done" if found.replied_at else "now", found.replied_at),
            Step(T("结束", "Ended"), "done" if found.ended_at else "next", found.ended_at),
        ),
    )


def _timeline(found: desk.DeskConversation) -> list[Happening]:
    system = str(T("系统", "System"))
    happenings = [Happening(found.opened_at, T("客户来询", "The customer spoke"), found.contact, kind="outside")]
    if found.greeted_at:
        happenings.append(Happening(found.greeted_at, T("自动问候", "Greeted automatically"), system))
    if found.replied_at:
        words = T("首次人工回复，用时 {n}", "First human word, after {n}")
        happenings.append(
            Happening(
                found.replied_at,
                words.format(n=found.waited_words),
                found.agent,
                tone="red" if found.is_late else "green",
            )
        )
    if found.ended_at:
        happenings.append(Happening(found.ended_at, T("会话结束", "Ended"), found.agent or system))
    return happenings
