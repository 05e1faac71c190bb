"""S3.2 on screen: the daily summaries, and one as the paper it becomes, with remarks, signature and tasks."""

from datetime import datetime, time, timedelta

from django.http import Http404, HttpResponse
from django.urls import reverse

from shopkeeper.flows.service.feedback.commands.open_improvements import OpenImprovement, open_improvements
from shopkeeper.flows.service.feedback.commands.sign_summaries import (
    CompleteSummary,
    SignSummary,
    complete_summaries,
    sign_summaries,
)
from shopkeeper.flows.service.feedback.documents import counted, summary_answer
from shopkeeper.flows.service.feedback.pages.asking import shop_of, state_of
from shopkeeper.flows.service.feedback.papers.daily_summary import (
    change_words,
    head_figures,
    hundredths,
    percent,
)
from shopkeeper.flows.service.feedback.permissions import Permission
from shopkeeper.flows.service.feedback.queries.scope import shops_of
from shopkeeper.flows.service.feedback.queries.summaries import (
    ProblemLine,
    SummaryFilter,
    SummaryRecord,
    SummaryRow,
    summaries_page,
    summary_counts,
    summary_record,
)
from shopkeeper.flows.service.feedback.states import ImprovementOwner, SummaryState
from shopkeeper.flows.service.feedback.words import LABELS
from shopkeeper.flows.service.tickets.permissions import Permission as Tickets
from shopkeeper.flows.service.tickets.states import TicketKind
from shopkeeper.foundation import business_time
from shopkeeper.shared.clock import SHOP_ZONE, day_of
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.form_reading import WHOLE, FormState, read_form
from shopkeeper.web.labels import outcome_text
from shopkeeper.web.listing import Column, Filter, Listing, Tab
from shopkeeper.web.pages import MenuEntry, Request, page, render_page
from shopkeeper.web.record import Action, Happening, RecordHead, Step, render_record

REPLY_DAYS = 2  # what the form proposes; people choose
REPLY_AT = time(18, 0)
SUMMARIES = Listing(
    key="summaries",
    title=T("工单日报", "Daily summaries"),
    clause="S3.2",
    record="feedback-summary",
    columns=(
        Column("day", T("日期", "Day"), always=True),
        Column("state", T("状态", "State")),
        Column("shop", T("店铺", "Shop"), always=True),
        Column("opened", T("新增", "Opened"), align="end"),
        Column("resolved", T("解决", "Resolved"), align="end"),
        Column("first", T("首次回复及时率", "First word in time"), align="end"),
        Column("offers", T("48 小时方案率", "Solutions in 48 h"), align="end"),
        Column("satisfied", T("满意率", "Satisfied"), align="end"),
        Column("contact", T("每百单工单", "Per 100 orders"), align="end"),
        Column("due", T("时限", "Due")),
    ),
    tabs=(
        Tab("all", T("全部", "All"), counted=False),
        Tab("draft", T("待补充", "To complete"), tone="amber"),
        Tab("completed", T("待签发", "To sign"), tone="blue"),
        Tab("signed", T("已签发", "Signed"), tone="green", counted=False),
    ),
    filters=(Filter("shop", T("店铺", "Shop")),),
    live="feedback",
)


@page(
    "summaries/",
    name="feedback-summaries",
    clause="S3.2",
    permission=Permission.SUMMARY_VIEW,
    menu=MenuEntry(T("工单日报", "Daily summaries"), section="service", order=74),
)
def summaries(request: Request) -> HttpResponse:
    asked = SUMMARIES.read(request)
    if asked.counting:
        return SUMMARIES.counters(request, summary_counts(request.actor))
    wanted = SummaryFilter(state_of(asked), shop_of(asked))
    rows, next_key = summaries_page(request.actor, wanted, after=asked.after, limit=asked.limit)
    return SUMMARIES.render(
        request,
        asked,
        "feedback/summaries.html",
        rows=[_Line(row) for row in rows],
        next_key=next_key,
        choices={"shop": shops_of(request.actor)},
    )


class _Line:
    """A summary's row with its figures in words."""

    def __init__(self, row: SummaryRow) -> None:
        self.id, self.row, figures = row.id, row, row.figures
        self.first = percent(figures.first_share)
        self.offers = percent(figures.offer_share)
        self.satisfied = percent(figures.satisfaction.top_box)
        self.answered = figures.satisfaction.answered
        self.contact = hundredths(figures.contact_hundredths)


@page("summaries/<int:summary_id>/", name="feedback-summary", clause="S3.2", permission=Permission.SUMMARY_VIEW)
def summary(request: Request, summary_id: int) -> HttpResponse:
    return _show(request, summary_id, FormState())


def _show(request: Request, summary_id: int, state: FormState[CompleteSummary]) -> HttpResponse:
    found = summary_record(request.actor, summary_id)
    if found is None:
        raise Http404
    row = found.row
    if not state.values:
        state.values = {"remarks": row.remarks}
    figures = row.figures
    may_complete = row.state != SummaryState.SIGNED and request.actor.may(Permission.SUMMARY_COMPLETE)
    signs = row.state == SummaryState.COMPLETED and request.actor.may(Permission.SUMMARY_SIGN)
    is_own = row.completed_by == request.actor.id
    response = render_record(
        request,
        "feedback/summary.html",
        _head(request, found),
        timeline=_timeline(row),
        live="feedback",
        row=row,
        groups=head_figures(figures, row.trend_days),
        stages=counted(figures.by_stage, "Stage"),
        kinds=counted(figures.by_kind, "TicketKind"),
        channels=counted(figures.by_channel, "Channel"),
        stars=[("★" * n, figures.stars[n - 1]) for n in (5, 4, 3, 2, 1)],
        problems=[(problem, _trend(problem), hundredths(problem.contact_hundredths)) for problem in found.problems],
        window=row.trend_days + 1,
        state=state,
        # Who is to sign does not write: the remarks would be theirs, and another supervisor would have to sign.
        may_complete=may_complete and (is_own or not signs),
        signs_another=signs and not is_own and may_complete,
        wrote_it=signs and is_own,
        may_improve=request.actor.may(Permission.IMPROVEMENT_OPEN),
        may_see_tickets=request.actor.may(Tickets.TICKET_VIEW),
    )
    if state.errors:
        response.status_code = 422
    return response


def _trend(problem: ProblemLine) -> tuple[str, str]:
    """The change in words, and its tone."""
    words = change_words(problem.change, problem.tickets, problem.before_tickets)
    if problem.change is None:
        return words, "amber"
    return words, "red" if problem.change > 0 else "green" if problem.change < 0 else "grey"


def _head(request: Request, found: SummaryRecord) -> RecordHead:
    row = found.row
    papers = tuple(
        Action(label, reverse("feedback-summary-document", args=[row.id, kind]), method="get", icon=icon)
        for kind, label, icon in (
            ("pdf", T("PDF", "PDF"), "printer"),
            ("xlsx", T("导出表格", "XLSX"), "download"),
        )
    )
    primary = None
    if row.state == SummaryState.COMPLETED and request.actor.may(Permission.SUMMARY_SIGN):
        is_own = row.completed_by == request.actor.id
        why_not = T("补充说明是你写的，请另一位主管签发", "You wrote the remarks; another supervisor signs")
        primary = Action(
            T("签发", "Sign"),
            reverse("feedback-summary-sign", args=[row.id]),
            icon="check",
            why_not=why_not if is_own else None,
        )
    signed, completed = bool(row.signed_at), bool(row.completed_at)
    return RecordHead(
        title=T("工单日报", "Daily summary"),
        number=f"{row.shop} {row.day:%Y-%m-%d}",
        back="feedback-summaries",
        state=SummaryState(row.state),
        clause="S3.2",
        due_at=row.due_at,
        steps=(
            Step(T("系统生成", "Drafted"), "done", row.drafted_at),
            Step(T("客服补充", "Completed"), "done" if completed else "now", row.completed_at),
            Step(T("主管签发", "Signed"), "done" if signed else "now" if completed else "next", row.signed_at),
        ),
        primary=primary,
        secondary=papers,
    )


def _timeline(row: SummaryRow) -> list[Happening]:
    told = [Happening(row.drafted_at, T("日终生成", "Drafted at the day's close"), str(T("系统", "System")))]
    if row.completed_at:
        told.append(Happening(row.completed_at, T("补充说明", "Completed"), row.completer))
    if row.signed_at:
        told.append(Happening(row.signed_at, T("签发", "Signed"), row.signer, tone="green"))
    return told


@page(
    "summaries/<int:summary_id>/complete/",
    name="feedback-summary-complete",
    clause="S3.2",
    permission=Permission.SUMMARY_COMPLETE,
    methods=("POST",),
)
def complete(request: Request, summary_id: int) -> HttpResponse:
    """Write the remarks; mistakes show the page again with what was written."""
    state = read_form(request.POST, CompleteSummary, {"summary_id": summary_id})
    if state.item is not None:
        outcomes = run_once(request, complete_summaries, [state.item])
        if outcomes[0].ok:
            words = T("补充说明已保存，等待签发", "The remarks are saved; a supervisor signs next")
            return answer_outcomes(request, outcomes, done=words, to="feedback-summary", args=[summary_id])
        state.errors[WHOLE] = outcome_text(outcomes[0])
    return _show(request, summary_id, state)


@page(
    "summaries/<int:summary_id>/sign/",
    name="feedback-summary-sign",
    clause="S3.2",
    permission=Permission.SUMMARY_SIGN,
    methods=("POST",),
)
def sign(request: Request, summary_id: int) -> HttpResponse:
    outcomes = run_once(request, sign_summaries, [SignSummary(summary_id)])
    return answer_outcomes(request, outcomes, done=T("日报已签发", "The summary is signed"))


@page(
    "summaries/<int:summary_id>/document.<str:kind>",
    name="feedback-summary-document",
    clause="S3.2",
    permission=Permission.SUMMARY_VIEW,
)
def document(request: Request, summary_id: int, kind: str) -> HttpResponse:
    """《工单日报》."""
    answer = summary_answer(request.actor, summary_id, kind) if kind in ("pdf", "xlsx") else None
    if answer is None:
        raise Http404
    return answer


@page(
    "summaries/<int:summary_id>/problems/<int:problem_id>/improve/",
    name="feedback-improve",
    clause="S3.2",
    permission=Permission.IMPROVEMENT_OPEN,
    methods=("GET", "POST"),
)
def improve(request: Request, summary_id: int, problem_id: int) -> HttpResponse:
    """Give a problem to its owner: what is to be improved, by when."""
    found = summary_record(request.actor, summary_id)
    problem = next((one for one in found.problems if one.id == problem_id), None) if found else None
    if found is None or problem is None:
        raise Http404
    state: FormState[OpenImprovement] = FormState(values=_proposed(problem))
    if request.method == "POST":
        state = read_form(request.POST, OpenImprovement, {"problem_id": problem_id})
        if state.item is not None:
            outcomes = run_once(request, open_improvements, [state.item])
            if outcomes[0].ok:
                words = T("改进任务已派出", "The task was given out")
                return answer_outcomes(request, outcomes, done=words, to="feedback-summary", args=[summary_id])
            state.errors[WHOLE] = outcome_text(outcomes[0])
    view = {
        "title": T("派改进任务", "Give an improvement task"),
        "row": found.row,
        "problem": problem,
        "trend": _trend(problem),
        "rate": hundredths(problem.contact_hundredths),
        "owners": [(str(owner), label.text) for owner, label in LABELS[ImprovementOwner].items()],
        "state": state,
    }
    return render_page(request, "feedback/improve.html", view, status=422 if state.errors else 200)


def _proposed(problem: ProblemLine) -> dict[str, object]:
    """Who can end such a problem, and a day to reply by."""
    owner = ImprovementOwner.ORDERS
    if problem.sku_id:
        owner = ImprovementOwner.PRODUCT
    elif problem.kind == TicketKind.SHIPPING:
        owner = ImprovementOwner.WAREHOUSE
    day = day_of(business_time.now()) + timedelta(days=REPLY_DAYS)
    return {"owner": str(owner), "due_at": datetime.combine(day, REPLY_AT, SHOP_ZONE)}
