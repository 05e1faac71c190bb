"""The numbers of D1.1: when figures are due, what counts as a bot, how far sources may be apart."""

from shopkeeper.shared.words import T
from shopkeeper.sop.policy import PolicyKey

FIGURES_TIME = PolicyKey(
    "figures_due_time",
    default="09:30",
    clause="D1.1",
    label=T("前一日平台数据最晚导入时间", "Yesterday's figures are due by"),
)
BOT_EVENTS = PolicyKey(
    "bot_events_per_minute",
    default=120,
    min=10,
    max=10_000,
    unit=T("次", "events"),
    clause="D1.1",
    label=T("同一访客每分钟超过多少次视为机器", "Events of one visitor a minute beyond which it is a machine"),
)
RATIO_TOLERANCE = PolicyKey(
    "ratio_tolerance_hundredths",
    default=1,
    min=0,
    max=1_000,
    unit=T("0.01 个百分点", "0.01 pp"),
    clause="D1.1",
    label=T("比率与分子分母不符的容差", "How far a stated ratio may be from its parts"),
)
SALES_TOLERANCE = PolicyKey(
    "reconcile_sales_bp",
    default=100,
    min=0,
    max=10_000,
    unit=T("万分之一", "bp"),
    clause="D1.1",
    label=T("多来源销售数据允许差异", "How far sources may differ on sales"),
)
TRAFFIC_TOLERANCE = PolicyKey(
    "reconcile_traffic_bp",
    default=1_000,
    min=0,
    max=10_000,
    unit=T("万分之一", "bp"),
    clause="D1.1",
    label=T("多来源流量数据允许差异", "How far sources may differ on traffic"),
)
LEAST_PIECES = PolicyKey(
    "reconcile_least_count",
    default=3,
    min=1,
    max=10_000,
    clause="D1.1",
    label=T("件数差异低于此值不核对", "Differences in counts below this are let pass"),
)
LEAST_MINOR = PolicyKey(
    "reconcile_least_minor",
    default=1_000,
    min=1,
    max=10_000_000,
    unit=T("分", "fen"),
    clause="D1.1",
    label=T("金额差异低于此值不核对", "Differences in money below this are let pass"),
)
RECONCILE_HOURS = PolicyKey(
    "reconcile_hours",
    default=24,
    min=1,
    max=240,
    unit=T("小时", "h"),
    clause="D1.1",
    label=T("差异核对时限", "Time to say why sources disagree"),
)
SPOOL_DAYS = PolicyKey(
    "spool_keep_days",
    default=30,
    min=7,
    max=400,
    unit=T("天", "days"),
    clause="D1.1",
    label=T("采集原始文件保留天数", "Days the collector's files are kept"),
)
