"""S3.2: at a day's close the system writes the day's figures down, and its frequent problems."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shopkeeper.flows.service.feedback.deadlines import SUMMARY_COMPLETE, SUMMARY_DRAFT, SUMMARY_SIGN
from shopkeeper.flows.service.feedback.events import SummaryDrafted
from shopkeeper.flows.service.feedback.models import Problem
from shopkeeper.flows.service.feedback.permissions import Permission
from shopkeeper.flows.service.feedback.rules.figures import DayFigures
from shopkeeper.flows.service.feedback.rules.problems import ABOUT_CARRIAGE, ABOUT_GOODS, days_to_draft
from shopkeeper.flows.service.feedback.sql import days as sql
from shopkeeper.flows.service.feedback.sql import summaries as summary_sql
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import InShop
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.clock import at_time, day_of
from shopkeeper.shared.outcomes import Outcome, done, unchanged
from shopkeeper.sop.deadlines import Arm, arm
from shopkeeper.sop.policy import clock_times, policies


@dataclass(frozen=True, slots=True)
class WatchSummaries:
    shop_id: int


@command(clause="S3.2", permission=Permission.WATCH, scope=InShop(), internal=True)
def watch_summaries(step: Step, items: Sequence[WatchSummaries]) -> list[Outcome]:
    """Customers speak to a shop: from now on its days are summed up. One whose days are is unchanged."""
    shops = sorted({item.shop_id for item in items})
    watched = {row.shop_id for row in sql.WATCHED.rows(shops=shops)}
    fresh = sql.SHOPS.rows(shops=[shop for shop in shops if shop not in watched])
    _await_close(step, fresh)
    left = {row.id for row in fresh}
    outcomes = []
    for item in items:
        outcomes.append(done(item.shop_id) if item.shop_id in left else unchanged(item.shop_id))
        left.discard(item.shop_id)
    return outcomes


@dataclass(frozen=True, slots=True)
class DraftSummary:
    shop_id: int


@dataclass(frozen=True, slots=True)
class Day:
    """A shop's day that is over, with the days the trend compares it with."""

    shop: sql.ShopRow
    day: date
    trend_days: int
    before: datetime
    since: datetime
    until: datetime


@command(clause="S3.2", permission=Permission.WATCH, scope=InShop(), internal=True)
def draft_summaries(step: Step, items: Sequence[DraftSummary]) -> list[Outcome]:
    """Write the summaries of days that are over and have none; set the clock for the next close.

    A day on which nothing happened gets no paper. Done with `facts["drafted"]`, unchanged where none was due.
    """
    shops = sql.SHOPS.rows(shops=sorted({item.shop_id for item in items}))
    days = [day for shop in shops for day in _days(step, shop)]
    drafted = _draft(step, days) if days else []
    _await_close(step, shops)
    count = Counter(row.shop_id for row in drafted)
    outcomes = []
    for item in items:
        n = count.pop(item.shop_id, 0)
        outcomes.append(done(item.shop_id, drafted=n) if n else unchanged(item.shop_id))
    return outcomes


def _days(step: Step, shop: sql.ShopRow) -> list[Day]:
    zone = ZoneInfo(shop.zone)
    trend = policies(step)("summary_trend_days", shop.id)
    found = []
    for day in days_to_draft(shop.last_day, day_of(step.now, zone)):
        starts = [at_time(day + timedelta(days=n), time.min, zone) for n in (-trend, 0, 1)]
        found.append(Day(shop, day, trend, *starts))
    return found


def _await_close(step: Step, shops: Sequence[sql.ShopRow]) -> None:
    """The next midnight of the shop, and the policy's minutes."""
    policy = policies(step)
    arms = []
    for shop in shops:
        zone = ZoneInfo(shop.zone)
        midnight = at_time(day_of(step.now, zone) + timedelta(days=1), time.min, zone)
        due_at = midnight + timedelta(minutes=policy("summary_draft_minutes", shop.id))
        arms.append(Arm(SUMMARY_DRAFT, shop.id, due_at, shop.id, None, shop.name))
    arm(step, arms)


def _draft(step: Step, days: Sequence[Day]) -> list[summary_sql.DraftedRow]:
    figures = _figures(days)
    busy = [n for n, day_figures in enumerate(figures) if not day_figures.is_empty]
    if not busy:
        return []
    dues = {n: _dues(step, days[n]) for n in busy}
    rows = [
        {
            "shop_id": days[n].shop.id,
            "day": days[n].day,
            "complete_due_at": dues[n][0],
            "sign_due_at": dues[n][1],
            "figures": figures[n].plain(),
            "trend_days": days[n].trend_days,
        }
        for n in busy
    ]
    drafted = summary_sql.DRAFT.rows(now=step.now, summaries=as_json(rows))
    numbers = {(days[n].shop.id, days[n].day): n for n in busy}
    made = {numbers[row.shop_id, row.day]: row for row in drafted}
    _list_problems(step, days, made)
    labels = {n: f"{days[n].shop.name} {days[n].day.isoformat()}" for n in made}
    arm(step, [Arm(SUMMARY_COMPLETE, row.id, dues[n][0], row.shop_id, None, labels[n]) for n, row in made.items()])
    # Nothing to sign before the remarks are there; where they are late, it is on the list as late.
    arm(
        step,
        [
            Arm(SUMMARY_SIGN, row.id, dues[n][1], row.shop_id, None, labels[n], opens_at=dues[n][1])
            for n, row in made.items()
        ],
    )
    step.emit(*(SummaryDrafted(row.id, row.shop_id, row.day.isoformat(), figures[n].opened) for n, row in made.items()))
    return drafted


def _dues(step: Step, day: Day) -> tuple[datetime, datetime]:
    """When the paper is to be completed and signed: by the clock on the day after; a late draft has as long from now
    as it would have had from its day's close."""
    zone, policy = ZoneInfo(day.shop.zone), policies(step)
    after = day.day + timedelta(days=1)
    behind = max(timedelta(0), step.now - day.until - timedelta(minutes=policy("summary_draft_minutes", day.shop.id)))
    complete, sign = (
        at_time(after, clock_times(policy(key, day.shop.id))[0], zone) + behind
        for key in ("summary_complete_time", "summary_sign_time")
    )
    return complete, sign


def _spans(days: Sequence[Day], numbers: Sequence[int]) -> dict[str, list[object]]:
    return {
        "numbers": list(numbers),
        "shops": [days[n].shop.id for n in numbers],
        "befores": [days[n].before for n in numbers],
        "sinces": [days[n].since for n in numbers],
        "untils": [days[n].until for n in numbers],
    }


def _figures(days: Sequence[Day]) -> list[DayFigures]:
    """The figures of days, in three statements however many they are."""
    spans = _spans(days, range(len(days)))
    stages: dict[int, Counter[str]] = defaultdict(Counter)
    kinds: dict[int, Counter[str]] = defaultdict(Counter)
    channels: dict[int, Counter[str]] = defaultdict(Counter)
    for row in sql.OPENED.rows(**spans):
        stages[row.n][row.stage] += row.tickets
        kinds[row.n][row.kind] += row.tickets
        channels[row.n][row.channel] += row.tickets
    rated = {row.n: row for row in sql.RATED.rows(**spans)}
    figures = []
    for counts in sql.COUNTS.rows(**spans):
        stars = rated.get(counts.n)
        figures.append(
            DayFigures(
                opened=sum(kinds[counts.n].values()),
                resolved=counts.resolved,
                unfinished=counts.unfinished,
                by_stage=stages[counts.n],
                by_kind=kinds[counts.n],
                by_channel=channels[counts.n],
                first_asked=counts.first_asked,
                first_in_time=counts.first_in_time,
                offered=counts.offered,
                offered_in_time=counts.offered_in_time,
                offers_overdue=counts.offers_overdue,
                orders_paid=counts.orders_paid,
                stars=(stars.one, stars.two, stars.three, stars.four, stars.five) if stars else (0, 0, 0, 0, 0),
                invited=stars.invited if stars else 0,
                invited_answered=stars.invited_answered if stars else 0,
            )
        )
    return figures


def _list_problems(step: Step, days: Sequence[Day], made: dict[int, summary_sql.DraftedRow]) -> None:
    if not made:
        return
    policy = policies(step)
    rows = sql.PROBLEMS.rows(
        **_spans(days, list(made)),
        mosts=[policy("summary_problems", row.shop_id) for row in made.values()],
        goods=list(ABOUT_GOODS),
        carriage=list(ABOUT_CARRIAGE),
    )
    Problem.objects.bulk_create(
        Problem(
            summary_id=made[row.n].id,
            shop_id=made[row.n].shop_id,
            rank=row.rank,
            kind=row.kind,
            sku_id=row.sku_id,
            courier=row.courier,
            warehouse_id=row.warehouse_id,
            tickets=row.tickets,
            before_tickets=row.before_tickets,
            orders=row.orders,
            examples=row.examples,
        )
        for row in rows
    )
