"""S1.2: an agent takes tickets that wait, without being given them."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.service.tickets.commands.giving import give
from shopkeeper.flows.service.tickets.permissions import Permission
from shopkeeper.flows.service.tickets.sql import agents as agent_sql
from shopkeeper.flows.service.tickets.sql import tickets as sql
from shopkeeper.flows.service.tickets.states import TicketState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged


@dataclass(frozen=True, slots=True)
class TakeTicket:
    ticket_id: int


@command(clause="S1.2", permission=Permission.TICKET_HANDLE, scope=ShopOf("tickets_ticket", "ticket_id"))
def take_tickets(step: Step, items: Sequence[TakeTicket]) -> list[Outcome]:
    """Give open tickets to the acting agent; of two at once the first has it.

    Refused: "not_an_agent" for who never set their presence, "taken" by another agent, "ticket_ended". One's own
    is unchanged.
    """
    rows = {row.id: row for row in sql.LOCK.rows(ids=[item.ticket_id for item in items])}
    mine = next(iter(agent_sql.LOCK.rows(ids=[], people=[step.actor.id])), None)
    outcomes: list[Outcome] = []
    given: dict[int, int] = {}
    for item in items:
        row = rows[item.ticket_id]
        if mine is None:
            outcomes.append(refused("not_an_agent", row.id))
        elif (row.agent_id == mine.id and row.state in (TicketState.ASSIGNED, TicketState.WAITING)) or row.id in given:
            outcomes.append(unchanged(row.id))
        elif row.state != TicketState.OPEN:
            is_held = row.state in (TicketState.ASSIGNED, TicketState.WAITING)
            outcomes.append(refused("taken" if is_held else "ticket_ended", row.id))
        else:
            given[row.id] = mine.id
            outcomes.append(done(row.id, agent_id=mine.id))
    give(step, given, rows, "taken")
    return outcomes
