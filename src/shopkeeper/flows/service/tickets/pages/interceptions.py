"""S2.2: parcels to be stopped on their way: the list, one followed to its end, the form, what the courier said."""

from django.http import Http404, HttpResponse
from django.urls import reverse

from shopkeeper.flows.service.tickets.commands.answer_interceptions import AnswerInterception, answer_interceptions
from shopkeeper.flows.service.tickets.commands.request_interceptions import (
    RequestInterception,
    request_interceptions,
)
from shopkeeper.flows.service.tickets.commands.wishes import ReceiverWish
from shopkeeper.flows.service.tickets.pages.choices import reasons, words_of
from shopkeeper.flows.service.tickets.pages.receiver_form import mark_refusal
from shopkeeper.flows.service.tickets.permissions import Permission
from shopkeeper.flows.service.tickets.queries.changes import (
    InterceptionRecord,
    interception_counts,
    interception_record,
    interceptions_page,
    parcel_in_shops,
)
from shopkeeper.flows.service.tickets.states import InterceptionKind, InterceptionState
from shopkeeper.flows.service.tickets.words import ANSWERS, LABELS, REASONS, WAITS_FOR
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once, submit
from shopkeeper.web.form_reading import FormState, read_form
from shopkeeper.web.listing import Column, Listing, Tab
from shopkeeper.web.pages import MenuEntry, Request, page, render_page
from shopkeeper.web.record import Happening, RecordHead, Step, render_record

INTERCEPTIONS = Listing(
    key="interceptions",
    title=T("快递拦截", "Interceptions"),
    clause="S2.2",
    record="tickets-interception",
    columns=(
        Column("number", T("运单号", "Tracking no."), always=True),
        Column("state", T("状态", "State")),
        Column("kind", T("方式", "How")),
        Column("courier", T("快递", "Courier")),
        Column("order", T("订单", "Order")),
        Column("shop", T("店铺", "Shop")),
        Column("due", T("时限", "Due")),
        Column("requested", T("申请时间", "Requested")),
        Column("ended", T("结束时间", "Ended")),
    ),
    tabs=(
        Tab("requested", T("待快递答复", "Requested"), tone="amber"),
        Tab("accepted", T("已受理", "Accepted"), tone="blue"),
        Tab("returning", T("退回中", "Returning"), tone="blue"),
        Tab("received", T("已退回", "Received"), counted=False),
        Tab("refused", T("被拒绝", "Refused"), counted=False),
        Tab("failed", T("未拦住", "Failed"), counted=False),
        Tab("all", T("全部", "All"), counted=False),
    ),
    search=T("运单号", "Tracking no."),
    live="tickets",
    arrivals="tickets.interception_requested",
)
OPEN_FOR_ANSWER = (InterceptionState.REQUESTED,)


@page(
    "interceptions/",
    name="tickets-interceptions",
    clause="S2.2",
    permission=Permission.TICKET_VIEW,
    menu=MenuEntry(T("快递拦截", "Interceptions"), section="service", order=52),
)
def interceptions(request: Request) -> HttpResponse:
    asked = INTERCEPTIONS.read(request)
    if asked.counting:
        return INTERCEPTIONS.counters(request, interception_counts(request.actor))
    rows, next_key = interceptions_page(
        request.actor,
        state="" if asked.tab == "all" or asked.text else asked.tab,
        number=asked.text[:40],
        after=asked.after_id or 0,
        limit=asked.limit,
    )
    return INTERCEPTIONS.render(request, asked, "tickets/interceptions.html", rows=rows, next_key=next_key)


@page(
    "interceptions/<int:interception_id>/",
    name="tickets-interception",
    clause="S2.2",
    permission=Permission.TICKET_VIEW,
)
def interception(request: Request, interception_id: int) -> HttpResponse:
    return _show(request, _found(request, interception_id), FormState())


def _show(request: Request, found: InterceptionRecord, state: FormState[AnswerInterception]) -> HttpResponse:
    line = found.line
    return render_record(
        request,
        "tickets/interception.html",
        _head(found),
        timeline=_timeline(found),
        live="tickets",
        found=found,
        line=line,
        waits_for=WAITS_FOR.get((InterceptionState(line.state), line.kind == InterceptionKind.REDIRECT)),
        parcel=found.parcel,
        reason=REASONS.get(line.reason, T(line.reason, line.reason)),
        answer=ANSWERS.get(line.answer_code, T(line.answer_code, line.answer_code)),
        may_answer=request.actor.may(Permission.INTERCEPTION_RECORD) and line.state in OPEN_FOR_ANSWER,
        said=state,
    )


def _found(request: Request, interception_id: int) -> InterceptionRecord:
    found = interception_record(request.actor, interception_id)
    if found is None:
        raise Http404
    return found


def _head(found: InterceptionRecord) -> RecordHead:
    line = found.line
    ended = line.ended_at is not None
    well = line.state in (InterceptionState.RECEIVED, InterceptionState.REDIRECTED)
    taken_on = line.answered_at is not None and line.state != InterceptionState.REFUSED
    last = T("改派签收", "Redirected") if line.kind == InterceptionKind.REDIRECT else T("退回仓库", "Received")
    return RecordHead(
        title=T("快递拦截", "Interception"),
        number=line.number or line.parcel,
        back="tickets-interceptions",
        state=InterceptionState(line.state),
        clause="S2.2",
        due_at=line.open_until,
        steps=(
            Step(T("申请", "Requested"), "done", line.requested_at),
            Step(
                T("快递受理", "Accepted"),
                "done" if taken_on else "stopped" if ended else "now",
                line.answered_at if taken_on else None,
            ),
            Step(last, "done" if well else "stopped" if ended else "next", line.ended_at if well else None),
        ),
    )


def _timeline(found: InterceptionRecord) -> list[Happening]:
    line = found.line
    happenings = [Happening(line.requested_at, T("申请拦截", "Requested"), found.requested_by)]
    if line.answered_at:
        answer = str(ANSWERS.get(line.answer_code, line.answer_code))
        words = T("快递答复", "The courier answered")
        happenings.append(Happening(line.answered_at, words, note=answer or line.courier_ref, kind="outside"))
    if line.ended_at:
        label = LABELS[InterceptionState][InterceptionState(line.state)]
        happenings.append(Happening(line.ended_at, label.text, tone=label.tone))
    return happenings


@page(
    "interceptions/<int:interception_id>/answer/",
    name="tickets-interception-answer",
    clause="S2.2",
    permission=Permission.INTERCEPTION_RECORD,
    methods=("GET", "POST"),
)
def answer(request: Request, interception_id: int) -> HttpResponse:
    """What the courier said on the phone."""
    found = _found(request, interception_id)
    return submit(
        request,
        answer_interceptions,
        AnswerInterception,
        template="tickets/answer_interception.html",
        context={
            "title": T("登记快递答复", "Record the courier's answer"),
            "line": found.line,
            "cancel_url": reverse("tickets-interception", args=[interception_id]),
        },
        extra={"interception_id": interception_id, "code": "", "courier_ref": ""},
        done=T("已登记", "Recorded"),
        to="tickets-interception",
        args=(interception_id,),
        emits=("sk:tickets",),
    )


@page(
    "parcels/<int:parcel_id>/intercept/",
    name="tickets-intercept",
    clause="S2.2",
    permission=Permission.INTERCEPTION_REQUEST,
    methods=("GET", "POST"),
)
def intercept(request: Request, parcel_id: int) -> HttpResponse:
    """Have a parcel brought back, or to another address."""
    parcel = parcel_in_shops(request.actor, parcel_id)
    if parcel is None:
        raise Http404
    asked = request.POST if request.method == "POST" else request.GET
    ticket = asked.get("ticket", "")
    ticket_id = int(ticket) if ticket.isdecimal() and len(ticket) < 19 else None
    state: FormState[RequestInterception] = FormState(values={"kind": InterceptionKind.RETURN})
    if request.method == "POST":
        state, item = _read(request, parcel_id, ticket_id)
        if item is not None:
            outcomes = run_once(request, request_interceptions, [item])
            if outcomes[0].ok:
                words = T("已向快递申请拦截", "The courier is being asked")
                return answer_outcomes(
                    request,
                    outcomes,
                    done=words,
                    to="tickets-interception",
                    args=(outcomes[0].id,),
                    emits=("sk:tickets",),
                )
            mark_refusal(state, outcomes[0])
    context = {
        "title": T("拦截包裹", "Intercept a parcel"),
        "parcel": parcel,
        "ticket": ticket_id or "",
        "kinds": words_of(InterceptionKind),
        "reasons": reasons(),
        "state": state,
        "cancel_url": reverse("parcels-parcel", args=[parcel_id]),
    }
    return render_page(request, "tickets/intercept.html", context, status=422 if state.errors else 200)


def _read(
    request: Request, parcel_id: int, ticket_id: int | None
) -> tuple[FormState[RequestInterception], RequestInterception | None]:
    """The wish as it was filled in; the new receiver counts only where the parcel is to go elsewhere."""
    redirect = request.POST.get("kind") == InterceptionKind.REDIRECT
    receiver = read_form(request.POST, ReceiverWish) if redirect else None
    fixed = {"parcel_id": parcel_id, "ticket_id": ticket_id, "receiver": receiver.item if receiver else None}
    state = read_form(request.POST, RequestInterception, fixed)
    if receiver is not None:
        state.values |= receiver.values
        state.errors |= receiver.errors
    return state, None if state.errors else state.item
