"""What SKUs cost right now, in a shop or in general: for who sells, publishes or looks them up."""

from collections.abc import Collection
from dataclasses import dataclass

from shopkeeper.flows.products.pricing.sql.in_force import IN_FORCE


@dataclass(frozen=True, slots=True)
class PriceInForce:
    """The prices of the plan that holds, in minor units of `currency`; None: no such price."""

    sku_id: int
    plan_id: int
    currency: str
    sale_minor: int
    list_minor: int | None
    discount_minor: int | None
    member_minor: int | None
    worst_minor: int


def prices_in_force(sku_ids: Collection[int], shop_id: int | None = None) -> dict[int, PriceInForce]:
    """One statement for any number of SKUs: the shop's own plan before the general one, a plan with an end before
    the one it lies over. A SKU without a plan is left out; its own price holds."""
    rows = IN_FORCE.rows(skus=sorted(sku_ids), shop=shop_id) if sku_ids else []
    return {
        row.sku_id: PriceInForce(
            row.sku_id,
            row.plan_id,
            row.currency,
            row.sale_minor,
            row.list_minor,
            row.discount_minor,
            row.member_minor,
            row.worst_minor,
        )
        for row in rows
    }
