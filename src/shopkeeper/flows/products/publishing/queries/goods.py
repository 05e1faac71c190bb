"""A product as publishing speaks of it: the places where it says something, and the form a platform is given."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from shopkeeper.flows.products.listing.queries.facts import (
    ImageFacts,
    ProductFacts,
    SkuFacts,
    products_of_skus,
)
from shopkeeper.flows.products.listing.rules.platforms import RULES
from shopkeeper.flows.products.listing.states import ImageRole, ProductState
from shopkeeper.flows.products.publishing.ports import GoodsDraft, GoodsImage, GoodsSku
from shopkeeper.flows.products.publishing.words import platform_words
from shopkeeper.foundation.files import kept_files, sniff
from shopkeeper.foundation.models import Shop

__all__ = [
    "ShopFacts", "category_of", "draft_of", "form_of", "obstacle", "platforms_of", "products_of_skus", "said_by",
    "seen_with", "shops_by_id", "sold_skus",
]  # fmt: skip
SHOWN_ROLES = (ImageRole.MAIN, ImageRole.GALLERY)


def said_by(product: ProductFacts) -> dict[str, str]:
    """Every text of a product by its place, in the order of the form."""
    said = {"title": product.title, "core_keyword": product.core_keyword}
    said |= {f"selling_points.{n}": text for n, text in enumerate(product.selling_points)}
    said |= {f"scenarios.{n}": text for n, text in enumerate(product.scenarios)}
    said["description"] = product.description
    said |= {f"attributes.{name}": str(value) for name, value in product.attributes.items()}
    said |= {f"skus.{sku.code}": f"{sku.name} {sku.spec}".strip() for sku in product.skus if not sku.is_delisted}
    return {place: text for place, text in said.items() if text.strip()}


def seen_with(product: ProductFacts) -> dict[str, str]:
    """What a reviewer compares besides the texts: category, promises, pictures and prices."""
    shown = [image.digest[:12] for image in product.images]
    facts = {
        "category": product.category.said if product.category else "",
        "images": " ".join(shown),
        "promises": " ".join(product.promises),
    }
    facts |= {f"prices.{sku.code}": f"{sku.price_minor} {sku.currency}" for sku in product.skus if not sku.is_delisted}
    return {place: text for place, text in facts.items() if text}


def category_of(product: ProductFacts) -> str:
    """The names from the root to the leaf, as terms are scoped by."""
    return product.category.said if product.category else ""


def platforms_of(product: ProductFacts) -> tuple[str, ...]:
    return product.platforms


def shown_images(product: ProductFacts, platform: str) -> list[ImageFacts]:
    """Main picture first, then the gallery, as many as the platform takes; the detail page's pictures stay out."""
    shown = [image for image in product.images if image.role in SHOWN_ROLES]
    rules = RULES.get(platform)
    return shown[: rules.most_pictures] if rules else shown


def sold_skus(product: ProductFacts) -> list[SkuFacts]:
    return [sku for sku in product.skus if not sku.is_delisted]


@dataclass(frozen=True, slots=True)
class ShopFacts:
    """A shop as far as publishing asks."""

    id: int
    name: str
    platform: str
    currency: str
    warehouse_id: int | None
    is_active: bool

    @property
    def platform_said(self) -> str:
        return str(platform_words(self.platform))


def shops_by_id(ids: Collection[int]) -> dict[int, ShopFacts]:
    return {
        shop.pk: ShopFacts(shop.pk, shop.name, shop.platform, shop.currency, shop.default_warehouse_id, shop.is_active)
        for shop in Shop.objects.filter(id__in=list(ids)).order_by("id")
    }


def obstacle(product: ProductFacts, shop: ShopFacts, prices: Mapping[int, int]) -> tuple[str, dict[str, Any]] | None:
    """What keeps a product from this shop: a refusal's code and its facts, or None."""
    if not shop.is_active:
        return "shop_closed", {}
    if product.state != ProductState.APPROVED:
        return "not_approved", {}
    skus = sold_skus(product)
    if not skus:
        return "no_sku", {}
    if product.platforms and shop.platform not in product.platforms:
        return "platform_unwanted", {"platform": shop.platform_said}
    if not product.platform_leaf(shop.platform):
        return "category_unmapped", {"platform": shop.platform_said}
    for sku in skus:
        if prices.get(sku.id, sku.price_minor) <= 0:
            return "price_missing", {"sku": sku.code}
        if sku.currency != shop.currency:
            return "currency_unlike", {"sku": sku.code}
    return None


def form_of(product: ProductFacts, shop: ShopFacts, prices: Mapping[int, int]) -> dict[str, Any]:
    """What the platform is to be told, as kept in the listing: plain values, pictures by digest."""
    points = "\n".join((*product.selling_points, *product.scenarios))
    return {
        "code": product.code,
        "title": product.title,
        "category_leaf": product.platform_leaf(shop.platform),
        "currency": shop.currency,
        "description": product.description or points or product.title,
        "selling_points": list(product.selling_points),
        "attributes": {name: str(value) for name, value in product.attributes.items()},
        "images": [image.digest for image in shown_images(product, shop.platform)],
        "skus": [
            {
                "id": sku.id,
                "code": sku.code,
                "barcode": sku.barcode,
                "spec": sku.spec or sku.name,
                "price_minor": prices.get(sku.id, sku.price_minor),
            }
            for sku in sold_skus(product)
        ],
    }


def draft_of(form: Mapping[str, Any], quantities: Mapping[int, int]) -> GoodsDraft:
    """The stored form with its pictures read from the store and the quantities of the moment."""
    return GoodsDraft(
        outer_code=form["code"],
        title=form["title"],
        category_leaf=form["category_leaf"],
        currency=form["currency"],
        description=form["description"],
        selling_points=tuple(form["selling_points"]),
        attributes=form["attributes"],
        images=tuple(_image(digest) for digest in form["images"]),
        skus=tuple(
            GoodsSku(sku["code"], sku["barcode"], sku["spec"], sku["price_minor"], quantities.get(sku["id"], 0))
            for sku in form["skus"]
        ),
    )


def _image(digest: str) -> GoodsImage:
    with kept_files().open(digest) as stream:
        content = stream.read()
    kind = sniff(content)
    return GoodsImage(digest, f"image/{kind.value if kind else 'jpeg'}", content)
