"""The clocks of S3: invitations, answers to low scores, the day's paper, and what is improved after it."""

from shopkeeper.flows.service.feedback.states import ImprovementOwner
from shopkeeper.shared.words import T
from shopkeeper.sop.deadlines import DeadlineKind
from shopkeeper.sop.roles import Role

SURVEY_INVITE = DeadlineKind(
    "survey_invite",
    clause="S3.1",
    subject="survey",
    on_due="invite_surveys",
    title=T("发送评价邀请", "Invite the customer to rate"),
)
SURVEY_EXPIRY = DeadlineKind(
    "survey_expiry",
    clause="S3.1",
    subject="survey",
    on_due="expire_surveys",
    title=T("评价链接有效期", "The survey link ends"),
)
RECOVERY = DeadlineKind(
    "recovery",
    clause="S3.1",
    subject="recovery",
    role=Role.CUSTOMER_SERVICE,
    title=T("联系给出低分的客户", "Contact a customer who gave a low score"),
    action=T("联系", "Contact"),
    url="/feedback/recoveries/{id}/",
)
SUMMARY_DRAFT = DeadlineKind(
    "summary_draft",
    clause="S3.2",
    subject="shop",
    on_due="draft_summaries",
    title=T("生成工单日报", "Draft the daily summary"),
)
SUMMARY_COMPLETE = DeadlineKind(
    "summary_complete",
    clause="S3.2",
    subject="summary",
    role=Role.CUSTOMER_SERVICE,
    title=T("补充工单日报", "Complete the daily summary"),
    action=T("补充", "Complete"),
    url="/feedback/summaries/{id}/",
)
SUMMARY_SIGN = DeadlineKind(
    "summary_sign",
    clause="S3.2",
    subject="summary",
    role=Role.OPERATIONS_SUPERVISOR,
    title=T("签发工单日报", "Sign the daily summary"),
    action=T("签发", "Sign"),
    url="/feedback/summaries/{id}/",
    waits_for=T("等客服补充，补充完即可签发", "waits for customer service to complete it"),
)


def _reply(owner: ImprovementOwner) -> DeadlineKind:
    return DeadlineKind(
        f"improvement_{owner.name.lower()}",
        clause="S3.2",
        subject="improvement",
        role=Role(owner),
        title=T("回复改进任务", "Reply to an improvement task"),
        action=T("回复", "Reply"),
        url="/feedback/improvements/{id}/",
    )


IMPROVEMENT_REPLY: dict[str, DeadlineKind] = {owner: _reply(owner) for owner in ImprovementOwner}
IMPROVEMENT_EFFECT = DeadlineKind(
    "improvement_effect",
    clause="S3.2",
    subject="improvement",
    on_due="measure_improvements",
    title=T("复算改进效果", "Count the effect of an improvement"),
)
IMPROVEMENT_CLOSE = DeadlineKind(
    "improvement_close",
    clause="S3.2",
    subject="improvement",
    role=Role.OPERATIONS_SUPERVISOR,
    title=T("关闭改进任务", "Close an improvement task"),
    action=T("看效果", "See the effect"),
    url="/feedback/improvements/{id}/",
)
