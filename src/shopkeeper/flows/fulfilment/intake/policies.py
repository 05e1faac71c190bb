"""Policy values of intake (O1)."""

from shopkeeper.shared.words import T
from shopkeeper.sop.policy import PolicyKey

CHECK_MODE = PolicyKey(
    "check_mode",
    default="sessions",
    choices=("sessions", "continuous"),
    clause="O1.2",
    label=T("审单方式：定时集中 / 随到随审", "How orders are checked: in sessions or continuously"),
)
CHECK_TIMES = PolicyKey(
    "check_times",
    default="9:00,14:00,18:00",
    clause="O1.2",
    label=T("每日审单时间", "Times of the daily check sessions"),
)
SESSION_MINUTES = PolicyKey(
    "session_minutes",
    default=60,
    min=10,
    max=240,
    unit=T("分钟", "min"),
    clause="O1.2",
    label=T("审单签字时限", "Time to sign a check session"),
)
QUANTITY_MAX = PolicyKey(
    "order_quantity_max",
    default=50,
    min=1,
    max=100_000,
    unit=T("件", "pcs"),
    clause="O1.3",
    label=T("单行数量超过即核对", "Line quantity above which a person looks"),
)
REPEAT_HOURS = PolicyKey(
    "repeat_order_hours",
    default=24,
    min=1,
    max=168,
    unit=T("小时", "h"),
    clause="O1.3",
    label=T("疑似重复下单的时间窗", "Window for suspected repeat orders"),
)
HOLD_HOURS = PolicyKey(
    "hold_decision_hours",
    default=4,
    min=1,
    max=72,
    unit=T("小时", "h"),
    clause="O1.3",
    label=T("异常订单处理时限", "Time to decide an exception"),
)
HOLD_WAIT_HOURS = PolicyKey(
    "hold_wait_hours",
    default=12,
    min=1,
    max=240,
    unit=T("小时", "h"),
    clause="O1.3",
    label=T(
        "等待自行解除的异常，发货时限前多久须人工决定",
        "Before the promise to ship, when a person decides on what was left to end by itself",
    ),
)
PULL_MINUTES = PolicyKey(
    "pull_minutes",
    default=5,
    min=1,
    max=240,
    unit=T("分钟", "min"),
    clause="O1.1",
    label=T("抓单间隔", "Minutes between pulls of orders"),
)
PULL_OVERLAP_MINUTES = PolicyKey(
    "pull_overlap_minutes",
    default=10,
    min=1,
    max=180,
    unit=T("分钟", "min"),
    clause="O1.1",
    label=T("抓单时间窗重叠", "Overlap of pull windows"),
)
