"""What pricing asks of promotions: how low a price can fall when everything that may combine does."""

from collections.abc import Collection, Mapping
from typing import NamedTuple, Protocol


class Offered(NamedTuple):
    """A SKU at a price, in one shop or (None) in all. Minor units of the SKU's currency."""

    sku_id: int
    shop_id: int | None
    price_minor: int


class PromotionStack(Protocol):
    """Promotions as far as a price plan must know them."""

    def worst_prices(self, offered: Collection[Offered]) -> Mapping[Offered, int]:
        """The least a buyer can pay for one piece of each; never more than its price. Statements do not grow."""
        ...


class NothingStacks:
    """No promotion combines with a plan's prices."""

    def worst_prices(self, offered: Collection[Offered]) -> Mapping[Offered, int]:
        return {one: one.price_minor for one in offered}


_stack: list[PromotionStack] = [NothingStacks()]


def promotion_stack() -> PromotionStack:
    """The stack that is plugged in; without one, nothing combines."""
    return _stack[0]


def provide_promotion_stack(stack: PromotionStack) -> None:
    """A higher flow plugs in its promotions when it loads (config does it)."""
    _stack[0] = stack
