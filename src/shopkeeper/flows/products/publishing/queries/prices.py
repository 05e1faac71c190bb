"""What a SKU costs in a shop: the price plan in force there, else the one for all shops, else the SKU's own price."""

from collections.abc import Collection

from shopkeeper.flows.products.pricing.queries.in_force import prices_in_force

Prices = dict[int, dict[int, int]]


def prices_in(shop_ids: Collection[int], sku_ids: Collection[int]) -> Prices:
    """Per shop and SKU the sale price of the plan in force, in minor units; a SKU without a plan is left out.

    One statement per shop, however many SKUs.
    """
    return {
        shop_id: {sku_id: price.sale_minor for sku_id, price in prices_in_force(sku_ids, shop_id).items()}
        for shop_id in shop_ids
    }
