"""M3.1's live board: one campaign as it runs; every tile names its source and age and leads to its list."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.urls import reverse

from shopkeeper.flows.marketing.watch.documents import shown_hour
from shopkeeper.flows.marketing.watch.permissions import Permission
from shopkeeper.flows.marketing.watch.queries.alerts import AlertLine
from shopkeeper.flows.marketing.watch.queries.board import LiveBoard, live_board, watched_campaigns
from shopkeeper.flows.marketing.watch.queries.hours import HourLine
from shopkeeper.flows.marketing.watch.queries.sheets import totals
from shopkeeper.flows.marketing.watch.states import TrafficSource
from shopkeeper.flows.marketing.watch.words import LABELS, arithmetic, benchmark_words, percent, span
from shopkeeper.foundation import business_time
from shopkeeper.foundation.documents.charts import Chart, ChartKind, Point
from shopkeeper.shared.clock import day_of
from shopkeeper.shared.money import Money
from shopkeeper.shared.words import T
from shopkeeper.web.board import Tile, render_board
from shopkeeper.web.pages import MenuEntry, Request, page
from shopkeeper.web.record import Action

OURS = T("本系统订单与库存", "Our orders and stock")
BUDGET_AHEAD_BP = 1_000  # only a tint: spent so much faster than time goes by
WHOLE = 10_000


@page(
    "",
    name="watch-live",
    clause="M3.1",
    permission=Permission.WATCH_VIEW,
    menu=MenuEntry(T("活动实况", "Live campaigns"), section="marketing", order=50),
)
def live(request: Request) -> HttpResponse:
    """The campaign in the address, else the newest that runs."""
    campaigns = watched_campaigns(request.actor)
    asked = request.GET.get("campaign", "")
    ids = [row.campaign_id for row in campaigns]
    chosen = int(asked) if asked.isdecimal() and len(asked) < 19 else (ids[0] if ids else 0)
    found = live_board(request.actor, chosen, business_time.now()) if chosen else None
    if found is None:
        return render_board(
            request, "watch/live.html", title=T("活动实况", "Live campaigns"), tiles=[], clause="M3.1",
            live="watch", found=None, campaigns=campaigns,
        )  # fmt: skip
    zone = ZoneInfo(found.campaign.zone)
    return render_board(
        request,
        "watch/live.html",
        title=T("活动实况", "Live campaigns"),
        tiles=_tiles(found),
        clause="M3.1",
        live="watch",
        found=found,
        campaigns=campaigns,
        charts=_charts(found, zone),
        lines=[(line, _at(line, zone), shown_hour(line, zone)) for line in reversed(found.hours)],
        alerts=[(alert, arithmetic(alert.kind, shown_facts(alert, zone))) for alert in found.alerts],
        goods=[(one, span(one.minutes_left)) for one in found.goods],
        record=_record_action(request, found),
        may_answer=request.actor.may(Permission.ALERT_ANSWER),
    )


def shown_facts(alert: AlertLine, zone: ZoneInfo) -> dict[str, object]:
    """An alert's arithmetic with its hours as the shop's clock shows them."""
    hours = [
        {**one, "shown": f"{datetime.fromisoformat(one['hour']).astimezone(zone):%m-%d %H:%M}"}
        for one in alert.facts.get("hours", [])
    ]
    return {**alert.facts, "hours": hours} if hours else alert.facts


def _record_action(request: Request, found: LiveBoard) -> Action | None:
    """To the newest hour that waits for its record."""
    waiting = [line for line in found.hours if line.told is None]
    if not waiting or not request.actor.may(Permission.TRAFFIC_RECORD):
        return None
    return Action(
        T("登记 {n} 个小时", "Record {n:# hour|# hours}").format(n=len(waiting)),
        reverse("watch-hour", args=[waiting[-1].reading_id]),
        method="get",
        icon="edit",
    )


def _at(line: HourLine, zone: ZoneInfo) -> str:
    return f"{line.hour.astimezone(zone):%m-%d %H:%M}"


def _tiles(found: LiveBoard) -> list[Tile]:
    return [*_traffic_tiles(found), *_sales_tiles(found), *_supply_tiles(found)]


def _source(source: str, is_shops: bool) -> T:
    if not source:
        return T("无来源", "No source")
    word = LABELS[TrafficSource][TrafficSource(source)].text
    return T(f"{word.zh} · 全店", f"{word.en} · whole shop") if is_shops else word


def _traffic_tiles(found: LiveBoard) -> list[Tile]:
    """Traffic of the newest hour a source told of, and of the hour that runs."""
    last = found.last_told
    url = f"{reverse('watch-sheets')}?campaign={found.campaign.campaign_id}"
    source = _source(last.source, last.is_shops) if last else T("还没有流量数据", "No traffic yet")
    at = last.told.entered_at if last and last.told else None
    told = [line for line in found.hours if line.told]
    running = found.now_traffic.best.visitors if found.now_traffic else None
    note: T | str = T("本小时已 {n}", "{n} so far this hour").format(n=running) if running is not None else ""
    conversion = last.conversion_bp if last else None
    against: T | str = (
        f"{benchmark_words(last.benchmark_name)} {percent(last.benchmark_bp)}" if last and last.benchmark_bp else ""
    )
    if last and last.is_too_small:
        against = T("访客不足 {n}，不评", "Not judged: under {n} visitors").format(n=last.least_visitors)
    return [
        Tile(
            T("访客", "Visitors"), (last.visitors if last else None) or 0, T("人/时", "an hour"), url, "", note, source,
            at, [line.visitors or 0 for line in told],
        ),
        Tile(
            T("曝光", "Exposures"), (last.exposures if last else None) or 0, T("次/时", "an hour"), url, "",
            T("点击率 {r}", "Click rate {r}").format(r=percent(last.click_rate_bp if last else None)), source, at,
            [line.exposures or 0 for line in told],
        ),
        Tile(
            T("支付转化率", "Conversion"), percent(conversion), "", url, "red" if last and last.is_low else "",
            against or T("目标 {t}", "Target {t}").format(t=percent(found.campaign.target_bp or None)), source, at,
            [line.conversion_bp or 0 for line in told],
        ),
    ]  # fmt: skip


def _sales_tiles(found: LiveBoard) -> list[Tile]:
    """What our orders bring, the running hour included, against the plan's goals."""
    campaign, sums, now = found.campaign, totals(found.all_hours), found.now_facts
    paid = sums.paid_minor + (now.paid_minor if now else 0)
    new = sums.new_customers + (now.new_customers if now else 0)
    orders = sums.orders + (now.orders if now else 0)
    url = f"{reverse('watch-sheets')}?campaign={campaign.campaign_id}"
    spark = [line.paid_minor for line in found.hours]
    return [
        Tile(
            T("活动支付金额", "Paid"), Money(paid, campaign.currency), "", url, "",
            _of_goal(paid, campaign.goal_sales_minor), OURS, found.at, spark,
        ),
        Tile(
            T("支付订单", "Orders"), orders, T("单", "orders"), url, "",
            T("本小时 {n} 单", "{n} this hour").format(n=now.orders) if now else "", OURS, found.at,
            [line.orders for line in found.hours],
        ),
        Tile(
            T("新客", "New customers"), new, T("人", "people"), url, "", _of_goal(new, campaign.goal_new_customers),
            OURS, found.at, [line.new_customers for line in found.hours],
        ),
    ]  # fmt: skip


def _of_goal(value: int, goal: int) -> T | str:
    if not goal:
        return T("方案没有定目标", "The plan names no goal")
    return T("目标的 {p}", "{p} of the goal").format(p=f"{value * 100 / goal:.0f}%")


def _supply_tiles(found: LiveBoard) -> list[Tile]:
    """Stock by the SKU that ends first, budget against time, alerts that wait."""
    lasting = [one for one in found.goods if one.minutes_left is not None]
    first = min(lasting, key=lambda one: one.minutes_left or 0, default=None)
    budget, campaign = found.budget, found.campaign
    spent, gone = percent(budget.spent_bp), percent(budget.elapsed_bp)
    ahead = budget.spent_bp is not None and budget.spent_bp > budget.elapsed_bp + BUDGET_AHEAD_BP
    alerts = len(found.alerts)
    alerts_url = f"{reverse('watch-alerts')}?campaign={campaign.campaign_id}"
    return [
        Tile(
            T("可售库存", "Stock left"), sum(one.row.left for one in found.goods), T("件", "pieces"), "#goods",
            "red" if first and (first.minutes_left or 0) == 0 else "",
            T(f"{first.row.code} 还能卖 {span(first.minutes_left).zh}",
              f"{first.row.code}: {span(first.minutes_left).en} left") if first else "",
            OURS, found.at, [line.stock_left for line in found.hours],
        ),
        Tile(
            T("预算", "Budget"), spent, "", "", "amber" if ahead else "",
            T("时间已过 {g}", "{g} of the time is over").format(g=gone), T("活动预算台账", "Campaign budget"), found.at,
        ),
        Tile(
            T("待处理预警", "Alerts to answer"), alerts, "", alerts_url, "red" if alerts else "green", "",
            T("本系统判断", "Our own judgement"), found.at,
        ),
    ]  # fmt: skip


def _charts(found: LiveBoard, zone: ZoneInfo) -> list[Chart]:
    """The last day, hour by hour: conversion against target, visitors and orders."""
    conversion, visitors, orders = (T("转化率", "Conversion"), T("访客", "Visitors"), T("订单", "Orders"))
    steps = [(f"{line.hour.astimezone(zone):%H:%M}", line) for line in found.hours]
    if steps and day_of(found.hours[0].hour, zone) != day_of(found.hours[-1].hour, zone):
        steps = [(f"{line.hour.astimezone(zone):%d·%H:%M}", line) for line in found.hours]
    rates = [
        Point(step, None if line.conversion_bp is None else line.conversion_bp / WHOLE, conversion)
        for step, line in steps
    ]
    benchmark = T("基准", "Benchmark")
    if any(line.benchmark_bp for line in found.hours):
        rates += [
            Point(step, line.benchmark_bp / WHOLE if line.benchmark_bp else None, benchmark) for step, line in steps
        ]
    target = found.campaign.target_bp / WHOLE if found.campaign.target_bp else None
    return [
        Chart(ChartKind.LINE, T("每小时转化率", "Conversion by hour"), rates, is_rate=True, target=target),
        Chart(
            ChartKind.COLUMNS,
            T("每小时访客", "Visitors by hour"),
            [Point(step, line.visitors, visitors) for step, line in steps],
            unit=visitors,
        ),
        Chart(
            ChartKind.COLUMNS,
            T("每小时订单", "Orders by hour"),
            [Point(step, line.orders, orders) for step, line in steps],
            unit=orders,
        ),
    ]
