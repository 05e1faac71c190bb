"""Words of intake: states, holds (what, why, what now) and refusals."""

from shopkeeper.flows.fulfilment.intake.profiles.rows import IMPORT_REFUSALS
from shopkeeper.flows.fulfilment.intake.states import OrderState, SessionState
from shopkeeper.shared.words import T

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
    "by_hand": T("人工留单", "Held by hand"),
    "lines_incomplete": T("商品行不全", "Lines incomplete"),
}
HOLD_ADVICE: dict[str, T] = {
    "unknown_sku": T("请建立商家编码 {code} 的商品后重新匹配。", "Make the SKU {code}, then match again."),
    "delisted_sku": T("确认仍有货可发再放行，否则取消。", "Pass it if it can still be sent, else cancel."),
    "short_stock": T(
        "等待到货自动配给，或联系买家换货、取消。",
        "Wait for the receipt, or offer the buyer another or a refund.",
    ),
    "odd_quantity": T(
        "与买家核实数量（{quantity} 件）后放行。",
        "Confirm the quantity ({quantity}) with the buyer, then pass.",
    ),
    "odd_price": T("核对活动价是否设置错误。", "See whether a promotion was set up wrongly."),
    "odd_amount": T("核对平台账单后放行。", "Compare with the platform's figures, then pass."),
    "address_incomplete": T("请联系买家在平台补全地址。", "Ask the buyer to complete the address on the platform."),
    "address_unreachable": T("联系买家改地址，或取消退款。", "Ask for another address, or cancel and refund."),
    "address_changed": T("核对新地址后放行。", "Look at the new address, then pass."),
    "bad_phone": T("请联系买家更正电话。", "Ask the buyer to correct the phone."),
    "buyer_remark": T("阅读留言，照办后放行。", "Read the remark, see to it, then pass."),
    "repeat_order": T("与买家确认是否重复下单。", "Ask the buyer whether both are wanted."),
    "suspected_test": T("确认非测试单后放行，否则取消。", "Pass it if it is real, else cancel."),
    "refund_open": T("退款处理完之前不能发货。", "It cannot be sent until the refund is settled."),
    "platform_hold": T("平台解除锁定后自动放行。", "It goes on by itself when the platform lets go."),
    "no_lines": T("到平台核对订单内容。", "Look at the order on the platform."),
    "short_pick": T("盘点货位，补货后重新放行。", "Count the bin; pass again once there is stock."),
    "damaged_piece": T("补货后重新放行，或与买家协商。", "Pass again once there is stock, or agree with the buyer."),
    "by_hand": T("处理好留单原因后放行。", "See to the reason, then pass."),
    "lines_incomplete": T(
        "文件中的件数与明细不符，核对平台订单后放行。",
        "The file's piece count differs from its lines: compare with the platform, then pass.",
    ),
}
REFUSALS: dict[str, T] = {
    **IMPORT_REFUSALS,
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
    "hold_not_open": T("该异常已处理。", "This exception is no longer open."),
    "reason_needed": T("请写明原因。", "Give a reason."),
    "short_stock": T("可用库存不足。", "Not enough stock is free."),
    "no_warehouse": T("店铺没有默认仓库。请在设置中指定。", "The shop has no default warehouse. Set one first."),
    "no_open_session": T(
        "现在没有进行中的审单。请等下一场（紧急订单除外）。",
        "No check session is open. Wait for the next one; only urgent orders go outside it.",
    ),
    "session_signed": T("本场审单已签字。", "This session is already signed."),
    "session_undecided": T(
        "还有 {count} 单未放行也无异常，请先确认。",
        "{count} clean orders are not released yet; confirm them first.",
    ),
    "already_shipped": T("已发货，不能取消；请走拦截或售后。", "Already shipped: use interception or after-sale."),
}
