"""How a campaign's figures are drawn: facts gathered set-based for all campaigns of a batch, put together per one."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from shopkeeper.flows.fulfilment.settlement.rules import commission_of
from shopkeeper.flows.marketing.review.commands.watched import watched
from shopkeeper.flows.marketing.review.ports import Load, Span, service_load
from shopkeeper.flows.marketing.review.rules import figures as f
from shopkeeper.flows.marketing.review.rules.base import Sold, base_of, base_windows
from shopkeeper.flows.marketing.review.sql import circumstances, facts
from shopkeeper.foundation.commands import Step
from shopkeeper.sop.policy import policies

Row = TypeVar("Row")
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Gathered:
    """The rows of one campaign."""

    sales: facts.SalesRow | None
    hours: Sequence[facts.HourRow]
    goods: Sequence[facts.GoodsRow]
    discounts: Sequence[facts.BorneRow]
    budgets: Sequence[circumstances.BudgetRow]
    coupons: Sequence[circumstances.CouponRow]
    changes: Sequence[circumstances.ChangeRow]
    mailings: Sequence[circumstances.MailingRow]
    base: f.Base
    load: Load | None
    traffic: f.Traffic | None
    visitors: Mapping[datetime, int] = field(default_factory=dict)
    shop_buyers: Mapping[datetime, int] = field(default_factory=dict)
    alerts: Sequence[f.AlertLine] = ()


def draw(step: Step, campaigns: Sequence[circumstances.CampaignRow]) -> dict[int, f.ReviewFigures]:
    """The figures of campaigns as they stand now, by campaign; statements do not grow with their number."""
    if not campaigns:
        return {}
    gathered = _gather(step, campaigns)
    return {row.id: _put_together(step, row, gathered[row.id]) for row in campaigns}


def _gather(step: Step, campaigns: Sequence[circumstances.CampaignRow]) -> dict[int, Gathered]:
    ids = [row.id for row in campaigns]
    spans = {
        "campaigns": ids,
        "shops": [row.shop_id for row in campaigns],
        "sinces": [row.since for row in campaigns],
        "untils": [row.until for row in campaigns],
    }
    policy = policies(step)
    new_days = [policy("new_customer_days", row.shop_id) for row in campaigns]
    sales = {row.campaign_id: row for row in facts.SALES.rows(**spans, new_days=new_days)}
    hours = _grouped(facts.HOURS.rows(**spans))
    goods = _grouped(facts.GOODS.rows(**spans))
    discounts = _grouped(facts.DISCOUNTS.rows(**spans))
    budgets = _grouped(circumstances.BUDGETS.rows(campaigns=ids))
    coupons = _grouped(circumstances.COUPONS.rows(campaigns=ids))
    changes = _grouped(circumstances.CHANGES.rows(campaigns=ids, sinces=spans["sinces"], untils=spans["untils"]))
    mailings = _grouped(circumstances.MAILINGS.rows(campaigns=ids))
    bases = _bases(step, campaigns)
    loads = service_load().loads(
        [Span(row.id, row.shop_id, row.since, row.until) for row in campaigns], policies(step)("review_problems")
    )
    seen = watched(step, campaigns)
    return {
        id_: Gathered(
            sales.get(id_),
            hours[id_],
            goods[id_],
            discounts[id_],
            budgets[id_],
            coupons[id_],
            changes[id_],
            mailings[id_],
            bases[id_],
            loads.get(id_),
            seen[id_].traffic,
            seen[id_].visitors,
            seen[id_].shop_buyers,
            seen[id_].alerts,
        )
        for id_ in ids
    }


def _grouped(rows: Sequence[Row]) -> dict[int, list[Row]]:
    by_campaign: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        by_campaign[row.campaign_id].append(row)  # type: ignore[attr-defined]
    return by_campaign


def _bases(step: Step, campaigns: Sequence[circumstances.CampaignRow]) -> dict[int, f.Base]:
    """What each campaign's sales are compared with, in one statement."""
    weeks = {row.id: policies(step)("review_base_weeks", row.shop_id) for row in campaigns}
    windows = [
        (row, window)
        for row in campaigns
        for window in base_windows(row.since, row.until, weeks[row.id], ZoneInfo(row.zone))
    ]
    rows = facts.WINDOWS.rows(
        numbers=list(range(len(windows))),
        campaigns=[row.id for row, _ in windows],
        shops=[row.shop_id for row, _ in windows],
        sinces=[window.since for _, window in windows],
        untils=[window.until for _, window in windows],
    )
    sold: dict[int, list[Sold]] = defaultdict(list)
    for found in rows:
        campaign, window = windows[found.n]
        sold[campaign.id].append(Sold(window, found.is_taken, found.paid_minor, found.orders))
    return {id_: f.Base(weeks[id_], *base_of(sold[id_])) for id_ in weeks}


def _put_together(step: Step, row: circumstances.CampaignRow, got: Gathered) -> f.ReviewFigures:
    policy, zone = policies(step), ZoneInfo(row.zone)
    return f.ReviewFigures(
        currency=row.currency,
        since=row.since.isoformat(),
        until=row.until.isoformat(),
        goals=f.Goals(row.goal_sales_minor, row.goal_new_customers, row.expected_visitors, row.expected_conversion_bp),
        sales=_sales(got.sales, policy("commission_basis_points", row.shop_id)),
        traffic=_traffic(got),
        discounts=_discounts(got.discounts, policy("order_discount_borne_by", row.shop_id)),
        costs=tuple(f.CostLine(one.kind, one.planned_minor, one.spent_minor) for one in got.budgets),
        base=got.base,
        hours=_hours(row, got, zone),
        goods=_all(f.Goods, got.goods),
        coupons=_all(f.CouponLine, got.coupons),
        alerts=tuple(got.alerts),
        mailings=_all(f.MailLine, got.mailings),
        service=_service(got.load),
        changes=tuple(f.Changed(one.at.isoformat(), one.kind, one.about, one.became) for one in got.changes),
    )


def _all(shape: Callable[..., Row], rows: Sequence[Any]) -> tuple[Row, ...]:
    """Rows as the lines of a figure, field by field."""
    names = tuple(shape.__dataclass_fields__)  # type: ignore[attr-defined]
    return tuple(shape(**{name: getattr(row, name) for name in names}) for row in rows)


def _sales(row: facts.SalesRow | None, commission_bp: int) -> f.Sales:
    if row is None:
        return f.Sales()
    return f.Sales(
        **{name: getattr(row, name) for name in f.Sales.__dataclass_fields__ if name != "commission_minor"},
        commission_minor=commission_of(row.paid_minor - row.refund_minor, commission_bp),
    )


def _discounts(rows: Sequence[facts.BorneRow], whole_orders_by: str) -> tuple[f.Borne, ...]:
    """Discounts by who bears them, most first."""
    whole = f.OURS if whole_orders_by == "merchant" else whole_orders_by
    by_bearer: dict[str, int] = defaultdict(int)
    for row in rows:
        by_bearer[row.bearer or whole] += row.amount_minor
    ranked = sorted(by_bearer.items(), key=lambda one: (-one[1], one[0]))
    return tuple(f.Borne(bearer, amount) for bearer, amount in ranked)


def _traffic(got: Gathered) -> f.Traffic | None:
    """The watch's sums, with the buyers of the hours it has visitors of: of what those visitors came to."""
    if got.traffic is None:
        return None
    own = sum(one.buyers for one in got.hours if one.hour in got.visitors and one.hour not in got.shop_buyers)
    return replace(got.traffic, buyers=own + sum(got.shop_buyers.values()))


def _hours(row: circumstances.CampaignRow, got: Gathered, zone: ZoneInfo) -> tuple[f.Hour, ...]:
    """Every hour the campaign ran, also those in which nothing was sold."""
    sold = {one.hour: one for one in got.hours}
    hours = []
    hour = row.since.astimezone(zone).replace(minute=0, second=0, microsecond=0)
    while hour < row.until:
        one = sold.get(hour)
        hours.append(
            f.Hour(
                f"{hour:%Y-%m-%d %H:%M}",
                one.orders if one else 0,
                one.paid_minor if one else 0,
                got.visitors.get(hour),
            )
        )
        hour += HOUR
    return tuple(hours)


def _service(load: Load | None) -> f.Service | None:
    if load is None:
        return None
    return f.Service(
        load.tickets,
        load.orders_paid,
        load.first_asked,
        load.first_in_time,
        load.stars,
        tuple(f.Theme(one.kind, one.goods, one.courier, one.tickets) for one in load.problems),
    )


def with_stock_of(new: f.ReviewFigures, old: f.ReviewFigures) -> f.ReviewFigures:
    """What was left is what was left at the end: figures drawn later keep it."""
    left = {one.sku_id: one.left for one in old.goods}
    goods = tuple(replace(one, left=left.get(one.sku_id, one.left)) for one in new.goods)
    return replace(new, goods=goods)
