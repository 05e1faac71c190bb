"""The numbers of M2.3: review, holding for unpaid orders, the check of platform orders."""

from shopkeeper.shared.words import T
from shopkeeper.sop.policy import PolicyKey

REVIEW_HOURS = PolicyKey(
    "promotion_review_hours",
    default=4,
    min=1,
    max=72,
    unit=T("小时", "h"),
    clause="M2.3",
    label=T("促销规则审核时限", "Time to review a promotion"),
)
HOLD_MINUTES = PolicyKey(
    "promotion_hold_minutes",
    default=30,
    min=5,
    max=1_440,
    unit=T("分钟", "min"),
    clause="M2.3",
    label=T("未付款订单占用优惠的时长", "How long an unpaid order holds its promotions"),
)
PRICE_CHECK = PolicyKey(
    "promotion_price_check",
    default="hold",
    choices=("hold", "off"),
    clause="M2.3",
    label=T("平台订单优惠与规则不符时", "Platform orders priced unlike our promotions"),
)
PRICE_TOLERANCE = PolicyKey(
    "promotion_price_tolerance_minor",
    default=100,
    min=0,
    max=100_000,
    unit=T("分", "minor units"),
    clause="M2.3",
    label=T("平台优惠与规则的允许差额", "Tolerated difference between platform and promotions"),
)
