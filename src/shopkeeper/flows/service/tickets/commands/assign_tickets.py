"""S1.2: tickets that nobody has are given to agents, by the rules or by a supervisor's choice."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.service.tickets.commands.giving import find_agents, give, try_again
from shopkeeper.flows.service.tickets.permissions import Permission
from shopkeeper.flows.service.tickets.sql import agents as agent_sql
from shopkeeper.flows.service.tickets.sql import tickets as sql
from shopkeeper.flows.service.tickets.states import TicketState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged

GONE_ON = (TicketState.ASSIGNED, TicketState.WAITING)


@dataclass(frozen=True, slots=True)
class AssignTicket:
    """Without an agent the rules choose: type, stage, language and shop, then the least load."""

    ticket_id: int
    agent_id: int | None = None


@command(clause="S1.2", permission=Permission.TICKET_ASSIGN, scope=ShopOf("tickets_ticket", "ticket_id"))
def assign_tickets(step: Step, items: Sequence[AssignTicket]) -> list[Outcome]:
    """Give open tickets to agents. Where nobody is free the system looks again after the policy's pause.

    Refused: "nobody_free", "agent_unknown", "agent_elsewhere" (the shop is none of theirs), "taken" by another,
    "ticket_ended". A ticket the agent has already is unchanged.
    """
    rows = {row.id: row for row in sql.LOCK.rows(ids=[item.ticket_id for item in items])}
    chosen = sorted({item.agent_id for item in items if item.agent_id})
    agents = {row.id: row for row in agent_sql.LOCK.rows(ids=chosen, people=[])} if chosen else {}
    verdicts = [_verdict(item, rows[item.ticket_id], agents) for item in items]
    going = {item.ticket_id: item for item, code in zip(items, verdicts, strict=True) if code is None}
    given = {id_: item.agent_id for id_, item in going.items() if item.agent_id}
    given |= find_agents([rows[id_] for id_ in going if id_ not in given])
    give(step, given, rows, "by hand" if chosen else "")
    try_again(step, [rows[id_] for id_ in going if id_ not in given])
    outcomes = []
    for item, code in zip(items, verdicts, strict=True):
        if code == "":
            outcomes.append(unchanged(item.ticket_id))
        elif code is not None:
            outcomes.append(refused(code, item.ticket_id))
        elif item.ticket_id in given:
            outcomes.append(done(item.ticket_id, agent_id=given[item.ticket_id]))
        else:
            outcomes.append(unchanged(item.ticket_id) if step.actor.kind == "system" else refused("nobody_free"))
    return outcomes


def _verdict(item: AssignTicket, row: sql.TicketRow, agents: dict[int, agent_sql.AgentRow]) -> str | None:
    """None where it goes to somebody, empty where nothing changes, else why not."""
    if row.state in GONE_ON:
        return "" if item.agent_id in (None, row.agent_id) else "taken"
    if row.state != TicketState.OPEN:
        return "ticket_ended"
    if item.agent_id is None:
        return None
    agent = agents.get(item.agent_id)
    if agent is None:
        return "agent_unknown"
    return None if agent.knows is None or row.shop_id in agent.knows else "agent_elsewhere"
