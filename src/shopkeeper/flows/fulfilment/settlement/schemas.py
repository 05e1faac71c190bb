"""Shapes of what the API answers. Amounts are minor units; moments are UTC."""

from datetime import date, datetime

from ninja import Schema


class SettlementAnswer(Schema):
    id: int
    order_id: int
    order_number: str
    platform_no: str
    shop_id: int
    shop: str
    state: str
    doubt: str
    completed_at: datetime
    due_at: datetime
    settled_at: datetime | None
    currency: str
    paid_minor: int
    income_minor: int
    commission_minor: int
    cost_minor: int
    refund_minor: int
    receivable_minor: int
    margin_minor: int


class Settlements(Schema):
    items: list[SettlementAnswer]
    next: str


class EntryAnswer(Schema):
    kind: str
    refund_id: int
    goods: str
    account: str
    amount_minor: int
    booked_on: date
    booked_at: datetime


class SettlementDetail(SettlementAnswer):
    approved_reason: str
    entries: list[EntryAnswer]


class ShopDayAnswer(Schema):
    shop_id: int
    shop: str
    day: date
    currency: str
    settlements: int
    refunds: int
    unsettled: int
    totals: dict[str, int]
    closed_at: datetime | None
    closed_by: str


class Balance(Schema):
    books_balanced: bool


class FollowUpAnswer(Schema):
    id: int
    order_id: int
    order_number: str
    platform_no: str
    shop: str
    state: str
    outcome: str
    attempts: int
    opened_at: datetime
    due_at: datetime
    ended_at: datetime | None
    signed_at: datetime | None
    buyer: str
    paid_minor: int
    currency: str


class FollowUps(Schema):
    items: list[FollowUpAnswer]
    next: str


class TryAnswer(Schema):
    made_at: datetime
    person: str
    outcome: str
    has_note: bool


class FollowUpDetail(FollowUpAnswer):
    next_attempt: int
    tries: list[TryAnswer]
