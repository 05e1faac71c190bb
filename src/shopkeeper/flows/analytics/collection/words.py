"""Words of collection: states, sources, figures, reasons, refusals, and what is wrong with a row."""

from enum import StrEnum

from shopkeeper.flows.analytics.collection.profiles import PROFILES
from shopkeeper.flows.analytics.collection.states import (
    ComparedFigure,
    DisagreementReason,
    DisagreementState,
    FigureBreakdown,
    FigureImportState,
    FigureOrigin,
    FigurePeriod,
    FiguresDayState,
    TrafficChannel,
    TrafficKind,
    TrafficMark,
)
from shopkeeper.shared.words import T
from shopkeeper.web.labels import Label

LABELS: dict[type[StrEnum], dict[StrEnum, Label]] = {
    FigureImportState: {
        FigureImportState.QUEUED: Label(T("排队中", "Waiting"), "blue"),
        FigureImportState.RUNNING: Label(T("导入中", "Running"), "blue"),
        FigureImportState.DONE: Label(T("已完成", "Done"), "green"),
        FigureImportState.FAILED: Label(T("失败", "Failed"), "red"),
        FigureImportState.STOPPED: Label(T("已停止", "Stopped"), "amber"),
    },
    FiguresDayState: {
        FiguresDayState.AWAITED: Label(T("待导入", "Awaited"), "amber"),
        FiguresDayState.DELIVERED: Label(T("已到", "In"), "green"),
        FiguresDayState.EXCUSED: Label(T("无数据", "No figures"), "grey"),
    },
    DisagreementState: {
        DisagreementState.OPEN: Label(T("待核对", "To reconcile"), "amber"),
        DisagreementState.ANSWERED: Label(T("已说明", "Explained"), "green"),
        DisagreementState.VANISHED: Label(T("已一致", "Agree now"), "grey"),
    },
    DisagreementReason: {
        DisagreementReason.RULE_DIFFERS: Label(T("口径不同", "Counted by another rule"), "blue"),
        DisagreementReason.CAME_LATE: Label(T("数据迟到", "Data came late"), "blue"),
        DisagreementReason.IMPORT_WRONG: Label(T("导入文件有误", "The imported file is wrong"), "amber"),
        DisagreementReason.COLLECTOR_GAP: Label(T("采集有缺口", "The collector missed some"), "amber"),
        DisagreementReason.OWN_WRONG: Label(T("自有数据有误", "Our own data are wrong"), "red"),
        DisagreementReason.OTHER: Label(T("其他", "Something else"), "grey"),
    },
    FigureOrigin: {
        FigureOrigin.OWN: Label(T("自有订单", "Own orders"), "green"),
        FigureOrigin.COLLECTOR: Label(T("自有采集", "Own collector"), "blue"),
        FigureOrigin.SYCM: Label(T("生意参谋", "SYCM"), "amber"),
    },
    FigurePeriod: {
        FigurePeriod.DAY: Label(T("日", "Day")),
        FigurePeriod.WEEK: Label(T("周", "Week")),
        FigurePeriod.MONTH: Label(T("月", "Month")),
    },
    FigureBreakdown: {
        FigureBreakdown.SHOP: Label(T("全店", "Whole shop")),
        FigureBreakdown.CHANNEL: Label(T("分渠道", "By channel")),
    },
    TrafficChannel: {
        TrafficChannel.SEARCH: Label(T("搜索", "Search")),
        TrafficChannel.RECOMMENDATION: Label(T("推荐", "Recommendation")),
        TrafficChannel.PAID: Label(T("付费", "Paid")),
        TrafficChannel.DIRECT: Label(T("直接访问", "Direct")),
        TrafficChannel.CONTENT: Label(T("内容", "Content")),
        TrafficChannel.OTHER: Label(T("其他", "Other")),
    },
    TrafficKind: {
        TrafficKind.EXPOSURE: Label(T("曝光", "Exposure")),
        TrafficKind.CLICK: Label(T("点击", "Clicks")),
        TrafficKind.VIEW: Label(T("浏览", "Page views")),
        TrafficKind.CART: Label(T("加购", "Adds")),
        TrafficKind.ORDER: Label(T("下单", "Orders")),
    },
    TrafficMark: {
        TrafficMark.VALID: Label(T("有效", "Counts"), "green"),
        TrafficMark.BOT_AGENT: Label(T("机器", "Machine"), "amber"),
        TrafficMark.TOO_FAST: Label(T("过于频繁", "Too fast"), "amber"),
        TrafficMark.DUPLICATE: Label(T("重复", "Sent again"), "grey"),
    },
    ComparedFigure: {
        ComparedFigure.ORDERS: Label(T("支付订单数", "Paid orders")),
        ComparedFigure.PAID_MINOR: Label(T("支付金额", "Paid amount")),
        ComparedFigure.BUYERS: Label(T("支付买家数", "Paying buyers")),
        ComparedFigure.VISITORS: Label(T("访客数", "Visitors")),
    },
}
FIGURES: dict[str, T] = {name: field.label for profile in PROFILES.values() for name, field in profile.fields.items()}
# How each source counts: what stands behind a figure on every page.
RULES_OF_SOURCES: dict[str, T] = {
    FigureOrigin.OWN: T(
        "付款落在当天（店铺时区）的订单；实付金额，退款不扣；买家按人去重。",
        "Orders paid on the shop's day; the amount paid, refunds not deducted; each buyer once.",
    ),
    FigureOrigin.COLLECTOR: T(
        "店铺页面自有脚本；机器与重复已剔除；访客按设备去重，2,048 人以上为估算（误差约 0.8%）。不含拒绝统计的访客。",
        "Our own script in the shop's pages; machines and repeats left out; visitors are devices, estimated beyond 2,048 (about 0.8 % off). Visitors who decline are not in it.",
    ),
    FigureOrigin.SYCM: T(
        "平台口径原样保留：访客含全部终端，跨渠道访客各渠道都计；加购、收藏只计新增。",
        "As the platform counts: visitors of all devices, one of two channels counts in both; adds and favourites are new ones only.",
    ),
}
# How each source counts one of the figures that are held against each other.
RULES_OF_FIGURES: dict[str, dict[str, T]] = {
    FigureOrigin.OWN: {
        ComparedFigure.ORDERS: T(
            "付款落在当天（店铺时区）的订单，每个平台订单号计一单；付款后取消的也计，分几个包裹发仍是一单。",
            "Orders paid on the shop's day, one for each order number of the platform; cancelled after payment it still counts, sent in several parcels it is still one.",
        ),
        ComparedFigure.PAID_MINOR: T(
            "当天付款订单的实付金额，之后的退款不扣。",
            "What was paid for the orders of the day; later refunds are not deducted.",
        ),
        ComparedFigure.BUYERS: T("当天付过款的买家，按人去重。", "Buyers who paid on the day, each once."),
    },
    FigureOrigin.COLLECTOR: {
        ComparedFigure.ORDERS: T(
            "店铺页面上报的下单；拒绝统计的访客不在内，不论是否付款。",
            "Orders as the shop's pages told of them, paid or not; visitors who decline are not in it.",
        ),
        ComparedFigure.BUYERS: T(
            "在店铺页面下过单的访客，按设备去重，不论是否付款。",
            "Visitors who ordered on the shop's pages, by device, paid or not.",
        ),
        ComparedFigure.VISITORS: RULES_OF_SOURCES[FigureOrigin.COLLECTOR],
    },
    FigureOrigin.SYCM: {
        ComparedFigure.ORDERS: T(
            "导出表“支付订单数”一列，平台口径原样保留；按子订单（一种商品一单）统计的表会多于自有订单，请先看表头。",
            "The sheet's column of paid orders, as the platform counts. A sheet of sub-orders (one for each kind of goods) says more than our orders do: look at its heading first.",
        ),
        ComparedFigure.PAID_MINOR: T(
            "导出表“支付金额”一列，平台口径原样保留：退款不扣，预售按付尾款日计。",
            "The sheet's column of paid amount, as the platform counts: refunds not deducted, presale by the day of the balance.",
        ),
        ComparedFigure.BUYERS: T(
            "导出表“支付买家数”一列，平台按账号去重。", "The sheet's column of paying buyers, each account once."
        ),
        ComparedFigure.VISITORS: RULES_OF_SOURCES[FigureOrigin.SYCM],
    },
}
AS_BEFORE = T("同 {day}：{words}", "as on {day}: {words}")
REFUSALS: dict[str, T] = {
    "page_origin_unreadable": T(
        "页面来源 {origin} 读不懂。请只写协议和域名，例如 https://shop.example （不带路径）。",
        "The origin {origin} cannot be read. Write scheme and host only, such as https://shop.example (no path).",
    ),
    "collector_not_open": T("这家店铺还没有开通采集。请先开通。", "This shop's collector is not open. Open it first."),
    "key_renewed_meanwhile": T("密钥刚被更换过。请刷新后再看。", "The key was renewed meanwhile. Reload and look."),
    "spool_gone": T("采集文件 {name} 不在了。", "The collector's file {name} is gone."),
    "profile_unknown": T("没有名为「{name}」的导入方案。", "There is no import profile “{name}”."),
    "figure_import_ended": T("这次导入已经结束。", "This import is over."),
    "file_gone": T("文件已不在，请重新选择。", "The file is gone; choose it again."),
    "excuse_needed": T("请写明当天为什么没有数据。", "Say why the day has no figures."),
    "figures_there": T("当天的数据已经导入，不需要说明。", "The day's figures are in; there is nothing to excuse."),
    "period_unknown": T(
        "第 {line} 行不是整日、整周（周一至周日）或整月。",
        "Row {line} is no whole day, week (Monday to Sunday) or month.",
    ),
    "period_not_over": T(
        "第 {line} 行的统计期还没有结束，次日才能导入。",
        "The period of row {line} is not over; take it in the day after.",
    ),
    "figure_row_twice": T("第 {line} 行与前面的行重复。", "Row {line} stands there twice."),
    "channel_missing": T("第 {line} 行没有写流量来源。", "Row {line} names no traffic source."),
    "channel_unwanted": T(
        "全店数据的第 {line} 行写了流量来源。", "Row {line} of a whole shop's sheet names a channel."
    ),
    "ratio_unknown": T("第 {line} 行有不认识的比率。", "Row {line} has a ratio nobody knows."),
    "reason_words_needed": T("选择“其他”时请写明原因。", "For “something else”, say what it is."),
    "figures_changed": T(
        "数据刚刚变化，请刷新后按新数值再核对。", "The figures changed meanwhile. Reload and look at the new ones."
    ),
    "disagreement_over": T("两个来源已经一致，不需要说明。", "The sources agree by now; there is nothing to explain."),
}
ROW_PROBLEMS: dict[str, T] = {
    "period_unreadable": T(
        "「{column}」的值「{value}」不是日期。请写成 2026-06-01 或 2026-06-01 ~ 2026-06-07。",
        "“{value}” in “{column}” is no date. Write 2026-06-01, or 2026-06-01 ~ 2026-06-07.",
    ),
    "period_unknown": T(
        "「{value}」不是整日、整周（周一至周日）或整月。请按这三种统计期重新导出。",
        "“{value}” is no whole day, week (Monday to Sunday) or month. Export one of these periods.",
    ),
    "period_not_over": T(
        "「{value}」还没有结束。平台数据次日 09:00 后才完整，请届时重新导出。",
        "“{value}” is not over. The platform's figures are whole after 09:00 the next day; export them then.",
    ),
    "channel_missing": T("「{column}」是空的。", "“{column}” is empty."),
    "figure_wrong": T(
        "「{column}」的值「{value}」不是数字。例如 2,133、10,095.00 或 0.45%。",
        "“{value}” in “{column}” is no figure. For example 2,133, 10,095.00 or 0.45%.",
    ),
    "row_twice": T(
        "与第 {value} 行是同一统计期，没有导入。", "The same period as row {value}; this one was not taken."
    ),
    "row_without_figures": T("这一行没有任何数据。", "This row holds no figures."),
    "figure_row_twice": T("同一统计期出现两次，没有导入。", "The period stands there twice; it was not taken."),
    "channel_unwanted": T("全店数据不应带流量来源。", "A whole shop's sheet names no traffic source."),
    "ratio_unknown": T("有不认识的比率。", "There is a ratio nobody knows."),
    "not_found": T("店铺不在你负责的范围内。", "The shop is not one of yours."),
    "bad_data": T("数据不合规则，没有保存。", "The data break a rule and were not saved."),
}
