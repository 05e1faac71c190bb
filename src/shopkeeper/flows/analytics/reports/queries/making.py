"""Computing a report from the lake: part by part, so that one that fails leaves the others whole."""

import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta
from typing import Any

from shopkeeper.flows.analytics.lake.records.engine import connect
from shopkeeper.flows.analytics.reports.models import Report
from shopkeeper.flows.analytics.reports.queries.lake_tables import lake_tables, windows_of
from shopkeeper.flows.analytics.reports.queries.targets import targets_for
from shopkeeper.flows.analytics.reports.rules.counting import Counter
from shopkeeper.flows.analytics.reports.rules.snapshot import MAKERS, Asked, Plain, goods_sold
from shopkeeper.flows.analytics.reports.rules.spans import Span
from shopkeeper.flows.analytics.reports.states import Block, ReportPeriod, ReportState
from shopkeeper.flows.marketing.campaigns.queries.campaigns import CampaignFacts, campaigns_that_ran
from shopkeeper.shared.clock import SHOP_ZONE, at_time, day_of
from shopkeeper.sop.policy import Policies, read_policies

log = logging.getLogger(__name__)
SHAPE = 1  # of what is kept; raised where an older version could no longer be read


@dataclass(frozen=True, slots=True)
class Computed:
    """A report's figures, and the parts that could not be computed."""

    figures: dict[str, Any]
    failed: list[str]


def end_of_report(report_id: int) -> datetime | None:
    """The moment after the last day of a report that is being made; None where it is not."""
    report = Report.objects.filter(id=report_id, state=ReportState.MAKING).first()
    return at_time(report.last_day + timedelta(days=1), time.min, SHOP_ZONE) if report else None


def computed(report_id: int) -> Computed | None:
    """Compute a report that is being made; None where it is not. A part that fails is logged and named."""
    report = Report.objects.filter(id=report_id, state=ReportState.MAKING).first()
    if report is None:
        return None
    policy = read_policies()
    shops = None if report.shop_id is None else (report.shop_id,)
    windows = windows_of(policy, report.shop_id)
    period, span = ReportPeriod(report.period), Span(report.first_day, report.last_day)
    blocks: dict[str, Plain] = {}
    failed: list[str] = []
    with connect() as lake:
        asked = _asked(Counter(lake_tables(lake), shops, windows), period, span, policy, report.shop_id)
        makers: dict[Block, Callable[[Asked], Plain]] = {**MAKERS, Block.CAMPAIGNS: _campaigns}
        for block in Block:
            try:
                blocks[str(block)] = makers[block](asked)
            except Exception:  # whatever it was, the other parts stand and this one is named
                log.exception("part %s of report %s could not be computed", block, report_id)
                failed.append(str(block))
    figures = {
        "shape": SHAPE,
        "spans": {name: [s.first, s.last] for name, s in (("before", asked.before), ("year", asked.year))},
        "windows": asdict(windows),
        "least_base": policy("report_least_base", report.shop_id),
        "least_percent": policy("report_least_change_percent", report.shop_id),
        "targets": targets_for(report.shop_id, span),
        "blocks": blocks,
    }
    return Computed(figures, failed)


def _asked(counter: Counter, period: ReportPeriod, span: Span, policy: Policies, shop_id: int | None) -> Asked:
    return Asked(
        counter,
        period,
        span,
        lines=policy("report_lines", shop_id),
        anomaly_weeks=policy("report_anomaly_weeks", shop_id),
        anomaly_tenths=policy("report_anomaly_tenths", shop_id),
    )


def _campaigns(asked: Asked) -> Plain:
    """Campaigns that ran in the period: their goods' sales on the days of both, against the goal."""
    first = at_time(asked.span.first, time.min, SHOP_ZONE)
    end = at_time(asked.span.last + timedelta(days=1), time.min, SHOP_ZONE)
    ran = campaigns_that_ran(asked.counter.shops, first, end)
    return {"tables": {"campaigns": [_campaign(asked, one) for one in ran]}}


def _campaign(asked: Asked, one: CampaignFacts) -> Plain:
    first, last = day_of(one.starts_at), day_of(one.last_moment)
    days = Span(max(asked.span.first, first), min(asked.span.last, last))
    sold = goods_sold(asked.counter, one.shop_id, one.sku_ids, days)
    return {
        "id": one.id,
        "shop_id": one.shop_id,
        "name": one.name,
        "first": first,
        "last": last,
        "goal_minor": one.goal_sales_minor,
        "paid_minor": sold[0],
        "pieces": sold[1],
    }
