"""What the lists of this desk share: from what the address asks to what a query takes."""

from shopkeeper.flows.fulfilment.parcels import queries
from shopkeeper.flows.fulfilment.parcels.words import COURIER_WORDS
from shopkeeper.shared.words import T
from shopkeeper.web.listing import ListQuery

COURIER_CHOICES: tuple[tuple[str, T | str], ...] = tuple(COURIER_WORDS.items())


def wanted(asked: ListQuery) -> queries.Wanted:
    """A list's question; one number or many pasted ones are searched for exactly."""
    texts = asked.numbers or ([asked.text] if asked.text else [])
    filters = {name: str(value) for name, value in asked.filters.items()}
    return queries.Wanted(asked.tab, texts, filters, asked.after, asked.limit)
