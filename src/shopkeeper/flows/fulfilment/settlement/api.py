"""The program's door to settlement: reads; every command has its own address besides."""

from dataclasses import asdict
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router

from shopkeeper.flows.fulfilment.settlement.permissions import Permission
from shopkeeper.flows.fulfilment.settlement.queries import books_balanced
from shopkeeper.flows.fulfilment.settlement.queries.days import shop_days
from shopkeeper.flows.fulfilment.settlement.queries.follow_ups import (
    FollowUpFilter,
    follow_up_record,
    follow_ups_page,
)
from shopkeeper.flows.fulfilment.settlement.queries.settlements import (
    SettlementFilter,
    settlement_record,
    settlements_page,
)
from shopkeeper.flows.fulfilment.settlement.schemas import (
    Balance,
    FollowUpDetail,
    FollowUps,
    SettlementDetail,
    Settlements,
    ShopDayAnswer,
)
from shopkeeper.foundation import business_time
from shopkeeper.web.visitor import program

router = Router()
PAGE = 200


@router.get("/settlements", response=Settlements, operation_id="list_settlements")
def settlements(
    request: HttpRequest,
    state: str = "",
    shop_id: int | None = None,
    order_number: str = "",
    after: int | None = None,
    limit: int = 50,
) -> dict[str, Any]:
    """Settlements, newest first; `next` is the `after` of the following page."""
    viewer = program(request, Permission.SETTLEMENT_VIEW)
    wanted = SettlementFilter(state=state, shop_id=shop_id, text=order_number)
    rows, next_key = settlements_page(viewer, wanted, after=after, limit=min(max(limit, 1), PAGE))
    return {"items": [asdict(row) for row in rows], "next": next_key}


@router.get("/settlements/{settlement_id}", response=SettlementDetail, operation_id="get_settlement")
def settlement(request: HttpRequest, settlement_id: int) -> dict[str, Any]:
    """One settlement with its entries; debit positive, credit negative, in minor units."""
    found = settlement_record(program(request, Permission.SETTLEMENT_VIEW), settlement_id)
    if found is None:
        raise Http404
    entries = [
        {**asdict(entry), "amount_minor": (entry.debit_minor or 0) - (entry.credit_minor or 0)}
        for entry in found.entries
    ]
    return {**asdict(found.row), "approved_reason": found.approved_reason, "entries": entries}


@router.get("/days/{day}", response=list[ShopDayAnswer], operation_id="list_shop_days")
def days(request: HttpRequest, day: date) -> list[dict[str, Any]]:
    """Every shop's books of one day, totals per account."""
    return [asdict(found) for found in shop_days(program(request, Permission.SETTLEMENT_VIEW), day)]


@router.get("/balance", response=Balance, operation_id="get_books_balanced")
def balance(request: HttpRequest) -> dict[str, bool]:
    """Do all books balance?"""
    program(request, Permission.SETTLEMENT_VIEW)
    return {"books_balanced": books_balanced()}


@router.get("/followups", response=FollowUps, operation_id="list_follow_ups")
def followups(
    request: HttpRequest,
    state: str = "open",
    shop_id: int | None = None,
    order_number: str = "",
    after: str = "",
    limit: int = 50,
) -> dict[str, Any]:
    """Follow-ups; open ones by due time. Buyers are masked."""
    viewer = program(request, Permission.FOLLOW_UP_VIEW)
    wanted = FollowUpFilter(state=state, shop_id=shop_id, text=order_number)
    rows, next_key = follow_ups_page(viewer, wanted, after=after, limit=min(max(limit, 1), PAGE))
    return {"items": [asdict(row) for row in rows], "next": next_key}


@router.get("/followups/{followup_id}", response=FollowUpDetail, operation_id="get_follow_up")
def followup(request: HttpRequest, followup_id: int) -> dict[str, Any]:
    """One follow-up with its tries; `next_attempt` is what record-follow-up takes."""
    viewer = program(request, Permission.FOLLOW_UP_VIEW)
    found = follow_up_record(viewer, followup_id, business_time.now())
    if found is None:
        raise Http404
    tries = [asdict(tried) for tried in found.tries]
    return {**asdict(found.row), "next_attempt": found.next_attempt, "tries": tries}
