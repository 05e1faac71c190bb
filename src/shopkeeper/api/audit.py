"""The auditor's door: flat facts of every desk, read-only, and whether the house's rules hold.

Nothing personal is in it. Who looks needs the compliance permission and the desk's own, and sees own shops only.
"""

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest
from ninja import Router

from shopkeeper.flows.fulfilment.intake.permissions import Permission as Intake
from shopkeeper.flows.fulfilment.intake.queries.audit import holds_by_code, order_facts, orders_by_state
from shopkeeper.flows.fulfilment.parcels.permissions import Permission as Parcels
from shopkeeper.flows.fulfilment.parcels.queries.audit import parcel_facts
from shopkeeper.flows.fulfilment.settlement.queries import books_balanced
from shopkeeper.flows.fulfilment.warehouse.permissions import Permission as Warehouse
from shopkeeper.flows.fulfilment.warehouse.queries.audit import packing_facts, wave_facts
from shopkeeper.flows.marketing.promotions.queries.usage import batches_overdrawn, counters_true
from shopkeeper.flows.products.stock.permissions import Permission as Stock
from shopkeeper.flows.products.stock.queries.audit import sku_facts, stock_audit
from shopkeeper.flows.service.aftersale.permissions import Permission as AfterSale
from shopkeeper.flows.service.aftersale.queries.audit import refund_facts, return_audit
from shopkeeper.flows.service.conversations.permissions import Permission as Conversations
from shopkeeper.flows.service.conversations.queries.audit import line_facts
from shopkeeper.flows.service.feedback.queries.audit import surveys_doubled
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import Actor
from shopkeeper.shared.errors import BusinessError, NotAllowed
from shopkeeper.sop.permissions import Permission as Sop
from shopkeeper.sop.queries.compliance import deadlines_accounted_for
from shopkeeper.sop.queries.evidence import clause_evidence, commands_by_clause, events_by_type
from shopkeeper.web.visitor import program

router = Router()
PAGE_MAX = 1_000


def _viewer(request: HttpRequest, *permissions: str) -> Actor:
    return program(request, Sop.COMPLIANCE_VIEW, *permissions)


def _house_wide(request: HttpRequest, *permissions: str) -> None:
    """Figures of the whole house are for who sees all of it."""
    viewer = _viewer(request, *permissions)
    if viewer.shops is not None or viewer.warehouses is not None:
        raise NotAllowed(Sop.COMPLIANCE_VIEW)


def _ids(text: str) -> list[int]:
    try:
        return [int(part) for part in text.split(",") if part][:PAGE_MAX]
    except ValueError as error:
        raise BusinessError("bad_request") from error


@router.get("/orders")
def orders(request: HttpRequest, after: int = 0, state: str = "") -> list[dict[str, Any]]:
    """A thousand orders after an id."""
    viewer = _viewer(request, Intake.ORDER_VIEW)
    return [asdict(row) for row in order_facts(viewer, after=after, state=state, limit=PAGE_MAX)]


@router.get("/parcels")
def parcels(request: HttpRequest, after: int = 0, state: str = "") -> list[dict[str, Any]]:
    """A thousand parcels after an id."""
    viewer = _viewer(request, Parcels.PARCEL_VIEW)
    return [asdict(row) for row in parcel_facts(viewer, after=after, state=state, limit=PAGE_MAX)]


@router.get("/waves")
def waves(request: HttpRequest, ids: str) -> list[dict[str, Any]]:
    """Waves with their pick lists; `ids` are separated by commas."""
    return wave_facts(_viewer(request, Warehouse.WAVE_VIEW), _ids(ids))


@router.get("/packing")
def packing(request: HttpRequest, ids: str) -> list[dict[str, Any]]:
    """Orders in waves, with what each parcel must hold; `ids` are separated by commas."""
    return packing_facts(_viewer(request, Warehouse.WAVE_VIEW), _ids(ids))


@router.get("/skus")
def skus(request: HttpRequest, after: int = 0) -> list[dict[str, Any]]:
    """A thousand SKUs after an id, with what is on hand and promised."""
    _house_wide(request, Stock.STOCK_VIEW)
    return sku_facts(after, PAGE_MAX)


@router.get("/chat-lines")
def chat_lines(request: HttpRequest, after: int = 0) -> list[dict[str, Any]]:
    """A thousand lines of platforms' chats after an id: keys only."""
    viewer = _viewer(request, Conversations.CONVERSATION_VIEW)
    return [asdict(row) for row in line_facts(viewer, after=after, limit=PAGE_MAX)]


@router.get("/refunds")
def refunds(request: HttpRequest, after: int = 0) -> list[dict[str, Any]]:
    """A thousand orders of which money went back, after an id: paid, given back, booked."""
    _house_wide(request, AfterSale.CASE_VIEW)
    return [asdict(row) for row in refund_facts(_viewer(request), after=after, limit=PAGE_MAX)]


@router.get("/rules")
def rules(request: HttpRequest) -> dict[str, Any]:
    """How many rows break each rule of stock, returns and surveys; whether the books balance, promotions and coupons
    are counted, and every deadline is accounted for."""
    _house_wide(request)
    return {
        "stock": stock_audit(),
        "returns": return_audit(),
        "surveys_doubled": surveys_doubled(),
        "books_balanced": books_balanced(),
        "promotions_counted": counters_true(),
        "coupons_overdrawn": batches_overdrawn(),
        "deadlines_accounted_for": deadlines_accounted_for(business_time.now()),
    }


@router.get("/evidence")
def evidence(request: HttpRequest) -> dict[str, Any]:
    """What happened since the beginning: orders by state, holds, events; and each clause's record."""
    _house_wide(request)
    return {
        "orders": orders_by_state(),
        "holds": holds_by_code(),
        "events": events_by_type(),
        "commands": commands_by_clause(),
        "clauses": {row.clause: asdict(row) for row in clause_evidence()},
    }
