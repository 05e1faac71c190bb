"""Money: integer minor units and a currency; unlike currencies refuse to add.

One rounding (half up) and one apportioning (largest remainder, capped per part) for the whole product.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

HOME_CURRENCY = "CNY"  # what a shop sells in unless it says otherwise, and what all shops together are counted in
MINOR_LIMIT = 10**15  # fits bigint sums over any list, and no shop takes ten thousand thousand million yuan


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in minor units (分, centavo, cent) of one currency."""

    minor: int
    currency: str = HOME_CURRENCY

    def __post_init__(self) -> None:
        if abs(self.minor) > MINOR_LIMIT:
            raise ValueError(f"amount out of bounds: {self.minor}")

    def __add__(self, other: "Money") -> "Money":
        self._same_currency(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same_currency(other)
        return Money(self.minor - other.minor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def _same_currency(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise ValueError(f"cannot combine {self.currency} and {other.currency}")

    def __str__(self) -> str:
        return f"{Decimal(self.minor).scaleb(-2):,.2f}"


def to_minor(text: str | Decimal) -> int:
    """Read '12.34' as 1234; raise ValueError for anything that is not a bounded plain amount."""
    try:
        value = Decimal(str(text).strip().replace(",", ""))
    except InvalidOperation as error:
        raise ValueError(f"not an amount: {text!r}") from error
    if not value.is_finite() or abs(value) > MINOR_LIMIT // 100:
        raise ValueError(f"not an amount: {text!r}")
    return int(value.scaleb(2).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def apportion(total_minor: int, weights: Sequence[int], caps: Sequence[int] | None = None) -> list[int]:
    """Split a total over parts by weight; the parts sum to the total and none exceeds its cap.

    Largest remainder first, ties to the earlier part. 100 over (1, 1, 1) gives 34, 33, 33.
    Raises ValueError where the caps cannot hold the total or there is nothing to weigh by.
    """
    if total_minor < 0 or any(weight < 0 for weight in weights):
        raise ValueError("totals and weights must not be negative")
    room = list(caps) if caps is not None else [total_minor] * len(weights)
    if sum(room) < total_minor:
        raise ValueError("the caps cannot hold the total")
    if len(weights) == 1:
        return [total_minor]
    parts = [0] * len(weights)
    rest = total_minor
    while rest:
        open_parts = [i for i, weight in enumerate(weights) if weight and parts[i] < room[i]]
        if not open_parts:  # only weightless parts have room left: fill them in order
            open_parts = [i for i in range(len(weights)) if parts[i] < room[i]]
            shares = dict.fromkeys(open_parts, 1)
        else:
            shares = {i: weights[i] for i in open_parts}
        rest = _hand_out(rest, shares, parts, room)
    return parts


def _hand_out(rest: int, shares: dict[int, int], parts: list[int], room: Sequence[int]) -> int:
    """Hand out one round; what caps turned away stays in the returned rest for the next."""
    whole = sum(shares.values())
    exact = {i: divmod(rest * share, whole) for i, share in shares.items()}
    given = {i: quotient for i, (quotient, _) in exact.items()}
    left = rest - sum(given.values())
    for i in sorted(exact, key=lambda i: (-exact[i][1], i))[:left]:
        given[i] += 1
    for i, amount in given.items():
        taken = min(amount, room[i] - parts[i])
        parts[i] += taken
        rest -= taken
    return rest
