"""D2.1 on screen: the reports, one as the paper it becomes, made anew, signed, read."""

from datetime import datetime

from django.http import Http404, HttpResponse
from django.urls import reverse

from shopkeeper.flows.analytics.reports.commands.make_reports import MakeReport, make_reports
from shopkeeper.flows.analytics.reports.commands.sign_reports import (
    ConfirmReport,
    SignReport,
    confirm_reports,
    sign_reports,
)
from shopkeeper.flows.analytics.reports.documents.answers import report_answer
from shopkeeper.flows.analytics.reports.documents.paper import days_shown, report_paper
from shopkeeper.flows.analytics.reports.pages.asking import number_of
from shopkeeper.flows.analytics.reports.pages.shown import line_view, section_view
from shopkeeper.flows.analytics.reports.permissions import Permission
from shopkeeper.flows.analytics.reports.queries.reports import (
    ReportFilter,
    ReportRecord,
    ReportRow,
    report_counts,
    report_record,
    reports_page,
)
from shopkeeper.flows.analytics.reports.queries.scope import ALL
from shopkeeper.flows.analytics.reports.rules.analyses import are_needed, unwritten
from shopkeeper.flows.analytics.reports.rules.metrics import headlines
from shopkeeper.flows.analytics.reports.rules.spans import Span
from shopkeeper.flows.analytics.reports.states import SIGNABLE, Block, ReportPeriod, ReportState
from shopkeeper.flows.analytics.reports.words import ALL_SHOPS, ANALYSES, BEFORE, BLOCKS, LABELS, shown
from shopkeeper.foundation.naming import shops_of
from shopkeeper.shared.words import T, listed
from shopkeeper.sop.policy import read_policies
from shopkeeper.web.command_forms import answer_outcomes, run_once, submit
from shopkeeper.web.form_reading import WHOLE, FormState, read_form
from shopkeeper.web.labels import outcome_text
from shopkeeper.web.listing import Column, Filter, Listing, ListQuery, Tab
from shopkeeper.web.pages import MenuEntry, Request, page
from shopkeeper.web.record import Action, Badge, Happening, RecordHead, Step, render_record

WITHOUT = "without_analyses"  # a field of the page: signed knowing that parts are not explained
SHORT_NAMES = {"pay_conversion": T("支付转化率", "Conversion")}  # what heads a column

REPORTS = Listing(
    key="reports",
    title=T("运营数据分析报告", "Operations reports"),
    clause="D2.1",
    record="reports-report",
    columns=(
        Column("days", T("周期", "Period"), always=True),
        Column("state", T("状态", "State")),
        Column("shop", T("店铺", "Shop"), always=True),
        *(Column(metric.id, SHORT_NAMES.get(metric.id, metric.name), align="end") for metric in headlines()[:6]),
        Column("due", T("签发时限", "Sign by")),
        Column("signed", T("签发", "Signed")),
    ),
    tabs=(
        Tab("all", T("全部", "All"), counted=False),
        Tab("making", T("生成中", "Being made")),
        Tab("incomplete", T("不完整", "Incomplete"), tone="red"),
        Tab("complete", T("待签发", "To sign"), tone="amber"),
        Tab("signed", T("待阅", "To read"), tone="blue"),
        Tab("confirmed", T("已阅", "Read"), tone="green", counted=False),
    ),
    filters=(
        Filter(
            "period",
            T("类型", "Kind"),
            choices=[(str(period), label.text) for period, label in LABELS[ReportPeriod].items()],
        ),
        Filter("shop", T("店铺", "Shop")),
    ),
    live="reports",
)


@page(
    "",
    name="reports-reports",
    clause="D2.1",
    permission=Permission.REPORT_VIEW,
    menu=MenuEntry(T("运营报告", "Reports"), section="data", order=10),
)
def reports(request: Request) -> HttpResponse:
    asked = REPORTS.read(request)
    if asked.counting:
        return REPORTS.counters(request, report_counts(request.actor))
    rows, next_key = reports_page(request.actor, _filter(asked), after=asked.after, limit=asked.limit)
    return REPORTS.render(
        request,
        asked,
        "reports/reports.html",
        rows=[_Line(row) for row in rows],
        next_key=next_key,
        choices={"shop": _shops(request)},
        may_make=request.actor.may(Permission.REPORT_MAKE),
    )


def _filter(asked: ListQuery) -> ReportFilter:
    return ReportFilter(
        "" if asked.tab == "all" else asked.tab,
        str(asked.filters.get("period", "")),
        str(asked.filters.get("shop", "")),
    )


def _shops(request: Request) -> list[tuple[str, str]]:
    shops = shops_of(request.actor)
    return [(ALL, str(ALL_SHOPS)), *shops] if request.actor.shops is None else shops


class _Line:
    """A report's row with its key figures in words."""

    def __init__(self, row: ReportRow) -> None:
        self.id, self.row = row.id, row
        self.days = days_shown(row.first_day, row.last_day)
        self.shop = row.shop or ALL_SHOPS
        self.tone = "red" if row.failed else ""
        for metric in headlines():
            setattr(self, metric.id, shown(row.headline(metric.id)))


@page("<int:report_id>/", name="reports-report", clause="D2.1", permission=Permission.REPORT_VIEW)
def report(request: Request, report_id: int) -> HttpResponse:
    return _show(request, report_id, FormState())


def _show(request: Request, report_id: int, state: FormState[SignReport]) -> HttpResponse:
    version = number_of(request.GET.get("version", ""))
    found = report_record(request.actor, report_id, version)
    if found is None:
        raise Http404
    row, span = found.row, Span(found.row.first_day, found.row.last_day)
    paper = report_paper(found) if found.version else None
    response = render_record(
        request,
        "reports/report.html",
        _head(request, found),
        timeline=_timeline(row),
        live="reports",
        row=row,
        paper=paper,
        version=found.version,
        versions=range(row.version, 0, -1),
        headlines=[line_view(request, line, span, row.shop_id) for line in paper.headlines] if paper else [],
        sections=[section_view(request, section, span, row.shop_id) for section in paper.sections] if paper else [],
        before_title=BEFORE[row.period],
        state=state,
        missing=[BLOCKS[Block(name)] for name in row.failed],
        unwritten=[(ANALYSES[part], reverse(f"reports-{part}", args=[row.id])) for part in unwritten(row)],
        analyses_needed=are_needed(read_policies()("report_analyses", row.shop_id), row.period),
        may_sign=row.state in SIGNABLE and request.actor.may(Permission.REPORT_SIGN),
        may_analyse=row.state in SIGNABLE and request.actor.may(Permission.REPORT_ANALYSE),
    )
    if state.errors:
        response.status_code = 422
    return response


def _head(request: Request, found: ReportRecord) -> RecordHead:
    row = found.row
    papers = tuple(
        Action(label, reverse("reports-document", args=[row.id, kind]), method="get", icon=icon)
        for kind, label, icon in (("pdf", T("PDF", "PDF"), "printer"), ("xlsx", T("导出表格", "XLSX"), "download"))
        if found.version
    )
    is_own = row.signed_by == request.actor.id
    # Nobody has to: it can be said, and stands on no work list.
    confirm_action = Action(
        T("确认已阅", "Confirm having read it"),
        reverse("reports-confirm", args=[row.id]),
        icon="check",
        why_not=T("这份报告是你签发的，请由另一位负责人确认", "You signed it; somebody else confirms")
        if is_own
        else None,
    )
    may_confirm = row.state == ReportState.SIGNED and request.actor.may(Permission.REPORT_CONFIRM)
    again = Action(
        T("重新生成", "Make it again"),
        reverse("reports-remake", args=[row.id]),
        icon="refresh",
        tone="primary" if row.failed else "",
    )
    may_remake = row.state in SIGNABLE and request.actor.may(Permission.REPORT_MAKE)
    return RecordHead(
        title=LABELS[ReportPeriod][row.period].text,
        number=f"{row.shop or ALL_SHOPS} {days_shown(row.first_day, row.last_day)}",
        back="reports-reports",
        state=row.state,
        clause="D2.1",
        due_at=row.due_at,
        badges=(Badge(T("缺部分", "Parts missing"), "red", "alert-triangle"),) if row.failed else (),
        steps=_steps(row),
        secondary=(*((confirm_action,) if may_confirm else ()), *papers, *((again,) if may_remake else ())),
    )


def _steps(row: ReportRow) -> tuple[Step, ...]:
    made = row.state != ReportState.MAKING
    return (
        Step(T("生成", "Made"), "done" if made else "now", row.made_at),
        Step(T("签发", "Signed"), "done" if row.signed_at else "now" if made else "next", row.signed_at),
        Step(T("已阅", "Read"), "done" if row.confirmed_at else "next", row.confirmed_at),
    )


def _timeline(row: ReportRow) -> list[Happening]:
    system = str(T("系统", "System"))
    told: list[tuple[datetime | None, T, str, str]] = [
        (row.opened_at, T("周期结束，开始生成", "The period is over, the report is made"), system, ""),
        (row.made_at, T("数值已算出", "Figures computed"), system, f"v{row.version}"),
        (row.signed_at, T("签发", "Signed"), row.signer, row.despite),
        (row.confirmed_at, T("确认已阅", "Read"), row.confirmer, ""),
    ]
    return [Happening(at, what, who, note) for at, what, who, note in told if at]


@page(
    "<int:report_id>/sign/",
    name="reports-sign",
    clause="D2.1",
    permission=Permission.REPORT_SIGN,
    methods=("POST",),
)
def sign(request: Request, report_id: int) -> HttpResponse:
    """Sign with a summary; mistakes and refusals show the page again with what was written.

    What stays unwritten stays so for good: who signs without it says that they mean to.
    """
    state = read_form(request.POST, SignReport, {"report_id": report_id})
    state.values[WITHOUT] = request.POST.get(WITHOUT, "")
    if state.item is not None and not state.values[WITHOUT]:
        _ask_whether_without(request, state, state.item)
    if state.item is not None:
        outcomes = run_once(request, sign_reports, [state.item])
        if outcomes[0].ok:
            words = T("报告已签发，已推送给团队", "The report is signed and told to the team")
            return answer_outcomes(request, outcomes, done=words, to="reports-report", args=[report_id])
        state.errors[WHOLE] = outcome_text(outcomes[0])
    return _show(request, report_id, state)


def _ask_whether_without(request: Request, state: FormState[SignReport], item: SignReport) -> None:
    """Analyses that may be left out are left out knowingly. What else is amiss the command says itself, first."""
    found = report_record(request.actor, item.report_id)
    if found is None or found.row.state not in SIGNABLE or not item.comment.strip():
        return
    is_needed = are_needed(read_policies()("report_analyses", found.row.shop_id), found.row.period)
    is_unexplained = bool(found.row.failed) and not item.despite.strip()
    if unwritten(found.row) and not is_needed and not is_unexplained:
        words = T(
            "还没有写：{parts}。请先写，或勾选不写分析直接签发。",
            "Not written yet: {parts}. Write them, or tick that it is signed without.",
        )
        state.errors[WITHOUT] = words.format(parts=listed(ANALYSES[part] for part in unwritten(found.row))).text()
        state.item = None


@page(
    "<int:report_id>/confirm/",
    name="reports-confirm",
    clause="D2.1",
    permission=Permission.REPORT_CONFIRM,
    methods=("POST",),
)
def confirm(request: Request, report_id: int) -> HttpResponse:
    outcomes = run_once(request, confirm_reports, [ConfirmReport(report_id)])
    return answer_outcomes(request, outcomes, done=T("已确认阅读", "Confirmed as read"))


@page(
    "<int:report_id>/remake/",
    name="reports-remake",
    clause="D2.1",
    permission=Permission.REPORT_MAKE,
    methods=("POST",),
)
def remake(request: Request, report_id: int) -> HttpResponse:
    found = report_record(request.actor, report_id)
    if found is None:
        raise Http404
    item = MakeReport(found.row.shop_id, found.row.period, found.row.first_day)
    outcomes = run_once(request, make_reports, [item])
    return answer_outcomes(request, outcomes, done=T("正在重新生成", "It is being made again"))


@page(
    "new/",
    name="reports-new",
    clause="D2.1",
    permission=Permission.REPORT_MAKE,
    methods=("GET", "POST"),
)
def new(request: Request) -> HttpResponse:
    """Have the report of a period made."""
    return submit(
        request,
        make_reports,
        MakeReport,
        template="reports/new.html",
        done=T("正在生成，几秒后刷新可见", "It is being made; it shows in a few seconds"),
        to="reports-reports",
        context={
            "title": T("生成报告", "Make a report"),
            "shops": shops_of(request.actor),
            "sees_all": request.actor.shops is None,
            "periods": [(str(period), label.text) for period, label in LABELS[ReportPeriod].items()],
        },
        initial={"period": "day"},
    )


@page(
    "<int:report_id>/document.<str:kind>",
    name="reports-document",
    clause="D2.1",
    permission=Permission.REPORT_VIEW,
)
def document(request: Request, report_id: int, kind: str) -> HttpResponse:
    """《运营数据分析报告》."""
    version = number_of(request.GET.get("version", ""))
    answer = report_answer(request.actor, report_id, kind, version) if kind in ("pdf", "xlsx") else None
    if answer is None:
        raise Http404
    return answer
