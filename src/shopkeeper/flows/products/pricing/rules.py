"""Price arithmetic and what makes a price impossible. Amounts in minor units, margins in basis points (万分之一)."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from shopkeeper.flows.products.pricing.states import PriceName

WHOLE = 10_000
PRICE_MAX = 10**11  # a thousand million; no piece in a shop costs more
_AMOUNT = re.compile(r"(-?)([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.([0-9]*))?")
_WEAK_SIGNS = str.maketrans(dict.fromkeys("¥￥元 \u3000", ""))
# In this order prices may only fall, equal ones allowed; a strike-through price must be above.
LADDER = (PriceName.SALE, PriceName.DISCOUNT, PriceName.MEMBER)


@dataclass(frozen=True, slots=True)
class Prices:
    """The prices of one SKU as proposed; None: there is none of that kind."""

    cost_minor: int
    sale_minor: int
    list_minor: int | None = None
    discount_minor: int | None = None
    member_minor: int | None = None
    competitor_minor: int | None = None

    @property
    def offered(self) -> dict[PriceName, int]:
        """What buyers can pay, by name."""
        given = {
            PriceName.SALE: self.sale_minor,
            PriceName.DISCOUNT: self.discount_minor,
            PriceName.MEMBER: self.member_minor,
        }
        return {name: price for name, price in given.items() if price is not None}

    @property
    def lowest_minor(self) -> int:
        """The lowest price anybody is offered."""
        return min(self.offered.values())


@dataclass(frozen=True, slots=True)
class Margin:
    """One price of a plan with what is left of it."""

    name: PriceName
    price_minor: int
    gain_minor: int
    basis_points: int
    target_basis_points: int

    @property
    def meets_target(self) -> bool:
        return self.basis_points >= self.target_basis_points

    @property
    def percent(self) -> str:
        return percent(self.basis_points)

    @property
    def target_percent(self) -> str:
        return percent(self.target_basis_points)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why prices cannot be proposed; `price` names the one that is wrong."""

    code: str
    price: PriceName | None = None
    limit_minor: int | None = None


def margin_of(price_minor: int, cost_minor: int) -> int:
    """Gross margin (price − cost) / price in basis points, rounded down: 50.00 at a cost of 20.00 is 6000.

    Rounded down, a margin that just misses its target never seems to meet it.
    """
    return (price_minor - cost_minor) * WHOLE // price_minor if price_minor > 0 else -WHOLE


def percent(basis_points: int) -> str:
    """6000 as '60.0%'; rounded down like the margin itself."""
    tenths = basis_points // 10
    return f"{'-' if tenths < 0 else ''}{abs(tenths) // 10}.{abs(tenths) % 10}%"


def margins(prices: Prices, worst_minor: int, target_basis_points: int) -> tuple[Margin, ...]:
    """The margin at every price and at the worst case, in the order of the plan."""
    given = {**({PriceName.LIST: prices.list_minor} if prices.list_minor else {}), **prices.offered}
    given[PriceName.WORST] = worst_minor
    return tuple(
        Margin(name, price, price - prices.cost_minor, margin_of(price, prices.cost_minor), target_basis_points)
        for name, price in given.items()
    )


def price_refusal(prices: Prices) -> Refusal | None:
    """The first thing that makes these prices impossible, or None."""
    named = {PriceName.LIST: prices.list_minor, **prices.offered}
    amounts = [prices.cost_minor, prices.competitor_minor, *named.values()]
    if any(amount is not None and abs(amount) > PRICE_MAX for amount in amounts):
        return Refusal("price_too_high")
    if prices.cost_minor <= 0:
        return Refusal("cost_unknown_for_price")
    if prices.competitor_minor is not None and prices.competitor_minor <= 0:
        return Refusal("price_zero" if prices.competitor_minor == 0 else "price_negative")
    for name, price in named.items():
        if price is not None and price <= 0:
            return Refusal("price_zero" if price == 0 else "price_negative", name)
    ladder = [(name, prices.offered[name]) for name in LADDER if name in prices.offered]
    for (_, above), (name, price) in pairwise(ladder):
        if price > above:
            return Refusal("price_out_of_order", name, above)
    if prices.list_minor is not None and prices.list_minor <= prices.sale_minor:
        return Refusal("strike_not_above_sale", PriceName.LIST, prices.sale_minor)
    for name, price in prices.offered.items():
        if price < prices.cost_minor:
            return Refusal("price_below_cost", name, prices.cost_minor)
    return None


def strike_refusal(list_minor: int | None, lowest_deal_minor: int | None) -> Refusal | None:
    """价格规定 §16: a strike-through price must not exceed the lowest deal price of the days before.

    `lowest_deal_minor` None: the SKU was never sold, so there is no earlier price to strike through.
    """
    if list_minor is None:
        return None
    if lowest_deal_minor is None:
        return Refusal("strike_without_history", PriceName.LIST)
    if list_minor > lowest_deal_minor:
        return Refusal("strike_above_lowest", PriceName.LIST, lowest_deal_minor)
    return None


def worst_of(prices: Prices, stacked: Mapping[int, int]) -> int:
    """The least a buyer can pay: every offered price with what may combine with it (price → stacked price)."""
    return max(0, min(min(stacked.get(price, price), price) for price in prices.offered.values()))


@dataclass(frozen=True, slots=True)
class Span:
    """The time of a plan; `until` None: it lasts."""

    since: datetime
    until: datetime | None


def times_refusal(span: Span, now: datetime) -> str:
    """Why a plan cannot have this time, or ''. A start in the past means at once and is set to now before."""
    if span.until is not None and span.until <= max(span.since, now):
        return "price_time_backwards"
    return "price_too_far_ahead" if span.since > now + timedelta(days=366) else ""


def overlaps(span: Span, others: Sequence[Span]) -> bool:
    """Two plans with an end must not lie over each other; those without give way by themselves."""
    if span.until is None:
        return False
    return any(other.until is not None and other.since < span.until and span.since < other.until for other in others)


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount as somebody wrote it: the minor units, or the code of what is wrong with it."""

    minor: int | None
    code: str = ""


def read_amount(text: str) -> Amount:
    """Read '12.34', '1,234.5', '￥12' or full-width '１２' exactly. Empty is no amount and no mistake.

    Three decimals are refused instead of rounded: a price is a promise.
    """
    plain = unicodedata.normalize("NFKC", text).translate(_WEAK_SIGNS)
    if not plain:
        return Amount(None)
    found = _AMOUNT.fullmatch(plain)
    if found is None:
        return Amount(None, "price_unreadable")
    sign, whole, decimals = found[1], found[2].replace(",", ""), (found[3] or "").rstrip("0")
    if len(decimals) > 2:
        return Amount(None, "price_three_decimals")
    if len(whole) > 12:
        return Amount(None, "price_too_high")
    minor = int(whole) * 100 + int(decimals.ljust(2, "0"))
    return Amount(-minor if sign else minor)
