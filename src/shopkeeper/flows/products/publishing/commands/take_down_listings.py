"""P4.1: a listing's sale is ended, with the reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.products.publishing.commands.listing_steps import end_cases, end_sale
from shopkeeper.flows.products.publishing.permissions import Permission
from shopkeeper.flows.products.publishing.sql import listings as sql
from shopkeeper.flows.products.publishing.states import ListingState, MismatchEnding
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged

ENDED = (ListingState.TAKING_DOWN, ListingState.TAKEN_DOWN)


@dataclass(frozen=True, slots=True)
class TakeDownListing:
    listing_id: int
    reason: Annotated[str, Field(max_length=300)]


@command(clause="P4.1", permission=Permission.PUBLISH, scope=ShopOf("publishing_listing", "listing_id"))
def take_down_listings(step: Step, items: Sequence[TakeDownListing]) -> list[Outcome]:
    """End the sale; told to the platform after commit, until it says so too. Open differences end with it.

    Refused: "reason_needed". One that is off sale, or on its way there, is unchanged.
    """
    rows = {row.id: row for row in sql.LOCK.rows(ids=[item.listing_id for item in items])}
    reasons = {item.listing_id: item.reason.strip() for item in items if item.reason.strip()}
    ending = {id_: row for id_, row in rows.items() if id_ in reasons and row.state not in ENDED}
    end_sale(step, list(ending.values()), reasons)
    cases = sql.OPEN_CASES_OF.rows(listings=sorted(ending)) if ending else []
    end_cases(step, cases, MismatchEnding.TAKEN_DOWN, {case.id: reasons[case.listing_id] for case in cases})
    outcomes = []
    for item in items:
        if not item.reason.strip():
            outcomes.append(refused("reason_needed", item.listing_id))
            continue
        outcomes.append(done(item.listing_id) if item.listing_id in ending else unchanged(item.listing_id))
        ending.pop(item.listing_id, None)
    return outcomes
