"""Words of after-sale: states, reasons, solutions, what a proposal is made of, and refusals."""

from enum import StrEnum

from shopkeeper.flows.service.aftersale.rules.proposals import Because
from shopkeeper.flows.service.aftersale.states import (
    CaseState,
    Duty,
    Freight,
    Grade,
    OfferAnswer,
    PayWay,
    PlatformRefundState,
    Reason,
    RefundState,
    ReturnState,
    Shot,
    Solution,
    UnderWay,
    Verdict,
)
from shopkeeper.shared.money import Money
from shopkeeper.shared.words import T
from shopkeeper.web.labels import Label
from shopkeeper.web.shown import money_parts

LABELS: dict[type[StrEnum], dict[StrEnum, Label]] = {
    CaseState: {
        CaseState.OPENED: Label(T("待处理", "To handle"), "amber"),
        CaseState.EVIDENCE: Label(T("待举证", "Evidence asked"), "blue"),
        CaseState.OFFERED: Label(T("已给方案", "Offered"), "blue"),
        CaseState.ACCEPTED: Label(T("执行中", "Being carried out"), "blue"),
        CaseState.RETURN_AWAITED: Label(T("待退货", "Return awaited"), "blue"),
        CaseState.RECEIVED: Label(T("退货已收", "Return received"), "amber"),
        CaseState.GRADED: Label(T("已质检", "Graded"), "blue"),
        CaseState.SETTLED: Label(T("已完结", "Settled"), "green"),
        CaseState.REFUSED: Label(T("已拒绝", "Refused"), "red"),
        CaseState.CLOSED: Label(T("已关闭", "Closed"), "grey"),
    },
    RefundState: {
        RefundState.PROPOSED: Label(T("待审批", "To approve"), "amber"),
        RefundState.APPROVED: Label(T("退款中", "On its way"), "blue"),
        RefundState.PAID: Label(T("已退款", "Paid"), "green"),
        RefundState.FAILED: Label(T("退款失败", "Failed"), "red"),
        RefundState.REJECTED: Label(T("审批不通过", "Turned down"), "red"),
        RefundState.CANCELLED: Label(T("已取消", "Cancelled"), "grey"),
    },
    UnderWay: {
        UnderWay.GOODS: Label(T("换货/补发订单已生成", "the replacement is ordered"), "blue"),
        UnderWay.PROPOSED: Label(T("退款待审批", "the refund waits for approval"), "amber"),
        UnderWay.APPROVED: Label(T("退款中", "the refund is on its way"), "blue"),
        UnderWay.FAILED: Label(T("退款失败，待处理", "the refund failed and is looked into"), "red"),
        UnderWay.PAID: Label(T("已退款", "the refund was paid"), "green"),
    },
    PlatformRefundState: {
        PlatformRefundState.ASKED: Label(T("平台：待商家处理", "Platform: waits for us"), "amber"),
        PlatformRefundState.RETURN_AWAITED: Label(T("平台：待买家退货", "Platform: return awaited"), "blue"),
        PlatformRefundState.RETURN_SENT: Label(T("平台：买家已退货", "Platform: sent back"), "blue"),
        PlatformRefundState.REFUSED: Label(T("平台：已拒绝", "Platform: refused"), "red"),
        PlatformRefundState.CLOSED: Label(T("平台：已关闭", "Platform: closed"), "grey"),
        PlatformRefundState.PAID: Label(T("平台：退款成功", "Platform: paid"), "green"),
    },
    ReturnState: {
        ReturnState.AWAITED: Label(T("待寄回", "To be sent"), "grey"),
        ReturnState.ON_THE_WAY: Label(T("退货在途", "On its way"), "blue"),
        ReturnState.RECEIVED: Label(T("待质检", "To grade"), "amber"),
        ReturnState.GRADED: Label(T("已质检", "Graded"), "green"),
        ReturnState.UNKNOWN: Label(T("无头件", "Unknown parcel"), "red"),
        ReturnState.CANCELLED: Label(T("已取消", "Cancelled"), "grey"),
    },
    Reason: {
        Reason.NO_REASON: Label(T("七天无理由", "No reason (7 days)"), "grey"),
        Reason.QUALITY: Label(T("质量问题", "Quality"), "red"),
        Reason.WRONG_OR_MISSING: Label(T("错发漏发", "Wrong or missing"), "red"),
        Reason.DAMAGED: Label(T("运输破损", "Damaged"), "amber"),
        Reason.LATE: Label(T("延迟发货", "Late"), "amber"),
        Reason.PRICE_PROTECTION: Label(T("价保", "Price protection"), "blue"),
    },
    Solution: {
        Solution.REFUND_ONLY: Label(T("仅退款", "Refund only"), "red"),
        Solution.RETURN_REFUND: Label(T("退货退款", "Return & refund"), "red"),
        Solution.EXCHANGE: Label(T("换货", "Exchange"), "blue"),
        Solution.REISSUE: Label(T("补发", "Reissue"), "blue"),
        Solution.COMPENSATION: Label(T("补偿", "Compensation"), "amber"),
    },
    Freight: {
        Freight.BUYER: Label(T("买家承担", "The buyer pays"), "grey"),
        Freight.SELLER: Label(T("商家承担", "We pay"), "amber"),
        Freight.NONE: Label(T("无需退回", "Nothing goes back"), "grey"),
    },
    Shot: {
        Shot.WHOLE: Label(T("商品整体", "The whole piece")),
        Shot.FAULT: Label(T("问题细节", "The fault, close")),
        Shot.PACKAGE: Label(T("外包装", "The packaging")),
        Shot.WAYBILL: Label(T("快递面单", "The waybill")),
        Shot.TAGS: Label(T("吊牌与包装完好", "Tags and box intact")),
        Shot.PRICE: Label(T("价格截图", "Picture of the price")),
        Shot.FILM: Label(T("开箱视频", "Film of the unpacking")),
        Shot.OTHER: Label(T("其他", "Other")),
    },
    Verdict: {
        Verdict.PENDING: Label(T("待审核", "To look at"), "amber"),
        Verdict.GOOD: Label(T("有效", "Good"), "green"),
        Verdict.BAD: Label(T("无效", "No good"), "red"),
    },
    OfferAnswer: {
        OfferAnswer.PENDING: Label(T("待买家答复", "Waits for the buyer"), "amber"),
        OfferAnswer.ACCEPTED: Label(T("买家接受", "Accepted"), "green"),
        OfferAnswer.DECLINED: Label(T("买家不接受", "Declined"), "red"),
        OfferAnswer.REPLACED: Label(T("已被新方案替代", "Replaced"), "grey"),
        OfferAnswer.LAPSED: Label(T("超时未答复", "Lapsed"), "grey"),
    },
    Grade: {
        Grade.GOOD: Label(T("良品，重新上架", "Good: back on the shelf"), "green"),
        Grade.DEFECTIVE: Label(T("残次，入残次区", "Defective: quarantine"), "amber"),
        Grade.SCRAP: Label(T("报废", "Scrap: written off"), "red"),
        Grade.MISSING: Label(T("少件", "Missing"), "red"),
    },
    Duty: {
        Duty.BUYER: Label(T("买家", "Buyer")),
        Duty.COURIER: Label(T("快递", "Courier")),
        Duty.WAREHOUSE: Label(T("仓库", "Warehouse")),
        Duty.PRODUCT: Label(T("商品", "Product")),
        Duty.SERVICE: Label(T("客服", "Service")),
        Duty.UNKNOWN: Label(T("未判定", "Not decided")),
    },
    PayWay: {
        PayWay.PLATFORM: Label(T("平台原路退回", "Through the platform")),
        PayWay.COUPON: Label(T("优惠券", "Coupon")),
        PayWay.BY_HAND: Label(T("线下打款", "By hand")),
    },
}

# Why the policy says what it says: one sentence per reason of a proposal.
BECAUSE: dict[str, T] = {
    "not_sent": T(
        "订单还没有发出：直接退款，无需退货和举证。",
        "The order has not left: the money simply goes back, nothing to return or prove.",
    ),
    "not_signed_yet": T(
        "买家还没有签收，{days} 天期限尚未开始。",
        "Not signed for yet: the {days:# day has|# days have} not begun.",
    ),
    "in_time": T(
        "在期限内：签收次日起 {days} 天，最后一天是 {last_day}。",
        "In time: {days:# day|# days} from the day after signing, the last one is {last_day}.",
    ),
    "too_late": T(
        "已超期：{days} 天期限到 {last_day} 为止。",
        "Too late: the {days:# day|# days} ended with {last_day}.",
    ),
    "was_late": T("发货比承诺晚了 {hours} 小时。", "It left {hours:# hour|# hours} later than promised."),
    "returnable": T("商品支持七天无理由退货。", "The goods can be returned without reason."),
    "exempt_class": T(
        "商品不适用七天无理由（{no_reason_class}）。",
        "These goods are exempt from the seven days ({no_reason_class}).",
    ),
    "freight_by": T("退回运费：{freight}。", "The way back: {freight}."),
    "shots_complete": T("所需凭证齐全。", "All the evidence asked for is there."),
    "shots_after_signing": T(
        "还没有签收，买家拍不了商品：不要求商品凭证。",
        "Not signed for yet: nobody can photograph the goods, so no pictures of them are asked for.",
    ),
    "shots_missing": T("还缺 {count} 项有效凭证。", "{count:# good picture is|# good pictures are} still missing."),
    # What was given back, or is on its way back, is no longer in it.
    "pieces_worth": T("涉及商品还可退 {amount}。", "Of the pieces' money {amount} can still go back."),
    "compensation_worth": T("按政策补偿 {amount}。", "The policy compensates {amount}."),
}
NO_REASON_CLASSES: dict[str, T] = {
    "custom": T("定制商品", "made to order"),
    "perishable": T("鲜活易腐", "perishable"),
    "digital": T("数字化商品", "digital goods"),
    "periodical": T("报刊期刊", "newspapers and magazines"),
    "confirmed_exempt": T("购买时已确认不退", "confirmed as exempt when bought"),
}
ERRORS: dict[str, T] = {
    "buyer_must_ask": T(
        "买家还没有在平台申请退款：由处理售后单的客服在会话里或打电话请买家到平台订单页申请；申请后系统自动同意，不用再操作。",
        "The buyer has not asked on the platform yet: whoever of customer service has the case tells them, in the "
        "conversation or by phone, to apply on the platform's order page. The system then agrees by itself.",
    ),
    "amount_differs": T(
        "买家申请金额与方案不同。请让买家按方案修改申请金额；要换方案，先让买家撤销申请。",
        "The buyer asked for another amount. Have it changed there; for another solution have it withdrawn first.",
    ),
    "refund_closed": T(
        "平台上的退款已关闭。请让买家重新申请。", "The refund is closed on the platform; ask the buyer anew."
    ),
    "refund_changed": T(
        "买家刚修改过申请。请核对后重试。", "The buyer has just changed it. Look at it, then try again."
    ),
    "no_platform": T(
        "该店铺没有平台退款接口。请线下退款后登记凭证。",
        "This shop has no door for refunds. Pay by hand and note the evidence.",
    ),
}
CAUSES: dict[str, T] = {
    "withdrawn": T("买家撤销", "Withdrawn by the buyer"),
    "solved_otherwise": T("已另行解决", "Solved otherwise"),
    "duplicate": T("重复", "Duplicate"),
    "no_answer": T("超时未答复", "No answer in time"),
    "return_not_sent": T("超时未寄回", "Not sent back in time"),
    "paid_by_platform": T("平台已直接退款", "Refunded by the platform itself"),
}

REFUSALS: dict[str, T] = {
    "order_not_paid": T(
        "订单未付款或已取消，没有可售后的内容。", "The order is unpaid or cancelled; nothing to put right."
    ),
    "pieces_unknown": T("所选商品不属于这个订单。请重新选择。", "These pieces are not of this order. Choose again."),
    "pieces_gone": T("这些商品已经退过了。请核对数量。", "These pieces were given back already. Check the quantities."),
    "ticket_elsewhere": T(
        "这张工单不属于该订单的店铺。请核对工单号。", "That ticket is not of the order's shop. Check its number."
    ),
    "case_ended": T("售后单已结束，不能再改。", "The case has ended; it cannot be changed any more."),
    "case_not_offerable": T(
        "售后单当前是“{state}”，不能做这一步。请刷新查看。",
        "The case is “{state}”; this cannot be done now. Reload it.",
    ),
    "offer_under_way": T(
        "已商定的方案正在执行（{what}），不能再给方案、改答复或拒绝。"
        "请等它完成；要改方案，先撤下退款：待审批的由主管不批准，平台上的由买家撤销申请。",
        "What was agreed is being carried out ({what}); no other offer, answer or refusal now. Let it finish; to change "
        "it, take the refund back first: a supervisor turns it down while it waits, the buyer withdraws it on the "
        "platform.",
    ),
    "case_not_closable": T(
        "退货已收到，请先质检并完成方案。", "The goods are back: grade them and finish the solution."
    ),
    "nothing_missing": T(
        "政策要求的凭证已经齐全，无需再举证。", "Nothing is missing; the policy wants no further picture."
    ),
    "evidence_missing": T(
        "还缺 {missing} 项有效凭证。请先举证并审核，或请主管说明原因后放行。",
        "{missing:# good picture is missing. Ask for it and judge it|# good pictures are missing. Ask for them and judge them}, or have a supervisor pass it with a reason.",
    ),
    "outside_policy": T(
        "该方案不在平台政策内。请选择政策允许的方案，或请主管说明原因后给出。",
        "This is outside the policy. Choose what it allows, or have a supervisor offer it with a reason.",
    ),
    "why_needed": T("政策外的方案必须写明原因。", "Outside the policy a reason is needed."),
    "owed_by_policy": T(
        "按政策应当支持买家，不能直接拒绝。确需拒绝请主管处理。",
        "The policy owes this to the buyer. Only a supervisor may refuse it.",
    ),
    "nothing_to_refund": T(
        "没有可退的金额。请改用其他方案。", "There is no money left to refund. Choose another solution."
    ),
    "refund_above_paid": T(
        "退款超过买家实付或已被退过。请核对金额后重新给方案。",
        "That is more than was paid, or was given back meanwhile. Check the amount and offer anew.",
    ),
    "compensation_needed": T("请填写补偿金额。", "Enter the compensation."),
    "compensation_above_most": T("超过单个售后单的补偿上限。", "Above the most a case may be compensated."),
    "coupon_code_needed": T("请填写优惠券码。", "Enter the coupon's code."),
    "freight_not_owed": T("该方案无需商家承担退回运费。", "We owe no return freight for this."),
    "freight_above_most": T("超过退货运费补贴上限。", "Above the most that is paid for return freight."),
    "goods_unknown": T("商品未匹配到 SKU，不能换货或补发。", "The goods match no SKU; they cannot be sent again."),
    "exchange_one_line": T(
        "换成其他规格时，一次只能处理一种商品。", "Another variant can be sent for one line at a time only."
    ),
    "no_warehouse": T(
        "订单没有仓库，无处退货。请先设置店铺的默认仓库。", "No warehouse to return to. Set the shop's first."
    ),
    "buyer_erased": T("买家信息已删除，无法再次发货。", "The buyer was erased; nobody knows where to send it."),
    "goods_needed": T("没有要发的商品。", "There are no goods to send."),
    "offer_ahead": T(
        "目前只给过 {made} 个方案，请刷新后再试。",
        "Only {made:# offer was|# offers were} made; reload, then try again.",
    ),
    "offer_unknown": T("没有第 {number} 个方案。", "There is no offer no. {number}."),
    "offer_replaced": T("该方案已被新方案替代。请按最新方案答复。", "A newer offer took its place. Answer that one."),
    "offer_lapsed": T("该方案已超时失效。请重新给方案。", "The offer has lapsed. Offer anew."),
    "offer_answered": T("该方案已经答复过了。", "The offer was answered already."),
    "link_used": T(
        "这个链接已经使用过了。需要补充照片时，请联系客服重新发送链接。",
        "This link was used already. To send more pictures, ask our service for a new link.",
    ),
    "link_ended": T(
        "这个链接已失效，请使用客服最新发送的链接。", "This link has ended; use the newest one you were sent."
    ),
    "link_expired": T(
        "这个链接已过期。请联系客服重新发送链接。", "This link has expired. Ask our service for a new one."
    ),
    "too_many_files": T("文件太多，每个售后单最多 {most} 个。", "Too many files; a case may have {most}."),
    "file_needed": T("请至少选择一张照片。", "Choose at least one picture."),
    "reason_needed": T("请写明原因。", "Give a reason."),
    "own_refund": T(
        "不能审批自己提出的退款。请另一位主管审批。",
        "You cannot approve what you offered yourself. Ask another supervisor.",
    ),
    "amount_changed": T("退款金额已变化，请刷新核对后再审批。", "The amount has changed. Reload, look, then approve."),
    "refund_not_waiting": T("退款当前是“{state}”，无需审批。", "The refund is “{state}”; there is nothing to approve."),
    "refund_not_approved": T("退款当前是“{state}”，还不能打款。", "The refund is “{state}”; it cannot be paid yet."),
    "not_through_platform": T(
        "这笔款不经过平台，请登记打款凭证。", "This does not go through the platform; note the evidence."
    ),
    "money_under_way": T("退款已经批准或付出，不能关闭。", "A refund was approved or paid; the case cannot be closed."),
    "amount_unreadable": T("平台给的退款金额不可读。", "The platform's amount cannot be read."),
    "no_return_awaited": T("售后单没有在等退货。请核对。", "No return is awaited for this case. Check it."),
    "number_unreadable": T(
        "运单号读不出来。请重新扫描或手工输入。", "The number cannot be read. Scan it again or type it."
    ),
    "number_used": T("该运单号已用于另一个退货。请核对。", "Another return has this number. Check it."),
    "case_without_return": T("该售后单没有待收的退货。请核对单号。", "That case awaits no return. Check the number."),
    "return_not_unknown": T("这个包裹已经有主了。", "It is known whose parcel this is."),
    "return_not_received": T("包裹还没有收货，不能质检。", "The parcel was not received yet; it cannot be graded."),
    "grade_quantity_wrong": T("数量必须大于零。", "Quantities must be more than nothing."),
    "grade_line_unknown": T("质检的商品不在这个售后单里。", "These goods are not of this case."),
    "grade_pieces_differ": T(
        "质检数量与应退数量不符。少件请记为“少件”。", "The pieces do not add up. Count what is absent as missing."
    ),
    "bin_needed": T("有良品，请选择良品上架库位。", "Choose the bin for the good pieces."),
    "bin_unknown": T(
        "没有库位 {bin}。请扫描或选择本仓库的库位。", "There is no bin {bin}. Scan or choose one of this warehouse."
    ),
    "quantity_out_of_bounds": T("数量不合理，请核对。", "The quantity is out of bounds. Check it."),
    "policy_changed": T(
        "政策已被别人更新到第 {version} 版。请刷新后再改。",
        "Somebody published version {version}. Reload, then change it.",
    ),
    "policy_lines_incomplete": T("每种原因都要有且只有一行。", "Every reason needs exactly one line."),
    "policy_solutions_missing": T(
        "每种原因至少要有一个方案，且不能重复。", "Every reason needs a solution, each named once."
    ),
    "policy_freight_missing": T("需要退货的方案必须写明谁承担运费。", "Where goods go back, say who pays the way."),
    "policy_below_the_law": T(
        "七天无理由不能少于 7 天，且必须支持退货退款（消费者权益保护法第 25 条）。",
        "No-reason returns need at least 7 days and a refund (consumer law, article 25).",
    ),
}

WAITS_FOR_EVIDENCE = T("等买家举证", "Waits for the buyer's pictures")
WAITS_FOR_APPLICATION = T("等买家在平台申请", "Waits for the buyer to apply on the platform")
SLOW_DOWN = T("操作太频繁，请过一分钟再试。", "Too many requests. Please try again in a minute.")


def explained(because: Because, currency: str) -> str:
    """One reason of a proposal in words."""
    facts = dict(because.facts)
    if "amount_minor" in facts:
        sign, text = money_parts(Money(facts["amount_minor"], currency))
        facts["amount"] = f"{sign}{text}"
    if "no_reason_class" in facts:
        words = NO_REASON_CLASSES.get(facts["no_reason_class"])
        facts["no_reason_class"] = str(words) if words else facts["no_reason_class"]
    if "freight" in facts:
        facts["freight"] = str(LABELS[Freight][Freight(facts["freight"])].text)
    return BECAUSE[because.code].format(**facts).text()
