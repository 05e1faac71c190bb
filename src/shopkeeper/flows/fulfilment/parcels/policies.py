"""The numbers of O3.1 and O3.2."""

from shopkeeper.shared.words import T
from shopkeeper.sop.policy import PolicyKey

_HOURS = T("小时", "h")

PARCEL_STALL_HOURS = PolicyKey(
    "parcel_stall_hours",
    default=48,
    min=1,
    max=240,
    unit=_HOURS,
    clause="O3.2",
    label=T("物流多久无更新算停滞", "A parcel without news for so long is stalled"),
)
CASE_ANSWER_HOURS = PolicyKey(
    "case_answer_hours",
    default=24,
    min=1,
    max=168,
    unit=_HOURS,
    clause="O3.2",
    label=T("异常包裹多久内要有结果", "A parcel case needs an outcome within"),
)
PROMISE_HOURS = PolicyKey(
    "promise_hours",
    default=72,
    min=12,
    max=720,
    unit=_HOURS,
    clause="O3.2",
    label=T("承诺送达：交运后", "Promised delivery after hand-over"),
)
TRACKING_PULL_HOURS = PolicyKey(
    "tracking_pull_hours",
    default=24,
    min=1,
    max=72,
    unit=_HOURS,
    clause="O3.2",
    label=T("无推送时多久主动查询一次物流", "Ask for tracking when nothing was pushed for"),
)
SHIP_BACK_ALERT_HOURS = PolicyKey(
    "ship_back_alert_hours",
    default=2,
    min=0,
    max=48,
    unit=_HOURS,
    clause="O3.1",
    label=T("发货截止前多久提醒回传未确认", "Warn of an unacknowledged number before ship-by"),
)
NO_DATE_SHIP_BACK_HOURS = PolicyKey(
    "ship_back_hours_without_ship_by",
    default=24,
    min=1,
    max=72,
    unit=_HOURS,
    clause="O3.1",
    label=T("平台未给发货截止时，回传期限", "Limit for the report where the platform gives no ship-by"),
)
REQUEST_NUMBERS = PolicyKey(
    "request_numbers",
    default=True,
    clause="O3.1",
    label=T("自动向快递取号（关闭则手工录入）", "Order tracking numbers from the courier (off: entered by hand)"),
)
