"""The clocks of S1.1: the first human word, by chat, phone and form; and the look at silent conversations."""

from shopkeeper.shared.words import T
from shopkeeper.sop.deadlines import DeadlineKind, HeldBy
from shopkeeper.sop.roles import Role

CONVERSATIONS_AGENT = HeldBy("conversations_conversation", "agent_id", through="tickets_agent")

FIRST_REPLY = DeadlineKind(
    "chat_first_reply",
    clause="S1.1",
    subject="conversation",
    role=Role.CUSTOMER_SERVICE,
    title=T("首次回复客户", "First reply to the customer"),
    action=T("去回复", "Reply"),
    url="/service/desk/?open={id}",
    held_by=CONVERSATIONS_AGENT,
)
CALL_ANSWER = DeadlineKind(
    "call_answer",
    clause="S1.1",
    subject="conversation",
    role=Role.CUSTOMER_SERVICE,
    title=T("接听来电", "Answer the call"),
    action=T("去接听", "Answer"),
    url="/service/desk/?open={id}",
    held_by=CONVERSATIONS_AGENT,
)
FORM_REPLY = DeadlineKind(
    "form_first_reply",
    clause="S1.1",
    subject="conversation",
    role=Role.CUSTOMER_SERVICE,
    title=T("首次回复留言", "First reply to a form"),
    action=T("去回复", "Reply"),
    url="/service/desk/?open={id}",
    held_by=CONVERSATIONS_AGENT,
)
SILENCE = DeadlineKind(
    "conversation_silent",
    clause="S1.1",
    subject="conversation",
    on_due="end_silent_conversations",
    title=T("客户久未回应", "The customer is silent"),
)
