"""A change of what a product says makes a new version, remembered whole; an approved one is a draft again."""

from collections.abc import Mapping, Sequence

from shopkeeper.flows.products.listing import events
from shopkeeper.flows.products.listing.sql import products as sql
from shopkeeper.flows.products.listing.states import PRODUCT_FLOW, ProductState
from shopkeeper.foundation.commands import Step


def step_up(
    step: Step, *, made: Sequence[int] = (), edited: Mapping[int, Sequence[str]], pictures_only: bool = False
) -> None:
    """Count the versions of edited products up, remember made and edited ones whole, announce the edits.

    The products are locked by the caller; `edited` says which fields changed. What changes only pictures does not
    make the text somebody has open a stale one.
    """
    if edited:
        ids = sorted(edited)
        rows = sql.STEP_UP.rows(ids=ids, content=not pictures_only, now=step.now, actor_id=step.actor.id)
        versions = {row.id: row.version for row in rows}
        approved = sql.APPROVED_AMONG.rows(ids=ids)
        step.move(PRODUCT_FLOW, [row.id for row in approved], ProductState.DRAFT)
        step.emit(*(events.ProductEdited(row_id, versions[row_id], list(edited[row_id])) for row_id in ids))
    whole = sorted({*made, *edited})
    if whole:
        sql.REMEMBER.run(ids=whole, now=step.now, actor_id=step.actor.id)
