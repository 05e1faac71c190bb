"""What a priced cart looks like: who took how much off which line, and why the others took nothing.

Identity of the ledger: a line's list price × quantity less all its entries is what the line pays; the lines and the
freight are what the order pays. `Priced.check` proves it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shopkeeper.flows.marketing.promotions.rules.values import Layer, Line
from shopkeeper.shared.money import apportion

Runs = tuple[tuple[int, int], ...]  # (amount per unit, how many units), in the order of the line's units


@dataclass(frozen=True, slots=True)
class Entry:
    """An amount one promotion took off one line; `units` spreads it over the line's units, `bearers` over who pays."""

    line_id: str
    promotion_id: int
    version: int
    layer: Layer
    amount_minor: int
    units: Runs
    bearers: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class GiftLine:
    """A gift that the cart earned; `is_substitute` where the first choice is out of stock."""

    promotion_id: int
    version: int
    sku_id: int
    quantity: int
    cost_minor: int
    is_substitute: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a promotion took part or not: a code with its numbers; words are put on it at the door.

    Codes: applied, threshold, audience, no_coupon, used_up, used_up_by_buyer, budget, lost, not_better, floor,
    gift_out_of_stock, not_chosen.
    """

    promotion_id: int
    code: str
    facts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Priced:
    """A priced cart. `searched`: whether the best choice is proven ("all") or was approached ("greedy")."""

    lines: tuple[Line, ...]
    entries: tuple[Entry, ...]
    gifts: tuple[GiftLine, ...]
    goods_minor: int
    freight_minor: int
    freight_off_minor: int
    reasons: tuple[Reason, ...]
    searched: str

    @property
    def payable_minor(self) -> int:
        return self.goods_minor + self.freight_minor - self.freight_off_minor

    @property
    def discount_minor(self) -> int:
        return sum(entry.amount_minor for entry in self.entries)

    def paid_by_line(self) -> dict[str, int]:
        """What each line pays after everything."""
        paid = {line.id: line.list_minor * line.quantity for line in self.lines}
        for entry in self.entries:
            paid[entry.line_id] -= entry.amount_minor
        return paid

    def unit_prices(self, line_id: str) -> list[int]:
        """What each unit of a line pays; they sum to the line."""
        line = next(line for line in self.lines if line.id == line_id)
        prices = [line.list_minor] * line.quantity
        for entry in self.entries:
            if entry.line_id == line_id:
                for position, amount in enumerate(_unrolled(entry.units)):
                    prices[position] -= amount
        return prices

    def check(self) -> None:
        """Raise AssertionError where the ledger's identities do not hold."""
        paid = self.paid_by_line()
        assert sum(paid.values()) == self.goods_minor, "lines do not sum to the goods"
        assert min(paid.values(), default=0) >= 0, "a line pays less than nothing"
        assert 0 <= self.freight_off_minor <= self.freight_minor, "freight below zero"
        for entry in self.entries:
            assert sum(amount * count for amount, count in entry.units) == entry.amount_minor, "units unlike line"
            assert sum(amount for _, amount in entry.bearers) == entry.amount_minor, "bearers unlike line"
        for line in self.lines:
            assert sum(self.unit_prices(line.id)) == paid[line.id], "units do not sum to the line"


def _unrolled(runs: Runs) -> list[int]:
    return [amount for amount, count in runs for _ in range(count)]


def rolled(amounts: list[int]) -> Runs:
    """Equal neighbours as one run."""
    runs: list[list[int]] = []
    for amount in amounts:
        if runs and runs[-1][0] == amount:
            runs[-1][1] += 1
        else:
            runs.append([amount, 1])
    return tuple((amount, count) for amount, count in runs)


def borne(amount_minor: int, bearers: tuple[tuple[str, int], ...]) -> tuple[tuple[str, int], ...]:
    """An amount split over who bears it, to the fen."""
    if len(bearers) == 1:
        return ((bearers[0][0], amount_minor),)
    parts = apportion(amount_minor, [share for _, share in bearers])
    return tuple((name, part) for (name, _), part in zip(bearers, parts, strict=True))
