"""Which approved products a shop could sell and does not yet, and what keeps the others from it."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from shopkeeper.flows.products.listing.models import Product
from shopkeeper.flows.products.listing.queries.facts import ProductFacts, product_facts
from shopkeeper.flows.products.listing.states import ProductState
from shopkeeper.flows.products.publishing.models import Listing
from shopkeeper.flows.products.publishing.queries.goods import ShopFacts, obstacle, shops_by_id, sold_skus
from shopkeeper.flows.products.publishing.queries.listings import ListingRow, shops_of_product
from shopkeeper.flows.products.publishing.queries.prices import prices_in
from shopkeeper.flows.products.publishing.queries.scope import shops_of
from shopkeeper.flows.products.publishing.states import ListingState
from shopkeeper.foundation.actor import Actor
from shopkeeper.shared.outcomes import Outcome, refused
from shopkeeper.web.labels import outcome_text


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

    @property
    def tone(self) -> str:
        return "amber" if self.why_not else ""

    @property
    def remark(self) -> str:
        return outcome_text(self.why_not) if self.why_not else ""


@dataclass(frozen=True, slots=True)
class ShopOffer:
    """One product in one shop: what stands there, or what keeps it from there."""

    shop: ShopFacts
    listing: ListingRow | None
    why_not: Outcome | None

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
    """Approved products without a listing in this shop, newest first, and the next key."""
    shop = shops_by_id([shop_id]).get(shop_id)
    if shop is None:
        return [], ""
    rows = _unlisted(shop_id, text)
    if after is not None:
        rows = rows.filter(id__lt=after)
    ids = list(rows.order_by("-id").values_list("id", flat=True)[: limit + 1])
    facts = product_facts(ids[:limit])
    prices = prices_in([shop_id], {sku.id for product in facts.values() for sku in product.skus})[shop_id]
    found = [_offer(facts[id_], shop, prices) for id_ in ids[:limit]]
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
    return [ShopOffer(shop, listings.get(shop.id), _why_not(product, shop, prices[shop.id])) for shop in shops.values()]


def product_of(product_id: int) -> ProductFacts | None:
    return product_facts([product_id]).get(product_id)


def _why_not(product: ProductFacts, shop: ShopFacts, prices: dict[int, int]) -> Outcome | None:
    wrong = obstacle(product, shop, prices)
    return refused(wrong[0], product.id, **wrong[1]) if wrong else None


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
