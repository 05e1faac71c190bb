"""Layers 2 and 3: what promotions on the whole order take, and from which lines.

Within a layer thresholds and weights are read off the layer's opening balance, so the order of promotions inside a
layer cannot change the result; the money is always taken from what remains of a line, and what one line cannot bear
moves on to the others in scope.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from shopkeeper.flows.marketing.promotions.rules.ledger import GiftLine
from shopkeeper.flows.marketing.promotions.rules.offers import Gift, Percentage, Reduction
from shopkeeper.flows.marketing.promotions.rules.values import Layer, Limits, Line, Promotion
from shopkeeper.shared.money import apportion

ORDER_LAYERS = (Layer.SHOP, Layer.PLATFORM)


@dataclass(frozen=True, slots=True, eq=False)
class Contender:
    """A promotion that could be used: the lines it covers, what it would take off at most, what its gift is worth."""

    promotion: Promotion
    positions: tuple[int, ...]
    pieces: int
    most_off: int
    gift_worth: int
    expires: float

    @property
    def group(self) -> tuple[Layer, str]:
        promotion = self.promotion
        return promotion.layer, promotion.mutex_group or f"#{promotion.id}"


@dataclass(slots=True)
class Taken:
    """The outcome of one choice: balances per line, who took what from which line, gifts."""

    balances: list[int]
    takes: list[tuple[Promotion, tuple[tuple[int, int], ...], tuple[int, ...]]] = field(default_factory=list)
    gifts: list[GiftLine] = field(default_factory=list)

    @property
    def payable(self) -> int:
        return sum(self.balances)


def take(chosen: Sequence[Contender], after_item: Sequence[int], limits: Limits) -> Taken:
    """Apply chosen promotions layer by layer. Each take is (promotion, ((position, amount), …), opening balances)."""
    taken = Taken(list(after_item))
    for layer in ORDER_LAYERS:
        opening = tuple(taken.balances)
        for contender in sorted(
            (c for c in chosen if c.promotion.layer is layer), key=lambda c: (c.promotion.priority, c.promotion.id)
        ):
            base_of = after_item if contender.promotion.threshold_base == "after_item" else opening
            base = sum(base_of[p] for p in contender.positions)
            _apply(contender, base, opening, taken, limits)
    return taken


def _apply(contender: Contender, base: int, opening: tuple[int, ...], taken: Taken, limits: Limits) -> None:
    promotion, positions = contender.promotion, contender.positions
    offer = promotion.offer
    if isinstance(offer, Gift):
        if offer.is_earned(base, contender.pieces):
            taken.gifts += gift_lines(promotion, offer, limits)
        return
    assert isinstance(offer, Reduction | Percentage)
    room = [taken.balances[p] for p in positions]
    off = min(offer.off(base, contender.pieces), sum(room))
    budget = limits.budget_minor.get(promotion.id)
    off = off if budget is None else min(off, max(budget, 0))
    if not off:
        return
    shares = apportion(off, [opening[p] for p in positions], room)
    for position, share in zip(positions, shares, strict=True):
        taken.balances[position] -= share
    taken.takes.append((promotion, tuple((p, s) for p, s in zip(positions, shares, strict=True) if s), opening))


def gift_lines(promotion: Promotion, offer: Gift, limits: Limits) -> list[GiftLine]:
    """The first choice in stock; nothing, and said so, where none is."""
    for place, sku_id in enumerate(offer.choices):
        if limits.gift_stock.get(sku_id, offer.quantity) >= offer.quantity:
            cost = offer.cost_minor * offer.quantity
            return [GiftLine(promotion.id, promotion.version, sku_id, offer.quantity, cost, place > 0)]
    return []


def is_below_floor(taken: Taken, after_item: Sequence[int], lines: Sequence[Line]) -> bool:
    """Whether a line pays less than its floor; a line that opened below it is measured by where it opened."""
    return any(
        balance < min(line.floor_minor * line.quantity, opened)
        for balance, opened, line in zip(taken.balances, after_item, lines, strict=True)
    )
