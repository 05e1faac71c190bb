"""What service has on an order: its tickets, changes and interceptions, and how it can still be helped."""

from dataclasses import dataclass

from shopkeeper.flows.service.tickets.queries.changes import (
    ChangeLine,
    InterceptionLine,
    changes_page,
    interceptions_page,
    order_in_shops,
)
from shopkeeper.flows.service.tickets.queries.lists import TicketFilter, TicketLine, tickets_page
from shopkeeper.flows.service.tickets.rules.stages import stage_of, way_of
from shopkeeper.foundation.actor import Actor


@dataclass(frozen=True, slots=True)
class OrderContext:
    order_id: int
    number: str
    state: str
    stage: str
    way: str
    tickets: tuple[TicketLine, ...]
    changes: tuple[ChangeLine, ...]
    interceptions: tuple[InterceptionLine, ...]


def order_context(viewer: Actor, order_id: int) -> OrderContext | None:
    """An order as service sees it; None where it is not in the viewer's shops."""
    found = order_in_shops(viewer, order_id)
    if found is None:
        return None
    order, _ = found
    tickets, _ = tickets_page(viewer, TicketFilter(words=(order.number,)))
    return OrderContext(
        order_id=order.id,
        number=order.number,
        state=order.state,
        stage=str(stage_of(order.state, order.refund_state)),
        way=str(way_of(order.state)),
        tickets=tuple(tickets),
        changes=tuple(changes_page(viewer, order_id=order_id)[0]),
        interceptions=tuple(interceptions_page(viewer, order_id=order_id)[0]),
    )
