"""The numbers of M1: how early a plan is written, how fast it is approved, what counts as too much stock."""

from shopkeeper.shared.words import T
from shopkeeper.sop.policy import PolicyKey

_HOURS = T("小时", "h")
_DAYS = T("天", "days")

PLAN_DAYS = PolicyKey(
    "campaign_plan_days",
    default=14,
    min=1,
    max=120,
    unit=_DAYS,
    clause="M1.1",
    label=T("活动开始前多少天提交方案", "Days before the start when the plan is due"),
)
PLAN_HOURS = PolicyKey(
    "campaign_plan_hours",
    default=24,
    min=1,
    max=240,
    unit=_HOURS,
    clause="M1.1",
    label=T("临近活动写方案的最短时限", "Least time to write a plan that begins late"),
)
APPROVAL_HOURS = PolicyKey(
    "campaign_approval_hours",
    default=24,
    min=1,
    max=240,
    unit=_HOURS,
    clause="M1.2",
    label=T("活动方案审批时限", "Time to decide on a plan"),
)
RAISE_HOURS = PolicyKey(
    "campaign_raise_hours",
    default=8,
    min=1,
    max=240,
    unit=_HOURS,
    clause="M1.2",
    label=T("追加预算审批时限", "Time to decide on more budget"),
)
OVERSTOCK_DAYS = PolicyKey(
    "campaign_overstock_days",
    default=90,
    min=14,
    max=1_000,
    unit=_DAYS,
    clause="M1.1",
    label=T("库存可售天数超过多少建议促销", "Days of stock above which a campaign is suggested"),
)
SALES_DAYS = PolicyKey(
    "campaign_sales_days",
    default=30,
    min=7,
    max=365,
    unit=_DAYS,
    clause="M1.1",
    label=T("日均销量按最近多少天计算", "Days that mean daily sales are taken over"),
)
SUGGEST_PIECES = PolicyKey(
    "campaign_suggest_pieces",
    default=10,
    min=1,
    max=100_000,
    unit=T("件", "pieces"),
    clause="M1.1",
    label=T("库存少于多少件不作建议", "Pieces on hand below which nothing is suggested"),
)
SEGMENT_DAYS = PolicyKey(
    "segment_window_days",
    default=365,
    min=30,
    max=1_095,
    unit=_DAYS,
    clause="M1.1",
    label=T("人群按最近多少天的订单计算", "Days of orders that segments are drawn from"),
)
NEW_DAYS = PolicyKey(
    "segment_new_days",
    default=30,
    min=1,
    max=365,
    unit=_DAYS,
    clause="M1.1",
    label=T("首次购买多少天内算新客", "Days after the first purchase that make a new customer"),
)
NEW_CUSTOMER_DAYS = PolicyKey(
    "new_customer_days",
    default=365,
    min=1,
    max=3_650,
    unit=_DAYS,
    clause="M1.1",
    label=T(
        "活动开始前多少天内未支付过算新客", "A customer is new who paid nothing within, before the campaign's start"
    ),
)
LAUNCH_MINUTES = PolicyKey(
    "campaign_launch_minutes",
    default=60,
    min=0,
    max=10_080,
    unit=T("分钟", "min"),
    clause="M1.2",
    label=T("最早提前多久上线", "How long before its start a campaign may go live"),
)
