"""P4.1: what a platform answered when it was asked to end a sale."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from shopkeeper.flows.products.publishing.events import ListingFailed, ListingTakenDown
from shopkeeper.flows.products.publishing.permissions import Permission
from shopkeeper.flows.products.publishing.sql import listings as sql
from shopkeeper.flows.products.publishing.states import LISTING_FLOW, ListingState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, unchanged


@dataclass(frozen=True, slots=True)
class RecordTakeDown:
    listing_id: int
    answer: Literal["taken_down", "delayed", "failed"]
    code: str = ""


@command(clause="P4.1", permission=Permission.RECORD, scope=ShopOf("publishing_listing", "listing_id"), internal=True)
def record_take_downs(step: Step, items: Sequence[RecordTakeDown]) -> list[Outcome]:
    """Note that listings are off sale, or why not yet. One that is not being taken down is unchanged."""
    rows = {row.id: row for row in sql.LOCK.rows(ids=[item.listing_id for item in items])}
    noted = [item for item in items if rows[item.listing_id].state == ListingState.TAKING_DOWN]
    if noted:
        sql.NOTE_ERRORS.run(ids=[i.listing_id for i in noted], errors=[i.code[:100] for i in noted])
    for answer, state in (("taken_down", ListingState.TAKEN_DOWN), ("failed", ListingState.FAILED)):
        step.move(LISTING_FLOW, [item.listing_id for item in noted if item.answer == answer], state)
    for item in noted:
        row = rows[item.listing_id]
        if item.answer == "taken_down":
            step.emit(ListingTakenDown(row.id, row.product_id, row.shop_id))
        elif item.answer == "failed":
            step.emit(ListingFailed(row.id, row.product_id, row.shop_id, item.code))
    ids = {item.listing_id for item in noted}
    return [done(i.listing_id) if i.listing_id in ids else unchanged(i.listing_id) for i in items]
