"""《活动执行方案》 on screen (M1.2): one campaign with every field of the paper, its clocks, its time line."""

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from shopkeeper.flows.marketing.campaigns.documents import arithmetic, plan_answer
from shopkeeper.flows.marketing.campaigns.permissions import Permission
from shopkeeper.flows.marketing.campaigns.ports import NO_GATE, go_live_gate
from shopkeeper.flows.marketing.campaigns.queries.differences import differences
from shopkeeper.flows.marketing.campaigns.queries.lists import approver_roles, own_slot_choices, person_choices
from shopkeeper.flows.marketing.campaigns.queries.record import ExecutionPlan, campaign_of, execution_plan
from shopkeeper.flows.marketing.campaigns.rules.plans import launch_opens_at, returned_for
from shopkeeper.flows.marketing.campaigns.states import WRITABLE, CampaignState, SlotState, TaskState
from shopkeeper.flows.marketing.campaigns.words import BUDGET_KINDS, CHANNELS, PARTS, said_at, trouble_says
from shopkeeper.flows.marketing.campaigns.words import LABELS as STATE_WORDS
from shopkeeper.foundation import business_time
from shopkeeper.shared.clock import SHOP_ZONE
from shopkeeper.shared.words import T, listed
from shopkeeper.sop.policy import read_policies
from shopkeeper.sop.roles import ROLE_WORDS
from shopkeeper.web.form_reading import FormState
from shopkeeper.web.labels import refusal_text
from shopkeeper.web.pages import Request, may_open, page
from shopkeeper.web.record import Action, Badge, Happening, RecordHead, Step, render_record

WHY_APPROVE = T("审批意见（可不填）", "Your remark (may be empty)")
WHY_RETURN = T("哪里要改？", "What is to change?")
WHY_END = T("为什么提前结束？", "Why does it end early?")
WHY_CANCEL = T("为什么不做了？", "Why is it given up?")
RETURNED_SHOWN = (CampaignState.PLANNED, CampaignState.IN_REVIEW)
WITHDRAWN = T("撤回", "Withdrawn")
OWN = T("自己的方案要由另一个人审批", "Somebody else decides on your own plan")


@page("<int:campaign_id>/", name="campaign", clause="M1.2", permission=Permission.CAMPAIGN_VIEW)
def campaign(request: Request, campaign_id: int) -> HttpResponse:
    found = execution_plan(request.actor, campaign_id)
    if found is None:
        raise Http404
    may = request.actor.may
    going = found.campaign.state not in (CampaignState.CANCELLED, CampaignState.REVIEWED)
    return render_record(
        request,
        "campaigns/campaign.html",
        _head(request, found),
        timeline=_timeline(found),
        live="campaigns",
        found=found,
        row=found.campaign,
        channels=[CHANNELS.get(one, one) for one in found.campaign.channels],
        missing=listed(PARTS[part] for part in found.missing),
        broken=[(one.written, said_at(one.place)) for one in found.broken],
        troubles=[(one.why, one.rule, trouble_says(one.why, one.promises)) for one in found.troubles],
        budget=[(one, BUDGET_KINDS.get(one.kind, one.kind)) for one in found.budget],
        raises=[(one, BUDGET_KINDS.get(one.item[0], one.item[0])) for one in found.raises],
        tasks=[(one, ROLE_WORDS[one.role], _may_finish(request, one.owner_id, one.role)) for one in found.tasks],
        go_live=_go_live(request, found),
        approvers=_approvers() if found.campaign.state == CampaignState.IN_REVIEW else "",
        may_withdraw=_may_withdraw(request, found),
        prices=_prices(found),
        ask_material_url=_ask_material_url(request, found),
        returned_for=returned_for(found.moves) if found.campaign.state in RETURNED_SHOWN else "",
        arithmetic=arithmetic(found.forecast),
        differences=differences(found.campaign),
        state=FormState(),
        is_ahead=found.campaign.state in (*WRITABLE, CampaignState.IN_REVIEW, CampaignState.APPROVED),
        may_edit=may(Permission.CAMPAIGN_EDIT) and going,
        may_write=may(Permission.CAMPAIGN_EDIT) and found.campaign.state in WRITABLE,
        may_spend=may(Permission.CAMPAIGN_SPEND) and found.campaign.state not in (*WRITABLE, CampaignState.CANCELLED),
        may_decide=may(Permission.CAMPAIGN_APPROVE),
        kinds=[(kind, words) for kind, words in BUDGET_KINDS.items()],
        items=[(one.id, f"{BUDGET_KINDS.get(one.kind, one.kind)} {one.name}") for one in found.budget],
        roles=[(role, words) for role, words in ROLE_WORDS.items() if role != "system"],
        people=person_choices(),
        places=own_slot_choices(found.campaign.shop_id),
        open_slot=SlotState.TO_APPLY,
        applied_slot=SlotState.APPLIED,
        open_task=TaskState.OPEN,
        actor_id=request.actor.id,
        submitter=found.person(found.campaign.submitted_by),
        approver=found.person(found.campaign.decided_by),
    )


@dataclass(frozen=True, slots=True)
class GoLive:
    """What an approved campaign waits for before it goes live: its time, its gate."""

    opens_at: datetime | None
    why: T | None
    gate_url: str


def _approvers() -> T:
    """One of these roles is enough."""
    roles = approver_roles()
    return T("或".join(role.text("zh") for role in roles), " or ".join(role.text("en") for role in roles))


def _may_withdraw(request: Request, found: ExecutionPlan) -> bool:
    """Whether a plan in review is this person's to take back: its writers', not the approver's who looks at it."""
    if found.campaign.state != CampaignState.IN_REVIEW or not request.actor.may(Permission.CAMPAIGN_EDIT):
        return False
    is_own = request.actor.id in (found.campaign.submitted_by, found.saved_by)
    return is_own or not request.actor.may(Permission.CAMPAIGN_APPROVE)


def _go_live(request: Request, found: ExecutionPlan) -> GoLive | None:
    """None where the plan is not approved, or live already."""
    if found.campaign.state != CampaignState.APPROVED:
        return None
    id_ = found.campaign.id
    code = go_live_gate().verdicts([id_])[id_]
    is_there = code != NO_GATE and may_open(request.actor, "launch-gate-of")
    url = reverse("launch-gate-of", args=[id_]) if is_there else ""
    return GoLive(_opens_at(found), refusal_text(code, "launch") if code else None, url)


def _ask_material_url(request: Request, found: ExecutionPlan) -> str:
    """The form that asks design for a material, for whoever may; empty once nothing is prepared any more."""
    is_over = found.campaign.state in (CampaignState.ENDED, CampaignState.REVIEWED, CampaignState.CANCELLED)
    if is_over or not may_open(request.actor, "launch-brief"):
        return ""
    return f"{reverse('launch-brief')}?campaign={found.campaign.id}"


def _prices(found: ExecutionPlan) -> tuple[int, int] | None:
    """The lowest and the highest price of the plan's goods."""
    prices = [one.line.price_minor for one in found.goods]
    return (min(prices), max(prices)) if prices else None


def _may_finish(request: Request, owner_id: int | None, role: str) -> bool:
    mine = owner_id == request.actor.id or (owner_id is None and role in request.actor.roles)
    return request.actor.may(Permission.TASK_DO) and (mine or request.actor.may(Permission.CAMPAIGN_EDIT))


@page("<int:campaign_id>/plan.pdf", name="campaign-document", clause="M1.2", permission=Permission.CAMPAIGN_VIEW)
def document(request: Request, campaign_id: int) -> HttpResponse:
    """《活动执行方案》 as PDF."""
    answer = plan_answer(request.actor, campaign_id)
    if answer is None:
        raise Http404
    return answer


@page("slots/<int:slot_id>/", name="campaign-slot", clause="M1.2", permission=Permission.CAMPAIGN_VIEW)
def slot(request: Request, slot_id: int) -> HttpResponse:
    """From a slot on the work list to its campaign."""
    return _to_campaign(request, "slot", slot_id)


@page("tasks/<int:task_id>/", name="campaign-task", clause="M1.2", permission=Permission.CAMPAIGN_VIEW)
def task(request: Request, task_id: int) -> HttpResponse:
    """From a task on the work list to its campaign."""
    return _to_campaign(request, "task", task_id)


@page("raises/<int:raise_id>/", name="campaign-raise", clause="M1.2", permission=Permission.CAMPAIGN_VIEW)
def raise_(request: Request, raise_id: int) -> HttpResponse:
    """From a wish for more budget on the work list to its campaign."""
    return _to_campaign(request, "raise", raise_id)


def _to_campaign(request: Request, what: str, id_: int) -> HttpResponse:
    found = campaign_of(request.actor, what, id_)
    if found is None:
        raise Http404
    return HttpResponseRedirect(f"{reverse('campaign', args=[found])}#{what}-{id_}")


def _head(request: Request, found: ExecutionPlan) -> RecordHead:
    row = found.campaign
    badges = []
    if row.is_template:
        badges.append(Badge(T("模板", "Template"), "blue", "copy"))
    if found.missing and row.state in WRITABLE:
        lacking = T("还缺 {n} 项", "{n:# part|# parts} missing").format(n=len(found.missing))
        badges.append(Badge(lacking, "amber", "list-check"))
    primary, others = _actions(request, found)
    paper = Action(
        T("方案 PDF", "Plan as PDF"), reverse("campaign-document", args=[row.id]), method="get", icon="printer"
    )
    return RecordHead(
        title=T("活动", "Campaign"),
        number=row.code,
        back="campaigns",
        state=row.state,
        clause="M1.1" if row.state in WRITABLE else "M1.2",  # the clause of the duty that is open
        due_at=found.due_at,
        badges=tuple(badges),
        steps=_steps(found),
        primary=primary,
        secondary=(*others, paper),
        more=_more(request, found),
    )


def _opens_at(found: ExecutionPlan) -> datetime | None:
    """When it may go live, where that is not yet."""
    minutes = read_policies()("campaign_launch_minutes", found.campaign.shop_id)
    opens = launch_opens_at(found.campaign.starts_at, minutes)
    return opens if business_time.now() < opens else None


def _too_early(found: ExecutionPlan) -> T | None:
    opens = _opens_at(found)
    if opens is None:
        return None
    return T("{when} 起可以上线", "It may go live from {when} on").format(
        when=f"{opens.astimezone(SHOP_ZONE):%m-%d %H:%M}"
    )


def _actions(request: Request, found: ExecutionPlan) -> tuple[Action | None, list[Action]]:
    """What this person may do now: the likeliest first, then the others."""
    row, may = found.campaign, request.actor.may
    fields = {"ids": row.id}
    is_own = request.actor.id in (row.submitted_by, found.saved_by)
    edit = Action(T("修改方案", "Edit the plan"), reverse("campaign-edit", args=[row.id]), method="get", icon="edit")
    if row.state in WRITABLE and may(Permission.CAMPAIGN_EDIT):
        lacks = T("方案还缺：{parts}", "The plan still lacks: {parts}").format(
            parts=listed(PARTS[part] for part in found.missing)
        )
        submit = Action(
            T("提交审批", "Submit"), reverse("campaign-submit"), fields=fields, icon="send",
            why_not=lacks if found.missing else None,
        )  # fmt: skip
        return (edit, [submit]) if found.missing else (submit, [edit])
    if row.state == CampaignState.IN_REVIEW and may(Permission.CAMPAIGN_APPROVE):
        why_not = OWN if is_own else None
        approve = Action(
            T("批准", "Approve"), reverse("campaign-approve"), fields=fields, icon="check", ask=WHY_APPROVE,
            optional=True, why_not=why_not,
        )  # fmt: skip
        own = [_withdraw(row.id)] if _may_withdraw(request, found) else []
        return approve, [_return(row.id, why_not), *own]
    if _may_withdraw(request, found):
        return None, [_withdraw(row.id)]
    if row.state == CampaignState.APPROVED and may(Permission.CAMPAIGN_LAUNCH):
        launch = Action(
            T("上线", "Go live"),
            reverse("campaign-launch"),
            fields=fields,
            icon="player-play",
            why_not=_too_early(found),
        )
        back = [_return(row.id, None)] if may(Permission.CAMPAIGN_APPROVE) and not is_own else []
        back += [_rewrite(row.id)] if not back and may(Permission.CAMPAIGN_EDIT) else []
        return launch, back
    if row.state == CampaignState.LIVE and may(Permission.CAMPAIGN_END):
        return None, [Action(T("提前结束", "End early"), reverse("campaign-end"), fields=fields, icon="x", ask=WHY_END)]
    if row.is_template and may(Permission.CAMPAIGN_EDIT):
        url = reverse("campaign-from-template", args=[row.id])
        return Action(T("用它做新活动", "Start a new one"), url, method="get", icon="copy"), []
    return None, []


def _withdraw(campaign_id: int) -> Action:
    return Action(T("撤回", "Withdraw"), reverse("campaign-withdraw"), fields={"ids": campaign_id}, icon="arrow-back")


def _rewrite(campaign_id: int) -> Action:
    """What the gate found in the plan itself is mended by its writers."""
    return Action(
        T("收回修改…", "Take back to change…"),
        reverse("campaign-withdraw"),
        fields={"ids": campaign_id},
        icon="arrow-back",
        sure=T(
            "收回后批准作废，方案回到“策划中”可以再改；改好要重新提交审批，批准之前活动不能上线。",
            "The approval is void and the plan can be written again. It has to be submitted and approved anew; until "
            "then the campaign cannot go live.",
        ),
        does=T("收回修改", "Take it back"),
    )


def _return(campaign_id: int, why_not: T | None) -> Action:
    return Action(
        T("退回", "Return"),
        reverse("campaign-return"),
        fields={"ids": campaign_id},
        icon="arrow-back",
        ask=WHY_RETURN,
        why_not=why_not,
    )


def _more(request: Request, found: ExecutionPlan) -> tuple[Action, ...]:
    before = (*WRITABLE, CampaignState.IN_REVIEW, CampaignState.APPROVED)
    if found.campaign.state not in before or not request.actor.may(Permission.CAMPAIGN_EDIT):
        return ()
    cancel = reverse("campaign-cancel")
    return (Action(T("取消活动", "Cancel it"), cancel, fields={"ids": found.campaign.id}, icon="x", ask=WHY_CANCEL),)


def _steps(found: ExecutionPlan) -> tuple[Step, ...]:
    row, state = found.campaign, found.campaign.state
    order = [CampaignState.PLANNED, CampaignState.IN_REVIEW, CampaignState.APPROVED, CampaignState.LIVE]
    order += [CampaignState.ENDED, CampaignState.REVIEWED]
    here = order.index(state) if state in order else -1
    moments = (found.submitted_at, row.decided_at, row.launched_at, row.ended_at)
    labels = (T("方案", "Plan"), T("审批", "Approval"), T("上线", "Live"), T("结束", "End"))
    # Each step is done once the state behind it was reached.
    done = (here >= 1, here >= 2, here >= 3, here >= 4)
    if state == CampaignState.CANCELLED:
        return (Step(T("已取消", "Cancelled"), "stopped", row.state_at),)
    first = next((place for place, is_done in enumerate(done) if not is_done), len(done))
    return tuple(
        Step(
            label,
            "done" if is_done else "now" if place == first else "next",
            at if is_done else _planned(found, place),
            planned=not is_done,
        )
        for place, (label, is_done, at) in enumerate(zip(labels, done, moments, strict=True))
    )


def _planned(found: ExecutionPlan, place: int) -> datetime | None:
    return (None, None, found.campaign.starts_at, found.campaign.ends_at)[place]


def _timeline(found: ExecutionPlan) -> list[Happening]:
    told = [
        Happening(
            move.occurred_at,
            STATE_WORDS[CampaignState][CampaignState(move.became)].text,
            move.person or str(T("系统", "System")),
            WITHDRAWN.text() if move.reason == "withdrawn" else move.reason,
            tone=STATE_WORDS[CampaignState][CampaignState(move.became)].tone,
        )
        for move in found.moves
    ]
    for spend in reversed(found.spends):
        what = T("支出 {amount}", "Spent {amount}").format(amount=f"{spend.amount_minor / 100:,.2f}")
        told.append(Happening(spend.booked_at, what, spend.booked, f"{spend.reference} {spend.note}".strip(), "note"))
    for one in reversed(found.raises):
        what = T("申请追加预算", "Asked for more budget")
        told.append(Happening(one.asked_at, what, one.asked, one.reason, "note", "amber"))
    for task in found.tasks:
        if task.done_at:
            what = T("任务完成：{title}", "Task done: {title}").format(title=task.title)
            told.append(Happening(task.done_at, what, task.done_by, task.evidence, "note", "green"))
    return told
