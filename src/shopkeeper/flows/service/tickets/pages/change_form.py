"""S2.2: the form of a change: another address, or the order cancelled; what it takes is said before it is done."""

from django.http import Http404, HttpResponse
from django.urls import reverse

from shopkeeper.flows.service.tickets.commands.request_changes import RequestChange, request_changes
from shopkeeper.flows.service.tickets.commands.wishes import ReceiverWish
from shopkeeper.flows.service.tickets.pages.choices import reasons
from shopkeeper.flows.service.tickets.pages.receiver_form import mark_refusal
from shopkeeper.flows.service.tickets.permissions import Permission
from shopkeeper.flows.service.tickets.queries.changes import change_under_way, has_interface, order_in_shops
from shopkeeper.flows.service.tickets.rules.stages import way_of
from shopkeeper.flows.service.tickets.states import ChangeKind, Way
from shopkeeper.flows.service.tickets.words import LABELS, REFUSALS
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.form_reading import FormState, read_form
from shopkeeper.web.pages import Request, page, render_page

HELD_AND_TOLD = T("订单已扣住，正在通知平台", "The order is held; the platform is being told")
HELD_BY_HAND = T(
    "订单已扣住；请客服到平台后台手工办理，再登记",
    "The order is held; now it is made by hand in the platform's console",
)
# Where an order stands so that no change of it can be taken any more: what the command would say.
TOO_LATE = {Way.INTERCEPTION: REFUSALS["already_shipped"], Way.TOO_LATE: REFUSALS["order_ended"]}


@page(
    "orders/<int:order_id>/change/",
    name="tickets-change-order",
    clause="S2.2",
    permission=Permission.CHANGE_REQUEST,
    methods=("GET", "POST"),
)
def change_order(request: Request, order_id: int) -> HttpResponse:
    """Another address, or the order cancelled; what it takes is said before it is done."""
    found = order_in_shops(request.actor, order_id)
    if found is None:
        raise Http404
    order, _ = found
    by_interface = has_interface(order.shop_id)
    asked = request.POST if request.method == "POST" else request.GET
    kind = ChangeKind.CANCEL if asked.get("kind") == ChangeKind.CANCEL else ChangeKind.ADDRESS
    ticket = asked.get("ticket", "")
    ticket_id = int(ticket) if ticket.isdecimal() and len(ticket) < 19 else None
    state: FormState[RequestChange] = FormState(values={"province": order.province, "city": order.city})
    if request.method == "POST":
        state, item = _read(request, order_id, kind, ticket_id)
        if item is not None:
            outcomes = run_once(request, request_changes, [item])
            if outcomes[0].ok:
                words = HELD_AND_TOLD if by_interface else HELD_BY_HAND
                return answer_outcomes(
                    request, outcomes, done=words, to="tickets-change", args=(outcomes[0].id,), emits=("sk:tickets",)
                )
            mark_refusal(state, outcomes[0])
    context = {
        "title": LABELS[ChangeKind][kind].text,
        "order": order,
        "way": way_of(order.state),
        "too_late": TOO_LATE.get(way_of(order.state)),
        "by_interface": by_interface,
        "is_starred": bool(order.receiver_token),
        "open_change": change_under_way(request.actor, order_id),
        "kind": kind,
        "ticket": ticket_id or "",
        "is_address": kind == ChangeKind.ADDRESS,
        "reasons": reasons(),
        "state": state,
        "cancel_url": reverse("tickets-ticket", args=[ticket_id])
        if ticket_id
        else reverse("intake-order", args=[order_id]),
    }
    return render_page(request, "tickets/change_order.html", context, status=422 if state.errors else 200)


def _read(
    request: Request, order_id: int, kind: ChangeKind, ticket_id: int | None
) -> tuple[FormState[RequestChange], RequestChange | None]:
    """The wish as it was filled in, with the mistakes of either part."""
    receiver = read_form(request.POST, ReceiverWish) if kind == ChangeKind.ADDRESS else None
    fixed = {"order_id": order_id, "kind": kind, "ticket_id": ticket_id, "fills_up": True}
    state = read_form(request.POST, RequestChange, {**fixed, "receiver": receiver.item if receiver else None})
    if receiver is not None:
        state.values |= receiver.values
        state.errors |= receiver.errors
    return state, None if state.errors else state.item
