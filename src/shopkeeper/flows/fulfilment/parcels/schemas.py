"""The shape of what the API answers about parcels."""

from datetime import datetime
from typing import Generic, TypeVar

from ninja import Schema

Row = TypeVar("Row")


class ParcelOut(Schema):
    id: int
    label: str
    order_id: int
    order: str
    shop: str
    courier: str
    number: str | None
    state: str
    ship_back: str
    cases: list[str]
    weight_g: int | None
    handed_over_at: datetime | None
    promised_at: datetime | None
    last_update_at: datetime | None
    last_text: str


class ScanOut(Schema):
    at: datetime
    code: str
    state: str
    text: str
    place: str


class CaseLineOut(Schema):
    id: int
    kind: str
    state: str
    cause: str
    outcome: str
    note: str
    opened_at: datetime
    closed_at: datetime | None
    due_at: datetime | None


class ShipBackOut(Schema):
    state: str
    attempts: int
    due_at: datetime
    last_error: str
    acknowledged_at: datetime | None
    is_repeat: bool
    notice_via: str
    notice_evidence: str
    notice_at: datetime | None


class ParcelCardOut(Schema):
    id: int
    label: str
    order_id: int
    part: int
    shop_id: int
    warehouse_id: int
    courier: str
    courier_reason: str
    number: str | None
    state: str
    routing_code: str
    hub: str
    marks: list[str]
    print_count: int
    weight_g: int | None
    handed_over_at: datetime | None
    signed_at: datetime | None


class ParcelRecordOut(Schema):
    card: ParcelCardOut
    promised_at: datetime | None
    last_update_at: datetime | None
    ship_back: ShipBackOut | None
    scans: list[ScanOut]
    cases: list[CaseLineOut]


class CaseOut(Schema):
    id: int
    parcel_id: int
    parcel: str
    number: str | None
    courier: str
    kind: str
    state: str
    outcome: str
    cause: str
    shop: str
    opened_at: datetime
    closed_at: datetime | None
    due_at: datetime | None


class ContactOut(Schema):
    at: datetime
    who: str
    channel: str
    note: str
    answer_due_at: datetime


class CaseRecordOut(Schema):
    case: CaseLineOut
    parcel: ParcelRecordOut
    contacts: list[ContactOut]


class ShipBackRowOut(Schema):
    id: int
    parcel: str
    order: str
    shop: str
    platform_no: str
    courier: str
    number: str | None
    state: str
    attempts: int
    last_error: str
    last_tried_at: datetime | None
    due_at: datetime
    acknowledged_at: datetime | None


class Page(Schema, Generic[Row]):
    """One page by key; `next_key` empty = the last one."""

    rows: list[Row]
    next_key: str
