"""Everything that other desks need of products, by id and whole: publishing, pricing, service, research."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shopkeeper.flows.products.listing.models import (
    Category,
    CategoryMapping,
    Product,
    ProductImage,
    ProductTag,
    ProductVersion,
    Sku,
)
from shopkeeper.flows.products.listing.states import ImageRole, has_approval


@dataclass(frozen=True, slots=True)
class PlatformLeaf:
    platform: str
    leaf: str
    path: str


@dataclass(frozen=True, slots=True)
class CategoryPath:
    """A leaf of our tree, the names from the root to it, and the platforms' leaves it is mapped to."""

    id: int
    names: tuple[str, ...]
    mapped: dict[str, PlatformLeaf]

    @property
    def said(self) -> str:
        return " / ".join(self.names)


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """One picture; its content is `kept_files().open(digest)`, the digest being its SHA-256."""

    id: int
    product_id: int
    role: str
    position: int
    digest: str
    shown_name: str
    verdict: str
    measures: dict[str, Any]
    findings: list[dict[str, Any]]
    added_at: datetime
    inspected_at: datetime | None


@dataclass(frozen=True, slots=True)
class SkuFacts:
    """One variant; money in minor units of `currency`, `list_minor` (划线价) 0 where there is none."""

    id: int
    product_id: int
    code: str
    barcode: str
    name: str
    spec: str
    spec_values: dict[str, str]
    weight_g: int
    cost_minor: int
    price_minor: int
    floor_minor: int
    list_minor: int
    currency: str
    is_fragile: bool
    is_unbendable: bool
    is_delisted: bool


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """A product as it stands. `approved_version` is the version last approved, None before the first time."""

    id: int
    code: str
    version: int
    state: str
    title: str
    core_keyword: str
    selling_points: tuple[str, ...]
    scenarios: tuple[str, ...]
    description: str
    attributes: dict[str, str]
    category: CategoryPath | None
    platforms: tuple[str, ...]
    promises: tuple[str, ...]
    no_reason: str
    tags: tuple[str, ...]
    submitted_version: int | None
    submitted_by: int | None
    submitted_at: datetime | None
    approved_version: int | None
    approved_at: datetime | None
    images: tuple[ImageFacts, ...]
    skus: tuple[SkuFacts, ...]

    def platform_leaf(self, platform: str) -> str:
        """The platform's leaf this product belongs under; empty where our leaf is not mapped there."""
        mapped = self.category.mapped.get(platform) if self.category else None
        return mapped.leaf if mapped else ""

    @property
    def main_image(self) -> ImageFacts | None:
        return next((image for image in self.images if image.role == ImageRole.MAIN), None)


@dataclass(slots=True)
class _Parts:
    """What hangs on products, by product."""

    images: dict[int, list[ImageFacts]] = field(default_factory=dict)
    skus: dict[int, list[SkuFacts]] = field(default_factory=dict)
    tags: dict[int, list[str]] = field(default_factory=dict)
    paths: dict[int, CategoryPath] = field(default_factory=dict)


_OWN = (
    "id", "code", "version", "state", "title", "core_keyword", "description", "no_reason",
    "submitted_version", "submitted_by", "submitted_at", "approved_version", "approved_at",
)  # fmt: skip
_LISTS = ("selling_points", "scenarios", "platforms", "promises")


def product_facts(ids: Sequence[int]) -> dict[int, ProductFacts]:
    """These products whole, in a constant number of statements; one that is not there is left out."""
    rows = list(Product.objects.filter(id__in=list(ids)).order_by("id"))
    parts = _parts([row.pk for row in rows], {row.leaf_id for row in rows if row.leaf_id})
    return {
        row.pk: ProductFacts(
            **_own(row),
            attributes=dict(row.attributes),
            category=parts.paths.get(row.leaf_id or 0),
            tags=tuple(parts.tags.get(row.pk, ())),
            images=tuple(parts.images.get(row.pk, ())),
            skus=tuple(parts.skus.get(row.pk, ())),
        )
        for row in rows
    }


def _own(row: Product) -> dict[str, Any]:
    """The product's own columns, lists as tuples."""
    return {name: getattr(row, name) for name in _OWN} | {name: tuple(getattr(row, name)) for name in _LISTS}


def products_of_skus(sku_ids: Sequence[int]) -> dict[int, int]:
    """Which product each SKU belongs to."""
    return dict(Sku.objects.filter(id__in=list(sku_ids)).values_list("id", "product_id"))


def sku_facts_by_id(ids: Sequence[int]) -> dict[int, SkuFacts]:
    """SKUs by id: the card that service and pricing show."""
    return {sku.pk: _sku(sku) for sku in Sku.objects.filter(id__in=list(ids)).order_by("id")}


def content_of(product_id: int, version: int) -> dict[str, Any] | None:
    """What a product said at a version, as plain values to compare; None where that version is not there."""
    found = ProductVersion.objects.filter(product_id=product_id, version=version).values_list("content", flat=True)
    return found.first()


def price_at(sku_id: int, at: datetime) -> int | None:
    """A SKU's own price as the last version of its product before a moment says; None where none does.

    None too where the product was not approved by then: what it cost was never offered to anybody.
    """
    sku = Sku.objects.select_related("product").filter(id=sku_id).first()
    if sku is None or not _was_approved(sku.product, at):
        return None
    versions = ProductVersion.objects.filter(product_id=sku.product_id, saved_at__lte=at)
    content = versions.order_by("-version").values_list("content", flat=True).first() or {}
    return (
        next((one.get("price_minor") for one in content.get("skus", ()) if one.get("code") == sku.code), None) or None
    )


def _was_approved(product: Product, at: datetime) -> bool:
    is_approved = has_approval(product.state, product.approved_version)
    return is_approved and (product.first_approved_at is None or product.first_approved_at <= at)


def category_paths(leaf_ids: Sequence[int]) -> dict[int, CategoryPath]:
    """Leaves of our tree with their names from the root and their mappings, in two statements."""
    mapped: dict[int, dict[str, PlatformLeaf]] = {}
    for row in CategoryMapping.objects.filter(category_id__in=list(leaf_ids)).order_by("platform"):
        leaf = PlatformLeaf(row.platform, row.platform_leaf, row.platform_path)
        mapped.setdefault(row.category_id, {})[row.platform] = leaf
    leaves = Category.objects.filter(id__in=list(leaf_ids)).select_related("parent__parent")
    return {leaf.pk: CategoryPath(leaf.pk, _names(leaf), mapped.get(leaf.pk, {})) for leaf in leaves}


def _names(category: Category) -> tuple[str, ...]:
    above = category.parent
    return (*_names(above), category.name) if above else (category.name,)


def _parts(product_ids: list[int], leaf_ids: set[int]) -> _Parts:
    parts = _Parts(paths=category_paths(sorted(leaf_ids)))
    for image in ProductImage.objects.filter(product_id__in=product_ids).order_by("product_id", "position", "id"):
        parts.images.setdefault(image.product_id, []).append(_image(image))
    for own in parts.images.values():
        own.sort(key=lambda one: _ROLE_ORDER[one.role])
    for sku in Sku.objects.filter(product_id__in=product_ids).order_by("product_id", "id"):
        parts.skus.setdefault(sku.product_id, []).append(_sku(sku))
    tags = ProductTag.objects.filter(product_id__in=product_ids).order_by("product_id", "tag")
    for product_id, tag in tags.values_list("product_id", "tag"):
        parts.tags.setdefault(product_id, []).append(tag)
    return parts


_ROLE_ORDER = {str(role): order for order, role in enumerate(ImageRole)}


def _image(row: ProductImage) -> ImageFacts:
    return ImageFacts(**{name: getattr(row, name) for name in ImageFacts.__dataclass_fields__})


def _sku(row: Sku) -> SkuFacts:
    own = {name: getattr(row, name) for name in SkuFacts.__dataclass_fields__ if name != "spec_values"}
    return SkuFacts(**own, spec_values=dict(row.spec_values))
