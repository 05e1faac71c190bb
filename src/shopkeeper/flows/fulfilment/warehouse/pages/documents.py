"""The warehouse's papers in the browser: pick list, packing list, label (its print is counted first)."""

from typing import get_args

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from shopkeeper.flows.fulfilment.parcels.commands.print_labels import PrintLabel, print_labels
from shopkeeper.flows.fulfilment.parcels.permissions import Permission as ParcelPermission
from shopkeeper.flows.fulfilment.warehouse import queries
from shopkeeper.flows.fulfilment.warehouse.documents import (
    label_answer,
    packing_list_answer,
    pick_list_answer,
)
from shopkeeper.flows.fulfilment.warehouse.papers import LabelSize
from shopkeeper.flows.fulfilment.warehouse.permissions import Permission
from shopkeeper.foundation import business_time
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.pages import Request, page

SIZES: tuple[LabelSize, ...] = get_args(LabelSize)
DEFAULT_SIZE: LabelSize = "100x180"


def label_size(text: str) -> LabelSize:
    """The size asked for, or the usual one."""
    return next((size for size in SIZES if size == text), DEFAULT_SIZE)


def _or_404(answer: HttpResponse | None) -> HttpResponse:
    if answer is None:
        raise Http404
    return answer


@page("waves/<int:wave_id>/pick-list.pdf", name="warehouse-pick-list", clause="O2.1", permission=Permission.WAVE_VIEW)
def pick_list(request: Request, wave_id: int) -> HttpResponse:
    return _or_404(pick_list_answer(request.actor, wave_id, business_time.now()))


@page(
    "orders/<int:wave_order_id>/packing-list.pdf",
    name="warehouse-packing-list",
    clause="O2.2",
    permission=Permission.WAVE_VIEW,
)
def packing_list(request: Request, wave_order_id: int) -> HttpResponse:
    return _or_404(packing_list_answer(request.actor, wave_order_id, business_time.now()))


@page(
    "orders/<int:wave_order_id>/label.pdf",
    name="warehouse-label",
    clause="O2.2",
    permission=ParcelPermission.LABEL_PRINT,
)
def label(request: Request, wave_order_id: int) -> HttpResponse:
    """The label as it was last counted; the number of the print stands on it."""
    size = label_size(request.GET.get("size", ""))
    return _or_404(label_answer(request.actor, wave_order_id, size, business_time.now()))


@page(
    "parcels/<int:parcel_id>/print/",
    name="warehouse-print-label",
    clause="O2.2",
    permission=ParcelPermission.LABEL_PRINT,
    methods=("POST",),
)
def print_label(request: Request, parcel_id: int) -> HttpResponse:
    """Count a print, then show the paper; a second print needs a reason."""
    wave_order_id = queries.wave_order_of_parcel(request.actor, parcel_id)
    if wave_order_id is None:  # nothing would come out of the printer: nothing is counted
        raise Http404
    reason = request.POST.get("reason", "").strip()[:200]
    outcomes = run_once(request, print_labels, [PrintLabel(parcel_id, reason)])
    if not outcomes[0].ok:
        return answer_outcomes(request, outcomes, done=T("已计数", "Counted"))
    size = label_size(request.POST.get("size", ""))
    target = f"{reverse('warehouse-label', args=[wave_order_id])}?size={size}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)
