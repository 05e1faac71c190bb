"""Figures for decisions, out of the registered metrics of the reports."""

from collections.abc import Sequence
from datetime import date, timedelta

from shopkeeper.flows.analytics.decisions.ports import Metric, figure_source
from shopkeeper.flows.analytics.decisions.states import FigureUnit
from shopkeeper.flows.analytics.reports.queries.figures import figure
from shopkeeper.flows.analytics.reports.rules.metric import Metric as ReportMetric
from shopkeeper.flows.analytics.reports.rules.metrics import METRICS

WEEK = timedelta(days=7)


class ReportFigures:
    """`FigureSource` over the registry of the reports: what is measured after a decision is what was noticed before."""

    def metrics(self) -> Sequence[Metric]:
        return [_named(metric) for metric in METRICS.values()]

    def metric(self, metric_id: str) -> Metric | None:
        found = METRICS.get(metric_id)
        return _named(found) if found else None

    def value(self, metric_id: str, shop_id: int | None, first_day: date, last_day: date) -> int | None:
        return figure(metric_id, shop_id, first_day, last_day).parts


def week_before(metric_id: str, shop_id: int | None, first_day: date, last_day: date) -> int | None:
    """The figure of the same weekdays a week earlier; None for a week and more, which hold every weekday."""
    if last_day - first_day >= timedelta(days=6):
        return None
    return figure_source().value(metric_id, shop_id, first_day - WEEK, last_day - WEEK)


def _named(metric: ReportMetric) -> Metric:
    return Metric(metric.id, metric.name, FigureUnit(metric.unit))


def metric_choices() -> list[tuple[str, str]]:
    """Everything that can be measured, to choose from."""
    return [(metric.id, metric.name.text()) for metric in figure_source().metrics()]


def metric_named(metric_id: str) -> Metric | None:
    return figure_source().metric(metric_id)


def named_metrics() -> Sequence[Metric]:
    """Everything that can be measured."""
    return figure_source().metrics()
