"""The program's door to the watch: reads; every command has its own address besides."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router

from shopkeeper.flows.marketing.watch.documents import monitoring_answer
from shopkeeper.flows.marketing.watch.permissions import Permission
from shopkeeper.flows.marketing.watch.queries.alerts import (
    AlertFilter,
    alert_record,
    alerts_page,
    calls_page,
    presales_of_campaign,
)
from shopkeeper.flows.marketing.watch.queries.board import watched_campaign, watched_campaigns
from shopkeeper.flows.marketing.watch.queries.hours import HourLine, hours_of_campaign
from shopkeeper.flows.marketing.watch.queries.sheets import SheetFilter, sheet_record, sheets_page
from shopkeeper.flows.marketing.watch.queries.traffic import benchmarks
from shopkeeper.flows.marketing.watch.schemas import (
    AlertDetail,
    Alerts,
    BenchmarkAnswer,
    Calls,
    HourAnswer,
    PresaleAnswer,
    SheetDetail,
    Sheets,
    WatchedCampaign,
)
from shopkeeper.web.visitor import program

router = Router()
PAGE = 200
_PROPERTIES = ("exposures", "clicks", "click_rate_bp", "visitors", "conversion_bp", "source", "is_shops")


@router.get("/campaigns", response=list[WatchedCampaign], operation_id="list_watched_campaigns")
def campaigns(request: HttpRequest) -> list[dict[str, Any]]:
    """Campaigns that are or were watched, running ones first; at most fifty."""
    return [asdict(row) for row in watched_campaigns(program(request, Permission.WATCH_VIEW))]


@router.get("/campaigns/{campaign_id}/hours", response=list[HourAnswer], operation_id="list_campaign_hours")
def hours(
    request: HttpRequest, campaign_id: int, since: datetime | None = None, until: datetime | None = None
) -> list[dict[str, Any]]:
    """A campaign's closed hours, oldest first."""
    if watched_campaign(program(request, Permission.WATCH_VIEW), campaign_id) is None:
        raise Http404
    return [_hour(line) for line in hours_of_campaign(campaign_id, since, until)]


@router.get("/campaigns/{campaign_id}/presales", response=list[PresaleAnswer], operation_id="list_campaign_presales")
def presales(request: HttpRequest, campaign_id: int) -> list[dict[str, Any]]:
    """A campaign's presales, proposed ones too, oldest first."""
    if watched_campaign(program(request, Permission.WATCH_VIEW), campaign_id) is None:
        raise Http404
    return [asdict(line) for line in presales_of_campaign(campaign_id)]


@router.get("/sheets", response=Sheets, operation_id="list_monitoring_sheets")
def sheets(
    request: HttpRequest,
    state: str = "",
    shop_id: int | None = None,
    campaign_id: int | None = None,
    after: int | None = None,
    limit: int = 50,
) -> dict[str, Any]:
    """Days of the monitoring record, newest first; `next` is the `after` of the following page."""
    viewer = program(request, Permission.WATCH_VIEW)
    wanted = SheetFilter(state, shop_id, campaign_id)
    rows, next_key = sheets_page(viewer, wanted, after=after, limit=min(max(limit, 1), PAGE))
    return {"items": [asdict(row) for row in rows], "next": next_key}


@router.get("/sheets/{sheet_id}", response=SheetDetail, operation_id="get_monitoring_sheet")
def sheet(request: HttpRequest, sheet_id: int) -> dict[str, Any]:
    """One day of 《活动监控表》 with its hours."""
    found = sheet_record(program(request, Permission.WATCH_VIEW), sheet_id)
    if found is None:
        raise Http404
    return {**asdict(found.line), "gaps": found.gaps, "lines": [_hour(line) for line in found.hours]}


@router.get("/sheets/{sheet_id}/document.{kind}", operation_id="get_monitoring_document")
def document(request: HttpRequest, sheet_id: int, kind: str) -> HttpResponse:
    """《活动监控表》 as pdf or xlsx."""
    viewer = program(request, Permission.WATCH_VIEW)
    answer = monitoring_answer(viewer, sheet_id, kind) if kind in ("pdf", "xlsx") else None
    if answer is None:
        raise Http404
    return answer


@router.get("/alerts", response=Alerts, operation_id="list_alerts")
def alerts(
    request: HttpRequest,
    state: str = "",
    kind: str = "",
    shop_id: int | None = None,
    campaign_id: int | None = None,
    after: int | None = None,
    limit: int = 50,
) -> dict[str, Any]:
    """Alerts, newest first."""
    viewer = program(request, Permission.WATCH_VIEW)
    wanted = AlertFilter(state, kind, shop_id, campaign_id)
    rows, next_key = alerts_page(viewer, wanted, after=after, limit=min(max(limit, 1), PAGE))
    return {"items": [asdict(row) for row in rows], "next": next_key}


@router.get("/alerts/{alert_id}", response=AlertDetail, operation_id="get_alert")
def alert(request: HttpRequest, alert_id: int) -> dict[str, Any]:
    """One alert with its actions and their effects, and the calls and presales of its SKU."""
    found = alert_record(program(request, Permission.WATCH_VIEW), alert_id)
    if found is None:
        raise Http404
    return {
        **asdict(found.line),
        "actions": [asdict(one) for one in found.actions],
        "calls": [asdict(one) for one in found.calls],
        "presales": [asdict(one) for one in found.presales],
    }


@router.get("/restocks", response=Calls, operation_id="list_restock_calls")
def restocks(request: HttpRequest, state: str = "", after: int | None = None, limit: int = 50) -> dict[str, Any]:
    """Calls for urgent restock, newest first."""
    viewer = program(request, Permission.WATCH_VIEW)
    rows, next_key = calls_page(viewer, state, after=after, limit=min(max(limit, 1), PAGE))
    return {"items": [asdict(row) for row in rows], "next": next_key}


@router.get("/benchmarks", response=list[BenchmarkAnswer], operation_id="list_benchmarks")
def benchmark_lines(request: HttpRequest) -> list[dict[str, Any]]:
    """Named benchmarks, newest first; at most a hundred."""
    return [asdict(line) for line in benchmarks(program(request, Permission.WATCH_VIEW))]


def _hour(line: HourLine) -> dict[str, Any]:
    return {**asdict(line), **{name: getattr(line, name) for name in _PROPERTIES}}
