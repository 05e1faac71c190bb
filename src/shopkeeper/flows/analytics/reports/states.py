"""The states of a report, what periods there are, and the parts it is made of."""

from enum import StrEnum

from shopkeeper.shared.transitions import Transitions


class ReportState(StrEnum):
    MAKING = "making"  # 生成中
    INCOMPLETE = "incomplete"  # 不完整: a part could not be computed
    COMPLETE = "complete"  # 待签发
    SIGNED = "signed"  # 已签发
    CONFIRMED = "confirmed"  # 已阅


REPORT_FLOW = Transitions(
    table="reports_report",
    states=ReportState,
    allowed={
        ReportState.MAKING: {ReportState.INCOMPLETE, ReportState.COMPLETE},
        ReportState.INCOMPLETE: {ReportState.MAKING, ReportState.SIGNED},
        ReportState.COMPLETE: {ReportState.MAKING, ReportState.SIGNED},
        ReportState.SIGNED: {ReportState.CONFIRMED},
        ReportState.CONFIRMED: set(),
    },
)
SIGNABLE = (ReportState.INCOMPLETE, ReportState.COMPLETE)
ENDED = (ReportState.SIGNED, ReportState.CONFIRMED)


class ReportPeriod(StrEnum):
    """What a report is about: a day, a week from Monday to Sunday, a calendar month."""

    DAY = "day"  # 日报
    WEEK = "week"  # 周报
    MONTH = "month"  # 月报


class Block(StrEnum):
    """The parts of a report; each is computed by itself, so that one that fails leaves the others whole."""

    TRAFFIC = "traffic"  # 流量
    SALES = "sales"  # 销售
    GOODS = "goods"  # 商品
    CUSTOMERS = "customers"  # 客户
    SERVICE = "service"  # 服务
    FULFILMENT = "fulfilment"  # 履约
    CAMPAIGNS = "campaigns"  # 活动
    EXCLUDED = "excluded"  # 剔除


class Part(StrEnum):
    """What an analyst explains in words, by clause: D2.2, D2.3, D2.4."""

    TRAFFIC = "traffic"
    SALES = "sales"
    CUSTOMERS = "customers"
