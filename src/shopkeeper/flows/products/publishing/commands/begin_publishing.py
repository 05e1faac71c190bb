"""P4.1: right before a platform is told, what it will be told is worked out and written down."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shopkeeper.flows.products.listing.queries.facts import product_facts
from shopkeeper.flows.products.publishing.commands.stock_steps import quantities_now
from shopkeeper.flows.products.publishing.events import ListingFailed
from shopkeeper.flows.products.publishing.permissions import Permission
from shopkeeper.flows.products.publishing.queries.goods import form_of, obstacle, shops_by_id
from shopkeeper.flows.products.publishing.queries.prices import prices_in
from shopkeeper.flows.products.publishing.sql import listings as sql
from shopkeeper.flows.products.publishing.states import LISTING_FLOW, ListingState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged

MAY_BEGIN = (ListingState.TO_PUBLISH, ListingState.PUBLISHING)


@dataclass(frozen=True, slots=True)
class BeginPublishing:
    listing_id: int


@command(clause="P4.1", permission=Permission.RECORD, scope=ShopOf("publishing_listing", "listing_id"), internal=True)
def begin_publishing(step: Step, items: Sequence[BeginPublishing]) -> list[Outcome]:
    """Freeze what each platform is told: texts, pictures by digest, prices in force, quantities of this moment.

    Done: may be told now. Unchanged: it is no longer to be told. Refused with what keeps the product from the
    shop meanwhile; such a listing has failed.
    """
    rows = {row.id: row for row in sql.LOCK.rows(ids=[item.listing_id for item in items])}
    waiting = [row for row in rows.values() if row.state in MAY_BEGIN]
    products = product_facts(sorted({row.product_id for row in waiting}))
    shops = shops_by_id({row.shop_id for row in waiting})
    prices = prices_in(shops, {sku.id for product in products.values() for sku in product.skus})
    verdicts: dict[int, Outcome] = {row.id: unchanged(row.id) for row in rows.values()}
    forms: dict[int, dict[str, Any]] = {}
    for row in waiting:
        product, shop = products[row.product_id], shops[row.shop_id]
        wrong = obstacle(product, shop, prices[shop.id])
        verdicts[row.id] = refused(wrong[0], row.id, **wrong[1]) if wrong else done(row.id)
        if not wrong:
            forms[row.id] = form_of(product, shop, prices[shop.id])
    _write(step, {id_: (rows[id_], form, products[rows[id_].product_id].version) for id_, form in forms.items()})
    _fail(step, [row for row in waiting if not verdicts[row.id].ok], verdicts)
    return [verdicts[item.listing_id] for item in items]


def _write(step: Step, told: dict[int, tuple[sql.ListingRow, dict[str, Any], int]]) -> None:
    if not told:
        return
    pairs = [(row.shop_id, sku["id"]) for row, form, _ in told.values() for sku in form["skus"]]
    free = quantities_now(step, pairs)
    drafts = [
        {"id": id_, "said": form, "version": version, "sku_ids": [sku["id"] for sku in form["skus"]]}
        for id_, (_, form, version) in told.items()
    ]
    skus = [
        {
            "listing_id": id_,
            "shop_id": row.shop_id,
            "sku_id": sku["id"],
            "price_minor": sku["price_minor"],
            "quantity": free.get((row.shop_id, sku["id"]), 0),
        }
        for id_, (row, form, _) in told.items()
        for sku in form["skus"]
    ]
    sql.SAY.run(drafts=as_json(drafts))
    sql.DROP_SKUS.run(drafts=as_json(drafts))
    sql.SAY_SKUS.run(now=step.now, skus=as_json(skus))
    fresh = [id_ for id_, (row, _, _) in told.items() if row.state == ListingState.TO_PUBLISH]
    step.move(LISTING_FLOW, fresh, ListingState.PUBLISHING)


def _fail(step: Step, rows: Sequence[sql.ListingRow], verdicts: dict[int, Outcome]) -> None:
    if not rows:
        return
    codes = [verdicts[row.id].code for row in rows]
    sql.NOTE_ERRORS.run(ids=[row.id for row in rows], errors=codes)
    step.move(LISTING_FLOW, [row.id for row in rows], ListingState.FAILED)
    step.emit(*(ListingFailed(r.id, r.product_id, r.shop_id, code) for r, code in zip(rows, codes, strict=True)))
