"""P3.2: an approved price becomes the SKU's price. Called by the desk pricing within its own step."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.products.listing import events
from shopkeeper.flows.products.listing.commands.set_tags import RetagProduct, retag_products
from shopkeeper.flows.products.listing.permissions import Permission
from shopkeeper.flows.products.listing.sql import skus as sql
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import EVERYWHERE
from shopkeeper.foundation.sql import columns
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged


@dataclass(frozen=True, slots=True)
class PutPrices:
    """Minor units of the SKU's currency; `list_minor` is the strike-through price, 0 for none."""

    sku_id: int
    price_minor: int
    floor_minor: int = 0
    list_minor: int = 0


@command(clause="P3.2", permission=Permission.PRICE_PUT, scope=EVERYWHERE, internal=True)
def put_prices(step: Step, items: Sequence[PutPrices]) -> list[Outcome]:
    """Set prices; of one SKU named twice the last stands. Refused: sku_unknown, price_not_positive."""
    good = {item.sku_id: item for item in items if item.price_minor > 0 and min(item.floor_minor, item.list_minor) >= 0}
    sql.LOCK_PRODUCTS.rows(ids=sorted(good))
    known = {row.id for row in sql.LOCK_SKUS.rows(ids=sorted(good))}
    chosen = [good[sku_id] for sku_id in sorted(good) if sku_id in known]
    fields = columns(chosen, "sku_id", "price_minor", "floor_minor", "list_minor")
    priced = sql.PUT_PRICES.rows(**fields) if chosen else []
    changed = {row.id for row in priced}
    retag_products.within(step, [RetagProduct(i) for i in sorted({row.product_id for row in priced})])
    step.emit(
        *(
            events.PricesPut(item.sku_id, item.price_minor, item.floor_minor, item.list_minor)
            for item in chosen
            if item.sku_id in changed
        )
    )
    return [_answer(item, known, changed) for item in items]


def _answer(item: PutPrices, known: set[int], changed: set[int]) -> Outcome:
    if item.price_minor <= 0 or min(item.floor_minor, item.list_minor) < 0:
        return refused("price_not_positive", item.sku_id)
    if item.sku_id not in known:
        return refused("sku_unknown", item.sku_id)
    return done(item.sku_id) if item.sku_id in changed else unchanged(item.sku_id)
