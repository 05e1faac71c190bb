"""S2.2: the order desk asks customer service to reach an order's buyer."""

from typing import Any

from django.http import Http404, HttpResponse

from shopkeeper.flows.service.tickets.commands.ask_service import AskService, ask_service
from shopkeeper.flows.service.tickets.permissions import Permission
from shopkeeper.flows.service.tickets.queries.changes import change_under_way, order_in_shops, order_lacking_change
from shopkeeper.flows.service.tickets.queries.record import TicketRecord
from shopkeeper.flows.service.tickets.rules.asking import is_asked
from shopkeeper.flows.service.tickets.states import TicketKind
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.pages import Request, page

# What is asked because of an order's exception is filed as; anything else is left to whoever takes it.
KINDS = {
    "address_incomplete": TicketKind.ADDRESS_CHANGE,
    "address_unreachable": TicketKind.ADDRESS_CHANGE,
    "bad_phone": TicketKind.ADDRESS_CHANGE,
    "damaged_piece": TicketKind.SHIPPING,
    "cancelled": TicketKind.CANCEL,
}


def asking_of(request: Request, found: TicketRecord) -> dict[str, Any]:
    """What the ticket's page shows of a colleague's question: a customer has asked nothing there, so nothing is to be
    classified, and no change was wished."""
    is_question = is_asked(found.ticket.external_ref)
    lacking = None if is_question else order_lacking_change(found.ticket.pk)
    other_change = change_under_way(request.actor, lacking) if lacking else None
    return {
        "is_asked": is_question,
        "question": found.notes[0] if is_question and found.notes else None,
        "may_read_notes": is_question and request.actor.may(Permission.TICKET_ASK),
        "lacks_answer": is_question and len(found.notes) <= 1,
        "lacks_change": lacking is not None and other_change is None,
        "other_change": other_change,
    }


@page(
    "orders/<int:order_id>/ask/",
    name="tickets-ask",
    clause="S1.2",
    permission=Permission.TICKET_ASK,
    methods=("POST",),
)
def ask(request: Request, order_id: int) -> HttpResponse:
    if order_in_shops(request.actor, order_id) is None:
        raise Http404
    reason = request.POST.get("reason", "").replace("\x00", "").strip()[:300]
    kind = KINDS.get(request.POST.get("code", ""), TicketKind.OTHER)
    outcomes = run_once(request, ask_service, [AskService(order_id, reason, kind)])
    words = T("已建工单，客服会联系买家", "A ticket is open; customer service reaches the buyer")
    return answer_outcomes(request, outcomes, done=words, emits=("sk:tickets",))
