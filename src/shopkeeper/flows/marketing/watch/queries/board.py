"""The live board: one campaign as it runs, with the hour that is not over yet."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shopkeeper.flows.marketing.watch.queries.alerts import AlertLine, PresaleLine, open_alerts, presales_of_campaign
from shopkeeper.flows.marketing.watch.queries.hours import HourLine, hours_of_campaign
from shopkeeper.flows.marketing.watch.queries.traffic import Told, traffic_told
from shopkeeper.flows.marketing.watch.rules.hours import HOUR, counted_hour, hour_of
from shopkeeper.flows.marketing.watch.rules.judging import StockPace
from shopkeeper.flows.marketing.watch.sql import board as sql
from shopkeeper.flows.marketing.watch.sql import hours as hours_sql
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.sql import as_json
from shopkeeper.sop.policy import read_policies

BOARD_HOURS = 24
MOST_CAMPAIGNS = 50


@dataclass(frozen=True, slots=True)
class GoodsLine:
    """One SKU: how much of the plan is sold, how long the rest lasts at the pace of the last hours."""

    row: sql.GoodsRow
    minutes_left: int | None
    presale: PresaleLine | None

    @property
    def share(self) -> int:
        return min(self.row.sold * 100 // self.row.planned, 100) if self.row.planned else 0


@dataclass(frozen=True, slots=True)
class Budget:
    """What may be spent, what was, and how much of the campaign's time is over, in 1/10,000."""

    allowed_minor: int
    spent_minor: int
    elapsed_bp: int

    @property
    def spent_bp(self) -> int | None:
        return self.spent_minor * 10_000 // self.allowed_minor if self.allowed_minor else None


@dataclass(frozen=True, slots=True)
class LiveBoard:
    """One campaign. `hours` are the last closed ones; `now_*` is the hour that runs."""

    campaign: sql.WatchedRow
    hours: tuple[HourLine, ...]
    all_hours: tuple[HourLine, ...]
    alerts: tuple[AlertLine, ...]
    goods: tuple[GoodsLine, ...]
    budget: Budget
    now_traffic: Told | None
    now_facts: hours_sql.CountedRow | None
    now_hour: datetime
    at: datetime

    @property
    def is_running(self) -> bool:
        return self.campaign.ended_at is None

    @property
    def last_told(self) -> HourLine | None:
        """The newest closed hour that a source told of."""
        return next((line for line in reversed(self.hours) if line.told), None)


def watched_campaigns(viewer: Actor) -> list[sql.WatchedRow]:
    """Campaigns of the viewer's shops that are or were watched, running ones first."""
    return sql.WATCHED.rows(shops=_shops(viewer), campaign=None, limit=MOST_CAMPAIGNS)


def watched_campaign(viewer: Actor, campaign_id: int) -> sql.WatchedRow | None:
    return sql.WATCHED.first(shops=_shops(viewer), campaign=campaign_id, limit=1)


def budget_items(campaign_id: int) -> list[sql.BudgetRow]:
    return sql.BUDGET.rows(campaign=campaign_id)


def published_rules(campaign_id: int) -> list[tuple[str, str]]:
    """The campaign's promotions that hold now, as choices."""
    return [(str(row.rule_id), f"{row.code} {row.name}") for row in sql.RULES.rows(campaign=campaign_id)]


def live_board(viewer: Actor, campaign_id: int, now: datetime) -> LiveBoard | None:
    """One campaign's board; None where it is not watched, or not in the viewer's shops."""
    row = watched_campaign(viewer, campaign_id)
    if row is None:
        return None
    hours = tuple(hours_of_campaign(campaign_id))
    is_running = row.ended_at is None
    key = (campaign_id, hour_of(now))
    told = traffic_told([(row.shop_id, *key)], read_policies()).get(key) if is_running else None
    return LiveBoard(
        campaign=row,
        hours=hours[-BOARD_HOURS:],
        all_hours=hours,
        alerts=tuple(open_alerts(viewer, campaign_id)),
        goods=tuple(_goods(row, now)),
        budget=_budget(row, now),
        now_traffic=told,
        now_facts=_so_far(row, now) if is_running else None,
        now_hour=key[1],
        at=now,
    )


def _so_far(row: sql.WatchedRow, now: datetime) -> hours_sql.CountedRow | None:
    """Our own facts of the hour that runs."""
    new_days = read_policies()("new_customer_days", row.shop_id)
    span = counted_hour(row, hour_of(now), now + timedelta(seconds=1), new_days)
    return hours_sql.COUNT.first(hours=as_json([span]))


def _goods(row: sql.WatchedRow, now: datetime) -> list[GoodsLine]:
    span = read_policies()("watch_stock_mean_hours", row.shop_id)
    found = sql.GOODS.rows(campaign=row.campaign_id, since=row.next_hour - HOUR * span)
    presales = {one.sku_id: one for one in presales_of_campaign(row.campaign_id) if one.state in ("proposed", "on")}
    to_end = max(int((row.ends_at - now).total_seconds() // 60), 0)
    lines = []
    for one in found:
        # The last hours together: their mean pace is what counts.
        pace = StockPace(one.left, (one.recent,) + (0,) * (one.recent_hours - 1), to_end) if one.recent_hours else None
        lines.append(GoodsLine(one, pace.minutes_left if pace else None, presales.get(one.sku_id)))
    return lines


def _budget(row: sql.WatchedRow, now: datetime) -> Budget:
    items = budget_items(row.campaign_id)
    whole = (row.ends_at - row.starts_at).total_seconds()
    gone = min(max((now - row.starts_at).total_seconds(), 0), whole)
    return Budget(
        sum(one.allowed_minor for one in items),
        sum(one.spent_minor for one in items),
        int(gone * 10_000 // whole) if whole > 0 else 10_000,
    )


def _shops(viewer: Actor) -> list[int] | None:
    return None if viewer.shops is None else sorted(viewer.shops)
