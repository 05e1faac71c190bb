"""Pages of campaigns (M1.1, M1.2): the list, and what is decided about one."""

from django.http import HttpResponse

from shopkeeper.flows.marketing.campaigns.commands.approve_plans import (
    ApprovePlan,
    ReturnPlan,
    approve_plans,
    return_plans,
)
from shopkeeper.flows.marketing.campaigns.commands.end_campaigns import (
    CancelCampaign,
    EndCampaign,
    cancel_campaigns,
    end_campaigns,
)
from shopkeeper.flows.marketing.campaigns.commands.launch_campaigns import LaunchCampaign, launch_campaigns
from shopkeeper.flows.marketing.campaigns.commands.submit_plans import SubmitPlan, submit_plans
from shopkeeper.flows.marketing.campaigns.commands.withdraw_plans import WithdrawPlan, withdraw_plans
from shopkeeper.flows.marketing.campaigns.permissions import Permission
from shopkeeper.flows.marketing.campaigns.queries.lists import (
    CampaignFilter,
    campaign_counts,
    campaigns_page,
)
from shopkeeper.foundation.naming import open_shops_of
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.listing import Column, Filter, Listing, ListQuery, Tab
from shopkeeper.web.pages import MenuEntry, Request, page

CAMPAIGNS = Listing(
    key="campaigns",
    title=T("营销活动", "Campaigns"),
    clause="M1.2",
    record="campaign",
    columns=(
        Column("code", T("编号", "Code"), always=True),
        Column("name", T("活动", "Campaign"), always=True),
        Column("state", T("状态", "State")),
        Column("shop", T("店铺", "Shop")),
        Column("time", T("时间", "Time")),
        Column("goal", T("销售目标", "Sales goal"), align="end"),
        Column("conversion", T("预计转化率", "Expected conversion"), align="end"),
        Column("budget", T("预算与已花", "Budget and spent"), align="end"),
        Column("due", T("时限", "Due")),
    ),
    tabs=(
        Tab("going", T("进行中", "Live"), tone="green"),
        Tab("in_review", T("待审批", "In review"), tone="amber"),
        Tab("approved", T("待上线", "To launch"), tone="blue"),
        Tab("planned", T("策划中", "Being planned")),
        Tab("over", T("已结束", "Over"), counted=False),
        Tab("all", T("全部", "All"), counted=False),
    ),
    filters=(Filter("shop", T("店铺", "Shop")),),
    search=T("活动编号或名称", "Code or name"),
    live="campaigns",
)


def _wanted(asked: ListQuery) -> CampaignFilter:
    shop = str(asked.filters.get("shop", ""))
    return CampaignFilter(
        tab=asked.tab,
        text=asked.text[:80],
        shop_id=int(shop) if shop.isdecimal() and len(shop) < 19 else None,
    )


@page(
    "",
    name="campaigns",
    clause="M1.2",
    permission=Permission.CAMPAIGN_VIEW,
    menu=MenuEntry(T("营销活动", "Campaigns"), section="marketing", order=20),
)
def campaigns(request: Request) -> HttpResponse:
    asked = CAMPAIGNS.read(request)
    if asked.counting:
        return CAMPAIGNS.counters(request, campaign_counts(request.actor))
    after = asked.after_id
    rows, next_key = campaigns_page(request.actor, _wanted(asked), after=after, limit=asked.limit)
    return CAMPAIGNS.render(
        request,
        asked,
        "campaigns/campaigns.html",
        rows=rows,
        next_key=next_key,
        choices={"shop": open_shops_of(request.actor)},
        may_edit=request.actor.may(Permission.CAMPAIGN_EDIT),
    )


@page("submit/", name="campaign-submit", clause="M1.2", permission=Permission.CAMPAIGN_EDIT, methods=("POST",))
def submit(request: Request) -> HttpResponse:
    """Submit a plan for approval."""
    outcomes = run_once(request, submit_plans, [SubmitPlan(id_) for id_ in CAMPAIGNS.chosen(request).ids])
    return answer_outcomes(request, outcomes, done=T("方案已提交审批", "The plan waits for approval"))


@page("approve/", name="campaign-approve", clause="M1.2", permission=Permission.CAMPAIGN_APPROVE, methods=("POST",))
def approve(request: Request) -> HttpResponse:
    """Approve a plan; one's own is refused."""
    chosen = CAMPAIGNS.chosen(request)
    outcomes = run_once(request, approve_plans, [ApprovePlan(id_, chosen.reason[:300]) for id_ in chosen.ids])
    return answer_outcomes(request, outcomes, done=T("方案已批准", "The plan is approved"))


@page("return/", name="campaign-return", clause="M1.2", permission=Permission.CAMPAIGN_APPROVE, methods=("POST",))
def return_(request: Request) -> HttpResponse:
    """Return a plan with what is to change."""
    chosen = CAMPAIGNS.chosen(request)
    outcomes = run_once(request, return_plans, [ReturnPlan(id_, chosen.reason[:300]) for id_ in chosen.ids])
    return answer_outcomes(request, outcomes, done=T("已退回", "Returned"))


@page("withdraw/", name="campaign-withdraw", clause="M1.2", permission=Permission.CAMPAIGN_EDIT, methods=("POST",))
def withdraw(request: Request) -> HttpResponse:
    """Take a plan out of review, to change it."""
    outcomes = run_once(request, withdraw_plans, [WithdrawPlan(id_) for id_ in CAMPAIGNS.chosen(request).ids])
    return answer_outcomes(request, outcomes, done=T("已撤回，可以修改", "Taken back; it can be changed"))


@page("launch/", name="campaign-launch", clause="M1.2", permission=Permission.CAMPAIGN_LAUNCH, methods=("POST",))
def launch(request: Request) -> HttpResponse:
    """Take a campaign live; the gate has the last word."""
    outcomes = run_once(request, launch_campaigns, [LaunchCampaign(id_) for id_ in CAMPAIGNS.chosen(request).ids])
    return answer_outcomes(request, outcomes, done=T("活动已上线", "The campaign is live"))


@page("end/", name="campaign-end", clause="M1.2", permission=Permission.CAMPAIGN_END, methods=("POST",))
def end(request: Request) -> HttpResponse:
    """End a live campaign before its time, with the reason."""
    chosen = CAMPAIGNS.chosen(request)
    outcomes = run_once(request, end_campaigns, [EndCampaign(id_, chosen.reason[:300]) for id_ in chosen.ids])
    return answer_outcomes(request, outcomes, done=T("活动已结束", "The campaign has ended"))


@page("cancel/", name="campaign-cancel", clause="M1.1", permission=Permission.CAMPAIGN_EDIT, methods=("POST",))
def cancel(request: Request) -> HttpResponse:
    """Give up a campaign that has not begun."""
    chosen = CAMPAIGNS.chosen(request)
    outcomes = run_once(request, cancel_campaigns, [CancelCampaign(id_, chosen.reason[:300]) for id_ in chosen.ids])
    return answer_outcomes(request, outcomes, done=T("活动已取消", "The campaign is cancelled"))
