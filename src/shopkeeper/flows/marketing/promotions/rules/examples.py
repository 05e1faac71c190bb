"""What a promotion does to carts around its thresholds: the example that stands beside the form."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.flows.marketing.promotions.rules.book import RuleBook
from shopkeeper.flows.marketing.promotions.rules.codec import Terms, promotion_of
from shopkeeper.flows.marketing.promotions.rules.offers import (
    FlashPrice,
    FreeFreight,
    Gift,
    NthItem,
    Percentage,
    PiecesDiscount,
    Reduction,
)
from shopkeeper.flows.marketing.promotions.rules.pricing import price
from shopkeeper.flows.marketing.promotions.rules.values import Buyer, Cart, Coupon, Line

UNIT = 10_000  # 100 yuan a piece, where nothing names another price
JUST_BELOW = 1_000
FREIGHT = 1_000
MOST_ROWS = 6


@dataclass(frozen=True, slots=True)
class Example:
    """So many pieces that come to so much: what is paid, what was taken off, gifts."""

    quantity: int
    list_minor: int
    freight_minor: int
    off_minor: int
    payable_minor: int
    gifts: int


def examples(terms: Terms, at: datetime) -> list[Example]:
    """Carts just below and at what the promotion asks for, priced by the engine with nothing else around."""
    promotion = promotion_of(terms, 1, 1, None, at, datetime.max.replace(tzinfo=at.tzinfo))
    sku_id = min(terms.skus, default=1)
    if isinstance(terms.offer, FlashPrice):
        sku_id = min(terms.offer.prices)
    buyer = Buyer(min(terms.audience.levels, default=""), terms.audience.segments, terms.audience.only_new)
    found = []
    for quantity, unit in _carts(terms):
        line = Line(
            "1", sku_id, quantity, unit, categories=tuple(sorted(terms.categories)), tags=frozenset(terms.goods_tags)
        )
        freight = FREIGHT if isinstance(terms.offer, FreeFreight) else 0
        coupons = (Coupon("1", 1, promotion.ends_at),) if terms.needs_coupon else ()
        priced = price(Cart((line,), at, buyer, coupons, freight), RuleBook([promotion]))
        whole = unit * quantity + freight
        gifts = sum(gift.quantity for gift in priced.gifts)
        found.append(
            Example(quantity, unit * quantity, freight, whole - priced.payable_minor, priced.payable_minor, gifts)
        )
    return found


def _carts(terms: Terms) -> list[tuple[int, int]]:
    """(pieces, price of one) around each threshold."""
    offer = terms.offer
    if isinstance(offer, Reduction):
        thresholds = [threshold for threshold, _ in offer.tiers]
        thresholds += [2 * thresholds[0]] if offer.every else []
        counts = offer.counts_pieces
    elif isinstance(offer, Percentage | Gift | FreeFreight):
        thresholds, counts = [offer.threshold or UNIT], getattr(offer, "counts_pieces", False)
    elif isinstance(offer, NthItem):
        return [(offer.n - 1, UNIT), (offer.n, UNIT), (2 * offer.n, UNIT)]
    elif isinstance(offer, PiecesDiscount):
        return [(n, UNIT) for n in (offer.pieces - 1, offer.pieces) if n]
    else:
        unit = max(UNIT, *(2 * p for p in offer.prices.values())) if isinstance(offer, FlashPrice) else UNIT
        return [(1, unit), (2, unit)]
    if counts:
        return [(n, UNIT) for threshold in thresholds for n in (threshold - 1, threshold) if 0 < n <= 100][:MOST_ROWS]
    below = max(thresholds[0] - JUST_BELOW, 1)
    return [(1, below), *((1, threshold) for threshold in thresholds)][:MOST_ROWS]
