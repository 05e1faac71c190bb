"""《运营数据分析报告》 as it is read, on screen, on A4 and as a workbook: the same words and figures for all three."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Literal

from shopkeeper.flows.analytics.reports.rules.metric import FigureOf
from shopkeeper.flows.analytics.reports.states import Block, Part
from shopkeeper.foundation.documents.charts import Chart, Surface, chart_svg
from shopkeeper.foundation.documents.typst import render_pdf
from shopkeeper.foundation.documents.xlsx import Cell, Column, Sheet, write_book
from shopkeeper.shared.money import HOME_CURRENCY
from shopkeeper.shared.words import T, active_language
from shopkeeper.web.shown import money_text

TEMPLATE = Path(__file__).with_suffix(".typ")
NOTHING = "–"
WHOLE_WIDTH = 1_000  # of a chart alone in its row; what is written in it stays as large as in a half
Kind = Literal["text", "money", "count", "share", "points", "change", "ratio"]
Tone = Literal["", "green", "red", "grey"]
WORDS = {
    "title": T("运营数据分析报告", "Operations report"),
    "headlines": T("核心指标", "Key figures"),
    "changes": T("主要变化", "What changed most"),
    "metric": T("指标", "Figure"),
    "now": T("本期", "This period"),
    "change": T("变化", "Change"),
    "year": T("去年同期", "Year ago"),
    "target": T("目标", "Target"),
    "attained": T("达成", "Attained"),
    "analysis": T("分析", "Analysis"),
    "comment": T("总评", "Summary"),
    "unwritten": T("（待填写）", "(to be written)"),
    "signed_without": T("（签发时未写）", "(signed without)"),
    "definitions": T("口径说明", "Definitions"),
    "formula": T("公式", "Formula"),
    "time": T("时间口径", "Counted by"),
    "source": T("来源", "Source"),
    "filters": T("过滤", "Filters"),
    "entity": T("去重对象", "Distinct by"),
    "additivity": T("相加性", "Adding up"),
    "version": T("版本", "Version"),
    "failed": T("本部分未能算出，报告不完整。", "This part could not be computed: the report is incomplete."),
    "signer": T("签发人", "Signed by"),
    "confirmer": T("已阅", "Read by"),
    "clause": T("规程 D2.1–D2.4", "Clauses D2.1–D2.4"),
    "page": T("第 {page} 页，共 {pages} 页", "Page {page} of {pages}"),
    "incomplete": T("不完整", "Incomplete"),
    "thin": T("样本不足", "too few"),
    "part": T("部分", "Part"),
    "value": T("数值", "Value"),
}


@dataclass(frozen=True, slots=True)
class FigureLine:
    """One figure with what it is compared with, worded; `figure` is the number itself."""

    figure: FigureOf
    value: str
    before: str
    change: str
    tone: Tone
    year: str
    year_change: str
    target: str
    attained: str
    source: str = ""
    is_thin: bool = False

    @property
    def name(self) -> T:
        return self.figure.metric.name


@dataclass(frozen=True, slots=True)
class TableColumn:
    title: T | str
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class Drilling:
    """The number in a row leads to the orders behind it: a figure, divided so."""

    metric_id: str
    dimension: str
    member: str


@dataclass(frozen=True, slots=True)
class PaperTable:
    """A table of raw values, each column of one kind; `drills` leads from a row to its orders, where it can."""

    title: T | str
    columns: Sequence[TableColumn]
    rows: Sequence[Sequence[Any]]
    drills: Sequence[Drilling | None] = ()
    note: str = ""
    currency: str = HOME_CURRENCY

    @property
    def shown(self) -> list[list[str]]:
        """The rows as they are read."""
        return [
            [said(column.kind, value, self.currency) for column, value in zip(self.columns, row, strict=True)]
            for row in self.rows
        ]


@dataclass(frozen=True, slots=True)
class Section:
    block: Block
    title: T
    clause: str
    has_failed: bool = False
    lines: Sequence[FigureLine] = ()
    charts: Sequence[Chart] = ()
    tables: Sequence[PaperTable] = ()
    notes: Sequence[str] = ()
    part: Part | None = None  # what an analyst writes under it
    analysis: str = ""


@dataclass(frozen=True, slots=True)
class ReportPaper:
    """The whole paper; words in the language of who asked."""

    title: str
    shop: str
    days: str
    heads: Sequence[tuple[str, str]]
    before_title: str
    is_incomplete: bool
    headlines: Sequence[FigureLine]
    changes: Sequence[str]
    sections: Sequence[Section]
    comment: str
    signer: str
    confirmer: str
    definitions: Sequence[Sequence[str]] = field(default_factory=list)


def said(kind: Kind, value: Any, currency: str = HOME_CURRENCY) -> str:
    """A raw value as people read it. Shares, points and changes are parts of 10,000, ratios hundredths."""
    if value is None or value == "":
        return NOTHING
    if kind == "text":
        return str(value)
    if kind == "money":
        return money_text(value, currency)
    if kind == "count":
        return f"{value:,}"
    if kind == "ratio":
        return f"{value / 100:,.2f}"
    if kind == "share":
        return f"{value / 100:.2f}%"
    sign = "+" if value > 0 else "−" if value < 0 else ""
    if kind == "points":
        return T("{n} 个百分点", "{n} pp").format(n=f"{sign}{abs(value) / 100:.2f}").text()
    return f"{sign}{abs(value) / 100:.1f}%"


def operations_report_pdf(paper: ReportPaper) -> bytes:
    """The paper on A4, in the active language. Once it is signed nothing is to be written any more."""
    unwritten = WORDS["signed_without" if paper.signer else "unwritten"]
    return render_pdf(
        TEMPLATE,
        {
            "language": active_language(),
            "words": {key: str(word) for key, word in WORDS.items()} | {"unwritten": str(unwritten)},
            "shop": paper.shop,
            "title": paper.title,
            "days": paper.days,
            "heads": [list(head) for head in paper.heads],
            "before": paper.before_title,
            "incomplete": paper.is_incomplete,
            "headlines": [_line(line) for line in paper.headlines],
            "changes": list(paper.changes),
            "sections": [_section(section) for section in paper.sections],
            "comment": paper.comment,
            "signer": paper.signer,
            "confirmer": paper.confirmer,
            "definitions": [list(row) for row in paper.definitions],
        },
    )


def _line(line: FigureLine) -> list[str]:
    return [
        str(line.name), line.value, line.before, line.change, line.tone, line.year, line.year_change, line.target,
        line.attained, str(WORDS["thin"]) if line.is_thin else line.source,
    ]  # fmt: skip


def _section(section: Section) -> Mapping[str, Any]:
    width = WHOLE_WIDTH if len(section.charts) == 1 else WHOLE_WIDTH // 2
    return {
        "title": str(section.title),
        "clause": section.clause,
        "failed": section.has_failed,
        "lines": [_line(line) for line in section.lines],
        "charts": [[str(chart.title), chart_svg(chart, Surface.PAPER, width=width)] for chart in section.charts],
        "tables": [
            {
                "title": str(table.title),
                "columns": [[str(column.title), column.kind] for column in table.columns],
                "rows": table.shown,
                "note": table.note,
            }
            for table in section.tables
        ],
        "notes": list(section.notes),
        "analysis": section.analysis if section.part else None,
    }


_FIGURES = (
    Column(WORDS["part"], width=14),
    Column(WORDS["metric"], width=24),
    Column(WORDS["now"], width=18),
    Column(T("上期", "Before"), width=18),
    Column(WORDS["change"], width=18),
    Column(WORDS["year"], width=18),
    Column(T("同比", "On the year"), width=16),
    Column(WORDS["target"], width=18),
    Column(WORDS["attained"], width=12),
    Column(T("分子", "Numerator"), "decimal", 16),
    Column(T("分母", "Denominator"), "decimal", 16),
    Column(T("备注", "Remark"), width=24),
)
_DEFINITIONS = (
    *(Column(WORDS[name], width=width) for name, width in (("metric", 20), ("formula", 64), ("time", 28))),
    *(Column(WORDS[name], width=24) for name in ("source", "filters", "entity", "additivity")),
    Column(WORDS["version"], width=10),
)
_KINDS: dict[Kind, Literal["text", "money", "integer", "decimal"]] = {
    "text": "text", "money": "money", "count": "integer", "share": "decimal", "points": "decimal", "change": "decimal",
    "ratio": "decimal",
}  # fmt: skip
_PERCENT: dict[Kind, str] = {"share": " (%)", "points": " (pp)", "change": " (%)"}


def operations_report_xlsx(paper: ReportPaper, target: BinaryIO) -> None:
    """One workbook: the head, all figures with their parts, each table, the definitions."""
    head = [
        [paper.title, ""],
        [str(WORDS["comment"]), paper.comment],
        *([name, value] for name, value in paper.heads),
        *([str(WORDS["changes"]), line] for line in paper.changes),
        *([f"{s.title} · {WORDS['analysis']}", s.analysis] for s in paper.sections if s.part),
        *([str(s.title), str(WORDS["failed"])] for s in paper.sections if s.has_failed),
        *([str(s.title), note] for s in paper.sections for note in s.notes),
        [str(WORDS["signer"]), paper.signer],
        [str(WORDS["confirmer"]), paper.confirmer],
    ]
    sheets = [
        Sheet(WORDS["title"], [Column(WORDS["metric"], width=26), Column(WORDS["value"], width=110)], head),
        Sheet(T("指标", "Figures"), _FIGURES, _figure_rows(paper)),
        *(_table_sheet(table) for section in paper.sections for table in section.tables),
        Sheet(WORDS["definitions"], _DEFINITIONS, paper.definitions),
    ]
    write_book(target, sheets)


def _figure_rows(paper: ReportPaper) -> Iterable[Sequence[Cell]]:
    for section in paper.sections:
        for line in section.lines:
            parts = line.figure.figure
            remark = str(WORDS["thin"]) if line.is_thin else line.source
            yield [
                section.title, line.name, line.value, line.before, line.change, line.year, line.year_change,
                line.target, line.attained, parts.numerator, parts.denominator, remark,
            ]  # fmt: skip


def _table_sheet(table: PaperTable) -> Sheet:
    columns = [Column(f"{c.title}{_PERCENT.get(c.kind, '')}", _KINDS[c.kind]) for c in table.columns]
    rows = [[_cell(c.kind, value) for c, value in zip(table.columns, row, strict=True)] for row in table.rows]
    return Sheet(table.title, columns, rows)


def _cell(kind: Kind, value: Any) -> Cell:
    """Per cents as people write them, money as minor units, words as words."""
    if value is None or kind in ("text", "money", "count"):
        return None if value is None else value if kind != "text" else str(value)
    return float(value) / 100
