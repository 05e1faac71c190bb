"""The numbers of writing to customers: how often, at which hours, until when a mailing is approved, what it costs."""

from shopkeeper.shared.words import T
from shopkeeper.sop.policy import PolicyKey

OUTREACH_MOST = PolicyKey(
    "outreach_most",
    default=2,
    min=1,
    max=20,
    unit=T("条", "messages"),
    clause="M1.2",
    label=T("同一客户在频控天数内最多收到", "At most so many messages to a customer within the days below"),
)
OUTREACH_DAYS = PolicyKey(
    "outreach_days",
    default=7,
    min=1,
    max=90,
    unit=T("天", "days"),
    clause="M1.2",
    label=T("频控天数（所有活动合计）", "Days over which messages of all campaigns are counted"),
)
OUTREACH_HOURS = PolicyKey(
    "outreach_hours",
    default="09:00,20:00",
    clause="M1.2",
    label=T("营销消息可发时段（起,止）", "Messages go out between (from,to)"),
)
MAILING_REVIEW_HOURS = PolicyKey(
    "mailing_review_hours",
    default=24,
    min=1,
    max=240,
    unit=T("小时", "h"),
    clause="M1.2",
    label=T("群发审批时限", "A mailing is approved or returned within"),
)
SMS_COST = PolicyKey(
    "sms_cost_per_thousand_minor",
    default=4_500,
    min=0,
    max=1_000_000,
    unit=T("分 / 千条", "minor units per 1,000"),
    clause="M1.2",
    label=T("短信单价（按计费条数）", "Cost of text messages, by billed segments"),
)
EMAIL_COST = PolicyKey(
    "email_cost_per_thousand_minor",
    default=500,
    min=0,
    max=1_000_000,
    unit=T("分 / 千封", "minor units per 1,000"),
    clause="M1.2",
    label=T("邮件单价", "Cost of mails"),
)
