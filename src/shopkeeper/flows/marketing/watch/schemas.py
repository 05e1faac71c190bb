"""Shapes of what the API answers. Amounts are minor units, rates 1/10,000; moments are UTC."""

from datetime import date, datetime
from typing import Any

from ninja import Schema


class WatchedCampaign(Schema):
    """`ends_at` is when it ended or will; `next_hour` the hour that closes next."""

    campaign_id: int
    shop_id: int
    code: str
    name: str
    shop: str
    state: str
    starts_at: datetime
    ends_at: datetime
    next_hour: datetime
    ended_at: datetime | None


class EarlierFigures(Schema):
    exposures: int | None
    clicks: int | None
    visitors: int
    replaced_at: datetime
    replaced_by: str
    reason: str


class TrafficAnswer(Schema):
    """One source's figures; without `campaign_id` the whole shop's."""

    id: int
    campaign_id: int | None
    source: str
    exposures: int | None
    clicks: int | None
    visitors: int
    entered_at: datetime


class HourAnswer(Schema):
    """One closed hour; figures of the source that counts, null where none told."""

    reading_id: int
    sheet_id: int
    campaign_id: int
    hour: datetime
    exposures: int | None
    clicks: int | None
    click_rate_bp: int | None
    visitors: int | None
    orders: int
    buyers: int
    new_customers: int
    conversion_bp: int | None
    paid_minor: int
    pieces: int
    stock_left: int
    benchmark_bp: int | None
    benchmark_name: str
    is_low: bool
    source: str
    is_shops: bool
    recorder: str
    counted_at: datetime
    others: list[TrafficAnswer]
    earlier: list[EarlierFigures]


class SheetAnswer(Schema):
    """One day; `awaited` hours are still to be recorded."""

    id: int
    campaign_id: int
    code: str
    name: str
    shop_id: int
    shop: str
    day: date
    state: str
    due_at: datetime
    signed_at: datetime | None
    signed_by: str
    reason: str
    hours: int
    awaited: int


class Sheets(Schema):
    items: list[SheetAnswer]
    next: str


class SheetDetail(SheetAnswer):
    gaps: int
    lines: list[HourAnswer]


class AlertAnswer(Schema):
    """`facts` is the arithmetic: hours, target and benchmark, or pieces left, pace and time to the end."""

    id: int
    campaign_id: int
    code: str
    name: str
    shop_id: int
    shop: str
    kind: str
    sku_id: int | None
    sku_code: str
    state: str
    hour: datetime
    opened_at: datetime
    due_at: datetime
    facts: dict[str, Any]
    answered_at: datetime | None
    answered_by: str
    reason: str


class Alerts(Schema):
    items: list[AlertAnswer]
    next: str


class ActionAnswer(Schema):
    """`before`, `after_one` and `after_three` are the same figures, null until they are measured."""

    id: int
    kind: str
    note: str
    reference: int | None
    taken_at: datetime
    taken_by: str
    before: dict[str, Any]
    after_one: dict[str, Any] | None
    after_three: dict[str, Any] | None


class CallAnswer(Schema):
    id: int
    campaign_id: int
    alert_id: int
    shop_id: int
    sku_id: int
    sku_code: str
    state: str
    quantity: int
    needed_by: datetime
    reminder_id: int | None
    asked_at: datetime
    due_at: datetime
    arrives_at: datetime | None
    promised_quantity: int | None
    answered_at: datetime | None
    note: str
    arrived_at: datetime | None


class Calls(Schema):
    items: list[CallAnswer]
    next: str


class PresaleAnswer(Schema):
    id: int
    campaign_id: int
    shop_id: int
    alert_id: int | None
    sku_id: int
    sku_code: str
    state: str
    ship_within_days: int
    proposed_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    reason: str


class AlertDetail(AlertAnswer):
    actions: list[ActionAnswer]
    calls: list[CallAnswer]
    presales: list[PresaleAnswer]


class BenchmarkAnswer(Schema):
    id: int
    shop_id: int
    shop: str
    name: str
    conversion_bp: int
    valid_from: date
    set_at: datetime
    set_by: str
