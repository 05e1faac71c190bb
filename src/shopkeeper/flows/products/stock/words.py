"""Words of the desk stock."""

from shopkeeper.shared.words import T

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
    "bin_unknown": T("货位 {bin} 不存在。请先建货位。", "There is no bin {bin}. Make the bin first."),
}
LEDGER_KINDS: dict[str, T] = {
    "receipt": T("入库", "Receipt"),
    "shipment": T("出库", "Shipment"),
    "adjustment": T("调整", "Adjustment"),
    "quarantine": T("转待处理", "To quarantine"),
    "return": T("退货入库", "Return"),
}
