"""The numbers of S3: when and whom we ask, what a low score is, when the day's paper is due, how effects are counted.

Nothing is ever given for a rating: there is no such key.
"""

from shopkeeper.shared.words import T
from shopkeeper.sop.policy import PolicyKey

_MINUTES = T("分钟", "min")
_HOURS = T("小时", "h")
_DAYS = T("天", "days")

SURVEY_AFTER_MINUTES = PolicyKey(
    "survey_after_minutes",
    default=30,
    min=0,
    max=10_080,
    unit=_MINUTES,
    clause="S3.1",
    label=T("工单解决后多久发送评价邀请", "Invite to rate so long after the ticket was resolved"),
)
SURVEY_TICKETS = PolicyKey(
    "survey_tickets",
    default="answered",
    choices=("all", "answered", "after_sale", "none"),
    clause="S3.1",
    label=T(
        "邀请评价的工单（全部 / 客户有回应的 / 仅售后 / 不邀请）",
        "Tickets asked about (all, those the customer did not fall silent on, after-sale only, none)",
    ),
)
SURVEY_VALID_DAYS = PolicyKey(
    "survey_valid_days",
    default=7,
    min=1,
    max=60,
    unit=_DAYS,
    clause="S3.1",
    label=T("评价链接有效期", "A survey link is valid for"),
)
SURVEY_PAUSE_DAYS = PolicyKey(
    "survey_pause_days",
    default=7,
    min=0,
    max=180,
    unit=_DAYS,
    clause="S3.1",
    label=T("同一客户多少天内最多邀请一次", "At most one invitation per customer within"),
)
SURVEY_LOW_SCORE = PolicyKey(
    "survey_low_score",
    default=2,
    min=1,
    max=4,
    unit=T("星", "stars"),
    clause="S3.1",
    label=T("低分界限（含）", "A score counts as low up to"),
)
RECOVERY_HOURS = PolicyKey(
    "recovery_hours",
    default=24,
    min=1,
    max=240,
    unit=_HOURS,
    clause="S3.1",
    label=T("低分客户联系时限", "Contact a customer who gave a low score within"),
)
RECOVERY_RETRY_HOURS = PolicyKey(
    "recovery_retry_hours",
    default=24,
    min=1,
    max=240,
    unit=_HOURS,
    clause="S3.1",
    label=T("未联系上多久后再试", "Time until the next attempt to reach them"),
)
RECOVERY_ATTEMPTS = PolicyKey(
    "recovery_attempts",
    default=3,
    min=1,
    max=10,
    unit=T("次", "times"),
    clause="S3.1",
    label=T("最多联系次数", "Attempts to reach a customer who gave a low score"),
)
SUMMARY_DRAFT_MINUTES = PolicyKey(
    "summary_draft_minutes",
    default=10,
    min=0,
    max=480,
    unit=_MINUTES,
    clause="S3.2",
    label=T("日终后多久生成工单日报", "Draft the daily summary so long after midnight"),
)
SUMMARY_COMPLETE_TIME = PolicyKey(
    "summary_complete_time",
    default="10:00",
    clause="S3.2",
    label=T("工单日报补充时限（次日几点前）", "The daily summary is completed by, the day after"),
)
SUMMARY_SIGN_TIME = PolicyKey(
    "summary_sign_time",
    default="12:00",
    clause="S3.2",
    label=T("工单日报签发时限（次日几点前）", "The daily summary is signed by, the day after"),
)
SUMMARY_PROBLEMS = PolicyKey(
    "summary_problems",
    default=10,
    min=1,
    max=50,
    unit=T("项", "lines"),
    clause="S3.2",
    label=T("日报列出的高频问题数", "Frequent problems listed"),
)
SUMMARY_TREND_DAYS = PolicyKey(
    "summary_trend_days",
    default=7,
    min=1,
    max=60,
    unit=_DAYS,
    clause="S3.2",
    label=T("趋势对比的天数", "Days before the day that the trend compares with"),
)
IMPROVEMENT_EFFECT_DAYS = PolicyKey(
    "improvement_effect_days",
    default=7,
    min=1,
    max=90,
    unit=_DAYS,
    clause="S3.2",
    label=T("改进回复后多少天复算效果", "Days after the reply until the effect is counted"),
)
IMPROVEMENT_CLOSE_HOURS = PolicyKey(
    "improvement_close_hours",
    default=48,
    min=1,
    max=480,
    unit=_HOURS,
    clause="S3.2",
    label=T("效果出来后多久关闭改进任务", "Close an improvement within, once its effect is known"),
)
IMPROVEMENT_LEAST_CHANGE = PolicyKey(
    "improvement_least_change_percent",
    default=10,
    min=0,
    max=90,
    unit="%",
    clause="S3.2",
    label=T("变化多少才算变好或变差", "A change counts as better or worse from"),
)
