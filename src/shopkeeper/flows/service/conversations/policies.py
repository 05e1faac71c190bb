"""The numbers of S1.1 per channel: seconds to the first word, duty hours, greeting, silence, limits."""

from shopkeeper.shared.words import T
from shopkeeper.sop.policy import PolicyKey

_SECONDS = T("秒", "s")
_MINUTES = T("分钟", "min")

CHAT_REPLY = PolicyKey(
    "chat_reply_seconds",
    default=10,
    min=1,
    max=3_600,
    unit=_SECONDS,
    clause="S1.1",
    label=T("在线咨询首次回复时限", "Time to the first reply in chats"),
)
CALL_ANSWER = PolicyKey(
    "call_answer_seconds",
    default=10,
    min=1,
    max=600,
    unit=_SECONDS,
    clause="S1.1",
    label=T("来电接听时限", "Time to answer a call"),
)
FORM_REPLY = PolicyKey(
    "form_reply_seconds",
    default=10,
    min=1,
    max=86_400,
    unit=_SECONDS,
    clause="S1.1",
    label=T("网页留言首次回复时限", "Time to the first reply to a form"),
)
DUTY_HOURS = PolicyKey(
    "service_duty_hours",
    default="08:00,23:30",
    clause="S1.1",
    label=T("在线客服值班时段（起,止，可多段）", "Duty hours of chats (from, to; several spans may follow)"),
)
OFF_DUTY_REPLY = PolicyKey(
    "off_duty_reply_minutes",
    default=30,
    min=1,
    max=1_440,
    unit=_MINUTES,
    clause="S1.1",
    label=T("非值班时段来询：上班后多久内回复", "Off duty: reply within so long after duty begins"),
)
GREET = PolicyKey(
    "greet_automatically",
    default=True,
    clause="S1.1",
    label=T("自动问候（不计入首次回复）", "Greet automatically (never counted as the reply)"),
)
SILENCE = PolicyKey(
    "silence_minutes",
    default=30,
    min=1,
    max=1_440,
    unit=_MINUTES,
    clause="S1.1",
    label=T("客户多久未回应则结束会话", "Silence after which a conversation ends"),
)
CHAT_PULL = PolicyKey(
    "chat_pull_minutes",
    default=5,
    min=1,
    max=240,
    unit=_MINUTES,
    clause="S1.1",
    label=T("补拉平台消息的间隔", "Minutes between pulls of platform chats"),
)
LINES_PER_MINUTE = PolicyKey(
    "customer_lines_per_minute",
    default=30,
    min=1,
    max=600,
    unit=T("条", "lines"),
    clause="S1.1",
    label=T("每位客户每分钟最多消息数", "Lines a customer may send in a minute"),
)
LINE_LENGTH = PolicyKey(
    "line_length",
    default=2_000,
    min=100,
    max=10_000,
    unit=T("字", "characters"),
    clause="S1.1",
    label=T("单条消息最长字数", "Longest line"),
)
PICTURE_MEGABYTES = PolicyKey(
    "picture_megabytes",
    default=5,
    min=1,
    max=10,
    unit="MB",
    clause="S1.1",
    label=T("聊天图片大小上限", "Largest picture in a chat"),
)
