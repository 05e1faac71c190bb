"""Words of the desk parcels, in both languages: states, couriers, refusals, and what to ask a courier."""

from enum import StrEnum
from typing import Any

from shopkeeper.flows.fulfilment.parcels.states import (
    CaseKind,
    CaseOutcome,
    CaseState,
    ContactChannel,
    NoticeVia,
    ParcelState,
    ShipBackState,
)
from shopkeeper.shared.words import T
from shopkeeper.web.labels import Label, Tone

LABELS: dict[type[StrEnum], dict[Any, Label]] = {
    ParcelState: {
        ParcelState.AWAITING_NUMBER: Label(T("待取号", "Awaiting number"), "amber"),
        ParcelState.NUMBERED: Label(T("已取号", "Numbered"), "blue"),
        ParcelState.PACKED: Label(T("待交运", "To hand over"), "amber"),
        ParcelState.HANDED_OVER: Label(T("已交运", "Handed over"), "blue"),
        ParcelState.IN_TRANSIT: Label(T("运输中", "In transit"), "blue"),
        ParcelState.DELIVERING: Label(T("派送中", "Out for delivery"), "blue"),
        ParcelState.SIGNED: Label(T("已签收", "Signed"), "green"),
        ParcelState.REFUSED: Label(T("拒收", "Refused"), "red"),
        ParcelState.RETURNING: Label(T("退回中", "Returning"), "amber"),
        ParcelState.RETURNED: Label(T("已退回", "Returned"), "grey"),
        ParcelState.LOST: Label(T("已丢失", "Lost"), "red"),
        ParcelState.CANCELLED: Label(T("已作废", "Void"), "grey"),
    },
    ShipBackState: {
        ShipBackState.PENDING: Label(T("待确认", "Waiting"), "amber"),
        ShipBackState.ACKNOWLEDGED: Label(T("已确认", "Acknowledged"), "green"),
        ShipBackState.FAILED: Label(T("平台拒绝", "Refused"), "red"),
    },
    CaseState: {
        CaseState.OPEN: Label(T("待处理", "Open"), "red"),
        CaseState.CONTACTED: Label(T("已联系快递", "Courier contacted"), "amber"),
        CaseState.CLOSED: Label(T("已结案", "Closed"), "grey"),
    },
    CaseKind: {
        CaseKind.STALLED: Label(T("物流停滞", "Stalled"), "amber"),
        CaseKind.PAST_PROMISE: Label(T("超过承诺时间", "Past the promised date"), "red"),
        CaseKind.UNDELIVERED: Label(T("派送异常", "Not delivered"), "amber"),
        CaseKind.RETURNING: Label(T("退回途中", "Returning"), "amber"),
        CaseKind.REFUSED: Label(T("买家拒收", "Refused by the buyer"), "red"),
        CaseKind.DAMAGED: Label(T("破损", "Damaged"), "red"),
        CaseKind.MIS_SORTED: Label(T("错分错发", "Mis-sorted"), "amber"),
        CaseKind.LOST: Label(T("疑似丢失", "Feared lost"), "red"),
        CaseKind.NO_NUMBER: Label(T("取号失败", "No number"), "red"),
        CaseKind.NOT_ACKNOWLEDGED: Label(T("回传未确认", "Not acknowledged"), "red"),
    },
    CaseOutcome: {
        CaseOutcome.DELIVERED: Label(T("已送达", "Delivered"), "green"),
        CaseOutcome.MOVING_AGAIN: Label(T("恢复流转", "Moving again"), "green"),
        CaseOutcome.REDELIVERY: Label(T("安排再次派送", "To be delivered again"), "blue"),
        CaseOutcome.RETURNED: Label(T("退回仓库", "Returned to us"), "grey"),
        CaseOutcome.COMPENSATED: Label(T("快递赔付", "Compensated by the courier"), "blue"),
        CaseOutcome.RESENT: Label(T("已补发", "Sent again"), "blue"),
        CaseOutcome.LOST: Label(T("确认丢失", "Lost for good"), "red"),
        CaseOutcome.SETTLED: Label(T("已解决", "Settled"), "green"),
        CaseOutcome.NO_FAULT: Label(T("无异常", "Nothing wrong"), "grey"),
    },
    ContactChannel: {
        ContactChannel.PHONE: Label(T("电话", "Telephone")),
        ContactChannel.ONLINE: Label(T("在线客服", "Online desk")),
        ContactChannel.BRANCH: Label(T("网点", "Branch")),
    },
    NoticeVia: {
        NoticeVia.PLATFORM: Label(T("平台通知", "By the platform"), "green"),
        NoticeVia.SMS: Label(T("短信", "By SMS"), "green"),
    },
}

COURIER_WORDS: dict[str, T] = {
    "shunfeng": T("顺丰速运", "SF Express"),
    "jd": T("京东快递", "JD Logistics"),
    "yuantong": T("圆通速递", "YTO"),
    "zhongtong": T("中通快递", "ZTO"),
    "shentong": T("申通快递", "STO"),
    "yunda": T("韵达快递", "Yunda"),
    "jtexpress": T("极兔速递", "J&T"),
    "ems": T("EMS", "EMS"),
    "youzhengguonei": T("邮政快递包裹", "China Post"),
    "debangkuaidi": T("德邦快递", "Deppon"),
}

REASON_WORDS: dict[str, T] = {
    "cheapest": T("可达快递中运费最低", "cheapest that reaches the place"),
    "fragile": T("易碎品，选可承运易碎的快递", "takes fragile goods"),
    "remote": T("偏远地区，选可达的快递", "reaches remote provinces"),
    "heavy": T("超过小件限重", "takes this weight"),
}

# Codes of couriers, platforms and ours that opened a case, where there is more to say than the kind does.
CAUSE_WORDS: dict[str, T] = {
    "no_update": T("超过规定时间没有新的物流记录", "no tracking for longer than allowed"),
    "promise": T("超过承诺送达时间仍未签收", "not signed by the promised time"),
    "abort": T("快递查询服务已停止跟踪该单号", "the tracking service gave this number up"),
    "reported": T("人工上报", "reported by a person"),
    "not_acknowledged": T("临近发货截止，平台仍未确认单号", "ship-by is near and the platform has not confirmed"),
    "already_shipped": T("平台上已用别的单号发货", "the platform already has another number"),
    "not_shippable": T("平台显示该订单当前不能发货", "the platform will not let this order ship now"),
    "number_used": T("单号在平台上已被别的订单使用", "the platform knows the number from another order"),
    "bad_number": T("平台认为单号格式不对", "the platform finds the number malformed"),
    "erased": T("收件人信息已被删除", "the receiver's data were erased"),
    "bad_address": T("快递认为地址不可送达", "the courier cannot deliver to this address"),
    "no_platform": T("店铺没有接入平台", "the shop is not connected to its platform"),
    "timeout": T("对方没有应答", "no answer"),
    "connection": T("连不上对方", "could not be reached"),
    "http_503": T("对方暂时不可用", "unavailable for the moment"),
    "2": T("快递上报疑难", "the courier reports trouble"),
    "201": T("到付或派送超时未签收", "not signed for a long time"),
    "202": T("快递长时间未更新", "the courier has no news"),
    "203": T("收件人拒收", "refused by the receiver"),
    "204": T("派送异常", "delivery failed"),
    "205": T("派件滞留在快递柜", "left in a locker for too long"),
    "206": T("联系不上收件人", "the receiver could not be reached"),
    "207": T("超出派送区域", "outside the delivery area"),
    "208": T("快件滞留在网点", "held up at a branch"),
    "209": T("快件破损", "the parcel is damaged"),
    "210": T("快件已销单", "the consignment was cancelled"),
    "4": T("退件已签收", "the return was received"),
    "6": T("正在退回", "on its way back"),
    "14": T("收件人拒收", "refused by the receiver"),
}

REFUSALS: dict[str, T] = {
    "order_not_released": T(
        "订单还没有推送到仓库，不能开包裹。请先审核。",
        "The order was not pushed to the warehouse, so it has no parcel yet. Check it first.",
    ),
    "bad_part": T(
        "拆包信息不对：包裹序号须在 1 到 20 之间，商品行须属于本订单。",
        "The split makes no sense: parts run from 1 to 20 and lines must be this order's.",
    ),
    "bad_number_format": T(
        "单号 {number} 不符合该快递的格式。请核对单号，或改选快递。",
        "{number} does not look like a number of this courier. Check it, or choose another courier.",
    ),
    "number_already_used": T(
        "单号 {number} 已经属于另一个包裹。一个单号只能用于一个包裹，请核对面单。",
        "{number} belongs to another parcel. One number is for one parcel; check the label.",
    ),
    "has_other_number": T(
        "这个包裹已有单号 {number}。要换号请先作废包裹再重新开。",
        "This parcel has the number {number}. To change it, void the parcel and open it again.",
    ),
    "unknown_courier": T("没有接入快递 {courier}。请改选。", "The courier {courier} is not set up. Choose another."),
    "parcel_cancelled": T("包裹已作废，请停止处理并取出商品。", "This parcel is void. Stop, and take the goods out."),
    "no_number": T("包裹还没有单号。请先取号或手工录入。", "The parcel has no number yet. Order or enter one first."),
    "not_packed": T("包裹还没有验货打包。请先打包。", "The parcel is not packed yet. Pack it first."),
    "no_label": T(
        "包裹 {parcel} 还没打面单，没有交运。请先打印面单并贴好。",
        "Parcel {parcel} has no label yet and was not handed over: print it and stick it on first.",
    ),
    "weight_out_of_bounds": T("重量须在 1 到 {limit_g} 克之间。", "The weight must be between 1 and {limit_g} g."),
    "already_left": T(
        "包裹已交给快递，不能再改。需要时请联系快递拦截。",
        "The parcel has left and cannot be changed. Ask the courier to stop it if needed.",
    ),
    "not_handed_over": T("包裹还没有交给快递。", "The parcel was not handed over yet."),
    "reprint_needs_reason": T(
        "面单已打印 {print_count} 次。重打请写明原因，并销毁旧面单。",
        "This label was printed {print_count:# time|# times}. Say why to print again, and destroy the old one.",
    ),
    "refund_open": T(
        "包裹 {parcel}（订单 {order}）：买家已申请退款。请拦下，不要交运；撕下面单并销毁，商品归位。",
        "Parcel {parcel} (order {order}): the buyer asked for the money back. Keep it; destroy the label and put the "
        "pieces back.",
    ),
    "order_on_hold": T(
        "包裹 {parcel}（订单 {order}）已召回，不要交运。请撕下面单并销毁，商品归位；订单由订单专员处理。",
        "Parcel {parcel} (order {order}) was called back and must not leave. Destroy the label and put the "
        "pieces back; the order specialist decides on the order.",
    ),
    "order_not_packed": T(
        "包裹 {parcel}（订单 {order}）已召回，不要交运。请撕下面单并销毁，商品归位；订单再次打包时会出新面单。",
        "Parcel {parcel} (order {order}) was called back and must not leave. Destroy the label and put the pieces "
        "back; the order gets a new label when it is packed again.",
    ),
    "address_changed": T(
        "包裹 {parcel}（订单 {order}）打单后收货地址有变，这张面单不能用。请作废包裹并重新取号。",
        "Parcel {parcel} (order {order}): the address changed after the label was made. Void the parcel and order a "
        "new number.",
    ),
    "nothing_allotted": T(
        "该订单没有配货记录，不能出库。请先放入波次。",
        "Nothing is allotted to this order, so nothing can leave. Put it in a wave first.",
    ),
    "unknown_number": T("没有使用单号 {number} 的包裹。", "No parcel has the number {number}."),
    "case_closed": T("此案已结，结果不能再改。需要时请重新上报。", "The case is closed. Report it anew if needed."),
    "wrong_kind": T("这类异常由系统发现，不能手工上报。", "Cases of this kind are found by the system."),
    "outcome_needs_note": T("这个结果需要写明说明。", "This outcome needs a note."),
    "wrong_outcome": T(
        "单号问题只能以「已解决」或「无异常」结案。", 'A number problem ends as "settled" or "nothing wrong".'
    ),
}

# What to say to the courier, by kind: the script of the procedure.
SCRIPTS: dict[CaseKind, T] = {
    CaseKind.STALLED: T(
        "请报单号，说明最后一条记录的时间和地点，询问现在件在哪里、为什么没有更新、什么时候恢复，并请对方加急。",
        "Give the number and the last scan. Ask where the parcel is, why nothing was scanned, when it moves again, "
        "and have it hurried.",
    ),
    CaseKind.PAST_PROMISE: T(
        "说明已超过承诺时间，请对方确认最新派送时间；超过 24 小时仍无法派送的，要求升级并登记赔付。",
        "Say the promised time is over and ask for a new one; beyond 24 hours ask to escalate and to register a claim.",
    ),
    CaseKind.UNDELIVERED: T(
        "询问未派送原因，请派件员再次联系收件人并约定时间；需要改地址的，由客服先与买家确认。",
        "Ask why it was not delivered and have the rider call again and agree a time; a new address is first agreed "
        "with the buyer by customer service.",
    ),
    CaseKind.RETURNING: T(
        "询问退回原因和预计到仓时间；若属误退，立即要求改派。同时通知客服告知买家。",
        "Ask why it comes back and when it arrives; if by mistake, have it turned round. Tell customer service.",
    ),
    CaseKind.REFUSED: T(
        "确认拒收原因（外观、商品、不想要），请网点拍照留证，约定退回时间；通知客服跟进退款。",
        "Ask why it was refused, have the branch take pictures, agree the return; customer service follows the refund.",
    ),
    CaseKind.DAMAGED: T(
        "要求暂停派送并拍照，登记破损理赔；与客服确认是补发还是退款。",
        "Have delivery stopped and pictures taken, register the claim; agree with customer service: resend or refund.",
    ),
    CaseKind.MIS_SORTED: T(
        "说明错分到的网点，要求当天转回正确网点，并给出新的派送时间。",
        "Name the wrong branch, have it sent on the same day, and ask for the new delivery time.",
    ),
    CaseKind.LOST: T(
        "要求查件并在 48 小时内答复；查无结果登记遗失理赔，并与客服确认补发或退款。",
        "Ask for a search with an answer within 48 hours; without one register the loss, and agree resend or refund.",
    ),
    CaseKind.NO_NUMBER: T(
        "看原因：地址或电话不全的先补全；余额或账号问题找快递网点；也可以换快递重新取号或手工录入。",
        "See the cause: complete address or phone; account troubles go to the courier's branch; or ask another "
        "courier, or enter a number by hand.",
    ),
    CaseKind.NOT_ACKNOWLEDGED: T(
        "到平台后台核对该订单：已有正确单号就在这里确认；订单不能发货就通知仓库拦件；其余情况重试回传。",
        "Look at the order on the platform: if the right number is there, confirm it here; if it must not ship, have "
        "the parcel stopped; otherwise send again.",
    ),
}

ASKED_BACK = T(
    "这次退回是我们要求的，不用问原因。只跟进预计到仓时间；到仓后由仓库收货质检，客服按拦截单告知买家。",
    "We asked for this return; there is no reason to ask for. Only follow when it arrives: the warehouse takes it in and "
    "customer service tells the buyer from the interception.",
)

STORY_WORDS: dict[str, T] = {
    "parcels.parcel_opened": T("开包裹，选 {courier}：{reason}", "Parcel opened, {courier}: {reason}"),
    "parcels.parcel_numbered": T("取得 {courier} 单号", "Number of {courier} entered"),
    "parcels.waybill_failed": T("取号失败：{code}", "No number: {code}"),
    "parcels.label_printed": T("第 {print_no} 次打印面单", "Label printed, no. {print_no}"),
    "parcels.parcel_packed": T("打包称重 {weight_g} 克", "Packed, {weight_g} g"),
    "parcels.parcel_handed_over": T("交给 {courier}", "Handed over to {courier}"),
    "parcels.parcel_cancelled": T("包裹作废", "Parcel void"),
    "parcels.ship_back_acknowledged": T(
        "平台已确认单号（第 {attempts} 次），由平台通知买家",
        "The platform has taken the number (try {attempts}) and tells the buyer",
    ),
    "parcels.ship_back_failed": T("平台拒绝单号：{code}", "The platform refused the number: {code}"),
    "parcels.parcel_lost": T("确认丢失", "Lost for good"),
}

SCAN_TONES: dict[str, Tone] = {
    "signed": "green",
    "problem": "amber",
    "refused": "red",
    "returning": "amber",
    "delivering": "blue",
}
MARK_WORDS: dict[str, T] = {"fragile": T("易碎", "Fragile"), "do_not_bend": T("勿折", "Do not bend")}
_NOTHING = T("–", "–")


def courier_name(code: str) -> T:
    """A courier's name; one we do not know goes by its code."""
    return COURIER_WORDS.get(code, T(code, code))


def cause_text(code: str) -> T:
    """What a code of courier, platform or ours means; an unknown one shows as itself."""
    return CAUSE_WORDS.get(code, T(code, code))


def answer_text(error: str) -> T:
    """What an outside system said: its code in words, and what it added."""
    code, _, more = error.partition(" ")
    words = CAUSE_WORDS.get(code)
    if words is None:
        return T(error, error)
    return T(f"{words.zh} {more}".strip(), f"{words.en} {more}".strip())


def weight_text(weight_g: int | None) -> T:
    """350 g, 1.25 kg."""
    if not weight_g:
        return _NOTHING
    if weight_g < 1000:
        return T("{n} 克", "{n} g").format(n=weight_g)
    return T("{n} 千克", "{n} kg").format(n=f"{weight_g / 1000:.2f}".rstrip("0").rstrip("."))
