"""The numbers of M3: hours, minutes, bases and thresholds of the watch."""

from shopkeeper.shared.words import T
from shopkeeper.sop.policy import PolicyKey

_MINUTES = T("分钟", "min")
_HOURS = T("小时", "h")
_DAYS = T("天", "days")
_BP = T("万分之一", "bp")

RECORD_MINUTES = PolicyKey(
    "watch_record_minutes", default=15, min=5, max=180, unit=_MINUTES, clause="M3.1",
    label=T("整点后多久内登记活动监控", "Time to record an hour of a campaign"),
)  # fmt: skip
RECORD_FROM_HOUR = PolicyKey(
    "watch_record_from_hour", default=0, min=0, max=23, unit=T("点", "o'clock"), clause="M3.1",
    label=T("从几点起要求每小时登记", "Hour of the day from which each hour must be recorded"),
)  # fmt: skip
RECORD_TO_HOUR = PolicyKey(
    "watch_record_to_hour", default=24, min=1, max=24, unit=T("点", "o'clock"), clause="M3.1",
    label=T("到几点为止要求每小时登记", "Hour of the day until which each hour must be recorded"),
)  # fmt: skip
TRAFFIC_BACK_DAYS = PolicyKey(
    "watch_traffic_back_days", default=7, min=1, max=60, unit=_DAYS, clause="M3.1",
    label=T("最多补登多少天前的流量", "How many days back traffic may be recorded"),
)  # fmt: skip
SOURCE_ORDER = PolicyKey(
    "watch_source_order", default="collector_first", choices=("collector_first", "file_first", "typed_first"),
    clause="M3.1", label=T("多个流量来源并存时以哪个为准", "Which traffic source counts where several stand"),
)  # fmt: skip
RECOUNT_HOURS = PolicyKey(
    "watch_recount_hours", default=48, min=1, max=240, unit=_HOURS, clause="M3.1",
    label=T("订单晚到时重算多久内的小时", "How far back hours are counted again for late orders"),
)  # fmt: skip
SIGN_TIME = PolicyKey(
    "watch_sign_time", default="10:00", clause="M3.1",
    label=T("次日几点前签字确认监控表", "Time of the next day by which a day's record is signed"),
)  # fmt: skip
MIN_VISITORS = PolicyKey(
    "watch_min_visitors", default=200, min=1, max=100_000, unit=T("人", "visitors"), clause="M3.2",
    label=T("判断转化所需最少访客", "Least visitors for conversion to be judged"),
)  # fmt: skip
READINGS_IN_A_ROW = PolicyKey(
    "watch_low_readings", default=2, min=1, max=6, unit=T("小时", "h"), clause="M3.2",
    label=T("转化连续偏低几小时才预警", "Hours in a row with low conversion before an alert"),
)  # fmt: skip
BENCHMARK_SHARE = PolicyKey(
    "watch_benchmark_share_bp", default=8_000, min=1_000, max=10_000, unit=_BP, clause="M3.2",
    label=T("低于同行基准的多少视为偏低", "Share of the benchmark below which conversion is low"),
)  # fmt: skip
MEDIAN_WEEKS = PolicyKey(
    "watch_median_weeks", default=8, min=2, max=52, unit=T("周", "weeks"), clause="M3.2",
    label=T("本店同期中位数取几周", "Weeks behind the own median of the same hour"),
)  # fmt: skip
MEDIAN_SAMPLES = PolicyKey(
    "watch_median_samples", default=3, min=1, max=20, unit=T("个", "samples"), clause="M3.2",
    label=T("本店同期中位数最少样本", "Least samples behind the own median"),
)  # fmt: skip
STOCK_HOURS = PolicyKey(
    "watch_stock_hours", default=12, min=1, max=240, unit=_HOURS, clause="M3.2",
    label=T("库存可售不足几小时预警", "Hours of stock left below which there is an alert"),
)  # fmt: skip
STOCK_MEAN_HOURS = PolicyKey(
    "watch_stock_mean_hours", default=3, min=1, max=24, unit=_HOURS, clause="M3.2",
    label=T("按最近几小时的均速推算库存", "Hours whose mean pace stock is projected by"),
)  # fmt: skip
ANSWER_MINUTES = PolicyKey(
    "watch_answer_minutes", default=30, min=5, max=1_440, unit=_MINUTES, clause="M3.2",
    label=T("预警处理时限", "Time to answer an alert"),
)  # fmt: skip
QUIET_HOURS = PolicyKey(
    "watch_quiet_hours", default=3, min=0, max=72, unit=_HOURS, clause="M3.2",
    label=T("处理后多久内不重复预警", "Quiet hours after an alert was answered"),
)  # fmt: skip
COPY_HOURS = PolicyKey(
    "watch_copy_hours", default=4, min=1, max=240, unit=_HOURS, clause="M3.2",
    label=T("改文案任务的默认时限", "Time for a change of copy unless said otherwise"),
)  # fmt: skip
RESTOCK_ANSWER_HOURS = PolicyKey(
    "watch_restock_answer_hours", default=2, min=1, max=72, unit=_HOURS, clause="M3.2",
    label=T("紧急补货的答复时限", "Time to answer a call for restock"),
)  # fmt: skip
PRESALE_DAYS = PolicyKey(
    "watch_presale_days", default=15, min=1, max=90, unit=_DAYS, clause="M3.2",
    label=T("预售最长发货天数", "Most days until a presale is shipped"),
)  # fmt: skip
PRESALE_BY_ITSELF = PolicyKey(
    "watch_presale_by_itself", default=False, clause="M3.2",
    label=T("补货赶不上时自动转预售", "Presale starts by itself where no restock comes in time"),
)  # fmt: skip
STOCK_LEAST_SOLD = PolicyKey(
    "watch_stock_least_sold", default=5, min=1, max=1_000, unit=T("件", "pieces"), clause="M3.2",
    label=T("推算库存所需最少售出件数", "Least pieces sold for stock to be projected"),
)  # fmt: skip
