"""What happens in conversations. Ids and codes only: what was said stays sealed."""

from dataclasses import dataclass

from shopkeeper.foundation.events import Event


@dataclass(frozen=True, slots=True)
class ConversationOpened(Event):
    """A customer spoke to us, and no conversation with them was open."""

    conversation_id: int
    shop_id: int
    channel: str
    ticket_id: int | None


@dataclass(frozen=True, slots=True)
class ConversationAssigned(Event):
    """An agent has the conversation. `how`: routed, taken_over, transferred, picked."""

    conversation_id: int
    shop_id: int
    agent_id: int
    how: str


@dataclass(frozen=True, slots=True)
class ConversationQueued(Event):
    """Nobody has the conversation: every agent is full or away. `why` says how it came to that."""

    conversation_id: int
    shop_id: int
    why: str


@dataclass(frozen=True, slots=True)
class CustomerSpoke(Event):
    """A customer's line was stored. `needs_person`: it waits for an answer of ours."""

    conversation_id: int
    shop_id: int
    sequence: int
    needs_person: bool


@dataclass(frozen=True, slots=True)
class CustomerGreeted(Event):
    """The automatic greeting went out; it answers nothing."""

    conversation_id: int
    shop_id: int
    after_ms: int


@dataclass(frozen=True, slots=True)
class AgentReplied(Event):
    """An agent's line was stored. `is_first`: the clock of the first reply ends with it, after `waited_ms`."""

    conversation_id: int
    shop_id: int
    agent_id: int
    sequence: int
    is_first: bool
    is_late: bool
    waited_ms: int


@dataclass(frozen=True, slots=True)
class ReplyDelivered(Event):
    """The platform has taken our line."""

    message_id: int
    conversation_id: int
    shop_id: int


@dataclass(frozen=True, slots=True)
class ReplyFailed(Event):
    """The platform will not take our line; `code` is its own."""

    message_id: int
    conversation_id: int
    shop_id: int
    code: str


@dataclass(frozen=True, slots=True)
class CallLogged(Event):
    """A telephone call came in. `answered`: somebody took it, after `waited_ms`."""

    call_id: int
    conversation_id: int
    shop_id: int
    answered: bool
    waited_ms: int


@dataclass(frozen=True, slots=True)
class ConversationEnded(Event):
    """The conversation is over; feedback asks the customer how it was."""

    conversation_id: int
    shop_id: int
    channel: str
    ticket_id: int | None
    agent_id: int | None
    ending: str


@dataclass(frozen=True, slots=True)
class ChannelsOpened(Event):
    """A shop's customers may speak to us from now on."""

    shop_id: int


@dataclass(frozen=True, slots=True)
class WidgetSecretRenewed(Event):
    """Identities signed with the old secret are no longer believed."""

    shop_id: int
