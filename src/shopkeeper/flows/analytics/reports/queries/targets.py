"""Targets: a month's as they were set, and what they come to for a report's days."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from shopkeeper.flows.analytics.reports.models import Target
from shopkeeper.flows.analytics.reports.queries.scope import of_shop, of_viewer
from shopkeeper.flows.analytics.reports.rules.metric import METRICS, Metric, Unit
from shopkeeper.flows.analytics.reports.rules.spans import Span
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.models import Person
from shopkeeper.shared.money import HOME_CURRENCY


@dataclass(frozen=True, slots=True)
class TargetRow:
    id: int
    shop_id: int | None
    shop: str
    currency: str
    metric: Metric
    month: date
    value: int
    set_at: datetime
    setter: str

    @property
    def metric_id(self) -> str:
        return self.metric.id


def targets_of_month(viewer: Actor, month: date) -> list[TargetRow]:
    """A month's targets that the viewer may see: all shops together first, figures as they are registered."""
    rows = of_viewer(Target.objects.filter(month=month, metric_id__in=METRICS), viewer).select_related("shop")
    found = sorted(rows, key=lambda row: (row.shop_id or 0, list(METRICS).index(row.metric_id)))
    names = dict(Person.objects.filter(id__in={row.set_by for row in found}).values_list("id", "name"))
    return [
        TargetRow(
            row.pk,
            row.shop_id,
            row.shop.name if row.shop else "",
            row.shop.currency if row.shop else HOME_CURRENCY,
            METRICS[row.metric_id],
            row.month,
            row.value,
            row.set_at,
            names.get(row.set_by, ""),
        )
        for row in found
    ]


def targets_for(shop_id: int | None, span: Span) -> dict[str, int]:
    """Targets over a report's days: sums and counts by the share of the month that the days are, rates as they are.

    A span over two months takes its part of each; a figure with a target in only one of them has none.
    """
    months = sorted({day.replace(day=1) for day in span.each()})
    rows = of_shop(Target.objects.filter(month__in=months, metric_id__in=METRICS), shop_id)
    by_metric: dict[str, dict[date, int]] = {}
    for row in rows:
        by_metric.setdefault(row.metric_id, {})[row.month] = row.value
    return {name: _over(METRICS[name], of, span, months) for name, of in by_metric.items() if len(of) == len(months)}


def _over(metric: Metric, of: dict[date, int], span: Span, months: Iterable[date]) -> int:
    is_summed = not metric.denominator and metric.unit in (Unit.MONEY, Unit.COUNT)
    if not is_summed:
        return of[max(months)]
    total = 0
    for month in months:
        days = sum(day.replace(day=1) == month for day in span.each())
        total += of[month] * days // monthrange(month.year, month.month)[1]
    return total
