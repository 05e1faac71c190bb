"""P4.1: an approved product is put on sale in chosen shops; each shop is one listing with its own fate."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.products.listing.queries.facts import product_facts
from shopkeeper.flows.products.publishing.commands.listing_steps import have_published, names_of
from shopkeeper.flows.products.publishing.deadlines import PUT_ON_SALE
from shopkeeper.flows.products.publishing.permissions import Permission
from shopkeeper.flows.products.publishing.queries.goods import form_of, obstacle, shops_by_id
from shopkeeper.flows.products.publishing.queries.listings import said_by_listing
from shopkeeper.flows.products.publishing.queries.prices import prices_in
from shopkeeper.flows.products.publishing.sql import listings as sql
from shopkeeper.flows.products.publishing.states import ListingState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import InShop
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import close

ON_THEIR_WAY = (ListingState.TO_PUBLISH, ListingState.PUBLISHING)


@dataclass(frozen=True, slots=True)
class PublishProduct:
    product_id: int
    shop_id: int


@command(clause="P4.1", permission=Permission.PUBLISH, scope=InShop())
def publish_products(step: Step, items: Sequence[PublishProduct]) -> list[Outcome]:
    """Have products put on sale in shops, or brought up to date there; told to the platforms after commit.

    On its way, or on sale exactly as it is now, is unchanged. Refused: "not_found", "not_approved", "no_sku",
    "platform_unwanted", "category_unmapped", "price_missing", "currency_unlike", "shop_closed",
    "being_taken_down".
    """
    pairs = sorted({(item.product_id, item.shop_id) for item in items})
    products = product_facts(sorted({product_id for product_id, _ in pairs}))
    shops = shops_by_id({shop_id for _, shop_id in pairs})
    prices = prices_in(shops, {sku.id for product in products.values() for sku in product.skus})
    codes: dict[tuple[int, int], Outcome] = {}
    for product_id, shop_id in pairs:
        if product_id not in products or shop_id not in shops:
            codes[product_id, shop_id] = refused("not_found")
        elif wrong := obstacle(products[product_id], shops[shop_id], prices[shop_id]):
            codes[product_id, shop_id] = refused(wrong[0], product_id, **wrong[1])
    free = [pair for pair in pairs if pair not in codes]
    keys = {"products": [product_id for product_id, _ in free], "shops": [shop_id for _, shop_id in free]}
    fresh = {(row.product_id, row.shop_id) for row in sql.WANT.rows(now=step.now, actor_id=step.actor.id, **keys)}
    rows = {(row.product_id, row.shop_id): row for row in sql.LOCK_PAIRS.rows(**keys)}
    said = said_by_listing([row.id for row in rows.values()])
    wanted = []
    for pair in free:
        row = rows[pair]
        form = form_of(products[row.product_id], shops[row.shop_id], prices[row.shop_id])
        codes[pair] = _verdict(row, is_new=pair in fresh, is_same=said.get(row.id) == form)
        if codes[pair].changed:
            wanted.append(row)
    have_published(step, wanted, names_of(products))
    close(step, PUT_ON_SALE, sorted({row.product_id for row in wanted}))
    return _each_once([(item.product_id, item.shop_id) for item in items], codes)


def _verdict(row: sql.ListingRow, *, is_new: bool, is_same: bool) -> Outcome:
    if is_new:
        return done(row.id, product_id=row.product_id, shop_id=row.shop_id)
    if row.state == ListingState.TAKING_DOWN:
        return refused("being_taken_down", row.id)
    if row.state in ON_THEIR_WAY or (row.state == ListingState.ON_SALE and is_same):
        return unchanged(row.id)
    return done(row.id, product_id=row.product_id, shop_id=row.shop_id)


def _each_once(pairs: Sequence[tuple[int, int]], codes: dict[tuple[int, int], Outcome]) -> list[Outcome]:
    """The same pair twice in a batch has one effect."""
    answered: set[tuple[int, int]] = set()
    outcomes = []
    for pair in pairs:
        outcome = codes[pair]
        outcomes.append(unchanged(outcome.id) if outcome.changed and pair in answered else outcome)
        answered.add(pair)
    return outcomes
