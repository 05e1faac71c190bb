"""Carts and promotions for tests, and a slow second opinion on what a cart costs."""

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from shopkeeper.flows.marketing.promotions.rules.book import RuleBook
from shopkeeper.flows.marketing.promotions.rules.ledger import Priced, Reason
from shopkeeper.flows.marketing.promotions.rules.offers import Offer, Percentage, Reduction
from shopkeeper.flows.marketing.promotions.rules.pricing import price
from shopkeeper.flows.marketing.promotions.rules.values import Cart, Layer, Line, Promotion

AT = datetime(2026, 6, 18, 4, 0, tzinfo=UTC)
ALL = frozenset({"*"})


def line(id: str = "a", list_minor: int = 10_000, quantity: int = 1, sku_id: int = 1, **more: Any) -> Line:
    return Line(id, sku_id, quantity, list_minor, **more)


def promotion(id: int, offer: Offer, layer: Layer = Layer.SHOP, **more: Any) -> Promotion:
    moments = {"starts_at": AT - timedelta(days=1), "ends_at": AT + timedelta(days=1)}
    return Promotion(**{"id": id, "version": 1, "layer": layer, "offer": offer, "stack_with": ALL, **moments, **more})


def priced(*promotions: Promotion, lines: Sequence[Line] = (), limits: Any = None, **cart: Any) -> Priced:
    """Price and check the ledger's identities at once."""
    more = {"limits": limits} if limits else {}
    result = price(Cart(**{"lines": tuple(lines) or (line(),), "at": AT, **cart}), RuleBook(promotions), **more)
    result.check()
    return result


def reason(result: Priced, promotion_id: int) -> Reason:
    return next(r for r in result.reasons if r.promotion_id == promotion_id)


def slow_best(lines: Sequence[Line], promotions: Sequence[Promotion]) -> int:
    """The lowest payable of reductions and percentages over all lines, every subset tried, one fen at a time.

    A second opinion that shares no code with the engine: scopes cover all lines, no floors, no budgets.
    """
    total = sum(item.list_minor * item.quantity for item in lines)
    pieces = sum(item.quantity for item in lines)
    best = total
    for size in range(len(promotions) + 1):
        for chosen in itertools.combinations(promotions, size):
            if all(_fits(a, b) for a, b in itertools.combinations(chosen, 2)):
                best = min(best, _payable(total, pieces, chosen))
    return best


def _fits(one: Promotion, other: Promotion) -> bool:
    if one.layer is not other.layer:
        return True
    if one.mutex_group and one.mutex_group == other.mutex_group:
        return False
    mutual = [("*" in a.stack_with) or bool(a.stack_with & b.tags) for a, b in ((one, other), (other, one))]
    return all(mutual)


def _payable(total: int, pieces: int, chosen: Sequence[Promotion]) -> int:
    left = total
    for layer in (Layer.SHOP, Layer.PLATFORM):
        opening = left
        for item in chosen:
            if item.layer is layer:
                base = total if item.threshold_base == "after_item" else opening
                left -= min(left, _off(item.offer, base, pieces))
    return left


def _off(offer: Offer, base: int, pieces: int) -> int:
    assert isinstance(offer, Reduction | Percentage)
    reached = pieces if offer.counts_pieces else base
    if isinstance(offer, Percentage):
        if reached < max(offer.threshold, 1):
            return 0
        exact = base * offer.permille
        paid = exact // 1000 + (1 if exact % 1000 >= 500 else 0)
        return min(base - paid, offer.most_minor or base)
    if offer.every:
        steps = 0
        while reached >= offer.tiers[0][0] and not (offer.times and steps >= offer.times):
            reached -= offer.tiers[0][0]
            steps += 1
        return min(base, steps * offer.tiers[0][1])
    return min(base, max([value for threshold, value in offer.tiers if reached >= threshold], default=0))
