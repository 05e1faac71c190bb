"""Shapes of what the API answers. Amounts are minor units; moments are UTC."""

from datetime import datetime
from typing import Any

from ninja import Schema


class ReviewAnswer(Schema):
    id: int
    product_id: int
    code: str
    title: str
    version: int
    state: str
    submitted_at: datetime
    submitted_by: int
    submitter: str
    due_at: datetime
    blocks: int
    warnings: int
    decided_at: datetime | None
    decider: str
    reason: str


class Reviews(Schema):
    items: list[ReviewAnswer]
    next: str


class FindingAnswer(Schema):
    place: str
    start: int
    end: int
    written: str
    code: str
    severity: str
    term: str
    ground: str
    suggestion: str
    exempt_by: int | None


class ChangeAnswer(Schema):
    place: str
    was: str
    now: str


class ReviewDetail(ReviewAnswer):
    said: dict[str, str]
    findings: list[FindingAnswer]
    advice: list[dict[str, Any]]
    marks: list[dict[str, Any]]
    changes: list[ChangeAnswer]
    word_version: int | None


class TermAnswer(Schema):
    id: int
    text: str
    severity: str
    ground: str
    suggestion: str
    category: str
    platform: str
    added_in: int
    added_at: datetime
    retired_in: int | None
    reason: str


class Terms(Schema):
    items: list[TermAnswer]
    next: str


class TextCheck(Schema):
    """Texts to be looked through, by any names of the caller's."""

    texts: dict[str, str]
    category: str = ""
    platforms: list[str] = []


class ListingAnswer(Schema):
    id: int
    product_id: int
    code: str
    title: str
    shop_id: int
    shop: str
    platform: str
    currency: str
    state: str
    item_no: str
    version: int
    published_at: datetime | None
    checked_at: datetime | None
    checked_equal: bool | None
    error: str
    reason: str
    has_case: bool


class Listings(Schema):
    items: list[ListingAnswer]
    next: str


class ComparedAnswer(Schema):
    field: str
    sku: str
    ours: str
    theirs: str
    is_equal: bool


class ListingSkuAnswer(Schema):
    sku_id: int
    code: str
    sku_no: str
    price_minor: int
    wanted: int
    told: int
    told_at: datetime | None
    is_waiting: bool
    error: str
    seen: int | None
    seen_at: datetime | None


class ListingDetail(ListingAnswer):
    compared: list[ComparedAnswer]
    skus: list[ListingSkuAnswer]
    open_case_id: int | None


class MismatchAnswer(Schema):
    id: int
    listing_id: int
    product_id: int
    code: str
    title: str
    shop_id: int
    shop: str
    state: str
    opened_at: datetime
    due_at: datetime
    differences: list[ComparedAnswer]
    ending: str
    ended_at: datetime | None
    ended_by: str
    reason: str


class Mismatches(Schema):
    items: list[MismatchAnswer]
    next: str


class ShopStockAnswer(Schema):
    shop_id: int
    shop: str
    platform: str
    variants: int
    waiting: int
    oldest_at: datetime | None
    refused: int
    disagreeing: int
    pushes: int
    p50_s: float | None
    p95_s: float | None
    worst_s: float | None
    last_told_at: datetime | None
    last_seen_at: datetime | None
