"""Shapes of what the API answers about prices. Amounts are minor units, margins basis points, moments UTC."""

from datetime import date, datetime

from ninja import Schema


class PlanAnswer(Schema):
    id: int
    sku_id: int
    code: str
    name: str
    shop_id: int | None
    shop: str | None
    state: str
    currency: str
    cost_minor: int
    competitor_minor: int | None
    list_minor: int | None
    sale_minor: int
    discount_minor: int | None
    member_minor: int | None
    lowest_minor: int
    worst_minor: int
    margin_basis_points: int
    target_basis_points: int
    valid_from: datetime
    valid_to: datetime | None
    proposed_at: datetime
    reason: str
    due_at: datetime | None
    decided_at: datetime | None
    decision_reason: str
    began_at: datetime | None
    ended_at: datetime | None


class Plans(Schema):
    items: list[PlanAnswer]
    next: str


class MarginAnswer(Schema):
    name: str
    price_minor: int
    gain_minor: int
    basis_points: int
    target_basis_points: int
    meets_target: bool


class PriceDayAnswer(Schema):
    day: date
    lowest_minor: int


class PlanDetail(PlanAnswer):
    margins: list[MarginAnswer]
    proposed_by: str
    decided_by: str
    days_before: list[PriceDayAnswer]


class PriceInForceAnswer(Schema):
    sku_id: int
    plan_id: int
    currency: str
    sale_minor: int
    list_minor: int | None
    discount_minor: int | None
    member_minor: int | None
    worst_minor: int


class TargetAnswer(Schema):
    category_id: int
    category: str
    basis_points: int
    set_at: datetime
    set_by: str
    reason: str
