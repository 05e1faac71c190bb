"""The states of a conversation, and the words its lines, calls and customers are filed under."""

from enum import StrEnum

from shopkeeper.shared.transitions import Transitions


class ConversationState(StrEnum):
    QUEUED = "queued"  # 排队中: no agent has a hand free
    ASSIGNED = "assigned"  # 待首次回复: an agent has it and has not said a word
    TALKING = "talking"  # 沟通中
    ENDED = "ended"  # 已结束


OPEN = (ConversationState.QUEUED, ConversationState.ASSIGNED, ConversationState.TALKING)

CONVERSATION_FLOW = Transitions(
    table="conversations_conversation",
    states=ConversationState,
    allowed={
        ConversationState.QUEUED: {ConversationState.ASSIGNED, ConversationState.TALKING, ConversationState.ENDED},
        # Back to the queue: its agent went away or gave it back.
        ConversationState.ASSIGNED: {ConversationState.QUEUED, ConversationState.TALKING, ConversationState.ENDED},
        ConversationState.TALKING: {ConversationState.QUEUED, ConversationState.ENDED},
        # What is said after the end opens another conversation, with a clock of its own.
        ConversationState.ENDED: set(),
    },
)


class Channel(StrEnum):
    """Where a customer speaks to us."""

    PLATFORM = "platform"  # the platform's own chat
    WIDGET = "widget"  # ours, on any page
    PHONE = "phone"
    FORM = "form"  # the public ticket form, and the widget outside duty hours


CHATS = (Channel.PLATFORM, Channel.WIDGET)


class Sender(StrEnum):
    """Who said a line. Only an agent's line answers a customer."""

    CUSTOMER = "customer"
    AGENT = "agent"
    BOT = "bot"  # the automatic greeting
    SYSTEM = "system"  # transferred, ended


class Delivery(StrEnum):
    """How far a line of ours has come that must be told to a platform."""

    NOT_NEEDED = ""
    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"


class Ending(StrEnum):
    """How a conversation ended."""

    SOLVED = "solved"
    NO_ANSWER = "no_answer"  # the customer is silent
    DUPLICATE = "duplicate"
    NOT_A_MATTER = "not_a_matter"  # advertising, wrong number
    MISSED = "missed"  # a call nobody took
