"""Words of intake: states, holds (what, why, what now), what happened, and refusals."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from enum import StrEnum

from shopkeeper.flows.fulfilment.intake.holds import HoldCode
from shopkeeper.flows.fulfilment.intake.profiles.rows import IMPORT_REFUSALS
from shopkeeper.flows.fulfilment.intake.states import IntakeHealth, JobState, OrderState, SessionState
from shopkeeper.foundation.files import REFUSALS as FILE_REFUSALS
from shopkeeper.shared.words import COUNTING, T, listed
from shopkeeper.web.labels import Label, Tone

STATES: dict[str, T] = {
    OrderState.UNPAID: T("待付款", "Unpaid"),
    OrderState.TO_CHECK: T("待审核", "To check"),
    OrderState.RELEASED: T("待配货", "To pick"),
    OrderState.PICKING: T("配货中", "Picking"),
    OrderState.TO_PACK: T("待打包", "To pack"),
    OrderState.PACKED: T("待发货", "To ship"),
    OrderState.SHIPPED: T("已发货", "Shipped"),
    OrderState.SIGNED: T("已签收", "Signed"),
    OrderState.COMPLETED: T("已完成", "Completed"),
    OrderState.RETURNED: T("退货关闭", "Returned"),
    OrderState.CANCELLED: T("已取消", "Cancelled"),
}
SESSION_STATES: dict[str, T] = {
    SessionState.OPEN: T("审单中", "Open"),
    SessionState.SIGNED: T("已签字", "Signed"),
}
HOLDS: dict[str, T] = {
    "unknown_sku": T("商品未匹配", "Unknown SKU"),
    "delisted_sku": T("商品已下架", "Delisted SKU"),
    "short_stock": T("缺货", "Short stock"),
    "odd_quantity": T("数量异常", "Odd quantity"),
    "odd_price": T("低于底价", "Price below floor"),
    "odd_amount": T("金额不符", "Amounts do not add up"),
    "address_incomplete": T("地址不完整", "Address incomplete"),
    "address_unreachable": T("地区不可达", "Region not served"),
    "address_changed": T("买家改了地址", "Address changed"),
    "bad_phone": T("电话异常", "Bad phone"),
    "buyer_remark": T("买家留言", "Buyer remark"),
    "repeat_order": T("疑似重复", "Suspected repeat"),
    "suspected_test": T("疑似测试单", "Suspected test order"),
    "refund_open": T("退款中", "Refund open"),
    "platform_hold": T("平台锁定", "Held by the platform"),
    "no_lines": T("订单无商品", "No lines"),
    "short_pick": T("拣货缺件", "Short pick"),
    "damaged_piece": T("破损无替换", "Damaged, none to replace"),
    "shipped_elsewhere": T("平台显示已发货", "Shipped elsewhere"),
    "no_warehouse": T("店铺无发货仓", "Shop has no warehouse"),
    "lines_changed": T("商品有变动", "Lines changed"),
    "by_hand": T("人工留单", "Held by hand"),
    "lines_incomplete": T("商品行不全", "Lines incomplete"),
    "price_unlike_promotions": T("优惠与规则不符", "Priced unlike our promotions"),
}
HOLD_ADVICE: dict[str, T] = {
    "unknown_sku": T(
        "由商品专员建立商家编码 {code}，或把它对应到已有规格；平台上编码填错的，也请改好平台商品。",
        "The product specialist makes the SKU {code}, or says which variant it means; a wrong code is to be corrected "
        "on the platform, too.",
    ),
    "delisted_sku": T("确认仍有货可发再放行，否则取消。", "Pass it if it can still be sent, else cancel."),
    "short_stock": T(
        "到货后自动配给并解除（先付款先配），不用放行；等不及时联系买家换货，或取消订单退款。",
        "It goes on by itself when pieces arrive, first paid first served. Else offer the buyer another, "
        "or cancel and refund.",
    ),
    "odd_quantity": T(
        "与买家核实数量（{quantity} 件）后放行。",
        "Confirm the quantity ({quantity}) with the buyer, then pass.",
    ),
    "odd_price": T(
        "核对活动价是否设错：底价由商品专员在定价里定，促销由运营专员设。没设错的写明原因放行；要等他们核对的，先留单。",
        "See whether a promotion was set up wrongly: the product specialist sets the floor price, the campaign "
        "specialist the promotions. Where it is right, pass it and say why; while they look, hold the order.",
    ),
    "odd_amount": T("核对平台账单后放行。", "Compare with the platform's figures, then pass."),
    "address_incomplete": T(
        "请联系买家在平台补全地址，补全后自动解除；照原样发货须写明原因。",
        "Ask the buyer to complete it on the platform, then it goes on by itself. To send it as it is, say why.",
    ),
    "address_unreachable": T(
        "联系买家改地址，或取消退款；确能送达才放行，须写明原因。",
        "Ask for another address, or cancel and refund. Pass it only if it can be reached, and say why.",
    ),
    "address_changed": T("核对新地址后放行。", "Look at the new address, then pass."),
    "bad_phone": T(
        "请联系买家在平台更正电话，更正后自动解除；照原样发货须写明原因。",
        "Ask the buyer to correct it on the platform, then it goes on by itself. To send it as it is, say why.",
    ),
    "buyer_remark": T(
        "点开本页“收货人”里的“买家留言”阅读；放行时写给仓库的备注，打包台会显示。",
        "Read the buyer's remark under Receiver on this page; what you write when passing it is shown where the order "
        "is packed.",
    ),
    "repeat_order": T("与买家确认是否重复下单。", "Ask the buyer whether both are wanted."),
    "suspected_test": T("确认非测试单后放行，否则取消。", "Pass it if it is real, else cancel."),
    "refund_open": T("退款处理完之前不能发货。", "It cannot be sent until the refund is settled."),
    "platform_hold": T("平台解除锁定后自动放行。", "It goes on by itself when the platform lets go."),
    "no_lines": T("到平台核对订单内容。", "Look at the order on the platform."),
    "short_pick": T("盘点货位，补货后重新放行。", "Count the bin; pass again once there is stock."),
    "damaged_piece": T("补货后重新放行，或与买家协商。", "Pass again once there is stock, or agree with the buyer."),
    "shipped_elsewhere": T(
        "店铺后台已发货，请核对后取消本单，勿重复发货。",
        "Already sent from the shop's own console: look, then cancel it here.",
    ),
    "no_warehouse": T("请先为店铺指定默认仓库。", "Set the shop's default warehouse first."),
    "lines_changed": T("商品、数量或退款有变，核对后放行。", "Goods, quantity or refund changed: look, then pass."),
    "by_hand": T("处理好留单原因后放行。", "See to the reason, then pass."),
    "lines_incomplete": T(
        "文件中的件数与明细不符，核对平台订单后放行。",
        "The file's piece count differs from its lines: compare with the platform, then pass.",
    ),
    "price_unlike_promotions": T(
        "核对店铺后台的活动设置：设错就先停活动，确认要发再放行。",
        "Look at the promotion in the shop's own console: stop it where it is wrong; pass what shall be sent.",
    ),
}
HOLD_FACTS: dict[str, T] = {
    "price_unlike_promotions": T(
        "实付 {paid}，按促销规则应在 {least} 至 {most}", "paid {paid}, by our promotions {least} to {most}"
    ),
    "unknown_sku": T("商家编码 {code}", "SKU code {code}"),
    "delisted_sku": T("商家编码 {code}", "SKU code {code}"),
    "short_stock": T("需要 {wanted} 件，可用 {available} 件", "{wanted} wanted, {available} free"),
    "odd_quantity": T("一行 {quantity} 件，核对线 {max} 件", "{quantity} on a line, limit {max}"),
    "odd_price": T("{code} 实付 {paid}，底价 {floor}", "{code} paid {paid}, floor {floor}"),
    "address_unreachable": T("{province}", "{province}"),
    "platform_hold": T("平台状态 {platform_state}", "platform state {platform_state}"),
    "by_hand": T("{note}", "{note}"),
}
DECISIONS: dict[str, T] = {
    "pass": T("放行", "Passed"),
    "fixed": T("已修正", "Fixed"),
    "vanished": T("原因消失", "Cause gone"),
    "cancelled": T("随订单取消", "Cancelled with the order"),
}
EVENTS: dict[str, T] = {
    "intake.order_taken_in": T("订单进入系统", "Taken in"),
    "intake.order_changed": T("平台订单有更新", "Changed on the platform"),
    "intake.order_paid": T("买家已付款", "Paid"),
    "intake.order_held": T("转入异常：{codes}", "Held: {codes}"),
    "intake.buyer_waits": T("买家同意等货到 {until}", "The buyer waits for the goods until {until}"),
    "intake.hold_decided": T("异常处理：{codes}（{decision}）", "Exception decided: {codes} ({decision})"),
    "intake.refund_requested": T("买家申请退款", "Refund asked for"),
    "intake.order_refunded": T("已退款", "Refunded"),
    "intake.buyer_confirmed": T("买家确认收货", "The buyer confirmed receipt"),
}
# Reasons that the house itself gives when it moves an order or lets a hold vanish.
REASONS: dict[str, T] = {
    "stock received": T("到货后自动配给", "Served from stock received"),
    "change done": T("客户的改单已办妥", "What the customer asked for is made"),
    "change withdrawn": T("客户的改单已撤回", "The customer took it back"),
    "closed on the platform": T("平台已关闭订单", "Closed on the platform"),
    "paid on the platform": T("平台已付款", "Paid on the platform"),
    "history": T("历史文件有更新", "A newer history file"),
    "came back and refunded": T("包裹已退回，已全额退款", "The parcel came back, refunded in full"),
    "lost and refunded": T("包裹丢失，已全额退款", "The parcel was lost, refunded in full"),
}
PULL_TROUBLE: dict[str, T] = {
    "throttled": T("平台限流，稍后自动重试", "The platform limits us; it is tried again shortly"),
    "transient": T("平台暂时连不上，会自动重试", "The platform does not answer; it is tried again"),
    "auth": T("店铺授权失效，请重新授权", "The shop's authorisation ended: authorise it again"),
    "permanent": T("平台拒绝了请求，请联系技术", "The platform refuses the request: tell engineering"),
}
UNREADABLE_REASONS: dict[str, T] = {
    "no_detail": T("平台只给了单号，没有详情", "The platform gave the number without details"),
}
_STATE_TONES: dict[str, Tone] = {
    OrderState.TO_CHECK: "amber",
    OrderState.SHIPPED: "green",
    OrderState.SIGNED: "green",
    OrderState.COMPLETED: "green",
    OrderState.RETURNED: "grey",
    OrderState.UNPAID: "grey",
    OrderState.CANCELLED: "grey",
}
_RED_HOLDS = {HoldCode.REFUND_OPEN, HoldCode.SHORT_STOCK, HoldCode.SHORT_PICK, HoldCode.DAMAGED_PIECE}
LABELS: dict[type[StrEnum], dict[StrEnum, Label]] = {
    OrderState: {state: Label(STATES[state], _STATE_TONES.get(state, "blue")) for state in OrderState},
    SessionState: {
        SessionState.OPEN: Label(SESSION_STATES[SessionState.OPEN], "amber"),
        SessionState.SIGNED: Label(SESSION_STATES[SessionState.SIGNED], "green"),
    },
    HoldCode: {code: Label(HOLDS[code], "red" if code in _RED_HOLDS else "amber") for code in HoldCode},
    JobState: {
        JobState.QUEUED: Label(T("排队中", "Queued"), "grey"),
        JobState.RUNNING: Label(T("进行中", "Running"), "blue"),
        JobState.DONE: Label(T("已完成", "Done"), "green"),
        JobState.FAILED: Label(T("失败", "Failed"), "red"),
        JobState.STOPPED: Label(T("已停止", "Stopped"), "amber"),
    },
    IntakeHealth: {
        IntakeHealth.OK: Label(T("正常", "On time"), "green"),
        IntakeHealth.LATE: Label(T("延迟", "Late"), "amber"),
        IntakeHealth.FAILING: Label(T("出错", "Failing"), "red"),
        IntakeHealth.OFF: Label(T("未开始", "Not started"), "grey"),
    },
}


def filled(words: T, facts: Mapping[str, object]) -> T:
    """Words with their facts in; what is not known shows as a dash."""
    spoken: defaultdict[str, object] = defaultdict(lambda: "–", facts)
    return T(COUNTING.vformat(words.zh, (), spoken), COUNTING.vformat(words.en, (), spoken))


def platform_words(code: str) -> str:
    """A platform's own state in words; what we have no words for stays as the platform says it."""
    if code in PLATFORM_STATES:
        return PLATFORM_STATES[code].text()
    figures = code.split("/")
    if len(figures) != len(PLATFORM_FIGURES):
        return code
    said = [words[figure] for words, figure in zip(PLATFORM_FIGURES, figures, strict=True) if figure in words]
    return listed(said) or code


# A customer's wish that came to nothing, by its kind.
NOT_MADE = {
    "address": T("改地址没办成", "Address not changed"),
    "cancel": T("取消没办成", "Not cancelled"),
}


def hold_names(codes: Iterable[str]) -> str:
    """Reasons by name, one after the other."""
    return T("、", ", ").text().join(HOLDS[code].text() if code in HOLDS else code for code in codes)


# What platforms call an order's state, by their codes; exports say it in words already.
PLATFORM_STATES: dict[str, T] = {
    "TRADE_NO_CREATE_PAY": T("未创建支付", "No payment begun"),
    "WAIT_BUYER_PAY": T("等待买家付款", "Waits for the buyer to pay"),
    "PAY_PENDING": T("付款确认中", "Payment pending"),
    "WAIT_PRE_AUTH_CONFIRM": T("预授权确认中", "Pre-authorisation pending"),
    "PAID_FORBID_CONSIGN": T("已付款，平台暂不许发货", "Paid, the platform forbids shipping"),
    "WAIT_SELLER_SEND_GOODS": T("买家已付款，等待卖家发货", "Paid, waits for the seller to ship"),
    "SELLER_CONSIGNED_PART": T("部分发货", "Partly shipped"),
    "WAIT_BUYER_CONFIRM_GOODS": T("卖家已发货，等待买家确认", "Shipped, waits for the buyer to confirm"),
    "TRADE_BUYER_SIGNED": T("买家已签收", "Signed by the buyer"),
    "TRADE_FINISHED": T("交易成功", "Finished"),
    "TRADE_CLOSED": T("交易关闭（退款）", "Closed after a refund"),
    "TRADE_CLOSED_BY_TAOBAO": T("交易关闭（未付款）", "Closed unpaid"),
    "OWN": T("本店补发、换货单", "Our own order: exchange or reissue"),
    "created": T("已创建", "Created"),
    "approved": T("已付款", "Approved"),
    "invoiced": T("已开票", "Invoiced"),
    "processing": T("处理中", "Processing"),
    "shipped": T("已发货", "Shipped"),
    "delivered": T("已送达", "Delivered"),
    "canceled": T("已取消", "Cancelled"),
    "unavailable": T("无法供货", "Unavailable"),
}
# Pinduoduo's figures, place by place: order, refund, risk control, group, confirmation.
PLATFORM_FIGURES: tuple[dict[str, T], ...] = (
    {
        "1": T("待发货", "To ship"),
        "2": T("已发货待签收", "Shipped, not signed yet"),
        "3": T("已签收", "Signed"),
    },
    {
        "2": T("买家申请退款", "Refund asked for"),
        "3": T("退款中", "Refund under way"),
        "4": T("退款成功", "Refunded"),
    },
    {"1": T("风控审核中", "Under risk review")},
    {"0": T("拼团中", "Group not complete"), "2": T("拼团失败", "Group failed")},
    {"0": T("未成交", "Not concluded"), "2": T("已取消", "Cancelled")},
)

REFUSALS: dict[str, T] = {
    **IMPORT_REFUSALS,
    **FILE_REFUSALS,
    "hold_unknown": T("没有这种异常代码。", "There is no such reason to hold an order."),
    "job_ended": T("该后台任务已结束。", "This job has ended."),
    "not_started": T("该店铺还没有开始抓单。", "This shop was never started."),
    "too_many": T("一次最多处理 {max} 单，请分批。", "At most {max} orders at once; take them in parts."),
    "unexpected": T(
        "系统出错，已记录。请稍后重试，或联系管理员。", "Something broke and is on record. Try again later."
    ),
    "nothing_chosen": T("没有选中任何订单。", "No order was chosen."),
    "not_found": T("没有这条记录，或不在你的店铺范围内。", "There is no such record, or it is outside your shops."),
    "bad_data": T("数据不合规（{constraint}），未保存。", "The data breaks a rule ({constraint}); nothing was saved."),
    "platform_no_unreadable": T("平台单号缺失或过长。", "The platform order number is missing or too long."),
    "amount_unreadable": T("金额超出范围。", "An amount is out of bounds."),
    "quantity_unreadable": T("数量超出范围。", "A quantity is out of bounds."),
    "line_twice": T("同一子订单号出现两次。", "A line number occurs twice."),
    "wrong_state": T(
        "订单当前状态不能这样做。请刷新查看。", "The order's state does not allow this. Reload to see it."
    ),
    "holds_open": T("还有异常未处理，不能放行。", "Exceptions are open; decide them first."),
    "refund_open": T("退款处理中，不能放行。", "A refund is open; it cannot go on."),
    "hold_must_vanish": T(
        "这种异常不能直接放行，须先解决。", "This exception cannot be passed; it has to be resolved."
    ),
    "change_under_way": T(
        "客户的改单正在办理，现在放行会按旧信息发货。办妥后自动放行；没办成的，先在改单申请里撤回或登记。",
        "A change the customer asked for is being carried out; passed now, the goods go out as they were. It passes by "
        "itself once it is made; where it was not, take it back in Order changes first.",
    ),
    "sku_still_unknown": T(
        "商家编码 {sku} 还没有建立。请商品专员建好后再匹配。",
        "There is no SKU {sku} yet. Match again once the product specialist has made it.",
    ),
    "not_short": T(
        "本单不缺货，不用等货。请刷新查看。", "Nothing is missing for this order; it need not wait. Reload to see it."
    ),
    "until_in_past": T("请填明天或更晚的日期。", "Give a day that is tomorrow or later."),
    "until_too_far": T("最多等 {days} 天，请填更早的日期。", "At most {days} days ahead: give an earlier day."),
    "hold_not_open": T("该异常已处理。", "This exception is no longer open."),
    "reason_needed": T("请写明原因。", "Give a reason."),
    "short_stock": T("可用库存不足。", "Not enough stock is free."),
    "no_warehouse": T("店铺没有默认仓库。请在设置中指定。", "The shop has no default warehouse. Set one first."),
    "no_open_session": T(
        "现在没有进行中的审单。请等下一场（时间见“审单”页；紧急订单除外）。",
        "No check session is open. Wait for the next one (Check sessions says when); only urgent orders go outside it.",
    ),
    "session_signed": T("本场审单已签字。", "This session is already signed."),
    "session_undecided": T(
        "还有 {count} 单未放行也无异常，请先确认。",
        "{count:# clean order is not released yet; confirm it|# clean orders are not released yet; confirm them} first.",
    ),
    "not_sent": T("还没有发货，请直接取消订单。", "It has not left yet: cancel it instead."),
    "not_refunded": T(
        "平台还没有显示全部退款，退款到账后再关闭。",
        "The platform does not show it refunded in full yet; close it once it does.",
    ),
    "already_shipped": T("已发货，不能取消；请走拦截或售后。", "Already shipped: use interception or after-sale."),
}
