"""S2.1: a product is shown to a customer, with its price and stock of this moment."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.service.tickets.events import OfferShown
from shopkeeper.flows.service.tickets.permissions import Permission
from shopkeeper.flows.service.tickets.sql import offers as sql
from shopkeeper.flows.service.tickets.sql import tickets as ticket_sql
from shopkeeper.flows.service.tickets.states import UNFINISHED
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged


@dataclass(frozen=True, slots=True)
class OfferProduct:
    ticket_id: int
    sku_id: int


@command(clause="S2.1", permission=Permission.TICKET_HANDLE, scope=ShopOf("tickets_ticket", "ticket_id"))
def offer_products(step: Step, items: Sequence[OfferProduct]) -> list[Outcome]:
    """Record products shown; what comes of them counts as the inquiry's conversion.

    Refused: "sku_unknown", "sku_delisted", "out_of_stock" where nothing is free, "ticket_ended". One shown
    already is unchanged.
    """
    rows = {row.id: row for row in ticket_sql.LOCK.rows(ids=[item.ticket_id for item in items])}
    cards = {card.sku_id: card for card in sql.CARDS.rows(skus=sorted({item.sku_id for item in items}))}
    refusals = [_refusal(rows[item.ticket_id], cards.get(item.sku_id)) for item in items]
    offers = [
        {
            "ticket_id": item.ticket_id,
            "shop_id": rows[item.ticket_id].shop_id,
            "sku_id": item.sku_id,
            "price_minor": cards[item.sku_id].price_minor,
            "currency": cards[item.sku_id].currency,
            "available": cards[item.sku_id].available,
        }
        for item, code in zip(items, refusals, strict=True)
        if not code
    ]
    shown = {
        (row.ticket_id, row.sku_id): row
        for row in sql.SHOW.rows(now=step.now, actor_id=step.actor.id, offers=as_json(offers))
    }
    step.emit(*(OfferShown(row.ticket_id, row.shop_id, row.sku_id) for row in shown.values()))
    outcomes = []
    for item, code in zip(items, refusals, strict=True):
        row = None if code else shown.pop((item.ticket_id, item.sku_id), None)
        if code:
            outcomes.append(refused(code, item.ticket_id))
        else:
            outcomes.append(done(row.id, ticket_id=item.ticket_id) if row else unchanged(item.ticket_id))
    return outcomes


def _refusal(row: ticket_sql.TicketRow, card: sql.CardRow | None) -> str:
    if row.state not in UNFINISHED:
        return "ticket_ended"
    if card is None:
        return "sku_unknown"
    if card.is_delisted:
        return "sku_delisted"
    return "" if card.available > 0 else "out_of_stock"
