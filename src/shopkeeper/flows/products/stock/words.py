"""Words of the desk stock."""

from enum import StrEnum

from shopkeeper.flows.products.stock.states import ReminderState
from shopkeeper.shared.words import T
from shopkeeper.web.labels import Label

LABELS: dict[type[StrEnum], dict[StrEnum, Label]] = {
    ReminderState: {
        ReminderState.OPEN: Label(T("待补货", "To restock"), "amber"),
        ReminderState.RESTOCKED: Label(T("已补货", "Restocked"), "green"),
        ReminderState.CLOSED: Label(T("已关闭", "Closed"), "grey"),
    },
}

REFUSALS = {
    "short_stock": T(
        "可用库存不足。请补货或改数量后再审。",
        "Not enough stock is free. Restock or change the quantity, then check again.",
    ),
    "no_lot": T(
        "账面有货但批次里没有。请盘点该商品。",
        "The balance says there is stock but no lot has it. Count this SKU.",
    ),
    "nothing_allotted": T(
        "该订单没有配货。请先放入波次。", "Nothing is allotted to this order. Put it in a wave first."
    ),
    "more_than_allotted": T("数量超过已配数量。", "More pieces than were allotted."),
    "quantity_out_of_bounds": T("数量须在 {min} 到 {max} 之间。", "The quantity must be between {min} and {max}."),
    "lot_changed": T(
        "盘点时账面是 {seen} 件，现在是 {on_hand} 件。请重新清点后再提交。",
        "The books said {seen} when it was counted and say {on_hand} now. Count again, then send it.",
    ),
    "counted_below_allotted": T(
        "有 {least} 件已配给订单，不能调到 {counted} 件。已拣未发的也要计入；确实少货时，请在拣货时报缺，或先把订单撤回。",
        "{least:# piece is|# pieces are} allotted to orders, so {counted} is too few. Count picked pieces too; where pieces are "
        "missing, report a short pick or call the orders back first.",
    ),
    "counted_below_promised": T(
        "该商品在本仓有 {least} 件是已承诺给订单的底线，调到 {counted} 件会超卖。请先取消或留住部分订单，或从其他批次调整。",
        "Orders were promised pieces of this SKU here: below {least} in this lot they would be oversold, and "
        "{counted} is less. Cancel or hold orders first, or adjust another lot.",
    ),
    "lot_allotted": T(
        "该批次有 {allotted} 件在拣货单上，拣货单写着原货位。请等拣完或撤回后再移。",
        "{allotted:# piece of this lot is|# pieces of this lot are} on pick lists that name the old bin. Move it after the pick.",
    ),
    "bin_of_other_kind": T(
        "货位 {bin} 与原货位一个是正品区、一个是待处理区。移区请走质检，不能直接移位。",
        "Either {bin} or the old bin is for quarantine, the other is not. Goods change sides by inspection, not by a move.",
    ),
    "bin_code_unreadable": T(
        "货位号 {bin} 不合规则：以字母或数字开头，只含字母、数字和 . _ / -，最多 30 位。",
        "{bin} is no bin code: begin with a letter or digit; only letters, digits and . _ / -, at most 30.",
    ),
    "bin_in_use": T(
        "货位 {bin} 里有货，不能改变是否待处理区。请先移空。",
        "Bin {bin} has goods in it, so it cannot change to or from quarantine. Empty it first.",
    ),
    "threshold_needs_one_subject": T(
        "请选一个商品或一个类目，不能都选或都不选。", "Choose one SKU or one category, not both and not neither."
    ),
    "threshold_out_of_bounds": T(
        "预警值须在 0 到 {most} 之间，包装数至少 1，供货周期最多 {days} 天。",
        "The threshold is 0 to {most}, the pack size at least 1, the lead time at most {days} days.",
    ),
    "sku_unknown": T("没有这个商品。请核对商家编码。", "There is no such SKU. Check its code."),
    "sku_delisted": T(
        "商品已下架，不再补货。请先恢复上架，或删除它的预警值。",
        "The SKU is delisted and is not restocked. Relist it first, or remove its threshold.",
    ),
    "category_unknown": T("没有这个类目，或已停用。", "There is no such category, or it is retired."),
    "reminder_ended": T("这条提醒已经结束，无需再处理。", "This reminder is at its end; there is nothing left to do."),
    "snooze_not_ahead": T("请选今天以后的日期。", "Choose a day after today."),
    "snooze_too_long": T(
        "一次最多推迟 {days} 天。请选更近的日期。",
        "A reminder is put off by {days:# day|# days} at most. Choose a nearer day.",
    ),
    "snoozed_enough": T(
        "已经推迟过 {times} 次，不能再推迟。请补货，或写明原因关闭。",
        "It was put off {times:# time|# times} already. Restock, or close it with a reason.",
    ),
    "snooze_overdue": T(
        "已经超过时限，不能再推迟。已向供应商订货的，请登记数量和预计到货日；不补了，请写明原因关闭。",
        "It is overdue and cannot be put off. Note the order with the day it is expected, or close it with a reason.",
    ),
    "expected_in_past": T("预计到货日不能早于今天。", "The day it is expected cannot be before today."),
    "expected_too_far": T(
        "预计到货日最多在 {days} 天以内。请核对日期。",
        "The day it is expected is at most {days:# day|# days} ahead. Check the date.",
    ),
    "bin_unknown": T("货位 {bin} 不存在。请先建货位。", "There is no bin {bin}. Make the bin first."),
}
LEDGER_KINDS: dict[str, T] = {
    "receipt": T("入库", "Receipt"),
    "shipment": T("出库", "Shipment"),
    "adjustment": T("调整", "Adjustment"),
    "quarantine": T("转待处理", "To quarantine"),
    "return": T("退货入库", "Return"),
}
