"""What the lists of this desk share: from what the address asks to what a query takes."""

from dataclasses import replace

from shopkeeper.flows.fulfilment.parcels import queries
from shopkeeper.flows.fulfilment.parcels.words import COURIER_WORDS
from shopkeeper.foundation.actor import Actor
from shopkeeper.shared.words import T
from shopkeeper.web.listing import Listing, ListQuery
from shopkeeper.web.pages import PAGES

COURIER_CHOICES: tuple[tuple[str, T | str], ...] = tuple(COURIER_WORDS.items())


def wanted(asked: ListQuery) -> queries.Wanted:
    """A list's question; one number or many pasted ones are searched for exactly."""
    texts = asked.numbers or ([asked.text] if asked.text else [])
    filters = {name: str(value) for name, value in asked.filters.items()}
    return queries.Wanted(asked.tab, texts, filters, asked.after, asked.limit)


def allowed(listing: Listing, actor: Actor) -> Listing:
    """The list with the bulk actions this actor may use."""
    bulk = tuple(action for action in listing.bulk if actor.may(PAGES[action.url].permission))
    return replace(listing, bulk=bulk)
