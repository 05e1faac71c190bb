"""Words of the warehouse: states, verdicts, reasons, and what to do about each refusal."""

from enum import StrEnum
from typing import Any

from shopkeeper.flows.fulfilment.warehouse.papers import MARK_WORDS, Mark
from shopkeeper.flows.fulfilment.warehouse.states import (
    DropReason,
    PickState,
    ScanRefusal,
    Verdict,
    WaveOrderState,
    WaveState,
)
from shopkeeper.shared.words import T
from shopkeeper.web.labels import Label

LABELS: dict[type[StrEnum], dict[Any, Label]] = {
    WaveState: {
        WaveState.OPEN: Label(T("待领取", "To claim"), "amber"),
        WaveState.PICKING: Label(T("拣货中", "Picking"), "blue"),
        WaveState.PICKED: Label(T("打包中", "Packing"), "blue"),
        WaveState.DONE: Label(T("已完成", "Done"), "green"),
        WaveState.CANCELLED: Label(T("已取消", "Cancelled"), "grey"),
    },
    WaveOrderState: {
        WaveOrderState.PICKING: Label(T("拣货中", "Picking"), "blue"),
        WaveOrderState.TO_PACK: Label(T("待打包", "To pack"), "amber"),
        WaveOrderState.PACKING: Label(T("验货中", "Inspecting"), "blue"),
        WaveOrderState.REPICKING: Label(T("补拣中", "Re-picking"), "amber"),
        WaveOrderState.PACKED: Label(T("已打包", "Packed"), "green"),
        WaveOrderState.RETURNING: Label(T("待归位", "To put back"), "red"),
        WaveOrderState.DROPPED: Label(T("已剔出", "Left the wave"), "grey"),
    },
    PickState: {
        PickState.OPEN: Label(T("待拣", "To pick"), "amber"),
        PickState.PICKED: Label(T("已拣", "Picked"), "green"),
        PickState.SHORT: Label(T("缺货", "Short"), "red"),
        PickState.CANCELLED: Label(T("不用拣", "Struck off"), "grey"),
    },
    Verdict: {
        Verdict.OK: Label(T("合格", "Passed"), "green"),
        Verdict.DAMAGED: Label(T("破损", "Damaged"), "red"),
        Verdict.STAINED: Label(T("污渍", "Stained"), "red"),
        Verdict.WRONG_PIECE: Label(T("错货", "Wrong piece"), "red"),
    },
    DropReason: {
        DropReason.SHORT_PICK: Label(T("拣货缺件", "Short pick"), "amber"),
        DropReason.FAILED_PIECE: Label(T("残次无替换", "Failed, none to replace"), "red"),
        DropReason.REFUND_OPEN: Label(T("退款中", "Refund open"), "red"),
        DropReason.SET_BACK: Label(T("订单已撤回", "Order called back"), "grey"),
    },
    ScanRefusal: {
        ScanRefusal.WRONG_PIECE: Label(T("商品不符", "Wrong piece"), "red"),
        ScanRefusal.NOT_IN_WAVE: Label(T("不在本波次", "Not in this wave"), "red"),
        ScanRefusal.WRONG_BIN: Label(T("货位不符", "Wrong bin"), "red"),
        ScanRefusal.OVER_PICK: Label(T("多拣", "Too many"), "red"),
        ScanRefusal.NOT_IN_ORDER: Label(T("不是本单商品", "Not in this order"), "red"),
        ScanRefusal.TOO_MANY: Label(T("多出一件", "One too many"), "red"),
        ScanRefusal.NOT_PICKED: Label(T("没有拣货记录", "Never picked"), "red"),
    },
    Mark: {mark: Label(word, "red") for mark, word in MARK_WORDS.items()},
}

REFUSALS: dict[str, T] = {
    "orders_not_released": T(
        "所选订单不在“待配货”状态，没有生成波次。请先在订单页审核放行。",
        "The orders chosen are not released, so there is no wave. Release them on the order page first.",
    ),
    "no_lot_for_orders": T(
        "账面有货但批次里没有，订单已转异常，没有生成波次。请盘点相关商品。",
        "The books show stock but no lot holds it; the orders were held and no wave was made. Count these SKUs.",
    ),
    "wave_closed": T(
        "该波次已经结束，不能再操作。请返回波次列表换一个。",
        "This wave has ended. Go back to the list and take another.",
    ),
    "wave_not_claimed": T("波次还没有人领取。请先领单再拣货。", "Nobody has claimed this wave. Claim it, then pick."),
    "claimed_by_other": T(
        "波次已被同事领取。请换一个波次，或与对方确认后接手。",
        "A colleague has claimed this wave. Take another, or agree with them and take it over.",
    ),
    "wrong_piece": T(
        "本波次要这件商品，但不在这个货位拣。请放回，按提示拣货。",
        "This wave wants this piece, but not from this bin. Put it back and follow the list.",
    ),
    "not_in_wave": T("本波次不需要这件商品。请放回货位。", "This wave does not want this piece. Put it back."),
    "wrong_bin": T(
        "这个货位没有要拣的商品。请去提示的货位。",
        "Nothing is to be picked in this bin. Go to the bin shown.",
    ),
    "over_pick": T("数量已够，不要多拣。请把多的放回货位。", "That is more than the list asks for. Put the rest back."),
    "lines_open": T(
        "还有 {lines} 行没拣完。请拣完，或登记缺拣。",
        "{lines:# line is still open. Pick it, or report it|# lines are still open. Pick them, or report them} short.",
    ),
    "order_not_here": T(
        "本仓没有对应的在途订单。请核对单号、格号或运单号后重扫。",
        "No order in this warehouse has that number. Check order, tote or waybill and scan again.",
    ),
    "still_picking": T(
        "该订单还没拣齐，不能打包。请等拣货或补拣完成。",
        "This order is not picked completely yet. Wait until it is.",
    ),
    "already_packed": T(
        "该订单已打包。请放到待交运区。", "This order is packed already. Put it with those to hand over."
    ),
    "packed_by_other": T(
        "该订单正在同事的打包台。请与对方确认后接手。",
        "A colleague has this order open. Agree with them, then take it over.",
    ),
    "order_left_wave": T(
        "该订单已撤回，不能发货。请把商品归位。",
        "This order was called back and must not be sent. Put its pieces back.",
    ),
    "refund_open": T(
        "已退款请拦截：买家申请了退款，不能发货。订单已转异常，请把商品归位。",
        "Refund open: do not send. The order is held; put its pieces back.",
    ),
    "refund_check_pending": T(
        "平台退款复核还没返回。请稍等几秒再封箱。",
        "The platform has not answered the refund check yet. Wait a few seconds and close again.",
    ),
    "not_open": T(
        "该订单没有在打包台打开。请先扫描订单。",
        "This order is not open at the station. Scan the order first.",
    ),
    "not_in_order": T(
        "该订单没有这件商品。请取出并核对。",
        "This order does not contain this piece. Take it out and check.",
    ),
    "too_many": T("数量已够，这一件是多出来的。请取出。", "Enough already: this piece is one too many. Take it out."),
    "not_picked": T(
        "这件商品没有拣货记录。请核对它从哪里来。",
        "This piece was never picked for the order. Find out where it comes from.",
    ),
    "not_all_checked": T(
        "还有 {missing} 件没有验货，不能封箱。",
        "{missing:# piece has|# pieces have} not been checked yet; the parcel cannot be closed.",
    ),
    "number_not_there_yet": T(
        "运单号还没取到。请稍等，或在包裹页手工录入。",
        "There is no waybill number yet. Wait, or enter one on the parcel's page.",
    ),
    "parcel_not_ready": T(
        "包裹刚刚发生了变化，没有封箱。请重新扫描订单。",
        "The parcel has just changed and was not closed. Scan the order again.",
    ),
    "too_light": T(
        "重量偏轻：实重 {weight_g} 克，应为 {expected_g}±{tolerance_g} 克。请检查是否漏装。",
        "Too light: {weight_g} g instead of {expected_g}±{tolerance_g} g. Is something missing?",
    ),
    "too_heavy": T(
        "重量偏重：实重 {weight_g} 克，应为 {expected_g}±{tolerance_g} 克。请检查是否多装。",
        "Too heavy: {weight_g} g instead of {expected_g}±{tolerance_g} g. Is there too much in it?",
    ),
    "reason_needed": T("请写明强制通过的原因。", "Say why it should pass against the scale."),
    "label_not_counted": T(
        "面单还没有打印记录。请点“打印面单”，由系统计数后再出纸。",
        "This label has no counted print yet. Press “Print label”, which counts it first.",
    ),
    "receiver_erased": T(
        "买家信息已按要求删除，不能再打印面单。", "The buyer's data were erased on request; no label can be printed."
    ),
    "nothing_to_return": T("该订单没有要归位的商品。", "This order has no pieces to put back."),
}
