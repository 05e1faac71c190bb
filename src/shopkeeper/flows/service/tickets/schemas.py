"""Shapes of what the API answers. Amounts are minor units; moments are UTC; customers are masked."""

from datetime import datetime

from ninja import Schema


class TicketAnswer(Schema):
    id: int
    number: str
    order_id: int | None
    order_number: str
    shop_id: int
    shop: str
    channel: str
    stage: str
    kind: str
    priority: str
    state: str
    customer: str
    agent_id: int | None
    agent: str
    opened_at: datetime
    first_reply_at: datetime | None
    reply_due_at: datetime | None
    resolve_due_at: datetime
    next_due_at: datetime
    resolved_at: datetime | None
    resolution: str
    reopened_count: int


class Tickets(Schema):
    items: list[TicketAnswer]
    next: str


class NoteAnswer(Schema):
    made_at: datetime
    who: str
    text: str


class OfferAnswer(Schema):
    sku_id: int
    code: str
    name: str
    price_minor: int
    currency: str
    available: int
    shown_at: datetime


class TicketDetail(Schema):
    id: int
    number: str
    shop_id: int
    order_id: int | None
    channel: str
    external_ref: str
    stage: str
    kind: str
    suggested_kind: str
    suggestion_words: list[str]
    classified_by: str
    priority: str
    state: str
    agent_id: int | None
    agent: str
    customer: str
    customer_phone: str
    subject: str
    text: str
    is_readable: bool
    way: str
    opened_at: datetime
    reply_due_at: datetime | None
    first_reply_at: datetime | None
    resolve_due_at: datetime
    resolved_at: datetime | None
    closed_at: datetime | None
    resolution: str
    converted_order_id: int | None
    notes: list[NoteAnswer]
    offers: list[OfferAnswer]
    parcel_ids: list[int]
    change_ids: list[int]
    interception_ids: list[int]


class ChangeAnswer(Schema):
    id: int
    order_id: int
    order_number: str
    shop: str
    ticket_id: int | None
    kind: str
    way: str
    reason: str
    state: str
    address: str
    answer_code: str
    requested_at: datetime
    due_at: datetime
    ended_at: datetime | None


class Changes(Schema):
    items: list[ChangeAnswer]
    next: str


class InterceptionAnswer(Schema):
    id: int
    parcel_id: int
    number: str
    courier: str
    order_id: int
    order_number: str
    shop: str
    ticket_id: int | None
    kind: str
    reason: str
    state: str
    address: str
    answer_code: str
    courier_ref: str
    requested_at: datetime
    due_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None


class Interceptions(Schema):
    items: list[InterceptionAnswer]
    next: str


class OrderContextAnswer(Schema):
    order_id: int
    number: str
    state: str
    stage: str
    way: str
    tickets: list[TicketAnswer]
    changes: list[ChangeAnswer]
    interceptions: list[InterceptionAnswer]


class AgentAnswer(Schema):
    id: int
    agent_id: int | None
    name: str
    presence: str
    load: int
    capacity: int
    chat_load: int
    chat_capacity: int
    kinds: list[str]
    stages: list[str]
    languages: list[str]
    shop_ids: list[int]


class ConversionAnswer(Schema):
    shop_id: int
    shop: str
    inquiries: int
    shown: int
    converted: int
    converted_minor: int
    currency: str
    rate_basis_points: int


class ArticleAnswer(Schema):
    id: int
    code: str
    title: str
    kind: str
    state: str
    version: int
    shop_id: int | None
    changed_at: datetime


class Articles(Schema):
    items: list[ArticleAnswer]
    next: str


class VersionAnswer(Schema):
    number: int
    title: str
    body: str
    made_at: datetime


class ArticleDetail(Schema):
    id: int
    code: str
    kind: str
    state: str
    shop_id: int | None
    versions: list[VersionAnswer]


class ReplyAnswer(Schema):
    id: int
    shortcut: str
    title: str
    text: str


class CardAnswer(Schema):
    sku_id: int
    code: str
    name: str
    spec: str
    title: str
    price_minor: int
    currency: str
    available: int
