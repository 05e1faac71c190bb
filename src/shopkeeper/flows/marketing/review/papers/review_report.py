"""《活动复盘报告》: what a campaign was to bring and brought, what people say of it, and what is done about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from shopkeeper.flows.marketing.review.papers.curves import charts
from shopkeeper.flows.marketing.review.papers.definitions import DEFINITIONS
from shopkeeper.flows.marketing.review.papers.parts import groups, percent
from shopkeeper.flows.marketing.review.papers.tables import moment, tables
from shopkeeper.flows.marketing.review.rules.figures import ReviewFigures
from shopkeeper.foundation.documents.charts import Surface, chart_svg
from shopkeeper.foundation.documents.typst import render_pdf
from shopkeeper.foundation.documents.xlsx import Cell, Column, write_xlsx
from shopkeeper.shared.words import T, active_language

TEMPLATE = Path(__file__).with_suffix(".typ")
WORDS = {
    "title": T("活动复盘报告", "Campaign review"),
    "campaign": T("活动", "Campaign"),
    "shop": T("店铺", "Shop"),
    "time": T("活动时间", "Time"),
    "state": T("状态", "State"),
    "version": T("数据版本", "Figures"),
    "worked": T("做得好的", "What worked"),
    "not_worked": T("没做好的", "What did not"),
    "advice": T("改进建议", "Advice"),
    "actions": T("行动项", "Action items"),
    "what": T("做什么", "What"),
    "owner": T("负责人", "Owner"),
    "until": T("截止", "Until"),
    "note": T("结果", "Outcome"),
    "meeting": T("复盘会议", "Review meeting"),
    "attendees": T("参会", "Attended"),
    "missing": T("缺席部门", "Not there"),
    "said": T("发言要点", "What was said"),
    "decisions": T("会议决定", "Decisions"),
    "definitions": T("口径说明", "How this is computed"),
    "completer": T("补充人", "Completed by"),
    "submitter": T("提交人", "Submitted by"),
    "approver": T("审批人", "Approved by"),
    "unwritten": T("（待补充）", "(to be completed)"),
    "no_actions": T("还没有行动项。", "No action items yet."),
    "clause": T("规程 M4.1", "Clause M4.1"),
    "page": T("第 {page} 页，共 {pages} 页", "Page {page} of {pages}"),
}


@dataclass(frozen=True, slots=True)
class PaperAction:
    what: str
    owner: str
    until: str
    state: str
    note: str


@dataclass(frozen=True, slots=True)
class PaperMeeting:
    """Minutes, worded; `missing` are the roles that were asked for and not there."""

    held: str
    attendees: str
    missing: str
    said: str
    decisions: str


@dataclass(frozen=True, slots=True)
class ReviewPaper:
    """The whole paper; words in the language of who asked."""

    campaign: str
    code: str
    shop: str
    theme: str
    state: str
    version: str
    figures: ReviewFigures
    worked: str
    not_worked: str
    advice: str
    actions: Sequence[PaperAction]
    meetings: Sequence[PaperMeeting]
    completer: str
    submitter: str
    approver: str


def review_pdf(paper: ReviewPaper) -> bytes:
    """The paper on A4, in the active language."""
    figures = paper.figures
    data = {
        "language": active_language(),
        "words": {key: str(word) for key, word in WORDS.items()},
        "campaign": paper.campaign,
        "theme": paper.theme,
        "heads": [
            [str(WORDS["campaign"]), paper.code],
            [str(WORDS["shop"]), paper.shop],
            [str(WORDS["time"]), f"{moment(figures.since)} – {moment(figures.until)}"],
            [str(WORDS["state"]), paper.state],
            [str(WORDS["version"]), paper.version],
        ],
        "groups": [
            [str(name), [[str(one.name), one.value, one.note, one.tone] for one in members]]
            for name, members in groups(figures)
        ],
        "charts": [[str(one.title), chart_svg(one, Surface.PAPER, width=720)] for one in charts(figures)],
        "tables": [
            {
                "title": str(one.title),
                "timed": one.is_timed,
                "heads": [[str(head), is_end] for head, is_end in one.columns],
                "rows": [list(row) for row in one.rows],
                "empty": str(one.empty),
            }
            for one in tables(figures)
        ],
        "said": [
            [str(WORDS[name]), getattr(paper, name) or str(WORDS["unwritten"])]
            for name in ("worked", "not_worked", "advice")
        ],
        "actions": [[one.what, one.owner, one.until, one.state, one.note] for one in paper.actions],
        "meetings": [
            {
                "held": one.held,
                "attendees": one.attendees,
                "missing": one.missing,
                "said": one.said,
                "decisions": one.decisions,
            }
            for one in paper.meetings
        ],
        "definitions": [str(one) for one in DEFINITIONS],
        "signed": [
            [str(WORDS["completer"]), paper.completer],
            [str(WORDS["submitter"]), paper.submitter],
            [str(WORDS["approver"]), paper.approver],
        ],
    }
    return render_pdf(TEMPLATE, data)


PART = (T("部分", "Part"), T("项目", "Item"))


def review_xlsx(paper: ReviewPaper, target: BinaryIO) -> None:
    """The same as one table that can be filtered by its parts: counts and amounts are numbers."""
    columns = [
        Column(PART[0], width=16),
        Column(PART[1], width=36),
        Column(T("计划数", "Planned"), "integer"),
        Column(T("实际数", "Actual"), "integer"),
        Column(T("计划金额", "Planned amount"), "money", width=14),
        Column(T("实际金额", "Actual amount"), "money", width=14),
        Column(T("比率", "Rate"), width=12),
        Column(T("说明", "Note"), width=60),
    ]
    write_xlsx(target, columns, _rows(paper), sheet=f"{WORDS['title']} {paper.code}")


def _rows(paper: ReviewPaper) -> list[list[Cell]]:
    figures = paper.figures
    rows = [*_goal_rows(figures), *_count_rows(figures)]
    for name, members in groups(figures)[1:]:
        rows += [[name, one.name, None, None, None, None, one.value, one.note] for one in members]
    worded = {"alerts", "mailings", "themes", "changes"}
    for table in tables(figures):
        if table.key in worded:
            rows += [
                [table.title, row[0], None, None, None, None, None, " · ".join(cell for cell in row[1:] if cell)]
                for row in table.rows
            ]
    for key in ("worked", "not_worked", "advice"):
        rows.append([WORDS[key], None, None, None, None, None, None, getattr(paper, key)])
    rows += [
        [WORDS["actions"], one.what, None, None, None, None, one.until, f"{one.owner} · {one.state} {one.note}"]
        for one in paper.actions
    ]
    for meeting in paper.meetings:
        rows.append([WORDS["meeting"], meeting.held, None, None, None, None, None, meeting.attendees])
        rows.append([WORDS["said"], None, None, None, None, None, None, meeting.said])
        rows.append([WORDS["decisions"], None, None, None, None, None, None, meeting.decisions])
    rows += [[WORDS["definitions"], None, None, None, None, None, None, one] for one in DEFINITIONS]
    return rows


def _goal_rows(f: ReviewFigures) -> list[list[Cell]]:
    part = T("目标达成", "Goals")
    visitors = f.traffic.visitors if f.traffic else None
    return [
        [part, T("支付金额", "Paid amount"), None, None, f.goals.sales_minor, f.sales.paid_minor,
         percent(f.sales_attained), None],
        [part, T("新客", "New customers"), f.goals.new_customers, f.sales.new_customers, None, None,
         percent(f.customers_attained), None],
        [part, T("访客", "Visitors"), f.goals.visitors, visitors, None, None, None, None],
    ]  # fmt: skip


def _count_rows(f: ReviewFigures) -> list[list[Cell]]:
    """Spend, discounts, hours, goods and coupons with their numbers as numbers."""
    by_key = {table.key: table for table in tables(f)}
    costs, goods, coupons = by_key["costs"], by_key["goods"], by_key["coupons"]
    amounts = [(one.planned_minor, one.spent_minor) for one in f.costs]
    amounts += [(0, one.amount_minor) for one in f.discounts]
    rows: list[list[Cell]] = [
        [costs.title, row[0], None, None, planned or None, spent, row[3], row[4]]
        for row, (planned, spent) in zip(costs.rows, amounts, strict=True)
    ]
    rows += [
        [goods.title, row[0], one.planned, one.sold, None, one.paid_minor, row[3], f"{goods.heads[5]} {one.left}"]
        for row, one in zip(goods.rows, f.goods, strict=True)
    ]
    rows += [
        [coupons.title, row[0], one.total, one.used, one.discount_minor, one.paid_minor, row[5],
         f"{coupons.heads[2]} {one.claimed}"]
        for row, one in zip(coupons.rows, f.coupons, strict=True)
    ]  # fmt: skip
    curve = T("小时曲线", "By hour")
    rows += [[curve, one.at, one.visitors, one.orders, None, one.paid_minor, None, None] for one in f.hours]
    return rows
