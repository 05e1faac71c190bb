"""《工单日报》: a shop's day in figures, its frequent problems with their trend, remarks and signature."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from shopkeeper.flows.service.feedback.rules.figures import DayFigures
from shopkeeper.foundation.documents.typst import render_pdf
from shopkeeper.foundation.documents.xlsx import Cell, Column, write_xlsx
from shopkeeper.shared.words import T, active_language

TEMPLATE = Path(__file__).with_suffix(".typ")
NOTHING = "–"
FEW = 5  # tickets of the days before, below which counts say more than a percentage
WORDS = {
    "title": T("工单日报", "Daily ticket summary"),
    "shop": T("店铺", "Shop"),
    "day": T("日期", "Day"),
    "state": T("状态", "State"),
    "drafted": T("生成时间", "Drafted"),
    "volume": T("工单量", "Tickets"),
    "promises": T("时效", "Promises kept"),
    "satisfaction": T("满意度", "Satisfaction"),
    "stages": T("按阶段", "By stage"),
    "kinds": T("按类型", "By type"),
    "channels": T("按渠道", "By channel"),
    "stars": T("评分分布", "Ratings"),
    "problems": T("高频问题", "Frequent problems"),
    "rank": T("名次", "Rank"),
    "kind": T("问题类型", "Type"),
    "about": T("涉及商品 / 快递 / 仓库", "Product / courier / warehouse"),
    "today": T("当日", "Day"),
    "before": T("前 {days} 天", "{days:# day|# days} before"),
    "change": T("对比日均", "Against the mean"),
    "rate": T("每百单", "Per 100 orders"),
    "examples": T("例单", "Examples"),
    "task": T("改进任务", "Improvement"),
    "remarks": T("补充说明", "Remarks"),
    "completer": T("补充人", "Completed by"),
    "signer": T("签发人", "Signed by"),
    "new": T("新出现", "New"),
    "none": T("当天没有可归类的问题。", "No problem was frequent that day."),
    "unwritten": T("（待客服补充）", "(to be completed by customer service)"),
    "clause": T("规程 S3.2", "Clause S3.2"),
    "page": T("第 {page} 页，共 {pages} 页", "Page {page} of {pages}"),
    "how": T(
        "首次回复按各渠道时限计，不含非值班时段；满意率 = 4–5 星 ÷ 全部评分；每百单按当日及之前的天数合计。",
        "First words by each channel's own limit, duty hours only; satisfied = 4–5 stars of all ratings; "
        "per 100 orders over the day and the days before.",
    ),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the head: its name, its value and what stands behind it, in words."""

    name: T
    value: str
    note: str


@dataclass(frozen=True, slots=True)
class PaperProblem:
    """One line, worded. `change` is empty for a problem that is new."""

    rank: int
    kind: str
    about: str
    tickets: int
    before_tickets: int
    change: str
    is_worse: bool
    rate: str
    examples: Sequence[str]
    task: str


@dataclass(frozen=True, slots=True)
class SummaryPaper:
    """The whole paper; words in the language of who asked."""

    shop: str
    day: str
    state: str
    drafted: str
    figures: DayFigures
    trend_days: int
    stages: Sequence[tuple[str, int]]
    kinds: Sequence[tuple[str, int]]
    channels: Sequence[tuple[str, int]]
    problems: Sequence[PaperProblem]
    remarks: str
    completer: str
    signer: str


def head_figures(figures: DayFigures, trend_days: int) -> list[tuple[T, list[Figure]]]:
    """The figures of a day in their three groups, as page and paper show them."""
    stars = figures.satisfaction
    volume = [
        Figure(T("新增", "Opened"), str(figures.opened), ""),
        Figure(T("解决", "Resolved"), str(figures.resolved), ""),
        Figure(T("日终未结", "Unfinished"), str(figures.unfinished), ""),
        Figure(
            T("每百单工单", "Per 100 orders"),
            hundredths(figures.contact_hundredths),
            T("支付 {n} 单", "{n:# paid order|# paid orders}").format(n=figures.orders_paid).text(),
        ),
    ]
    promises = [
        Figure(
            T("首次回复及时率", "First word in time"),
            percent(figures.first_share),
            f"{figures.first_in_time} / {figures.first_asked}",
        ),
        Figure(
            T("48 小时方案率", "Solutions in 48 h"),
            percent(figures.offer_share),
            f"{figures.offered_in_time} / {figures.offered}",
        ),
        Figure(T("超时未给方案", "Solutions overdue"), str(figures.offers_overdue), ""),
    ]
    satisfied = [
        Figure(T("平均分", "Mean"), hundredths(stars.mean_hundredths), f"n = {stars.answered}"),
        Figure(
            T("满意率（4–5 星）", "Satisfied (4–5)"), percent(stars.top_box), f"{stars.satisfied} / {stars.answered}"
        ),
        Figure(
            T("回复率（{days} 天）", "Response ({days:# day|# days})").format(days=trend_days + 1),
            percent(stars.response),
            f"{stars.invited_answered} / {stars.invited}",
        ),
    ]
    return [(WORDS["volume"], volume), (WORDS["promises"], promises), (WORDS["satisfaction"], satisfied)]


def percent(parts: int | None) -> str:
    """9375 as 93.8%; a dash where nothing stands behind it."""
    return NOTHING if parts is None else f"{parts / 100:.1f}%"


def hundredths(value: int | None) -> str:
    """467 as 4.67."""
    return NOTHING if value is None else f"{value / 100:.2f}"


def signed_percent(parts: int | None) -> str:
    """2500 as +25%."""
    return NOTHING if parts is None else f"{parts / 100:+.0f}%"


def change_words(change: int | None, tickets: int, before: int) -> str:
    """A problem's change in words: of few tickets the counts, a percentage of them says nothing."""
    if change is None:
        return str(WORDS["new"])
    if before < FEW:
        return T("{n} 对 {before}", "{n} against {before}").format(n=tickets, before=before).text()
    return signed_percent(change)


def daily_summary_pdf(paper: SummaryPaper) -> bytes:
    """The paper on A4, in the active language."""
    words = {key: word.format(days=paper.trend_days) if key == "before" else word for key, word in WORDS.items()}
    data = {
        "language": active_language(),
        "words": {key: str(word) for key, word in words.items()},
        "shop": paper.shop,
        "day": paper.day,
        "heads": [
            [str(WORDS["day"]), paper.day],
            [str(WORDS["state"]), paper.state],
            [str(WORDS["drafted"]), paper.drafted],
        ],
        "groups": [
            [str(name), [[str(one.name), one.value, one.note] for one in figures]]
            for name, figures in head_figures(paper.figures, paper.trend_days)
        ],
        "tables": [
            [str(WORDS["stages"]), list(paper.stages)],
            [str(WORDS["kinds"]), list(paper.kinds)],
            [str(WORDS["channels"]), list(paper.channels)],
            [str(WORDS["stars"]), _stars(paper.figures)],
        ],
        "problems": [
            {
                "rank": one.rank,
                "kind": one.kind,
                "about": one.about or NOTHING,
                "today": one.tickets,
                "before": one.before_tickets,
                "change": one.change,
                "worse": one.is_worse,
                "rate": one.rate,
                "examples": list(one.examples),
                "task": one.task or NOTHING,
            }
            for one in paper.problems
        ],
        "remarks": paper.remarks,
        "completer": paper.completer,
        "signer": paper.signer,
    }
    return render_pdf(TEMPLATE, data)


def daily_summary_xlsx(paper: SummaryPaper, target: BinaryIO) -> None:
    """The same as one table: the day's figures, the counts, then the problems."""
    columns = [
        Column(T("部分", "Part"), width=14),
        Column(T("项目", "Item"), width=22),
        Column(WORDS["about"], width=36),
        Column(T("数值", "Value"), width=12),
        Column(T("依据", "Behind it"), width=16),
        Column(WORDS["before"].format(days=paper.trend_days), "integer"),
        Column(WORDS["change"], width=12),
        Column(WORDS["rate"], width=12),
        Column(WORDS["examples"], width=40),
        Column(WORDS["task"], width=24),
    ]
    write_xlsx(target, columns, _rows(paper), sheet=f"{WORDS['title']} {paper.day}")


def _rows(paper: SummaryPaper) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    for group, figures in head_figures(paper.figures, paper.trend_days):
        rows += [[group, one.name, None, one.value, one.note, *[None] * 5] for one in figures]
    counts: list[tuple[T, Sequence[tuple[str, int]]]] = [
        (WORDS["stages"], paper.stages),
        (WORDS["kinds"], paper.kinds),
        (WORDS["channels"], paper.channels),
        (WORDS["stars"], _stars(paper.figures)),
    ]
    for part, lines in counts:
        rows += [[part, name, None, str(n), *[None] * 6] for name, n in lines]
    for one in paper.problems:
        examples = " ".join(one.examples)
        rows.append(
            [WORDS["problems"], one.kind, one.about, str(one.tickets), None, one.before_tickets, one.change, one.rate,
             examples, one.task]
        )  # fmt: skip
    rows.append([WORDS["remarks"], None, paper.remarks, *[None] * 7])
    rows.append([WORDS["completer"], paper.completer, *[None] * 8])
    rows.append([WORDS["signer"], paper.signer, *[None] * 8])
    return rows


def _stars(figures: DayFigures) -> list[tuple[str, int]]:
    """Five stars first."""
    return [("★" * star, figures.stars[star - 1]) for star in (5, 4, 3, 2, 1)]
