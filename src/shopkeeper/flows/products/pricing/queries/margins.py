"""The margins of prices somebody is typing: nothing is kept."""

from collections.abc import Mapping
from typing import Any

from shopkeeper.flows.products.pricing.ports import Offered, promotion_stack
from shopkeeper.flows.products.pricing.queries.plans import SkuToPrice
from shopkeeper.flows.products.pricing.rules import LADDER, Margin, Prices, margins, read_amount, worst_of
from shopkeeper.flows.products.pricing.states import PriceName

NAMES = (PriceName.LIST, *LADDER)


def margins_of(sku: SkuToPrice, values: Mapping[str, Any]) -> tuple[Margin, ...]:
    """The margin at every price that can be read; none before a sale price stands there and the cost is known."""
    amounts = {name: read_amount(str(values.get(f"{name}_minor", ""))).minor for name in NAMES}
    given = {name: minor for name, minor in amounts.items() if minor is not None and minor > 0}
    cost = read_amount(str(values.get("cost_minor", ""))).minor or sku.cost_minor
    if PriceName.SALE not in given or cost <= 0:
        return ()
    prices = Prices(
        cost,
        given[PriceName.SALE],
        given.get(PriceName.LIST),
        given.get(PriceName.DISCOUNT),
        given.get(PriceName.MEMBER),
    )
    offered = [Offered(sku.sku_id, None, price) for price in sorted(set(prices.offered.values()))]
    stacked = {one.price_minor: worst for one, worst in promotion_stack().worst_prices(offered).items()}
    return margins(prices, worst_of(prices, stacked), sku.target_basis_points)
