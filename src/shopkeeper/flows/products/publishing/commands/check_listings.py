"""P4.2: a listing is to be read back now; by hand, besides the look that every publication plans by itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.products.publishing.commands.listing_steps import CHECK_ERRAND, have_read_back
from shopkeeper.flows.products.publishing.permissions import Permission
from shopkeeper.flows.products.publishing.sql import listings as sql
from shopkeeper.flows.products.publishing.states import SELLING
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.errands import hasten
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged


@dataclass(frozen=True, slots=True)
class CheckListing:
    listing_id: int


@command(clause="P4.2", permission=Permission.CHECK, scope=ShopOf("publishing_listing", "listing_id"))
def check_listings(step: Step, items: Sequence[CheckListing]) -> list[Outcome]:
    """Have listings read back and compared field by field. Refused: "not_on_sale"."""
    rows = {row.id: row for row in sql.LOCK.rows(ids=[item.listing_id for item in items])}
    selling = {id_: row for id_, row in rows.items() if row.state in SELLING}
    hasten(CHECK_ERRAND, sorted(selling), step.now)
    have_read_back(step, list(selling.values()))
    outcomes = []
    for item in items:
        if rows[item.listing_id].state not in SELLING:
            outcomes.append(refused("not_on_sale", item.listing_id))
        else:
            asked = selling.pop(item.listing_id, None)
            outcomes.append(done(item.listing_id) if asked else unchanged(item.listing_id))
    return outcomes
