"""Pricing a cart: price facts, item layer, the best choice of the order layers, freight; a ledger to the unit.

Once an order is placed nothing is chosen anew: `price(…, cart.chosen)` validates and computes what was frozen.
"""

from collections.abc import Sequence

from shopkeeper.flows.marketing.promotions.rules.book import RuleBook
from shopkeeper.flows.marketing.promotions.rules.choice import Choice, choose, go_together
from shopkeeper.flows.marketing.promotions.rules.items import (
    MEMBER_PRICE,
    Candidate,
    Units,
    item_prices,
    opening_price,
)
from shopkeeper.flows.marketing.promotions.rules.ledger import Entry, Priced, Reason, borne, rolled
from shopkeeper.flows.marketing.promotions.rules.offers import FreeFreight, Gift, Percentage, Reduction
from shopkeeper.flows.marketing.promotions.rules.orders import ORDER_LAYERS, Contender, gift_lines
from shopkeeper.flows.marketing.promotions.rules.values import UNLIMITED, Cart, Layer, Limits, Promotion
from shopkeeper.shared.money import apportion

FAR = float("inf")


def price(cart: Cart, book: RuleBook, limits: Limits = UNLIMITED) -> Priced:
    """Price a cart with the promotions in force at `cart.at`. Pure: the same input gives the same fen."""
    usable: list[Candidate] = []
    reasons: list[Reason] = []
    for candidate in book.candidates(cart):
        code = _unusable(candidate[0], cart, limits)
        if code:
            reasons.append(Reason(candidate[0].id, code))
        else:
            usable.append(candidate)
    units, lost = item_prices(cart, [c for c in usable if c[0].layer is Layer.ITEM])
    after_item = [sum(line.prices) for line in units]
    contenders, unmet = _contenders(cart, [c for c in usable if c[0].layer in ORDER_LAYERS], after_item, limits)
    choice = choose(contenders, after_item, cart.lines, limits)
    goods = choice.taken.payable
    freight_off, freight_reasons = _freight(cart, usable, goods)
    entries = [*_item_entries(cart, units), *_order_entries(cart, units, choice)]
    reasons += [*lost, *unmet, *_choice_reasons(contenders, choice), *freight_reasons]
    applied = {entry.promotion_id for entry in entries} | {gift.promotion_id for gift in choice.taken.gifts}
    reasons += [Reason(id_, "applied") for id_ in sorted(applied - {MEMBER_PRICE})]
    return Priced(
        lines=cart.lines,
        entries=tuple(entries),
        gifts=tuple(choice.taken.gifts),
        goods_minor=goods,
        freight_minor=cart.freight_minor,
        freight_off_minor=freight_off,
        reasons=tuple(reasons),
        searched=choice.searched,
    )


def _unusable(promotion: Promotion, cart: Cart, limits: Limits) -> str:
    """Why a promotion is out before any arithmetic; empty where it is in."""
    if cart.chosen is not None and promotion.id not in cart.chosen:
        return "not_chosen"
    if not promotion.audience.includes(cart.buyer):
        return "audience"
    if promotion.needs_coupon and not any(c.promotion_id == promotion.id for c in cart.coupons):
        return "no_coupon"
    if limits.uses.get(promotion.id, 1) < 1:
        return "used_up"
    if limits.buyer_uses.get(promotion.id, 1) < 1:
        return "used_up_by_buyer"
    return "budget" if limits.budget_minor.get(promotion.id, 1) < 1 else ""


def _contenders(
    cart: Cart, candidates: Sequence[Candidate], after_item: Sequence[int], limits: Limits
) -> tuple[list[Contender], list[Reason]]:
    """Order promotions whose threshold is met, and what the others lack (the nudge to the next tier, 凑单)."""
    found, reasons = [], []
    for promotion, positions in candidates:
        offer = promotion.offer
        assert isinstance(offer, Reduction | Percentage | Gift)
        base = sum(after_item[p] for p in positions)
        pieces = sum(cart.lines[p].quantity for p in positions)
        worth, code = 0, "threshold"
        if isinstance(offer, Gift) and offer.is_earned(base, pieces):
            gifts = gift_lines(promotion, offer, limits)
            worth = sum(gift.cost_minor + 1 for gift in gifts)
            code = "gift_out_of_stock"
        off = min(offer.off(base, pieces), limits.budget_minor.get(promotion.id, base))
        if off or worth:
            expires = min((c.expires_at.timestamp() for c in cart.coupons if c.promotion_id == promotion.id),
                          default=FAR)  # fmt: skip
            found.append(Contender(promotion, positions, pieces, off, worth, expires))
        else:
            reasons.append(Reason(promotion.id, code, {"missing": offer.missing(base, pieces), "base": base}))
    return found, reasons


def _choice_reasons(contenders: Sequence[Contender], choice: Choice) -> list[Reason]:
    """Why a contender was left out: it lost to one it does not go with, or it would bring nothing more."""
    reasons = []
    for contender in contenders:
        if contender in choice.chosen:
            continue
        rivals = [c.promotion.id for c in choice.chosen if not go_together(contender, c)]
        facts = {"to": rivals[0]} if rivals else {}
        reasons.append(Reason(contender.promotion.id, "lost" if rivals else "not_better", facts))
    return reasons


def _freight(cart: Cart, usable: Sequence[Candidate], goods: int) -> tuple[int, list[Reason]]:
    """Layer 6: the one that takes most off the freight; its threshold is tested on the goods after all layers."""
    best, reasons = 0, []
    for promotion, _ in usable:
        if promotion.layer is not Layer.FREIGHT or not cart.freight_minor:
            continue
        assert isinstance(promotion.offer, FreeFreight)
        off = promotion.offer.off(goods, cart.freight_minor)
        best = max(best, off)
        missing = promotion.offer.missing(goods, 0)
        reasons.append(Reason(promotion.id, "applied" if off else "threshold", {"missing": missing}))
    return best, reasons


def _item_entries(cart: Cart, units: Sequence[Units]) -> list[Entry]:
    """Layers 0 and 1 as entries: the member price's share, and each winning promotion's."""
    entries = []
    for line, priced in zip(cart.lines, units, strict=True):
        opening = opening_price(line, cart.buyer.level)
        if opening < line.list_minor:
            off = (line.list_minor - opening) * line.quantity
            runs = ((line.list_minor - opening, line.quantity),)
            entries.append(Entry(line.id, MEMBER_PRICE, 0, Layer.PRICE, off, runs, (("shop", off),)))
        for promotion in dict.fromkeys(winner for winner in priced.winners if winner is not None):
            amounts = [
                opening - price if winner is promotion else 0
                for price, winner in zip(priced.prices, priced.winners, strict=True)
            ]
            off = sum(amounts)
            bearers = borne(off, promotion.bearers)
            entries.append(Entry(line.id, promotion.id, promotion.version, Layer.ITEM, off, rolled(amounts), bearers))
    return entries


def _order_entries(cart: Cart, units: Sequence[Units], choice: Choice) -> list[Entry]:
    """Layers 2 and 3 as entries: each line's share, spread over its units by what they still pay."""
    left = [list(line.prices) for line in units]
    entries = []
    for promotion, shares, _ in choice.taken.takes:
        for position, share in shares:
            amounts = apportion(share, left[position], left[position])
            left[position] = [rest - off for rest, off in zip(left[position], amounts, strict=True)]
            entries.append(
                Entry(
                    cart.lines[position].id, promotion.id, promotion.version, promotion.layer, share, rolled(amounts),
                    borne(share, promotion.bearers),
                )
            )  # fmt: skip
    return entries
