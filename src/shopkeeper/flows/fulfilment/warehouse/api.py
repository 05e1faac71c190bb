"""Reads of the warehouse for programs, and its papers; what changes something is served from the registry."""

from typing import Annotated, Any, TypeVar

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from shopkeeper.flows.fulfilment.warehouse import queries
from shopkeeper.flows.fulfilment.warehouse.documents import (
    label_for_program,
    packing_list_answer,
    pick_list_answer,
)
from shopkeeper.flows.fulfilment.warehouse.papers import LabelSize
from shopkeeper.flows.fulfilment.warehouse.permissions import Permission
from shopkeeper.flows.fulfilment.warehouse.schemas import (
    BoardOut,
    PackOrderOut,
    Page,
    QueueRowOut,
    WaveOut,
    WaveRecordOut,
)
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import Actor
from shopkeeper.shared.words import LANGUAGES, Language, active_language, speaking
from shopkeeper.web.visitor import program

Searched = Annotated[str, Field(max_length=20_000)]
Found = TypeVar("Found")
router = Router()
MOST_ROWS = 200


def _viewer(request: HttpRequest, permission: str = Permission.WAVE_VIEW) -> Actor:
    return program(request, permission)


def _wanted(tab: str, q: str, after: str, limit: int, **filters: Any) -> queries.Wanted:
    return queries.Wanted(tab, q.split(), filters, after, max(1, min(limit, MOST_ROWS)))


@router.get("/waves", response=Page[WaveOut], summary="O2.1 Waves, newest first")
def waves(
    request: HttpRequest,
    tab: str = "all",
    q: Searched = "",
    warehouse: str = "",
    mine: bool = False,
    after: str = "",
    limit: int = 50,
) -> Any:
    """Tabs: open, picking, picked, done, all. `q`: wave, tote, order or platform numbers."""
    asked = _wanted(tab, q, after, limit, warehouse=warehouse, mine=mine)
    return queries.wave_list(_viewer(request), asked)


@router.get("/waves/{int:wave_id}", response=WaveRecordOut, summary="O2.1 One wave: its list and its orders")
def wave(request: HttpRequest, wave_id: int) -> Any:
    """`lines` come in walking order; scan the first open one's barcode with the command scan-pick."""
    return _found(queries.wave_record(_viewer(request), wave_id))


@router.get("/orders", response=Page[QueueRowOut], summary="O2.2 Orders in waves, the most urgent first")
def orders(
    request: HttpRequest,
    tab: str = "to_pack",
    q: Searched = "",
    warehouse: str = "",
    wave: str = "",
    after: str = "",
    limit: int = 50,
) -> Any:
    """Tabs: to_pack, packing, repicking, returning, packed, all."""
    asked = _wanted(tab, q, after, limit, warehouse=warehouse, wave=wave)
    return queries.pack_queue(_viewer(request), asked)


@router.get("/orders/{int:wave_order_id}", response=PackOrderOut, summary="O2.2 One order at the packing station")
def order(request: HttpRequest, wave_order_id: int) -> Any:
    return pack_order_out(_found(queries.order_record(_viewer(request), wave_order_id)))


@router.get("/counts", response=dict[str, dict[str, int]], summary="O2.1 How many waves and orders wait at each step")
def counts(request: HttpRequest) -> Any:
    viewer = _viewer(request)
    return {"waves": queries.wave_counts(viewer), "orders": queries.pack_queue_counts(viewer)}


@router.get("/board", response=BoardOut, summary="O2.1 The warehouse at one glance")
def board(request: HttpRequest, warehouse: int | None = None) -> Any:
    return queries.board(_viewer(request), business_time.now(), warehouse)


@router.get("/waves/{int:wave_id}/pick-list.pdf", summary="O2.1 拣货单 Pick list")
def pick_list(request: HttpRequest, wave_id: int, lang: Annotated[str, Query()] = "") -> HttpResponse:
    with speaking(_language(lang)):
        return _found(pick_list_answer(_viewer(request), wave_id, business_time.now()))


@router.get("/orders/{int:wave_order_id}/packing-list.pdf", summary="O2.2 包裹清单 Packing list")
def packing_list(request: HttpRequest, wave_order_id: int, lang: Annotated[str, Query()] = "") -> HttpResponse:
    with speaking(_language(lang)):
        return _found(packing_list_answer(_viewer(request), wave_order_id, business_time.now()))


@router.get("/orders/{int:wave_order_id}/label.pdf", summary="O2.2 面单 Waybill label, after print-labels")
def label(
    request: HttpRequest, wave_order_id: int, size: LabelSize = "100x180", lang: Annotated[str, Query()] = ""
) -> HttpResponse:
    """Print is counted by the command print-labels of parcels; without it there is no label. Where the platform
    prints the label by its own means, its print data is answered as JSON."""
    with speaking(_language(lang)):
        viewer = _viewer(request, Permission.PACK)
        return _found(label_for_program(viewer, wave_order_id, size, business_time.now()))


def _language(asked: str) -> Language:
    return next((language for language in LANGUAGES if language == asked), active_language())


def _found(answer: Found | None) -> Found:
    if answer is None:
        raise Http404
    return answer


def pack_order_out(found: queries.OrderRecord) -> dict[str, Any]:
    """An order record as the API shows it: flat, with nothing personal."""
    parcel = found.parcel
    plain = {name: getattr(found, name) for name in PackOrderOut.model_fields if hasattr(found, name)}
    return plain | {
        "order_id": found.order.id,
        "number": found.order.number,
        "platform_no": found.order.platform_no,
        "expected_g": found.scale.expected_g,
        "tolerance_g": found.scale.tolerance_g,
        "parcel_id": parcel.id if parcel else None,
        "courier": parcel.courier if parcel else "",
        "tracking_no": (parcel.number or "") if parcel else "",
        "marks": list(parcel.marks) if parcel else [],
        "print_count": parcel.print_count if parcel else 0,
    }
