"""Shapes of what the API answers. Values by their parts: numerator over denominator; money in fen, shares of 10,000."""

from datetime import date, datetime
from typing import Any

from ninja import Schema


class WordsAnswer(Schema):
    zh: str
    en: str


class MetricAnswer(Schema):
    id: str
    block: str
    clause: str
    name: WordsAnswer
    formula: WordsAnswer
    unit: str
    parts_per_unit: int
    additivity: str
    dimensions: list[str]
    time_field: WordsAnswer
    source: WordsAnswer
    filters: WordsAnswer
    entity: WordsAnswer
    owner: str
    status: str
    version: int
    valid_from: date


class Metrics(Schema):
    items: list[MetricAnswer]


class FigureAnswer(Schema):
    """`parts` is the value in the figure's smallest parts; null where no source says anything, or over nothing."""

    metric_id: str
    numerator: int | None
    denominator: int | None
    parts: int | None


class MemberAnswer(FigureAnswer):
    member: str


class FigureOfSpan(FigureAnswer):
    first_day: date
    last_day: date
    shop_id: int | None
    by: str
    members: list[MemberAnswer]


class ReportAnswer(Schema):
    id: int
    number: str
    shop_id: int | None
    shop: str
    period: str
    first_day: date
    last_day: date
    state: str
    version: int
    failed: list[str]
    opened_at: datetime
    made_at: datetime | None
    sign_due_at: datetime
    traffic_analysis: str
    sales_analysis: str
    customers_analysis: str
    comment: str
    despite: str
    signed_at: datetime | None
    signed_by: int | None
    confirmed_at: datetime | None
    headlines: list[FigureAnswer]


class ReportList(Schema):
    items: list[ReportAnswer]
    next: str


class ReportDetail(ReportAnswer):
    """`figures` is a version's snapshot: spans, windows, targets, and per part figures, tables, drivers."""

    shown_version: int
    figures: dict[str, Any]


class OrderBehind(Schema):
    order_id: int
    number: str
    shop_id: int
    day: date
    amount_minor: int | None
    rows: int


class OrdersBehind(Schema):
    items: list[OrderBehind]
    next: str


class TargetAnswer(Schema):
    id: int
    shop_id: int | None
    metric_id: str
    month: date
    value: int
    set_at: datetime


class Targets(Schema):
    items: list[TargetAnswer]
