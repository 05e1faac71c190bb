"""What programs read of products."""

from datetime import datetime
from typing import Any, Generic, TypeVar

from ninja import Schema

Row = TypeVar("Row")


class Page(Schema, Generic[Row]):
    """A page of rows; `next` is the key of the following one, empty at the end."""

    rows: list[Row]
    next: str


class ProductOut(Schema):
    """One product of the list; prices in minor units."""

    id: int
    code: str
    title: str
    state: str
    version: int
    category: str
    tags: list[str]
    platforms: list[str]
    skus: int
    least_minor: int
    most_minor: int
    currency: str
    failed_images: int
    waiting_images: int
    edited_at: datetime | None
    due_at: datetime | None


class FindingOut(Schema):
    """One thing to mend, in both languages."""

    code: str
    place: str
    level: str
    facts: dict[str, Any]
    reason: dict[str, str]
    remedy: dict[str, str]


class ImageOut(Schema):
    """One picture; `digest` is the SHA-256 of its file."""

    id: int
    product_id: int
    role: str
    digest: str
    shown_name: str
    verdict: str
    measures: dict[str, Any]
    findings: list[FindingOut]
    added_at: datetime
    inspected_at: datetime | None


class SkuOut(Schema):
    """One SKU; what it cost only for who enters products."""

    id: int
    product_id: int
    code: str
    barcode: str
    name: str
    spec: str
    spec_values: dict[str, str]
    weight_g: int
    cost_minor: int | None
    price_minor: int
    list_minor: int
    currency: str
    is_delisted: bool


class CategoryOut(Schema):
    """One category of the tree; `products` counts those below too."""

    id: int
    parent_id: int | None
    level: int
    name: str
    products: int
    mapped: dict[str, str]
    children: list["CategoryOut"]


class ProductRecordOut(Schema):
    """One product whole, with what is left to mend before it may be submitted."""

    id: int
    code: str
    version: int
    state: str
    title: str
    core_keyword: str
    selling_points: list[str]
    scenarios: list[str]
    description: str
    attributes: dict[str, str]
    leaf_id: int | None
    category: list[str]
    platforms: list[str]
    promises: list[str]
    no_reason: str
    tags: list[str]
    submitted_version: int | None
    submitted_by: int | None
    approved_version: int | None
    review_reason: str
    review_findings: list[dict[str, Any]]
    due_at: datetime | None
    skus: list[SkuOut]
    images: list[ImageOut]
    findings: list[FindingOut]


class ImportOut(Schema):
    """One's own import and how far it is."""

    id: int
    state: str
    shown_name: str
    is_dry_run: bool
    asked_at: datetime
    done_count: int
    result: dict[str, Any]
    failures_digest: str


class FileOut(Schema):
    """A kept file, to be named by its digest."""

    digest: str
    kind: str
    size: int
    shown_name: str
