"""P5: quantities as a shop shows them; where it shows more than it accepted, it is told again."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shopkeeper.flows.products.publishing.commands.stock_steps import have_told
from shopkeeper.flows.products.publishing.events import ShopStockDisagreed
from shopkeeper.flows.products.publishing.permissions import Permission
from shopkeeper.flows.products.publishing.sql import stock as sql
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done


@dataclass(frozen=True, slots=True)
class SeenStock:
    """One listing's quantities by SKU code, asked for at a moment."""

    listing_id: int
    asked_at: datetime
    quantities: tuple[tuple[str, int], ...]


@command(clause="P5", permission=Permission.RECORD, scope=ShopOf("publishing_listing", "listing_id"), internal=True)
def record_seen_stock(step: Step, items: Sequence[SeenStock]) -> list[Outcome]:
    """Note what was seen; have told again what is too much, or too little at two looks running.

    A quantity accepted after the question was asked is left alone.
    """
    rows = [(item.listing_id, code, quantity) for item in items for code, quantity in item.quantities]
    seen = sql.SEEN.rows(
        now=step.now,
        asked_at=min(item.asked_at for item in items),
        listings=[listing_id for listing_id, _, _ in rows],
        codes=[code for _, code, _ in rows],
        quantities=[quantity for _, _, quantity in rows],
    )
    wrong = Counter(row.shop_id for row in seen if row.disagrees)
    have_told(step, wrong)
    step.emit(*(ShopStockDisagreed(shop_id, variants) for shop_id, variants in sorted(wrong.items())))
    return [done(item.listing_id) for item in items]
