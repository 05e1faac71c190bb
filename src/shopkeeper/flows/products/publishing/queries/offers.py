"""Which approved products a shop could sell and does not yet, and what keeps the others from it."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from shopkeeper.flows.products.listing.models import Product
from shopkeeper.flows.products.listing.queries.facts import ProductFacts, product_facts
from shopkeeper.flows.products.listing.states import ProductState
from shopkeeper.flows.products.publishing.deadlines import PUT_ON_SALE
from shopkeeper.flows.products.publishing.models import Listing
from shopkeeper.flows.products.publishing.ports import shop_sales
from shopkeeper.flows.products.publishing.queries.goods import ShopFacts, obstacle, shops_by_id, sold_skus
from shopkeeper.flows.products.publishing.queries.listings import ListingRow, shops_of_product
from shopkeeper.flows.products.publishing.queries.prices import prices_in
from shopkeeper.flows.products.publishing.queries.scope import shops_of
from shopkeeper.flows.products.publishing.states import ListingState
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import Actor
from shopkeeper.shared.outcomes import Outcome, refused, signed
from shopkeeper.sop.models import Deadline
from shopkeeper.web.labels import outcome_text

LATELY = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class OfferRow:
    """One approved product as a shop could sell it; `why_not` is what publishing would refuse."""

    id: int
    code: str
    title: str
    category: str
    variants: int
    lowest_minor: int
    highest_minor: int
    currency: str
    why_not: Outcome | None
    sold_here: bool = False

    @property
    def tone(self) -> str:
        return "amber" if self.why_not or self.sold_here else ""

    @property
    def remark(self) -> str:
        return outcome_text(self.why_not) if self.why_not else ""


@dataclass(frozen=True, slots=True)
class ShopOffer:
    """One product in one shop: what stands there, or what keeps it from there."""

    shop: ShopFacts
    listing: ListingRow | None
    why_not: Outcome | None
    sold_here: bool = False

    @property
    def may_publish(self) -> bool:
        free = self.listing is None or self.listing.state in (
            ListingState.FAILED,
            ListingState.TAKEN_DOWN,
            ListingState.ON_SALE,
            ListingState.MISMATCH,
        )
        return free and self.why_not is None


def offers_page(
    shop_id: int, text: str = "", *, after: int | None = None, limit: int = 50
) -> tuple[list[OfferRow], str]:
    """Approved products that were not put in this shop from here, newest first, and the next key."""
    shop = shops_by_id([shop_id]).get(shop_id)
    if shop is None:
        return [], ""
    rows = _unlisted(shop_id, text)
    if after is not None:
        rows = rows.filter(id__lt=after)
    ids = list(rows.order_by("-id").values_list("id", flat=True)[: limit + 1])
    facts = product_facts(ids[:limit])
    prices = prices_in([shop_id], {sku.id for product in facts.values() for sku in product.skus})[shop_id]
    sold = {product_id for _, product_id in sold_lately([shop_id], ids[:limit])}
    found = [replace(_offer(facts[id_], shop, prices), sold_here=id_ in sold) for id_ in ids[:limit]]
    return found, str(ids[limit - 1]) if len(ids) > limit else ""


def matching_offers(shop_id: int, text: str = "", limit: int = 10_000) -> list[int]:
    """The products that the list of offers shows, page after page."""
    return list(_unlisted(shop_id, text).order_by("id").values_list("id", flat=True)[:limit])


def _unlisted(shop_id: int, text: str) -> QuerySet[Product]:
    listed = Listing.objects.filter(product=OuterRef("id"), shop_id=shop_id)
    rows = Product.objects.filter(state=ProductState.APPROVED).exclude(Exists(listed))
    return rows.filter(Q(code=text) | Q(title__contains=text)) if text else rows


def shop_offers(viewer: Actor, product: ProductFacts) -> list[ShopOffer]:
    """A product in each of the viewer's open shops."""
    shops = shops_by_id([int(id_) for id_, _ in shops_of(viewer)])
    prices = prices_in(shops, {sku.id for sku in product.skus})
    listings = shops_of_product(product.id)
    sold = {shop_id for shop_id, _ in sold_lately(list(shops), [product.id])}
    return [
        ShopOffer(shop, listings.get(shop.id), _why_not(product, shop, prices[shop.id]), shop.id in sold)
        for shop in shops.values()
    ]


def sold_lately(shop_ids: Collection[int], product_ids: Collection[int]) -> set[tuple[int, int]]:
    """Shop and product where buyers paid for it within the last thirty days: it may stand there already."""
    return shop_sales().sold_since(shop_ids, product_ids, business_time.now() - LATELY)


def retired_products(ids: Collection[int]) -> list[int]:
    """Those of these products that are retired."""
    found = Product.objects.filter(id__in=list(ids), state=ProductState.RETIRED)
    return list(found.order_by("id").values_list("id", flat=True))


def is_to_be_published(product_id: int) -> bool:
    """Is somebody asked to publish this product?"""
    return Deadline.objects.filter(kind=PUT_ON_SALE.name, subject_id=product_id).exists()


def product_of(product_id: int) -> ProductFacts | None:
    return product_facts([product_id]).get(product_id)


def _why_not(product: ProductFacts, shop: ShopFacts, prices: dict[int, int]) -> Outcome | None:
    wrong = obstacle(product, shop, prices)
    return signed([refused(wrong[0], product.id, **wrong[1])], "publishing")[0] if wrong else None


def _offer(product: ProductFacts, shop: ShopFacts, prices: dict[int, int]) -> OfferRow:
    sold = [prices.get(sku.id, sku.price_minor) for sku in sold_skus(product)]
    return OfferRow(
        id=product.id,
        code=product.code,
        title=product.title,
        category=product.category.said if product.category else "",
        variants=len(sold),
        lowest_minor=min(sold, default=0),
        highest_minor=max(sold, default=0),
        currency=shop.currency,
        why_not=_why_not(product, shop, prices),
    )
