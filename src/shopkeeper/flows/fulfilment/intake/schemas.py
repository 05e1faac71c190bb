"""What programs get to read of intake. People come masked; amounts are minor units of the currency."""

from datetime import datetime
from typing import Any, Generic, TypeVar

from ninja import Schema

Row = TypeVar("Row")


class Page(Schema, Generic[Row]):
    """One page by key; `next_key` empty = the last one."""

    rows: list[Row]
    next_key: str


class OrderOut(Schema):
    id: int
    number: str
    platform_no: str
    state: str
    placed_at: datetime
    paid_at: datetime | None
    ship_by_at: datetime | None
    currency: str
    paid_minor: int
    refund_state: str
    open_holds: list[str]
    receiver_name_masked: str
    receiver_phone_masked: str
    receiver_address_masked: str
    province: str
    city: str
    has_remark: bool
    seller_flag: str
    is_history: bool
    shop_id: int
    shop: str
    pieces: int
    kinds: int
    goods: str


class LineOut(Schema):
    id: int
    platform_line_no: str
    sku_id: int | None
    sku_code: str
    barcode: str
    name: str
    spec: str
    quantity: int
    promised: int
    price_minor: int
    discount_minor: int
    paid_minor: int
    is_gift: bool


class HoldOut(Schema):
    code: str
    facts: dict[str, Any]
    opened_at: datetime
    cleared_at: datetime | None
    cleared_by: str
    decision: str
    reason: str
    may_be_passed: bool
    needs_reason: bool


class StoryOut(Schema):
    """`what` is an event's type, or `state:` and the new state."""

    at: datetime
    what: str
    was: str
    who: str
    why: str
    data: dict[str, Any]


class OrderRecordOut(Schema):
    id: int
    number: str
    platform_no: str
    platform_state: str
    state: str
    shop_id: int
    shop: str
    warehouse_id: int | None
    warehouse: str
    refund_state: str
    is_history: bool
    has_remark: bool
    seller_flag: str
    placed_at: datetime
    paid_at: datetime | None
    modified_at: datetime
    taken_in_at: datetime
    released_at: datetime | None
    ship_by_at: datetime | None
    shipped_at: datetime | None
    signed_at: datetime | None
    completed_at: datetime | None
    due_at: datetime | None
    currency: str
    goods_minor: int
    freight_minor: int
    discount_minor: int
    paid_minor: int
    receiver_name_masked: str
    receiver_phone_masked: str
    receiver_address_masked: str
    province: str
    city: str
    lines: list[LineOut]
    open_holds: list[HoldOut]
    past_holds: list[HoldOut]
    messages: int
    story: list[StoryOut]


class SessionOut(Schema):
    id: int
    shop_id: int
    shop: str
    state: str
    scheduled_at: datetime
    opened_at: datetime
    due_at: datetime | None
    signed_at: datetime | None
    signed_by: str
    released: int
    held: int
    clean: int


class ShopIntakeOut(Schema):
    shop_id: int
    shop: str
    platform: str
    health: str
    read_until: datetime | None
    lag_seconds: int | None
    last_pulled_at: datetime | None
    next_pull_at: datetime | None
    last_error: str


class UnreadableOut(Schema):
    shop_id: int
    shop: str
    platform_no: str
    reason: str
    since: datetime
    due_at: datetime


class JobOut(Schema):
    id: int
    kind: str
    state: str
    shop_id: int | None
    asked_at: datetime
    done_count: int
    total: int | None
    result: dict[str, Any]
    failures_digest: str
