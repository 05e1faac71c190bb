"""M3.1: an hour of a campaign is over: our own facts of it are written down, and its record falls due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shopkeeper.flows.marketing.watch.commands.counting import HourKey, benchmarks, own_facts, traffic_of
from shopkeeper.flows.marketing.watch.commands.ending import end_watches
from shopkeeper.flows.marketing.watch.commands.judging import judge
from shopkeeper.flows.marketing.watch.commands.remeasuring import remeasure
from shopkeeper.flows.marketing.watch.deadlines import HOUR_RECORD, SHEET_SIGN, WATCH_HOUR
from shopkeeper.flows.marketing.watch.events import HourClosed, HourRecounted
from shopkeeper.flows.marketing.watch.permissions import Permission
from shopkeeper.flows.marketing.watch.rules.hours import HOUR, hours_over, must_be_recorded
from shopkeeper.flows.marketing.watch.sql import hours as sql
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.clock import at_time, day_of
from shopkeeper.shared.outcomes import Outcome, done, unchanged
from shopkeeper.sop.deadlines import Arm, arm, close
from shopkeeper.sop.policy import clock_times, policies

MOST_HOURS = 1_000  # of one campaign at once, after a standstill
OF_CAMPAIGN = ShopOf("campaigns_campaign", "campaign_id")


@dataclass(frozen=True, slots=True)
class CloseHour:
    campaign_id: int


@command(clause="M3.1", permission=Permission.KEEP, scope=OF_CAMPAIGN, internal=True)
def close_hours(step: Step, items: Sequence[CloseHour]) -> list[Outcome]:
    """Close all hours that are over, in order; judge campaigns by them; set the clock for the next hour.

    With the hour in which a campaign ends its watch ends. Done with `facts["hours"]`, unchanged where none was over.
    """
    watches = sql.LOCK_WATCHES.rows(campaigns=sorted({item.campaign_id for item in items}))
    running = [watch for watch in watches if not watch.is_ended]
    over: dict[int, list[datetime]] = {}
    for watch in running:
        hours = hours_over(watch.next_hour, step.now, MOST_HOURS)
        over[watch.campaign_id] = [hour for hour in hours if hour < watch.ends_at]
    _close(step, [(watch, hour) for watch in running for hour in over[watch.campaign_id]])
    _go_on(step, running, over)
    outcomes = []
    for item in items:
        closed = len(over.pop(item.campaign_id, []))
        outcomes.append(done(item.campaign_id, hours=closed) if closed else unchanged(item.campaign_id))
    return outcomes


def _close(step: Step, wanted: Sequence[tuple[sql.WatchRow, datetime]]) -> None:
    """Write the readings of hours, their stock, and arm what is to be recorded and signed."""
    if not wanted:
        return
    sheets = _sheets(step, wanted)
    facts, compared = own_facts(step, wanted), benchmarks(step, wanted)
    readings = []
    for watch, hour in wanted:
        key = (watch.campaign_id, hour)
        counted, benchmark = facts.counted[key], compared.get(key)
        readings.append(
            {
                "campaign_id": watch.campaign_id,
                "shop_id": watch.shop_id,
                "sheet_id": sheets[watch.campaign_id, day_of(hour, ZoneInfo(watch.zone))],
                "hour": hour,
                "orders": counted.orders,
                "buyers": counted.buyers,
                "shop_buyers": counted.shop_buyers,
                "new_customers": counted.new_customers,
                "pieces": counted.pieces,
                "paid_minor": counted.paid_minor,
                "stock_left": sum(row.left for row in facts.goods[key]),
                "benchmark_bp": benchmark.conversion_bp if benchmark else None,
                "benchmark_name": benchmark.name if benchmark else "",
            }
        )
    kept = sql.KEEP_READINGS.rows(now=step.now, readings=as_json(readings))
    stocks = [
        {"reading_id": row.id, "sku_id": one.sku_id, "sold": one.sold, "left": one.left}
        for row in kept
        for one in facts.goods[row.campaign_id, row.hour]
    ]
    sql.KEEP_STOCKS.run(stocks=as_json(stocks))
    remeasure(step, [(row.campaign_id, row.hour) for row in kept])  # an action may have been quicker
    _await_records(step, wanted, {(row.campaign_id, row.hour): row for row in kept})
    for row in kept:
        counted = facts.counted[row.campaign_id, row.hour]
        at = row.hour.isoformat()
        step.emit(HourClosed(row.id, row.campaign_id, row.shop_id, at, counted.orders, counted.paid_minor))


def _sheets(step: Step, wanted: Sequence[tuple[sql.WatchRow, datetime]]) -> dict[tuple[int, date], int]:
    """The day sheets that hours stand on; a new one is due the morning after its day, which must be over by then."""
    policy, days, codes, overs = policies(step), {}, {}, {}
    for watch, hour in wanted:
        zone = ZoneInfo(watch.zone)
        day = day_of(hour, zone)
        at = clock_times(policy("watch_sign_time", watch.shop_id))[0]
        codes[watch.campaign_id] = watch.code
        overs[watch.campaign_id, day] = min(at_time(day + timedelta(days=1), time.min, zone), watch.ends_at)
        days[watch.campaign_id, day] = {
            "campaign_id": watch.campaign_id,
            "shop_id": watch.shop_id,
            "day": day,
            "due_at": max(at_time(day + timedelta(days=1), at, zone), step.now + HOUR),
        }
    rows = sql.ENSURE_SHEETS.rows(now=step.now, days=as_json(list(days.values())))
    arm(
        step,
        [
            Arm(
                SHEET_SIGN,
                row.id,
                row.due_at,
                row.shop_id,
                None,
                f"{codes[row.campaign_id]} {row.day.isoformat()}",
                opens_at=overs[row.campaign_id, row.day],
            )
            for row in rows
            if row.is_new
        ],
    )
    return {(row.campaign_id, row.day): row.id for row in rows}


def _await_records(
    step: Step, wanted: Sequence[tuple[sql.WatchRow, datetime]], kept: dict[HourKey, sql.ReadingRow]
) -> None:
    """Hours that no source has told of are to be recorded within the policy's minutes, in the day's hours for it."""
    policy = policies(step)
    told = traffic_of(step, [(row.shop_id, row.campaign_id, row.hour) for row in kept.values()])
    arms = []
    for watch, hour in wanted:
        row = kept.get((watch.campaign_id, hour))
        zone = ZoneInfo(watch.zone)
        window = policy("watch_record_from_hour", watch.shop_id), policy("watch_record_to_hour", watch.shop_id)
        if row is None or (watch.campaign_id, hour) in told or not must_be_recorded(hour, *window, zone):
            continue
        # After a standstill people have as long from now as they would have had from the hour's end.
        due_at = max(hour + HOUR, step.now) + timedelta(minutes=policy("watch_record_minutes", watch.shop_id))
        label = f"{watch.code} {hour.astimezone(zone):%m-%d %H:%M}"
        arms.append(Arm(HOUR_RECORD, row.id, due_at, watch.shop_id, None, label))
    arm(step, arms)


def _go_on(step: Step, watches: Sequence[sql.WatchRow], over: dict[int, list[datetime]]) -> None:
    """Judge by the hours closed, set the next, end the watches whose last hour is closed."""
    nexts = {w.campaign_id: w.next_hour + HOUR * len(over[w.campaign_id]) for w in watches}
    last = [w for w in watches if nexts[w.campaign_id] >= w.ends_at]
    lasting = [w for w in watches if nexts[w.campaign_id] < w.ends_at]
    ended = {w.campaign_id for w in last}
    sql.ADVANCE.run(
        now=step.now,
        campaigns=list(nexts),
        hours=list(nexts.values()),
        over=[campaign_id in ended for campaign_id in nexts],
    )
    arm(
        step,
        [Arm(WATCH_HOUR, w.campaign_id, nexts[w.campaign_id] + HOUR, w.shop_id, None, w.code) for w in lasting],
    )
    close(step, WATCH_HOUR, sorted(ended))
    judge(step, [w for w in lasting if over[w.campaign_id]])
    end_watches(step, last)


@dataclass(frozen=True, slots=True)
class RecountHour:
    campaign_id: int
    hour: datetime


@command(clause="M3.1", permission=Permission.KEEP, scope=OF_CAMPAIGN, internal=True)
def recount_hours(step: Step, items: Sequence[RecountHour]) -> list[Outcome]:
    """Facts came late: count closed hours again, what was sold and paid. Hours that stay as they were are unchanged.

    Stock is left as it stood when the hour closed.
    """
    watches = {w.campaign_id: w for w in sql.LOCK_WATCHES.rows(campaigns=sorted({i.campaign_id for i in items}))}
    pairs = dict.fromkeys((i.campaign_id, i.hour) for i in items if i.campaign_id in watches)
    facts = own_facts(step, [(watches[campaign_id], hour) for campaign_id, hour in pairs])
    names = ("campaign_id", "hour", "orders", "buyers", "shop_buyers", "new_customers", "pieces", "paid_minor")
    counted = [{name: getattr(facts.counted[key], name) for name in names} for key in pairs]
    stocks = [
        {"campaign_id": row.campaign_id, "hour": row.hour, "sku_id": row.sku_id, "sold": row.sold}
        for key in pairs
        for row in facts.goods[key]
    ]
    changed = sql.RECOUNT.rows(now=step.now, readings=as_json(counted))
    sql.RECOUNT_STOCKS.run(stocks=as_json(stocks))
    step.emit(*(HourRecounted(row.id, row.campaign_id, row.shop_id, row.hour.isoformat()) for row in changed))
    remeasure(step, [(row.campaign_id, row.hour) for row in changed])
    moved = {row.campaign_id for row in changed}
    judge(step, [w for w in watches.values() if w.campaign_id in moved and not w.is_ended])
    ids = {(row.campaign_id, row.hour): row.id for row in changed}
    return [done(id_) if (id_ := ids.pop((i.campaign_id, i.hour), None)) else unchanged(i.campaign_id) for i in items]
