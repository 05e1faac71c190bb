"""Shapes of what the API answers and takes about promotions. Amounts in minor units, rates in thousandths, UTC."""

from datetime import datetime
from typing import Any

from ninja import Schema
from pydantic import Field


class Words(Schema):
    zh: str
    en: str


class RuleAnswer(Schema):
    """One version of a promotion; `id` is the promotion's."""

    id: int
    version_id: int
    code: str
    number: int
    state: str
    name: str
    kind: str
    says: Words
    shop_id: int | None
    shop: str | None
    starts_at: datetime
    ends_at: datetime
    findings: int
    uses: int
    uses_total: int | None
    money_minor: int
    budget_minor: int | None


class Rules(Schema):
    items: list[RuleAnswer]
    next: str


class RuleVersion(RuleAnswer):
    terms: dict[str, Any]
    below: list[dict[str, Any]]
    overlaps: list[dict[str, Any]]
    scanned: int
    saved_at: datetime
    submitted_at: datetime | None
    due_at: datetime | None
    decided_at: datetime | None
    decision_reason: str


class RuleDetail(Schema):
    id: int
    versions: list[RuleVersion]


class BatchAnswer(Schema):
    id: int
    rule_id: int
    rule: str
    code: str
    name: str
    shop_id: int | None
    shop: str | None
    total: int
    per_buyer: int
    claimed: int
    used: int
    left: int
    claim_from: datetime
    claim_to: datetime
    valid_to: datetime
    valid_days: int | None
    stopped_at: datetime | None


class Batches(Schema):
    items: list[BatchAnswer]
    next: str


class CouponAnswer(Schema):
    id: int
    batch_id: int
    rule_id: int
    state: str
    expires_at: datetime


class CartLine(Schema):
    sku_id: int
    quantity: int = 1


class CartQuestion(Schema):
    """A cart to be priced. `buyer` is the open id that orders carry: their coupons and uses count."""

    shop_id: int
    lines: list[CartLine] = Field(min_length=1, max_length=200)
    buyer: str = Field("", max_length=120)
    level: str = Field("", max_length=40)
    segments: list[str] = Field(default_factory=list, max_length=50)
    is_new: bool = False
    coupon_ids: list[int] = Field(default_factory=list, max_length=200)
    freight_minor: int = 0
    chosen: list[int] | None = None


class BuyerQuestion(Schema):
    """Whose coupons: in the body, because an open id belongs in no address."""

    shop_id: int
    buyer: str = Field(min_length=1, max_length=120)


class LedgerEntry(Schema):
    rule_id: int
    version: int
    rule: str
    layer: str
    amount_minor: int
    bearers: list[tuple[str, int]]


class PricedLine(Schema):
    sku_id: int
    sku: str
    name: str
    quantity: int
    list_minor: int
    paid_minor: int
    unit_minors: list[int]
    entries: list[LedgerEntry]


class GiftAnswer(Schema):
    rule_id: int
    sku_id: int
    sku: str
    name: str
    quantity: int
    is_substitute: bool


class ReasonAnswer(Schema):
    """Why a promotion took part (`applied`) or not; `threshold` says what lacks."""

    rule_id: int
    rule: str
    name: str
    code: str
    words: Words


class PricedAnswer(Schema):
    """`searched` is "all" where the best choice is proven, "greedy" where it was approached."""

    currency: str
    lines: list[PricedLine]
    gifts: list[GiftAnswer]
    reasons: list[ReasonAnswer]
    list_minor: int
    discount_minor: int
    freight_minor: int
    freight_off_minor: int
    payable_minor: int
    searched: str


class PricingAnswer(Schema):
    """An order's price as it was frozen when the order was placed."""

    id: int
    shop_id: int
    order_no: str
    state: str
    priced_at: datetime
    currency: str
    list_minor: int
    discount_minor: int
    freight_minor: int
    freight_off_minor: int
    payable_minor: int
    lines: list[dict[str, Any]]
    ledger: list[dict[str, Any]]
    trace: dict[str, Any]
    released_because: str
