"""S3.1 on screen: customers who gave a low score, and what came of speaking to them."""

from datetime import datetime

from django.http import Http404, HttpResponse
from django.urls import reverse

from shopkeeper.flows.service.feedback.commands.record_recovery import RecordRecovery, record_recovery
from shopkeeper.flows.service.feedback.pages.asking import shop_of, state_of, words_of
from shopkeeper.flows.service.feedback.permissions import Permission
from shopkeeper.flows.service.feedback.queries.recoveries import (
    RecoveryFilter,
    RecoveryRecord,
    recoveries_page,
    recovery_counts,
    recovery_record,
)
from shopkeeper.flows.service.feedback.queries.scope import shops_of
from shopkeeper.flows.service.feedback.states import RecoveryOutcome, RecoveryState
from shopkeeper.flows.service.feedback.words import ANSWERS, LABELS, STARS
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.form_reading import WHOLE, FormState, read_form
from shopkeeper.web.labels import outcome_text
from shopkeeper.web.listing import Column, Filter, Listing, Tab
from shopkeeper.web.pages import MenuEntry, Request, may_open, page
from shopkeeper.web.record import Badge, Happening, RecordHead, Step, render_record

RECOVERIES = Listing(
    key="recoveries",
    title=T("低分挽回", "Low ratings"),
    clause="S3.1",
    record="feedback-recovery",
    columns=(
        Column("about", T("工单", "Ticket"), always=True),
        Column("score", T("评分", "Rating"), always=True),
        Column("state", T("状态", "State")),
        Column("kind", T("类型", "Type")),
        Column("customer", T("客户", "Customer")),
        Column("agent", T("原客服", "Agent")),
        Column("shop", T("店铺", "Shop")),
        Column("attempts", T("已联系", "Attempts"), align="end"),
        Column("outcome", T("结果", "Outcome")),
        Column("due", T("办理时限", "Do by")),
    ),
    tabs=(
        Tab("open", T("待挽回", "To contact"), tone="red"),
        Tab("done", T("已联系", "Contacted"), counted=False),
        Tab("closed", T("未联系上", "Not reached"), counted=False),
        Tab("all", T("全部", "All"), counted=False),
    ),
    filters=(Filter("shop", T("店铺", "Shop")),),
    search=T("评价编号 / 工单号 / 订单号，可粘贴多个", "Survey, ticket or order no., paste many"),
    live="feedback",
    arrivals="feedback.recovery_opened",
)


@page(
    "recoveries/",
    name="feedback-recoveries",
    clause="S3.1",
    permission=Permission.SURVEY_VIEW,
    menu=MenuEntry(T("低分挽回", "Low ratings"), section="service", order=72),
)
def recoveries(request: Request) -> HttpResponse:
    asked = RECOVERIES.read(request)
    if asked.counting:
        return RECOVERIES.counters(request, recovery_counts(request.actor))
    wanted = RecoveryFilter(state_of(asked), shop_of(asked), words_of(asked))
    rows, next_key = recoveries_page(request.actor, wanted, after=asked.after, limit=asked.limit)
    return RECOVERIES.render(
        request,
        asked,
        "feedback/recoveries.html",
        rows=rows,
        next_key=next_key,
        choices={"shop": shops_of(request.actor)},
    )


@page("recoveries/<int:recovery_id>/", name="feedback-recovery", clause="S3.1", permission=Permission.SURVEY_VIEW)
def recovery(request: Request, recovery_id: int) -> HttpResponse:
    return _show(request, recovery_id, FormState())


@page(
    "recoveries/<int:recovery_id>/record/",
    name="feedback-recovery-record",
    clause="S3.1",
    permission=Permission.RECOVERY_HANDLE,
    methods=("POST",),
)
def record(request: Request, recovery_id: int) -> HttpResponse:
    """Record one try; mistakes show the page again with what was written."""
    state = read_form(request.POST, RecordRecovery, {"recovery_id": recovery_id})
    if state.item is not None:
        outcomes = run_once(request, record_recovery, [state.item])
        if outcomes[0].ok:
            words = T("沟通结果已记录", "The outcome is on record")
            return answer_outcomes(request, outcomes, done=words, to="feedback-recoveries")
        state.errors[WHOLE] = outcome_text(outcomes[0])
    return _show(request, recovery_id, state)


def _show(request: Request, recovery_id: int, state: FormState[RecordRecovery]) -> HttpResponse:
    found = recovery_record(request.actor, recovery_id)
    if found is None:
        raise Http404
    response = render_record(
        request,
        "feedback/recovery.html",
        _head(found),
        timeline=_timeline(found),
        live="feedback",
        found=found,
        row=found.row,
        survey=found.survey,
        said=STARS[found.row.score],
        order=found.order,
        talk_url=_talk_url(request, found),
        may_see_ticket=may_open(request.actor, "tickets-ticket"),
        state=state,
        answers=[(outcome, text, hint, icon) for outcome, (text, hint, icon) in ANSWERS.items()],
        may_record=found.row.state == RecoveryState.OPEN and request.actor.may(Permission.RECOVERY_HANDLE),
    )
    if state.errors:
        response.status_code = 422
    return response


def _talk_url(request: Request, found: RecoveryRecord) -> str:
    """The conversation with the customer, for whoever may go to the desk."""
    if not found.conversation_id or not may_open(request.actor, "conversations-desk"):
        return ""
    return f"{reverse('conversations-desk')}?open={found.conversation_id}"


def _head(found: RecoveryRecord) -> RecordHead:
    row = found.row
    ended = row.state != RecoveryState.OPEN
    tries = T("第 {n} 次，共 {of} 次", "Attempt {n} of {of}").format(
        n=min(row.next_attempt, found.attempts_allowed), of=found.attempts_allowed
    )
    return RecordHead(
        title=T("低分挽回", "Low rating"),
        number=found.survey.about,
        back="feedback-recoveries",
        state=RecoveryState(row.state),
        clause="S3.1",
        due_at=row.open_until,
        badges=(
            Badge(T("评价 {no}", "Survey {no}").format(no=found.survey.number)),
            Badge(row.stars, "red"),
            *(() if ended else (Badge(tries, "blue", "phone"),)),
        ),
        steps=(
            Step(T("客户评价", "Rated"), "done", row.opened_at),
            Step(T("联系客户", "Contacted"), "done" if ended else "now", row.ended_at),
        ),
    )


def _timeline(found: RecoveryRecord) -> list[Happening]:
    told = [
        Happening(
            found.row.opened_at,
            T("客户打了 {n} 星", "The customer gave {n:# star|# stars}").format(n=found.row.score),
            kind="outside",
            tone="red",
        )
    ]
    for tried in found.tries:
        label = LABELS[RecoveryOutcome][RecoveryOutcome(tried.outcome)]
        note = str(T("有备注（已加密保存）", "With a note (kept sealed)")) if tried.has_note else ""
        at: datetime = tried.made_at
        told.append(Happening(at, label.text, tried.person, note, "note", label.tone))
    return told
