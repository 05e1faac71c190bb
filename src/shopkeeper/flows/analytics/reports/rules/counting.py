"""Counting: measures over the lake in as few queries as there are sources, figures put together from them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from shopkeeper.flows.analytics.reports.rules.coverage import is_held_against_visitors, shops_unseen
from shopkeeper.flows.analytics.reports.rules.measures import MEASURES, is_whole_company, source_of
from shopkeeper.flows.analytics.reports.rules.metric import Dimension, Figure, Metric, check_dimension
from shopkeeper.flows.analytics.reports.rules.rows import rows_of
from shopkeeper.flows.analytics.reports.rules.sources import SOURCES, Scene, Tables
from shopkeeper.flows.analytics.reports.rules.spans import Span, Windows

Member = Any  # what a figure is divided by: a day, a shop's id, a category
Values = dict[str, int | None]
ROWS = "rows__"


@dataclass(frozen=True, slots=True)
class Counter:
    """Counts for some shops (None = all of the company) under the procedure's windows."""

    tables: Tables
    shops: tuple[int, ...] | None = None
    windows: Windows = field(default_factory=Windows)

    def scene(self, span: Span, days: Iterable[date] = ()) -> Scene:
        return Scene(self.tables, span, self.shops, self.windows, tuple(days))

    def totals(self, span: Span, measures: Iterable[str]) -> Values:
        """Each measure over the whole span."""
        return self._counted(self.scene(span), measures, None).get(None, {})

    def by(
        self, span: Span, measures: Iterable[str], dimension: Dimension, *, days: Iterable[date] = ()
    ) -> dict[Member, Values]:
        """Each measure by member of a dimension, in the members' order; by day, of each day of the span."""
        return self._counted(self.scene(span, days), measures, dimension)

    def figures(self, span: Span, metrics: Iterable[Metric]) -> dict[str, Figure]:
        """Figures of the whole span; a ratio whose sides would be of different shops is unknown."""
        metrics = list(metrics)
        values = self.totals(span, _measures_of(metrics))
        found = {metric.id: figure_of(metric, values) for metric in metrics}
        for metric in filter(is_held_against_visitors, metrics):
            if found[metric.id].is_known and shops_unseen(self.scene(span), metric):
                found[metric.id] = Figure(None)
        return found

    def figures_by(
        self, span: Span, metrics: Iterable[Metric], dimension: Dimension, days: Iterable[date] = ()
    ) -> dict[Member, dict[str, Figure]]:
        """Raises BusinessError where a figure cannot be divided so."""
        metrics = list(metrics)
        for metric in metrics:
            check_dimension(metric, dimension)
        by = self.by(span, _measures_of(metrics), dimension, days=days)
        found = {member: {metric.id: figure_of(metric, values) for metric in metrics} for member, values in by.items()}
        # A shop by itself has both sides or lacks one.
        for metric in filter(is_held_against_visitors, metrics) if dimension is not Dimension.SHOP else ():
            for member in shops_unseen(self.scene(span, days), metric, str(dimension)):
                if member in found:
                    found[member][metric.id] = Figure(None)
        return found

    def _counted(self, scene: Scene, measures: Iterable[str], dimension: Dimension | None) -> dict[Member, Values]:
        by_source: dict[str, list[str]] = {}
        for name in dict.fromkeys(measures):
            by_source.setdefault(source_of(name), []).append(name)
        found: dict[Member, Values] = {}
        silent: Values = {}
        for source, names in by_source.items():
            if self.shops is not None and any(map(is_whole_company, names)):
                rows: list[dict[str, Any]] = []
            else:
                rows = rows_of(counted(scene, source, names, dimension))
            for row in rows:
                member = row[str(dimension)] if dimension else None
                found.setdefault(member, {}).update({name: _value(name, row) for name in names})
            silent.update({name: _nothing(name, self.shops) for name in names})
        if dimension is None:
            return {None: {**silent, **found.get(None, {})}}
        if dimension is Dimension.DAY and not scene.days and any(value is not None for value in silent.values()):
            for day in scene.span.each():  # a day on which nothing was paid is nothing, not left out
                found.setdefault(day, {})
        return {member: {**silent, **found[member]} for member in sorted(found, key=_order)}


def counted(scene: Scene, source: str, names: Sequence[str], dimension: Dimension | None) -> Any:
    """The one query over a source."""
    columns = [str(dimension)] if dimension else []
    table = SOURCES[source].make(scene, columns)
    values = {name: MEASURES[name].value(table).cast("int64") for name in names}
    values[ROWS] = table.count()
    if not dimension:
        return table.aggregate(**values)
    return table.group_by(columns).agg(**values)


def figure_of(metric: Metric, values: Mapping[str, int | None]) -> Figure:
    """A figure from its measures; with any of them unknown it is unknown."""
    tops = [values.get(name) for _, name in metric.numerator]
    bottom = values.get(metric.denominator) if metric.denominator else None
    if any(top is None for top in tops) or (metric.denominator and bottom is None):
        return Figure(None)
    return Figure(sum(sign * (top or 0) for (sign, _), top in zip(metric.numerator, tops, strict=True)), bottom)


def _value(name: str, row: Mapping[str, Any]) -> int | None:
    if MEASURES[name].needs_rows and not row[ROWS]:
        return None
    return int(row[name] or 0)


def _nothing(name: str, shops: tuple[int, ...] | None) -> int | None:
    """What a measure is where its source says nothing."""
    return None if MEASURES[name].needs_rows or (shops is not None and is_whole_company(name)) else 0


def _measures_of(metrics: Iterable[Metric]) -> list[str]:
    return [name for metric in metrics for name in metric.measures]


def _order(member: Member) -> tuple[bool, Any]:
    """Members in their order; what has no name last."""
    return (member is None, member if member is not None else "")
