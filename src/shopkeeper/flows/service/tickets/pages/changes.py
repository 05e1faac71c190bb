"""S2.2: changes of orders that are still with us: the list, one with its way, the form, what a person did."""

from django.http import Http404, HttpResponse
from django.urls import reverse

from shopkeeper.flows.service.tickets.commands.answer_changes import (
    BY_HAND,
    ConfirmChange,
    WithdrawChange,
    confirm_changes,
    withdraw_changes,
)
from shopkeeper.flows.service.tickets.pages.choices import words_of
from shopkeeper.flows.service.tickets.permissions import Permission
from shopkeeper.flows.service.tickets.queries.changes import (
    ChangeLine,
    ChangeRecord,
    change_counts,
    change_record,
    changes_page,
    order_now,
)
from shopkeeper.flows.service.tickets.queries.scope import order_id_of
from shopkeeper.flows.service.tickets.states import ChangeKind, ChangeState, Way
from shopkeeper.flows.service.tickets.words import (
    ADDRESS_WAITS,
    ANSWERS,
    BY_HAND_WAITS,
    CHANGE_WAITS,
    LABELS,
    REASONS,
    SHOWN_BY,
)
from shopkeeper.shared.clock import SHOP_ZONE
from shopkeeper.shared.outcomes import refused
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once, submit
from shopkeeper.web.form_reading import FormState
from shopkeeper.web.listing import Column, Filter, Listing, Tab
from shopkeeper.web.pages import MenuEntry, Request, page
from shopkeeper.web.record import Action, Badge, Happening, RecordHead, Step, render_record

REFUSED_BY = T(
    "例如：谁答复的、为什么；不要写客户姓名电话", "For example: who said so and why. No customer's name or phone"
)
NOT_MADE = T(
    "已登记为平台拒绝；订单仍扣住，等订单专员决定",
    "Recorded as refused; the order stays held until the order desk decides",
)
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
        waits_for=_waits_for(found),
        shown_by=SHOWN_BY[ChangeKind(line.kind)],
        may_confirm=request.actor.may(Permission.CHANGE_RECORD)
        and line.state in (ChangeState.REQUESTED, ChangeState.BY_HAND),
        confirm=FormState(),
    )


def _waits_for(found: ChangeRecord) -> T | None:
    """What happens next, by itself or by whom, and what if it does not."""
    line = found.line
    due = f"{line.due_at.astimezone(SHOP_ZONE):%m-%d %H:%M}"
    if line.waits_for_buyer:
        return CHANGE_WAITS.format(due=due)
    if line.state == ChangeState.ACKNOWLEDGED and line.kind == ChangeKind.ADDRESS:
        return ADDRESS_WAITS.format(minutes=found.pull_minutes, due=due)
    if line.state == ChangeState.BY_HAND and not found.has_interface:
        return BY_HAND_WAITS.format(due=due)
    return None


def _found(request: Request, change_id: int) -> ChangeRecord:
    found = change_record(request.actor, change_id)
    if found is None:
        raise Http404
    return found


def _head(request: Request, found: ChangeRecord) -> RecordHead:
    line = found.line
    waiting = line.state in (ChangeState.REQUESTED, ChangeState.BY_HAND)
    by_hand = line.state == ChangeState.ACKNOWLEDGED and line.answer_code == BY_HAND
    withdraw = _not_made(line) if by_hand else _withdraw(line)
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


def _withdraw(line: ChangeLine) -> Action:
    return Action(
        T("撤回…", "Withdraw…"),
        reverse("tickets-change-withdraw", args=[line.id]),
        icon="arrow-back-up",
        ask=T(
            "撤回原因。撤回后不再改，订单不再因这项改单扣住，按原来的样子继续。",
            "Why it is withdrawn. Nothing is changed then; the order is no longer held for it and goes on as it was.",
        ),
        does=T("撤回改单", "Withdraw the change"),
        keeps=T("不撤回", "Keep it"),
    )


def _not_made(line: ChangeLine) -> Action:
    return Action(
        T("平台没改成…", "Not changed there…"),
        reverse("tickets-change-withdraw", args=[line.id]),
        icon="x",
        ask=T(
            "怎么知道没改成。改单按“平台拒绝”结束，订单继续扣住，由订单专员决定。",
            "What shows it. The change ends as refused; the order stays held and the order desk decides.",
        ),
        does=T("登记平台没改成", "Record: not changed there"),
        keeps=T("再等等", "Wait on"),
    )


def _timeline(found: ChangeRecord) -> list[Happening]:
    line = found.line
    happenings = [
        Happening(line.requested_at, T("提出申请，订单扣住", "Requested; the order is held"), found.requested_by)
    ]
    if found.answered_at:
        words = T("平台答复", "The platform answered")
        answer = str(ANSWERS.get(line.answer_code, line.answer_code))
        happenings.append(Happening(found.answered_at, words, note=answer, kind="outside"))
    for move in found.moves:
        words = LABELS[ChangeState][ChangeState(move.became)].text
        happenings.append(Happening(move.at, words, move.who or str(T("系统", "System")), move.why))
    return happenings


@page(
    "changes/<int:change_id>/confirm/",
    name="tickets-change-confirm",
    clause="S2.2",
    permission=Permission.CHANGE_RECORD,
    methods=("GET", "POST"),
)
def confirm(request: Request, change_id: int) -> HttpResponse:
    """A person made the change in the platform's console, or was refused there, and says what shows it."""
    found = _found(request, change_id)
    is_refused = request.POST.get("is_refused") == "1"
    return submit(
        request,
        confirm_changes,
        ConfirmChange,
        template="tickets/confirm_change.html",
        context={
            "title": T("登记人工办理", "Record what was done by hand"),
            "shown_by": REFUSED_BY if is_refused else SHOWN_BY[ChangeKind(found.line.kind)],
            "is_refused": is_refused,
            "cancel_url": reverse("tickets-change", args=[change_id]),
        },
        extra={"change_id": change_id},
        done=NOT_MADE if is_refused else T("已登记", "Recorded"),
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
    line = _found(request, change_id).line
    why = request.POST.get("reason", "").replace("\x00", "").strip()[:200]
    if not why:
        return answer_outcomes(
            request, [refused("reason_needed")], done=T("", ""), to="tickets-change", args=(change_id,)
        )
    outcomes = run_once(request, withdraw_changes, [WithdrawChange(change_id)], why=why)
    words = NOT_MADE if line.state == ChangeState.ACKNOWLEDGED else _withdrawn(line.order_id)
    return answer_outcomes(request, outcomes, done=words, to="tickets-change", args=(change_id,))


def _withdrawn(order_id: int) -> T:
    """What became of the order with it: other exceptions may hold it on."""
    order = order_now(order_id)
    if order is not None and order.open_holds:
        return T(
            "已撤回；订单还有其他异常，仍扣住，由订单专员处理",
            "Withdrawn; other exceptions hold the order still, the order desk sees to them",
        )
    return T(
        "已撤回；订单不再因改单扣住，照原样继续", "Withdrawn; the order is no longer held for it and goes on as it was"
    )
