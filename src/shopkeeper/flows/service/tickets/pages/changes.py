"""S2.2: changes of orders that are still with us: the list, one with its way, the form, what a person did."""

from dataclasses import replace

from django.http import Http404, HttpResponse
from django.urls import reverse

from shopkeeper.flows.service.tickets.commands.answer_changes import (
    BY_HAND,
    ConfirmChange,
    WithdrawChange,
    confirm_changes,
    withdraw_changes,
)
from shopkeeper.flows.service.tickets.commands.request_changes import RequestChange, request_changes
from shopkeeper.flows.service.tickets.commands.wishes import ReceiverWish
from shopkeeper.flows.service.tickets.pages.choices import reasons, words_of
from shopkeeper.flows.service.tickets.permissions import Permission
from shopkeeper.flows.service.tickets.queries.changes import (
    ChangeLine,
    ChangeRecord,
    change_counts,
    change_record,
    changes_page,
    order_in_shops,
)
from shopkeeper.flows.service.tickets.queries.scope import order_id_of
from shopkeeper.flows.service.tickets.rules.stages import way_of
from shopkeeper.flows.service.tickets.states import ChangeKind, ChangeState, Way
from shopkeeper.flows.service.tickets.words import ADDRESS_WAITS, ANSWERS, CHANGE_WAITS, LABELS, REASONS, SHOWN_BY
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once, submit
from shopkeeper.web.form_reading import WHOLE, FormState, read_form
from shopkeeper.web.labels import outcome_text
from shopkeeper.web.listing import Column, Filter, Listing, Tab
from shopkeeper.web.pages import MenuEntry, Request, page, render_page
from shopkeeper.web.record import Action, Badge, Happening, RecordHead, Step, render_record

CHANGES = Listing(
    key="order-changes",
    title=T("改单申请", "Order changes"),
    clause="S2.2",
    record="tickets-change",
    columns=(
        Column("order", T("订单号", "Order no."), always=True),
        Column("kind", T("要改什么", "What")),
        Column("state", T("状态", "State")),
        Column("way", T("订单在哪", "Where it was")),
        Column("reason", T("原因", "Reason")),
        Column("address", T("新地址", "New address")),
        Column("shop", T("店铺", "Shop")),
        Column("due", T("办理时限", "Do by")),
        Column("requested", T("申请时间", "Requested")),
    ),
    tabs=(
        Tab("by_hand", T("待人工办理", "By hand"), tone="amber"),
        Tab("requested", T("通知平台中", "Telling the platform"), tone="blue"),
        Tab("acknowledged", T("平台已接受", "Taken"), tone="blue"),
        Tab("done", T("已办妥", "Done"), counted=False),
        Tab("refused", T("平台拒绝", "Refused"), counted=False),
        Tab("all", T("全部", "All"), counted=False),
    ),
    filters=(Filter("kind", T("要改什么", "What"), choices=words_of(ChangeKind)),),
    search=T("订单号", "Order no."),
    live="tickets",
    arrivals="tickets.change_requested",
)


@page(
    "changes/",
    name="tickets-changes",
    clause="S2.2",
    permission=Permission.TICKET_VIEW,
    menu=MenuEntry(T("改单申请", "Order changes"), section="service", order=50),
)
def changes(request: Request) -> HttpResponse:
    asked = CHANGES.read(request)
    if asked.counting:
        return CHANGES.counters(request, change_counts(request.actor))
    rows, next_key = changes_page(
        request.actor,
        state="" if asked.tab == "all" or asked.text else asked.tab,
        kind=str(asked.filters.get("kind", "")),
        order_id=(order_id_of(request.actor, asked.text) or -1) if asked.text else None,
        after=asked.after_id or 0,
        limit=asked.limit,
    )
    return CHANGES.render(request, asked, "tickets/changes.html", rows=rows, next_key=next_key)


@page("changes/<int:change_id>/", name="tickets-change", clause="S2.2", permission=Permission.TICKET_VIEW)
def change(request: Request, change_id: int) -> HttpResponse:
    found = _found(request, change_id)
    line = found.line
    return render_record(
        request,
        "tickets/change.html",
        _head(request, found),
        timeline=_timeline(found),
        live="tickets",
        found=found,
        line=line,
        order=found.order,
        reason=REASONS.get(line.reason, T(line.reason, line.reason)),
        answer=ANSWERS.get(line.answer_code, T(line.answer_code, line.answer_code)),
        waits_for=_waits_for(line),
        shown_by=SHOWN_BY[ChangeKind(line.kind)],
        may_confirm=request.actor.may(Permission.CHANGE_RECORD)
        and line.state in (ChangeState.REQUESTED, ChangeState.BY_HAND),
        confirm=FormState(),
    )


def _waits_for(line: ChangeLine) -> T | None:
    """What happens next by itself, where nobody here has anything to do."""
    if line.waits_for_buyer:
        return CHANGE_WAITS
    is_taken = line.state == ChangeState.ACKNOWLEDGED and line.kind == ChangeKind.ADDRESS
    return ADDRESS_WAITS if is_taken else None


def _found(request: Request, change_id: int) -> ChangeRecord:
    found = change_record(request.actor, change_id)
    if found is None:
        raise Http404
    return found


def _head(request: Request, found: ChangeRecord) -> RecordHead:
    line = found.line
    waiting = line.state in (ChangeState.REQUESTED, ChangeState.BY_HAND)
    withdraw = Action(T("撤回", "Withdraw"), reverse("tickets-change-withdraw", args=[line.id]), icon="arrow-back-up")
    by_hand = line.state == ChangeState.ACKNOWLEDGED and line.answer_code == BY_HAND
    if by_hand:
        withdraw = replace(withdraw, label=T("平台没改成", "Not changed there"), icon="x")
    may = (waiting or by_hand) and request.actor.may(Permission.CHANGE_REQUEST)
    ended = line.ended_at is not None
    went_well = line.state == ChangeState.DONE
    told = line.state in (ChangeState.ACKNOWLEDGED, ChangeState.DONE)
    return RecordHead(
        title=LABELS[ChangeKind][ChangeKind(line.kind)].text,
        number=line.order_number,
        back="tickets-changes",
        state=ChangeState(line.state),
        clause="S2.2",
        due_at=line.open_until,
        badges=(Badge(LABELS[Way][Way(line.way)].text, "blue"),),
        secondary=(withdraw,) if may else (),
        steps=(
            Step(T("订单已扣住", "Order held"), "done", line.requested_at),
            Step(T("平台接受", "Taken by the platform"), "done" if told else "stopped" if ended else "now",
                 found.answered_at if told else None),
            Step(T("订单已更新", "In our order"), "done" if went_well else "stopped" if ended else "next",
                 line.ended_at if went_well else None),
        ),
    )  # fmt: skip


def _timeline(found: ChangeRecord) -> list[Happening]:
    line = found.line
    happenings = [
        Happening(line.requested_at, T("提出申请，订单扣住", "Requested; the order is held"), found.requested_by)
    ]
    if found.answered_at:
        words = T("平台答复", "The platform answered")
        answer = str(ANSWERS.get(line.answer_code, line.answer_code))
        happenings.append(Happening(found.answered_at, words, note=answer, kind="outside"))
    if line.ended_at:
        happenings.append(Happening(line.ended_at, LABELS[ChangeState][ChangeState(line.state)].text))
    return happenings


@page(
    "changes/<int:change_id>/confirm/",
    name="tickets-change-confirm",
    clause="S2.2",
    permission=Permission.CHANGE_RECORD,
    methods=("GET", "POST"),
)
def confirm(request: Request, change_id: int) -> HttpResponse:
    """A person made the change in the platform's console and says what shows it."""
    found = _found(request, change_id)
    return submit(
        request,
        confirm_changes,
        ConfirmChange,
        template="tickets/confirm_change.html",
        context={
            "title": T("登记人工办理", "Record what was done by hand"),
            "shown_by": SHOWN_BY[ChangeKind(found.line.kind)],
            "cancel_url": reverse("tickets-change", args=[change_id]),
        },
        extra={"change_id": change_id},
        done=T("已登记", "Recorded"),
        to="tickets-change",
        args=(change_id,),
        emits=("sk:tickets",),
    )


@page(
    "changes/<int:change_id>/withdraw/",
    name="tickets-change-withdraw",
    clause="S2.2",
    permission=Permission.CHANGE_REQUEST,
    methods=("POST",),
)
def withdraw(request: Request, change_id: int) -> HttpResponse:
    _found(request, change_id)
    outcomes = run_once(request, withdraw_changes, [WithdrawChange(change_id)])
    words = T("已撤回，订单照原样继续", "Withdrawn; the order goes on as it was")
    return answer_outcomes(request, outcomes, done=words, to="tickets-change", args=(change_id,))


@page(
    "orders/<int:order_id>/change/",
    name="tickets-change-order",
    clause="S2.2",
    permission=Permission.CHANGE_REQUEST,
    methods=("GET", "POST"),
)
def change_order(request: Request, order_id: int) -> HttpResponse:
    """Another address, or the order cancelled; what it takes is said before it is done."""
    found = order_in_shops(request.actor, order_id)
    if found is None:
        raise Http404
    order, _ = found
    asked = request.POST if request.method == "POST" else request.GET
    kind = ChangeKind.CANCEL if asked.get("kind") == ChangeKind.CANCEL else ChangeKind.ADDRESS
    ticket = asked.get("ticket", "")
    ticket_id = int(ticket) if ticket.isdecimal() and len(ticket) < 19 else None
    state: FormState[RequestChange] = FormState(values={"province": order.province, "city": order.city})
    if request.method == "POST":
        state, item = _read(request, order_id, kind, ticket_id)
        if item is not None:
            outcomes = run_once(request, request_changes, [item])
            if outcomes[0].ok:
                words = T("订单已扣住，正在通知平台", "The order is held; the platform is being told")
                return answer_outcomes(
                    request, outcomes, done=words, to="tickets-change", args=(outcomes[0].id,), emits=("sk:tickets",)
                )
            state.errors[WHOLE] = outcome_text(outcomes[0])
    context = {
        "title": LABELS[ChangeKind][kind].text,
        "order": order,
        "way": way_of(order.state),
        "kind": kind,
        "ticket": ticket_id or "",
        "is_address": kind == ChangeKind.ADDRESS,
        "reasons": reasons(),
        "state": state,
        "cancel_url": reverse("tickets-ticket", args=[ticket_id])
        if ticket_id
        else reverse("intake-order", args=[order_id]),
    }
    return render_page(request, "tickets/change_order.html", context, status=422 if state.errors else 200)


def _read(
    request: Request, order_id: int, kind: ChangeKind, ticket_id: int | None
) -> tuple[FormState[RequestChange], RequestChange | None]:
    """The wish as it was filled in, with the mistakes of either part."""
    receiver = read_form(request.POST, ReceiverWish) if kind == ChangeKind.ADDRESS else None
    fixed = {"order_id": order_id, "kind": kind, "ticket_id": ticket_id}
    state = read_form(request.POST, RequestChange, {**fixed, "receiver": receiver.item if receiver else None})
    if receiver is not None:
        state.values |= receiver.values
        state.errors |= receiver.errors
    return state, None if state.errors else state.item
