"""《活动执行方案》 as an answer: PDF. Both doors use it; the arithmetic beside the figures is worded here once."""

from datetime import datetime

from django.http import HttpResponse

from shopkeeper.flows.marketing.campaigns.papers.execution_plan import NOTHING, PlanPaper, execution_plan_pdf
from shopkeeper.flows.marketing.campaigns.queries.record import ExecutionPlan, PlanGoods, execution_plan
from shopkeeper.flows.marketing.campaigns.rules.forecast import Forecast
from shopkeeper.flows.marketing.campaigns.states import CampaignState, SlotState, TaskState
from shopkeeper.flows.marketing.campaigns.words import BUDGET_KINDS, CHANNELS, LABELS
from shopkeeper.foundation.actor import Actor
from shopkeeper.shared.clock import SHOP_ZONE
from shopkeeper.shared.words import T
from shopkeeper.sop.roles import ROLE_WORDS
from shopkeeper.web.shown import number


def plan_answer(viewer: Actor, campaign_id: int) -> HttpResponse | None:
    """M1.2: the plan as PDF; None where there is no such campaign."""
    found = execution_plan(viewer, campaign_id)
    if found is None:
        return None
    answer = HttpResponse(execution_plan_pdf(plan_paper(found)), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="campaign-{campaign_id}.pdf"'
    return answer


def plan_paper(found: ExecutionPlan) -> PlanPaper:
    """The paper of a plan, worded in the active language."""
    row = found.campaign
    states = LABELS[CampaignState], LABELS[SlotState], LABELS[TaskState]
    return PlanPaper(
        code=row.code,
        name=row.name,
        theme=row.theme,
        shop=found.shop,
        state=states[0][row.state].text.text(),
        time=f"{_at(row.starts_at)} – {_at(row.ends_at)}",
        figures=_figures(found),
        force=row.force,
        rules=[f"{rule.code} {rule.name}: {rule.says}" for rule in found.rules],
        goods=[_goods(one) for one in found.goods],
        audience=row.audience,
        segments=[f"{one.name} ({number(one.size)})" for one in found.segments],
        channels=[str(CHANNELS.get(one, one)) for one in row.channels],
        budget=[
            [
                f"{BUDGET_KINDS.get(one.kind, one.kind)} {one.name}".strip(),
                money(one.planned_minor + one.raised_minor),
                money(one.spent_minor),
            ]
            for one in found.budget
        ],
        budget_total=[T("合计", "Total").text(), money(found.planned_minor), money(found.spent_minor)],
        slots=[
            [
                one.place,
                f"{_at(one.starts_at)} – {_at(one.ends_at)}",
                _at(one.apply_by),
                money(one.cost_minor if one.cost_minor is not None else one.expected_cost_minor),
                states[1][SlotState(one.state)].text.text(),
            ]
            for one in found.slots
        ],
        materials=row.materials,
        material_lines=[one.title for one in found.materials],
        tasks=[
            [
                one.title,
                f"{ROLE_WORDS[one.role]} {one.owner}".strip(),
                _at(one.due_at),
                states[2][TaskState(one.state)].text.text(),
            ]
            for one in found.tasks
        ],
        risks=row.risks,
        arithmetic=[(name.text(), line) for name, line in arithmetic(found.forecast)],
        submitter=found.person(row.submitted_by),
        approver=found.person(row.decided_by),
        remark=found.decision_reason,
    )


def _figures(found: ExecutionPlan) -> list[tuple[str, str, str]]:
    row, made = found.campaign, found.forecast
    reach = NOTHING if made.goal_bp is None else f"{made.goal_bp / 100:.1f}%"
    roi = NOTHING if made.roi_bp is None else f"{made.roi_bp / 100:.0f}%"
    said = [
        (T("销售目标", "Sales goal"), money(row.goal_sales_minor), ""),
        (T("新客目标", "New customers"), number(row.goal_new_customers), ""),
        (T("预计访客", "Expected visitors"), number(row.expected_visitors), ""),
        (T("预计转化率", "Expected conversion"), f"{row.expected_conversion_bp / 100:g}%", ""),
        (
            T("预计销售额", "Expected sales"),
            money(made.sales_minor),
            T("目标的 {x}", "{x} of the goal").format(x=reach),
        ),
        (T("预计利润", "Expected profit"), money(made.profit_minor), ""),
        (
            T("最差叠加利润", "Profit at the worst stack"),
            money(made.worst_profit_minor),
            T("缺货 {n} 件", "{n:# piece|# pieces} lacking").format(n=number(made.lacking)),
        ),
        (T("预计 ROI", "Expected ROI"), roi, T("预算 {x}", "budget {x}").format(x=money(found.planned_minor))),
    ]
    return [(name.text(), value, str(note)) for name, value, note in said]


def _goods(one: PlanGoods) -> list[str]:
    line = one.line
    return [
        one.code,
        f"{one.name} {one.spec}".strip(),
        number(line.planned),
        number(line.free),
        money(line.price_minor),
        money(line.worst_minor),
        money(line.cost_minor) if line.is_cost_known else NOTHING,
        money(line.margin_minor),
    ]


def arithmetic(found: Forecast) -> list[tuple[T, str]]:
    """How the forecast's figures come about, line by line."""
    asked = found.expected
    lines = [
        (
            T("按流量", "By traffic"),
            f"{number(asked.visitors)} × {asked.conversion_bp / 100:g}% = {number(found.orders)};  "
            f"× {money(asked.basket_minor)} = {money(found.traffic_sales_minor)}",
        ),
        (T("按备货", "By goods"), f"Σ n × p = {money(found.goods_sales_minor)}"),
        (T("预计销售额", "Expected sales"), f"min = {money(found.sales_minor)}"),
        (
            T("平台佣金", "Commission"),
            f"{money(found.sales_minor)} × {asked.commission_bp / 100:g}% = {money(found.commission_minor)}",
        ),
    ]
    if found.margin_minor is None or found.worst_margin_minor is None:
        return lines
    tail = f"− {money(found.commission_minor)} − {money(asked.budget_minor)}"
    return [
        *lines,
        (T("预计利润", "Expected profit"), f"{money(found.margin_minor)} {tail} = {money(found.profit_minor)}"),
        (
            T("优惠叠加最差时", "At the worst stack"),
            f"{money(found.worst_margin_minor)} {tail} = {money(found.worst_profit_minor)}",
        ),
    ]


def money(minor: int | None) -> str:
    return NOTHING if minor is None else f"{minor / 100:,.2f}"


def _at(moment: datetime) -> str:
    return f"{moment.astimezone(SHOP_ZONE):%Y-%m-%d %H:%M}"
