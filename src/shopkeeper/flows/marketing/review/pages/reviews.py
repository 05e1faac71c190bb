"""M4.1 on screen: the reviews, and one as the paper it becomes."""

from django.http import Http404, HttpResponse
from django.urls import reverse

from shopkeeper.flows.marketing.review.commands.approve_review import (
    ApproveReview,
    ReturnReview,
    approve_review,
    return_review,
)
from shopkeeper.flows.marketing.review.commands.complete_review import SubmitReview, submit_review
from shopkeeper.flows.marketing.review.commands.refresh_review import RefreshReview, refresh_review
from shopkeeper.flows.marketing.review.documents import review_answer
from shopkeeper.flows.marketing.review.pages.asking import shop_of, state_of
from shopkeeper.flows.marketing.review.papers.curves import charts
from shopkeeper.flows.marketing.review.papers.definitions import DEFINITIONS
from shopkeeper.flows.marketing.review.papers.parts import compared, groups, percent, ratio, signed_percent, yuan
from shopkeeper.flows.marketing.review.papers.tables import tables
from shopkeeper.flows.marketing.review.permissions import Permission
from shopkeeper.flows.marketing.review.queries.reviews import (
    ReviewFilter,
    ReviewRecord,
    ReviewRow,
    review_counts,
    review_record,
    reviews_page,
)
from shopkeeper.flows.marketing.review.queries.scope import role_words
from shopkeeper.flows.marketing.review.states import ReviewState
from shopkeeper.foundation.naming import shops_of
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.listing import Column, Filter, Listing, Tab
from shopkeeper.web.pages import MenuEntry, Request, page
from shopkeeper.web.record import Action, Badge, Happening, RecordHead, Step, render_record

REVIEWS = Listing(
    key="reviews",
    title=T("活动复盘", "Campaign reviews"),
    clause="M4.1",
    record="review-report",
    columns=(
        Column("campaign", T("活动", "Campaign"), always=True),
        Column("state", T("状态", "State")),
        Column("shop", T("店铺", "Shop")),
        Column("time", T("活动时间", "Time")),
        Column("paid", T("支付金额", "Paid"), align="end"),
        Column("attained", T("销售达成", "Goal attained"), align="end"),
        Column("new", T("新客", "New customers"), align="end"),
        Column("roi", T("利润 ROI", "Profit ROI"), align="end"),
        Column("roas", T("投产比", "ROAS"), align="end"),
        Column("increment", T("较基准", "Against base"), align="end", shown=False),
        Column("due", T("时限", "Due")),
    ),
    tabs=(
        Tab("all", T("全部", "All"), counted=False),
        Tab("draft", T("待补充", "To complete"), tone="amber"),
        Tab("submitted", T("待审批", "To approve"), tone="blue"),
        Tab("approved", T("已通过", "Approved"), tone="green", counted=False),
    ),
    filters=(Filter("shop", T("店铺", "Shop")),),
    search=T("活动名称或代码", "Campaign's name or code"),
    live="review",
)


@page(
    "reports/",
    name="review-reports",
    clause="M4.1",
    permission=Permission.REVIEW_VIEW,
    menu=MenuEntry(T("活动复盘", "Reviews"), section="marketing", order=80),
)
def reports(request: Request) -> HttpResponse:
    asked = REVIEWS.read(request)
    if asked.counting:
        return REVIEWS.counters(request, review_counts(request.actor))
    wanted = ReviewFilter(state_of(asked), shop_of(asked), text=asked.text)
    rows, next_key = reviews_page(request.actor, wanted, after=asked.after, limit=asked.limit)
    return REVIEWS.render(
        request,
        asked,
        "review/reports.html",
        rows=[_Line(row) for row in rows],
        next_key=next_key,
        choices={"shop": shops_of(request.actor)},
    )


class _Line:
    """A review's row with its figures in words."""

    def __init__(self, row: ReviewRow) -> None:
        self.id, self.row, figures = row.id, row, row.figures
        self.paid = yuan(figures.sales.paid_minor, figures.currency)
        self.attained = percent(figures.sales_attained)
        self.roi = percent(figures.roi_bp)
        self.roas = ratio(figures.roas_hundredths)
        self.increment = signed_percent(figures.increment_share)


def _version(request: Request) -> int | None:
    asked = request.GET.get("version", "")
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 10 else None


@page("reports/<int:review_id>/", name="review-report", clause="M4.1", permission=Permission.REVIEW_VIEW)
def report(request: Request, review_id: int) -> HttpResponse:
    """One review as the paper it becomes; `version` shows earlier figures."""
    found = review_record(request.actor, review_id, _version(request))
    if found is None:
        raise Http404
    figures, row = found.figures, found.row
    return render_record(
        request,
        "review/report.html",
        _head(request, found),
        timeline=_timeline(found),
        live="review",
        row=row,
        found=found,
        groups=groups(figures),
        charts=charts(figures),
        tables=[one for one in tables(figures) if one.rows],
        without=[one for one in tables(figures) if not one.rows],
        changed=compared(found.before, figures) if found.before else [],
        definitions=DEFINITIONS,
        meetings=[(one, role_words(list(one.missing))) for one in found.meetings],
        may_write=row.state == ReviewState.DRAFT and request.actor.may(Permission.REVIEW_WRITE),
    )


def _head(request: Request, found: ReviewRecord) -> RecordHead:
    row = found.row
    state = ReviewState(row.state)
    badges = [] if found.is_newest else [Badge(T("旧版数据", "Earlier figures"), "amber", "history")]
    if row.state == ReviewState.DRAFT and row.decision_reason:
        badges.append(Badge(T("已退回", "Sent back"), "red", "arrow-back"))
    submitted, approved = state != ReviewState.DRAFT, state == ReviewState.APPROVED
    met = found.meetings[0].held_at if found.meetings else None
    return RecordHead(
        title=T("活动复盘报告", "Campaign review"),
        number=row.number,
        back="review-reports",
        state=state,
        clause="M4.1",
        due_at=row.open_until,
        badges=tuple(badges),
        steps=(
            Step(T("系统生成", "Drafted"), "done", row.drafted_at),
            Step(T("补充提交", "Submitted"), "done" if submitted else "now", row.submitted_at if submitted else None),
            Step(
                T("审批", "Approved"),
                "done" if approved else "now" if submitted else "next",
                row.decided_at if approved else None,
            ),
            Step(T("复盘会", "Meeting"), "done" if met else "now" if approved else "next", met),
        ),
        primary=_primary(request, found),
        secondary=_papers(found),
        more=_more(request, found),
    )


def _papers(found: ReviewRecord) -> tuple[Action, ...]:
    query = "" if found.is_newest else f"?version={found.shown_version}"
    return tuple(
        Action(label, reverse("review-report-document", args=[found.row.id, kind]) + query, method="get", icon=icon)
        for kind, label, icon in (
            ("pdf", T("PDF", "PDF"), "printer"),
            ("xlsx", T("导出表格", "XLSX"), "download"),
        )
    )


def _primary(request: Request, found: ReviewRecord) -> Action | None:
    """What the report waits for, for whoever may do it."""
    row, may = found.row, request.actor.may
    if row.state == ReviewState.DRAFT and may(Permission.REVIEW_WRITE):
        if row.worked and row.not_worked and row.advice and found.actions:
            return Action(T("提交审批", "Submit"), reverse("review-submit", args=[row.id]), icon="send")
        return Action(T("补充", "Complete"), reverse("review-complete", args=[row.id]), method="get", icon="edit")
    if row.state == ReviewState.SUBMITTED and may(Permission.REVIEW_APPROVE):
        is_own = request.actor.id in (row.completed_by, row.submitted_by)
        why_not = T("报告是你写的，请另一位经理审批", "You wrote it; another manager approves")
        url = reverse("review-approve", args=[row.id])
        return Action(T("通过", "Approve"), url, icon="check", why_not=why_not if is_own else None)
    if row.state == ReviewState.APPROVED and not found.meetings and may(Permission.MEETING_HOLD):
        url = reverse("review-meeting", args=[row.id])
        return Action(T("记录复盘会", "Record the meeting"), url, method="get", icon="users")
    if row.state == ReviewState.APPROVED and not found.template_id and may(Permission.TEMPLATE_MAKE):
        url = reverse("review-template-make", args=[row.id])
        return Action(T("定为模板", "Make a template"), url, method="get", icon="file-text")
    return None


def _more(request: Request, found: ReviewRecord) -> tuple[Action, ...]:
    row, may = found.row, request.actor.may
    actions = []
    if row.state == ReviewState.DRAFT and may(Permission.REVIEW_WRITE):
        words = T("重新计算数据", "Draw the figures again")
        actions.append(Action(words, reverse("review-refresh", args=[row.id]), icon="refresh"))
        words = T("修改补充内容", "Change what was written")
        actions.append(Action(words, reverse("review-complete", args=[row.id]), method="get", icon="edit"))
    if row.state == ReviewState.SUBMITTED and may(Permission.REVIEW_APPROVE):
        ask = T("退回原因", "Why it is sent back")
        url = reverse("review-return", args=[row.id])
        actions.append(Action(T("退回修改", "Send back"), url, icon="arrow-back", tone="red", ask=ask))
    if found.meetings and may(Permission.MEETING_HOLD):
        words = T("再记一次会议", "Record another meeting")
        actions.append(Action(words, reverse("review-meeting", args=[row.id]), method="get", icon="users"))
    return tuple(actions)


def _timeline(found: ReviewRecord) -> list[Happening]:
    row, system = found.row, str(T("系统", "System"))
    told = [
        Happening(
            one.taken_at,
            T("数据第 {n} 版", "Figures, version {n}").format(n=one.version),
            one.taker or system,
        )
        for one in found.versions
    ]
    if row.completed_at:
        told.append(Happening(row.completed_at, T("补充报告", "Completed"), row.completer, kind="note"))
    if row.submitted_at:
        told.append(Happening(row.submitted_at, T("提交审批", "Submitted"), row.submitter))
    if row.decided_at:
        if row.state == ReviewState.APPROVED:
            told.append(Happening(row.decided_at, T("审批通过", "Approved"), row.decider, tone="green"))
        else:
            told.append(
                Happening(row.decided_at, T("退回修改", "Sent back"), row.decider, row.decision_reason, tone="red")
            )
    for one in found.meetings:
        words = T("第 {n} 次复盘会", "Review meeting {n}").format(n=one.number)
        told.append(Happening(one.held_at, words, one.recorder, tone="green"))
    return told


@page(
    "reports/<int:review_id>/submit/",
    name="review-submit",
    clause="M4.1",
    permission=Permission.REVIEW_WRITE,
    methods=("POST",),
)
def submit(request: Request, review_id: int) -> HttpResponse:
    outcomes = run_once(request, submit_review, [SubmitReview(review_id)])
    return answer_outcomes(request, outcomes, done=T("报告已提交，等待审批", "The report is handed in"))


@page(
    "reports/<int:review_id>/refresh/",
    name="review-refresh",
    clause="M4.1",
    permission=Permission.REVIEW_WRITE,
    methods=("POST",),
)
def refresh(request: Request, review_id: int) -> HttpResponse:
    outcomes = run_once(request, refresh_review, [RefreshReview(review_id)])
    return answer_outcomes(
        request, outcomes, done=T("数据已更新为第 {version} 版", "The figures are version {version} now")
    )


@page(
    "reports/<int:review_id>/approve/",
    name="review-approve",
    clause="M4.1",
    permission=Permission.REVIEW_APPROVE,
    methods=("POST",),
)
def approve(request: Request, review_id: int) -> HttpResponse:
    outcomes = run_once(request, approve_review, [ApproveReview(review_id)])
    return answer_outcomes(request, outcomes, done=T("已通过，活动已复盘", "Approved: the campaign is reviewed"))


@page(
    "reports/<int:review_id>/return/",
    name="review-return",
    clause="M4.1",
    permission=Permission.REVIEW_APPROVE,
    methods=("POST",),
)
def send_back(request: Request, review_id: int) -> HttpResponse:
    reason = request.POST.get("reason", "").strip()[:300]
    outcomes = run_once(request, return_review, [ReturnReview(review_id, reason)])
    return answer_outcomes(request, outcomes, done=T("已退回修改", "It was sent back"))


@page(
    "reports/<int:review_id>/document.<str:kind>",
    name="review-report-document",
    clause="M4.1",
    permission=Permission.REVIEW_VIEW,
)
def document(request: Request, review_id: int, kind: str) -> HttpResponse:
    """《活动复盘报告》."""
    answer = None
    if kind in ("pdf", "xlsx"):
        answer = review_answer(request.actor, review_id, kind, _version(request))
    if answer is None:
        raise Http404
    return answer
