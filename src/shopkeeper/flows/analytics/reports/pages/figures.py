"""D2 on screen: any figure by any dimension over any days, the orders behind it, and what each figure means."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.urls import reverse

from shopkeeper.flows.analytics.reports.documents.members import Members
from shopkeeper.flows.analytics.reports.documents.paper import definition
from shopkeeper.flows.analytics.reports.pages.asking import drill_url, number_of, span_in
from shopkeeper.flows.analytics.reports.permissions import Permission
from shopkeeper.flows.analytics.reports.queries.figures import (
    Behind,
    Drill,
    behind,
    can_be_drilled,
    count_behind,
    divided,
    everything_behind,
    figure_and_before,
    shops_without_visitors,
)
from shopkeeper.flows.analytics.reports.queries.lake_tables import current_windows
from shopkeeper.flows.analytics.reports.queries.scope import currencies, currency_of, shop_names
from shopkeeper.flows.analytics.reports.rules.changes import change
from shopkeeper.flows.analytics.reports.rules.metric import METRICS, Dimension, Figure, FigureOf, Metric, Unit
from shopkeeper.flows.analytics.reports.rules.metrics import of_block
from shopkeeper.flows.analytics.reports.rules.snapshot import UNSEEN
from shopkeeper.flows.analytics.reports.rules.spans import Span
from shopkeeper.flows.analytics.reports.states import Block
from shopkeeper.flows.analytics.reports.words import (
    BLOCKS,
    CLAUSES,
    DIMENSIONS,
    WHY_UNKNOWN,
    changed,
    money,
    part_shown,
    shown,
    unit_of,
)
from shopkeeper.foundation.documents.charts import Chart, ChartKind, Point
from shopkeeper.foundation.documents.xlsx import Column, csv_chunks
from shopkeeper.foundation.naming import shops_of
from shopkeeper.shared.money import HOME_CURRENCY
from shopkeeper.shared.words import T, listed
from shopkeeper.web.exporting import MOST_ROWS, export
from shopkeeper.web.pages import MenuEntry, Request, page, render_page

MOST_BARS = 15
DAYS_NAMED_ONCE = 366  # "11-22" is one day only in a span below this
PAGE = 50


@page(
    "explore/",
    name="reports-explore",
    clause="D2.1",
    permission=Permission.REPORT_VIEW,
    menu=MenuEntry(T("指标探索", "Explore figures"), section="data", order=20),
)
def explore(request: Request) -> HttpResponse:
    """A registered figure × dimension × span, with its comparison; as CSV or XLSX where asked."""
    metric = METRICS.get(request.GET.get("metric", "")) or METRICS["paid_amount"]
    shop_id, span = number_of(request.GET.get("shop", "")), span_in(request.GET)
    dimension = _dimension(metric, request.GET.get("by", ""))
    whole, before = figure_and_before(request.actor, metric, shop_id, span)
    rows = divided(request.actor, metric, dimension, shop_id, span) if dimension else []
    members, currency = Members(), currency_of(shop_id)
    lines = [
        _Member(metric, dimension, member, members.name(dimension, member), figure, span, shop_id, currency)
        for member, figure in rows
        if dimension
    ]
    kind = request.GET.get("export", "")
    if kind in ("csv", "xlsx") and dimension:
        return _exported(request, kind, metric, dimension, lines)
    moved = change(metric, whole, before)
    view = {
        "title": T("指标探索", "Explore figures"),
        "metric": metric,
        "metrics": [(BLOCKS[block], [(m.id, m.name) for m in of_block(block)]) for block in Block if of_block(block)],
        "dimensions": [(str(one), DIMENSIONS[one]) for one in metric.dimensions],
        "dimension": str(dimension or ""),
        "dimension_title": DIMENSIONS[dimension] if dimension else "",
        "shops": shops_of(request.actor),
        "shop": str(shop_id or ""),
        "span": span,
        "value": shown(FigureOf(metric, whole, currency)),
        "is_unknown": not whole.is_known,
        "why_unknown": "" if whole.is_known else _why_unknown(request, metric, shop_id, span),
        "before": shown(FigureOf(metric, before, currency)),
        "change": changed(moved.parts, moved.is_points),
        "drill": drill_url(metric, span, shop_id) if can_be_drilled(metric) and whole.is_known else "",
        "lines": lines,
        "chart": _chart(metric, dimension, lines, span, currency) if dimension and lines else None,
        "here": request.get_full_path(),
    }
    return render_page(request, "reports/explore.html", view)


def _why_unknown(request: Request, metric: Metric, shop_id: int | None, span: Span) -> str:
    """Which shops stand in the way of a ratio; empty where simply no source says anything."""
    unseen = shops_without_visitors(request.actor, metric, shop_id, span)
    names = shop_names()
    words = WHY_UNKNOWN[UNSEEN].format(metrics=metric.name, shops=listed(names[shop] for shop in unseen))
    return words.text() if unseen else ""


def _dimension(metric: Metric, asked: str) -> Dimension | None:
    """The dimension asked for where the figure may be divided so, else its first."""
    wanted = next((one for one in metric.dimensions if str(one) == asked), None)
    return wanted or (metric.dimensions[0] if metric.dimensions else None)


class _Member:
    """A member's line: its name, its value, the orders behind it."""

    def __init__(
        self,
        metric: Metric,
        dimension: Dimension,
        member: Any,
        name: str,
        figure: Figure,
        span: Span,
        shop_id: int | None,
        currency: str,
    ) -> None:
        self.name, self.figure = name, FigureOf(metric, figure, currency)
        self.value = shown(self.figure)
        self.numerator = part_shown(metric.numerator[0][1], figure.numerator, currency)
        self.denominator = part_shown(metric.denominator, figure.denominator, currency)
        raw = member.isoformat() if isinstance(member, date) else "" if member is None else str(member)
        drills = can_be_drilled(metric) and figure.is_known
        self.url = drill_url(metric, span, shop_id, str(dimension), raw) if drills else ""


def _chart(metric: Metric, dimension: Dimension, lines: list[_Member], span: Span, currency: str) -> Chart:
    """Over time or as a ranking; a day of which nothing is known is a gap, not left out."""
    is_over_time = dimension in (Dimension.DAY, Dimension.HOUR)
    scale = 100 if metric.unit is Unit.MONEY else 1
    shown_lines = lines if is_over_time else lines[:MOST_BARS]
    points = [
        Point(line.name[:5] if is_over_time else line.name, None if value is None else value / scale)
        for line in shown_lines
        for value in (line.figure.value,)
    ]
    if dimension is Dimension.DAY and span.days < DAYS_NAMED_ONCE:
        known = {point.step: point for point in points}
        points = [known.get(step, Point(step, None)) for step in (f"{day:%m-%d}" for day in span.each())]
    title = T("{metric}，按{by}", "{metric} by {by}").format(
        metric=metric.name, by=DIMENSIONS[dimension].text().lower()
    )
    unit = unit_of(currency) if metric.unit is Unit.MONEY else ""
    kind = ChartKind.LINE if is_over_time else ChartKind.BARS
    return Chart(kind, title, points, unit, is_rate=metric.unit is Unit.SHARE)


def _exported(request: Request, kind: str, metric: Metric, dimension: Dimension, lines: list[_Member]) -> HttpResponse:
    columns = [
        Column(DIMENSIONS[dimension], width=24),
        Column(metric.name, width=18),
        Column(T("分子", "Numerator"), "decimal", 16),
        Column(T("分母", "Denominator"), "decimal", 16),
    ]
    rows = [[line.name, line.value, line.figure.figure.numerator, line.figure.figure.denominator] for line in lines]
    if kind == "xlsx":
        return export(request, f"figure-{metric.id}", metric.name, columns, rows)
    answer = StreamingHttpResponse(csv_chunks(columns, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="figure-{metric.id}.csv"'
    return answer  # type: ignore[return-value]  # a page's answer, only that it comes in pieces


@page("drill/", name="reports-drill", clause="D2.3", permission=Permission.REPORT_VIEW)
def drill(request: Request) -> HttpResponse:
    """The orders behind a number, newest first; all of them as a sheet."""
    asked = _drill(request)
    if asked is None:
        raise Http404
    columns = (
        Column(T("订单", "Order"), "id"),
        Column(T("店铺", "Shop"), width=20),
        Column(T("日期", "Day"), "date"),
        Column(T("计入金额", "Amount counted"), "money"),
        Column(T("计入行数", "Rows counted"), "integer"),
    )
    shops, of_shop = shop_names(), currencies()
    if request.GET.get("export"):
        rows = _sheet(everything_behind(request.actor, asked, MOST_ROWS), shops)
        return export(request, f"orders-{asked.metric.id}", T("订单明细", "Orders"), columns, rows)
    found, next_key = behind(request.actor, asked, after=request.GET.get("after", ""), limit=PAGE)
    n, amount = count_behind(request.actor, asked)
    params = request.GET.copy()
    params.pop("after", None)
    kept = params.urlencode()
    view = {
        "title": T("数字背后的订单", "The orders behind a number"),
        "metric": asked.metric,
        "span": asked.span,
        "member": Members().name(asked.dimension, asked.member) if asked.dimension else "",
        "dimension": DIMENSIONS[asked.dimension] if asked.dimension else "",
        "orders": n,
        "amount": money(amount, of_shop.get(asked.shop_id or 0, HOME_CURRENCY)),
        "has_amount": amount is not None,
        "rows": [
            (row, shops.get(row.shop_id, "–"), money(row.amount_minor, of_shop.get(row.shop_id, HOME_CURRENCY)))
            for row in found
        ],
        "next_url": f"?{kept}&after={next_key}" if next_key else "",
        "first_url": f"?{kept}" if request.GET.get("after") else "",
        "export_url": f"?{kept}&export=xlsx",
    }
    return render_page(request, "reports/drill.html", view)


def _drill(request: Request) -> Drill | None:
    asked = request.GET
    metric = METRICS.get(asked.get("metric", ""))
    if metric is None or not can_be_drilled(metric):
        return None
    by = next((one for one in metric.dimensions if str(one) == asked.get("by", "")), None)
    shop_id, is_base = number_of(asked.get("shop", "")), asked.get("base") == "1"
    return Drill(metric, span_in(asked), shop_id, is_base, by, asked.get("member", ""))


def _sheet(found: Iterable[Behind], shops: dict[int, str]) -> Iterator[list[Any]]:
    for row in found:
        yield [row.number, shops.get(row.shop_id, ""), row.day, row.amount_minor, row.rows]


@page(
    "metrics/",
    name="reports-metrics",
    clause="D2.1",
    permission=Permission.REPORT_VIEW,
    menu=MenuEntry(T("指标口径", "Definitions"), section="data", order=30),
)
def metrics(request: Request) -> HttpResponse:
    """The register: what each figure means, how it is computed, and whether it adds up."""
    windows = current_windows()
    blocks = [
        (BLOCKS[block], CLAUSES[block], [(metric, definition(metric, windows)) for metric in of_block(block)])
        for block in Block
        if of_block(block)
    ]
    view = {"title": T("指标口径", "Definitions of figures"), "blocks": blocks, "back": reverse("reports-reports")}
    return render_page(request, "reports/metrics.html", view)
