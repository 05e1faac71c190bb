"""《商品选品清单》: candidates by rank with their facts, every component of the score, reason and decision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from shopkeeper.flows.products.research.rules.scoring import Part
from shopkeeper.flows.products.research.states import Criterion
from shopkeeper.foundation.documents.typst import render_pdf
from shopkeeper.foundation.documents.xlsx import Column, write_xlsx
from shopkeeper.shared.money import Money
from shopkeeper.shared.words import T, active_language

TEMPLATE = Path(__file__).with_suffix(".typ")
WORDS = {
    "title": T("商品选品清单", "Product selection list"),
    "version": T("版本", "Version"),
    "strategy": T("选品策略", "Strategy"),
    "period": T("统计期", "Period"),
    "target": T("销售目标", "Sales target"),
    "band": T("价格带", "Price band"),
    "state": T("状态", "State"),
    "maker": T("编制", "Made by"),
    "approver": T("审批", "Approved by"),
    "rank": T("名次", "Rank"),
    "candidate": T("候选商品", "Candidate"),
    "category": T("类目 / 来源", "Category / source"),
    "price": T("拟售价 / 竞品价", "Price / competitor"),
    "cost": T("成本 / 毛利率", "Cost / margin"),
    "sales": T("预计月销 / 目标占比", "Monthly sales / share"),
    "turnover": T("周转天数", "Turnover"),
    "parts": T("分项得分（权重）", "Score by criterion (weight)"),
    "total": T("总分", "Total"),
    "reason": T("理由", "Reason"),
    "decision": T("结论", "Decision"),
    "clause": T("规程 P1.2", "Clause P1.2"),
    "page": T("第 {page} 页，共 {pages} 页", "Page {page} of {pages}"),
    "how": T(
        "各分项 0–1000 分，总分为加权平均；未知的数据计零分并注明。",
        "Each component scores 0–1,000; the total is the weighted mean. What is not known scores nothing and is named.",
    ),
}

NARROW = {
    Criterion.TARGET_SHARE: T("目标占比", "Share"),
    Criterion.TURNOVER: T("周转", "Days"),
    Criterion.POSITIONING: T("定位", "Fit"),
    Criterion.DEMAND: T("热度", "Heat"),
    Criterion.GROWTH: T("增长", "Growth"),
    Criterion.PRICE_BAND: T("价格带", "Band"),
    Criterion.MARGIN: T("毛利", "Margin"),
}


@dataclass(frozen=True, slots=True)
class PaperEntry:
    """One line; money in minor units, rates in 1/10,000, None where not known; reason and decision in words."""

    rank: int
    code: str
    name: str
    category: str
    source: str
    price_minor: int | None
    competitor_minor: int | None
    cost_minor: int | None
    margin: int | None
    monthly_sales: int | None
    share: int | None
    turnover_days: int | None
    parts: Sequence[Part]
    total: int
    reason: str
    decision: str
    decision_reason: str


@dataclass(frozen=True, slots=True)
class SelectionPaper:
    """The whole paper. `heads` are the labelled facts of its head, already in words."""

    version: int
    heads: Sequence[tuple[T, str]]
    weights: Mapping[str, int]
    entries: Sequence[PaperEntry]


def selection_list_pdf(paper: SelectionPaper) -> bytes:
    """The list on A4 across, in the active language."""
    return render_pdf(TEMPLATE, pdf_data(paper))


def pdf_data(paper: SelectionPaper) -> dict[str, Any]:
    """What the template is given: marks in the order of their criteria."""
    return {
        "language": active_language(),
        "words": {key: str(word) for key, word in WORDS.items()},
        "version": f"V{paper.version}",
        "heads": [[str(label), value] for label, value in paper.heads],
        "criteria": [[str(word), paper.weights.get(str(c), 0)] for c, word in NARROW.items()],
        "entries": [_row(entry) for entry in paper.entries],
    }


def selection_list_xlsx(paper: SelectionPaper, target: BinaryIO) -> None:
    """The same as a workbook, one column per component."""
    columns = [
        Column(WORDS["rank"], "integer"),
        Column(T("商品编码", "Code"), "id"),
        Column(WORDS["candidate"], width=32),
        Column(T("类目", "Category")),
        Column(T("来源", "Source")),
        Column(T("拟售价", "Price"), "money"),
        Column(T("竞品价", "Competitor"), "money"),
        Column(T("成本", "Cost"), "money"),
        Column(T("毛利率", "Margin")),
        Column(T("预计月销", "Monthly sales"), "integer"),
        Column(T("目标占比", "Share of target")),
        Column(WORDS["turnover"], "integer"),
        *[Column(word, "integer") for word in NARROW.values()],
        Column(WORDS["total"], "integer"),
        Column(WORDS["reason"], width=40),
        Column(WORDS["decision"]),
        Column(T("说明", "Note"), width=30),
    ]
    rows = (
        (
            e.rank, e.code, e.name, e.category, e.source, e.price_minor, e.competitor_minor, e.cost_minor,
            percent(e.margin), e.monthly_sales, percent(e.share), e.turnover_days,
            *_marks(e), e.total, e.reason, e.decision, e.decision_reason,
        )
        for e in paper.entries
    )  # fmt: skip
    write_xlsx(target, columns, rows, sheet=f"{WORDS['title']} V{paper.version}")


def percent(basis_points: int | None) -> str:
    """1250 as 12.5%."""
    return "" if basis_points is None else f"{basis_points / 100:.1f}%"


def _money(minor: int | None) -> str:
    return "—" if minor is None else str(Money(minor))


def _marks(entry: PaperEntry) -> list[int | None]:
    """The mark of each criterion in the order of the headings; None where its value is not known."""
    known = {part.criterion: part.mark for part in entry.parts if part.value is not None}
    return [known.get(criterion) for criterion in NARROW]


def _row(entry: PaperEntry) -> dict[str, object]:
    return {
        "rank": entry.rank,
        "code": entry.code,
        "name": entry.name,
        "category": entry.category,
        "source": entry.source,
        "price": _money(entry.price_minor),
        "competitor": _money(entry.competitor_minor),
        "cost": _money(entry.cost_minor),
        "margin": percent(entry.margin) or "—",
        "sales": "—" if entry.monthly_sales is None else f"{entry.monthly_sales:,}",
        "share": percent(entry.share) or "—",
        "turnover": "—" if entry.turnover_days is None else str(entry.turnover_days),
        "parts": _marks(entry),
        "total": entry.total,
        "reason": entry.reason,
        "decision": entry.decision or "—",
        "note": entry.decision_reason,
    }
