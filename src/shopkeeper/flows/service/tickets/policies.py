"""The numbers of S1.2, S2.1 and S2.2: clocks, duty hours, what counts as a conversion."""

from shopkeeper.shared.words import T
from shopkeeper.sop.policy import PolicyKey

_SECONDS = T("秒", "s")
_MINUTES = T("分钟", "min")
_HOURS = T("小时", "h")

TICKET_REPLY_SECONDS = PolicyKey(
    "ticket_reply_seconds",
    default=10,
    min=5,
    max=86_400,
    unit=_SECONDS,
    clause="S1.1",
    label=T("工单首次人工回复时限", "First human reply to a ticket within"),
)
TICKET_DUTY_TIMES = PolicyKey(
    "ticket_duty_times",
    default="08:00,23:00",
    clause="S1.1",
    label=T(
        "工单值班时段（起,止，可多段）", "Hours in which tickets are answered (from, to; several spans may follow)"
    ),
)
OFF_DUTY_TICKET_MINUTES = PolicyKey(
    "off_duty_ticket_reply_minutes",
    default=30,
    min=1,
    max=720,
    unit=_MINUTES,
    clause="S1.1",
    label=T("非值班时段来单：上班后多久内回复", "Off-duty tickets: reply within, from the start of duty"),
)
TICKET_ASSIGN_MINUTES = PolicyKey(
    "ticket_assign_minutes",
    default=5,
    min=1,
    max=240,
    unit=_MINUTES,
    clause="S1.2",
    label=T("工单派出时限", "A ticket is assigned within"),
)
TICKET_RETRY_SECONDS = PolicyKey(
    "ticket_retry_seconds",
    default=15,
    min=1,
    max=600,
    unit=_SECONDS,
    clause="S1.2",
    label=T("无人可派时多久再派一次", "Try again to assign after"),
)
AGENT_CAPACITY = PolicyKey(
    "agent_ticket_capacity",
    default=20,
    min=1,
    max=200,
    unit=T("张", "tickets"),
    clause="S1.2",
    label=T("客服同时处理工单数（新客服默认）", "Tickets in hand at a time, for a new agent"),
)
AGENT_CHAT_CAPACITY = PolicyKey(
    "agent_chat_capacity",
    default=5,
    min=1,
    max=50,
    unit=T("个", "chats"),
    clause="S1.2",
    label=T("客服同时接待会话数（新客服默认）", "Conversations at a time, for a new agent"),
)
TICKET_RESOLVE_HOURS = PolicyKey(
    "ticket_resolve_hours",
    default=24,
    min=1,
    max=240,
    unit=_HOURS,
    clause="S1.2",
    label=T("工单解决时限", "A ticket is resolved within"),
)
URGENT_RESOLVE_HOURS = PolicyKey(
    "urgent_ticket_resolve_hours",
    default=4,
    min=1,
    max=240,
    unit=_HOURS,
    clause="S1.2",
    label=T("紧急工单解决时限", "An urgent ticket is resolved within"),
)
TICKET_CLOSE_HOURS = PolicyKey(
    "ticket_close_hours",
    default=72,
    min=1,
    max=720,
    unit=_HOURS,
    clause="S1.2",
    label=T("解决后多久自动关闭", "A resolved ticket closes by itself after"),
)
CONVERSION_HOURS = PolicyKey(
    "inquiry_conversion_hours",
    default=24,
    min=1,
    max=720,
    unit=_HOURS,
    clause="S2.1",
    label=T("咨询后多久内下单算转化", "An order counts as converted within, after the inquiry"),
)
CHANGE_HOURS = PolicyKey(
    "order_change_hours",
    default=2,
    min=1,
    max=72,
    unit=_HOURS,
    clause="S2.2",
    label=T("改地址、取消订单办理时限", "A change or cancellation is carried out within"),
)
INTERCEPTION_ANSWER_HOURS = PolicyKey(
    "interception_answer_hours",
    default=4,
    min=1,
    max=72,
    unit=_HOURS,
    clause="S2.2",
    label=T("快递答复拦截的时限", "The courier answers an interception within"),
)
INTERCEPTION_DAYS = PolicyKey(
    "interception_days",
    default=7,
    min=1,
    max=60,
    unit=T("天", "days"),
    clause="S2.2",
    label=T("拦截件退回的时限", "An intercepted parcel is back within"),
)
