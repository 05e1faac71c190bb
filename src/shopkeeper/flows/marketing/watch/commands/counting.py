"""An hour's own facts and what they are compared with, counted for any number of campaigns and hours at once."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from shopkeeper.flows.marketing.watch.queries.traffic import traffic_told
from shopkeeper.flows.marketing.watch.rules.benchmarks import Benchmark, own_median
from shopkeeper.flows.marketing.watch.rules.hours import HOUR, counted_hour
from shopkeeper.flows.marketing.watch.sql import hours as sql
from shopkeeper.flows.marketing.watch.sql import traffic as traffic_sql
from shopkeeper.flows.marketing.watch.sql.traffic import TrafficRow
from shopkeeper.foundation.commands import Step
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.clock import day_of
from shopkeeper.sop.policy import policies

HourKey = tuple[int, datetime]  # campaign, hour


@dataclass(frozen=True, slots=True)
class OwnFacts:
    """What our orders and stock say of campaigns' hours."""

    counted: dict[HourKey, sql.CountedRow]
    goods: dict[HourKey, list[sql.GoodsRow]]


def own_facts(step: Step, wanted: Sequence[tuple[sql.WatchRow, datetime]]) -> OwnFacts:
    """Orders, buyers, pieces and stock of these hours, in two statements."""
    policy = policies(step)
    hours = as_json(
        [counted_hour(watch, hour, hour + HOUR, policy("new_customer_days", watch.shop_id)) for watch, hour in wanted]
    )
    goods: dict[HourKey, list[sql.GoodsRow]] = defaultdict(list)
    for row in sql.GOODS.rows(hours=hours):
        goods[row.campaign_id, row.hour].append(row)
    return OwnFacts({(row.campaign_id, row.hour): row for row in sql.COUNT.rows(hours=hours)}, goods)


def benchmarks(step: Step, wanted: Iterable[tuple[sql.WatchRow, datetime]]) -> dict[HourKey, Benchmark]:
    """What each hour is compared with: the shop's named benchmark, else its own median of that hour of the week."""
    pairs, policy = list(wanted), policies(step)
    days = {(watch.shop_id, day_of(hour, ZoneInfo(watch.zone))) for watch, hour in pairs}
    named = {
        (row.shop_id, row.day): Benchmark(row.name, row.conversion_bp)
        for row in traffic_sql.IN_FORCE.rows(days=as_json([{"shop_id": s, "day": d} for s, d in sorted(days)]))
    }
    found: dict[HourKey, Benchmark] = {}
    unnamed = []
    for watch, hour in pairs:
        benchmark = named.get((watch.shop_id, day_of(hour, ZoneInfo(watch.zone))))
        if benchmark:
            found[watch.campaign_id, hour] = benchmark
        else:
            unnamed.append((watch, hour))
    if not unnamed:
        return found
    keys = sorted({(watch.shop_id, hour) for watch, hour in unnamed})
    asked = [{"shop_id": s, "hour": h, "weeks": policy("watch_median_weeks", s)} for s, h in keys]
    samples: dict[tuple[int, datetime], list[tuple[int, int]]] = defaultdict(list)
    for row in traffic_sql.EARLIER.rows(hours=as_json(asked)):
        samples[row.shop_id, row.hour].append((row.visitors, row.buyers))
    for watch, hour in unnamed:
        median = own_median(samples[watch.shop_id, hour], policy("watch_median_samples", watch.shop_id))
        if median:
            found[watch.campaign_id, hour] = median
    return found


def traffic_of(step: Step, wanted: Iterable[tuple[int, int, datetime]]) -> dict[HourKey, TrafficRow]:
    """The figures that count, of (shop, campaign, hour): by the policy's order of sources."""
    return {key: told.best for key, told in traffic_told(wanted, policies(step)).items()}
