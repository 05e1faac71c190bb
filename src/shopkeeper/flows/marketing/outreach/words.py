"""Words of consent and mailings: states, why somebody is not written to, refusals."""

from enum import StrEnum

from shopkeeper.flows.marketing.outreach.states import (
    ConsentSource,
    ConsentState,
    MailingState,
    NotSentReason,
    OptOutWay,
    OutreachChannel,
    RecipientState,
)
from shopkeeper.shared.words import T
from shopkeeper.web.labels import Label

LABELS: dict[type[StrEnum], dict[StrEnum, Label]] = {
    OutreachChannel: {
        OutreachChannel.EMAIL: Label(T("邮件", "E-mail"), "blue"),
        OutreachChannel.SMS: Label(T("短信", "Text message"), "blue"),
    },
    MailingState: {
        MailingState.DRAFT: Label(T("草稿", "Draft"), "grey"),
        MailingState.IN_REVIEW: Label(T("待审批", "To approve"), "amber"),
        MailingState.APPROVED: Label(T("待发送", "Waits for its time"), "blue"),
        MailingState.SENDING: Label(T("发送中", "Going out"), "blue"),
        MailingState.SENT: Label(T("已发完", "Sent"), "green"),
        MailingState.STOPPED: Label(T("已停止", "Stopped"), "red"),
    },
    RecipientState: {
        RecipientState.QUEUED: Label(T("待发送", "Waiting"), "grey"),
        RecipientState.ACCEPTED: Label(T("已提交", "Handed over"), "blue"),
        RecipientState.DELIVERED: Label(T("已送达", "Delivered"), "green"),
        RecipientState.BOUNCED: Label(T("未送达", "Came back"), "amber"),
        RecipientState.FAILED: Label(T("发送失败", "Refused"), "red"),
        RecipientState.SKIPPED: Label(T("未发送", "Not sent"), "grey"),
    },
    NotSentReason: {
        NotSentReason.NO_CONSENT: Label(T("没有同意接收", "No consent"), "grey"),
        NotSentReason.OPTED_OUT: Label(T("已退订", "Opted out"), "grey"),
        NotSentReason.NO_ADDRESS: Label(T("没有号码或邮箱", "No address"), "grey"),
        NotSentReason.UNREACHABLE: Label(T("号码或邮箱已失效", "Address is dead"), "grey"),
        NotSentReason.CAPPED: Label(T("超过频次上限", "Had enough messages"), "amber"),
        NotSentReason.DUPLICATE: Label(T("号码重复", "Same address twice"), "grey"),
        NotSentReason.ERASED: Label(T("客户信息已删除", "Customer erased"), "grey"),
        NotSentReason.STOPPED: Label(T("群发已停止", "Mailing stopped"), "red"),
    },
    ConsentState: {
        ConsentState.GIVEN: Label(T("已同意", "Agreed"), "green"),
        ConsentState.WITHDRAWN: Label(T("已退订", "Opted out"), "red"),
    },
    ConsentSource: {
        ConsentSource.OWN_SHOP: Label(T("自有商城注册", "Own shop"), "grey"),
        ConsentSource.MEMBERSHIP: Label(T("入会授权", "Membership"), "grey"),
        ConsentSource.SERVICE: Label(T("告知客服", "Told service"), "grey"),
        ConsentSource.CARD: Label(T("包裹卡片", "Card in the parcel"), "grey"),
        ConsentSource.EVENT: Label(T("线下活动", "Event"), "grey"),
    },
    OptOutWay: {
        OptOutWay.LINK: Label(T("邮件退订链接", "Link in the mail"), "grey"),
        OptOutWay.REPLY: Label(T("回复短信", "Answered the message"), "grey"),
        OptOutWay.SERVICE: Label(T("告知客服", "Told service"), "grey"),
        OptOutWay.COMPLAINT: Label(T("投诉", "Complaint"), "red"),
    },
}

REFUSALS: dict[str, T] = {
    "consent_whose": T(
        "请填订单编号或客户标识，说明是谁同意的。", "Name the order or the customer, so that it is clear who agreed."
    ),
    "order_unknown": T("这个店铺没有这笔订单，请核对编号。", "This shop has no such order. Check the number."),
    "address_unusable": T(
        "号码或邮箱写得不对：短信要 11 位手机号（不能是平台虚拟号），邮件要完整邮箱。",
        "The address cannot be used: an 11-digit mobile number (no virtual one of a platform), or a whole mail address.",
    ),
    "customer_erased": T(
        "这位客户的个人信息已按其要求删除，不能再登记。",
        "This customer was erased on request; nothing can be recorded.",
    ),
    "segment_not_of_shop": T(
        "人群不属于这个活动的店铺，或已停用。请另选人群。",
        "The segment is not of this campaign's shop, or is retired. Choose another.",
    ),
    "mailing_unworded": T("请写名称、签名和正文。", "Write a name, a signature and a text."),
    "subject_needed": T("邮件要有主题。", "A mail needs a subject."),
    "template_needed": T(
        "短信要填已报备的模板编号（在短信平台申请）。", "Give the code of a template that the provider approved."
    ),
    "sms_too_long": T("短信正文最多 {longest} 字，请写短一些。", "At most {longest} characters. Shorten the text."),
    "variables_unknown": T(
        "正文里有不认识的变量：{names}。可用：shop、campaign、starts、ends。",
        "Unknown variables: {names}. There are shop, campaign, starts and ends.",
    ),
    "words_prohibited": T(
        "含有禁用词：{words}。请改写后再存。", "Prohibited words: {words}. Reword the message, then save again."
    ),
    "mailing_time_past": T("发送时间已过，请选将来的时间。", "The time has passed. Choose a later one."),
    "mailing_after_campaign": T(
        "发送时间在活动结束之后。请改早一些。", "It would go out after the campaign ends. Choose an earlier time."
    ),
    "not_a_draft": T(
        "只有草稿可以改和提交。需要改的请先退回或停止。",
        "Only drafts can be changed. Have it returned first, or stop it.",
    ),
    "mailing_other_shop": T(
        "这条群发不属于该活动的店铺，没有改动。", "This mailing is not of that campaign's shop; nothing was changed."
    ),
    "campaign_not_running": T(
        "活动还没有批准，或已结束、取消，不能群发。",
        "The campaign is not approved, or is over: no messages go out for it.",
    ),
    "nobody_to_write_to": T(
        "人群里没有可以发送的客户。请看“为什么不发”，或换人群、渠道。",
        "Nobody of the segment may be written to. See why, or choose another segment or channel.",
    ),
    "over_message_budget": T(
        "预计费用 {cost} 元超出活动的短信邮件预算余额 {left} 元。请先追加预算或缩小人群。",
        "It would cost ¥{cost}; the campaign's budget for messages has ¥{left} left. Raise it, or narrow the segment.",
    ),
    "mailing_not_in_review": T("这条群发不在待审批状态，请刷新页面。", "This mailing is not waiting. Reload the page."),
    "mailing_over": T("这条群发已结束，没有改动。", "This mailing is over; nothing was changed."),
    "own_mailing": T(
        "是你写的或提交的，请另一位主管审批。", "You wrote it or handed it in; another person must decide."
    ),
    "mailing_too_early": T("还没到发送时间。", "Its time has not come."),
    "mailing_not_over": T("群发还没结束，结束后自动入账。", "It is not over yet; its cost is booked when it is."),
    "no_message_budget": T(
        "活动没有“短信与邮件”预算项。请先在活动里加上。", "The campaign has no budget for messages. Add the item first."
    ),
    "cost_not_booked": T(
        "费用没有入账（{cause}）。请在活动里追加“短信与邮件”预算后再试。",
        "The cost was not booked ({cause}). Raise the campaign's budget for messages, then try again.",
    ),
}
# What providers say of a message that did not arrive; a code nobody has worded shows as itself.
FAILURES: dict[str, T] = {
    "bad_address": T("号码或邮箱不存在", "No such number or mailbox"),
    "erased": T("客户信息已删除", "Customer erased"),
    "MOBILE_NOT_ON_SERVICE": T("空号或停机", "Number not in service"),
    "MOBILE_TERMINAL_ERROR": T("关机或信号不好", "Telephone off or out of reach"),
}
PLAIN: dict[str, T] = {
    "slow_down": T("操作太频繁，请过一分钟再试。", "Too many requests. Please try again in a minute."),
}
