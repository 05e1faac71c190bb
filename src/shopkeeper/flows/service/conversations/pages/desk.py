"""The desk of customer service: queue, conversation, context. The page loads once; the rest is asked for as JSON."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.urls import reverse

from shopkeeper.flows.service.conversations.commands.end_conversations import EndConversation, end_conversations
from shopkeeper.flows.service.conversations.commands.hand_over_conversations import (
    HandOver,
    TakeOver,
    hand_over_conversations,
    take_over_conversations,
)
from shopkeeper.flows.service.conversations.commands.keep_pictures import keep_upload
from shopkeeper.flows.service.conversations.commands.log_calls import LogCall, log_calls
from shopkeeper.flows.service.conversations.commands.record_deliveries import ResendReply, resend_replies
from shopkeeper.flows.service.conversations.commands.send_replies import SendReply, send_replies
from shopkeeper.flows.service.conversations.permissions import Permission
from shopkeeper.flows.service.conversations.queries import attendance, context, desk, supervision
from shopkeeper.flows.service.conversations.states import Channel
from shopkeeper.flows.service.conversations.words import ENDINGS
from shopkeeper.flows.service.tickets.commands.set_presence import SetPresence, set_presence
from shopkeeper.flows.service.tickets.permissions import Permission as Tickets
from shopkeeper.flows.service.tickets.queries.changes import change_under_way, order_lacking_change
from shopkeeper.flows.service.tickets.states import Presence
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.files import REFUSALS, FileRefused
from shopkeeper.shared.outcomes import Outcome, refused
from shopkeeper.shared.words import T
from shopkeeper.web.labels import label_of, outcome_text
from shopkeeper.web.pages import MenuEntry, Request, may_open, page, render_page

VIEW = Permission.CONVERSATION_VIEW
REPLY = Permission.CONVERSATION_REPLY
PRESENCES = {
    Presence.AVAILABLE: T("在线", "Available"),
    Presence.BUSY: T("忙碌", "Busy"),
    Presence.AWAY: T("小休", "Away"),
    Presence.OFFLINE: T("离线", "Off duty"),
}


@page(
    "desk/",
    name="conversations-desk",
    clause="S1.1",
    permission=VIEW,
    menu=MenuEntry(T("接待台", "Desk"), section="service", order=10),
)
def desk_page(request: Request) -> HttpResponse:
    """The three panes; `?open=` opens a conversation."""
    mine = desk.own_agent(request.actor)
    return render_page(
        request,
        "conversations/desk.html",
        {
            "title": T("接待台", "Desk"),
            "presences": [(str(value), text) for value, text in PRESENCES.items()],
            "mine": mine,
            "endings": [(str(value), text) for value, text in ENDINGS.items()],
            "may_supervise": request.actor.may(Permission.CONVERSATION_SUPERVISE),
            "may_reply": request.actor.may(REPLY),
        },
    )


@page("desk/queue/", name="conversations-queue", clause="S1.1", permission=VIEW)
def queue(request: Request) -> HttpResponse:
    """Whom one has and who waits, the nearest due first; with today's share."""
    whose = "all" if request.GET.get("whose") == "all" else "mine"
    mine = desk.own_agent(request.actor)
    share = supervision.share_of(supervision.today(request.actor, business_time.now()))
    items = [
        {
            **asdict(item),
            "channel_text": str(label_of(item.channel, "Channel").text),
            "state_text": str(label_of(item.state, "ConversationState").text),
        }
        for item in desk.queue(request.actor, whose=whose)
    ]
    return _json(
        {
            "items": items,
            "me": asdict(mine) if mine else None,
            "share": None if share is None else round(share * 100, 1),
            "now": int(business_time.now().timestamp() * 1000),
        }
    )


@page("desk/talks/<int:conversation_id>/", name="conversations-talk", clause="S1.1", permission=VIEW)
def talk(request: Request, conversation_id: int) -> HttpResponse:
    """One conversation with its lines behind `after`."""
    found = _found(request, conversation_id)
    after = request.GET.get("after", "0")
    lines = desk.lines(conversation_id, int(after) if after.isdecimal() and len(after) < 10 else 0)
    return _json(
        {
            "talk": {
                **asdict(found),
                "channel_text": str(label_of(found.channel, "Channel").text),
                "state_text": str(label_of(found.state, "ConversationState").text),
                "is_open": found.is_open,
                "may_write": found.is_open and found.channel != Channel.PHONE and request.actor.may(REPLY),
                "rings": found.channel == Channel.PHONE and found.is_open and found.replied_at is None,
                "waited_s": found.waited_s,
                "is_late": found.is_late,
            },
            "lines": [asdict(line) for line in lines],
            "undelivered": desk.undelivered(conversation_id),
        }
    )


@page("desk/talks/<int:conversation_id>/context/", name="conversations-context", clause="S1.1", permission=VIEW)
def context_pane(request: Request, conversation_id: int) -> HttpResponse:
    """The customer, their orders, parcels and earlier matters, as a fragment."""
    found = _found(request, conversation_id)
    known = context.context_of(request.actor, found)
    view = {
        "talk": found,
        "context": known,
        "orders": [(o, known.parcels.get(o.id, [])) for o in known.orders],
        **_lacks_change(request, found.ticket_id),
    }
    return render_page(request, "conversations/context.html", view)


@page(
    "desk/talks/<int:conversation_id>/say/",
    name="conversations-say",
    clause="S1.1",
    permission=REPLY,
    methods=("POST",),
)
def say(request: Request, conversation_id: int) -> HttpResponse:
    """Send one line: {"client_id", "text", "picture_id"?, "sku_id"?}. The same client id is sent once."""
    body = _body(request)
    item = SendReply(
        conversation_id,
        str(body.get("client_id") or "")[:70] or "-",
        str(body.get("text") or "")[:20_000],
        body["picture_id"] if isinstance(body.get("picture_id"), int) else None,
        body["sku_id"] if isinstance(body.get("sku_id"), int) else None,
    )
    return _answer(send_replies(request.actor, [item]))


@page(
    "desk/talks/<int:conversation_id>/take-call/",
    name="conversations-take-call",
    clause="S1.1",
    permission=Permission.CALL_LOG,
    methods=("POST",),
)
def take_call(request: Request, conversation_id: int) -> HttpResponse:
    """The actor takes the ringing call now."""
    found = _found(request, conversation_id)
    call = desk.ringing(found.id)
    if call is None:
        return _answer([refused("call_over", found.id)])
    return _answer(log_calls(request.actor, [LogCall(call[0], call[1], answered_at=business_time.now())]))


@page(
    "desk/talks/<int:conversation_id>/attend/",
    name="conversations-attend",
    clause="S1.1",
    permission=REPLY,
    methods=("POST",),
)
def attend(request: Request, conversation_id: int) -> HttpResponse:
    """Tell colleagues that one is looking or replying; forgotten after some seconds, kept nowhere."""
    found = _found(request, conversation_id)
    attendance.announce(request.actor, found, str(_body(request).get("doing", "")))
    return HttpResponse(status=204)


@page(
    "desk/talks/<int:conversation_id>/pictures/",
    name="conversations-send-picture",
    clause="S1.1",
    permission=REPLY,
    methods=("POST",),
)
def send_picture(request: Request, conversation_id: int) -> HttpResponse:
    """Keep a picture for this conversation's customer; its id goes with the line that sends it."""
    found = _found(request, conversation_id)
    upload = request.FILES.get("file")
    if upload is None or upload.file is None:
        raise Http404
    try:
        outcome = keep_upload(SYSTEM, found.shop_id, desk.customer_of(found.id), upload.file)
    except FileRefused as refusal:
        words = str(REFUSALS[refusal.code].format(**refusal.facts))
        return _json({"ok": False, "code": refusal.code, "words": words}, status=422)
    return _json({"ok": outcome.ok, "code": outcome.code, "picture_id": outcome.id})


@page(
    "desk/talks/<int:conversation_id>/pictures/<int:picture_id>/",
    name="conversations-picture",
    clause="S1.1",
    permission=VIEW,
)
def picture(request: Request, conversation_id: int, picture_id: int) -> HttpResponse:
    found = desk.picture_in(request.actor, conversation_id, picture_id)
    if found is None:
        raise Http404
    response = HttpResponse(found.content, content_type=f"image/{found.kind}")
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Disposition"] = f'inline; filename="picture.{found.kind}"'
    return response


@page(
    "desk/talks/<int:conversation_id>/take-over/",
    name="conversations-take-over",
    clause="S1.1",
    permission=Permission.CONVERSATION_SUPERVISE,
    methods=("POST",),
)
def take_over(request: Request, conversation_id: int) -> HttpResponse:
    return _answer(take_over_conversations(request.actor, [TakeOver(conversation_id)]))


@page(
    "desk/talks/<int:conversation_id>/hand-over/",
    name="conversations-hand-over",
    clause="S1.1",
    permission=REPLY,
    methods=("POST",),
)
def hand_over(request: Request, conversation_id: int) -> HttpResponse:
    """{"agent_id"}: to a colleague; null: back in the queue."""
    agent_id = _body(request).get("agent_id")
    item = HandOver(conversation_id, agent_id if isinstance(agent_id, int) else None)
    return _answer(hand_over_conversations(request.actor, [item]))


@page(
    "desk/talks/<int:conversation_id>/end/",
    name="conversations-end",
    clause="S1.1",
    permission=REPLY,
    methods=("POST",),
)
def end(request: Request, conversation_id: int) -> HttpResponse:
    body = _body(request)
    ending = body.get("ending") if body.get("ending") in ENDINGS else "solved"
    item = EndConversation(conversation_id, ending, bool(body.get("resolves_ticket")))  # type: ignore[arg-type]
    return _answer(end_conversations(request.actor, [item]))


@page(
    "desk/messages/<int:message_id>/resend/",
    name="conversations-resend",
    clause="S1.1",
    permission=REPLY,
    methods=("POST",),
)
def resend(request: Request, message_id: int) -> HttpResponse:
    return _answer(resend_replies(request.actor, [ResendReply(message_id)]))


@page(
    "desk/presence/",
    name="conversations-presence",
    clause="S1.1",
    permission=Tickets.PRESENCE_SET,
    methods=("POST",),
)
def presence(request: Request) -> HttpResponse:
    wanted = _body(request).get("presence")
    if wanted not in set(PRESENCES):
        raise Http404
    return _answer(set_presence(request.actor, [SetPresence(Presence(wanted))]))


@page("desk/colleagues/", name="conversations-colleagues", clause="S1.1", permission=REPLY)
def colleagues(request: Request) -> HttpResponse:
    """Whom a conversation may be handed to."""
    found = desk.colleagues(request.actor)
    rows = [{**asdict(c), "presence_text": str(PRESENCES[Presence(c.presence)])} for c in found]
    return _json({"colleagues": rows})


@page("desk/talks/<int:conversation_id>/sayings/", name="conversations-sayings", clause="S2.1", permission=REPLY)
def sayings(request: Request, conversation_id: int) -> HttpResponse:
    """What may be said: canned replies, products and knowledge that match `q`."""
    found, text = _found(request, conversation_id), request.GET.get("q", "").strip()[:60]
    return _json(
        {
            "sayings": [asdict(row) for row in context.sayings(request.actor, found, text)],
            "goods": [asdict(row) for row in context.goods(text)] if text else [],
            "knowledge": [asdict(row) for row in context.knowledge(request.actor, found, text)] if text else [],
        }
    )


def _lacks_change(request: Request, ticket_id: int | None) -> dict[str, Any]:
    """A change of address that was asked for and never filed: where it is filed, or what has to end first."""
    order_id = order_lacking_change(ticket_id) if ticket_id else None
    if order_id is None:
        return {}
    if other := change_under_way(request.actor, order_id):
        return {"other_change": other}
    if not may_open(request.actor, "tickets-change-order"):
        return {}
    url = reverse("tickets-change-order", args=[order_id])
    return {"lacks_change_url": f"{url}?kind=address&ticket={ticket_id}"}


def _found(request: Request, conversation_id: int) -> desk.DeskConversation:
    found = desk.conversation(request.actor, conversation_id)
    if found is None:
        raise Http404
    return found


def _body(request: Request) -> dict[str, Any]:
    try:
        body = json.loads(request.body or b"{}")
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _answer(outcomes: Sequence[Outcome]) -> HttpResponse:
    """One outcome for the island: refused with its words."""
    outcome = outcomes[0]
    words = "" if outcome.ok else outcome_text(outcome)
    return _json(
        {"ok": outcome.ok, "code": outcome.code, "id": outcome.id, "words": words, **outcome.facts},
        status=200 if outcome.ok else 422,
    )


def _json(body: dict[str, Any], status: int = 200) -> HttpResponse:
    return JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False, "default": str})
