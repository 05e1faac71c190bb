"""Words of reports: states, periods, parts, units, dimensions, refusals."""

from enum import StrEnum

from shopkeeper.flows.analytics.reports.rules.metric import SMALLEST, Additivity, Dimension, FigureOf, Metric, Unit
from shopkeeper.flows.analytics.reports.states import Block, Part, ReportPeriod, ReportState
from shopkeeper.shared.money import HOME_CURRENCY
from shopkeeper.shared.words import T
from shopkeeper.web.labels import Label
from shopkeeper.web.shown import money_text

NOTHING = "–"
LABELS: dict[type[StrEnum], dict[StrEnum, Label]] = {
    ReportState: {
        ReportState.MAKING: Label(T("生成中", "Being made"), "grey"),
        ReportState.INCOMPLETE: Label(T("不完整", "Incomplete"), "red"),
        ReportState.COMPLETE: Label(T("待签发", "To sign"), "amber"),
        ReportState.SIGNED: Label(T("已签发", "Signed"), "blue"),
        ReportState.CONFIRMED: Label(T("已阅", "Read"), "green"),
    },
    ReportPeriod: {
        ReportPeriod.DAY: Label(T("日报", "Daily"), "grey"),
        ReportPeriod.WEEK: Label(T("周报", "Weekly"), "grey"),
        ReportPeriod.MONTH: Label(T("月报", "Monthly"), "grey"),
    },
}
BLOCKS: dict[Block, T] = {
    Block.TRAFFIC: T("流量", "Traffic"),
    Block.SALES: T("销售", "Sales"),
    Block.GOODS: T("商品与库存", "Goods and stock"),
    Block.CUSTOMERS: T("客户", "Customers"),
    Block.SERVICE: T("服务", "Service"),
    Block.FULFILMENT: T("履约", "Fulfilment"),
    Block.CAMPAIGNS: T("活动", "Campaigns"),
    Block.EXCLUDED: T("剔除的数据", "What was excluded"),
}
CLAUSES: dict[Block, str] = {
    Block.TRAFFIC: "D2.2",
    Block.SALES: "D2.3",
    Block.GOODS: "D2.3",
    Block.CUSTOMERS: "D2.4",
    Block.SERVICE: "D2.4",
    Block.FULFILMENT: "D2.4",
    Block.CAMPAIGNS: "D2.1",
    Block.EXCLUDED: "D2.1",
}
ANALYSES: dict[Part, T] = {
    Part.TRAFFIC: T("流量分析", "Traffic analysis"),
    Part.SALES: T("销售分析", "Sales analysis"),
    Part.CUSTOMERS: T("客户分析", "Customer analysis"),
}
BEFORE: dict[ReportPeriod, T] = {
    ReportPeriod.DAY: T("前一天", "Day before"),
    ReportPeriod.WEEK: T("上一周", "Week before"),
    ReportPeriod.MONTH: T("上一月", "Month before"),
}
YEAR = T("去年同期", "Year ago")
ALL_SHOPS = T("全部店铺", "All shops")
UNITS: dict[Unit, T] = {
    Unit.MONEY: T("元", "CNY"),
    Unit.COUNT: T("个", "count"),
    Unit.SHARE: T("%", "%"),
    Unit.RATIO: T("比值", "ratio"),
    Unit.SECONDS: T("秒", "s"),
    Unit.HOURS: T("小时", "h"),
    Unit.DAYS: T("天", "days"),
}
ADDITIVITY: dict[Additivity, T] = {
    Additivity.ADDITIVE: T("可相加", "adds up"),
    Additivity.PARTS: T("分子分母分别相加", "parts add up"),
    Additivity.NONE: T("不可相加", "does not add up"),
}
DIMENSIONS: dict[Dimension, T] = {
    Dimension.DAY: T("日期", "Day"),
    Dimension.SHOP: T("店铺", "Shop"),
    Dimension.PLATFORM: T("平台", "Platform"),
    Dimension.HOUR: T("小时", "Hour"),
    Dimension.CATEGORY: T("类目", "Category"),
    Dimension.SKU: T("SKU", "SKU"),
    Dimension.CHANNEL: T("渠道", "Channel"),
    Dimension.REASON: T("退款原因", "Reason"),
    Dimension.COURIER: T("快递", "Courier"),
    Dimension.KIND: T("问题类型", "Type"),
}
CHANNELS: dict[str, T] = {
    "search": T("搜索", "Search"),
    "recommendation": T("推荐", "Recommendation"),
    "paid": T("付费推广", "Paid"),
    "direct": T("直接访问", "Direct"),
    "content": T("内容", "Content"),
    "other": T("其他", "Other"),
}
PLATFORMS: dict[str, T] = {
    "taobao": T("淘宝", "Taobao"),
    "pinduoduo": T("拼多多", "Pinduoduo"),
    "own": T("自有商城", "Own shop"),
}
RFM: dict[str, T] = {
    "111": T("重要价值（近、频、多）", "Champions (recent, frequent, big)"),
    "101": T("重要发展（近、少、多）", "To develop (recent, seldom, big)"),
    "011": T("重要保持（远、频、多）", "To keep (long ago, frequent, big)"),
    "001": T("重要挽留（远、少、多）", "To win back (long ago, seldom, big)"),
    "110": T("一般价值（近、频、小）", "Regulars (recent, frequent, small)"),
    "100": T("一般发展（近、少、小）", "New and small (recent, seldom, small)"),
    "010": T("一般保持（远、频、小）", "Fading (long ago, frequent, small)"),
    "000": T("一般挽留（远、少、小）", "Lost (long ago, seldom, small)"),
}
TABLES: dict[str, T] = {
    "orders": T("订单", "Orders"),
    "refunds": T("退款", "Refunds"),
    "parcels": T("包裹", "Parcels"),
    "tickets": T("工单", "Tickets"),
    "ratings": T("评价", "Ratings"),
    "traffic": T("流量事件", "Traffic events"),
}
IMPORTED: dict[str, T] = {
    "exposure": T("曝光量", "Impressions"),
    "clicks": T("点击量", "Clicks"),
    "visitors": T("访客数", "Visitors"),
    "page_views": T("浏览量", "Page views"),
    "visits": T("访问次数", "Visits"),
    "single_page_visits": T("只看一页的访问", "Visits of one page"),
    "stay_seconds": T("停留总秒数", "Seconds stayed"),
    "buyers": T("支付买家数", "Paying buyers"),
    "new_buyers": T("支付新买家数", "New buyers"),
    "old_buyers": T("支付老买家数", "Returning buyers"),
    "order_buyers": T("下单买家数", "Ordering buyers"),
    "orders": T("支付订单数", "Paid orders"),
    "pieces": T("支付件数", "Pieces paid"),
    "long_visitors": T("微详情访客数", "Visitors of 3 s"),
    "stay_mean_seconds": T("平均停留秒数", "Mean stay, seconds"),
    "cart_visitors": T("加购人数", "Visitors who added"),
    "cart_pieces": T("加购件数", "Pieces added"),
    "favourite_visitors": T("收藏人数", "Visitors who favourited"),
    "paid_minor": T("支付金额（元，取整）", "Paid amount, whole yuan"),
    "old_paid_minor": T("老买家支付金额（元，取整）", "Paid by returning buyers, whole yuan"),
    "ordered_minor": T("下单金额（元，取整）", "Ordered amount, whole yuan"),
    "refunded_minor": T("成功退款金额（元，取整）", "Refunded amount, whole yuan"),
}
IMPORTED_FROM: dict[str, T] = {"sycm": T("生意参谋", "SYCM")}
NO_SOURCE = T("没有来源", "no source")
NO_TRAFFIC = T(
    "没有来源：这一期没有自有采集的流量，访客、转化等指标无法计算（不是 0）。请在“数据采集”接入采集代码，或导入平台报表。",
    "No source: our own collector saw nothing in this period; visitors and conversion are unknown, not zero. "
    "Connect the collector, or import the platform's export, under data collection.",
)
# The collector is silent, and a platform's export stands in for what it tells.
EXPORT_ONLY = T(
    "自有采集这一期没有数据；标明“来自导出”的指标取自{name}。访问、跳失、停留和漏斗只有自有采集才有，所以没有来源（不是 0）。",
    "Our own collector saw nothing in this period; figures marked “from an export” are from {name}. Visits, bounces, "
    "stays and the funnel only the collector knows: they have no source, they are not zero.",
)
UNKNOWN = T("未知", "unknown")
# Why a figure is unknown although a source speaks, by the reasons of rules/snapshot.py.
WHY_UNKNOWN: dict[str, T] = {
    "unseen": T(
        "{metrics}未知：{shops}有买家，但没有访客数据；分子和分母必须是同样的店铺。请导入该店的平台报表；有访客数据的店铺请看单店报告。",
        "Unknown: {metrics}. {shops} had buyers, but nobody counted visitors there, and both sides must be of the same "
        "shops. Import the platform's export of it; shops whose visitors are known have it in reports of their own.",
    ),
    "doubled": T(
        "{metrics}未知：{shops}的导出各自去重，相加会把同一位访客算两次。请看单店报告。",
        "Unknown: {metrics}. The exports of {shops} each count a person once: added up, whoever came to two shops "
        "would count twice. Read it in the reports of the shops.",
    ),
    "different": T(
        "{metrics}未知：导出的分子和分母不是同样的店铺（{shops}）。",
        "Unknown: {metrics}. The exports give its two sides of different shops ({shops}).",
    ),
}
UNNAMED = T("（未填）", "(none)")


def shown(figure: FigureOf | None) -> str:
    """A figure's value as people read it; a dash where there is none."""
    value = figure.value if figure else None
    if figure is None or value is None:
        return NOTHING
    unit = figure.metric.unit
    if unit is Unit.MONEY:
        return money(round(value), figure.currency)
    if unit is Unit.SHARE:
        return f"{value:.2%}"
    if unit is Unit.COUNT:
        return f"{value:,.0f}"
    places = 2 if unit is Unit.RATIO else 1
    return f"{value:,.{places}f}" if unit is Unit.RATIO else f"{value:,.{places}f} {UNITS[unit]}"


def target_shown(metric: Metric, parts: int | None, currency: str = HOME_CURRENCY) -> str:
    """A value in a figure's smallest parts, as targets are kept, as people read it."""
    if parts is None:
        return NOTHING
    if metric.unit in (Unit.MONEY, Unit.COUNT):
        return money(parts, currency) if metric.unit is Unit.MONEY else f"{parts:,}"
    value = parts / SMALLEST[metric.unit]
    if metric.unit is Unit.SHARE:
        return f"{value:.2%}"
    return f"{value:,.2f}" if metric.unit is Unit.RATIO else f"{value:,.1f} {UNITS[metric.unit]}"


def money(minor: int | None, currency: str = HOME_CURRENCY) -> str:
    """Minor units as ¥1,234.50, a minus before the sign."""
    return NOTHING if minor is None else money_text(minor, currency)


def part_shown(measure_id: str, parts: int | None, currency: str = HOME_CURRENCY) -> str:
    """What a ratio is made of, as people read it: an amount, or how many."""
    if parts is None:
        return NOTHING
    return money(parts, currency) if measure_id.endswith("_minor") else f"{parts:,}"


def unit_of(currency: str) -> T:
    """What an axis of amounts is in."""
    return UNITS[Unit.MONEY] if currency == HOME_CURRENCY else T(currency, currency)


def percent(parts: int | None, places: int = 1) -> str:
    """Parts of 10,000 as 12.3%."""
    return NOTHING if parts is None else f"{parts / 100:.{places}f}%"


def changed(parts: int | None, is_points: bool) -> str:
    """+12.3%, or +1.23 points."""
    if parts is None:
        return NOTHING
    sign = "+" if parts > 0 else "−" if parts < 0 else ""
    if is_points:
        return T("{n} 个百分点", "{n} pp").format(n=f"{sign}{abs(parts) / 100:.2f}").text()
    return f"{sign}{abs(parts) / 100:.1f}%"


REFUSALS: dict[str, T] = {
    "report_first_day_wrong": T(
        "周报从周一开始，月报从 1 日开始。请选择正确的开始日期。",
        "A week begins on a Monday, a month on its first. Choose such a day.",
    ),
    "report_period_open": T(
        "这个周期还没有结束，现在的数字不完整。请等到结束后的第二天再生成。",
        "The period is not over, its figures would be half. Make the report the day after it ends.",
    ),
    "report_signed": T(
        "报告已签发，不能再改。有新的发现请写进下一期，或另建决策。",
        "The report is signed and stays as it is. Put what is new into the next one.",
    ),
    "report_not_made": T(
        "报告还在生成，请稍等几秒后刷新页面。",
        "The report is still being made. Reload the page in a few seconds.",
    ),
    "report_incomplete": T(
        "报告有部分没有算出来，不能当作完整报告签发。请重新生成；确需先发，请写明原因。",
        "A part of the report could not be computed. Have it made again, or say why it goes out without it.",
    ),
    "report_comment_needed": T(
        "请先写总评：这一期最重要的一两句话。",
        "Write the summary first: what matters most, in a sentence or two.",
    ),
    "report_analyses_missing": T(
        "还缺分析。请在流量、销售、客户各部分写明变化和原因后再签发。",
        "Analyses are missing. Write what changed and why in those parts, then sign.",
    ),
    "report_analysis_needed": T("请写明变化和原因，再保存。", "Write what changed and why, then save."),
    "report_not_signed": T(
        "报告还没有签发，不能确认已阅。",
        "The report is not signed yet; there is nothing to confirm.",
    ),
    "own_report": T("这份报告是你签发的，请由另一位负责人确认。", "You signed this report; somebody else confirms it."),
    "target_metric_unknown": T(
        "没有这个指标。请从指标口径页选择。", "There is no such figure. Choose one from the register."
    ),
    "target_not_a_month": T("目标按月设定，请填每月 1 日。", "Targets are set by month: give its first day."),
    "target_month_over": T(
        "这个月已经结束，目标不能事后再改。", "The month is over; its targets cannot be changed afterwards."
    ),
    "figure_span_wrong": T(
        "请选择先后正确、不超过 {most} 天的时间段。", "Choose a first and a last day in order, at most {most} days."
    ),
    "wrong_roll_up": T(
        "“{metric}”按人去重，几天的数值不能相加。请直接查询整个时间段。",
        "“{metric}” counts people once; days must not be added up. Ask for the whole span instead.",
    ),
    "metric_not_by_dimension": T(
        "“{metric}”的来源不支持这样拆分。请换一个维度。",
        "The sources of “{metric}” do not tell that. Choose another dimension.",
    ),
}
