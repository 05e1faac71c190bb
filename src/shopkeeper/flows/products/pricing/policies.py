"""The numbers of P3.2: margin, approval, strike-through price."""

from shopkeeper.shared.words import T
from shopkeeper.sop.policy import PolicyKey

TARGET_MARGIN = PolicyKey(
    "target_margin_basis_points",
    default=2_000,
    min=0,
    max=9_500,
    unit=T("万分之一", "bp"),
    clause="P3.2",
    label=T("毛利率目标", "Target gross margin"),
)
PRICE_APPROVAL = PolicyKey(
    "price_approval",
    default="below_target",
    choices=("below_target", "always"),
    clause="P3.2",
    label=T("哪些定价需要经理审批", "Which price plans need a manager's approval"),
)
PRICE_APPROVAL_HOURS = PolicyKey(
    "price_approval_hours",
    default=8,
    min=1,
    max=72,
    unit=T("小时", "h"),
    clause="P3.2",
    label=T("定价审批时限", "Time to decide on a price plan"),
)
RETURNED_PRICE_HOURS = PolicyKey(
    "returned_price_hours",
    default=24,
    min=1,
    max=240,
    unit=T("小时", "h"),
    clause="P3.2",
    label=T("退回的定价修改时限", "Time to mend a returned price plan"),
)
STRIKE_DAYS = PolicyKey(
    "strike_days",
    default=7,
    min=7,
    max=90,
    unit=T("天", "days"),
    clause="P3.2",
    label=T(
        "划线价不得高于最近多少天的最低成交价", "Days whose lowest deal price a strike-through price must not exceed"
    ),
)
