"""What pricing asks of promotions: how low a price can fall when everything that may combine does."""

from typing import Protocol


class PromotionStack(Protocol):
    """Promotions as far as a price plan must know them. Amounts in minor units of the SKU's currency."""

    def worst_price(self, sku_id: int, price_minor: int) -> int:
        """The least a buyer can pay for one piece of a SKU offered at this price; never more than the price."""
        ...


class NothingStacks:
    """No promotion combines with a plan's prices."""

    def worst_price(self, sku_id: int, price_minor: int) -> int:
        return price_minor


_stack: list[PromotionStack] = [NothingStacks()]


def promotion_stack() -> PromotionStack:
    """The stack that is plugged in; without one, nothing combines."""
    return _stack[0]


def provide_promotion_stack(stack: PromotionStack) -> None:
    """A higher flow plugs in its promotions when it loads (config does it)."""
    _stack[0] = stack
