"""D1.1: which tools' figures a shop's day is to be brought from; each day that is over is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from shopkeeper.flows.analytics.collection.deadlines import FIGURES_DUE, FIGURES_WATCH
from shopkeeper.flows.analytics.collection.events import FiguresAwaited
from shopkeeper.flows.analytics.collection.permissions import Permission
from shopkeeper.flows.analytics.collection.sql import deliveries as sql
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import InShop, ShopOf
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.clock import at_time, day_of
from shopkeeper.shared.outcomes import Outcome, done, unchanged
from shopkeeper.sop.deadlines import Arm, arm, close
from shopkeeper.sop.policy import clock_times, policies
from shopkeeper.sop.states import Ending

CATCH_UP_DAYS = 31  # after a long stop no older days are asked for


@dataclass(frozen=True, slots=True)
class AddSource:
    """From today on: the first day asked for is today, tomorrow."""

    shop_id: int
    source: Literal["sycm"]


@command(clause="D1.1", permission=Permission.SOURCE_KEEP, scope=InShop())
def add_figure_sources(step: Step, items: Sequence[AddSource]) -> list[Outcome]:
    """Have a shop's figures of a tool asked for every day. One that is asked for is unchanged."""
    wanted = sorted({(item.shop_id, item.source) for item in items})
    given = {"shops": [shop for shop, _ in wanted], "sources": [source for _, source in wanted]}
    active = {(row.shop_id, row.source): row.id for row in sql.SOURCES_OF.rows(**given) if not row.is_retired}
    shops = {row.id: row for row in sql.SHOPS.rows(shops=given["shops"])}
    fresh = [(shop, source) for shop, source in wanted if (shop, source) not in active]
    added = sql.ADD_SOURCES.rows(
        now=step.now,
        shops=[shop for shop, _ in fresh],
        sources=[source for _, source in fresh],
        sinces=[day_of(step.now, ZoneInfo(shops[shop].zone)) for shop, _ in fresh],
    )
    arm(step, [_watch(step, row.id, shops[row.shop_id]) for row in added])
    made = {(row.shop_id, row.source): row.id for row in added}
    outcomes = []
    for item in items:
        id_ = made.pop((item.shop_id, item.source), None)
        outcomes.append(done(id_) if id_ else unchanged(active.get((item.shop_id, item.source))))
    return outcomes


def _watch(step: Step, source_id: int, shop: sql.ShopRow) -> Arm:
    """The next midnight of the shop."""
    zone = ZoneInfo(shop.zone)
    midnight = at_time(day_of(step.now, zone) + timedelta(days=1), time.min, zone)
    return Arm(FIGURES_WATCH, source_id, midnight, shop.id, None, shop.name)


@dataclass(frozen=True, slots=True)
class RetireSource:
    source_id: int


@command(clause="D1.1", permission=Permission.SOURCE_KEEP, scope=ShopOf("collection_figuresource", "source_id"))
def retire_figure_sources(step: Step, items: Sequence[RetireSource]) -> list[Outcome]:
    """No longer ask for a tool's figures; days that are awaited still are. A retired one is unchanged."""
    rows = {row.id: row for row in sql.SOURCES.rows(ids=sorted({item.source_id for item in items}))}
    retiring = {id_ for id_, row in rows.items() if not row.is_retired}
    sql.RETIRE_SOURCES.run(now=step.now, ids=sorted(retiring))
    close(step, FIGURES_WATCH, sorted(retiring), Ending.CANCELLED)
    outcomes = []
    for item in items:
        outcomes.append(done(item.source_id) if item.source_id in retiring else unchanged(item.source_id))
        retiring.discard(item.source_id)
    return outcomes


@dataclass(frozen=True, slots=True)
class AwaitFigures:
    source_id: int


@command(
    clause="D1.1",
    permission=Permission.WATCH,
    scope=ShopOf("collection_figuresource", "source_id"),
    internal=True,
)
def await_figures(step: Step, items: Sequence[AwaitFigures]) -> list[Outcome]:
    """Days are over: their figures are awaited until the policy's time; the next midnight is watched for.

    Done with `facts["days"]`; unchanged where no day was over. A day whose figures are there already is delivered.
    """
    sources = [row for row in sql.SOURCES.rows(ids=sorted({i.source_id for i in items})) if not row.is_retired]
    days = [
        {"source_id": row.id, "shop_id": row.shop_id, "source": row.source, "day": day, "due_at": _due(step, row, day)}
        for row in sources
        for day in _days(step, row)
    ]
    opened = sql.OPEN_DELIVERIES.rows(now=step.now, days=as_json(days))
    names = {row.id: row.shop for row in sources}
    waiting = [row for row in opened if not row.is_there]
    arm(
        step,
        [
            Arm(FIGURES_DUE, row.id, row.due_at, row.shop_id, None, f"{names[row.source_id]} {row.day.isoformat()}")
            for row in waiting
        ],
    )
    arm(step, [_watch(step, row.id, sql.ShopRow(row.shop_id, row.shop, row.zone)) for row in sources])
    step.emit(*(FiguresAwaited(row.id, row.shop_id, row.day.isoformat()) for row in waiting))
    counted = {row.id: sum(one.source_id == row.id for one in opened) for row in sources}
    outcomes = []
    for item in items:
        n = counted.pop(item.source_id, 0)
        outcomes.append(done(item.source_id, days=n) if n else unchanged(item.source_id))
    return outcomes


def _days(step: Step, row: sql.SourceRow) -> list[date]:
    """Days that are over and were not asked for."""
    today = day_of(step.now, ZoneInfo(row.zone))
    first = row.since_on if row.last_day is None else max(row.since_on, row.last_day + timedelta(days=1))
    first = max(first, today - timedelta(days=CATCH_UP_DAYS))
    return [first + timedelta(days=n) for n in range((today - first).days)]


def _due(step: Step, row: sql.SourceRow, day: date) -> datetime:
    """By the policy's time on the day after; a day that is asked for late has as long from now as it would have had."""
    zone = ZoneInfo(row.zone)
    after = day + timedelta(days=1)
    due_at = at_time(after, clock_times(policies(step)("figures_due_time", row.shop_id))[0], zone)
    behind = step.now - at_time(after, time.min, zone)
    return due_at if behind < timedelta(hours=1) else due_at + behind
