"""What an order's goods cost the buyer beside what we asked for them: for whoever judges a sale at a loss."""

from dataclasses import dataclass

from shopkeeper.flows.fulfilment.intake.queries import OrderCard
from shopkeeper.flows.fulfilment.settlement.queries.trial import rates_of
from shopkeeper.flows.products.listing.queries.facts import sku_facts_by_id
from shopkeeper.flows.products.pricing.queries.ahead import prices_held_at
from shopkeeper.sop.policy import read_policies


@dataclass(frozen=True, slots=True)
class AskedPrice:
    """Our price of a line's SKU when it was bought: of the plan that held then, else the SKU's own of today."""

    price_minor: int
    currency: str
    plan_id: int | None


@dataclass(frozen=True, slots=True)
class Discounts:
    """What was taken off: in the lines, which is ours, and off the whole order, borne as the shop's policy says."""

    lines_minor: int
    order_minor: int
    by_platform: bool


def prices_asked(order: OrderCard, shop_id: int) -> dict[int, AskedPrice]:
    """By line; what belongs to no SKU of ours, or never had a price, is left out."""
    skus = {line.sku_id for line in order.lines if line.sku_id is not None}
    held = prices_held_at(skus, shop_id, order.paid_at or order.placed_at)
    own = sku_facts_by_id(sorted(skus - set(held)))
    asked: dict[int, AskedPrice] = {}
    for line in order.lines:
        if line.sku_id in held:
            plan = held[line.sku_id]
            price = plan.sale_minor if plan.discount_minor is None else plan.discount_minor
            asked[line.id] = AskedPrice(price, plan.currency, plan.plan_id)
        elif line.sku_id in own and own[line.sku_id].price_minor:
            asked[line.id] = AskedPrice(own[line.sku_id].price_minor, own[line.sku_id].currency, None)
    return asked


def discounts_of(order: OrderCard, shop_id: int) -> Discounts:
    """The order's discount by who bears it."""
    lines = min(sum(max(line.discount_minor, 0) for line in order.lines), order.discount_minor)
    by_platform = rates_of(read_policies(), shop_id).order_discount_borne_by == "platform"
    return Discounts(lines, max(order.discount_minor - lines, 0), by_platform)
