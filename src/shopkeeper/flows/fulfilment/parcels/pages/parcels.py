"""O3.1, O3.2: the list of parcels and one parcel's record, with what may be done to it."""

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse

from shopkeeper.flows.fulfilment.intake.queries.remarks import remark_notes
from shopkeeper.flows.fulfilment.parcels import queries
from shopkeeper.flows.fulfilment.parcels.commands.cancel_parcels import CancelParcel, cancel_parcels
from shopkeeper.flows.fulfilment.parcels.commands.enter_numbers import (
    EnterNumber,
    RequestNumber,
    enter_numbers,
    request_numbers,
)
from shopkeeper.flows.fulfilment.parcels.commands.handle_cases import REPORTABLE, OpenCase, open_cases
from shopkeeper.flows.fulfilment.parcels.pages.asking import COURIER_CHOICES, allowed, wanted
from shopkeeper.flows.fulfilment.parcels.pages.leaving import hand_over_labelled
from shopkeeper.flows.fulfilment.parcels.pages.story import steps_of, timeline_of
from shopkeeper.flows.fulfilment.parcels.permissions import Permission
from shopkeeper.flows.fulfilment.parcels.ports import interceptions
from shopkeeper.flows.fulfilment.parcels.queries.records import ParcelRecord
from shopkeeper.flows.fulfilment.parcels.states import BEFORE_HAND_OVER, CaseKind, ParcelState
from shopkeeper.flows.fulfilment.parcels.words import LABELS, REASON_WORDS, courier_name
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once, submit
from shopkeeper.web.listing import BulkAction, Column, Filter, Listing, Tab
from shopkeeper.web.pages import MenuEntry, Request, page
from shopkeeper.web.record import Action, Badge, RecordHead, render_record

PARCELS = Listing(
    key="parcels",
    title=T("包裹", "Parcels"),
    clause="O3.2",
    record="parcels-parcel",
    columns=(
        Column("number", T("运单号", "Tracking no."), always=True),
        Column("state", T("状态", "State")),
        Column("trouble", T("异常", "Trouble")),
        Column("place", T("目的地", "Destination")),
        Column("last", T("最新物流", "Latest scan")),
        Column("promised", T("承诺送达", "Promised by")),
        Column("ship_back", T("回传", "Reported")),
        Column("handed_over", T("交运", "Handed over"), shown=False),
        Column("weight", T("重量", "Weight"), align="end", shown=False),
        Column("order", T("订单", "Order"), shown=False),
        Column("shop", T("店铺", "Shop"), shown=False),
    ),
    tabs=(
        Tab("on_the_way", T("在途", "On the way"), tone="blue"),
        Tab("trouble", T("异常", "In trouble"), tone="red"),
        Tab("to_number", T("待取号", "Awaiting number"), tone="amber"),
        Tab("to_pack", T("待打包", "To pack")),
        Tab("to_hand_over", T("待交运", "To hand over"), tone="amber"),
        Tab("recalled", T("已召回", "Called back"), tone="red"),
        Tab("coming_back", T("退回与拒收", "Coming back"), counted=False),
        Tab("signed", T("已签收", "Signed"), counted=False),
        Tab("all", T("全部", "All"), counted=False),
    ),
    filters=(
        Filter("shop", T("店铺", "Shop")),
        Filter("courier", T("快递", "Courier"), choices=COURIER_CHOICES),
    ),
    search=T("运单号 / 包裹号 / 订单号，可粘贴多个", "Tracking, parcel or order no., paste many"),
    bulk=(
        BulkAction("hand_over", T("交运", "Hand over"), url="parcels-hand-over", primary=True, icon="truck"),
        BulkAction("request", T("重新取号", "Order numbers"), url="parcels-request-number", icon="refresh"),
    ),
    live="parcels",
)


@page(
    "",
    name="parcels-list",
    clause="O3.2",
    permission=Permission.PARCEL_VIEW,
    menu=MenuEntry(T("包裹与物流", "Parcels"), section="orders", order=40),
)
def parcels(request: Request) -> HttpResponse:
    """All parcels one may see, by where they stand."""
    asked = PARCELS.read(request)
    if asked.counting:
        return PARCELS.counters(request, queries.parcel_counts(request.actor))
    found = queries.parcel_list(request.actor, wanted(asked))
    listing = replace(PARCELS, bulk=()) if asked.tab == "recalled" else PARCELS
    return allowed(listing, request.actor).render(
        request,
        asked,
        "parcels/parcels.html",
        rows=found.rows,
        next_key=found.next_key,
        choices={"shop": queries.shop_choices(request.actor)},
    )


@page("<int:parcel_id>/", name="parcels-parcel", clause="O3.2", permission=Permission.PARCEL_VIEW)
def parcel(request: Request, parcel_id: int) -> HttpResponse:
    """One parcel: where it is, what was reported, what went wrong, all that happened."""
    record = _record(request, parcel_id)
    card = record.card
    return render_record(
        request,
        "parcels/parcel.html",
        RecordHead(
            title=T("包裹", "Parcel"),
            number=card.number or card.label,
            back="parcels-list",
            state=card.state,
            states="ParcelState",
            clause="O3.2" if card.handed_over_at else "O3.1",
            due_at=record.promised_at if card.state not in _ENDED else None,
            steps=steps_of(record),
            badges=_badges(record),
            primary=_primary(request, record),
            more=_more(request, record),
        ),
        timeline=timeline_of(record),
        live="parcels",
        record=record,
        card=card,
        asked_back_at=interceptions().asked_back_at(card.id) if card.handed_over_at else None,
        courier=courier_name(card.courier),
        reason=REASON_WORDS.get(card.courier_reason, ""),
        remark=remark_notes([record.order.id]).get(record.order.id),
        may_confirm=bool(record.ship_back and not record.ship_back.acknowledged_at)
        and request.actor.may(Permission.SHIP_BACK_RETRY),
    )


_ENDED = {ParcelState.SIGNED, ParcelState.RETURNED, ParcelState.LOST, ParcelState.CANCELLED}


def _record(request: Request, parcel_id: int) -> ParcelRecord:
    record = queries.parcel_record(request.actor, parcel_id)
    if record is None:
        raise Http404
    return record


def _badges(record: ParcelRecord) -> tuple[Badge, ...]:
    held = [Badge(T("订单已挂起", "Order held"), "red", "hand-stop")] if record.order.open_holds else []
    refund = [Badge(T("退款中", "Refund open"), "red", "cash")] if record.order.refund_state else []
    open_cases = [case for case in record.cases if not case.closed_at]
    cases = [Badge(LABELS[CaseKind][CaseKind(case.kind)].text, "amber", "alert-triangle") for case in open_cases]
    return (*refund, *held, *cases)


def _primary(request: Request, record: ParcelRecord) -> Action | None:
    """The one thing to do next with this parcel."""
    may, card = request.actor.may, record.card
    open_case = next((case for case in record.cases if not case.closed_at), None)
    if open_case and may(Permission.CASE_HANDLE):
        url = reverse("parcels-case", args=[open_case.id])
        return Action(T("处理异常", "Deal with the case"), url, method="get", icon="phone")
    if card.state == ParcelState.AWAITING_NUMBER and may(Permission.NUMBER_ENTER):
        url = reverse("parcels-number", args=[card.id])
        return Action(T("录入单号", "Enter the number"), url, method="get", icon="barcode")
    leaves = card.state == ParcelState.PACKED and not record.is_recalled
    if leaves and not card.print_count and may(Permission.LABEL_PRINT):
        url = reverse("warehouse-print-label", args=[card.id])
        return Action(T("打印面单", "Print label"), url, icon="printer")
    if leaves and may(Permission.PARCEL_HAND_OVER):
        no_label = None if card.print_count else T("还没打面单", "It has no label yet")
        url = reverse("parcels-hand-over")
        return Action(T("交运", "Hand over"), url, {"ids": card.id}, icon="truck", why_not=no_label)
    return None


def _more(request: Request, record: ParcelRecord) -> tuple[Action, ...]:
    may, card = request.actor.may, record.card
    actions = []
    if card.state == ParcelState.AWAITING_NUMBER and may(Permission.NUMBER_ENTER):
        url = reverse("parcels-request-number")
        actions.append(Action(T("重新向快递取号", "Order the number again"), url, {"ids": card.id}, icon="refresh"))
    if card.handed_over_at and may(Permission.CASE_HANDLE):
        url = reverse("parcels-report", args=[card.id])
        actions.append(Action(T("上报异常", "Report a problem"), url, method="get", icon="flag"))
    if card.state in BEFORE_HAND_OVER and may(Permission.PARCEL_CANCEL):
        url = reverse("parcels-cancel", args=[card.id])
        why = T("为什么作废？单号会退还快递", "Why void it? Its number goes back to the courier")
        actions.append(Action(T("作废包裹", "Void the parcel"), url, icon="trash", tone="red", ask=why))
    return tuple(actions)


@page(
    "hand-over/",
    name="parcels-hand-over",
    clause="O3.1",
    permission=Permission.PARCEL_HAND_OVER,
    methods=("POST",),
)
def hand_over(request: Request) -> HttpResponse:
    """Give chosen parcels to the courier; those without a label stay."""
    outcomes = hand_over_labelled(request, _chosen(request))
    return answer_outcomes(request, outcomes, done=T("已交运 {n} 件", "{n} handed over"), emits=("sk:parcels",))


@page(
    "request-number/",
    name="parcels-request-number",
    clause="O3.1",
    permission=Permission.NUMBER_ENTER,
    methods=("POST",),
)
def request_number(request: Request) -> HttpResponse:
    """Have numbers ordered (again)."""
    outcomes = run_once(request, request_numbers, [RequestNumber(id_) for id_ in _chosen(request)])
    done = T(
        "已为 {n} 件重新取号，稍后回填",
        "{n:Number asked for # parcel; it comes|Numbers asked for # parcels; they come} in a moment",
    )
    return answer_outcomes(request, outcomes, done=done, emits=("sk:parcels",))


def _chosen(request: Request) -> list[int]:
    """The ids of a bulk action; "all matching" takes the whole of what was asked, page by page."""
    chosen = PARCELS.chosen(request)
    if not chosen.all_matching:
        return chosen.ids
    return queries.parcel_ids(request.actor, wanted(chosen.asked))


@page(
    "<int:parcel_id>/cancel/",
    name="parcels-cancel",
    clause="O3.1",
    permission=Permission.PARCEL_CANCEL,
    methods=("POST",),
)
def cancel(request: Request, parcel_id: int) -> HttpResponse:
    """Void a parcel that has not left."""
    reason = request.POST.get("reason", "").strip()[:200] or "-"
    outcomes = run_once(request, cancel_parcels, [CancelParcel(parcel_id, reason)])
    done = T("包裹已作废，单号将退还快递", "The parcel is void; its number goes back")
    return answer_outcomes(request, outcomes, done=done, emits=("sk:parcels",))


@page(
    "<int:parcel_id>/number/",
    name="parcels-number",
    clause="O3.1",
    permission=Permission.NUMBER_ENTER,
    methods=("GET", "POST"),
)
def number(request: Request, parcel_id: int) -> HttpResponse:
    """Enter a tracking number by hand."""
    record = _record(request, parcel_id)
    return submit(
        request,
        enter_numbers,
        EnterNumber,
        template="parcels/number.html",
        context=_form_context(record, T("录入运单号", "Enter a tracking number"), couriers=COURIER_CHOICES),
        initial={"courier": record.card.courier},
        extra={"parcel_id": parcel_id, "print_data": ""},
        done=T("单号已录入", "The number is entered"),
        to="parcels-parcel",
        args=(parcel_id,),
    )


@page(
    "<int:parcel_id>/report/",
    name="parcels-report",
    clause="O3.2",
    permission=Permission.CASE_HANDLE,
    methods=("GET", "POST"),
)
def report(request: Request, parcel_id: int) -> HttpResponse:
    """Report what the system cannot see: damage, a wrong branch, a loss."""
    record = _record(request, parcel_id)
    kinds = [(str(kind), LABELS[CaseKind][kind].text) for kind in sorted(REPORTABLE)]
    return submit(
        request,
        open_cases,
        OpenCase,
        template="parcels/report.html",
        context=_form_context(record, T("上报包裹异常", "Report a problem with a parcel"), kinds=kinds),
        extra={"parcel_id": parcel_id},
        done=T("已立案，请联系快递", "A case is open; ask the courier"),
        to="parcels-parcel",
        args=(parcel_id,),
    )


def _form_context(record: ParcelRecord, title: T, **more: Any) -> dict[str, Any]:
    return {
        "title": title,
        "record": record,
        "card": record.card,
        "cancel_url": reverse("parcels-parcel", args=[record.card.id]),
        **more,
    }
