"""Customer service's pages of O4.2: whom to ask, and one call with script and answer on one screen."""

from datetime import datetime

from django.http import Http404, HttpResponse
from django.urls import reverse

from shopkeeper.flows.fulfilment.settlement.commands.record_follow_up import RecordFollowUp, record_follow_up
from shopkeeper.flows.fulfilment.settlement.permissions import Permission
from shopkeeper.flows.fulfilment.settlement.ports import problem_reference, service_of_orders
from shopkeeper.flows.fulfilment.settlement.queries.follow_ups import (
    FollowUpFilter,
    FollowUpRecord,
    follow_up_counts,
    follow_up_record,
    follow_ups_page,
)
from shopkeeper.flows.fulfilment.settlement.queries.scope import shops_of
from shopkeeper.flows.fulfilment.settlement.states import FollowUpOutcome, FollowUpState
from shopkeeper.flows.fulfilment.settlement.words import ANSWERS, LABELS, SCRIPT
from shopkeeper.foundation import business_time
from shopkeeper.shared.clock import day_of
from shopkeeper.shared.outcomes import Outcome
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.form_reading import WHOLE, FormState, read_form
from shopkeeper.web.labels import outcome_text
from shopkeeper.web.listing import Column, Filter, Listing, Tab
from shopkeeper.web.pages import MenuEntry, Request, may_open, page
from shopkeeper.web.record import Badge, Happening, RecordHead, Step, render_record

FOLLOW_UPS = Listing(
    key="followups",
    title=T("收货回访", "Receipt follow-ups"),
    clause="O4.2",
    record="settlement-followup",
    columns=(
        Column("number", T("订单号", "Order no."), always=True),
        Column("state", T("状态", "State")),
        Column("buyer", T("买家", "Buyer")),
        Column("shop", T("店铺", "Shop")),
        Column("paid", T("实付", "Paid"), align="end"),
        Column("signed", T("签收时间", "Signed")),
        Column("attempts", T("已联系", "Attempts"), align="end"),
        Column("outcome", T("结果", "Outcome")),
        Column("due", T("办理时限", "Do by")),
    ),
    tabs=(
        Tab("open", T("待回访", "To ask"), tone="amber"),
        Tab("answered", T("已回访", "Asked"), counted=False),
        Tab("closed", T("已关闭", "Closed"), counted=False),
        Tab("all", T("全部", "All"), counted=False),
    ),
    filters=(
        Filter("shop", T("店铺", "Shop")),
        Filter(
            "outcome",
            T("结果", "Outcome"),
            choices=[(str(o), LABELS[FollowUpOutcome][o].text) for o in FollowUpOutcome],
        ),
    ),
    search=T("订单号 / 平台单号，可粘贴多个", "Order no. or platform no., paste many"),
    live="settlement",
    arrivals="settlement.follow_up_opened",
)


@page(
    "followups/",
    name="settlement-followups",
    clause="O4.2",
    permission=Permission.FOLLOW_UP_VIEW,
    menu=MenuEntry(T("收货回访", "Follow-ups"), section="aftersale", order=10),
)
def follow_ups(request: Request) -> HttpResponse:
    asked = FOLLOW_UPS.read(request)
    if asked.counting:
        return FOLLOW_UPS.counters(request, follow_up_counts(request.actor))
    shop = str(asked.filters.get("shop", ""))
    wanted = FollowUpFilter(
        state="" if asked.tab == "all" else asked.tab,
        outcome=str(asked.filters.get("outcome", "")),
        text=asked.text,
        numbers=tuple(asked.numbers),
        shop_id=int(shop) if shop.isdecimal() else None,
    )
    rows, next_key = follow_ups_page(request.actor, wanted, after=asked.after, limit=asked.limit)
    return FOLLOW_UPS.render(
        request,
        asked,
        "settlement/followups.html",
        rows=rows,
        next_key=next_key,
        choices={"shop": shops_of(request.actor)},
    )


@page(
    "followups/<int:followup_id>/",
    name="settlement-followup",
    clause="O4.2",
    permission=Permission.FOLLOW_UP_VIEW,
)
def follow_up(request: Request, followup_id: int) -> HttpResponse:
    return _record(request, followup_id, FormState())


@page(
    "followups/<int:followup_id>/answer/",
    name="settlement-followup-answer",
    clause="O4.2",
    permission=Permission.FOLLOW_UP_RECORD,
    methods=("POST",),
)
def answer(request: Request, followup_id: int) -> HttpResponse:
    """Record what the buyer said; mistakes show the page again with what was written."""
    state = read_form(request.POST, RecordFollowUp, {"followup_id": followup_id})
    if state.item is not None:
        outcomes: list[Outcome] = run_once(request, record_follow_up, [state.item])
        if outcomes[0].ok:
            if FollowUpOutcome(state.item.outcome) is FollowUpOutcome.HAS_PROBLEM:
                words = T("已记录，正在为买家的问题建工单", "On record; a ticket is being made of the problem")
                return answer_outcomes(request, outcomes, done=words, to="settlement-followup", args=(followup_id,))
            words = T("回访结果已记录", "The answer is on record")
            return answer_outcomes(request, outcomes, done=words, to="settlement-followups")
        state.errors[WHOLE] = outcome_text(outcomes[0])
    response = _record(request, followup_id, state)
    response.status_code = 422
    return response


def _record(request: Request, followup_id: int, state: FormState[RecordFollowUp]) -> HttpResponse:
    found = follow_up_record(request.actor, followup_id, business_time.now())
    if found is None:
        raise Http404
    is_open = found.row.state == FollowUpState.OPEN
    service = service_of_orders()
    cases = service.open_cases(request.actor, found.order.id) if may_open(request.actor, "aftersale-case") else ()
    has_problem = found.row.outcome == FollowUpOutcome.HAS_PROBLEM
    may_see = has_problem and may_open(request.actor, "tickets-ticket")
    return render_record(
        request,
        "settlement/followup.html",
        _head(found),
        timeline=_timeline(found),
        live="tickets" if has_problem else "settlement",
        found=found,
        row=found.row,
        order=found.order,
        script=_script(found),
        state=state,
        answers=[(outcome, text, hint, icon) for outcome, (text, hint, icon) in ANSWERS.items()],
        cases=cases,
        has_problem=has_problem,
        ticket=service.ticket_of(request.actor, problem_reference(found.row.id)) if may_see else None,
        new_case=f"{reverse('aftersale-new')}?order={found.row.order_number}"
        if may_open(request.actor, "aftersale-new")
        else "",
        may_record=is_open and request.actor.may(Permission.FOLLOW_UP_RECORD),
    )


def _script(found: FollowUpRecord) -> list[T]:
    """The script with this order's facts; masked data stays masked."""
    at = found.order.signed_at or found.order.shipped_at
    facts = {
        "shop": found.row.shop,
        "goods": found.goods,
        "signed": f"{day_of(at):%Y-%m-%d}" if at else "",
    }
    return [line.format(**facts) for line in SCRIPT]


def _head(found: FollowUpRecord) -> RecordHead:
    row, order = found.row, found.order
    ended = row.state != FollowUpState.OPEN
    badges = [
        Badge(
            T("第 {n} 次，共 {of} 次", "Attempt {n} of {of}").format(
                n=min(found.next_attempt, found.attempts_allowed), of=found.attempts_allowed
            ),
            "blue",
            "phone",
        )
    ]
    if order.refund_state == "requested":
        badges.append(Badge(T("退款中", "Refund open"), "red", "alert-triangle"))
    return RecordHead(
        title=T("收货回访", "Follow-up"),
        number=row.order_number,
        back="settlement-followups",
        state=FollowUpState(row.state),
        clause="O4.2",
        due_at=row.open_until,
        badges=() if ended else tuple(badges),
        steps=(
            Step(T("已发货", "Shipped"), "done", order.shipped_at),
            Step(T("已签收", "Signed"), "done" if order.signed_at else "next", order.signed_at),
            Step(T("回访买家", "Asked"), "done" if ended else "now", row.ended_at),
            Step(T("确认收货", "Confirmed"), "done" if order.completed_at else "next", order.completed_at),
        ),
    )


def _timeline(found: FollowUpRecord) -> list[Happening]:
    """From signing to the last try."""
    system = str(T("系统", "System"))
    happenings = []
    if found.order.signed_at:
        happenings.append(_outside(found.order.signed_at, T("包裹签收", "Parcel signed for")))
    happenings.append(Happening(found.row.opened_at, T("超期未确认，生成回访", "Silent too long: to be asked"), system))
    if found.order.completed_at:
        happenings.append(_outside(found.order.completed_at, T("买家确认收货", "The buyer confirmed")))
    for tried in found.tries:
        label = LABELS[FollowUpOutcome][FollowUpOutcome(tried.outcome)]
        note = str(T("有备注（已加密保存）", "With a note (kept sealed)")) if tried.has_note else ""
        happenings.append(Happening(tried.made_at, label.text, tried.person, note, "note", label.tone))
    return happenings


def _outside(at: datetime, what: T) -> Happening:
    return Happening(at, what, kind="outside", tone="green")
