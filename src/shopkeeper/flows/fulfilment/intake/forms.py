"""What people send from intake's pages, read into values."""

from collections.abc import Sequence
from datetime import date

from django.http import HttpRequest

from shopkeeper.flows.fulfilment.intake.queries.asking import OrderQuestion
from shopkeeper.flows.fulfilment.intake.queries.lists import matching_orders
from shopkeeper.foundation.actor import Actor
from shopkeeper.web.listing import Listing, ListQuery


def question_of(asked: ListQuery) -> OrderQuestion:
    """A list's address as the query takes it; what makes no sense is left out."""
    shop = str(asked.filters.get("shop", ""))
    first, last = asked.filters.get("placed") or ("", "")
    texts: Sequence[str] = asked.numbers or ([asked.text] if asked.text else [])
    return OrderQuestion(
        tab="" if asked.tab == "all" else asked.tab,
        shop_id=int(shop) if shop.isdecimal() and len(shop) < 19 else None,
        hold=str(asked.filters.get("hold", ""))[:30],
        texts=tuple(texts),
        from_day=_day(first),
        to_day=_day(last),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def chosen_orders(request: HttpRequest, listing: Listing, actor: Actor) -> tuple[list[int], str]:
    """The orders an action was sent for (ticked, or everything the list's question matches) and its reason."""
    chosen = listing.chosen(request)
    ids = matching_orders(actor, question_of(chosen.asked)) if chosen.all_matching else chosen.ids
    return ids, chosen.reason[:300]
