"""O3.2: cases as work: script, log of talks with the courier, outcome."""

from typing import TypeVar

from django.http import Http404, HttpResponse
from django.urls import reverse

from shopkeeper.flows.fulfilment.parcels import queries
from shopkeeper.flows.fulfilment.parcels.commands.handle_cases import (
    CloseCase,
    ContactCourier,
    close_cases,
    contact_couriers,
)
from shopkeeper.flows.fulfilment.parcels.pages.asking import COURIER_CHOICES, wanted
from shopkeeper.flows.fulfilment.parcels.pages.story import goes_back, timeline_of_case
from shopkeeper.flows.fulfilment.parcels.permissions import Permission
from shopkeeper.flows.fulfilment.parcels.ports import interceptions
from shopkeeper.flows.fulfilment.parcels.queries.records import CaseRecord
from shopkeeper.flows.fulfilment.parcels.states import (
    CaseKind,
    CaseOutcome,
    CaseState,
    ContactChannel,
    ParcelState,
)
from shopkeeper.flows.fulfilment.parcels.words import ASKED_BACK, LABELS, SCRIPTS, cause_text, courier_name
from shopkeeper.foundation.commands import Command
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.form_reading import WHOLE, FormState, read_form
from shopkeeper.web.labels import outcome_text
from shopkeeper.web.listing import Column, Filter, Listing, Tab
from shopkeeper.web.pages import MenuEntry, Request, page
from shopkeeper.web.record import Action, RecordHead, render_record

Item = TypeVar("Item")
CASES = Listing(
    key="parcel-cases",
    title=T("包裹异常", "Parcel cases"),
    clause="O3.2",
    record="parcels-case",
    columns=(
        Column("kind", T("异常", "Problem"), always=True),
        Column("state", T("进展", "Progress")),
        Column("number", T("运单号", "Tracking no.")),
        Column("courier", T("快递", "Courier")),
        Column("due", T("答复期限", "Due")),
        Column("last", T("最后更新", "Last update")),
        Column("opened", T("立案", "Opened")),
        Column("shop", T("店铺", "Shop"), shown=False),
    ),
    tabs=(
        Tab("open", T("待处理", "Open"), tone="red"),
        Tab("contacted", T("已联系快递", "Courier contacted"), tone="amber"),
        Tab("closed", T("已结案", "Closed"), counted=False),
    ),
    filters=(
        Filter("kind", T("异常", "Problem"), choices=tuple((str(k), LABELS[CaseKind][k].text) for k in CaseKind)),
        Filter("courier", T("快递", "Courier"), choices=COURIER_CHOICES),
    ),
    search=T("运单号 / 包裹号 / 订单号，可粘贴多个", "Tracking, parcel or order no., paste many"),
    live="parcels",
    arrivals="parcels.case_opened",
)
WAYS_BACK = (CaseKind.RETURNING, CaseKind.REFUSED)
NUMBER_KINDS = (CaseKind.NO_NUMBER, CaseKind.NOT_ACKNOWLEDGED)
NUMBER_OUTCOMES = (CaseOutcome.SETTLED, CaseOutcome.NO_FAULT)
CHANNELS = [(str(channel), LABELS[ContactChannel][channel].text) for channel in ContactChannel]


@page(
    "cases/",
    name="parcels-cases",
    clause="O3.2",
    permission=Permission.PARCEL_VIEW,
    menu=MenuEntry(T("包裹异常", "Parcel cases"), section="orders", order=41),
)
def cases(request: Request) -> HttpResponse:
    """All cases one may see."""
    asked = CASES.read(request)
    if asked.counting:
        return CASES.counters(request, queries.case_counts(request.actor))
    found = queries.case_list(request.actor, wanted(asked))
    return CASES.render(request, asked, "parcels/cases.html", rows=found.rows, next_key=found.next_key)


@page("cases/<int:case_id>/", name="parcels-case", clause="O3.2", permission=Permission.PARCEL_VIEW)
def case(request: Request, case_id: int) -> HttpResponse:
    """One case: what happened, what to say, what was said, how it ends."""
    return _show(request, _record(request, case_id))


def _show(
    request: Request,
    record: CaseRecord,
    talk: FormState[ContactCourier] | None = None,
    ending: FormState[CloseCase] | None = None,
) -> HttpResponse:
    """The case's page; with what was typed into one of its forms and refused, as 422."""
    line, card = record.case, record.parcel.card
    kind = CaseKind(line.kind)
    asked_back_at = interceptions().asked_back_at(card.id) if kind in WAYS_BACK else None
    response = render_record(
        request,
        "parcels/case.html",
        RecordHead(
            title=LABELS[CaseKind][kind].text,
            number=card.number or card.label,
            back="parcels-cases",
            state=line.state,
            states="CaseState",
            clause="O3.1" if kind in NUMBER_KINDS else "O3.2",
            due_at=line.due_at,
            secondary=_remedies(request, record),
        ),
        timeline=timeline_of_case(record),
        live="parcels",
        record=record,
        line=line,
        card=card,
        script=ASKED_BACK if asked_back_at else SCRIPTS[kind],
        cause=T("", "") if asked_back_at else cause_text(line.cause),
        asked_back_at=asked_back_at,
        courier=courier_name(card.courier),
        may_handle=request.actor.may(Permission.CASE_HANDLE) and line.state != CaseState.CLOSED,
        goes_back=goes_back(record.parcel),
        talk=talk or FormState(values={"answer_hours": 24, "channel": "phone"}),
        ending=ending or FormState(),
        channels=CHANNELS,
        outcomes=_outcomes(kind),
        contact_url=reverse("parcels-contact", args=[line.id]),
        close_url=reverse("parcels-close-case", args=[line.id]),
    )
    if talk or ending:
        response.status_code = 422
    return response


def _remedies(request: Request, record: CaseRecord) -> tuple[Action, ...]:
    """What may settle the case at once, besides asking the courier."""
    card, kind, may = record.parcel.card, record.case.kind, request.actor.may
    actions = []
    if kind == CaseKind.NO_NUMBER and card.state == ParcelState.AWAITING_NUMBER and may(Permission.NUMBER_ENTER):
        entering = reverse("parcels-number", args=[card.id])
        actions.append(Action(T("录入单号", "Enter the number"), entering, method="get", icon="barcode"))
        asking = reverse("parcels-request-number")
        actions.append(Action(T("重新取号", "Order it again"), asking, {"ids": card.id}, icon="refresh"))
    report = record.parcel.ship_back
    unconfirmed = report is not None and report.acknowledged_at is None
    if kind == CaseKind.NOT_ACKNOWLEDGED and unconfirmed and may(Permission.SHIP_BACK_RETRY):
        actions.append(Action(T("重新回传", "Send again"), reverse("parcels-retry"), {"ids": card.id}, icon="refresh"))
        seen = reverse("parcels-confirm-ship-back", args=[card.id])
        actions.append(Action(T("人工确认", "Confirm by hand"), seen, method="get", icon="check"))
    opening = reverse("parcels-parcel", args=[card.id])
    actions.append(Action(T("打开包裹", "Open the parcel"), opening, method="get", icon="package"))
    return tuple(actions)


def _record(request: Request, case_id: int) -> CaseRecord:
    record = queries.case_record(request.actor, case_id)
    if record is None:
        raise Http404
    return record


def _outcomes(kind: CaseKind) -> list[tuple[str, T]]:
    return [
        (str(outcome), LABELS[CaseOutcome][outcome].text)
        for outcome in CaseOutcome
        if outcome in NUMBER_OUTCOMES or kind not in NUMBER_KINDS
    ]


@page(
    "cases/<int:case_id>/contact/",
    name="parcels-contact",
    clause="O3.2",
    permission=Permission.CASE_HANDLE,
    methods=("POST",),
)
def contact(request: Request, case_id: int) -> HttpResponse:
    """Log a talk with the courier; what is refused is said on the case's page."""
    record = _record(request, case_id)
    talk = read_form(request.POST, ContactCourier, {"case_id": case_id})
    words = T("已记录，到期会再次提醒", "Logged; you are reminded when the answer is due")
    return _run(request, contact_couriers, talk, case_id, words) or _show(request, record, talk=talk)


@page(
    "cases/<int:case_id>/close/",
    name="parcels-close-case",
    clause="O3.2",
    permission=Permission.CASE_HANDLE,
    methods=("POST",),
)
def close(request: Request, case_id: int) -> HttpResponse:
    """Close a case with its outcome; what is refused is said on the case's page."""
    record = _record(request, case_id)
    ending = read_form(request.POST, CloseCase, {"case_id": case_id})
    words = T("已结案", "The case is closed")
    return _run(request, close_cases, ending, case_id, words) or _show(request, record, ending=ending)


def _run(request: Request, command: Command[Item], form: FormState[Item], case_id: int, done: T) -> HttpResponse | None:
    """Run a form of the case; None where it is refused, the reason put into the form."""
    if form.item is None:
        return None
    outcomes = run_once(request, command, [form.item])
    if outcomes[0].ok:
        return answer_outcomes(request, outcomes, done=done, to="parcels-case", args=(case_id,), emits=("sk:parcels",))
    named = "note" if outcomes[0].code == "outcome_needs_note" else WHOLE
    form.errors[named] = outcome_text(outcomes[0])
    return None
