"""The program's door to reports and figures: reads; every command has its own address besides."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router

from shopkeeper.flows.analytics.reports.documents.answers import report_answer
from shopkeeper.flows.analytics.reports.permissions import Permission
from shopkeeper.flows.analytics.reports.queries.figures import Drill, behind, can_be_drilled, divided, figure
from shopkeeper.flows.analytics.reports.queries.reports import ReportFilter, ReportRow, report_record, reports_page
from shopkeeper.flows.analytics.reports.queries.targets import targets_of_month
from shopkeeper.flows.analytics.reports.rules.metric import METRICS, SMALLEST, Dimension, FigureOf, Metric
from shopkeeper.flows.analytics.reports.rules.spans import Span
from shopkeeper.flows.analytics.reports.schemas import (
    FigureOfSpan,
    MetricAnswer,
    Metrics,
    OrderBehind,
    OrdersBehind,
    ReportAnswer,
    ReportDetail,
    ReportList,
    TargetAnswer,
    Targets,
)
from shopkeeper.flows.analytics.reports.words import CLAUSES
from shopkeeper.shared.errors import BusinessError
from shopkeeper.web.visitor import program

router = Router()
PAGE = 200
LONGEST = 400  # days one request counts over


def _plain(found: object, shape: type[Any], *but: str) -> dict[str, Any]:
    """The fields of a shape, taken from a row: what it holds and what it computes."""
    return {name: getattr(found, name) for name in shape.model_fields if name not in but}


@router.get("/metrics", response=Metrics, operation_id="list_metrics")
def metrics(request: HttpRequest) -> dict[str, Any]:
    """Every registered figure with its definition."""
    program(request, Permission.REPORT_VIEW)
    return {"items": [_metric(metric) for metric in METRICS.values()]}


@router.get("/metrics/{metric_id}/figure", response=FigureOfSpan, operation_id="get_figure")
def figure_of_span(
    request: HttpRequest, metric_id: str, first_day: date, last_day: date, shop_id: int | None = None, by: str = ""
) -> dict[str, Any]:
    """A figure over days, both included, of a shop or of all the program sees; `by` divides it by a dimension."""
    viewer = program(request, Permission.REPORT_VIEW)
    metric, span = _known(metric_id), _span(first_day, last_day)
    whole = figure(metric_id, shop_id, span.first, span.last, viewer)
    members = divided(viewer, metric, _dimension(metric, by), shop_id, span) if by else []
    return {
        **_figure(whole),
        "first_day": span.first,
        "last_day": span.last,
        "shop_id": shop_id,
        "by": by,
        "members": [
            {**_figure(FigureOf(metric, of)), "member": "" if member is None else str(member)} for member, of in members
        ],
    }


@router.get("/metrics/{metric_id}/orders", response=OrdersBehind, operation_id="list_orders_behind_figure")
def orders_behind(
    request: HttpRequest,
    metric_id: str,
    first_day: date,
    last_day: date,
    shop_id: int | None = None,
    by: str = "",
    member: str = "",
    base: bool = False,
    after: str = "",
    limit: int = 50,
) -> dict[str, Any]:
    """The orders behind a figure's numerator (with `base` its denominator), newest first."""
    viewer = program(request, Permission.REPORT_VIEW)
    metric = _known(metric_id)
    if not can_be_drilled(metric):
        raise Http404
    dimension = _dimension(metric, by) if by else None
    drill = Drill(metric, _span(first_day, last_day), shop_id, base, dimension, member)
    found, next_key = behind(viewer, drill, after=after, limit=min(max(limit, 1), PAGE))
    return {"items": [_plain(row, OrderBehind) for row in found], "next": next_key}


@router.get("/reports", response=ReportList, operation_id="list_reports")
def reports(
    request: HttpRequest, state: str = "", period: str = "", shop: str = "", after: str = "", limit: int = 50
) -> dict[str, Any]:
    """Reports, the last opened first, with their key figures. `shop` is an id, or "all" for all shops together."""
    viewer = program(request, Permission.REPORT_VIEW)
    wanted = ReportFilter(state, period, shop)
    rows, next_key = reports_page(viewer, wanted, after=after, limit=min(max(limit, 1), PAGE))
    return {"items": [_report(row) for row in rows], "next": next_key}


@router.get("/reports/{report_id}", response=ReportDetail, operation_id="get_report")
def report(request: HttpRequest, report_id: int, version: int | None = None) -> dict[str, Any]:
    """One report with the figures of its newest version, or of the one asked for."""
    found = report_record(program(request, Permission.REPORT_VIEW), report_id, version)
    if found is None:
        raise Http404
    return {**_report(found.row), "shown_version": found.version, "figures": found.figures}


@router.get("/reports/{report_id}/document.{kind}", operation_id="get_report_document")
def report_document(request: HttpRequest, report_id: int, kind: str, version: int | None = None) -> HttpResponse:
    """《运营数据分析报告》 as pdf or xlsx."""
    viewer = program(request, Permission.REPORT_VIEW)
    answer = report_answer(viewer, report_id, kind, version) if kind in ("pdf", "xlsx") else None
    if answer is None:
        raise Http404
    return answer


@router.get("/targets", response=Targets, operation_id="list_targets")
def targets(request: HttpRequest, month: date) -> dict[str, Any]:
    """A month's targets; `month` is its first day."""
    rows = targets_of_month(program(request, Permission.REPORT_VIEW), month)
    return {"items": [_plain(row, TargetAnswer) for row in rows]}


def _known(metric_id: str) -> Metric:
    if metric_id not in METRICS:
        raise Http404
    return METRICS[metric_id]


def _span(first: date, last: date) -> Span:
    if not 0 <= (last - first).days < LONGEST:
        raise BusinessError("figure_span_wrong", most=LONGEST)
    return Span(first, last)


def _dimension(metric: Metric, by: str) -> Dimension:
    """Raises BusinessError for what is no dimension; whether the figure has it is checked where it is counted."""
    if by not in list(Dimension):
        raise BusinessError("metric_not_by_dimension", metric=metric.name.text())
    return Dimension(by)


def _metric(metric: Metric) -> dict[str, Any]:
    worded = ("name", "formula", "time_field", "source", "filters", "entity")
    return {
        **_plain(metric, MetricAnswer, *worded, "clause", "parts_per_unit", "dimensions"),
        **{name: getattr(metric, name).both() for name in worded},
        "clause": CLAUSES[metric.block],
        "parts_per_unit": SMALLEST[metric.unit],
        "dimensions": [str(one) for one in metric.dimensions],
    }


def _figure(found: FigureOf) -> dict[str, Any]:
    return {
        "metric_id": found.metric.id,
        "numerator": found.figure.numerator,
        "denominator": found.figure.denominator,
        "parts": found.parts,
    }


def _report(row: ReportRow) -> dict[str, Any]:
    return {**_plain(row, ReportAnswer, "headlines"), "headlines": [_figure(one) for one in row.headlines]}
