"""The program's door to collected figures: reads; every command has its own address besides."""

from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router

from shopkeeper.flows.analytics.collection.permissions import Permission
from shopkeeper.flows.analytics.collection.queries.deliveries import deliveries_page, sources_of
from shopkeeper.flows.analytics.collection.queries.disagreements import (
    CaseFilter,
    case_of,
    cases_page,
    days_side_by_side,
)
from shopkeeper.flows.analytics.collection.queries.figures import SetFilter, sets_page
from shopkeeper.flows.analytics.collection.queries.imports import imports_page
from shopkeeper.flows.analytics.collection.queries.keys import collectors
from shopkeeper.flows.analytics.collection.queries.quality import data_quality
from shopkeeper.flows.analytics.collection.queries.traffic import Span, traffic_of
from shopkeeper.flows.analytics.collection.schemas import (
    CollectorAnswer,
    Deliveries,
    DisagreementAnswer,
    Disagreements,
    FigureSets,
    FigureSourceAnswer,
    Imports,
    QualityAnswer,
    SourcesDay,
    TrafficHourAnswer,
)
from shopkeeper.foundation import business_time
from shopkeeper.web.visitor import program

router = Router()
PAGE = 200
MOST_HOURS = 24 * 7


@router.get("/disagreements", response=Disagreements, operation_id="list_disagreements")
def disagreements(
    request: HttpRequest,
    state: str = "open",
    shop_id: int | None = None,
    figure: str = "",
    after: int | None = None,
    limit: int = 50,
) -> dict[str, Any]:
    """What sources disagree about, newest first; `value` and `other_value` are what answer-disagreements takes."""
    viewer = program(request, Permission.COLLECTION_VIEW)
    rows, next_key = cases_page(viewer, CaseFilter(state, shop_id, figure), after=after, limit=_page(limit))
    return {"items": [asdict(row) for row in rows], "next": next_key}


@router.get("/disagreements/{case_id}", response=DisagreementAnswer, operation_id="get_disagreement")
def disagreement(request: HttpRequest, case_id: int) -> dict[str, Any]:
    """One disagreement."""
    found = case_of(program(request, Permission.COLLECTION_VIEW), case_id)
    if found is None:
        raise Http404
    return asdict(found)


@router.get("/sources/{day}", response=list[SourcesDay], operation_id="list_sources_of_day")
def sources_of_day(request: HttpRequest, day: date, shop_id: int | None = None) -> list[dict[str, Any]]:
    """Every shop's day with every source's figures side by side."""
    found = days_side_by_side(program(request, Permission.COLLECTION_VIEW), [day], shop_id)
    return [
        {
            "shop_id": one.shop_id,
            "shop": one.shop,
            "day": one.sides.day,
            "figures": {source: dict(values) for source, values in one.sides.figures.items()},
            "differences": [asdict(diff) for diff in one.sides.differences],
        }
        for one in found
    ]


@router.get("/deliveries", response=Deliveries, operation_id="list_deliveries")
def deliveries(
    request: HttpRequest, state: str = "", shop_id: int | None = None, after: int | None = None, limit: int = 50
) -> dict[str, Any]:
    """Days whose figures are awaited, in or excused, newest first."""
    viewer = program(request, Permission.COLLECTION_VIEW)
    rows, next_key = deliveries_page(viewer, state=state, shop_id=shop_id, after=after, limit=_page(limit))
    return {"items": [asdict(row) for row in rows], "next": next_key}


@router.get("/figure-sources", response=list[FigureSourceAnswer], operation_id="list_figure_sources")
def figure_sources(request: HttpRequest) -> list[dict[str, Any]]:
    """The tools whose figures are asked for every day."""
    return [asdict(row) for row in sources_of(program(request, Permission.COLLECTION_VIEW))]


@router.get("/imports", response=Imports, operation_id="list_figure_imports")
def imports(request: HttpRequest, after: int | None = None, limit: int = 50) -> dict[str, Any]:
    """Files of figures that were handed in, newest first."""
    viewer = program(request, Permission.COLLECTION_VIEW)
    rows, next_key = imports_page(viewer, after=after, limit=_page(limit))
    return {"items": [asdict(row) for row in rows], "next": next_key}


@router.get("/figures", response=FigureSets, operation_id="list_figure_sets")
def figures(
    request: HttpRequest,
    shop_id: int | None = None,
    breakdown: str = "",
    period: str = "",
    day: date | None = None,
    with_replaced: bool = False,
    after: int | None = None,
    limit: int = 50,
) -> dict[str, Any]:
    """Imported figures by period; `figures` is channel ("" = the whole shop) → figure → value."""
    viewer = program(request, Permission.COLLECTION_VIEW)
    wanted = SetFilter(shop_id, breakdown, period, day, with_replaced)
    rows, next_key = sets_page(viewer, wanted, after=after, limit=_page(limit))
    return {"items": [asdict(row) for row in rows], "next": next_key}


@router.get("/collectors", response=list[CollectorAnswer], operation_id="list_collectors")
def collector_keys(request: HttpRequest) -> list[dict[str, Any]]:
    """The shops' own collectors; pages send to /c/{key}."""
    return [asdict(row) for row in collectors(program(request, Permission.COLLECTION_VIEW))]


@router.get("/traffic/{shop_id}", response=list[TrafficHourAnswer], operation_id="list_traffic_hours")
def traffic(request: HttpRequest, shop_id: int, since: datetime | None = None, hours: int = 24) -> list[dict[str, Any]]:
    """What the collector counted, hour by hour, from `since` on (by default the last 24 hours)."""
    viewer = program(request, Permission.COLLECTION_VIEW)
    if not viewer.sees_shop(shop_id):
        raise Http404
    count = min(max(hours, 1), MOST_HOURS)
    begin = since or business_time.now() - timedelta(hours=count - 1)
    begin = begin.replace(minute=0, second=0, microsecond=0)
    spans = [Span(shop_id, begin + timedelta(hours=n), begin + timedelta(hours=n + 1)) for n in range(count)]
    return [
        {
            "hour": span.since,
            "exposure": one.exposure,
            "clicks": one.clicks,
            "page_views": one.page_views,
            "visitors": one.visitors,
            "visits": one.visits,
            "is_exact": one.is_exact,
            "channels": {channel: dict(values) for channel, values in one.by_channel.items()},
        }
        for span, one in zip(spans, traffic_of(spans), strict=True)
    ]


@router.get("/quality", response=list[QualityAnswer], operation_id="list_data_quality")
def quality(request: HttpRequest) -> list[dict[str, Any]]:
    """Freshness, completeness and disagreement of each source of each shop, over thirty days."""
    return [asdict(row) for row in data_quality(program(request, Permission.COLLECTION_VIEW))]


def _page(limit: int) -> int:
    return min(max(limit, 1), PAGE)
