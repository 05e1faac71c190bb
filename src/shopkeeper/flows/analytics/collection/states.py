"""The states of an import, a day's delivery and a disagreement; the words figures and traffic are filed under."""

from enum import StrEnum

from shopkeeper.shared.transitions import Transitions


class FigureImportState(StrEnum):
    QUEUED = "queued"  # 排队中
    RUNNING = "running"  # 导入中
    DONE = "done"  # 已完成
    FAILED = "failed"  # 失败
    STOPPED = "stopped"  # 已停止


OVER = frozenset({FigureImportState.DONE, FigureImportState.FAILED, FigureImportState.STOPPED})
IMPORT_FLOW = Transitions(
    table="collection_figureimport",
    states=FigureImportState,
    allowed={
        FigureImportState.QUEUED: {FigureImportState.RUNNING, FigureImportState.FAILED, FigureImportState.STOPPED},
        FigureImportState.RUNNING: {FigureImportState.DONE, FigureImportState.FAILED, FigureImportState.STOPPED},
    },
)


class FiguresDayState(StrEnum):
    AWAITED = "awaited"  # 待导入
    DELIVERED = "delivered"  # 已到
    EXCUSED = "excused"  # 无数据: somebody said why there are none


DELIVERY_FLOW = Transitions(
    table="collection_delivery",
    states=FiguresDayState,
    allowed={
        FiguresDayState.AWAITED: {FiguresDayState.DELIVERED, FiguresDayState.EXCUSED},
        FiguresDayState.EXCUSED: {FiguresDayState.DELIVERED},  # they came after all
        FiguresDayState.DELIVERED: set(),
    },
)


class DisagreementState(StrEnum):
    OPEN = "open"  # 待核对
    ANSWERED = "answered"  # 已说明
    VANISHED = "vanished"  # 已一致: newer figures agree


CASE_FLOW = Transitions(
    table="collection_disagreement",
    states=DisagreementState,
    allowed={
        DisagreementState.OPEN: {DisagreementState.ANSWERED, DisagreementState.VANISHED},
        DisagreementState.ANSWERED: set(),
        DisagreementState.VANISHED: set(),
    },
)


class DisagreementReason(StrEnum):
    """Why two sources say different things; `other` needs words."""

    RULE_DIFFERS = "rule_differs"
    CAME_LATE = "came_late"
    IMPORT_WRONG = "import_wrong"
    COLLECTOR_GAP = "collector_gap"
    OWN_WRONG = "own_wrong"
    OTHER = "other"


class FigureOrigin(StrEnum):
    """Where a figure comes from. Figures of two sources never stand in one series."""

    OWN = "own"  # our orders
    COLLECTOR = "collector"  # our script in the shop's pages
    SYCM = "sycm"  # 生意参谋


IMPORTED = frozenset({FigureOrigin.SYCM})


class FigurePeriod(StrEnum):
    DAY = "day"
    WEEK = "week"  # Monday to Sunday
    MONTH = "month"


class FigureBreakdown(StrEnum):
    """A sheet of the whole shop, or one with a row for each of its channels."""

    SHOP = "shop"
    CHANNEL = "channel"


class TrafficChannel(StrEnum):
    SEARCH = "search"
    RECOMMENDATION = "recommendation"
    PAID = "paid"
    DIRECT = "direct"
    CONTENT = "content"
    OTHER = "other"


class TrafficKind(StrEnum):
    EXPOSURE = "exposure"
    CLICK = "click"
    VIEW = "view"
    CART = "cart"
    ORDER = "order"


class TrafficMark(StrEnum):
    """Why an event of the collector does not count. It is kept, and can be looked at."""

    VALID = ""
    BOT_AGENT = "bot_agent"
    TOO_FAST = "too_fast"
    DUPLICATE = "duplicate"


class Counted(StrEnum):
    """Whom distinct counts are of: visitors, visits, and the visitors who added or ordered."""

    VISITORS = "visitors"
    VISITS = "visits"
    CART_VISITORS = "cart_visitors"
    ORDER_VISITORS = "order_visitors"


class ComparedFigure(StrEnum):
    """The figures that several sources know."""

    ORDERS = "orders"
    PAID_MINOR = "paid_minor"
    BUYERS = "buyers"
    VISITORS = "visitors"
