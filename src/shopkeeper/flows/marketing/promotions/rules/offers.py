"""What promotions give: the calculators, each with its arithmetic and nothing else. Integers only.

Rates are what the buyer pays, in thousandths: 850 is 8.5 折. One rounding, half up, on the price paid.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

WHOLE = 1_000


def at_rate(minor: int, permille: int) -> int:
    """The price at a rate, rounded half up: 999 at 850 is 849."""
    return (minor * permille + WHOLE // 2) // WHOLE


@dataclass(frozen=True, slots=True)
class ItemDiscount:
    """折扣 on single items: every eligible unit at a rate."""

    permille: int


@dataclass(frozen=True, slots=True)
class FlashPrice:
    """限时价: named SKUs at a fixed price per unit."""

    prices: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NthItem:
    """第 N 件折扣: units sorted by price, dearest first; every nth gets the rate. `mixed` pairs unlike SKUs."""

    n: int
    permille: int
    mixed: bool = True


@dataclass(frozen=True, slots=True)
class PiecesDiscount:
    """M 件 N 折: from M eligible units on, all of them at the rate."""

    pieces: int
    permille: int


@dataclass(frozen=True, slots=True)
class Reduction:
    """满减: tiers of (threshold, off), rising in both; or `every` X takes off V again, at most `times`.

    With `counts_pieces` thresholds count units (满件), else money.
    """

    tiers: tuple[tuple[int, int], ...]
    every: bool = False
    times: int = 0
    counts_pieces: bool = False

    def off(self, base_minor: int, pieces: int) -> int:
        reached = pieces if self.counts_pieces else base_minor
        if self.every:
            threshold, value = self.tiers[0]
            times = reached // threshold
            return min(base_minor, (min(times, self.times) if self.times else times) * value)
        return min(base_minor, max((value for threshold, value in self.tiers if reached >= threshold), default=0))

    def missing(self, base_minor: int, pieces: int) -> int:
        """How much (money, or units) lacks for the next tier; 0 where there is none."""
        reached = pieces if self.counts_pieces else base_minor
        if self.every:
            threshold = self.tiers[0][0]
            return 0 if self.times and reached // threshold >= self.times else threshold - reached % threshold
        return min((threshold - reached for threshold, _ in self.tiers if threshold > reached), default=0)


@dataclass(frozen=True, slots=True)
class Percentage:
    """满折: from a threshold on, the whole base at a rate; `most_minor` caps what it takes off (最高减)."""

    permille: int
    threshold: int = 0
    most_minor: int = 0
    counts_pieces: bool = False

    def off(self, base_minor: int, pieces: int) -> int:
        if (pieces if self.counts_pieces else base_minor) < max(self.threshold, 1):
            return 0
        off = base_minor - at_rate(base_minor, self.permille)
        return min(off, self.most_minor) if self.most_minor else off

    def missing(self, base_minor: int, pieces: int) -> int:
        return max(0, self.threshold - (pieces if self.counts_pieces else base_minor))


@dataclass(frozen=True, slots=True)
class Gift:
    """满赠 / 买赠: adds gifts at price 0. `choices` are SKUs in order of preference, the later ones substitutes."""

    choices: tuple[int, ...]
    quantity: int = 1
    threshold: int = 0
    counts_pieces: bool = False
    cost_minor: int = 0

    def off(self, base_minor: int, pieces: int) -> int:
        return 0

    def is_earned(self, base_minor: int, pieces: int) -> bool:
        return (pieces if self.counts_pieces else base_minor) >= max(self.threshold, 1)

    def missing(self, base_minor: int, pieces: int) -> int:
        return max(0, max(self.threshold, 1) - (pieces if self.counts_pieces else base_minor))


@dataclass(frozen=True, slots=True)
class FreeFreight:
    """包邮 / 减运费: from a threshold of goods on, freight is reduced by so much (0 = wholly)."""

    threshold: int = 0
    off_minor: int = 0

    def off(self, goods_minor: int, freight_minor: int) -> int:
        if goods_minor < self.threshold:
            return 0
        return min(freight_minor, self.off_minor) if self.off_minor else freight_minor

    def missing(self, base_minor: int, pieces: int) -> int:
        return max(0, self.threshold - base_minor)


ItemOffer = ItemDiscount | FlashPrice | NthItem | PiecesDiscount
OrderOffer = Reduction | Percentage | Gift
Offer = ItemOffer | OrderOffer | FreeFreight


def problems(offer: Offer) -> list[str]:
    """What makes an offer senseless, as codes; checked when a rule is saved."""
    found: list[str] = []
    rate = getattr(offer, "permille", None)
    if rate is not None and not 0 < rate <= WHOLE:
        found.append("rate_out_of_bounds")
    if isinstance(offer, Reduction):
        found += _tier_problems(offer)
    if isinstance(offer, NthItem) and offer.n < 2:
        found.append("nth_below_two")
    if isinstance(offer, PiecesDiscount) and offer.pieces < 1:
        found.append("pieces_below_one")
    if isinstance(offer, Gift) and (not offer.choices or offer.quantity < 1):
        found.append("gift_missing")
    if isinstance(offer, FlashPrice) and (not offer.prices or min(offer.prices.values()) <= 0):
        found.append("price_not_positive")
    return found


def _tier_problems(offer: Reduction) -> list[str]:
    tiers: Sequence[tuple[int, int]] = offer.tiers
    if not tiers or any(threshold < 1 or value < 1 for threshold, value in tiers):
        return ["tiers_missing"]
    if offer.every and len(tiers) != 1:
        return ["every_needs_one_tier"]
    rising = all(a[0] < b[0] and a[1] < b[1] for a, b in pairwise(tiers))
    too_much = not offer.counts_pieces and any(value > threshold for threshold, value in tiers)
    return [*([] if rising else ["tiers_not_rising"]), *(["more_off_than_threshold"] if too_much else [])]
