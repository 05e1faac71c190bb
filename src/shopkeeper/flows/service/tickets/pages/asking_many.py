"""S2.2: the order desk asks customer service to reach the buyers of several orders, each by a ticket of its own."""

from django.http import HttpResponse

from shopkeeper.flows.fulfilment.intake.forms import chosen_orders
from shopkeeper.flows.fulfilment.intake.pages.orders import MOST_AT_ONCE, ORDERS
from shopkeeper.flows.service.tickets.commands.ask_service import AskService, ask_service
from shopkeeper.flows.service.tickets.permissions import Permission
from shopkeeper.shared.outcomes import refused, signed
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.pages import Request, page


@page("orders/ask/", name="tickets-ask-orders", clause="S1.2", permission=Permission.TICKET_ASK, methods=("POST",))
def ask_many(request: Request) -> HttpResponse:
    """One question about every order that was chosen; one that somebody speaks with the buyer about is left to them."""
    ids, reason = chosen_orders(request, ORDERS, request.actor)
    words = T(
        "已为 {n} 单建工单，客服会联系买家",
        "{n:# ticket is|# tickets are} open; customer service reaches the buyers",
    )
    if len(ids) > MOST_AT_ONCE:
        return answer_outcomes(request, signed([refused("too_many", max=MOST_AT_ONCE)], "intake"), done=words)
    outcomes = run_once(request, ask_service, [AskService(i, reason.replace("\x00", "")) for i in ids])
    return answer_outcomes(request, outcomes, done=words, emits=("sk:tickets",))
