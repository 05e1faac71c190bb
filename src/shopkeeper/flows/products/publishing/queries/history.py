"""What happened to a listing, every time it happened: told, on sale, refused, read back, taken off sale."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from shopkeeper.flows.products.publishing.sql import history as sql
from shopkeeper.flows.products.publishing.states import ListingState

MOST = 200
What = Literal["wanted", "published", "failed", "checked", "taking_down", "taken_down"]
_EVENTS: dict[str, What] = {
    "publishing.listing_wanted": "wanted",
    "publishing.listing_published": "published",
    "publishing.listing_failed": "failed",
    "publishing.listing_checked": "checked",
}
_MOVES: dict[str, What] = {
    f"state:{ListingState.TAKING_DOWN}": "taking_down",
    f"state:{ListingState.TAKEN_DOWN}": "taken_down",
}


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened to a listing. `command` did it; `who` is empty for the system.

    `differences` counts what a look found, `code` is the platform's own word for a refusal.
    """

    at: datetime
    what: What
    command: str
    who: str
    why: str
    differences: int = 0
    code: str = ""


def listing_history(listing_id: int) -> list[Happened]:
    """The newest of each kind of log, oldest first."""
    rows = sql.HISTORY.rows(
        listing=listing_id,
        types=list(_EVENTS),
        states=[ListingState.TAKING_DOWN, ListingState.TAKEN_DOWN],
        limit=MOST,
    )
    return [_happened(row) for row in rows]


def _happened(row: sql.HappenedRow) -> Happened:
    data = json.loads(row.data)
    return Happened(
        at=row.occurred_at,
        what=(_EVENTS | _MOVES)[row.what],
        command=row.command,
        who=row.who,
        why=row.why,
        differences=int(data.get("differences", 0)),
        code=str(data.get("code", "")),
    )
