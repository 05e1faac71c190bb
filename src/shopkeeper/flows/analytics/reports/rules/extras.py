"""What stands beside the figures: what was set aside and why, and the figures that platforms' own exports give."""

from dataclasses import dataclass
from typing import Any

from shopkeeper.flows.analytics.reports.rules.counting import Counter, rows_of
from shopkeeper.flows.analytics.reports.rules.spans import Span
from shopkeeper.flows.analytics.reports.states import ReportPeriod

AMOUNTS = {"orders": "paid_minor", "refunds": "refund_minor"}
CLEANED = ("orders", "refunds", "parcels", "tickets", "ratings", "traffic")
# A platform's figure → our measure. People are counted once: those are never added over shops or days.
IMPORTED = {
    "exposure": "exposures",
    "clicks": "clicks",
    "visitors": "visitors",
    "page_views": "page_views",
    "visits": "visits",
    "single_page_visits": "bounced_visits",
}
OF_PEOPLE = frozenset({"visitors"})


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
    """A figure of an export: of one source, by the platform's own channel ("" = all of them)."""

    source: str
    channel: str
    figure: str
    value: int
    shops: int


def imported(counter: Counter, period: ReportPeriod, span: Span) -> list[Imported]:
    """What platforms' exports say of exactly this period; days are never added up to a week here."""
    table = counter.scene(Span(span.first, span.first)).rows("traffic_figures")
    table = table.filter(table.period == str(period))
    grouped = table.group_by(["source", "channel", "figure"]).agg(
        value=table.value.sum().cast("int64"), shops=table.shop_id.nunique()
    )
    found = [Imported(r["source"], r["channel"], r["figure"], r["value"], r["shops"]) for r in rows_of(grouped)]
    return sorted(found, key=lambda one: (one.source, one.channel, one.figure))


def stand_ins(figures: list[Imported]) -> tuple[str, dict[str, int | None]]:
    """One export's figures as our measures, and its name: the first by name where there are several."""
    whole = [one for one in figures if one.channel == "" and one.figure in IMPORTED]
    if not whole:
        return "", {}
    source = whole[0].source
    values: dict[str, int | None] = {}
    for one in whole:
        if one.source == source:
            is_doubled = one.figure in OF_PEOPLE and one.shops > 1
            values[IMPORTED[one.figure]] = None if is_doubled else one.value
    return source, values
