"""What happens to price plans. Amounts in minor units of the plan's currency."""

from dataclasses import dataclass

from shopkeeper.foundation.events import Event


@dataclass(frozen=True, slots=True)
class PriceProposed(Event):
    """A plan was proposed; below its target it waits for a manager."""

    plan_id: int
    sku_id: int
    shop_id: int | None
    margin_basis_points: int
    target_basis_points: int
    needs_approval: bool


@dataclass(frozen=True, slots=True)
class PriceApproved(Event):
    """A manager approved a plan, with the reason."""

    plan_id: int
    sku_id: int
    shop_id: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class PriceReturned(Event):
    """A manager returned a plan, with the reason."""

    plan_id: int
    sku_id: int
    shop_id: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class PriceWithdrawn(Event):
    """A plan was taken back before it began, or a temporary one was ended before its time."""

    plan_id: int
    sku_id: int
    shop_id: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class PriceChanged(Event):
    """A SKU is sold at other prices from now on, in one shop or (shop_id None) wherever no shop has its own.

    `plan_id` is the plan that began or ended; what is in force says `queries.in_force`.
    """

    plan_id: int
    sku_id: int
    shop_id: int | None
    became: str


@dataclass(frozen=True, slots=True)
class TargetMarginSet(Event):
    """The target margin of a category was set; None: it follows the policy again."""

    category_id: int
    basis_points: int | None
    reason: str
