"""What an order uses of its promotions: only what took something off or gave something counts."""

from collections.abc import Mapping

from shopkeeper.flows.marketing.promotions.rules.items import MEMBER_PRICE
from shopkeeper.flows.marketing.promotions.rules.ledger import Priced
from shopkeeper.flows.marketing.promotions.rules.offers import FreeFreight
from shopkeeper.flows.marketing.promotions.rules.values import Cart, Coupon, Promotion


def uses_of(priced: Priced, promotions: Mapping[int, Promotion]) -> dict[int, int]:
    """Amount by promotion. A gift is a use at its agreed cost; freight belongs to the first that takes most off it."""
    used: dict[int, int] = {}
    for entry in priced.entries:
        if entry.promotion_id != MEMBER_PRICE and entry.amount_minor > 0:
            used[entry.promotion_id] = used.get(entry.promotion_id, 0) + entry.amount_minor
    for gift in priced.gifts:
        used[gift.promotion_id] = used.get(gift.promotion_id, 0) + gift.cost_minor
    freight = _freight(priced, promotions) if priced.freight_off_minor else 0
    if freight:
        used[freight] = used.get(freight, 0) + priced.freight_off_minor
    return used


def _freight(priced: Priced, promotions: Mapping[int, Promotion]) -> int:
    for reason in priced.reasons:
        offer = promotions[reason.promotion_id].offer
        if reason.code != "applied" or not isinstance(offer, FreeFreight):
            continue
        if offer.off(priced.goods_minor, priced.freight_minor) == priced.freight_off_minor:
            return reason.promotion_id
    return 0


def coupons_spent(cart: Cart, used: Mapping[int, int], promotions: Mapping[int, Promotion]) -> list[Coupon]:
    """One coupon for each use that needs one: of the same promotion the one that expires first."""
    spent = []
    for promotion_id in sorted(used):
        if promotions[promotion_id].needs_coupon:
            own = [coupon for coupon in cart.coupons if coupon.promotion_id == promotion_id]
            spent.append(min(own, key=lambda coupon: (coupon.expires_at, coupon.id)))
    return spent
