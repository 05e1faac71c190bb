"""Words of conversations: states, channels, greetings, refusals."""

from enum import StrEnum

from shopkeeper.flows.service.conversations.states import Channel, ConversationState, Delivery, Ending, Sender
from shopkeeper.shared.words import T
from shopkeeper.web.labels import Label
from shopkeeper.web.shown import span

SECONDS_MATTER = 90

LABELS: dict[type[StrEnum], dict[StrEnum, Label]] = {
    ConversationState: {
        ConversationState.QUEUED: Label(T("排队中", "In the queue"), "amber"),
        ConversationState.ASSIGNED: Label(T("待首次回复", "To be answered"), "amber"),
        ConversationState.TALKING: Label(T("沟通中", "Talking"), "blue"),
        ConversationState.ENDED: Label(T("已结束", "Ended"), "grey"),
    },
    Channel: {
        Channel.PLATFORM: Label(T("平台聊天", "Platform chat"), "blue"),
        Channel.WIDGET: Label(T("网页聊天", "Web chat"), "blue"),
        Channel.PHONE: Label(T("电话", "Phone"), "green"),
        Channel.FORM: Label(T("网页留言", "Form"), "grey"),
    },
    Sender: {
        Sender.CUSTOMER: Label(T("客户", "Customer"), "grey"),
        Sender.AGENT: Label(T("客服", "Agent"), "blue"),
        Sender.BOT: Label(T("自动问候", "Greeting"), "grey"),
        Sender.SYSTEM: Label(T("系统", "System"), "grey"),
    },
    Delivery: {
        Delivery.PENDING: Label(T("发送中", "Being sent"), "amber"),
        Delivery.SENT: Label(T("已送达", "Delivered"), "green"),
        Delivery.FAILED: Label(T("未送达", "Not delivered"), "red"),
    },
    Ending: {
        Ending.SOLVED: Label(T("已解决", "Solved"), "green"),
        Ending.NO_ANSWER: Label(T("客户未再回应", "The customer is silent"), "grey"),
        Ending.DUPLICATE: Label(T("重复咨询", "Asked twice"), "grey"),
        Ending.NOT_A_MATTER: Label(T("无关咨询", "Not a matter of ours"), "grey"),
        Ending.MISSED: Label(T("未接来电", "Missed call"), "red"),
    },
}

GREETINGS: dict[str, T] = {
    "on_duty": T(
        "您好，已收到您的消息，客服马上为您服务。",
        "Hello, we have your message. Someone will be with you in a moment.",
    ),
    "off_duty": T(
        "您好，现在是非值班时段，您的消息已记录，上班后会尽快回复您。",
        "Hello, our team is off duty now. Your message is kept and answered as soon as we are back.",
    ),
}
ENDINGS: dict[str, T] = {
    Ending.SOLVED: T("已解决", "Solved"),
    Ending.NO_ANSWER: T("客户未再回应", "The customer is silent"),
    Ending.DUPLICATE: T("重复咨询", "Asked twice"),
    Ending.NOT_A_MATTER: T("无关咨询", "Not a matter of ours"),
}
PICTURE = T("[图片]", "[picture]")
ERASED = T("（客户信息已删除）", "(erased)")
SYSTEM_LINES: dict[str, T] = {
    "taken_over": T("{name} 接管了会话", "{name} took over"),
    "transferred": T("会话转给 {name}", "Handed over to {name}"),
    "queued": T("会话退回排队", "Back in the queue"),
    "rang": T("来电响铃", "The phone rang"),
    "answered": T("{name} 接听了来电", "{name} took the call"),
}

REFUSALS: dict[str, T] = {
    "nothing_said": T(
        "没有文字也没有图片，没有发送。请写点什么。", "Neither words nor a picture: nothing was sent. Write something."
    ),
    "too_fast": T(
        "一分钟内最多发送 {limit} 条消息，这条没有收下。请稍等再发。",
        "At most {limit:# line a minute is|# lines a minute are} taken; this one was not. Wait a moment and send it again.",
    ),
    "conversation_ended": T(
        "会话已经结束，不能再发。客户再来消息会开启新的会话。",
        "The conversation has ended. The customer's next line opens a new one.",
    ),
    "not_written": T(
        "电话会话不能发送文字。请回拨，或在工单里记录。",
        "A call cannot be answered in writing. Call back, or note it in the ticket.",
    ),
    "not_an_agent": T(
        "你还没有上线接待。请先在服务台把状态切换为在线。",
        "You are not on duty as an agent. Set yourself available on the desk first.",
    ),
    "agent_unknown": T(
        "没有这位客服，或其没有该店铺的权限。请从列表里选择。",
        "No such agent, or not of this shop. Choose one from the list.",
    ),
    "agent_away": T(
        "{name} 现在不在线，不能转给 TA。请选择在线的客服，或退回排队。",
        "{name} is not there. Choose an agent who is, or put the conversation back in the queue.",
    ),
    "not_yours": T(
        "会话在 {name} 手上，只有 TA 或主管可以这样操作。",
        "{name} has the conversation; only they or a supervisor may do this.",
    ),
    "still_unanswered": T(
        "客户还没有得到人工回复，不能按“已解决”结束。请先回复，或选择其他结束方式。",
        "The customer has had no human word yet, so it is not solved. Reply first, or end it another way.",
    ),
    "reason_needed": T("请写明原因。", "Give a reason."),
    "sku_unknown": T("没有这个商品，或已下架。请重新选择。", "No such product, or no longer sold. Choose another."),
    "picture_unknown": T(
        "图片不属于这个会话，没有发送。请重新上传。", "The picture is not of this conversation. Upload it again."
    ),
    "nothing_failed": T(
        "这条消息没有发送失败，无需重发。", "This line has not failed; there is nothing to send again."
    ),
    "not_rung": T(
        "没有这通来电的振铃记录。请先记录来电时间和号码。",
        "This call never rang here. Log when it rang, and from which number, first.",
    ),
    "call_over": T("这通来电已被接听或挂断。", "The call was taken or has ended already."),
    "answered_before_ringing": T("接听时间早于振铃时间。请核对。", "Answered before it rang. Check the times."),
    "in_the_future": T("时间在未来。请核对。", "The time lies in the future. Check it."),
    "channel_not_open": T(
        "该店铺还没有开通客服渠道。请主管先开通。",
        "The shop's channels are not open. A supervisor opens them first.",
    ),
    "origin_unreadable": T(
        "“{origin}” 不是网站来源。请只填协议和域名，不带路径。",
        "'{origin}' is no origin. Give scheme and host only, without a path.",
    ),
    "renewed_meanwhile": T(
        "密钥刚被别人更换过。请刷新后再决定。",
        "The secret was renewed by somebody else just now. Reload and decide again.",
    ),
    "identity_forged": T(
        "身份签名不对，没有接入。请从店铺页面重新打开客服窗口。",
        "The identity is not signed by the shop. Open the chat from the shop's page again.",
    ),
    "identity_expired": T(
        "身份签名已过期。请刷新店铺页面后再打开客服窗口。",
        "The identity has expired. Reload the shop's page and open the chat again.",
    ),
    "session_over": T("会话凭证已失效。请重新打开客服窗口。", "Your session is over. Open the chat again."),
    "slow_down": T("请求太频繁，请稍后再试。", "Too many requests. Try again in a moment."),
    "contact_needed": T(
        "请留下手机号或邮箱，方便我们回复您。", "Leave a phone number or e-mail so that we can answer you."
    ),
}


def waited(seconds: float | None) -> str:
    """How long the first human word took: seconds to a decimal while they matter, then minutes and hours."""
    if seconds is None:
        return "–"
    return T("{n} 秒", "{n} s").format(n=f"{seconds:.1f}").text() if seconds <= SECONDS_MATTER else span(seconds)
