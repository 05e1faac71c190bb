"""P5: what a platform said to the quantities it was told; an older answer never undoes a newer wish."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shopkeeper.flows.products.publishing.permissions import Permission
from shopkeeper.flows.products.publishing.sql import stock as sql
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, unchanged


@dataclass(frozen=True, slots=True)
class RecordPush:
    """One answer: `error` empty means accepted; `is_final` that asking again the same way is useless."""

    listing_sku_id: int
    quantity: int
    seq: int
    asked_at: datetime
    error: str = ""
    is_final: bool = False


@command(
    clause="P5",
    permission=Permission.RECORD,
    scope=ShopOf("publishing_listingsku", "listing_sku_id"),
    internal=True,
)
def record_pushes(step: Step, items: Sequence[RecordPush]) -> list[Outcome]:
    """Note accepted quantities with their delay, and refused ones with the platform's code.

    An answer to a wish that is older than what was accepted meanwhile is unchanged.
    """
    accepted = [item for item in items if not item.error]
    refused = [item for item in items if item.error]
    told = set()
    if accepted:
        rows = sql.TOLD.rows(
            now=step.now,
            ids=[item.listing_sku_id for item in accepted],
            quantities=[item.quantity for item in accepted],
            seqs=[item.seq for item in accepted],
            asked_at=min(item.asked_at for item in accepted),
        )
        told = {row.id for row in rows}
    if refused:
        sql.REFUSED.run(
            ids=[item.listing_sku_id for item in refused],
            seqs=[item.seq for item in refused],
            errors=[item.error[:100] for item in refused],
            finals=[item.is_final for item in refused],
        )
    return [
        done(item.listing_sku_id) if item.error or item.listing_sku_id in told else unchanged(item.listing_sku_id)
        for item in items
    ]
