"""Any registered figure over any days: one value with its parts, by a dimension, and the orders behind it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import ibis

from shopkeeper.flows.analytics.lake.records.engine import connect
from shopkeeper.flows.analytics.reports.queries.lake_tables import lake_tables, windows_of
from shopkeeper.flows.analytics.reports.queries.scope import shops_asked, starting_at
from shopkeeper.flows.analytics.reports.rules.counting import Counter, Member
from shopkeeper.flows.analytics.reports.rules.coverage import is_held_against_visitors, shops_unseen
from shopkeeper.flows.analytics.reports.rules.measures import MEASURES
from shopkeeper.flows.analytics.reports.rules.metric import Dimension, Figure, FigureOf, Metric, known
from shopkeeper.flows.analytics.reports.rules.metrics import METRICS
from shopkeeper.flows.analytics.reports.rules.rows import rows_of
from shopkeeper.flows.analytics.reports.rules.sources import SOURCES, Table
from shopkeeper.flows.analytics.reports.rules.spans import Span, days_before
from shopkeeper.flows.fulfilment.intake.models import order_number
from shopkeeper.foundation.actor import SYSTEM, Actor
from shopkeeper.sop.policy import read_policies

__all__ = ["Behind", "Drill", "behind", "can_be_drilled", "count_behind", "divided", "figure", "known"]


@contextmanager
def counting(viewer: Actor, shop_id: int | None) -> Iterator[Counter]:
    """A counter over what the viewer sees: of a shop, or of all theirs."""
    with connect(viewer) as lake:
        windows = windows_of(read_policies(), shop_id)
        yield Counter(lake_tables(lake), shops_asked(viewer, shop_id), windows)


def figure(metric_id: str, shop_id: int | None, first_day: date, last_day: date, viewer: Actor = SYSTEM) -> FigureOf:
    """A figure over days, both included: its value, and the parts it is made of. KeyError for an unknown one."""
    metric = METRICS[metric_id]
    with counting(viewer, shop_id) as counter:
        found = counter.figures(Span(first_day, last_day), [metric])
    return FigureOf(metric, found[metric_id])


def figure_and_before(viewer: Actor, metric: Metric, shop_id: int | None, span: Span) -> tuple[Figure, Figure]:
    """A figure over a span, and over as many days just before it."""
    with counting(viewer, shop_id) as counter:
        now, before = (counter.figures(one, [metric])[metric.id] for one in (span, days_before(span)))
    return now, before


def shops_without_visitors(viewer: Actor, metric: Metric, shop_id: int | None, span: Span) -> tuple[int, ...]:
    """Shops that had buyers and no visitors on record: because of them such a ratio is unknown."""
    if not is_held_against_visitors(metric):
        return ()
    with counting(viewer, shop_id) as counter:
        is_seen = counter.totals(span, [metric.denominator])[metric.denominator] is not None
        return shops_unseen(counter.scene(span), metric).get(None, ()) if is_seen else ()


def divided(
    viewer: Actor, metric: Metric, dimension: Dimension, shop_id: int | None, span: Span
) -> list[tuple[Member, Figure]]:
    """A figure by the members of a dimension, largest first where they have no order of their own.

    Raises BusinessError where the figure cannot be divided so.
    """
    with counting(viewer, shop_id) as counter:
        by = counter.figures_by(span, [metric], dimension)
    members = [(member, of[metric.id]) for member, of in by.items()]
    if dimension not in (Dimension.DAY, Dimension.HOUR):
        members.sort(key=lambda pair: (-(FigureOf(metric, pair[1]).value or 0), str(pair[0])))
    return members


@dataclass(frozen=True, slots=True)
class Drill:
    """A number to look behind: a figure's upper or lower part, of a shop, over days, of one member if divided."""

    metric: Metric
    span: Span
    shop_id: int | None = None
    is_base: bool = False
    dimension: Dimension | None = None
    member: str = ""

    @property
    def measure(self) -> str:
        return self.metric.denominator if self.is_base and self.metric.denominator else self.metric.numerator[0][1]


@dataclass(frozen=True, slots=True)
class Behind:
    """An order behind a number, with what it adds to it."""

    order_id: int
    shop_id: int
    day: date
    amount_minor: int | None
    rows: int

    @property
    def number(self) -> str:
        return order_number(self.order_id)


_AMOUNTS = {"orders": "paid_minor", "placed": "paid_minor", "lines": "paid_minor", "refunds": "refund_minor"}
# Buyers are counted over paid orders: behind them stand their orders.
_INSTEAD = {"buyers": "orders", "window_buyers": "orders"}


def can_be_drilled(metric: Metric) -> bool:
    """Do orders stand behind it? Visits, ratings and stock have none."""
    return _source_of(metric.numerator[0][1]) in ("orders", "placed", "lines", "refunds", "cohort", "shipments",
                                                   "receipts", "tickets", "due_tickets")  # fmt: skip


def _source_of(measure: str) -> str:
    source = MEASURES[measure].source
    return _INSTEAD.get(source, source)


def behind(viewer: Actor, drill: Drill, *, after: str = "", limit: int = 50) -> tuple[list[Behind], str]:
    """A page of the orders behind a number, newest first, and the next key."""
    with counting(viewer, drill.shop_id) as counter:
        table = _behind(counter, drill)
        before = starting_at(after)
        if before is not None:
            table = table.filter(table.order_id < before)
        rows = rows_of(table.order_by(ibis.desc("order_id")).limit(limit + 1))
    found = [Behind(**row) for row in rows[:limit]]
    return found, str(found[-1].order_id) if len(rows) > limit else ""


def everything_behind(viewer: Actor, drill: Drill, most: int) -> Sequence[Behind]:
    """The orders behind a number as a sheet wants them; one more than `most` says that there are more."""
    with counting(viewer, drill.shop_id) as counter:
        table = _behind(counter, drill)
        return [Behind(**row) for row in rows_of(table.order_by(ibis.desc("order_id")).limit(most + 1))]


def count_behind(viewer: Actor, drill: Drill) -> tuple[int, int | None]:
    """How many orders stand behind a number, and what they add up to."""
    with counting(viewer, drill.shop_id) as counter:
        table = _behind(counter, drill)
        row = rows_of(table.aggregate(n=table.count(), amount=table.amount_minor.sum().cast("int64")))[0]
    return int(row["n"]), row["amount"]


def _behind(counter: Counter, drill: Drill) -> Table:
    """One row an order."""
    measure = drill.measure
    source = _source_of(measure)
    table = SOURCES[source].make(counter.scene(drill.span), ())
    rows = MEASURES[measure].rows
    if rows is not None:
        table = table.filter(rows(table))
    if drill.dimension is not None:
        table = table.filter(table[str(drill.dimension)].cast("string") == drill.member)
    table = table.filter(table.order_id.notnull())
    amount = table[_AMOUNTS[source]].sum() if source in _AMOUNTS else ibis.null("int64")
    return table.group_by("order_id").agg(
        shop_id=table.shop_id.max(), day=table.day.max(), amount_minor=amount.cast("int64"), rows=table.count()
    )
