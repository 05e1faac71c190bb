"""The shape of what the API answers about the warehouse."""

from datetime import datetime
from typing import Generic, TypeVar

from ninja import Schema

Row = TypeVar("Row")


class Page(Schema, Generic[Row]):
    """One page of rows; ask again with `after` = `next_key` until it is empty."""

    rows: list[Row]
    next_key: str


class WaveOut(Schema):
    id: int
    number: str
    warehouse_id: int
    warehouse: str
    state: str
    picker_id: int | None
    picker: str
    orders: int
    lines: int
    pieces: int
    picked: int
    open_lines: int
    to_pack: int
    packed: int
    left: int
    ship_by_at: datetime | None
    released_at: datetime
    due_at: datetime | None


class PickLineOut(Schema):
    id: int
    bin: str
    lot: str
    received_at: datetime
    sku_code: str
    barcode: str
    name: str
    spec: str
    slot: int
    order_id: int
    quantity: int
    picked: int
    missing: int
    failed: int
    state: str
    is_gift: bool
    is_repick: bool


class WaveOrderOut(Schema):
    id: int
    order_id: int
    number: str
    tote: str
    slot: int
    shop: str
    state: str
    pieces: int
    ship_by_at: datetime | None
    courier: str
    tracking_no: str
    drop_reason: str


class ChangeOut(Schema):
    at: datetime
    was: str
    became: str
    who: str
    command: str


class WaveRecordOut(Schema):
    wave: WaveOut
    lines: list[PickLineOut]
    orders: list[WaveOrderOut]
    changes: list[ChangeOut]


class QueueRowOut(Schema):
    """An order in a wave; `id` is the wave order that packing commands name."""

    id: int
    order_id: int
    order: str
    wave_id: int
    wave: str
    tote: str
    shop: str
    state: str
    pieces: int
    checked: int
    packer: str
    tracking_no: str
    ship_by_at: datetime | None
    due_at: datetime | None
    drop_reason: str
    weight_g: int | None


class PackLineOut(Schema):
    id: int
    order_line_id: int
    sku_code: str
    barcode: str
    name: str
    spec: str
    quantity: int
    checked: int
    is_gift: bool
    weight_g: int


class ScanOut(Schema):
    at: datetime
    code: str
    quantity: int
    verdict: str
    is_accepted: bool
    who: str
    station: str


class FailedOut(Schema):
    at: datetime
    sku_code: str
    lot: str
    quantity: int
    verdict: str
    is_replaced: bool
    who: str


class PieceOut(Schema):
    bin: str
    lot: str
    sku_code: str
    name: str
    quantity: int


class PackOrderOut(Schema):
    """One order at the packing station; weights in grams, `expected_g` null where a SKU has no weight."""

    id: int
    order_id: int
    number: str
    platform_no: str
    shop: str
    warehouse_id: int
    wave_id: int
    wave: str
    slot: int
    tote: str
    state: str
    packer_id: int | None
    rechecked_at: datetime | None
    needs_recheck: bool
    closed_at: datetime | None
    weight_g: int | None
    expected_g: int | None
    tolerance_g: int
    forced_reason: str
    drop_reason: str
    due_at: datetime | None
    pieces: int
    checked: int
    parcel_id: int | None
    courier: str
    tracking_no: str
    marks: list[str]
    print_count: int
    lines: list[PackLineOut]
    in_tote: list[PieceOut]
    to_fetch: list[PieceOut]
    scans: list[ScanOut]
    failed: list[FailedOut]
    changes: list[ChangeOut]


class WaitingOut(Schema):
    warehouse_id: int
    warehouse: str
    orders: int
    ship_by_at: datetime | None


class BoardOut(Schema):
    """`backlog`: by ship-by bucket and stage, how many orders."""

    now: datetime
    backlog: dict[str, dict[str, int]]
    waiting: list[WaitingOut]
    states: dict[str, int]
    packed_today: int
    short_today: int
    failed_today: int
