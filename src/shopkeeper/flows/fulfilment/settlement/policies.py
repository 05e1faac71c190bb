"""The numbers of O4: rates, days, hours and attempts."""

from shopkeeper.shared.words import T
from shopkeeper.sop.policy import PolicyKey

_HOURS = T("小时", "h")

COMMISSION = PolicyKey(
    "commission_basis_points",
    default=500,
    min=0,
    max=5_000,
    unit=T("万分之一", "bp"),
    clause="O4.1",
    label=T("平台佣金率", "Platform commission"),
)
ORDER_DISCOUNT_BORNE_BY = PolicyKey(
    "order_discount_borne_by",
    default="merchant",
    choices=("merchant", "platform"),
    clause="O4.1",
    label=T("整单优惠由谁承担", "Who bears discounts on a whole order"),
)
SETTLE_HOURS = PolicyKey(
    "settle_hours",
    default=24,
    min=1,
    max=240,
    unit=_HOURS,
    clause="O4.1",
    label=T("完成后结算时限", "Time to settle after completion"),
)
DAY_CLOSE_TIME = PolicyKey(
    "day_close_time",
    default="12:00",
    clause="O4.1",
    label=T("次日几点前完成财务日结", "By when on the next day a shop's day is signed"),
)
FOLLOW_UP_DAYS = PolicyKey(
    "follow_up_days",
    default=7,
    min=1,
    max=60,
    unit=T("天", "days"),
    clause="O4.2",
    label=T("未确认收货多久后回访", "Days without confirmation before asking the buyer"),
)
FOLLOW_UP_FROM = PolicyKey(
    "follow_up_from",
    default="signed",
    choices=("signed", "shipped"),
    clause="O4.2",
    label=T("回访期限从何时起算", "What the days are counted from"),
)
FOLLOW_UP_ANSWER_HOURS = PolicyKey(
    "follow_up_answer_hours",
    default=24,
    min=1,
    max=240,
    unit=_HOURS,
    clause="O4.2",
    label=T("回访办理时限", "Time to carry out a follow-up"),
)
FOLLOW_UP_RETRY_HOURS = PolicyKey(
    "follow_up_retry_hours",
    default=24,
    min=1,
    max=240,
    unit=_HOURS,
    clause="O4.2",
    label=T("未联系上多久后再试", "Time until the next attempt after nobody was reached"),
)
FOLLOW_UP_ATTEMPTS = PolicyKey(
    "follow_up_attempts",
    default=3,
    min=1,
    max=10,
    unit=T("次", "times"),
    clause="O4.2",
    label=T("最多联系次数", "Attempts to reach the buyer"),
)
