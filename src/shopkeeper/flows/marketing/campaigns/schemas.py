"""Shapes of what the API answers about campaigns. Amounts in minor units, rates in basis points, times in UTC."""

from datetime import date, datetime
from typing import Any

from ninja import Schema
from pydantic import Field


class Words(Schema):
    zh: str
    en: str


class CampaignAnswer(Schema):
    id: int
    shop_id: int
    shop: str
    code: str
    name: str
    theme: str
    state: str
    starts_at: datetime
    ends_at: datetime
    currency: str
    goal_sales_minor: int
    expected_visitors: int
    expected_conversion_bp: int
    origin: str
    is_template: bool
    due_at: datetime | None
    planned_minor: int
    spent_minor: int


class Campaigns(Schema):
    items: list[CampaignAnswer]
    next: str


class GoodsAnswer(Schema):
    """A SKU of the plan with its line of the forecast; `margin_minor` null where nobody said what it costs."""

    sku_id: int
    code: str
    name: str
    spec: str
    planned: int
    price_minor: int
    worst_minor: int
    cost_minor: int
    free: int
    lacking: int
    days_of_stock: int | None
    margin_minor: int | None
    worst_margin_minor: int | None


class RuleAnswer(Schema):
    rule_id: int
    code: str
    name: str
    says: Words
    state: str


class SegmentOfPlan(Schema):
    id: int
    code: str
    name: str
    size: int
    counted_at: datetime


class CostAnswer(Schema):
    id: int
    kind: str
    name: str
    planned_minor: int
    raised_minor: int
    spent_minor: int
    left_minor: int


class SpendAnswer(Schema):
    item_id: int
    reference: str
    amount_minor: int
    note: str
    booked_at: datetime
    booked: str


class RaiseAnswer(Schema):
    id: int
    item_id: int
    amount_minor: int
    reason: str
    state: str
    due_at: datetime
    asked_at: datetime
    asked: str
    decision_reason: str


class SlotAnswer(Schema):
    id: int
    place: str
    starts_at: datetime
    ends_at: datetime
    apply_by: datetime
    expected_cost_minor: int
    cost_minor: int | None
    state: str
    reference: str
    answer: str


class BookingAnswer(Schema):
    id: int
    place: str
    starts_at: datetime
    ends_at: datetime


class TaskAnswer(Schema):
    id: int
    title: str
    role: str
    owner_id: int | None
    owner: str
    due_at: datetime
    state: str
    evidence: str


class MaterialAnswer(Schema):
    id: int
    kind: str
    title: str
    state: str
    due_at: datetime | None


class ForecastAnswer(Schema):
    """What the plan may bring; null is not known. `arithmetic` says how each figure comes about."""

    orders: int
    traffic_sales_minor: int | None
    goods_sales_minor: int
    sales_minor: int
    margin_minor: int | None
    worst_margin_minor: int | None
    commission_minor: int
    profit_minor: int | None
    worst_profit_minor: int | None
    roi_bp: int | None
    goal_bp: int | None
    lacking: int
    without_cost: int
    basket_minor: int
    budget_minor: int
    basis_days: int
    basis_orders: int
    arithmetic: list[dict[str, Any]]


class PlanAnswer(Schema):
    """《活动执行方案》 whole."""

    id: int
    shop_id: int
    shop: str
    code: str
    name: str
    theme: str
    state: str
    state_at: datetime
    starts_at: datetime
    ends_at: datetime
    currency: str
    goal_sales_minor: int
    goal_new_customers: int
    expected_visitors: int
    expected_conversion_bp: int
    force: str
    audience: str
    channels: list[str]
    materials_wanted: str
    risks: str
    origin: str
    template_id: int | None
    is_template: bool
    due_at: datetime | None
    submitted_by: str
    submitted_at: datetime | None
    decided_by: str
    decided_at: datetime | None
    decision_reason: str
    launched_at: datetime | None
    ended_at: datetime | None
    end_reason: str
    missing: list[str]
    goods: list[GoodsAnswer]
    rules: list[RuleAnswer]
    segments: list[SegmentOfPlan]
    budget: list[CostAnswer]
    spends: list[SpendAnswer]
    raises: list[RaiseAnswer]
    slots: list[SlotAnswer]
    own_slots: list[BookingAnswer]
    tasks: list[TaskAnswer]
    materials: list[MaterialAnswer]
    forecast: ForecastAnswer


class OccasionAnswer(Schema):
    key: str
    name: Words
    kind: str
    year: int
    first: date
    last: date
    origin: str


class CalendarAnswer(Schema):
    """Days off and worked in exchange are named where they are otherwise than their weekday."""

    occasions: list[OccasionAnswer]
    campaigns: list[CampaignAnswer]
    days_off: list[date]
    days_worked: list[date]


class SuggestionAnswer(Schema):
    sku_id: int
    code: str
    name: str
    spec: str
    currency: str
    price_minor: int
    cost_minor: int
    free: int
    sold: int
    days: int
    days_of_stock: int | None
    tied_minor: int
    origin: str


class SegmentAnswer(Schema):
    id: int
    shop_id: int
    shop: str
    code: str
    name: str
    definition: dict[str, Any]
    says: list[Words]
    size: int
    counted_at: datetime
    is_retired: bool


class SegmentQuestion(Schema):
    """A definition to count, and one to lay over it. As in the command `save_segment`."""

    shop_id: int
    definition: dict[str, Any] = Field(default_factory=dict)
    other: dict[str, Any] | None = None


class SizeAnswer(Schema):
    size: int
    other: int | None
    both: int | None


class OwnSlotAnswer(Schema):
    id: int
    name: str
