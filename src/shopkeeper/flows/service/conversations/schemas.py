"""Shapes of the API's answers on conversations. Customers are masked; what was said is for those who may reply."""

from datetime import datetime
from typing import Any

from ninja import Schema


class ConversationAnswer(Schema):
    """A conversation: `due_at` is when the first human word is due, `waited_s` after how long it came."""

    id: int
    number: str
    shop: str
    channel: str
    state: str
    kind: str
    contact: str
    agent: str
    ticket_id: int | None
    opened_at: datetime
    waiting_from: datetime | None
    due_at: datetime | None
    replied_at: datetime | None
    open_since: datetime | None
    ended_at: datetime | None
    ending: str
    waited_s: float | None
    is_late: bool


class Conversations(Schema):
    items: list[ConversationAnswer]
    next: str


class QueueAnswer(Schema):
    id: int
    number: str
    shop: str
    channel: str
    state: str
    kind: str
    contact: str
    agent: str
    is_mine: bool
    ticket_id: int | None
    last_sender: str
    waits: bool
    since: datetime | None
    until: datetime | None
    is_first: bool
    sequence: int


class LineAnswer(Schema):
    id: int
    sequence: int
    client_id: str
    sender: str
    person: str
    said_at: datetime
    text: str
    card: dict[str, Any] | None
    picture: int | None
    delivery: str
    failure: str


class PromiseAnswer(Schema):
    """How a channel kept its seconds; milliseconds. `share` is null where nothing was due yet."""

    channel: str
    asked: int
    replied: int
    kept: int
    late_open: int
    off_duty: int
    median_ms: int | None
    p90_ms: int | None
    greeted: int
    greeting_ms: int | None
    share: float | None


class AgentAnswer(Schema):
    id: int
    person_id: int
    name: str
    presence: str
    chat_load: int
    chat_capacity: int
    waiting: int
    replied: int
    kept: int


class CallAnswer(Schema):
    id: int
    conversation_id: int
    shop_id: int
    reference: str
    caller: str
    rang_at: datetime
    answered_at: datetime | None
    hung_up_at: datetime | None
    waited_s: float | None
    is_late: bool


class Calls(Schema):
    items: list[CallAnswer]
    next: str
