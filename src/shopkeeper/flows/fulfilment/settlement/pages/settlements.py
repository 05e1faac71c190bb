"""Finance's pages of O4.1: the list of settlements, one settlement with its entries, and the decision on it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.urls import reverse

from shopkeeper.flows.fulfilment.intake.queries import OrderCard
from shopkeeper.flows.fulfilment.settlement.commands.approve_settlements import (
    ApproveSettlement,
    approve_settlements,
)
from shopkeeper.flows.fulfilment.settlement.commands.settle_orders import SettleOrder, settle_orders
from shopkeeper.flows.fulfilment.settlement.permissions import Permission
from shopkeeper.flows.fulfilment.settlement.ports import service_of_orders
from shopkeeper.flows.fulfilment.settlement.queries.asked import discounts_of, prices_asked
from shopkeeper.flows.fulfilment.settlement.queries.scope import shops_of
from shopkeeper.flows.fulfilment.settlement.queries.settlements import (
    SettlementFilter,
    SettlementRecord,
    SettlementRow,
    matching_orders,
    orders_of,
    settlement_counts,
    settlement_record,
    settlements_page,
    settlements_to_export,
)
from shopkeeper.flows.fulfilment.settlement.queries.trial import trial_of
from shopkeeper.flows.fulfilment.settlement.states import Doubt, PostingKind, SettlementState
from shopkeeper.flows.fulfilment.settlement.words import ACCOUNTS, DOUBT_ADVICE, LABELS, POSTINGS
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.documents.xlsx import Cell
from shopkeeper.foundation.documents.xlsx import Column as SheetColumn
from shopkeeper.shared.outcomes import Outcome
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.exporting import export
from shopkeeper.web.form_reading import WHOLE, FormState, read_form
from shopkeeper.web.labels import outcome_text
from shopkeeper.web.listing import BulkAction, Column, Filter, Listing, ListQuery, Tab
from shopkeeper.web.pages import MenuEntry, Request, may_open, page
from shopkeeper.web.record import Action, Badge, Happening, RecordHead, Step, render_record

SETTLEMENTS = Listing(
    key="settlements",
    title=T("订单结算", "Settlements"),
    clause="O4.1",
    record="settlement-record",
    columns=(
        Column("number", T("订单号", "Order no."), always=True),
        Column("state", T("状态", "State")),
        Column("shop", T("店铺", "Shop")),
        Column("paid", T("买家实付", "Paid"), align="end"),
        Column("commission", T("佣金", "Commission"), align="end"),
        Column("refund", T("退款", "Refunds"), align="end"),
        Column("receivable", T("应收平台", "Receivable"), align="end"),
        Column("cost", T("成本", "Cost"), align="end", shown=False),
        Column("margin", T("毛利", "Margin"), align="end"),
        Column("completed", T("完成时间", "Completed")),
        Column("due", T("结算时限", "Settle by")),
    ),
    tabs=(
        Tab("review", T("待核对", "To review"), tone="amber"),
        Tab("due", T("待结算", "To settle"), tone="blue"),
        Tab("settled", T("已结算", "Settled"), tone="green", counted=False),
        Tab("all", T("全部", "All"), counted=False),
    ),
    filters=(
        Filter("shop", T("店铺", "Shop")),
        Filter("doubt", T("核对原因", "Reason"), choices=[(str(d), LABELS[Doubt][d].text) for d in Doubt]),
        Filter("completed", T("完成日", "Completed"), kind="dates"),
    ),
    search=T("订单号 / 平台单号，可粘贴多个", "Order no. or platform no., paste many"),
    bulk=(BulkAction("settle", T("结算", "Settle"), url="settlement-settle", primary=True, icon="cash"),),
    live="settlement",
    arrivals="settlement.order_completed",
    exports=True,
)
SETTLEMENTS_TO_REVIEW = replace(SETTLEMENTS, bulk=())
SHEET = (
    SheetColumn(T("订单号", "Order no."), "id"),
    SheetColumn(T("平台单号", "Platform no."), "id"),
    SheetColumn(T("店铺", "Shop")),
    SheetColumn(T("状态", "State")),
    SheetColumn(T("完成时间", "Completed"), "moment"),
    SheetColumn(T("结算时间", "Settled"), "moment"),
    SheetColumn(T("币种", "Currency")),
    SheetColumn(T("买家实付", "Paid"), "money"),
    SheetColumn(T("收入", "Income"), "money"),
    SheetColumn(T("佣金", "Commission"), "money"),
    SheetColumn(T("成本", "Cost"), "money"),
    SheetColumn(T("退款", "Refunds"), "money"),
    SheetColumn(T("应收平台", "Receivable"), "money"),
    SheetColumn(T("毛利", "Margin"), "money"),
)


def _wanted(asked: ListQuery) -> SettlementFilter:
    """The list's question as the query takes it."""
    first, last = asked.filters.get("completed") or ("", "")
    shop = str(asked.filters.get("shop", ""))
    return SettlementFilter(
        state="" if asked.tab == "all" else asked.tab,
        text=asked.text,
        numbers=tuple(asked.numbers),
        shop_id=int(shop) if shop.isdecimal() else None,
        doubt=str(asked.filters.get("doubt", "")),
        from_day=_day(first),
        to_day=_day(last),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@page(
    "",
    name="settlement-list",
    clause="O4.1",
    permission=Permission.SETTLEMENT_VIEW,
    menu=MenuEntry(T("订单结算", "Settlements"), section="finance", order=10),
)
def settlements(request: Request) -> HttpResponse:
    asked = SETTLEMENTS.read(request)
    if asked.counting:
        return SETTLEMENTS.counters(request, settlement_counts(request.actor))
    wanted = _wanted(asked)
    if asked.exporting:
        cells = (_cells(row) for row in settlements_to_export(request.actor, wanted))
        return export(request, "settlements", T("订单结算", "Settlements"), SHEET, cells)
    after = asked.after_id
    rows, next_key = settlements_page(request.actor, wanted, after=after, limit=asked.limit)
    # What is to be reviewed is decided one by one, on its own page: settling it in bulk could only be refused.
    listing = SETTLEMENTS_TO_REVIEW if asked.tab == SettlementState.REVIEW else SETTLEMENTS
    return listing.render(
        request,
        asked,
        "settlement/settlements.html",
        rows=rows,
        next_key=next_key,
        choices={"shop": shops_of(request.actor)},
    )


def _cells(row: SettlementRow) -> tuple[Cell, ...]:
    """One settlement in the sheet: numbers as text, amounts as numbers."""
    state = LABELS[SettlementState][SettlementState(row.state)].text
    booked = (
        row.income_minor,
        row.commission_minor,
        row.cost_minor,
        row.refund_minor,
        row.receivable_minor,
        row.margin_minor,
    )
    return (
        row.order_number,
        row.platform_no,
        row.shop,
        state,
        row.completed_at,
        row.settled_at,
        row.currency,
        row.paid_minor,
        *(booked if row.is_settled else (None,) * len(booked)),
    )


@page(
    "settle/",
    name="settlement-settle",
    clause="O4.1",
    permission=Permission.SETTLEMENT_SETTLE,
    methods=("POST",),
)
def settle(request: Request) -> HttpResponse:
    """Settle the chosen orders; those that need a look answer why."""
    chosen = SETTLEMENTS.chosen(request)
    if chosen.all_matching:
        orders = matching_orders(request.actor, _wanted(chosen.asked))
    else:
        orders = orders_of(request.actor, chosen.ids)
    outcomes = run_once(request, settle_orders, [SettleOrder(order_id) for order_id in orders])
    return answer_outcomes(request, outcomes, done=T("已结算 {n} 单", "{n:# order|# orders} settled"))


@page(
    "<int:settlement_id>/",
    name="settlement-record",
    clause="O4.1",
    permission=Permission.SETTLEMENT_VIEW,
)
def record(request: Request, settlement_id: int) -> HttpResponse:
    return _record(request, settlement_id, FormState())


@page(
    "<int:settlement_id>/approve/",
    name="settlement-approve",
    clause="O4.1",
    permission=Permission.SETTLEMENT_APPROVE,
    methods=("POST",),
)
def approve(request: Request, settlement_id: int) -> HttpResponse:
    """Finance decides on a doubted order; mistakes show the record again with what was entered."""
    orders = orders_of(request.actor, [settlement_id])
    if not orders:
        raise Http404
    state = read_form(request.POST, ApproveSettlement, {"order_id": orders[0]})
    if state.item is not None:
        outcomes: list[Outcome] = run_once(request, approve_settlements, [state.item])
        if outcomes[0].ok:
            words = T("已核对并结算", "Reviewed and settled")
            return answer_outcomes(request, outcomes, done=words, to="settlement-record", args=(settlement_id,))
        state.errors[WHOLE] = outcome_text(outcomes[0])
    response = _record(request, settlement_id, state)
    response.status_code = 422
    return response


def _record(request: Request, settlement_id: int, state: FormState[ApproveSettlement]) -> HttpResponse:
    found = settlement_record(request.actor, settlement_id)
    if found is None:
        raise Http404
    row = found.row
    is_in_doubt = row.state == SettlementState.REVIEW
    trial = None if row.is_settled else trial_of(row.order_id)
    asked = prices_asked(found.order, row.shop_id)
    return render_record(
        request,
        "settlement/settlement.html",
        _head(found, request),
        timeline=_timeline(found),
        live="settlement",
        found=found,
        row=row,
        order=found.order,
        entries=[(entry, ACCOUNTS[entry.account], POSTINGS[entry.kind]) for entry in found.entries],
        state=state,
        advice=DOUBT_ADVICE.get(row.doubt) if is_in_doubt else None,
        needs_cost=row.doubt in (Doubt.COST_UNKNOWN, Doubt.CURRENCY_UNLIKE),
        may_approve=is_in_doubt and request.actor.may(Permission.SETTLEMENT_APPROVE),
        trial=trial,
        lines=[
            (line, asked.get(line.id), trial.unit_costs.get(line.id) if trial else None) for line in found.order.lines
        ],
        discounts=discounts_of(found.order, row.shop_id),
        sees_plans=may_open(request.actor, "price-plan"),
        ways=_ways(request.actor, found) if is_in_doubt else (),
        cases=() if row.is_settled else service_of_orders().open_cases(request.actor, row.order_id),
        all_cases=_cases_address(request.actor, row.order_number),
        is_refund_open=found.order.refund_state == "requested" and not row.is_settled,
    )


def _ways(actor: Actor, found: SettlementRecord) -> Sequence[tuple[T, str]]:
    """Where what is in doubt was set, for whoever looks: prices of the order's goods, promotions of its shop."""
    ways = []
    codes = " ".join(dict.fromkeys(line.sku_code for line in found.order.lines if line.sku_code))
    if codes and may_open(actor, "price-plans"):
        query = urlencode({"tab": "all", "q": codes})
        ways.append((T("看这些商品的定价", "Prices of these goods"), f"{reverse('price-plans')}?{query}"))
    if may_open(actor, "promotions"):
        query = urlencode({"tab": "all", "shop": found.row.shop_id})
        ways.append((T("看本店的促销", "The shop's promotions"), f"{reverse('promotions')}?{query}"))
    return ways


def _cases_address(actor: Actor, number: str) -> str:
    """The order's after-sale cases, open or over, for who may see them."""
    if not may_open(actor, "aftersale-list"):
        return ""
    return f"{reverse('aftersale-list')}?{urlencode({'tab': 'all', 'q': number})}"


def _head(found: SettlementRecord, request: Request) -> RecordHead:
    row, order = found.row, found.order
    settled = row.state == SettlementState.SETTLED
    badges = []
    if row.doubt and not settled:
        label = LABELS[Doubt][Doubt(row.doubt)]
        badges.append(Badge(label.text, label.tone, "alert-triangle"))
    if row.refund_minor:
        badges.append(Badge(T("有退款", "Refunded"), "red", "arrow-back"))
    settle_action = Action(T("结算", "Settle"), reverse("settlement-settle"), fields={"ids": row.id}, icon="cash")
    may_settle = row.state == SettlementState.DUE and request.actor.may(Permission.SETTLEMENT_SETTLE)
    return RecordHead(
        title=T("结算", "Settlement"),
        number=row.order_number,
        back="settlement-list",
        state=SettlementState(row.state),
        clause="O4.1",
        due_at=None if settled else row.due_at,
        badges=tuple(badges),
        steps=(
            *(Step(label, "done", at) for label, at in _on_its_way(order)),
            Step(T("买家确认", "Confirmed"), "done", row.completed_at),
            Step(T("已结算", "Settled"), "done" if settled else "now", row.settled_at),
        ),
        primary=settle_action if may_settle else None,
    )


def _on_its_way(order: OrderCard) -> list[tuple[T, datetime]]:
    """What is known of the parcel: a buyer may confirm what the courier never told signed."""
    told = ((T("已发货", "Shipped"), order.shipped_at), (T("已签收", "Signed"), order.signed_at))
    return [(label, at) for label, at in told if at]


def _timeline(found: SettlementRecord) -> list[Happening]:
    """What happened to the order's money."""
    row = found.row
    system = str(T("系统", "System"))
    happenings = [Happening(row.completed_at, T("订单完成，进入待结算", "Completed, to be settled"), system)]
    if row.settled_at:
        who, note = found.settled_by or system, found.approved_reason
        happenings.append(Happening(row.settled_at, T("已结算入账", "Settled"), who, note, tone="green"))
    refunds = {entry.refund_id: entry for entry in found.entries if entry.kind == PostingKind.REFUND}
    happenings += [
        Happening(entry.booked_at, T("退款冲回", "Refund reversed"), system, tone="red") for entry in refunds.values()
    ]
    return happenings
