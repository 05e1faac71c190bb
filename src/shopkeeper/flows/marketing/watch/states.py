"""The states of the watch over a campaign: its days, alerts, calls for restock, presales; and its coded words."""

from enum import StrEnum

from shopkeeper.shared.transitions import Transitions


class TrafficSource(StrEnum):
    """Where an hour's traffic figures come from; several may stand side by side."""

    TYPED = "typed"  # 手工填写
    PASTED = "pasted"  # 粘贴表格
    FILE = "file"  # 平台导出文件
    COLLECTOR = "collector"  # 自有采集


class SheetState(StrEnum):
    """One day of a campaign's 《活动监控表》."""

    OPEN = "open"  # 记录中
    SIGNED = "signed"  # 已签字


SHEET_FLOW = Transitions(
    table="watch_daysheet",
    states=SheetState,
    allowed={SheetState.OPEN: {SheetState.SIGNED}, SheetState.SIGNED: set()},
)


class AlertKind(StrEnum):
    CONVERSION_LOW = "conversion_low"  # 转化偏低
    STOCK_LOW = "stock_low"  # 库存告急


class AlertState(StrEnum):
    OPEN = "open"  # 待处理
    ACTED = "acted"  # 已采取措施
    DISMISSED = "dismissed"  # 已忽略
    LIFTED = "lifted"  # 已解除: the cause went away, or the campaign ended, before anybody answered


ALERT_FLOW = Transitions(
    table="watch_alert",
    states=AlertState,
    allowed={
        AlertState.OPEN: {AlertState.ACTED, AlertState.DISMISSED, AlertState.LIFTED},
        AlertState.ACTED: set(),
        AlertState.DISMISSED: set(),
        AlertState.LIFTED: set(),
    },
)


class ActionKind(StrEnum):
    """What M3.2 lets the specialist do."""

    CHANGE_COPY = "change_copy"  # 改文案
    ADD_SLOT = "add_slot"  # 加资源位
    URGENT_RESTOCK = "urgent_restock"  # 紧急补货
    PRESALE = "presale"  # 转预售
    PAUSE_RULE = "pause_rule"  # 暂停促销
    RAISE_BUDGET = "raise_budget"  # 追加预算


ANSWERS: dict[AlertKind, tuple[ActionKind, ...]] = {
    AlertKind.CONVERSION_LOW: (
        ActionKind.CHANGE_COPY,
        ActionKind.ADD_SLOT,
        ActionKind.RAISE_BUDGET,
        ActionKind.PAUSE_RULE,
    ),
    AlertKind.STOCK_LOW: (ActionKind.URGENT_RESTOCK, ActionKind.PRESALE, ActionKind.PAUSE_RULE),
}


class CallState(StrEnum):
    """A call for urgent restock, answered by whoever buys."""

    ASKED = "asked"  # 待答复
    PROMISED = "promised"  # 已定到货
    CANNOT = "cannot"  # 无法补货
    ARRIVED = "arrived"  # 已到货
    ENDED = "ended"  # 已失效: the campaign ended before anything came


CALL_FLOW = Transitions(
    table="watch_restockcall",
    states=CallState,
    allowed={
        CallState.ASKED: {CallState.PROMISED, CallState.CANNOT, CallState.ARRIVED, CallState.ENDED},
        CallState.PROMISED: {CallState.CANNOT, CallState.ARRIVED, CallState.ENDED},
        CallState.CANNOT: {CallState.PROMISED, CallState.ARRIVED},
        CallState.ARRIVED: set(),
        CallState.ENDED: set(),
    },
)


class PresaleState(StrEnum):
    PROPOSED = "proposed"  # 建议预售
    ON = "on"  # 预售中
    DECLINED = "declined"  # 未采用
    ENDED = "ended"  # 已结束


PRESALE_FLOW = Transitions(
    table="watch_presale",
    states=PresaleState,
    allowed={
        PresaleState.PROPOSED: {PresaleState.ON, PresaleState.DECLINED},
        PresaleState.ON: {PresaleState.ENDED},
        PresaleState.DECLINED: set(),
        PresaleState.ENDED: set(),
    },
)
