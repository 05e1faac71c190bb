"""S1.1 for supervisors: who talks with whom, whose clock runs out, how the ten seconds are kept today."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.http import HttpResponse

from shopkeeper.flows.service.conversations.commands.hand_over_conversations import (
    TakeOver,
    take_over_conversations,
)
from shopkeeper.flows.service.conversations.permissions import Permission
from shopkeeper.flows.service.conversations.queries import desk, supervision
from shopkeeper.flows.service.tickets.states import Presence
from shopkeeper.foundation import business_time
from shopkeeper.shared.words import T
from shopkeeper.web.board import Tile, render_board
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.labels import label_of
from shopkeeper.web.pages import MenuEntry, Request, page

GOOD_SHARE = 0.9


@page(
    "supervision/",
    name="conversations-supervision",
    clause="S1.1",
    permission=Permission.CONVERSATION_SUPERVISE,
    menu=MenuEntry(T("接待监控", "Supervision"), section="service", order=20),
)
def supervision_page(request: Request) -> HttpResponse:
    now = business_time.now()
    promises = supervision.today(request.actor, now)
    talks = desk.queue(request.actor, whose="all")
    staff = supervision.staff(request.actor, now)
    return render_board(
        request,
        "conversations/supervision.html",
        title=T("接待监控", "Supervision"),
        clause="S1.1",
        live="conversations",
        tiles=_tiles(promises, talks, staff),
        promises=promises,
        talks=talks,
        staff=[(row, label_of(row.presence, "Presence"), _seconds(row.longest, now)) for row in staff],
        has_agent=desk.own_agent(request.actor) is not None,
    )


def _seconds(since: datetime | None, now: datetime) -> int | None:
    return None if since is None else int((now - since) / timedelta(seconds=1))


def _tiles(
    promises: Sequence[supervision.Promise], talks: Sequence[desk.QueueItem], staff: Sequence[supervision.StaffRow]
) -> list[Tile]:
    share = supervision.share_of(promises)
    queued = [talk for talk in talks if talk.state == "queued"]
    waiting = [talk for talk in talks if talk.waits]
    there = [row for row in staff if row.presence in (Presence.AVAILABLE, Presence.BUSY)]
    tone = "" if share is None else "green" if share >= GOOD_SHARE else "red"
    return [
        Tile(
            T("今日按时首次回复", "First words in time today"),
            "–" if share is None else f"{share * 100:.1f}",
            unit="" if share is None else "%",
            tone=tone,
            note=T("到期未复计为未达标", "Overdue and unanswered counts as missed"),
        ),
        Tile(T("进行中的会话", "Conversations"), len(talks), tone=""),
        Tile(T("排队中", "In the queue"), len(queued), tone="amber" if queued else ""),
        Tile(T("客户在等", "Customers waiting"), len(waiting), tone="amber" if waiting else ""),
        Tile(T("在岗客服", "Agents there"), len(there), tone="red" if talks and not there else ""),
    ]


@page(
    "supervision/<int:conversation_id>/take-over/",
    name="conversations-supervise",
    clause="S1.1",
    permission=Permission.CONVERSATION_SUPERVISE,
    methods=("POST",),
)
def supervise(request: Request, conversation_id: int) -> HttpResponse:
    """Take a conversation into one's own hand, from the board."""
    outcomes = run_once(request, take_over_conversations, [TakeOver(conversation_id)])
    return answer_outcomes(request, outcomes, done=T("会话已接管", "You have the conversation now"), emits=["sk:board"])
