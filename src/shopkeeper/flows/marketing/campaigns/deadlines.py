"""The clocks of M1: a plan to write, to approve, to launch, its end; raises, slot applications, tasks."""

from shopkeeper.shared.words import T
from shopkeeper.sop.deadlines import DeadlineKind, HeldBy
from shopkeeper.sop.roles import Role

PLAN = DeadlineKind(
    "campaign_plan",
    clause="M1.1",
    subject="campaign",
    role=Role.CAMPAIGN_SPECIALIST,
    title=T("提交活动方案", "Submit a campaign's plan"),
    action=T("写方案", "Write"),
    url="/campaigns/{id}/",
)
APPROVAL = DeadlineKind(
    "campaign_approval",
    clause="M1.2",
    subject="campaign",
    role=Role.OPERATIONS_MANAGER,
    title=T("审批活动执行方案", "Approve a campaign's plan"),
    action=T("去审批", "Decide"),
    url="/campaigns/{id}/",
)
LAUNCH = DeadlineKind(
    "campaign_launch",
    clause="M1.2",
    subject="campaign",
    role=Role.CAMPAIGN_SPECIALIST,
    title=T("活动按时上线", "Take a campaign live"),
    action=T("去上线", "Launch"),
    url="/campaigns/{id}/",
)
END = DeadlineKind(
    "campaign_end",
    clause="M1.2",
    subject="campaign",
    on_due="end_due_campaigns",
    title=T("活动到时结束", "A campaign ends"),
)
BUDGET_RAISE = DeadlineKind(
    "campaign_budget_raise",
    clause="M1.2",
    subject="budget raise",
    role=Role.OPERATIONS_MANAGER,
    title=T("审批追加预算", "Decide on more budget"),
    action=T("去审批", "Decide"),
    url="/campaigns/raises/{id}/",
)
SLOT = DeadlineKind(
    "campaign_slot",
    clause="M1.2",
    subject="slot application",
    role=Role.CAMPAIGN_SPECIALIST,
    title=T("申请平台资源位", "Apply for a platform slot"),
    action=T("去申请", "Apply"),
    url="/campaigns/slots/{id}/",
)


def _task(role: Role) -> DeadlineKind:
    return DeadlineKind(
        f"campaign_task_{role}",
        clause="M1.2",
        subject="campaign task",
        role=role,
        title=T("完成活动任务", "Do a campaign's task"),
        action=T("去完成", "Do it"),
        url="/campaigns/tasks/{id}/",
        held_by=HeldBy("campaigns_campaigntask", "owner_id"),
    )


TASKS: dict[str, DeadlineKind] = {role: _task(role) for role in Role}
