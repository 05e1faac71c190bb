"""Reads of parcels for programs; what changes something is served from the registry of commands."""

from typing import Annotated, Any

from django.http import Http404, HttpRequest
from ninja import Router
from pydantic import Field

from shopkeeper.flows.fulfilment.parcels import queries
from shopkeeper.flows.fulfilment.parcels.permissions import Permission
from shopkeeper.flows.fulfilment.parcels.schemas import (
    CaseOut,
    CaseRecordOut,
    Page,
    ParcelOut,
    ParcelRecordOut,
    ShipBackRowOut,
)
from shopkeeper.foundation.actor import Actor
from shopkeeper.web.visitor import program

Searched = Annotated[str, Field(max_length=20_000)]
router = Router()
MOST_ROWS = 200


def _viewer(request: HttpRequest) -> Actor:
    return program(request, Permission.PARCEL_VIEW)


def _wanted(tab: str, q: str, after: str, limit: int, **filters: str) -> queries.Wanted:
    return queries.Wanted(tab, q.split(), filters, after, max(1, min(limit, MOST_ROWS)))


@router.get("/parcels", response=Page[ParcelOut], summary="O3.1 Parcels, newest first")
def parcels(
    request: HttpRequest,
    tab: str = "all",
    q: Searched = "",
    shop: str = "",
    courier: str = "",
    after: str = "",
    limit: int = 50,
) -> Any:
    return queries.parcel_list(_viewer(request), _wanted(tab, q, after, limit, shop=shop, courier=courier))


@router.get("/parcels/{int:parcel_id}", response=ParcelRecordOut, summary="O3.2 One parcel with its scans")
def parcel(request: HttpRequest, parcel_id: int) -> Any:
    found = queries.parcel_record(_viewer(request), parcel_id)
    if found is None:
        raise Http404
    return found


@router.get("/counts", response=dict[str, int], summary="O3.2 How many parcels wait at each step")
def counts(request: HttpRequest) -> Any:
    return queries.parcel_counts(_viewer(request))


@router.get("/cases", response=Page[CaseOut], summary="O3.2 Cases, newest first")
def cases(
    request: HttpRequest,
    tab: str = "open",
    q: Searched = "",
    kind: str = "",
    courier: str = "",
    after: str = "",
    limit: int = 50,
) -> Any:
    return queries.case_list(_viewer(request), _wanted(tab, q, after, limit, kind=kind, courier=courier))


@router.get("/cases/{int:case_id}", response=CaseRecordOut, summary="O3.2 One case with its talks")
def case(request: HttpRequest, case_id: int) -> Any:
    found = queries.case_record(_viewer(request), case_id)
    if found is None:
        raise Http404
    return found


@router.get("/ship-backs", response=Page[ShipBackRowOut], summary="O3.1 Reports to platforms, newest first")
def ship_backs(
    request: HttpRequest,
    tab: str = "all",
    q: Searched = "",
    shop: str = "",
    after: str = "",
    limit: int = 50,
) -> Any:
    return queries.ship_back_list(_viewer(request), _wanted(tab, q, after, limit, shop=shop))
