"""How low a piece can get when everything that may combine does: every coupon in hand, every audience met.

Tried are carts that reach each threshold exactly, because there a threshold takes most off a piece: one piece, and
goods of the same scope up to the threshold; or as many pieces as are asked for. Floors are left out: the answer is
what they are measured by.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from shopkeeper.flows.marketing.promotions.rules.book import RuleBook
from shopkeeper.flows.marketing.promotions.rules.offers import (
    Gift,
    NthItem,
    Percentage,
    PiecesDiscount,
    Reduction,
)
from shopkeeper.flows.marketing.promotions.rules.pricing import price
from shopkeeper.flows.marketing.promotions.rules.values import Audience, Cart, Layer, Line, Promotion

PIECE, REST = "piece", "rest"
MOST_PIECES = 60
LARGEST = 2**62


@dataclass(frozen=True, slots=True)
class Worst:
    """The least a piece can cost, from when on, and which promotions bring it there."""

    price_minor: int
    at: datetime | None
    promotion_ids: tuple[int, ...]


def worst_price(line: Line, promotions: Sequence[Promotion], now: datetime) -> Worst:
    """The worst case of one piece of a line over all promotions that run now or will."""
    open_to_all = [_for_everybody(p) for p in promotions if p.ends_at > now and p.layer is not Layer.FREIGHT]
    covering = [p for p in open_to_all if p.scope.covers(line)]
    of_items = RuleBook(p for p in covering if p.layer is Layer.ITEM)
    of_orders = RuleBook(p for p in covering if p.layer is not Layer.ITEM)
    worst = Worst(line.list_minor, None, ())
    for at in sorted({max(p.starts_at, now) for p in covering}):
        least, by_items = _least(_by_number(line, line.list_minor, of_items.promotions, at), of_items)
        for carts in (
            _by_number(line, least, of_orders.promotions, at),
            _by_sum(line, least, of_orders.promotions, at),
        ):
            lowest, by_orders = _least(carts, of_orders)
            if min(lowest, least) < worst.price_minor:
                worst = Worst(min(lowest, least), at, tuple(sorted({*by_items, *by_orders})))
    return worst


def _least(carts: Iterable[Cart], book: RuleBook) -> tuple[int, tuple[int, ...]]:
    """The least a piece costs in any of the carts, and what made it so."""
    least, by = LARGEST, tuple[int, ...]()
    for cart in carts:
        result = price(cart, book)
        lowest = min(result.unit_prices(PIECE))
        if lowest < least:
            least, by = lowest, tuple(e.promotion_id for e in result.entries if e.line_id == PIECE)
    return least, by


def _for_everybody(promotion: Promotion) -> Promotion:
    return replace(promotion, audience=Audience(), needs_coupon=False)


def _by_number(line: Line, unit_minor: int, promotions: Iterable[Promotion], at: datetime) -> Iterable[Cart]:
    """Carts of as many pieces as some promotion asks for, and of one."""
    for count in sorted({1} | {n for p in promotions for n in _thresholds(p)[0]}):
        yield Cart((_piece(line, unit_minor, count),), at)


def _by_sum(line: Line, unit_minor: int, promotions: Iterable[Promotion], at: datetime) -> Iterable[Cart]:
    """Carts of one piece and as much else as comes to a threshold of money exactly."""
    for total in sorted({0} | {minor for p in promotions for minor in _thresholds(p)[1]}):
        piece, rest = _piece(line, unit_minor, 1), total - unit_minor
        yield Cart((piece, replace(piece, id=REST, list_minor=rest)) if rest > 0 else (piece,), at)


def _piece(line: Line, unit_minor: int, count: int) -> Line:
    return replace(line, id=PIECE, list_minor=unit_minor, quantity=min(max(count, 1), MOST_PIECES), floor_minor=0,
                   member_minor={})  # fmt: skip


def _thresholds(promotion: Promotion) -> tuple[set[int], set[int]]:
    """The thresholds of a promotion in pieces and in money."""
    offer = promotion.offer
    if isinstance(offer, Reduction):
        reached = {threshold for threshold, _ in offer.tiers}
        return (reached, set()) if offer.counts_pieces else (set(), reached)
    if isinstance(offer, Percentage | Gift):
        return ({offer.threshold}, set()) if offer.counts_pieces else (set(), {offer.threshold} - {0})
    if isinstance(offer, NthItem):
        return {offer.n}, set()
    return ({offer.pieces}, set()) if isinstance(offer, PiecesDiscount) else (set(), set())
