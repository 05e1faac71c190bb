"""S1.2, S2.1: what is done to one ticket from its page: each one form, one command."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.http import Http404, HttpResponse
from django.urls import reverse

from shopkeeper.flows.service.tickets.commands.add_notes import AddNote, add_notes
from shopkeeper.flows.service.tickets.commands.assign_tickets import AssignTicket, assign_tickets
from shopkeeper.flows.service.tickets.commands.classify_tickets import ClassifyTicket, classify_tickets
from shopkeeper.flows.service.tickets.commands.end_tickets import (
    CloseTicket,
    ReopenTicket,
    ResolveTicket,
    close_tickets,
    reopen_tickets,
    resolve_tickets,
)
from shopkeeper.flows.service.tickets.commands.hand_over_tickets import HandOverTicket, hand_over_tickets
from shopkeeper.flows.service.tickets.commands.offer_products import OfferProduct, offer_products
from shopkeeper.flows.service.tickets.commands.take_tickets import TakeTicket, take_tickets
from shopkeeper.flows.service.tickets.commands.talk_on_tickets import (
    AwaitCustomer,
    NoteReply,
    ResumeTicket,
    await_customers,
    note_replies,
    resume_tickets,
)
from shopkeeper.flows.service.tickets.permissions import Permission
from shopkeeper.flows.service.tickets.queries.record import asked_of, lacking_answer
from shopkeeper.foundation.commands import Command
from shopkeeper.shared.outcomes import Outcome, refused
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import TOKEN_FIELD, answer_outcomes, run_once
from shopkeeper.web.form_reading import read_form
from shopkeeper.web.pages import Request, page

POST = ("POST",)


def _run(request: Request, ticket_id: int, command: Command[Any], item: Any, done: T) -> HttpResponse:
    """Run one command once and go back to the ticket with what came of it in words."""
    return _answer(request, ticket_id, run_once(request, command, [item]), done)


def _answer(request: Request, ticket_id: int, outcomes: Sequence[Outcome], done: T) -> HttpResponse:
    if any(outcome.code == "not_found" for outcome in outcomes):
        raise Http404
    return answer_outcomes(request, outcomes, done=done, to="tickets-ticket", args=(ticket_id,), emits=("sk:tickets",))


def _form(request: Request, ticket_id: int, command: Command[Any], item_type: type[Any], done: T) -> HttpResponse:
    """The same for a form with fields; what is not filled in rightly is said, and nothing done."""
    state = read_form(request.POST, item_type, {"ticket_id": ticket_id})
    if state.item is None:
        return _answer(request, ticket_id, [refused("form_incomplete")], done)
    return _run(request, ticket_id, command, state.item, done)


@page("<int:ticket_id>/take/", name="tickets-take", clause="S1.2", permission=Permission.TICKET_HANDLE, methods=POST)
def take(request: Request, ticket_id: int) -> HttpResponse:
    return _run(request, ticket_id, take_tickets, TakeTicket(ticket_id), T("已领取", "It is yours"))


@page(
    "<int:ticket_id>/assign/", name="tickets-assign", clause="S1.2", permission=Permission.TICKET_ASSIGN, methods=POST
)
def assign(request: Request, ticket_id: int) -> HttpResponse:
    return _run(request, ticket_id, assign_tickets, AssignTicket(ticket_id), T("已分派", "Assigned"))


@page(
    "<int:ticket_id>/classify/",
    name="tickets-classify",
    clause="S1.2",
    permission=Permission.TICKET_HANDLE,
    methods=POST,
)
def classify(request: Request, ticket_id: int) -> HttpResponse:
    words = T("类型已更正，系统会记住", "Corrected; the system learns from it")
    return _form(request, ticket_id, classify_tickets, ClassifyTicket, words)


@page(
    "<int:ticket_id>/replied/",
    name="tickets-replied",
    clause="S1.1",
    permission=Permission.TICKET_HANDLE,
    methods=POST,
)
def replied(request: Request, ticket_id: int) -> HttpResponse:
    return _run(request, ticket_id, note_replies, NoteReply(ticket_id), T("首次回复已记录", "First reply noted"))


@page("<int:ticket_id>/wait/", name="tickets-wait", clause="S1.2", permission=Permission.TICKET_HANDLE, methods=POST)
def wait(request: Request, ticket_id: int) -> HttpResponse:
    words = T("已暂停计时，等客户回复", "The clock stands until the customer answers")
    return _run(request, ticket_id, await_customers, AwaitCustomer(ticket_id), words)


@page(
    "<int:ticket_id>/resume/", name="tickets-resume", clause="S1.2", permission=Permission.TICKET_HANDLE, methods=POST
)
def resume(request: Request, ticket_id: int) -> HttpResponse:
    return _run(request, ticket_id, resume_tickets, ResumeTicket(ticket_id), T("计时恢复", "The clock runs again"))


@page(
    "<int:ticket_id>/resolve/",
    name="tickets-resolve",
    clause="S1.2",
    permission=Permission.TICKET_HANDLE,
    methods=POST,
)
def resolve(request: Request, ticket_id: int) -> HttpResponse:
    """Resolve, with the answer to a colleague's question where it is one; a refusal keeps how it was to be resolved."""
    words = T("工单已解决", "Resolved")
    state = read_form(request.POST, ResolveTicket, {"ticket_id": ticket_id})
    if state.item is None:
        return _answer(request, ticket_id, [refused("form_incomplete")], words)
    outcomes = _answered(request, ticket_id) or run_once(request, resolve_tickets, [state.item])
    if all(outcome.ok or outcome.code == "not_found" for outcome in outcomes):
        return _answer(request, ticket_id, outcomes, words)
    # Another address each time: a browser goes to one it is at already without asking for it anew.
    kept = urlencode({"resolution": state.item.resolution, "again": request.POST.get(TOKEN_FIELD, "")[:6]})
    back = f"{reverse('tickets-ticket', args=[ticket_id])}?{kept}#resolve"
    return answer_outcomes(request, outcomes, done=words, to=back, emits=("sk:tickets",))


def _answered(request: Request, ticket_id: int) -> list[Outcome]:
    """Note what is answered to a colleague; what is refused about it, if anything is. To tell what the buyer said, or
    that they could not be reached, is what was asked: it counts as the reply."""
    if ticket_id not in asked_of(request.actor, [ticket_id]):
        return []
    text = request.POST.get("answer", "").replace("\x00", "").strip()[:2_000]
    if not text:
        return [refused("answer_needed", ticket_id)] if lacking_answer(request.actor, [ticket_id]) else []
    replied = run_once(request, note_replies, [NoteReply(ticket_id)])
    if not all(outcome.ok for outcome in replied):
        return replied
    ref = f"answer-{request.POST.get(TOKEN_FIELD, '')[:40] or uuid4().hex}"
    noted = run_once(request, add_notes, [AddNote(ticket_id, ref, text)])
    return [outcome for outcome in noted if not outcome.ok]


@page("<int:ticket_id>/close/", name="tickets-close", clause="S1.2", permission=Permission.TICKET_ASSIGN, methods=POST)
def close(request: Request, ticket_id: int) -> HttpResponse:
    return _run(request, ticket_id, close_tickets, CloseTicket(ticket_id), T("工单已关闭", "Closed"))


@page(
    "<int:ticket_id>/reopen/", name="tickets-reopen", clause="S1.2", permission=Permission.TICKET_HANDLE, methods=POST
)
def reopen(request: Request, ticket_id: int) -> HttpResponse:
    return _form(request, ticket_id, reopen_tickets, ReopenTicket, T("工单已重新打开", "Reopened"))


@page(
    "<int:ticket_id>/hand-over/",
    name="tickets-hand-over",
    clause="S1.2",
    permission=Permission.TICKET_HANDLE,
    methods=POST,
)
def hand_over(request: Request, ticket_id: int) -> HttpResponse:
    return _form(request, ticket_id, hand_over_tickets, HandOverTicket, T("已转交", "Handed over"))


@page("<int:ticket_id>/note/", name="tickets-note", clause="S1.2", permission=Permission.TICKET_HANDLE, methods=POST)
def note(request: Request, ticket_id: int) -> HttpResponse:
    return _form(request, ticket_id, add_notes, AddNote, T("备注已保存", "Note kept"))


@page("<int:ticket_id>/offer/", name="tickets-offer", clause="S2.1", permission=Permission.TICKET_HANDLE, methods=POST)
def offer(request: Request, ticket_id: int) -> HttpResponse:
    words = T("已记录推荐，下单后计入转化", "Recorded; an order after it counts as converted")
    return _form(request, ticket_id, offer_products, OfferProduct, words)
