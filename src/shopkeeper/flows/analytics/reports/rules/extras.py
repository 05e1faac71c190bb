"""What stands beside the figures: what was set aside and why, and the figures that platforms' own exports give."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from shopkeeper.flows.analytics.reports.rules.counting import Counter
from shopkeeper.flows.analytics.reports.rules.rows import rows_of
from shopkeeper.flows.analytics.reports.rules.spans import Span
from shopkeeper.flows.analytics.reports.states import ReportPeriod

AMOUNTS = {"orders": "paid_minor", "refunds": "refund_minor"}
CLEANED = ("orders", "refunds", "parcels", "tickets", "ratings", "traffic")
# A platform's figure → our measure.
IMPORTED = {
    "exposure": "exposures",
    "clicks": "clicks",
    "visitors": "visitors",
    "page_views": "page_views",
    "visits": "visits",
    "single_page_visits": "bounced_visits",
}
# A platform's figures that several shops' may be added: what happened so often, and money. People are counted once in
# each shop, and a mean of two means is nobody's.
ADD_UP = frozenset({
    "exposure", "clicks", "page_views", "visits", "single_page_visits", "stay_seconds", "cart_pieces", "orders",
    "pieces", "ordered_minor", "paid_minor", "old_paid_minor", "refunded_minor",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Excluded:
    """Rows a cleaning rule set aside: how many, and their amount where they have one."""

    table: str
    rule: str
    rows: int
    amount_minor: int | None


def excluded(counter: Counter, span: Span) -> list[Excluded]:
    """What no figure of the span counts."""
    found = []
    for name in CLEANED:
        table = counter.scene(span).rows(name, with_set_aside=True)
        table = table.filter(table.mark.fill_null("") != "")
        amount = AMOUNTS.get(name)
        values: dict[str, Any] = {"n": table.count()}
        if amount:
            values["amount"] = table[amount].sum().cast("int64")
        for row in rows_of(table.group_by("mark").agg(**values)):
            found.append(Excluded(name, row["mark"], int(row["n"]), row.get("amount")))
    return sorted(found, key=lambda one: (one.table, one.rule))


@dataclass(frozen=True, slots=True)
class Imported:
    """A figure of a shop's export, by the platform's own channel ("" = all of them)."""

    source: str
    channel: str
    figure: str
    shop_id: int
    value: int


def imported(counter: Counter, period: ReportPeriod, span: Span) -> list[Imported]:
    """What platforms' exports say of exactly this period, shop by shop; days are never added up to a week here."""
    table = counter.scene(Span(span.first, span.first)).rows("traffic_figures")
    table = table.filter(table.period == str(period))
    grouped = table.group_by(["source", "channel", "figure", "shop_id"]).agg(value=table.value.sum().cast("int64"))
    found = [
        Imported(row["source"], row["channel"], row["figure"], row["shop_id"], row["value"]) for row in rows_of(grouped)
    ]
    return sorted(found, key=lambda one: (one.source, one.channel, one.figure, one.shop_id))


@dataclass(frozen=True, slots=True)
class StandIns:
    """An export's figures as our measures: its name, the values, and of which shops each is."""

    source: str = ""
    values: dict[str, int | None] = field(default_factory=dict)
    shops: dict[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def doubled(self) -> frozenset[str]:
        """People whom several shops' exports count: nobody knows how many came to both."""
        return frozenset(name for name, value in self.values.items() if value is None)


def stand_ins(figures: list[Imported]) -> StandIns:
    """One export's figures as our measures, of several exports the first by name's; shops are added where they may."""
    whole = [one for one in figures if one.channel == "" and one.figure in IMPORTED]
    if not whole:
        return StandIns()
    found = StandIns(whole[0].source)
    by_figure: dict[str, list[Imported]] = defaultdict(list)
    for one in whole:
        if one.source == found.source:
            by_figure[one.figure].append(one)
    for figure, of in by_figure.items():
        is_doubled = figure not in ADD_UP and len(of) > 1
        found.values[IMPORTED[figure]] = None if is_doubled else sum(one.value for one in of)
        found.shops[IMPORTED[figure]] = tuple(sorted(one.shop_id for one in of))
    return found
