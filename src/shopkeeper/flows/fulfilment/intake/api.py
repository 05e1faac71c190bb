"""Reads of orders for programs; what changes something is served from the registry of commands."""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

from django.http import Http404, HttpRequest
from ninja import Router
from pydantic import Field

from shopkeeper.flows.fulfilment.intake.permissions import Permission
from shopkeeper.flows.fulfilment.intake.queries.asking import ALL_STATES, HELD, OrderQuestion
from shopkeeper.flows.fulfilment.intake.queries.jobs import job_of
from shopkeeper.flows.fulfilment.intake.queries.lists import held_by_code, order_counts, orders_page
from shopkeeper.flows.fulfilment.intake.queries.record import OrderRecord, order_record
from shopkeeper.flows.fulfilment.intake.queries.sessions import session_view, sessions_page
from shopkeeper.flows.fulfilment.intake.queries.status import intake_status, unreadable_orders
from shopkeeper.flows.fulfilment.intake.schemas import (
    JobOut,
    OrderOut,
    OrderRecordOut,
    Page,
    SessionOut,
    ShopIntakeOut,
    UnreadableOut,
)
from shopkeeper.foundation.actor import Actor
from shopkeeper.web.visitor import program

router = Router()
MOST_ROWS = 200
Searched = Annotated[str, Field(max_length=20_000)]


def _viewer(request: HttpRequest) -> Actor:
    return program(request, Permission.ORDER_VIEW)


@router.get("/orders", response=Page[OrderOut], summary="O1.3 Orders, newest first")
def orders(
    request: HttpRequest,
    state: str = "",
    hold: str = "",
    shop: int | None = None,
    q: Searched = "",
    placed_from: date | None = None,
    placed_to: date | None = None,
    after: str = "",
    limit: int = 50,
) -> Any:
    """One page. `state` is a state or `held`; `q` takes our numbers, platform numbers, whole phone numbers and
    last four digits, as many as one likes. With a span of days the sorting is by the order's own time."""
    tab = state if state in (*ALL_STATES, HELD) else ""
    question = OrderQuestion(tab, shop, hold[:30], tuple(q.split()[:1_000]), placed_from, placed_to)
    return orders_page(_viewer(request), question, after=after, limit=max(1, min(limit, MOST_ROWS)))


@router.get("/orders/{int:order_id}", response=OrderRecordOut, summary="O1.3 One order with all that happened")
def order(request: HttpRequest, order_id: int) -> Any:
    found = order_record(_viewer(request), order_id)
    if found is None:
        raise Http404
    return _record(found)


def _record(found: OrderRecord) -> dict[str, Any]:
    own = {name: getattr(found, name) for name in found.__dataclass_fields__}
    return {
        **asdict(found.card),
        **own,
        "lines": [{**asdict(line.card), "promised": line.promised} for line in found.lines],
        "messages": len(found.versions),
    }


@router.get("/counts", response=dict[str, int], summary="O1.3 How many orders wait at each step")
def counts(request: HttpRequest) -> Any:
    return order_counts(_viewer(request))


@router.get("/holds/counts", response=dict[str, int], summary="O1.3 How many orders wait for each reason")
def hold_counts(request: HttpRequest) -> Any:
    return held_by_code(_viewer(request))


@router.get("/sessions", response=Page[SessionOut], summary="O1.2 Check sessions, newest first")
def sessions(request: HttpRequest, state: str = "", shop: int | None = None, after: str = "", limit: int = 50) -> Any:
    return sessions_page(_viewer(request), state=state, shop_id=shop, after=after, limit=max(1, min(limit, MOST_ROWS)))


@router.get("/sessions/{int:session_id}", response=SessionOut, summary="O1.2 One check session")
def session(request: HttpRequest, session_id: int) -> Any:
    found = session_view(_viewer(request), session_id)
    if found is None:
        raise Http404
    return found.row


@router.get("/status", response=list[ShopIntakeOut], summary="O1.1 How far each shop's orders were read")
def status(request: HttpRequest) -> Any:
    return intake_status(_viewer(request))


@router.get("/unreadable", response=list[UnreadableOut], summary="O1.1 Orders of platforms that cannot be read")
def unreadable(request: HttpRequest) -> Any:
    return unreadable_orders(_viewer(request))


@router.get("/jobs/{int:job_id}", response=JobOut, summary="One's own background job")
def job(request: HttpRequest, job_id: int) -> Any:
    found = job_of(_viewer(request), job_id)
    if found is None:
        raise Http404
    return found
