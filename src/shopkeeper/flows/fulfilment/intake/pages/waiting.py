"""O1.3: it is noted that an order's buyer waits for goods, until which day."""

from django.http import Http404, HttpResponse
from django.urls import reverse

from shopkeeper.flows.fulfilment.intake.commands.wait_for_goods import WaitForGoods, wait_for_goods
from shopkeeper.flows.fulfilment.intake.permissions import Permission
from shopkeeper.flows.fulfilment.intake.queries.record import order_record
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import submit
from shopkeeper.web.pages import Request, page


@page(
    "<int:order_id>/wait/",
    name="intake-wait",
    clause="O1.3",
    permission=Permission.ORDER_CHECK,
    methods=("GET", "POST"),
)
def wait(request: Request, order_id: int) -> HttpResponse:
    """Note until when the buyer waits, and what was agreed."""
    found = order_record(request.actor, order_id)
    if found is None:
        raise Http404
    return submit(
        request,
        wait_for_goods,
        WaitForGoods,
        template="intake/wait.html",
        context={"order": found.card, "cancel_url": reverse("intake-order", args=[order_id])},
        done=T("已登记：买家等到 {until}", "Noted: the buyer waits until {until}"),
        to="intake-order",
        args=[order_id],
        extra={"order_id": order_id},
    )
