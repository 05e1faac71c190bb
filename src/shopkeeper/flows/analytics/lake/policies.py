"""The numbers of D1: how soon facts reach the lake, and from where on an order is no honest one.

From where on a visitor is a robot is collection's to say.
"""

from shopkeeper.shared.words import T
from shopkeeper.sop.policy import PolicyKey

_MINUTES = T("分钟", "min")
_PIECES = T("件", "pieces")

WRITE_MINUTES = PolicyKey(
    "lake_write_minutes",
    default=30,
    min=1,
    max=240,
    unit=_MINUTES,
    clause="D1.1",
    label=T("业务事实多久写入数据湖一次", "How often facts are written into the lake"),
)
NIGHT_TIME = PolicyKey(
    "lake_night_time",
    default="00:20",
    clause="D1.1",
    label=T("夜间整理（库存快照、合并文件）的时间", "Time of the nightly tidying: stock as it stands, files merged"),
)
REPLACED_HOURS = PolicyKey(
    "lake_replaced_hours",
    default=24,
    min=1,
    max=720,
    unit=T("小时", "h"),
    clause="D1.1",
    label=T("被替换的数据文件保留多久", "How long files that were replaced are kept"),
)
CONFIRM_HOURS = PolicyKey(
    "cleaning_confirm_hours",
    default=24,
    min=1,
    max=240,
    unit=T("小时", "h"),
    clause="D1.2",
    label=T("疑似异常数据的确认时限", "Time to confirm suspicious rows"),
)
REPEAT_ORDERS = PolicyKey(
    "cleaning_repeat_orders",
    default=4,
    min=2,
    max=100,
    unit=T("单", "orders"),
    clause="D1.2",
    label=T("同一买家短时内几单视为疑似刷单", "Orders of one buyer within the window that look like brushing"),
)
REPEAT_MINUTES = PolicyKey(
    "cleaning_repeat_minutes",
    default=30,
    min=1,
    max=1_440,
    unit=_MINUTES,
    clause="D1.2",
    label=T("疑似刷单的时间窗", "Window in which they are counted"),
)
MOST_PAID = PolicyKey(
    "cleaning_most_paid_minor",
    default=100_000_000,
    min=10_000,
    max=10_000_000_000,
    unit=T("分", "fen"),
    clause="D1.2",
    label=T("单笔实付超过多少视为不可能", "Paid amount of one order beyond which it is impossible"),
)
MOST_PIECES = PolicyKey(
    "cleaning_most_pieces",
    default=10_000,
    min=10,
    max=1_000_000,
    unit=_PIECES,
    clause="D1.2",
    label=T("单笔件数超过多少视为不可能", "Pieces in one order beyond which it is impossible"),
)
