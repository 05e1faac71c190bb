"""Shapes of what the API answers about the lake. Amounts are minor units; moments are UTC."""

from datetime import date, datetime

from ninja import Schema


class SetAsideAnswer(Schema):
    id: int
    shop_id: int
    shop: str
    subject: str
    key: str
    order_id: int | None
    order_number: str
    visitor: str
    rule: str
    state: str
    biz_date: date
    row_count: int
    amount_minor: int
    facts: dict[str, int | str]
    found_at: datetime
    found_by: str
    reason: str
    decided_at: datetime | None
    decided_by: str
    decided_reason: str
    due_at: datetime | None


class SetAsides(Schema):
    items: list[SetAsideAnswer]
    next: str


class ExcludedAnswer(Schema):
    biz_date: date
    shop_id: int
    subject: str
    rule: str
    row_count: int
    amount_minor: int


class SourceAnswer(Schema):
    id: int
    kind: str
    key: str
    note: str
    listed_at: datetime
    listed_by: str


class TableAnswer(Schema):
    table: str
    fresh_files: int
    merged_files: int
    rows: int
    bytes: int
    from_day: date
    to_day: date
    last_batch: int
    written_at: datetime


class StandingAnswer(Schema):
    batch: int
    read_until: datetime | None
    written_at: datetime | None
    tidied_at: datetime | None
    rebuild_asked_at: datetime | None
    rebuilt_at: datetime | None
    unwritten: int
    oldest_at: datetime | None
    next_at: datetime | None
    tables: list[TableAnswer]


class DayAnswer(Schema):
    biz_date: date
    table: str
    rows: int
    set_aside: int
