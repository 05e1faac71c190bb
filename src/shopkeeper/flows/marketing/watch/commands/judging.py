"""M3.2: campaigns are judged by their last hours: what is low opens an alert, what is fine again lifts one."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from shopkeeper.flows.marketing.watch.commands.counting import traffic_of
from shopkeeper.flows.marketing.watch.commands.ending import lift
from shopkeeper.flows.marketing.watch.commands.proposing import propose_presales
from shopkeeper.flows.marketing.watch.deadlines import ALERT_ANSWER
from shopkeeper.flows.marketing.watch.events import AlertOpened
from shopkeeper.flows.marketing.watch.rules.judging import (
    ConversionBounds,
    ConversionHour,
    StockPace,
    conversion_verdict,
    pieces_needed,
    stock_verdict,
)
from shopkeeper.flows.marketing.watch.rules.traffic import buyers_among, rate_bp
from shopkeeper.flows.marketing.watch.sql import alerts as sql
from shopkeeper.flows.marketing.watch.sql import hours as hours_sql
from shopkeeper.flows.marketing.watch.sql import traffic as traffic_sql
from shopkeeper.flows.marketing.watch.states import AlertKind, AlertState, PresaleState
from shopkeeper.foundation.commands import Step
from shopkeeper.foundation.sql import as_json
from shopkeeper.sop.deadlines import Arm, arm
from shopkeeper.sop.policy import policies

AlertKey = tuple[int, str, int | None]  # campaign, kind, SKU
FINE_AGAIN = "fine_again"
MOST_HOURS = 24


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of a campaign's conversion, or of one SKU's stock. `facts` is the arithmetic."""

    key: AlertKey
    says: str
    hour: datetime
    facts: dict[str, Any]
    label: str


@dataclass(slots=True)
class Seen:
    """Everything that campaigns are judged by."""

    hours: dict[int, list[sql.HourRow]] = field(default_factory=lambda: defaultdict(list))
    stocks: dict[tuple[int, int], list[sql.StockRow]] = field(default_factory=lambda: defaultdict(list))
    traffic: dict[tuple[int, datetime], traffic_sql.TrafficRow] = field(default_factory=dict)
    provided: dict[tuple[int, int], sql.ProvidedRow] = field(default_factory=dict)


def judge(step: Step, watches: Sequence[hours_sql.WatchRow]) -> None:
    """Judge watched campaigns by their last closed hours; their watch rows are held by the caller."""
    if not watches:
        return
    seen = _look(step, watches)
    verdicts = [v for watch in watches for v in (*_conversion(step, watch, seen), *_stock(step, watch, seen))]
    campaigns = [watch.campaign_id for watch in watches]
    latest = {(row.campaign_id, row.kind, row.sku_id): row for row in sql.LATEST.rows(campaigns=campaigns)}
    shops = {watch.campaign_id: watch.shop_id for watch in watches}
    low = [v for v in verdicts if v.says == "low" and _may_open(step, latest.get(v.key), shops[v.key[0]])]
    _open(step, low, shops)
    fine = {v.key for v in verdicts if v.says == "fine"}
    over = [row for key, row in latest.items() if key in fine and row.state == AlertState.OPEN]
    lift(step, [sql.OpenRow(row.id, row.campaign_id, shops[row.campaign_id]) for row in over], FINE_AGAIN)


def _look(step: Step, watches: Sequence[hours_sql.WatchRow]) -> Seen:
    campaigns = [watch.campaign_id for watch in watches]
    seen = Seen()
    for row in sql.RECENT.rows(campaigns=campaigns, most=MOST_HOURS):
        seen.hours[row.campaign_id].append(row)
    for stock in sql.RECENT_STOCKS.rows(campaigns=campaigns, most=MOST_HOURS):
        seen.stocks[stock.campaign_id, stock.sku_id].append(stock)
    wanted = [(row.shop_id, row.campaign_id, row.hour) for rows in seen.hours.values() for row in rows]
    seen.traffic = traffic_of(step, wanted)
    seen.provided = {(row.campaign_id, row.sku_id): row for row in sql.PROVIDED.rows(campaigns=campaigns)}
    return seen


def _conversion(step: Step, watch: hours_sql.WatchRow, seen: Seen) -> list[Verdict]:
    """The verdict on conversion by the newest hour that has figures and those directly before it."""
    policy = policies(step)
    rows = _from_newest_told(seen.hours[watch.campaign_id], seen)
    if not rows:
        return []
    bounds = ConversionBounds(
        watch.target_bp,
        policy("watch_benchmark_share_bp", watch.shop_id),
        policy("watch_min_visitors", watch.shop_id),
        policy("watch_low_readings", watch.shop_id),
    )
    told = [seen.traffic.get((row.campaign_id, row.hour)) for row in rows]
    hours = [
        ConversionHour(traffic.visitors if traffic else None, buyers_among(row, traffic), row.benchmark_bp)
        for row, traffic in zip(rows, told, strict=True)
    ]
    says = conversion_verdict(hours, bounds)
    newest = rows[0]
    shown = [
        {
            "hour": row.hour.isoformat(),
            "visitors": traffic.visitors if traffic else None,
            "source": traffic.source if traffic else "",
            "is_shops": traffic is not None and traffic.campaign_id is None,
            "buyers": buyers_among(row, traffic),
            "conversion_bp": rate_bp(buyers_among(row, traffic), traffic.visitors if traffic else None),
            "benchmark_bp": row.benchmark_bp,
        }
        for row, traffic in zip(rows[: bounds.in_a_row], told, strict=False)
    ]
    facts = {
        "hours": shown,
        "target_bp": bounds.target_bp,
        "share_bp": bounds.share_bp,
        "benchmark_bp": newest.benchmark_bp,
        "benchmark_name": newest.benchmark_name,
        "least_visitors": bounds.least_visitors,
    }
    key: AlertKey = (watch.campaign_id, AlertKind.CONVERSION_LOW, None)
    return [Verdict(key, says, newest.hour, facts, watch.code)]


def _from_newest_told(newest_first: Sequence[sql.HourRow], seen: Seen) -> Sequence[sql.HourRow]:
    """Readings from the newest that a source told of, back to where an hour is missing."""
    start = next((n for n, row in enumerate(newest_first) if (row.campaign_id, row.hour) in seen.traffic), None)
    return [] if start is None else newest_first[start:]


def _stock(step: Step, watch: hours_sql.WatchRow, seen: Seen) -> list[Verdict]:
    """The verdict on each SKU's stock by its pace in the last hours."""
    policy = policies(step)
    span = policy("watch_stock_mean_hours", watch.shop_id)
    least_minutes = policy("watch_stock_hours", watch.shop_id) * 60
    least_sold = policy("watch_stock_least_sold", watch.shop_id)
    verdicts = []
    for (campaign_id, sku_id), rows in seen.stocks.items():
        if campaign_id != watch.campaign_id:
            continue
        to_end = int((watch.ends_at - step.now).total_seconds() // 60)
        pace = StockPace(rows[0].left, tuple(row.sold for row in rows[:span]), to_end)
        says = stock_verdict(pace, least_minutes, least_sold)
        minutes = pace.minutes_left
        if says == "low" and _is_seen_to(step, seen.provided.get((campaign_id, sku_id)), minutes):
            says = ""
        facts = {
            "sku_code": rows[0].code,
            "left": pace.left,
            "sold": list(pace.sold),
            "minutes_left": minutes,
            "minutes_to_end": pace.minutes_to_end,
            "least_minutes": least_minutes,
            "needed": pieces_needed(pace),
        }
        key: AlertKey = (campaign_id, AlertKind.STOCK_LOW, sku_id)
        verdicts.append(Verdict(key, says, rows[0].hour, facts, f"{watch.code} {rows[0].code}"))
    return verdicts


def _is_seen_to(step: Step, row: sql.ProvidedRow | None, minutes_left: int | None) -> bool:
    """Sold ahead, or pieces come before the last is sold."""
    if row is None:
        return False
    comes_in_time = row.arrives_at is not None and row.arrives_at <= step.now + timedelta(minutes=minutes_left or 0)
    return row.presale == PresaleState.ON or comes_in_time


def _may_open(step: Step, latest: sql.LatestRow | None, shop_id: int) -> bool:
    """Not while one is open, nor in the quiet hours after somebody answered."""
    if latest is None or latest.state == AlertState.LIFTED:
        return True
    quiet = timedelta(hours=policies(step)("watch_quiet_hours", shop_id))
    return latest.state != AlertState.OPEN and latest.state_at + quiet <= step.now


def _open(step: Step, verdicts: Sequence[Verdict], shops: dict[int, int]) -> None:
    if not verdicts:
        return
    policy = policies(step)
    by_key = {v.key: v for v in verdicts}
    rows = sql.OPEN.rows(
        now=step.now,
        alerts=as_json(
            [
                {
                    "campaign_id": campaign_id,
                    "shop_id": shops[campaign_id],
                    "kind": kind,
                    "sku_id": sku_id,
                    "hour": v.hour,
                    "due_at": step.now + timedelta(minutes=policy("watch_answer_minutes", shops[campaign_id])),
                    "facts": v.facts,
                }
                for (campaign_id, kind, sku_id), v in by_key.items()
            ]
        ),
    )
    labels = {row.id: by_key[row.campaign_id, row.kind, row.sku_id].label for row in rows}
    arm(step, [Arm(ALERT_ANSWER, row.id, row.due_at, row.shop_id, None, labels[row.id]) for row in rows])
    step.emit(*(AlertOpened(row.id, row.campaign_id, row.shop_id, row.kind, row.sku_id) for row in rows))
    propose_presales(step, [row for row in rows if row.kind == AlertKind.STOCK_LOW])
