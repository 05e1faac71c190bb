"""S2.2: the order desk asks customer service to reach an order's buyer: a ticket in their queue, and why."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.fulfilment.intake.batches.deciding import holds_left
from shopkeeper.flows.fulfilment.intake.queries import orders_by_id
from shopkeeper.flows.service.tickets.commands.add_notes import AddNote, add_notes
from shopkeeper.flows.service.tickets.commands.open_tickets import OpenTicket, open_tickets
from shopkeeper.flows.service.tickets.permissions import Permission
from shopkeeper.flows.service.tickets.rules.asking import REFERENCE
from shopkeeper.flows.service.tickets.sql import opening as sql
from shopkeeper.flows.service.tickets.states import Channel, TicketKind
from shopkeeper.flows.service.tickets.words import ASKED_BY_ORDERS
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged


@dataclass(frozen=True, slots=True)
class AskService:
    """What the buyer is to be asked; kept sealed as the ticket's first note."""

    order_id: int
    reason: Annotated[str, Field(max_length=300)] = field(repr=False)
    kind: TicketKind = TicketKind.OTHER


@command(clause="S1.2", permission=Permission.TICKET_ASK, scope=ShopOf("intake_order", "order_id"))
def ask_service(step: Step, items: Sequence[AskService]) -> list[Outcome]:
    """Have customer service reach the buyers of orders; meanwhile the order desk has nothing to decide.

    Refused: "reason_needed". An order with an unfinished ticket is unchanged, with that ticket's id: whoever has it is
    in touch with the buyer already.
    """
    open_now = {row.order_id: row.id for row in sql.OF_ORDERS.rows(orders=sorted({item.order_id for item in items}))}
    asked: dict[int, AskService] = {}
    outcomes: list[Outcome | None] = []
    for item in items:
        if not item.reason.strip():
            outcomes.append(refused("reason_needed", item.order_id))
        elif item.order_id in open_now:
            outcomes.append(unchanged(open_now[item.order_id]))
        else:
            asked.setdefault(item.order_id, item)
            outcomes.append(None)
    opened = _open(step, asked)
    fresh = set(opened)
    answers = []
    for item, outcome in zip(items, outcomes, strict=True):
        if outcome is not None:
            answers.append(outcome)
        elif item.order_id in fresh:
            fresh.discard(item.order_id)
            answers.append(done(opened[item.order_id]))
        else:
            answers.append(unchanged(opened[item.order_id]))
    return answers


def _open(step: Step, asked: dict[int, AskService]) -> dict[int, int]:
    """The new tickets by order."""
    if not asked:
        return {}
    orders = orders_by_id(asked)
    times = {row.order_id: row.n for row in sql.ASKED_BEFORE.rows(orders=sorted(asked), like=f"{REFERENCE}:%")}
    tickets = [
        OpenTicket(
            shop_id=orders[order_id].shop_id,
            channel=Channel.FORM,
            external_ref=f"{REFERENCE}:{order_id}:{times.get(order_id, 0) + 1}",
            subject=ASKED_BY_ORDERS.zh,
            order_id=order_id,
            kind=item.kind,
        )
        for order_id, item in asked.items()
    ]
    outcomes = open_tickets.within(step, tickets)
    opened = {order_id: outcome.id for order_id, outcome in zip(asked, outcomes, strict=True) if outcome.id}
    add_notes.within(
        step, [AddNote(ticket_id, REFERENCE, asked[order_id].reason.strip()) for order_id, ticket_id in opened.items()]
    )
    holds_left(step, sorted(opened))
    return opened
