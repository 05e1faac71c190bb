"""Words of completion, settlement and follow-up: states, accounts, answers, the script, refusals."""

from enum import StrEnum

from shopkeeper.flows.fulfilment.settlement.states import (
    Account,
    Doubt,
    FollowUpOutcome,
    FollowUpState,
    PostingKind,
    SettlementState,
)
from shopkeeper.shared.words import T
from shopkeeper.web.labels import Label

LABELS: dict[type[StrEnum], dict[StrEnum, Label]] = {
    SettlementState: {
        SettlementState.DUE: Label(T("待结算", "To settle"), "blue"),
        SettlementState.REVIEW: Label(T("待核对", "To review"), "amber"),
        SettlementState.SETTLED: Label(T("已结算", "Settled"), "green"),
    },
    FollowUpState: {
        FollowUpState.OPEN: Label(T("待回访", "To ask"), "amber"),
        FollowUpState.ANSWERED: Label(T("已回访", "Asked"), "green"),
        FollowUpState.CLOSED: Label(T("已关闭", "Closed"), "grey"),
    },
    FollowUpOutcome: {
        FollowUpOutcome.WILL_CONFIRM: Label(T("会确认收货", "Will confirm"), "green"),
        FollowUpOutcome.CONFIRMED: Label(T("称已确认", "Says confirmed"), "green"),
        FollowUpOutcome.HAS_PROBLEM: Label(T("反馈有问题", "Has a problem"), "red"),
        FollowUpOutcome.NOT_REACHED: Label(T("未联系上", "Not reached"), "amber"),
        FollowUpOutcome.NOT_NEEDED: Label(T("已无需回访", "No longer needed"), "grey"),
    },
    Doubt: {
        Doubt.NEGATIVE_MARGIN: Label(T("毛利为负", "Sold at a loss"), "red"),
        Doubt.CURRENCY_UNLIKE: Label(T("成本币种不同", "Cost in another currency"), "amber"),
        Doubt.PAID_UNLIKE_LINES: Label(T("实付与明细不符", "Paid unlike the lines"), "red"),
        Doubt.COST_UNKNOWN: Label(T("成本未知", "Cost unknown"), "amber"),
    },
}
ACCOUNTS: dict[str, T] = {
    Account.GOODS_REVENUE: T("商品收入", "Goods revenue"),
    Account.FREIGHT_INCOME: T("运费收入", "Freight income"),
    Account.MERCHANT_DISCOUNT: T("商家承担优惠", "Discounts borne by us"),
    Account.PLATFORM_COMMISSION: T("平台佣金", "Platform commission"),
    Account.COST_OF_GOODS: T("商品成本", "Cost of goods"),
    Account.REFUNDS: T("退款", "Refunds"),
    Account.DIFFERENCE: T("结算差异", "Difference"),
    Account.PLATFORM_RECEIVABLE: T("应收平台款", "Receivable from platform"),
    Account.SUBSIDY_RECEIVABLE: T("应收平台补贴", "Subsidy receivable"),
    Account.INVENTORY: T("库存商品", "Inventory"),
}
POSTINGS: dict[str, T] = {
    PostingKind.SETTLEMENT: T("结算", "Settlement"),
    PostingKind.REFUND: T("退款冲回", "Refund reversal"),
}
DOUBT_ADVICE: dict[str, T] = {
    Doubt.NEGATIVE_MARGIN: T(
        "扣除佣金和成本后亏损（见下方试算）。请核对售价、活动与成本；确认无误后写明原因放行。",
        "After commission and cost this order loses money (see the trial below). Compare price, promotion and cost; "
        "pass it with a reason.",
    ),
    Doubt.CURRENCY_UNLIKE: T(
        "商品成本与订单不是同一币种。请按订单币种填写整单成本后放行。",
        "The goods' cost is in another currency. Enter the order's cost in its own currency, then pass it.",
    ),
    Doubt.PAID_UNLIKE_LINES: T(
        "实付金额与商品、优惠、运费对不上。请核对平台账单；放行后差额记入“结算差异”。",
        "What was paid does not fit goods, discounts and freight. Compare with the platform's bill; "
        "the rest is booked as a difference.",
    ),
    Doubt.COST_UNKNOWN: T(
        "有商品没有匹配到成本。请填写整单成本后放行。",
        "The cost of some goods is unknown. Enter the order's cost, then pass it.",
    ),
}
# What the agent may press: answer, what it sets in motion, its icon.
ANSWERS: dict[FollowUpOutcome, tuple[T, T, str]] = {
    FollowUpOutcome.WILL_CONFIRM: (
        T("会确认收货", "Will confirm"),
        T("到期再看一次", "Looked at once more"),
        "check",
    ),
    FollowUpOutcome.CONFIRMED: (
        T("称已确认", "Says confirmed"),
        T("等平台同步", "Waits for the platform"),
        "circle-check",
    ),
    FollowUpOutcome.HAS_PROBLEM: (
        T("反馈有问题", "Has a problem"),
        T("转售后处理，请写明问题", "Goes to after-sale; say what it is"),
        "alert-triangle",
    ),
    FollowUpOutcome.NOT_REACHED: (
        T("未联系上", "Not reached"),
        T("稍后再联系", "Tried again later"),
        "phone",
    ),
}
SCRIPT: tuple[T, ...] = (
    T(
        "您好，我是{shop}的客服。您购买的“{goods}”物流显示已于 {signed} 签收，想确认一下您收到了吗？",
        "Hello, this is {shop}. Tracking says your “{goods}” was signed for on {signed}. Did you receive it?",
    ),
    T(
        "已收到且满意：谢谢您！方便的话请在订单页点一下“确认收货”，款项才会结算给商家。",
        "Received and happy: thank you! Please press “Confirm receipt” on the order page when convenient.",
    ),
    T(
        "收到但有问题：非常抱歉。请告诉我是破损、漏发还是不合适，我马上为您登记处理。",
        "Received with a problem: we are sorry. Is it damaged, incomplete or unsuitable? I will see to it at once.",
    ),
    T(
        "没有收到：请先看看驿站、快递柜或家人是否代收；仍未找到，我马上联系快递核实。",
        "Not received: please look at the pick-up point, the locker or with family; otherwise I will ask the courier.",
    ),
    T(
        "不催促、不许诺好评返现；买家不愿确认时，记录原因即可。",
        "Do not press, and promise nothing for a review. If the buyer would rather not confirm, note why.",
    ),
)
REFUSALS: dict[str, T] = {
    "not_confirmed": T(
        "买家还没有在平台确认收货，不能完成。", "The buyer has not confirmed receipt on the platform yet."
    ),
    "not_shipped": T("订单还没有发货，不能完成。", "The order has not left yet; it cannot be completed."),
    "order_returned": T("订单已退货关闭，不能完成。", "The order was returned; it cannot be completed."),
    "not_returned": T("订单没有退货关闭。", "The order was not closed as returned."),
    "order_cancelled": T("订单已取消，不能完成。", "The order was cancelled; it cannot be completed."),
    "not_completed": T("订单还没有完成，不能结算。", "The order is not completed yet; it cannot be settled."),
    "negative_margin": T(
        "毛利为负，请在“待核对”里打开该单核对后结算。",
        "The order loses money; open it under “To review”, look at it and pass it.",
    ),
    "currency_unlike": T(
        "成本与订单币种不同，请在“待核对”里打开该单，填写成本后结算。",
        "The cost is in another currency; open it under “To review”, enter the cost and pass it.",
    ),
    "paid_unlike_lines": T(
        "实付与明细不符，请在“待核对”里打开该单核对后结算。",
        "Paid amount and lines differ; open it under “To review”, look at it and pass it.",
    ),
    "cost_unknown": T(
        "商品成本未知，请在“待核对”里打开该单，填写成本后结算。",
        "The goods' cost is unknown; open it under “To review”, enter it and pass it.",
    ),
    "doubt_changed": T(
        "待核对的原因已变化，请刷新后重新核对。", "The reason for the review has changed; reload and look again."
    ),
    "cost_needed": T("请填写整单商品成本。", "Enter the cost of the order's goods."),
    "reason_needed": T("请写明原因。", "Give a reason."),
    "refund_not_positive": T("退款金额必须大于零。", "A refund must be more than nothing."),
    "day_not_over": T("{day} 还没有结束，次日才能日结。", "{day} is not over; it can be closed the day after."),
    "day_unsettled": T(
        "当天完成的订单还有 {count} 单未结算，请先结算。",
        "{count:# order completed that day is not settled; settle it|# orders completed that day are not settled; settle them} first.",
    ),
    "day_unbalanced": T(
        "{day} 的账不平，不能日结。请联系技术核查。", "The books of {day} do not balance. Call engineering."
    ),
    "not_awaited": T(
        "订单不在等待确认收货，无需回访。", "No confirmation is awaited for this order; nothing to follow up."
    ),
    "too_early": T("还没到回访时间，到期会自动提醒。", "It is too early to ask; the system will remind you in time."),
    "refund_open": T("退款处理中，暂不回访。", "A refund is open; the buyer is not asked meanwhile."),
    "case_open": T(
        "买家正在办理售后，先处理售后单，暂不回访。",
        "The buyer has an open after-sale case; see to it first, they are not asked meanwhile.",
    ),
    "parcel_not_kept": T(
        "包裹被拒收、退回或丢失，先处理包裹，暂不回访。",
        "The parcel was refused, is coming back or is lost; see to it first, the buyer is not asked meanwhile.",
    ),
    "note_needed": T("请写明买家反馈的问题。", "Write down what the buyer's problem is."),
    "follow_up_ended": T("该回访已结束。", "This follow-up has ended."),
    "attempt_ahead": T(
        "目前只记录了 {attempts} 次联系，请刷新后再记。",
        "Only {attempts:# attempt is|# attempts are} on record; reload, then record this one.",
    ),
}
