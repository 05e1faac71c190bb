"""The program's door to the lake: reads; every command has its own address besides."""

from dataclasses import asdict
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router

from shopkeeper.flows.analytics.lake.permissions import Permission
from shopkeeper.flows.analytics.lake.queries.days import lake_days
from shopkeeper.flows.analytics.lake.queries.quarantine import (
    QuarantineFilter,
    excluded,
    quarantine_page,
    set_aside_row,
    sources,
)
from shopkeeper.flows.analytics.lake.queries.standing import standing
from shopkeeper.flows.analytics.lake.schemas import (
    DayAnswer,
    ExcludedAnswer,
    SetAsideAnswer,
    SetAsides,
    SourceAnswer,
    StandingAnswer,
)
from shopkeeper.web.visitor import program

router = Router()
PAGE = 200


@router.get("/standing", response=StandingAnswer, operation_id="get_lake_standing")
def lake_standing(request: HttpRequest) -> dict[str, Any]:
    """How far the lake is written, what waits, and what lies in it."""
    program(request, Permission.LAKE_VIEW)
    return asdict(standing())


@router.get("/days", response=list[DayAnswer], operation_id="list_lake_days")
def days(request: HttpRequest, first: date, last: date) -> list[dict[str, Any]]:
    """Rows by day and table in the caller's shops, and how many of them do not count."""
    return [asdict(row) for row in lake_days(program(request, Permission.LAKE_VIEW), first, last)]


@router.get("/set-asides", response=SetAsides, operation_id="list_set_asides")
def set_asides(
    request: HttpRequest,
    state: str = "",
    rule: str = "",
    subject: str = "",
    shop_id: int | None = None,
    first: date | None = None,
    last: date | None = None,
    after: int | None = None,
    limit: int = 50,
) -> dict[str, Any]:
    """What cleaning set aside, newest first; `next` is the `after` of the following page."""
    viewer = program(request, Permission.LAKE_VIEW)
    wanted = QuarantineFilter(state, rule, subject, shop_id, None, first, last)
    rows, next_key = quarantine_page(viewer, wanted, after=after, limit=min(max(limit, 1), PAGE))
    return {"items": [asdict(row) for row in rows], "next": next_key}


@router.get("/set-asides/{set_aside_id}", response=SetAsideAnswer, operation_id="get_set_aside")
def set_aside(request: HttpRequest, set_aside_id: int) -> dict[str, Any]:
    """One verdict with the arithmetic behind it."""
    found = set_aside_row(program(request, Permission.LAKE_VIEW), set_aside_id)
    if found is None:
        raise Http404
    return asdict(found)


@router.get("/excluded", response=list[ExcludedAnswer], operation_id="list_excluded")
def what_was_excluded(
    request: HttpRequest, first: date, last: date, shop_id: int | None = None
) -> list[dict[str, Any]]:
    """What does not count of these days, by day, shop and rule."""
    return [asdict(row) for row in excluded(program(request, Permission.LAKE_VIEW), first, last, shop_id)]


@router.get("/sources", response=list[SourceAnswer], operation_id="list_known_sources")
def known_sources(request: HttpRequest) -> list[dict[str, Any]]:
    """Buyers and visitors that are listed as our own."""
    program(request, Permission.LAKE_VIEW)
    return [asdict(row) for row in sources()]
