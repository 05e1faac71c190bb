"""Shapes of what the API answers about stock. Pieces; moments are UTC, days the shop's."""

from datetime import date, datetime

from ninja import Schema


class LevelAnswer(Schema):
    id: int
    sku_id: int
    code: str
    barcode: str
    name: str
    spec: str
    warehouse_id: int
    warehouse: str
    on_hand: int
    promised: int
    free: int
    quarantined: int
    free_in_all: int
    threshold: int


class LevelPage(Schema):
    rows: list[LevelAnswer]
    next: str | None


class LotAnswer(Schema):
    id: int
    code: str
    bin: str
    received_at: datetime
    on_hand: int
    reserved: int
    is_quarantine: bool


class LevelDetail(LevelAnswer):
    lots: list[LotAnswer]


class StockAudit(Schema):
    oversold: int
    balance_unlike_lots: int
    balance_unlike_promises: int
    lots_unlike_allotments: int
    balance_unlike_ledger: int


class ReminderAnswer(Schema):
    id: int
    sku_id: int
    code: str
    name: str
    state: str
    opened_at: datetime
    due_at: datetime
    threshold: int
    free: int
    demand: int
    suggested: int
    arrive_by: date
    snoozes: int
    snoozed_until: date | None
    snooze_reason: str
    ordered_at: datetime | None
    ordered_quantity: int | None
    expected_on: date | None
    order_note: str
    ended_at: datetime | None
    ended_reason: str


class Reminders(Schema):
    items: list[ReminderAnswer]
    next: str


class ReminderDetail(ReminderAnswer):
    levels: list[LevelAnswer]


class ThresholdAnswer(Schema):
    id: int
    sku_id: int | None
    category_id: int | None
    subject: str
    code: str
    threshold: int
    pack_size: int
    lead_days: int | None
    set_at: datetime
    set_by: str
    reason: str
