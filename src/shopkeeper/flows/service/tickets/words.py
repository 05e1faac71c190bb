"""Words of tickets, changes and interceptions: states, types, reasons, refusals."""

from enum import StrEnum

from shopkeeper.flows.service.tickets.states import (
    ArticleState,
    ChangeKind,
    ChangeState,
    Channel,
    InterceptionKind,
    InterceptionState,
    Presence,
    Priority,
    Resolution,
    Stage,
    TicketKind,
    TicketState,
    Way,
)
from shopkeeper.shared.words import T
from shopkeeper.web.labels import Label

LABELS: dict[type[StrEnum], dict[StrEnum, Label]] = {
    TicketState: {
        TicketState.OPEN: Label(T("待分派", "To assign"), "amber"),
        TicketState.ASSIGNED: Label(T("处理中", "In hand"), "blue"),
        TicketState.WAITING: Label(T("待客户回复", "Waiting for customer"), "grey"),
        TicketState.RESOLVED: Label(T("已解决", "Resolved"), "green"),
        TicketState.CLOSED: Label(T("已关闭", "Closed"), "grey"),
    },
    Stage: {
        Stage.PRE_SALE: Label(T("售前", "Pre-sale"), "blue"),
        Stage.IN_SALE: Label(T("售中", "In-sale"), "amber"),
        Stage.AFTER_SALE: Label(T("售后", "After-sale"), "red"),
    },
    TicketKind: {
        TicketKind.PRODUCT: Label(T("商品咨询", "Product")),
        TicketKind.SIZE: Label(T("尺码", "Size")),
        TicketKind.PRICE: Label(T("价格优惠", "Price")),
        TicketKind.SHIPPING: Label(T("催发货", "Shipping")),
        TicketKind.LOGISTICS: Label(T("物流", "Logistics")),
        TicketKind.ADDRESS_CHANGE: Label(T("改地址", "Address change")),
        TicketKind.CANCEL: Label(T("取消订单", "Cancellation")),
        TicketKind.RETURN_EXCHANGE: Label(T("退换货", "Return or exchange")),
        TicketKind.QUALITY: Label(T("质量问题", "Quality")),
        TicketKind.INVOICE: Label(T("发票", "Invoice")),
        TicketKind.COMPLAINT: Label(T("投诉", "Complaint"), "red"),
        TicketKind.OTHER: Label(T("其他", "Other")),
    },
    Channel: {
        Channel.CHAT: Label(T("在线", "Chat")),
        Channel.PHONE: Label(T("电话", "Phone")),
        Channel.FORM: Label(T("表单", "Form")),
        Channel.API: Label(T("接口", "API")),
        Channel.PLATFORM: Label(T("平台", "Platform")),
    },
    Priority: {
        Priority.NORMAL: Label(T("普通", "Normal")),
        Priority.HIGH: Label(T("优先", "High"), "amber"),
        Priority.URGENT: Label(T("紧急", "Urgent"), "red"),
    },
    Presence: {
        Presence.AVAILABLE: Label(T("在线", "Available"), "green"),
        Presence.BUSY: Label(T("忙碌", "Busy"), "amber"),
        Presence.AWAY: Label(T("离开", "Away"), "grey"),
        Presence.OFFLINE: Label(T("下班", "Off duty"), "grey"),
    },
    Resolution: {
        Resolution.ANSWERED: Label(T("已答复", "Answered"), "green"),
        Resolution.ORDERED: Label(T("已下单", "Ordered"), "green"),
        Resolution.CHANGED: Label(T("已改单或取消", "Order changed"), "green"),
        Resolution.INTERCEPTED: Label(T("已拦截", "Intercepted"), "green"),
        Resolution.AFTER_SALE: Label(T("转售后", "To after-sale"), "blue"),
        Resolution.NOT_POSSIBLE: Label(T("无法满足", "Not possible"), "red"),
        Resolution.NO_ANSWER: Label(T("客户未回复", "No answer"), "grey"),
        Resolution.DUPLICATE: Label(T("重复工单", "Duplicate"), "grey"),
    },
    ChangeKind: {
        ChangeKind.ADDRESS: Label(T("改地址", "Change address")),
        ChangeKind.CANCEL: Label(T("取消订单", "Cancel")),
    },
    Way: {
        Way.BEFORE_RELEASE: Label(T("未进仓，可直接改", "Not in the warehouse yet"), "green"),
        Way.FROM_WAREHOUSE: Label(T("在仓，先从配货召回", "Called back from the warehouse"), "amber"),
        Way.INTERCEPTION: Label(T("已发出，需快递拦截", "Shipped: courier interception"), "red"),
        Way.TOO_LATE: Label(T("已结束，不能改", "Too late"), "grey"),
    },
    ChangeState: {
        ChangeState.REQUESTED: Label(T("通知平台中", "Telling the platform"), "blue"),
        ChangeState.BY_HAND: Label(T("待人工办理", "To do by hand"), "amber"),
        ChangeState.ACKNOWLEDGED: Label(T("平台已接受", "Taken by the platform"), "blue"),
        ChangeState.DONE: Label(T("已办妥", "Done"), "green"),
        ChangeState.REFUSED: Label(T("平台拒绝", "Refused by the platform"), "red"),
        ChangeState.WITHDRAWN: Label(T("已撤回", "Withdrawn"), "grey"),
    },
    InterceptionKind: {
        InterceptionKind.RETURN: Label(T("退回", "Return to us")),
        InterceptionKind.REDIRECT: Label(T("改派", "Redirect")),
    },
    InterceptionState: {
        InterceptionState.REQUESTED: Label(T("已申请", "Requested"), "amber"),
        InterceptionState.ACCEPTED: Label(T("快递已受理", "Accepted"), "blue"),
        InterceptionState.RETURNING: Label(T("退回中", "Returning"), "blue"),
        InterceptionState.RECEIVED: Label(T("已退回仓库", "Received"), "green"),
        InterceptionState.REDIRECTED: Label(T("已改派签收", "Redirected"), "green"),
        InterceptionState.REFUSED: Label(T("快递拒绝", "Refused"), "red"),
        InterceptionState.FAILED: Label(T("未拦住", "Failed"), "red"),
    },
    ArticleState: {
        ArticleState.DRAFT: Label(T("草稿", "Draft"), "amber"),
        ArticleState.PUBLISHED: Label(T("已发布", "Published"), "green"),
        ArticleState.RETIRED: Label(T("已停用", "Retired"), "grey"),
    },
}
REASONS: dict[str, T] = {
    "changed_mind": T("不想要了", "Changed their mind"),
    "wrong_item": T("拍错商品", "Wrong item"),
    "wrong_address": T("地址填错", "Wrong address"),
    "away": T("收件时不在", "Will be away"),
    "too_slow": T("等太久", "Takes too long"),
    "duplicate": T("重复下单", "Ordered twice"),
    "fraud": T("疑似欺诈", "Suspected fraud"),
    "other": T("其他", "Other"),
}
# Why a change or interception stands as it does, by the outside's answer in our words.
ANSWERS: dict[str, T] = {
    "no_platform": T(
        "平台没有接口，请在平台后台操作后登记。", "The platform has no such door: do it in its console, then record it."
    ),
    "buyer_must_apply": T(
        "已付款订单须由买家申请退款；买家申请后系统自动同意并取消。",
        "A paid order ends by a refund: ask the buyer to apply, it is then agreed to by itself.",
    ),
    "not_changeable": T("平台上订单已发货或已结束。", "On the platform the order has left or ended."),
    "erased": T("客户资料已删除，无法办理。", "The customer was erased; this cannot be done."),
    "by_hand": T("已在平台后台人工办理。", "Done by hand in the platform's console."),
    "refused_by_hand": T("平台不给改（人工登记）。", "The platform refused, as a person recorded."),
    "delivered_already": T("快件已签收。", "Delivered already."),
    "out_for_delivery": T("快件正在派送，无法拦截。", "Out for delivery; it cannot be stopped."),
    "not_supported": T("该快递不支持拦截。", "This courier does not intercept."),
}
# Whom an interception under way waits for and what is to be done, by its state and whether it goes elsewhere.
_ASK = T(
    "等快递答复。请致电快递公司催问，并把答复登记在下面；超过时限会升级给主管。",
    "The courier has not answered. Call them and record the answer below; past the time it goes to a supervisor.",
)
_COMES_BACK = T(
    "等快递把包裹送回仓库，这里不用操作：物流显示“已退回”时自动完成，显示“已签收”则记为未拦住。"
    "到时限还没退回，请致电快递催问；包裹丢失，请在包裹页“上报异常”。",
    "The courier is bringing the parcel back; nothing to do here: it ends by itself once tracking says returned, and as "
    "failed once it says signed for. Not back in time: call the courier. Lost: report the problem on the parcel's page.",
)
WAITS_FOR: dict[tuple[InterceptionState, bool], T] = {
    (InterceptionState.REQUESTED, False): _ASK,
    (InterceptionState.REQUESTED, True): _ASK,
    (InterceptionState.ACCEPTED, False): _COMES_BACK,
    (InterceptionState.RETURNING, False): _COMES_BACK,
    (InterceptionState.RETURNING, True): _COMES_BACK,
    (InterceptionState.ACCEPTED, True): T(
        "等快递送到新地址，这里不用操作：物流显示“已签收”时自动完成。"
        "到时限还没送到，请致电快递催问；包裹丢失，请在包裹页“上报异常”。",
        "The courier takes it to the new address; nothing to do here: it ends by itself once tracking says signed for. "
        "Not there in time: call the courier. Lost: report the problem on the parcel's page.",
    ),
}
# A cancellation that the buyer has to ask for: on the work list, and on its page.
WAITS_FOR_APPLICATION = T("等买家申请退款", "Waits for the buyer to apply for the refund")
WAITS_FOR_ADDRESS = T("等平台订单读回新地址", "Waits for the platform's order with the new address")
ADDRESS_WAITS = T(
    "等平台订单读回新地址：平台一有推送就读，另外每 {minutes} 分钟读一次。读到后订单自动更新并放行，现在不用操作。"
    "最晚 {due} 仍没有读到的，本项转为逾期并升级给主管，订单继续扣住不发货。"
    "平台上其实没有改成的，点“平台没改成”，再决定订单怎么办。",
    "Waits for the platform's order with the new address: it is read whenever the platform says something happened, and "
    "every {minutes:# minute|# minutes}. Once read, the order is updated and goes on by itself. Not read by {due}: this "
    "is overdue and goes to a supervisor; the order stays held and is not sent. Where it was not changed there after "
    "all, press “Not changed there”, then decide about the order.",
)
BY_HAND_WAITS = T(
    "这个平台没有改单接口：请客服在平台后台手工办理，办好后在下面登记“已在平台办好”；平台不让改的，登记“平台不给改”。"
    "最晚 {due}，到时没有登记的转为逾期并升级给主管；在此之前订单一直扣住。",
    "This platform has no interface for it: customer service makes it in the platform's console, then records it below "
    "as done, or as refused by the platform. By {due}; not recorded by then it is overdue and goes to a supervisor. The "
    "order stays held until then.",
)
CHANGE_WAITS = T(
    "等买家在平台申请退款，现在不用操作：申请后系统自动同意并取消订单。请处理工单的客服告诉买家怎么申请。"
    "最晚等到 {due}：到时还没申请，请再联系买家；买家不取消了，点“撤回”，订单照原样继续。",
    "Waits for the buyer to apply for the refund on the platform; nothing to do here: once they did, it is agreed to and "
    "the order cancelled by itself. Whoever has the ticket tells the buyer how to apply. It waits until {due}: not applied by then, ask the "
    "buyer again; where they keep the order, withdraw this and it goes on as it was.",
)
# What shows that a change was made by hand, for example.
SHOWN_BY: dict[ChangeKind, T] = {
    ChangeKind.ADDRESS: T(
        "例如：平台后台订单页已显示新地址；不要写客户姓名电话",
        "For example: the console shows the new address. No customer's name or phone",
    ),
    ChangeKind.CANCEL: T(
        "例如：平台后台订单页已显示“交易关闭”；不要写客户姓名电话",
        "For example: the console shows the order as closed. No customer's name or phone",
    ),
}
# The subject of a ticket made of what a buyer told when asked about the receipt; kept in the buyers' language. None
# of its words suggests a type: those of the buyer do.
TOLD_ON_FOLLOW_UP = T("收货回访：买家来话", "Asked about the receipt, the buyer said")
# The subject of a ticket that the order desk opens; its first note says what is to be asked.
ASKED_BY_ORDERS = T(
    "订单专员请客服联系买家（要问什么见内部备注）", "The order desk asks service to reach the buyer (see the note)"
)
# What such a ticket is called where others name their type or channel.
COLLEAGUE_ASKS = T("订单专员请问买家", "The order desk asks the buyer")
REFUSALS: dict[str, T] = {
    "answer_needed": T(
        "订单专员在等回话：请写明买家怎么说；没联系上的，写明打过几次、怎么联系的，再解决。",
        "The order desk waits for an answer: say what the buyer told; not reached, say how and how often it was tried.",
    ),
    "other_change_open": T(
        "这张订单已有一项改单在办理，新的没有提交。先在那项改单里“撤回”（或等它结束），再提交新的。",
        "Another change of this order is under way; the new one was not filed. Withdraw that one first, or wait for its "
        "end, then file it.",
    ),
    "already_shipped": T(
        "已发货，改不了也取消不了；请走拦截或售后。", "Already shipped: use interception or after-sale."
    ),
    "form_incomplete": T(
        "表单没有填完整，请核对后再提交。", "The form is not filled in rightly; check and send it again."
    ),
    "text_needed": T("请写明内容。", "Write down what it is about."),
    "order_elsewhere": T("订单不属于这家店铺，请核对订单号。", "The order is not of this shop; check its number."),
    "agent_unknown": T("没有这位客服，或已停用。请选其他客服。", "No such agent, or no longer active. Choose another."),
    "agent_elsewhere": T(
        "该客服不负责这家店铺，请选其他客服。", "This agent does not look after the shop. Choose another."
    ),
    "nobody_free": T(
        "现在没有空闲且合适的客服；系统会继续尝试，也可手动指定。",
        "Nobody suitable is free now. The system goes on trying; you may also choose somebody.",
    ),
    "taken": T("工单已被其他客服领取，无需重复处理。", "Another agent has this ticket already; leave it to them."),
    "ticket_ended": T("工单已结束；如需继续请先重新打开。", "The ticket has ended. Reopen it to go on."),
    "not_an_agent": T("请先设置为“在线”，再领取工单。", "Set yourself available first, then take tickets."),
    "not_in_hand": T(
        "工单未在任何人手上，请先领取或分派。", "Nobody has this ticket in hand. Take or assign it first."
    ),
    "not_yours": T(
        "这是其他客服的工单；请对方转交，或由主管接管。",
        "It is another agent's. Ask them to hand it over, or a supervisor to step in.",
    ),
    "reply_first": T("还没有人工回复过客户，请先回复再操作。", "Nobody has answered the customer yet. Reply first."),
    "reason_needed": T("请写明原因。", "Give a reason."),
    "double_elsewhere": T(
        "请选择同一店铺、同一客户的另一张工单作为主工单。", "Name another ticket of the same customer and shop."
    ),
    "is_duplicate": T(
        "这是重复工单，请在主工单上继续。", "This one is a duplicate; go on in the ticket it was joined to."
    ),
    "not_resolved": T("工单还没有解决，不能关闭。", "The ticket is not resolved yet; it cannot be closed."),
    "person_unknown": T("没有这位员工，或已停用。", "No such person, or no longer active."),
    "sku_unknown": T("没有这个商品规格。", "There is no such SKU."),
    "sku_delisted": T("商品已下架，不能推荐。", "The product is delisted; do not offer it."),
    "out_of_stock": T("商品无可售库存，请推荐其他规格。", "Nothing of it is free to sell; offer another variant."),
    "place_unknown": T(
        "{places} 无法自动填写。可用：{{order}} {{parcel}} {{stock}} {{price}} {{agent}} {{shop}}。",
        "{places} cannot be filled. Known: {{order}} {{parcel}} {{stock}} {{price}} {{agent}} {{shop}}.",
    ),
    "article_elsewhere": T("这个编号已被其他店铺的文章使用。", "The code is used by another shop's article."),
    "district_needed": T(
        "换了省市，请填写区县（没有区县的城市填镇街）：不填的话，平台会保留原来的区县。",
        "In another city the district is needed (a town where there is none): left empty, the platform keeps the old one.",
    ),
    "bad_phone": T(
        "电话不对，没有提交：请填 11 位手机号，或带区号的座机号。",
        "Not filed: this is no phone number. Enter a mobile number of 11 digits, or a landline with its area code.",
    ),
    "address_needed": T(
        "请写明新的收件人、电话和地址；换了省市要写全街道门牌，平台打了星号的原信息也要重填。",
        "Say the new receiver, phone and address; another region needs the street, and what the platform has starred has "
        "to be entered anew.",
    ),
    "not_their_order": T(
        "订单不是这位客户的，不能替他办理。", "The order is not this customer's; nothing may be done to it for them."
    ),
    "order_ended": T("订单已签收、完成或取消，不能再改。", "The order has arrived, ended or was cancelled."),
    "change_ended": T("该申请已结束。", "This change is over."),
    "change_acknowledged": T("平台已接受，不能撤回。", "The platform has taken it; it cannot be withdrawn."),
    "evidence_needed": T(
        "请写明依据（截图位置、联系人、答复）。", "Say what shows it: who answered, where it is seen."
    ),
    "not_handed_over": T("包裹还没交给快递，请直接改订单。", "The parcel has not left yet; change the order instead."),
    "parcel_ended": T(
        "包裹已签收、退回或丢失，无法拦截。", "The parcel has arrived, is coming back or is lost; nothing to stop."
    ),
    "interception_ended": T("该拦截已结束。", "This interception is over."),
}
