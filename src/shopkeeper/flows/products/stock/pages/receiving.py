"""Page of a first receipt (P3.1): goods that no warehouse holds yet are booked in by their code."""

from dataclasses import replace

from django.http import HttpResponse
from django.urls import reverse

from shopkeeper.flows.products.listing.queries.searching import sku_id_of
from shopkeeper.flows.products.stock.commands.receive_stock import ReceiveStock, receive_stock
from shopkeeper.flows.products.stock.permissions import Permission
from shopkeeper.flows.products.stock.queries.bins import warehouses_of
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.form_reading import WHOLE, FormState, read_form
from shopkeeper.web.labels import outcome_text, refusal_text
from shopkeeper.web.pages import Request, page, render_page


@page(
    "receive/",
    name="stock-receive-new",
    clause="P3.1",
    permission=Permission.STOCK_RECEIVE,
    methods=("GET", "POST"),
)
def receive_by_code(request: Request) -> HttpResponse:
    """Book a delivery of any SKU into one of the viewer's warehouses; a mistake keeps what was entered."""
    warehouses = warehouses_of(request.actor)
    first = warehouses[0][0] if len(warehouses) == 1 else ""
    code = request.GET.get("sku", "").replace("\x00", "").strip()[:60]
    state: FormState[ReceiveStock] = FormState(values={"code": code, "warehouse_id": first})
    if request.method == "POST":
        state = _read(request)
        if state.item is not None:
            outcomes = run_once(request, receive_stock, [state.item])
            if outcomes[0].ok:
                to = f"{reverse('stock-levels')}?q={state.values['code']}"
                return answer_outcomes(request, outcomes, done=T("已入库", "Received"), to=to)
            state.errors[WHOLE] = outcome_text(outcomes[0])
    view = {
        "title": T("入库", "Receive"),
        "state": state,
        "warehouses": warehouses,
        "cancel_url": reverse("stock-levels"),
    }
    return render_page(request, "stock/receive_new.html", view, status=422 if state.errors else 200)


def _read(request: Request) -> FormState[ReceiveStock]:
    """A SKU is typed by its code; the item names it by id."""
    state = read_form(request.POST, ReceiveStock, {"sku_id": 0})
    code = request.POST.get("code", "").replace("\x00", "").strip()
    state.values["code"] = code
    sku_id = sku_id_of(code) if code else None
    if sku_id is None:
        state.errors["code"] = refusal_text("sku_unknown", "stock").text()
        state.item = None
    elif state.item is not None:
        state.item = replace(state.item, sku_id=sku_id)
    return state
