"""P4.1: a product on sale changed: its shops are told what is approved now, or its sale ends."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.products.listing.queries.facts import product_facts
from shopkeeper.flows.products.listing.states import ProductState
from shopkeeper.flows.products.publishing.commands.first_publishing import ask_no_more
from shopkeeper.flows.products.publishing.commands.listing_steps import end_sale, have_published, names_of
from shopkeeper.flows.products.publishing.permissions import Permission
from shopkeeper.flows.products.publishing.queries.goods import form_of, obstacle, shops_by_id
from shopkeeper.flows.products.publishing.queries.listings import said_by_listing
from shopkeeper.flows.products.publishing.queries.offers import retired_products
from shopkeeper.flows.products.publishing.queries.prices import prices_in
from shopkeeper.flows.products.publishing.sql import listings as sql
from shopkeeper.flows.products.publishing.states import SELLING, ListingState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import EVERYWHERE
from shopkeeper.shared.outcomes import Outcome, done, unchanged

RETIRED = "product_retired"
FOLLOWS = (*SELLING, ListingState.TO_PUBLISH, ListingState.PUBLISHING)


@dataclass(frozen=True, slots=True)
class FollowProduct:
    product_id: int


@command(clause="P4.1", permission=Permission.PUBLISH, scope=EVERYWHERE, internal=True)
def follow_products(step: Step, items: Sequence[FollowProduct]) -> list[Outcome]:
    """Bring the shops that sell these products up to date; nothing is told that is not approved.

    A product that is being edited or reviewed stays on sale as it was. One no shop sells, or that all shops
    show as it is, is unchanged.
    """
    ids = sorted({item.product_id for item in items})
    rows = [row for row in sql.LOCK_OF_PRODUCTS.rows(products=ids) if row.state in FOLLOWS]
    products = product_facts(sorted({row.product_id for row in rows}))
    ended = [row for row in rows if products[row.product_id].state == ProductState.RETIRED]
    end_sale(step, ended, {row.id: RETIRED for row in ended})
    ask_no_more(step, retired_products(ids))
    selling = [row for row in rows if row.state in SELLING and products[row.product_id].state == ProductState.APPROVED]
    shops = shops_by_id({row.shop_id for row in selling})
    prices = prices_in(shops, {sku.id for product in products.values() for sku in product.skus})
    said = said_by_listing([row.id for row in selling])
    changed = [
        row
        for row in selling
        if obstacle(products[row.product_id], shops[row.shop_id], prices[row.shop_id]) is None
        and said[row.id] != form_of(products[row.product_id], shops[row.shop_id], prices[row.shop_id])
    ]
    have_published(step, changed, names_of(products))
    followed = {row.product_id for row in (*ended, *changed)}
    return [done(i.product_id) if i.product_id in followed else unchanged(i.product_id) for i in items]
