"""What the engine works with: carts, buyers, promotions. Amounts are integer minor units (分), rates in 1/1000."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Literal

from shopkeeper.flows.marketing.promotions.rules.offers import Offer

WHOLE = 1_000
ANY = "*"


class Layer(IntEnum):
    """Where in the chain a promotion works; a lower layer is through before a higher one begins."""

    PRICE = 0
    ITEM = 1
    SHOP = 2
    PLATFORM = 3
    FREIGHT = 6


@dataclass(frozen=True, slots=True)
class Line:
    """One SKU in the cart. `categories` is its path from root to leaf; `member_minor` its price by member level."""

    id: str
    sku_id: int
    quantity: int
    list_minor: int
    shop_id: int = 0
    categories: tuple[int, ...] = ()
    tags: frozenset[str] = frozenset()
    floor_minor: int = 0
    member_minor: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who buys, as far as promotions ask."""

    level: str = ""
    segments: frozenset[str] = frozenset()
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Coupon:
    """A claimed coupon in the buyer's hand; it allows one use of its promotion."""

    id: str
    promotion_id: int
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Cart:
    """What is to be priced, at a business time. `chosen` names the promotions a buyer insists on (None: the best)."""

    lines: tuple[Line, ...]
    at: datetime
    buyer: Buyer = Buyer()
    coupons: tuple[Coupon, ...] = ()
    freight_minor: int = 0
    chosen: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of each limited promotion is left: uses over all, uses of this buyer, money. Missing means unlimited."""

    uses: Mapping[int, int] = field(default_factory=dict)
    buyer_uses: Mapping[int, int] = field(default_factory=dict)
    budget_minor: Mapping[int, int] = field(default_factory=dict)
    gift_stock: Mapping[int, int] = field(default_factory=dict)


UNLIMITED = Limits()


@dataclass(frozen=True, slots=True)
class Scope:
    """Which lines take part: every named dimension must hold; an empty one asks nothing."""

    shops: frozenset[int] = frozenset()
    skus: frozenset[int] = frozenset()
    categories: frozenset[int] = frozenset()
    tags: frozenset[str] = frozenset()
    excluded_skus: frozenset[int] = frozenset()

    def covers(self, line: Line) -> bool:
        """Named SKUs, categories and tags are alternatives; shops and exclusions always hold."""
        if self.shops and line.shop_id not in self.shops:
            return False
        if line.sku_id in self.excluded_skus:
            return False
        if not (self.skus or self.categories or self.tags):
            return True
        return (
            line.sku_id in self.skus
            or not self.categories.isdisjoint(line.categories)
            or not self.tags.isdisjoint(line.tags)
        )


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a promotion is for; empty dimensions ask nothing."""

    levels: frozenset[str] = frozenset()
    segments: frozenset[str] = frozenset()
    only_new: bool = False

    def includes(self, buyer: Buyer) -> bool:
        if self.levels and buyer.level not in self.levels:
            return False
        if self.segments and self.segments.isdisjoint(buyer.segments):
            return False
        return buyer.is_new or not self.only_new


@dataclass(frozen=True, slots=True, eq=False)
class Promotion:
    """One rule, as frozen into the orders it priced: `id` with `version` never changes its meaning.

    `bearers` share its cost in thousandths that add up to 1,000. `tags`/`stack_with` decide which others of the
    same layer it goes with: both must allow each other ("*" allows all). Promotions of one `mutex_group` of a layer
    exclude each other; without a group it stands alone.
    """

    id: int
    version: int
    layer: Layer
    offer: Offer
    starts_at: datetime
    ends_at: datetime
    scope: Scope = Scope()
    audience: Audience = Audience()
    mutex_group: str = ""
    priority: int = 100
    tags: frozenset[str] = frozenset()
    stack_with: frozenset[str] = frozenset()
    threshold_base: Literal["after_item", "after_previous"] = "after_item"
    needs_coupon: bool = False
    bearers: tuple[tuple[str, int], ...] = (("shop", WHOLE),)

    def stacks_with(self, other: "Promotion") -> bool:
        """Both sides must agree, as with two people who share a table."""
        return _allows(self, other) and _allows(other, self)


def _allows(one: Promotion, other: Promotion) -> bool:
    return ANY in one.stack_with or not one.stack_with.isdisjoint(other.tags)
