"""A report's parts as its pages show them: every number with the way behind it, and the way on from it."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.analytics.reports.pages.asking import FIND, drill_url, figure_url, finding_url
from shopkeeper.flows.analytics.reports.papers.operations_report import FigureLine, PaperTable, Section
from shopkeeper.flows.analytics.reports.queries.figures import can_be_drilled
from shopkeeper.flows.analytics.reports.rules.metric import METRICS
from shopkeeper.flows.analytics.reports.rules.spans import Span
from shopkeeper.flows.analytics.reports.words import NOTHING
from shopkeeper.web.pages import Request, may_open


@dataclass(frozen=True, slots=True)
class LineView:
    """A figure with its addresses; an empty one leads nowhere."""

    line: FigureLine
    drill: str
    look: str
    find: str

    @property
    def metric(self) -> object:
        return self.line.figure.metric

    @property
    def is_unknown(self) -> bool:
        return not self.line.figure.figure.is_known


@dataclass(frozen=True, slots=True)
class CellView:
    text: str
    is_number: bool
    url: str = ""


@dataclass(frozen=True, slots=True)
class TableView:
    table: PaperTable
    rows: Sequence[Sequence[CellView]]


@dataclass(frozen=True, slots=True)
class SectionView:
    section: Section
    lines: Sequence[LineView]
    tables: Sequence[TableView]

    @property
    def has_year(self) -> bool:
        """Whether anything is known of a year ago: without it the table has no columns for it."""
        return any(one.line.year != NOTHING for one in self.lines)

    @property
    def has_targets(self) -> bool:
        return any(one.line.target != NOTHING for one in self.lines)


def section_view(request: Request, section: Section, span: Span, shop_id: int | None) -> SectionView:
    """A part for the page; what leads to orders does so only for figures that have some."""
    return SectionView(
        section,
        [line_view(request, line, span, shop_id) for line in section.lines],
        [_table_view(table, span, shop_id) for table in section.tables],
    )


def line_view(request: Request, line: FigureLine, span: Span, shop_id: int | None) -> LineView:
    metric = line.figure.metric
    is_known = line.figure.figure.is_known
    drills = is_known and can_be_drilled(metric)
    return LineView(
        line,
        drill_url(metric, span, shop_id) if drills else "",
        figure_url(metric, span, shop_id, metric.dimensions[0] if metric.dimensions else None),
        finding_url(metric, span, shop_id) if may_open(request.actor, FIND) else "",
    )


def _table_view(table: PaperTable, span: Span, shop_id: int | None) -> TableView:
    drills = [*table.drills, *[None] * (len(table.rows) - len(table.drills))]
    rows = []
    for texts, drilling in zip(table.shown, drills, strict=True):
        url = ""
        if drilling is not None:
            url = drill_url(METRICS[drilling.metric_id], span, shop_id, drilling.dimension, drilling.member)
        rows.append(
            [
                CellView(text, column.kind != "text", url if n == 1 else "")
                for n, (text, column) in enumerate(zip(texts, table.columns, strict=True))
            ]
        )
    return TableView(table, rows)
