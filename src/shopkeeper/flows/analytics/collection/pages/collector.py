"""D1.1 on screen: what our own script collects just now, and which pages may send."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse

from shopkeeper.flows.analytics.collection.commands.open_collectors import (
    CloseCollector,
    OpenCollector,
    RenewCollectorKey,
    close_collectors,
    open_collectors,
    renew_collector_keys,
)
from shopkeeper.flows.analytics.collection.permissions import Permission
from shopkeeper.flows.analytics.collection.queries.keys import collectors
from shopkeeper.flows.analytics.collection.queries.traffic import Span, Traffic, traffic_of
from shopkeeper.flows.analytics.collection.rules.counting import BOTS, DUPLICATES
from shopkeeper.flows.analytics.collection.states import TrafficChannel, TrafficKind
from shopkeeper.flows.analytics.collection.words import LABELS
from shopkeeper.flows.fulfilment.intake.queries.scope import shop_choices
from shopkeeper.foundation import business_time
from shopkeeper.foundation.commands import Command
from shopkeeper.foundation.documents.charts import Chart, ChartKind, Point
from shopkeeper.shared.clock import SHOP_ZONE
from shopkeeper.shared.words import T
from shopkeeper.web.board import Tile, render_board
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.form_reading import read_form
from shopkeeper.web.pages import MenuEntry, Request, page

HOURS_SHOWN = 24
SOURCE = T("自有采集", "Own collector")


@page(
    "collector/",
    name="collection-collector",
    clause="D1.1",
    permission=Permission.COLLECTION_VIEW,
    menu=MenuEntry(T("流量采集", "Traffic collector"), section="data", order=90),
)
def collector(request: Request) -> HttpResponse:
    """The last day of every listening shop, and each shop's key and pages."""
    known = {row.shop_id: row for row in collectors(request.actor)}
    now = business_time.now()
    this_hour = now.replace(minute=0, second=0, microsecond=0)
    hours = [this_hour - timedelta(hours=n) for n in reversed(range(HOURS_SHOWN))]
    found = {shop: traffic_of([Span(shop, hour, hour + timedelta(hours=1)) for hour in hours]) for shop in known}
    return render_board(
        request,
        "collection/collector.html",
        title=T("流量采集", "Traffic collector"),
        tiles=_tiles([one for traffic in found.values() for one in traffic], now) if known else [],
        clause="D1.1",
        live="collection",
        charts=[_chart(known[shop].shop, hours, traffic) for shop, traffic in found.items() if known[shop].is_open],
        shops=[(int(key), name, known.get(int(key))) for key, name in shop_choices(request.actor)],
        host=f"{request.scheme}://{request.get_host()}",
        may_keep=request.actor.may(Permission.SOURCE_KEEP),
    )


def _tiles(traffic: Sequence[Traffic], now: datetime) -> list[Tile]:
    """Sums of the last twenty-four hours; visitors are of hours and do not add up, so none stand here."""

    def total(figure: str) -> int:
        return sum(one.sums.get(figure, 0) for one in traffic)

    views = [one.page_views for one in traffic]
    left_out = total(BOTS) + total(DUPLICATES)
    return [
        Tile(T("近 24 小时浏览", "Page views, 24 h"), sum(views), source=SOURCE, at=now),
        *[
            Tile(LABELS[TrafficKind][kind].text, total(kind), source=SOURCE, at=now)
            for kind in (TrafficKind.EXPOSURE, TrafficKind.CLICK, TrafficKind.CART, TrafficKind.ORDER)
        ],
        Tile(
            T("已剔除", "Left out"),
            left_out,
            note=T("机器 {bots} · 重复 {again}", "{bots:# machine|# machines} · {again} sent again").format(
                bots=total(BOTS), again=total(DUPLICATES)
            ),
            tone="amber" if left_out > sum(views) else "",
            source=SOURCE,
            at=now,
        ),
    ]


def _chart(shop: str, hours: Sequence[datetime], traffic: Sequence[Traffic]) -> Chart:
    """Page views by hour and class of traffic."""
    points = [
        Point(
            f"{hour.astimezone(SHOP_ZONE):%H:%M}",
            one.by_channel[channel][TrafficKind.VIEW] if channel in one.by_channel else 0,
            LABELS[TrafficChannel][channel].text,
        )
        for hour, one in zip(hours, traffic, strict=True)
        for channel in TrafficChannel
    ]
    title = T("{shop}：每小时浏览，按流量来源", "{shop}: page views an hour, by where they came from").format(shop=shop)
    return Chart(ChartKind.STACKED, title, points)


@page(
    "collector/open/",
    name="collection-collector-open",
    clause="D1.1",
    permission=Permission.SOURCE_KEEP,
    methods=("POST",),
)
def open_page(request: Request) -> HttpResponse:
    """Open a shop's collector, or set which pages may send."""
    origins = tuple(request.POST.get("origins", "").split())
    return _run(request, open_collectors, read_form(request.POST, OpenCollector, {"origins": origins}).item)


@page(
    "collector/close/",
    name="collection-collector-close",
    clause="D1.1",
    permission=Permission.SOURCE_KEEP,
    methods=("POST",),
)
def close_page(request: Request) -> HttpResponse:
    return _run(request, close_collectors, read_form(request.POST, CloseCollector).item)


@page(
    "collector/renew/",
    name="collection-collector-renew",
    clause="D1.1",
    permission=Permission.SOURCE_KEEP,
    methods=("POST",),
)
def renew_page(request: Request) -> HttpResponse:
    return _run(request, renew_collector_keys, read_form(request.POST, RenewCollectorKey).item)


def _run(request: Request, command: Command[Any], item: Any) -> HttpResponse:
    outcomes = run_once(request, command, [item] if item is not None else [])
    return answer_outcomes(request, outcomes, done=T("采集已设置", "The collector is set"), to="collection-collector")
