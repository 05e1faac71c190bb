"""A report's figures, computed part by part as they are kept: whole numbers, codes and ids; words come at the door.

{"figures": {metric: {"now": [top, bottom], "before": …, "year": …}}, "tables": {name: rows}, …} per part.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any

from shopkeeper.flows.analytics.reports.rules.changes import anomaly, contributions
from shopkeeper.flows.analytics.reports.rules.counting import Counter, Member, Values, figure_of
from shopkeeper.flows.analytics.reports.rules.coverage import is_held_against_visitors, shops_unseen
from shopkeeper.flows.analytics.reports.rules.customers import cohorts, rfm_groups
from shopkeeper.flows.analytics.reports.rules.extras import StandIns, excluded, imported, stand_ins
from shopkeeper.flows.analytics.reports.rules.measures import MEASURES, is_whole_company, source_of
from shopkeeper.flows.analytics.reports.rules.metric import Dimension, Figure, FigureOf, Metric
from shopkeeper.flows.analytics.reports.rules.metrics import METRICS, headlines, of_block
from shopkeeper.flows.analytics.reports.rules.rows import rows_of
from shopkeeper.flows.analytics.reports.rules.sources import SOURCES
from shopkeeper.flows.analytics.reports.rules.spans import Span, before, same_weekdays, year_before
from shopkeeper.flows.analytics.reports.states import Block, ReportPeriod

TREND_DAYS = 14
WATCHED = ("paid_amount", "paid_orders", "refund_amount", "visitors")  # looked at for anomalies
DRIVERS = 5
UNSEEN, DOUBLED, DIFFERENT = "unseen", "doubled", "different"  # why a figure is unknown
BESIDE_FIGURES = frozenset({"stays"})  # shown with a part, no figure by itself
Plain = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report is made of: where it counts, the period, and the policy's numbers."""

    counter: Counter
    period: ReportPeriod
    span: Span
    lines: int = 10
    anomaly_weeks: int = 8
    anomaly_tenths: int = 30
    memory: dict[tuple[Span, str], Values] = field(default_factory=dict)

    @property
    def before(self) -> Span:
        return before(self.period, self.span)

    @property
    def year(self) -> Span:
        return year_before(self.period, self.span)

    def values(self, span: Span, measures: Iterable[str]) -> Values:
        """Measures of a span; every source is asked once, whoever asks."""
        found: Values = {}
        for source in dict.fromkeys(source_of(name) for name in measures):
            key = (span, source)
            if key not in self.memory:
                self.memory[key] = self.counter.totals(span, measures_of(source))
            found |= self.memory[key]
        return found


@cache
def measures_of(source: str) -> tuple[str, ...]:
    """The measures of a source that some figure or part needs."""
    needed = BESIDE_FIGURES.union(*(metric.measures for metric in METRICS.values()))
    return tuple(name for name in MEASURES if name in needed and source_of(name) == source)


def figures(asked: Asked, block: Block) -> Plain:
    """A part's figures now, before and a year ago; a year of which nothing is known is left out.

    `sources` names the export that figures were taken from, and the shops of each; `unknown` says why a figure
    that has a source is none all the same (UNSEEN, DOUBLED, DIFFERENT), and the shops it is about.
    """
    spans = {"now": asked.span, "before": asked.before}
    if _has_year(asked):
        spans["year"] = asked.year
    metrics = [metric for metric in of_block(block) if asked.counter.shops is None or not _of_company(metric)]
    kept: Plain = {metric.id: {} for metric in metrics}
    sources: Plain = {}
    unknown: Plain = {}
    for name, span in spans.items():
        values, export = _standing(asked, span, [m for metric in metrics for m in metric.measures])
        whys = {metric.id: _why_unknown(asked, span, metric, values, export) for metric in metrics}
        for metric in metrics:
            kept[metric.id][name] = _kept(Figure(None) if whys[metric.id] else figure_of(metric, values))
        unknown[name] = {id_: list(why) for id_, why in whys.items() if why}
        if export.source:
            taken = {m.id: _shops_of(m, export) for m in metrics if kept[m.id][name][0] is not None}
            shops = {id_: list(of) for id_, of in taken.items() if of}
            sources[name] = {"name": export.source, "figures": list(shops), "shops": shops}
    return {"figures": kept, "sources": sources, "unknown": unknown}


def _shops_of(metric: Metric, export: StandIns) -> tuple[int, ...]:
    """The shops of what an export gave to a figure; none where it gave nothing."""
    return next((export.shops[name] for name in metric.measures if name in export.shops), ())


def _why_unknown(
    asked: Asked, span: Span, metric: Metric, values: Values, export: StandIns
) -> tuple[str, tuple[int, ...]] | None:
    """Why a figure is not to be given although its sources speak; None where nothing is in its way."""
    if any(values.get(name) is None for name in metric.measures if name not in export.doubled):
        return None  # a side of it has no source
    doubled = next((name for name in metric.measures if name in export.doubled), None)
    if doubled:
        return DOUBLED, export.shops[doubled]
    given = [export.shops[name] for name in metric.measures if name in export.shops]
    if len(given) > 1 and len(set(given)) > 1:
        return DIFFERENT, tuple(sorted({shop for of in given for shop in of}))
    if is_held_against_visitors(metric):
        seen = export.shops.get(metric.denominator) if export.source else None
        unseen = shops_unseen(asked.counter.scene(span), metric, seen=seen).get(None)
        return (UNSEEN, unseen) if unseen else None
    return None


def _of_company(metric: Metric) -> bool:
    """Stock belongs to no shop: such figures stand in the report of all shops together."""
    return any(map(is_whole_company, metric.measures))


def _standing(asked: Asked, span: Span, measures: list[str]) -> tuple[Values, StandIns]:
    """Measures, with an export's figures where our own collector says nothing; and that export."""
    values = dict(asked.values(span, measures))
    if "visitors" not in values or values["visitors"] is not None:
        return values, StandIns()
    export = stand_ins(imported(asked.counter, asked.period, span))
    values.update(export.values)
    return values, export


def _has_year(asked: Asked) -> bool:
    return bool(asked.values(asked.year, ["paid_orders"])["paid_orders"])


def _kept(figure: Figure) -> list[int | None]:
    return [figure.numerator, figure.denominator]


def traffic(asked: Asked) -> Plain:
    channels = _split(asked, Dimension.CHANNEL, "visits", "bounced_visits", "visit_pages")
    return {
        **figures(asked, Block.TRAFFIC),
        "tables": {
            "channels": channels.lines(),
            "exports": [
                [one.source, one.channel, one.figure, one.shop_id, one.value]
                for one in imported(asked.counter, asked.period, asked.span)
            ],
            "stays_unknown": _stays_unknown(asked),
        },
        "drivers": [channels.driver()],
    }


def _stays_unknown(asked: Asked) -> int | None:
    """Page views whose stay nobody knows: left out of the mean stay on both sides."""
    found = asked.values(asked.span, ("page_views", "stays"))
    views, stays = found["page_views"], found["stays"]
    return None if views is None or stays is None else views - stays


def sales(asked: Asked) -> Plain:
    first = asked.span.last - timedelta(days=TREND_DAYS - 1) if asked.period is ReportPeriod.DAY else asked.before.first
    days = asked.counter.by(Span(first, asked.span.last), ("paid_minor", "paid_orders"), Dimension.DAY)
    tables: Plain = {"days": [[day.isoformat(), v["paid_minor"], v["paid_orders"]] for day, v in days.items()]}
    if asked.period is ReportPeriod.DAY:
        tables["hours"] = _split(asked, Dimension.HOUR, "paid_minor", "paid_orders").lines()
    drivers = [_split(asked, Dimension.PLATFORM, "paid_minor").driver()]
    if asked.counter.shops is None:
        shops = _split(asked, Dimension.SHOP, "paid_minor", "paid_orders", "paid_buyers")
        tables["shops"] = shops.lines()
        drivers.insert(0, shops.driver())
    whole: Plain = {**figures(asked, Block.SALES), "tables": tables, "drivers": drivers}
    if asked.period is ReportPeriod.DAY:
        whole["anomalies"] = _anomalies(asked)
    return whole


def goods(asked: Asked) -> Plain:
    names = ("line_minor", "line_pieces", "costed_minor", "cost_minor")
    categories, skus = (_split(asked, by, *names) for by in (Dimension.CATEGORY, Dimension.SKU))
    return {
        **figures(asked, Block.GOODS),
        "tables": {"categories": categories.lines(asked.lines), "skus": skus.lines(asked.lines)},
        "drivers": [categories.driver(), skus.driver()],
    }


def customers(asked: Asked) -> Plain:
    groups = rfm_groups(asked.counter, asked.span.last)
    tables: Plain = {"rfm": [[group.code, group.buyers, group.net_minor] for group in groups]}
    if asked.period is not ReportPeriod.DAY:
        found = cohorts(asked.counter, asked.span.last)
        tables["cohorts"] = [[one.month.isoformat(), one.buyers, list(one.again)] for one in found]
    return {**figures(asked, Block.CUSTOMERS), "tables": tables}


def service(asked: Asked) -> Plain:
    return {**figures(asked, Block.SERVICE), "tables": {"kinds": _split(asked, Dimension.KIND, "tickets").lines()}}


def fulfilment(asked: Asked) -> Plain:
    couriers = _split(asked, Dimension.COURIER, "parcels_due", "parcels_on_time")
    return {**figures(asked, Block.FULFILMENT), "tables": {"couriers": couriers.lines()}}


def set_aside(asked: Asked) -> Plain:
    found = excluded(asked.counter, asked.span)
    return {"tables": {"excluded": [[one.table, one.rule, one.rows, one.amount_minor] for one in found]}}


def headlines_of(kept: Plain) -> dict[str, list[int | None]]:
    """The figures at the head of a report, out of everything that was kept of it."""
    found = {}
    for metric in headlines():
        of_block = kept.get("blocks", {}).get(str(metric.block), {}).get("figures", {})
        if metric.id in of_block:
            found[metric.id] = of_block[metric.id]["now"]
    return found


MAKERS: dict[Block, Callable[[Asked], Plain]] = {
    Block.TRAFFIC: traffic,
    Block.SALES: sales,
    Block.GOODS: goods,
    Block.CUSTOMERS: customers,
    Block.SERVICE: service,
    Block.FULFILMENT: fulfilment,
    Block.EXCLUDED: set_aside,
}


@dataclass(frozen=True, slots=True)
class Split:
    """Measures by the members of a dimension: all of them now, the leading one also before."""

    dimension: Dimension
    leading: str
    values: dict[Member, Values]
    before: dict[Member, int]

    def lines(self, most: int | None = None) -> list[Plain]:
        """A table in the members' order, or of the `most` largest; the member itself breaks ties."""
        members = list(self.values)
        if most is not None:
            members.sort(key=lambda member: -(self.values[member][self.leading] or 0))
        return [
            {"member": member, **self.values[member], "before": self.before.get(member, 0)} for member in members[:most]
        ]

    def driver(self) -> Plain:
        """What explains the change of the leading sum: the members that moved most."""
        now = {member: values[self.leading] or 0 for member, values in self.values.items()}
        return {
            "measure": self.leading,
            "dimension": str(self.dimension),
            "now": sum(now.values()),
            "before": sum(self.before.values()),
            "lines": [[one.member, one.now, one.before, one.share] for one in contributions(now, self.before, DRIVERS)],
        }


def _split(asked: Asked, dimension: Dimension, leading: str, *others: str) -> Split:
    """Two queries a source, whatever is made of them."""
    before = asked.counter.by(asked.before, (leading,), dimension)
    return Split(
        dimension,
        leading,
        asked.counter.by(asked.span, (leading, *others), dimension),
        {member: values[leading] or 0 for member, values in before.items()},
    )


def _anomalies(asked: Asked) -> list[Plain]:
    """The day against the same weekday of the weeks before, from the first on which the figure was known."""
    days = [*same_weekdays(asked.span.last, asked.anomaly_weeks), asked.span.last]
    found = []
    for name in WATCHED:
        metric = METRICS[name]
        by_day = asked.counter.figures_by(Span(days[0], days[-1]), [metric], Dimension.DAY, days)
        known = {day: FigureOf(metric, of[name]).parts for day, of in by_day.items()}
        begun = [day for day in days if day >= min(known, default=days[-1])]
        *history, value = [known.get(day) or 0 for day in begun]
        odd = anomaly(value, history, asked.anomaly_tenths)
        if odd:
            found.append({"metric": name, "value": odd.value, "median": odd.median, "mad": odd.mad, "weeks": odd.weeks})
    return found


def goods_sold(counter: Counter, shop_id: int, sku_ids: tuple[int, ...], span: Span) -> tuple[int, int]:
    """What some SKUs brought in a shop on some days: amount and pieces."""
    lines = SOURCES["lines"].make(counter.scene(span), ())
    lines = lines.filter(lines.shop_id == shop_id, lines.sku_id.isin(sku_ids))
    row = rows_of(lines.aggregate(minor=lines.paid_minor.sum().cast("int64"), n=lines.pieces.sum().cast("int64")))[0]
    return int(row["minor"] or 0), int(row["n"] or 0)
