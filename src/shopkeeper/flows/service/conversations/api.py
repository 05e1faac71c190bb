"""Reads of conversations for programs: the queue, conversations, their lines, calls, and how the seconds are kept."""

from dataclasses import asdict
from datetime import date, time, timedelta
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router

from shopkeeper.flows.service.conversations.permissions import Permission
from shopkeeper.flows.service.conversations.queries import desk, supervision
from shopkeeper.flows.service.conversations.queries.lists import ConversationFilter, calls_page, conversations_page
from shopkeeper.flows.service.conversations.schemas import (
    AgentAnswer,
    Calls,
    ConversationAnswer,
    Conversations,
    LineAnswer,
    PromiseAnswer,
    QueueAnswer,
)
from shopkeeper.foundation import business_time
from shopkeeper.shared.clock import at_time
from shopkeeper.web.visitor import program

router = Router()
PAGE = 200


@router.get("/queue", response=list[QueueAnswer], operation_id="list_chat_queue")
def queue(request: HttpRequest, whose: str = "all") -> list[dict[str, Any]]:
    """Open conversations, the nearest due first: `all`, or `mine` with what nobody has."""
    viewer = program(request, Permission.CONVERSATION_VIEW)
    return [asdict(item) for item in desk.queue(viewer, whose="mine" if whose == "mine" else "all")]


@router.get("/conversations", response=Conversations, operation_id="list_conversations")
def conversations(
    request: HttpRequest,
    tab: str = "all",
    channel: str = "",
    shop_id: int | None = None,
    text: str = "",
    after: str = "",
    limit: int = 50,
) -> dict[str, Any]:
    """Conversations, newest first; `tab`: all, open, late, missed. `text`: our number or a whole phone number."""
    viewer = program(request, Permission.CONVERSATION_VIEW)
    wanted = ConversationFilter(tab, channel, shop_id, text)
    rows, next_key = conversations_page(viewer, wanted, after=after, limit=min(max(limit, 1), PAGE))
    items = [{**asdict(row), "waited_s": row.waited_s, "is_late": row.is_late} for row in rows]
    return {"items": items, "next": next_key}


@router.get("/conversations/{conversation_id}", response=ConversationAnswer, operation_id="get_conversation")
def conversation(request: HttpRequest, conversation_id: int) -> dict[str, Any]:
    found = _found(request, conversation_id)
    return {**asdict(found), "waited_s": found.waited_s, "is_late": found.is_late}


@router.get("/conversations/{conversation_id}/lines", response=list[LineAnswer], operation_id="list_chat_lines")
def lines(request: HttpRequest, conversation_id: int, after: int = 0) -> list[dict[str, Any]]:
    """Lines behind a sequence, oldest first."""
    _found(request, conversation_id)
    return [asdict(line) for line in desk.lines(conversation_id, after)]


@router.get("/promises/{day}", response=list[PromiseAnswer], operation_id="list_first_word_promises")
def promises(request: HttpRequest, day: date) -> list[dict[str, Any]]:
    """How each channel kept its seconds on one of the shop's days."""
    viewer = program(request, Permission.CONVERSATION_VIEW)
    since = at_time(day, time(0))
    found = supervision.promises(viewer, since, since + timedelta(days=1), business_time.now())
    return [{**asdict(row), "share": row.share} for row in found]


@router.get("/agents", response=list[AgentAnswer], operation_id="list_chat_agents")
def agents(request: HttpRequest) -> list[dict[str, Any]]:
    """Agents with what they have in hand and how they kept their seconds today."""
    viewer = program(request, Permission.CONVERSATION_SUPERVISE)
    return [asdict(row) for row in supervision.staff(viewer, business_time.now())]


@router.get("/calls", response=Calls, operation_id="list_calls")
def calls(request: HttpRequest, phone: str = "", after: str = "", limit: int = 50) -> dict[str, Any]:
    """Calls, newest first; `phone` finds a caller by the whole number."""
    viewer = program(request, Permission.CALL_LOG)
    rows, next_key = calls_page(viewer, text=phone, after=after, limit=min(max(limit, 1), PAGE))
    items = [{**asdict(row), "waited_s": row.waited_s, "is_late": row.is_late} for row in rows]
    return {"items": items, "next": next_key}


def _found(request: HttpRequest, conversation_id: int) -> desk.DeskConversation:
    found = desk.conversation(program(request, Permission.CONVERSATION_VIEW), conversation_id)
    if found is None:
        raise Http404
    return found
