"""Layers 0 and 1: what a unit costs before anything looks at the whole order.

Every item promotion is computed on the opening price alone and each unit takes the lowest price offered to it, so the
order of promotions cannot change the result and no unit is discounted twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.marketing.promotions.rules.ledger import Reason
from shopkeeper.flows.marketing.promotions.rules.offers import (
    FlashPrice,
    ItemDiscount,
    NthItem,
    PiecesDiscount,
    at_rate,
)
from shopkeeper.flows.marketing.promotions.rules.values import Cart, Line, Promotion

Candidate = tuple[Promotion, tuple[int, ...]]
MEMBER_PRICE = 0  # the id under which the member price stands in the ledger


@dataclass(slots=True)
class Units:
    """The units of one line: the price of each, and which promotion (None: the price fact) made it."""

    prices: list[int]
    winners: list[Promotion | None]


def opening_price(line: Line, level: str) -> int:
    """Layer 0: the lower of list price and the buyer's member price."""
    if not line.member_minor:
        return line.list_minor
    return min(line.list_minor, line.member_minor.get(level, line.list_minor))


def item_prices(cart: Cart, candidates: Sequence[Candidate]) -> tuple[list[Units], list[Reason]]:
    """Layer 1 over all lines: prices per unit, and why a promotion won nothing."""
    opening = [opening_price(line, cart.buyer.level) for line in cart.lines]
    units = [
        Units([price] * line.quantity, [None] * line.quantity) for price, line in zip(opening, cart.lines, strict=True)
    ]
    reasons: list[Reason] = []
    won: set[int] = set()
    below: set[int] = set()
    offered: set[int] = set()
    for promotion, positions in candidates:
        for position, unit, price in _offers(promotion, positions, cart.lines, opening):
            offered.add(promotion.id)
            if price < cart.lines[position].floor_minor:
                below.add(promotion.id)
            elif price < units[position].prices[unit]:
                units[position].prices[unit] = price
                units[position].winners[unit] = promotion
    for line_units in units:
        won |= {winner.id for winner in line_units.winners if winner is not None}
    for promotion, _ in candidates:
        if promotion.id not in won:
            code = "floor" if promotion.id in below else "lost" if promotion.id in offered else "threshold"
            reasons.append(Reason(promotion.id, code))
    return units, reasons


def _offers(
    promotion: Promotion, positions: Sequence[int], lines: Sequence[Line], opening: Sequence[int]
) -> list[tuple[int, int, int]]:
    """(line position, unit, price) for every unit this promotion would make cheaper than it opens."""
    offer = promotion.offer
    if isinstance(offer, FlashPrice):
        return [
            (p, unit, offer.prices[lines[p].sku_id])
            for p in positions
            if offer.prices.get(lines[p].sku_id, opening[p]) < opening[p]
            for unit in range(lines[p].quantity)
        ]
    if isinstance(offer, NthItem):
        return _every_nth(offer, positions, lines, opening)
    if isinstance(offer, PiecesDiscount) and sum(lines[p].quantity for p in positions) < offer.pieces:
        return []
    if isinstance(offer, ItemDiscount | PiecesDiscount):
        return [(p, unit, at_rate(opening[p], offer.permille)) for p in positions for unit in range(lines[p].quantity)]
    raise TypeError(f"not an item offer: {offer!r}")


def _every_nth(
    offer: NthItem, positions: Sequence[int], lines: Sequence[Line], opening: Sequence[int]
) -> list[tuple[int, int, int]]:
    """Dearest first; ties by SKU, then by the line's place: the same goods give the same units, however they lie."""
    pools: dict[int, list[int]] = {}
    for p in positions:
        pools.setdefault(0 if offer.mixed else lines[p].sku_id, []).append(p)
    marked = []
    for pool in pools.values():
        units = [(p, unit) for p in _dearest(pool, lines, opening) for unit in range(lines[p].quantity)]
        marked += [(p, unit, at_rate(opening[p], offer.permille)) for p, unit in units[offer.n - 1 :: offer.n]]
    return marked


def _dearest(pool: Sequence[int], lines: Sequence[Line], opening: Sequence[int]) -> list[int]:
    return sorted(pool, key=lambda p: (-opening[p], lines[p].sku_id, p))
