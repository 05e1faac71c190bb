"""Which promotions a platform order was paid by: the arithmetic that comes nearest to what was paid."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from shopkeeper.flows.marketing.promotions.rules.book import RuleBook
from shopkeeper.flows.marketing.promotions.rules.ledger import Priced
from shopkeeper.flows.marketing.promotions.rules.offers import Gift
from shopkeeper.flows.marketing.promotions.rules.pricing import price
from shopkeeper.flows.marketing.promotions.rules.uses import uses_of
from shopkeeper.flows.marketing.promotions.rules.values import Audience, Cart, Promotion

MOST_SPECIAL = 8  # coupons and audiences that are tried one by one


def uses_paid(
    cart: Cart,
    paid_minor: int,
    promotions: Collection[Promotion],
    *,
    slack_minor: int = 0,
    gift_skus: Collection[int] = (),
) -> dict[int, int]:
    """Amount by promotion; empty where no arithmetic of ours comes nearer to what was paid than the list price.

    Tried in turn: what anybody gets, that with one coupon or audience more, all of them. Of equals the first counts.
    A gift counts where it is among `gift_skus`, which lie in the parcel.
    """
    known = {promotion.id: promotion for promotion in promotions}
    nearest, used = abs(paid_minor - list_minor(cart)), dict[int, int]()
    if nearest == 0 and not gift_skus:
        return used
    for book in _tries(promotions):
        priced = price(cart, book)
        found, off = _given(priced, known, gift_skus), abs(paid_minor - priced.payable_minor)
        if found and off <= slack_minor and (off < nearest or (off == 0 and not used)):
            nearest, used = off, found
        if used and nearest == 0:
            break
    return used


def list_minor(cart: Cart) -> int:
    """What the cart costs without any promotion."""
    return sum(line.list_minor * line.quantity for line in cart.lines) + cart.freight_minor


def for_everybody(promotion: Promotion) -> Promotion:
    """The same promotion as if its coupon were in every hand and everybody in its audience."""
    return replace(promotion, audience=Audience(), needs_coupon=False)


def _tries(promotions: Collection[Promotion]) -> Iterator[RuleBook]:
    special = [p for p in promotions if p.needs_coupon or p.audience != Audience()]
    plain = [p for p in promotions if p not in special]
    yield RuleBook(plain)
    for one in special[:MOST_SPECIAL]:
        yield RuleBook([*plain, for_everybody(one)])
    if len(special) > 1:
        yield RuleBook([*plain, *map(for_everybody, special)])


def _given(priced: Priced, known: Mapping[int, Promotion], gift_skus: Collection[int]) -> dict[int, int]:
    """What was used; a gift where one of its choices was given."""
    given = tuple(gift for gift in priced.gifts if not _choices(known[gift.promotion_id]).isdisjoint(gift_skus))
    return uses_of(replace(priced, gifts=given), known)


def _choices(promotion: Promotion) -> set[int]:
    return set(promotion.offer.choices) if isinstance(promotion.offer, Gift) else set()
