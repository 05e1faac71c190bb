"""Pages of price plans (P3.2): the list, one plan with every margin, and the manager's decision."""

from django.http import Http404, HttpResponse
from django.urls import reverse

from shopkeeper.flows.products.pricing.commands.decide_prices import (
    ApprovePrice,
    ReturnPrice,
    approve_prices,
    return_prices,
)
from shopkeeper.flows.products.pricing.commands.withdraw_price import WithdrawPrice, withdraw_price
from shopkeeper.flows.products.pricing.permissions import Permission
from shopkeeper.flows.products.pricing.queries.plans import (
    PlanFilter,
    PlanRecord,
    PlanRow,
    matching_plans,
    plan_counts,
    plan_record,
    plans_page,
    plans_to_export,
    shops_of,
)
from shopkeeper.flows.products.pricing.states import PlanState
from shopkeeper.flows.products.pricing.words import LABELS, OWN_REASONS
from shopkeeper.foundation.documents.xlsx import Cell
from shopkeeper.foundation.documents.xlsx import Column as SheetColumn
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.exporting import export
from shopkeeper.web.labels import Tone
from shopkeeper.web.listing import BulkAction, Chosen, Column, Filter, Listing, ListQuery, Tab
from shopkeeper.web.pages import MenuEntry, Request, page
from shopkeeper.web.record import Action, Badge, Happening, RecordHead, Step, render_record

WHY_APPROVE = T("为什么可以低于目标毛利？", "Why may it miss the target margin?")
WHY_RETURN = T("哪里要改？", "What is to change?")
WHY_WITHDRAW = T("为什么撤回？", "Why is it withdrawn?")
PLANS = Listing(
    key="prices",
    title=T("定价", "Prices"),
    clause="P3.2",
    record="price-plan",
    columns=(
        Column("code", T("商家编码", "SKU code"), always=True),
        Column("name", T("商品", "Product")),
        Column("state", T("状态", "State")),
        Column("shop", T("店铺", "Shop")),
        Column("cost", T("成本", "Cost"), align="end", shown=False),
        Column("list", T("划线价", "Strike-through"), align="end"),
        Column("sale", T("售价", "Sale"), align="end"),
        Column("discount", T("折扣价", "Discount"), align="end"),
        Column("member", T("会员价", "Member"), align="end"),
        Column("margin", T("最低毛利率 / 目标", "Lowest margin / target"), align="end"),
        Column("time", T("有效期", "Valid")),
        Column("due", T("审批时限", "Decide by")),
    ),
    tabs=(
        Tab("proposed", T("待审批", "To approve"), tone="amber"),
        Tab("scheduled", T("待生效", "Scheduled"), tone="blue"),
        Tab("in_force", T("生效中", "In force"), tone="green"),
        Tab("returned", T("已退回", "Returned"), tone="red"),
        Tab("all", T("全部", "All"), counted=False),
    ),
    filters=(
        Filter("shop", T("店铺", "Shop")),
        Filter("below", T("低于目标", "Below target"), choices=(("1", T("低于目标", "Below target")),)),
    ),
    search=T("商家编码 / 条码 / 名称，可粘贴多个", "SKU code, barcode or name, paste many"),
    bulk=(
        BulkAction("approve", T("批准", "Approve"), url="price-approve", primary=True, icon="check", ask=WHY_APPROVE),
        BulkAction("return", T("退回", "Return"), url="price-return", icon="arrow-back", ask=WHY_RETURN),
    ),
    live="pricing",
    arrivals="pricing.price_proposed",
    exports=True,
)
ENDED_BEFORE = (PlanState.PROPOSED, PlanState.SCHEDULED, PlanState.RETURNED)  # withdrawn before it was ever in force
SHEET = (
    SheetColumn(T("商家编码", "SKU code"), "id"),
    SheetColumn(T("商品", "Product")),
    SheetColumn(T("店铺", "Shop")),
    SheetColumn(T("状态", "State")),
    SheetColumn(T("币种", "Currency")),
    SheetColumn(T("成本价", "Cost"), "money"),
    SheetColumn(T("竞品价", "Competitor price"), "money"),
    SheetColumn(T("划线价", "Strike-through price"), "money"),
    SheetColumn(T("售价", "Sale price"), "money"),
    SheetColumn(T("折扣价", "Discount price"), "money"),
    SheetColumn(T("会员价", "Member price"), "money"),
    SheetColumn(T("最低叠加价", "Worst case"), "money"),
    SheetColumn(T("最低毛利率", "Lowest margin")),
    SheetColumn(T("目标毛利率", "Target margin")),
    SheetColumn(T("生效时间", "Valid from"), "moment"),
    SheetColumn(T("结束时间", "Valid to"), "moment"),
    SheetColumn(T("原因", "Reason")),
)


def _wanted(asked: ListQuery) -> PlanFilter:
    """The list's question as the query takes it."""
    shop = str(asked.filters.get("shop", ""))
    return PlanFilter(
        state="" if asked.tab == "all" else asked.tab,
        text=asked.text,
        numbers=tuple(asked.numbers),
        shop_id=int(shop) if shop.isdecimal() and len(shop) < 19 else None,
        below=asked.filters.get("below") == "1",
        to_mend=asked.tab == "returned",
    )


@page(
    "",
    name="price-plans",
    clause="P3.2",
    permission=Permission.PRICE_VIEW,
    menu=MenuEntry(T("定价", "Prices"), section="products", order=30),
)
def plans(request: Request) -> HttpResponse:
    asked = PLANS.read(request)
    if asked.counting:
        return PLANS.counters(request, plan_counts(request.actor))
    wanted = _wanted(asked)
    if asked.exporting:
        rows_of_sheet = map(_cells, plans_to_export(request.actor, wanted))
        return export(request, "prices", PLANS.title, SHEET, rows_of_sheet)
    after = asked.after_id
    rows, next_key = plans_page(request.actor, wanted, after=after, limit=asked.limit)
    return PLANS.render(
        request,
        asked,
        "pricing/plans.html",
        rows=rows,
        next_key=next_key,
        choices={"shop": shops_of(request.actor)},
        may_propose=request.actor.may(Permission.PRICE_PROPOSE),
        may_set_targets=request.actor.may(Permission.TARGET_SET),
    )


def _cells(row: PlanRow) -> tuple[Cell, ...]:
    """A row of the workbook; its price columns can be imported again."""
    return (
        row.code,
        row.name,
        row.shop,
        LABELS[PlanState][PlanState(row.state)].text,
        row.currency,
        row.cost_minor,
        row.competitor_minor,
        row.list_minor,
        row.sale_minor,
        row.discount_minor,
        row.member_minor,
        row.worst_minor,
        row.margin_percent,
        row.target_percent,
        row.valid_from,
        row.valid_to,
        row.reason,
    )


def _ids(request: Request, chosen: Chosen) -> list[int]:
    return matching_plans(request.actor, _wanted(chosen.asked)) if chosen.all_matching else chosen.ids


@page("approve/", name="price-approve", clause="P3.2", permission=Permission.PRICE_APPROVE, methods=("POST",))
def approve(request: Request) -> HttpResponse:
    """Approve the chosen plans with one reason; one's own are refused."""
    chosen = PLANS.chosen(request)
    items = [ApprovePrice(plan_id, chosen.reason) for plan_id in _ids(request, chosen)]
    outcomes = run_once(request, approve_prices, items)
    return answer_outcomes(request, outcomes, done=T("已批准 {n} 份定价", "{n:# price plan|# price plans} approved"))


@page("return/", name="price-return", clause="P3.2", permission=Permission.PRICE_APPROVE, methods=("POST",))
def return_(request: Request) -> HttpResponse:
    """Return the chosen plans with one reason."""
    chosen = PLANS.chosen(request)
    items = [ReturnPrice(plan_id, chosen.reason) for plan_id in _ids(request, chosen)]
    outcomes = run_once(request, return_prices, items)
    return answer_outcomes(request, outcomes, done=T("已退回 {n} 份定价", "{n:# price plan|# price plans} returned"))


@page("withdraw/", name="price-withdraw", clause="P3.2", permission=Permission.PRICE_PROPOSE, methods=("POST",))
def withdraw(request: Request) -> HttpResponse:
    """Take plans back, or end temporary ones, with the reason."""
    chosen = PLANS.chosen(request)
    outcomes = run_once(request, withdraw_price, [WithdrawPrice(id_, chosen.reason) for id_ in chosen.ids])
    return answer_outcomes(request, outcomes, done=T("已撤回", "Withdrawn"))


@page("<int:plan_id>/", name="price-plan", clause="P3.2", permission=Permission.PRICE_VIEW)
def plan(request: Request, plan_id: int) -> HttpResponse:
    """One plan: every price with its margin against the target, the worst case included."""
    found = plan_record(request.actor, plan_id)
    if found is None:
        raise Http404
    return render_record(
        request,
        "pricing/plan.html",
        _head(request, found),
        timeline=_timeline(found),
        live="pricing",
        found=found,
        row=found.row,
        lowest=found.lowest_before,
        returned_for=found.row.decision_reason.strip().rstrip("。.；;"),
        is_own=found.row.waits and found.row.proposed_by == request.actor.id,
    )


def _head(request: Request, found: PlanRecord) -> RecordHead:
    row, may = found.row, request.actor.may
    fields = {"ids": row.id}
    approve_action = Action(
        T("批准", "Approve"), reverse("price-approve"), fields=fields, icon="check", ask=WHY_APPROVE
    )
    return_action = Action(
        T("退回", "Return"), reverse("price-return"), fields=fields, icon="arrow-back", ask=WHY_RETURN
    )
    may_decide = row.waits and may(Permission.PRICE_APPROVE) and row.proposed_by != request.actor.id
    can_end = row.state == PlanState.IN_FORCE and row.valid_to is not None
    withdraw_action = Action(
        T("提前结束", "End now") if can_end else T("撤回", "Withdraw"),
        reverse("price-withdraw"),
        fields=fields,
        icon="x",
        ask=WHY_WITHDRAW,
    )
    may_withdraw = may(Permission.PRICE_PROPOSE) and (can_end or row.state in ENDED_BEFORE)
    is_returned = row.state == PlanState.RETURNED
    title = T("改好再提交", "Mend and propose again") if is_returned else T("改价", "New prices")
    again = Action(title, f"{reverse('price-new')}?plan={row.id}", method="get", icon="edit")
    may_again = may(Permission.PRICE_PROPOSE) and not row.waits
    return RecordHead(
        title=T("定价", "Price plan"),
        number=row.code,
        back="price-plans",
        state=PlanState(row.state),
        clause="P3.2",
        due_at=row.due_at if row.waits else found.mend_by,
        badges=(Badge(T("低于目标毛利", "Below target"), "amber", "alert-triangle"),) if row.is_below else (),
        steps=_steps(found),
        primary=approve_action if may_decide else again if may_again and is_returned else None,
        secondary=(
            *((return_action,) if may_decide else ()),
            *((withdraw_action,) if may_withdraw else ()),
            *((again,) if may_again and not is_returned else ()),
        ),
    )


def _steps(found: PlanRecord) -> tuple[Step, ...]:
    row, state = found.row, PlanState(found.row.state)
    proposed = Step(T("提交", "Proposed"), "done", row.proposed_at)
    if state in (PlanState.RETURNED, PlanState.WITHDRAWN):
        return proposed, Step(LABELS[PlanState][state].text, "stopped", row.decided_at)
    decided = Step(T("批准", "Approved"), "now" if row.waits else "done", row.decided_at)
    began = Step(
        T("生效", "In force"),
        "done" if row.ended_at else "now" if row.began_at else "next",
        row.began_at or row.valid_from,
    )
    ended = Step(T("结束", "Ended"), "done" if row.ended_at else "next", row.ended_at or row.valid_to)
    return (proposed, decided, began, ended) if row.due_at else (proposed, began, ended)


def _timeline(found: PlanRecord) -> list[Happening]:
    row, system = found.row, str(T("系统", "System"))
    happened = [Happening(row.proposed_at, T("提交定价", "Proposed"), found.proposed_by, row.reason)]
    if row.decided_at:
        what = T("退回", "Returned") if found.was_returned else T("批准", "Approved")
        tone: Tone = "red" if found.was_returned else "green"
        happened.append(Happening(row.decided_at, what, found.decided_by, row.decision_reason, tone=tone))
    if row.began_at:
        happened.append(Happening(row.began_at, T("开始生效", "In force"), system, tone="green"))
    if row.ended_at:
        happened.append(Happening(row.ended_at, T("结束", "Ended"), "", _said(found.ended_because)))
    if row.state == PlanState.WITHDRAWN and found.ended_at:
        happened.append(Happening(found.ended_at, T("撤回", "Withdrawn"), "", _said(found.ended_because)))
    return happened


def _said(reason: str) -> str:
    return str(OWN_REASONS.get(reason, reason))
