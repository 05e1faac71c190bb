"""Money going back: the list for who approves and pays, and one refund with the decision about it."""

from typing import Any, TypeVar

from django.http import Http404, HttpResponse
from django.urls import reverse

from shopkeeper.flows.service.aftersale.commands.approve_refunds import (
    ApproveRefund,
    RejectRefund,
    approve_refunds,
    reject_refunds,
)
from shopkeeper.flows.service.aftersale.commands.pay_refunds import (
    ConfirmRefund,
    RetryRefund,
    confirm_refunds,
    retry_refunds,
)
from shopkeeper.flows.service.aftersale.pages.waiting import BUYER_APPLIES, talk_url, who_next
from shopkeeper.flows.service.aftersale.permissions import Permission
from shopkeeper.flows.service.aftersale.queries.cases import order_card, shops_of
from shopkeeper.flows.service.aftersale.queries.records import case_record
from shopkeeper.flows.service.aftersale.queries.refunds import (
    RefundRow,
    refund_counts,
    refund_parts,
    refund_row,
    refunds_page,
)
from shopkeeper.flows.service.aftersale.queries.returns import return_record
from shopkeeper.flows.service.aftersale.states import PayWay, RefundState, Solution
from shopkeeper.flows.service.aftersale.words import ERRORS, LABELS
from shopkeeper.foundation import business_time
from shopkeeper.foundation.commands import Command
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.form_reading import WHOLE, FormState, read_form
from shopkeeper.web.labels import outcome_text
from shopkeeper.web.listing import Column, Filter, Listing, Tab
from shopkeeper.web.pages import MenuEntry, Request, page
from shopkeeper.web.record import Action, Badge, Happening, RecordHead, Step, render_record
from shopkeeper.web.shown import money_text

Item = TypeVar("Item")
REFUNDS = Listing(
    key="aftersale-refunds",
    title=T("退款与补偿", "Refunds"),
    clause="S2.3",
    record="aftersale-refund",
    columns=(
        Column("number", T("售后单号", "Case no."), always=True),
        Column("state", T("状态", "State")),
        Column("amount", T("金额", "Amount"), align="end", always=True),
        Column("kind", T("类型", "Kind")),
        Column("solution", T("方案", "Solution")),
        Column("shop", T("店铺", "Shop")),
        Column("by", T("提出人", "Offered by")),
        Column("proposed", T("提出时间", "Offered")),
        Column("due", T("时限", "Due")),
    ),
    tabs=(
        Tab("proposed", T("待审批", "To approve"), tone="amber"),
        Tab("approved", T("退款中", "On its way"), tone="blue"),
        Tab("failed", T("失败", "Failed"), tone="red"),
        Tab("paid", T("已退款", "Paid"), tone="green", counted=False),
        Tab("all", T("全部", "All"), counted=False),
    ),
    filters=(Filter("shop", T("店铺", "Shop")),),
    live="aftersale",
)


@page(
    "refunds/",
    name="aftersale-refunds",
    clause="S2.3",
    permission=Permission.CASE_VIEW,
    menu=MenuEntry(T("退款审批", "Refunds"), section="aftersale", order=3),
)
def refunds(request: Request) -> HttpResponse:
    asked = REFUNDS.read(request)
    if asked.counting:
        return REFUNDS.counters(request, refund_counts(request.actor))
    shop = str(asked.filters.get("shop", ""))
    rows, next_key = refunds_page(
        request.actor,
        state="" if asked.tab == "all" else asked.tab,
        shop_id=int(shop) if shop.isdecimal() and len(shop) < 19 else None,
        after=asked.after_id,
        limit=asked.limit,
    )
    return REFUNDS.render(
        request,
        asked,
        "aftersale/refunds.html",
        rows=rows,
        next_key=next_key,
        choices={"shop": shops_of(request.actor)},
    )


@page("refunds/<int:refund_id>/", name="aftersale-refund", clause="S2.3", permission=Permission.CASE_VIEW)
def refund(request: Request, refund_id: int) -> HttpResponse:
    return _show(request, refund_id, FormState())


def _show(request: Request, refund_id: int, state: FormState[Any]) -> HttpResponse:
    row = refund_row(request.actor, refund_id)
    if row is None:
        raise Http404
    order = order_card(row.order_id)
    found = case_record(request.actor, row.case_id, business_time.now())
    names = {line.id: line for line in order.lines}
    is_own = request.actor.id == row.proposed_by_id
    may_pay = request.actor.may(Permission.REFUND_PAY) and row.state in (RefundState.APPROVED, RefundState.FAILED)
    waits = row.state == RefundState.PROPOSED and request.actor.may(Permission.REFUND_APPROVE)
    response = render_record(
        request,
        "aftersale/refund.html",
        _head(row, may_approve=waits and not is_own, may_pay=may_pay),
        timeline=_timeline(row),
        live="aftersale",
        row=row,
        order=order,
        found=found,
        back=return_record(request.actor, found.return_id) if found and found.return_id else None,
        awaits_goods=row.solution == Solution.RETURN_REFUND,
        may_see=request.actor.may(Permission.EVIDENCE_VIEW),
        who_next=who_next(row),
        parts=[(part, names.get(part.order_line_id)) for part in refund_parts(refund_id)],
        trouble=ERRORS.get(row.last_error) or (T(row.last_error, row.last_error) if row.last_error else ""),
        talk_url=talk_url(request, found.row.ticket_id) if found and who_next(row) is BUYER_APPLIES else "",
        is_own=waits and is_own,
        may_confirm=may_pay,
        state=state,
    )
    if state.errors:
        response.status_code = 422
    return response


def _head(row: RefundRow, *, may_approve: bool, may_pay: bool) -> RecordHead:
    primary, secondary = None, []
    if may_approve:
        url = reverse("aftersale-approve", args=[row.id])
        amount = money_text(row.amount_minor, row.currency)
        sure = T(
            "批准把 {amount} 退给买家（订单 {order}）？批准后由系统执行，不能撤回。",
            "Give {amount} back to the buyer (order {order})? Once approved it goes out and cannot be taken back.",
        ).format(amount=amount, order=row.order_number)
        fields = {"amount_minor": f"{row.amount_minor / 100:.2f}"}
        approve_words = T("批准 {amount}", "Approve {amount}").format(amount=amount)
        primary = Action(T("批准退款", "Approve"), url, fields, icon="check", sure=sure, does=approve_words)
        no = reverse("aftersale-reject", args=[row.id])
        secondary.append(Action(T("不批准", "Turn down"), no, ask=T("不批准的原因", "Why not"), icon="ban"))
    if may_pay and row.way == PayWay.PLATFORM:
        secondary.append(
            Action(
                T("重新提交平台", "Tell the platform again"), reverse("aftersale-retry", args=[row.id]), icon="refresh"
            )
        )
    badges = [Badge(T("补偿", "Compensation") if row.is_compensation else T("退款", "Refund"), "grey")]
    if row.outside_policy:
        badges.append(Badge(T("政策外", "Outside the policy"), "red", "alert-triangle"))
    ended = row.state in (RefundState.REJECTED, RefundState.CANCELLED)
    return RecordHead(
        title=T("退款", "Refund"),
        number=row.case_number,
        back="aftersale-refunds",
        state=RefundState(row.state),
        clause="S2.3",
        due_at=row.due_at,
        badges=tuple(badges),
        steps=(
            Step(T("提出", "Offered"), "done", row.proposed_at),
            Step(T("审批", "Approved"), "done" if row.approved_at else "stopped" if ended else "now", row.approved_at),
            Step(T("到账", "Paid"), "done" if row.paid_at else "now" if row.approved_at else "next", row.paid_at),
        ),
        primary=primary,
        secondary=tuple(secondary),
    )


def _timeline(row: RefundRow) -> list[Happening]:
    system = str(T("系统", "System"))
    solution = LABELS[Solution][Solution(row.solution)].text.text()
    told = [
        Happening(
            row.proposed_at, T("提出：{x}", "Offered: {x}").format(x=solution), row.proposed_by or system, row.why
        )
    ]
    if row.approved_at:
        words = (
            T("在免审批额度内，自动通过", "Within the limit: approved by itself")
            if row.by_itself
            else T("审批通过", "Approved")
        )
        told.append(Happening(row.approved_at, words, system if row.by_itself else row.approved_by, tone="green"))
    if row.paid_at:
        told.append(Happening(row.paid_at, T("退款到账", "Paid"), note=row.paid_evidence, kind="outside", tone="green"))
    return told


def _run(request: Request, refund_id: int, command: Command[Item], item_type: type[Item], done: T) -> HttpResponse:
    state = read_form(request.POST, item_type, {"refund_id": refund_id})
    if state.item is not None:
        outcomes = run_once(request, command, [state.item])
        if outcomes[0].ok:
            return answer_outcomes(request, outcomes, done=done, to="aftersale-refund", args=[refund_id])
        state.errors[WHOLE] = outcome_text(outcomes[0])
    return _show(request, refund_id, state)


@page(
    "refunds/<int:refund_id>/approve/",
    name="aftersale-approve",
    clause="S2.3",
    permission=Permission.REFUND_APPROVE,
    methods=("POST",),
)
def approve(request: Request, refund_id: int) -> HttpResponse:
    return _run(request, refund_id, approve_refunds, ApproveRefund, T("退款已批准", "Approved"))


@page(
    "refunds/<int:refund_id>/reject/",
    name="aftersale-reject",
    clause="S2.3",
    permission=Permission.REFUND_APPROVE,
    methods=("POST",),
)
def reject(request: Request, refund_id: int) -> HttpResponse:
    return _run(
        request,
        refund_id,
        reject_refunds,
        RejectRefund,
        T("已退回，需重新给方案", "Turned down; another solution is owed"),
    )


@page(
    "refunds/<int:refund_id>/retry/",
    name="aftersale-retry",
    clause="S2.3",
    permission=Permission.REFUND_PAY,
    methods=("POST",),
)
def retry(request: Request, refund_id: int) -> HttpResponse:
    return _run(request, refund_id, retry_refunds, RetryRefund, T("已重新提交平台", "The platform is told again"))


@page(
    "refunds/<int:refund_id>/confirm/",
    name="aftersale-confirm",
    clause="S2.3",
    permission=Permission.REFUND_PAY,
    methods=("POST",),
)
def confirm(request: Request, refund_id: int) -> HttpResponse:
    return _run(request, refund_id, confirm_refunds, ConfirmRefund, T("已登记到账", "Noted as paid"))
