"""The numbers of D2: when reports are made and signed, the windows of figures, and when a change is worth a word."""

from shopkeeper.shared.words import T
from shopkeeper.sop.policy import PolicyKey

_DAYS = T("天", "days")

REPORT_MAKE_TIME = PolicyKey(
    "report_make_time",
    default="08:00",
    clause="D2.1",
    label=T("每天几点生成报告", "Reports are made each morning at"),
)
REPORT_PERIODS = PolicyKey(
    "report_periods",
    default="all",
    choices=("none", "long", "all"),
    clause="D2.1",
    label=T(
        "自动生成的报告（都不 / 只周报和月报 / 全部）；小店可只并入全部店铺的报告",
        "Reports made by themselves (none, weekly and monthly, all); a small shop may stand in that of all shops only",
    ),
)
REPORT_SIGN_TIME = PolicyKey(
    "report_sign_time",
    default="09:30",
    clause="D2.1",
    label=T("报告签发时限（当天几点前）", "Reports are signed the same day by"),
)
REPORT_ANALYSES = PolicyKey(
    "report_analyses",
    default="long",
    choices=("none", "long", "all"),
    clause="D2.1",
    label=T(
        "签发前必须写分析的报告（不要求 / 周报和月报 / 全部）",
        "Reports that need their analyses before signing (none, weekly and monthly, all)",
    ),
)
REPORT_LINES = PolicyKey(
    "report_lines",
    default=10,
    min=3,
    max=100,
    unit=T("行", "lines"),
    clause="D2.1",
    label=T("排行榜行数", "Lines of a ranking"),
)
REPORT_LEAST_BASE = PolicyKey(
    "report_least_base",
    default=30,
    min=1,
    max=100_000,
    clause="D2.1",
    label=T("比率的最小样本，不足则不评说", "A rate is spoken of from this base on"),
)
REPORT_LEAST_CHANGE = PolicyKey(
    "report_least_change_percent",
    default=10,
    min=1,
    max=100,
    unit="%",
    clause="D2.1",
    label=T("变化多少才值得说", "A change is worth a word from"),
)
REPORT_ANOMALY_WEEKS = PolicyKey(
    "report_anomaly_weeks",
    default=8,
    min=4,
    max=26,
    unit=T("周", "weeks"),
    clause="D2.1",
    label=T("异常判断参考前几周的同一星期几", "Same weekdays looked back at for anomalies"),
)
REPORT_ANOMALY_TENTHS = PolicyKey(
    "report_anomaly_tenths",
    default=30,
    min=10,
    max=100,
    unit=T("0.1 倍", "tenths"),
    clause="D2.1",
    label=T("偏离中位数多少倍 MAD 算异常（十分之一）", "Anomalous from so many tenths of the MAD"),
)
RETURNING_DAYS = PolicyKey(
    "returning_days",
    default=365,
    min=30,
    max=1_095,
    unit=_DAYS,
    clause="D2.4",
    label=T("多少天内买过算老客", "A customer is returning who paid within"),
)
REPURCHASE_DAYS = PolicyKey(
    "repurchase_days",
    default=90,
    min=7,
    max=365,
    unit=_DAYS,
    clause="D2.4",
    label=T("复购率窗口", "Window of the repurchase rate"),
)
REFUND_COHORT_DAYS = PolicyKey(
    "refund_cohort_days",
    default=30,
    min=7,
    max=120,
    unit=_DAYS,
    clause="D2.3",
    label=T("退款率、退货率的观察期", "Days that refund and return rates wait for"),
)
SELL_THROUGH_DAYS = PolicyKey(
    "sell_through_days",
    default=30,
    min=7,
    max=180,
    unit=_DAYS,
    clause="D2.3",
    label=T("动销率与周转天数的窗口", "Window of sell-through and stock turnover"),
)
