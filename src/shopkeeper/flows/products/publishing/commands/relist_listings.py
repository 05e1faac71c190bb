"""P4.1: what was taken off sale is put back, and what failed is tried again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shopkeeper.flows.products.listing.queries.facts import ProductFacts, product_facts
from shopkeeper.flows.products.publishing.commands.listing_steps import have_published, names_of
from shopkeeper.flows.products.publishing.permissions import Permission
from shopkeeper.flows.products.publishing.queries.goods import obstacle, shops_by_id
from shopkeeper.flows.products.publishing.queries.prices import prices_in
from shopkeeper.flows.products.publishing.sql import listings as sql
from shopkeeper.flows.products.publishing.states import ListingState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged


@dataclass(frozen=True, slots=True)
class RelistListing:
    listing_id: int


@dataclass(frozen=True, slots=True)
class RetryListing:
    listing_id: int


@command(clause="P4.1", permission=Permission.PUBLISH, scope=ShopOf("publishing_listing", "listing_id"))
def relist_listings(step: Step, items: Sequence[RelistListing]) -> list[Outcome]:
    """Put listings back on sale: only put up again where nothing changed, told anew where something did.

    On sale or on its way is unchanged. Refused: "being_taken_down", "not_taken_down" for one that failed, and
    whatever keeps a product from a shop (see publish_products).
    """
    rows = sql.LOCK.rows(ids=[item.listing_id for item in items])
    verdicts = {row.id: _relist(row) for row in rows}
    _again(step, rows, verdicts, is_relist=True)
    return _answers([item.listing_id for item in items], verdicts)


@command(clause="P4.1", permission=Permission.PUBLISH, scope=ShopOf("publishing_listing", "listing_id"))
def retry_listings(step: Step, items: Sequence[RetryListing]) -> list[Outcome]:
    """Tell the platform once more what it refused or never answered to.

    On its way is unchanged. Refused: "not_failed", and whatever keeps a product from a shop.
    """
    rows = sql.LOCK.rows(ids=[item.listing_id for item in items])
    verdicts = {row.id: _retry(row) for row in rows}
    _again(step, rows, verdicts, is_relist=False)
    return _answers([item.listing_id for item in items], verdicts)


def _relist(row: sql.ListingRow) -> Outcome:
    if row.state == ListingState.TAKEN_DOWN:
        return done(row.id)
    if row.state == ListingState.TAKING_DOWN:
        return refused("being_taken_down", row.id)
    return refused("not_taken_down", row.id) if row.state == ListingState.FAILED else unchanged(row.id)


def _retry(row: sql.ListingRow) -> Outcome:
    if row.state == ListingState.FAILED:
        return done(row.id)
    on_its_way = row.state in (ListingState.TO_PUBLISH, ListingState.PUBLISHING)
    return unchanged(row.id) if on_its_way else refused("not_failed", row.id)


def _again(step: Step, rows: Sequence[sql.ListingRow], verdicts: dict[int, Outcome], *, is_relist: bool) -> None:
    wanted = [row for row in rows if verdicts[row.id].changed]
    if not wanted:
        return
    products = product_facts(sorted({row.product_id for row in wanted}))
    for id_, wrong in _obstacles(wanted, products).items():
        verdicts[id_] = refused(wrong[0], id_, **wrong[1])
    wanted = [row for row in wanted if verdicts[row.id].changed]
    have_published(step, wanted, names_of(products), [row.id for row in wanted] if is_relist else ())


def _obstacles(
    rows: Sequence[sql.ListingRow], products: Mapping[int, ProductFacts]
) -> dict[int, tuple[str, dict[str, Any]]]:
    shops = shops_by_id({row.shop_id for row in rows})
    prices = prices_in(shops, {sku.id for product in products.values() for sku in product.skus})
    found = {row.id: obstacle(products[row.product_id], shops[row.shop_id], prices[row.shop_id]) for row in rows}
    return {id_: wrong for id_, wrong in found.items() if wrong}


def _answers(ids: Sequence[int], verdicts: dict[int, Outcome]) -> list[Outcome]:
    answered: set[int] = set()
    outcomes = []
    for id_ in ids:
        verdict = verdicts[id_]
        outcomes.append(unchanged(id_) if verdict.changed and id_ in answered else verdict)
        answered.add(id_)
    return outcomes
