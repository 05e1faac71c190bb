"""Shapes of what the API answers. Money is minor units; moments are UTC; shares are 1/10,000."""

from datetime import date, datetime

from ninja import Schema


class DisagreementAnswer(Schema):
    id: int
    shop_id: int
    shop: str
    currency: str
    day: date
    figure: str
    source: str
    other_source: str
    value: int
    other_value: int
    state: str
    opened_at: datetime
    due_at: datetime
    reason: str
    note: str
    answered_by: str
    ended_at: datetime | None


class Disagreements(Schema):
    items: list[DisagreementAnswer]
    next: str


class DifferenceAnswer(Schema):
    figure: str
    source: str
    other_source: str
    value: int
    other_value: int
    is_beyond: bool


class SourcesDay(Schema):
    """A shop's day: source → figure → value, and each source against the base."""

    shop_id: int
    shop: str
    day: date
    figures: dict[str, dict[str, int]]
    differences: list[DifferenceAnswer]


class DeliveryAnswer(Schema):
    id: int
    shop_id: int
    shop: str
    source: str
    day: date
    state: str
    due_at: datetime
    delivered_at: datetime | None
    excuse: str
    excused_by: str


class Deliveries(Schema):
    items: list[DeliveryAnswer]
    next: str


class ImportAnswer(Schema):
    id: int
    shop_id: int
    shop: str
    source: str
    profile: str
    shown_name: str
    state: str
    asked_at: datetime
    person: str
    done_count: int
    total: int
    result: dict[str, object]


class Imports(Schema):
    items: list[ImportAnswer]
    next: str


class FigureSetAnswer(Schema):
    id: int
    shop_id: int
    shop: str
    source: str
    breakdown: str
    period: str
    starts_on: date
    ends_on: date
    taken_in_at: datetime
    person: str
    import_id: int | None
    is_current: bool
    figures: dict[str, dict[str, int]]


class FigureSets(Schema):
    items: list[FigureSetAnswer]
    next: str


class CollectorAnswer(Schema):
    shop_id: int
    shop: str
    key: str
    version: int
    origins: list[str]
    is_open: bool


class FigureSourceAnswer(Schema):
    id: int
    shop_id: int
    shop: str
    source: str
    since_on: date
    is_retired: bool


class QualityAnswer(Schema):
    shop_id: int
    shop: str
    source: str
    last_at: datetime | None
    last_day: date | None
    is_stale: bool
    complete: int
    complete_of: int
    late: int
    left_out: int
    kept: int
    flags: int
    open_cases: int
    answered_cases: int


class TrafficHourAnswer(Schema):
    """What the collector counted in a shop's hour; `is_exact` is false where visitors are estimated."""

    hour: datetime
    exposure: int
    clicks: int
    page_views: int
    visitors: int
    visits: int
    is_exact: bool
    channels: dict[str, dict[str, int]]
