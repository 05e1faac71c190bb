"""Papers as answers: PDF bytes of a pick list, a packing list, a label. Both doors, pages and API, use them."""

from datetime import datetime

from django.http import HttpResponse, JsonResponse

from shopkeeper.flows.fulfilment.warehouse.papers import (
    LabelSize,
    label_pdf,
    label_sheet,
    packing_list_pdf,
    pick_list_pdf,
    stand_in_pdf,
)
from shopkeeper.flows.fulfilment.warehouse.queries import label_paper, packing_list_paper, pick_list_paper
from shopkeeper.foundation.actor import Actor


def pick_list_answer(viewer: Actor, wave_id: int, now: datetime) -> HttpResponse | None:
    """O2.1: the wave's pick list, named by its number; None where the viewer may not see it."""
    paper = pick_list_paper(viewer, wave_id, now)
    return _pdf(pick_list_pdf(paper), paper.wave_no) if paper else None


def packing_list_answer(viewer: Actor, wave_order_id: int, now: datetime) -> HttpResponse | None:
    """O2.2: 《包裹清单》 of an order, named by its parcel."""
    paper = packing_list_paper(viewer, wave_order_id, now)
    return _pdf(packing_list_pdf(paper), f"{paper.parcel_no}-list") if paper else None


def label_answer(viewer: Actor, wave_order_id: int, size: LabelSize, now: datetime) -> HttpResponse | None:
    """O2.2: the waybill label for a person: always a paper. Where the platform's component prints the original,
    a stand-in that says so."""
    paper = label_paper(viewer, wave_order_id, size, now)
    if paper is None:
        return None
    if paper.platform_print_data:
        return _pdf(stand_in_pdf(paper), f"{paper.parcel_no}-stand-in")
    return _pdf(label_pdf(paper), f"{paper.parcel_no}-label")


def label_for_program(viewer: Actor, wave_order_id: int, size: LabelSize, now: datetime) -> HttpResponse | None:
    """O2.2: the waybill label; where its print is the platform's, the platform's data for its print component."""
    paper = label_paper(viewer, wave_order_id, size, now)
    if paper is None:
        return None
    sheet = label_sheet([paper])
    if sheet.pdf is None:
        theirs = sheet.passed_through[0]
        return JsonResponse(
            {"parcel": theirs.parcel_no, "tracking_no": theirs.tracking_no, "print_data": theirs.print_data}
        )
    return _pdf(sheet.pdf, f"{paper.parcel_no}-label")


def _pdf(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer
