"""S3.2 on screen: what is being improved, by whom, and whether the same figure became better."""

from typing import Any, TypeVar

from django.http import Http404, HttpResponse
from django.urls import reverse

from shopkeeper.flows.service.feedback.commands.close_improvements import (
    CloseImprovement,
    MeasureImprovement,
    close_improvements,
    measure_improvements,
)
from shopkeeper.flows.service.feedback.commands.reply_improvements import ReplyImprovement, reply_improvements
from shopkeeper.flows.service.feedback.pages.asking import shop_of, state_of
from shopkeeper.flows.service.feedback.papers.daily_summary import hundredths
from shopkeeper.flows.service.feedback.permissions import Permission
from shopkeeper.flows.service.feedback.queries.improvements import (
    ImprovementFilter,
    ImprovementRow,
    examples_of,
    improvement_counts,
    improvement_row,
    improvements_page,
    owners_of,
)
from shopkeeper.flows.service.feedback.queries.scope import shops_of
from shopkeeper.flows.service.feedback.states import Effect, ImprovementOwner, ImprovementState
from shopkeeper.flows.service.feedback.words import LABELS
from shopkeeper.foundation.commands import Command
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.form_reading import WHOLE, FormState, read_form
from shopkeeper.web.labels import outcome_text
from shopkeeper.web.listing import Column, Filter, Listing, Tab
from shopkeeper.web.pages import MenuEntry, Request, may_open, page
from shopkeeper.web.record import Action, Badge, Happening, RecordHead, Step, render_record

Item = TypeVar("Item")
IMPROVEMENTS = Listing(
    key="improvements",
    title=T("改进任务", "Improvements"),
    clause="S3.2",
    record="feedback-improvement",
    columns=(
        Column("number", T("编号", "No."), always=True),
        Column("state", T("状态", "State")),
        Column("kind", T("问题", "Problem"), always=True),
        Column("about", T("涉及", "About")),
        Column("what", T("要改进什么", "To be improved")),
        Column("owner", T("责任岗位", "Owner")),
        Column("shop", T("店铺", "Shop")),
        Column("before", T("改进前（每百单）", "Before (per 100)"), align="end"),
        Column("after", T("改进后（每百单）", "After (per 100)"), align="end"),
        Column("effect", T("效果", "Effect")),
        Column("due", T("时限", "Due")),
    ),
    tabs=(
        Tab("open", T("待回复", "To be replied to"), tone="amber"),
        Tab("replied", T("待看效果", "Effect awaited"), tone="blue"),
        Tab("measured", T("待关闭", "To close"), tone="amber"),
        Tab("closed", T("已关闭", "Closed"), counted=False),
        Tab("all", T("全部", "All"), counted=False),
    ),
    filters=(
        Filter(
            "owner",
            T("责任岗位", "Owner"),
            choices=[(str(owner), label.text) for owner, label in LABELS[ImprovementOwner].items()],
        ),
        Filter("shop", T("店铺", "Shop")),
    ),
    live="feedback",
    arrivals="feedback.improvement_opened",
)


@page(
    "improvements/",
    name="feedback-improvements",
    clause="S3.2",
    permission=Permission.IMPROVEMENT_VIEW,
    menu=MenuEntry(T("改进任务", "Improvements"), section="service", order=76),
)
def improvements(request: Request) -> HttpResponse:
    asked = IMPROVEMENTS.read(request)
    if asked.counting:
        return IMPROVEMENTS.counters(request, improvement_counts(request.actor))
    wanted = ImprovementFilter(state_of(asked), str(asked.filters.get("owner", "")), shop_of(asked))
    rows, next_key = improvements_page(request.actor, wanted, after=asked.after, limit=asked.limit)
    return IMPROVEMENTS.render(
        request,
        asked,
        "feedback/improvements.html",
        rows=[_Line(row) for row in rows],
        next_key=next_key,
        choices={"shop": shops_of(request.actor)},
    )


class _Line:
    """A task's row with its rates in words."""

    def __init__(self, row: ImprovementRow) -> None:
        self.id, self.row = row.id, row
        self.before, self.after = hundredths(row.before_hundredths), hundredths(row.after_hundredths)


@page(
    "improvements/<int:improvement_id>/",
    name="feedback-improvement",
    clause="S3.2",
    permission=Permission.IMPROVEMENT_VIEW,
)
def improvement(request: Request, improvement_id: int) -> HttpResponse:
    return _show(request, improvement_id, FormState())


def _show(request: Request, improvement_id: int, state: FormState[Any]) -> HttpResponse:
    row = improvement_row(request.actor, improvement_id)
    if row is None:
        raise Http404
    is_mine = row.owner in owners_of(request.actor)
    may_reply = row.state == ImprovementState.OPEN and request.actor.may(Permission.IMPROVEMENT_REPLY)
    may_close = row.state == ImprovementState.MEASURED and request.actor.may(Permission.IMPROVEMENT_CLOSE)
    response = render_record(
        request,
        "feedback/improvement.html",
        _head(request, row),
        timeline=_timeline(row),
        live="feedback",
        row=row,
        problem=row.problem,
        before=hundredths(row.before_hundredths),
        after=hundredths(row.after_hundredths),
        state=state,
        may_see_tickets=may_open(request.actor, "tickets-ticket"),
        may_see_orders=may_open(request.actor, "intake-order"),
        examples=examples_of(row.problem.examples),
        may_reply=may_reply and is_mine,
        is_others=may_reply and not is_mine,
        may_close=may_close,
        window=row.trend_days + 1,
    )
    if state.errors:
        response.status_code = 422
    return response


def _head(request: Request, row: ImprovementRow) -> RecordHead:
    state = ImprovementState(row.state)
    secondary = []
    if state is ImprovementState.REPLIED and request.actor.may(Permission.IMPROVEMENT_CLOSE):
        url = reverse("feedback-improvement-measure", args=[row.id])
        secondary.append(Action(T("复算效果", "Count the effect"), url, icon="refresh"))
    badges = [Badge(LABELS[ImprovementOwner][ImprovementOwner(row.owner)].text, "grey", "user")]
    if row.effect:
        label = LABELS[Effect][Effect(row.effect)]
        badges.append(Badge(label.text, label.tone))
    order = list(ImprovementState)
    now = order.index(state)

    def step(label: T, number: int, at: Any) -> Step:
        return Step(label, "done" if now > number else "now" if now == number else "next", at)

    return RecordHead(
        title=T("改进任务", "Improvement"),
        number=row.number,
        back="feedback-improvements",
        state=state,
        clause="S3.2",
        due_at=row.next_due,
        badges=tuple(badges),
        steps=(
            Step(T("派出", "Given out"), "done", row.opened_at),
            step(T("回复", "Replied to"), 0, row.replied_at),
            step(T("复算", "Effect counted"), 1, row.measured_at),
            step(T("关闭", "Closed"), 2, row.closed_at),
        ),
        secondary=tuple(secondary),
    )


def _timeline(row: ImprovementRow) -> list[Happening]:
    system = str(T("系统", "System"))
    told = [Happening(row.opened_at, T("派出改进任务", "Given out"), row.opener or system, row.what, "note")]
    if row.replied_at:
        told.append(
            Happening(row.replied_at, T("责任岗位回复", "Replied to"), row.replier or system, row.reply, "note")
        )
    if row.measured_at:
        label = LABELS[Effect][Effect(row.effect)]
        told.append(Happening(row.measured_at, label.text, system, tone=label.tone))
    if row.closed_at:
        told.append(Happening(row.closed_at, T("关闭", "Closed"), row.closer or system, row.conclusion, tone="green"))
    return told


def _run(request: Request, improvement_id: int, command: Command[Item], item_type: type[Item], done: T) -> HttpResponse:
    state = read_form(request.POST, item_type, {"improvement_id": improvement_id})
    if state.item is not None:
        outcomes = run_once(request, command, [state.item])
        if outcomes[0].ok:
            return answer_outcomes(request, outcomes, done=done, to="feedback-improvement", args=[improvement_id])
        state.errors[WHOLE] = outcome_text(outcomes[0])
    return _show(request, improvement_id, state)


@page(
    "improvements/<int:improvement_id>/reply/",
    name="feedback-improvement-reply",
    clause="S3.2",
    permission=Permission.IMPROVEMENT_REPLY,
    methods=("POST",),
)
def reply(request: Request, improvement_id: int) -> HttpResponse:
    words = T("回复已提交，到期自动复算效果", "Replied; the effect is counted when its days are over")
    return _run(request, improvement_id, reply_improvements, ReplyImprovement, words)


@page(
    "improvements/<int:improvement_id>/measure/",
    name="feedback-improvement-measure",
    clause="S3.2",
    permission=Permission.IMPROVEMENT_CLOSE,
    methods=("POST",),
)
def measure(request: Request, improvement_id: int) -> HttpResponse:
    return _run(request, improvement_id, measure_improvements, MeasureImprovement, T("已复算", "Counted"))


@page(
    "improvements/<int:improvement_id>/close/",
    name="feedback-improvement-close",
    clause="S3.2",
    permission=Permission.IMPROVEMENT_CLOSE,
    methods=("POST",),
)
def close(request: Request, improvement_id: int) -> HttpResponse:
    return _run(request, improvement_id, close_improvements, CloseImprovement, T("任务已关闭", "Closed"))
