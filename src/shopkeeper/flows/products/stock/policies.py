"""The numbers of P3.1: when to remind of restocking, how much to suggest, how long to wait."""

from shopkeeper.shared.words import T
from shopkeeper.sop.policy import PolicyKey

_DAYS = T("天", "days")
_PIECES = T("件", "pieces")

RESTOCK_THRESHOLD = PolicyKey(
    "restock_threshold",
    default=10,
    min=0,
    max=1_000_000,
    unit=_PIECES,
    clause="P3.1",
    label=T("库存预警值（可用低于它即提醒）", "Warning threshold (fewer free than this reminds)"),
)
RESTOCK_DEMAND_DAYS = PolicyKey(
    "restock_demand_days",
    default=30,
    min=1,
    max=180,
    unit=_DAYS,
    clause="P3.1",
    label=T("按最近多少天的出库估算需求", "Days of shipments that demand is told from"),
)
RESTOCK_LEAD_DAYS = PolicyKey(
    "restock_lead_days",
    default=7,
    min=0,
    max=180,
    unit=_DAYS,
    clause="P3.1",
    label=T("供货周期", "Lead time of the supplier"),
)
RESTOCK_COVER_DAYS = PolicyKey(
    "restock_cover_days",
    default=14,
    min=0,
    max=365,
    unit=_DAYS,
    clause="P3.1",
    label=T("到货后要够卖多少天", "Days of sale that a delivery is to cover"),
)
RESTOCK_DAYS = PolicyKey(
    "restock_days",
    default=7,
    min=1,
    max=90,
    unit=_DAYS,
    clause="P3.1",
    label=T("最迟多少天内补到货（卖得快则更早）", "Days to restock in at most (sooner where it sells fast)"),
)
RESTOCK_SWEEP_TIME = PolicyKey(
    "restock_sweep_time",
    default="8:30",
    clause="P3.1",
    label=T("每日库存巡检时间", "Time of the daily look at stock"),
)
RESTOCK_SNOOZE_DAYS = PolicyKey(
    "restock_snooze_days",
    default=7,
    min=1,
    max=60,
    unit=_DAYS,
    clause="P3.1",
    label=T("补货提醒一次最多推迟", "Longest that a reminder is put off at once"),
)
RESTOCK_SNOOZES = PolicyKey(
    "restock_snoozes",
    default=2,
    min=0,
    max=10,
    unit=T("次", "times"),
    clause="P3.1",
    label=T("补货提醒最多推迟几次", "How often a reminder may be put off"),
)
RESTOCK_QUIET_DAYS = PolicyKey(
    "restock_quiet_days",
    default=14,
    min=1,
    max=365,
    unit=_DAYS,
    clause="P3.1",
    label=T("关闭提醒后多少天内不再提醒", "Days without a new reminder after one was closed by hand"),
)
