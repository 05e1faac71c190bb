"""S1.2: a ticket passes to another agent, or back to whoever is free, with the reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.service.tickets.commands.giving import find_agents, give, let_go
from shopkeeper.flows.service.tickets.permissions import Permission
from shopkeeper.flows.service.tickets.sql import agents as agent_sql
from shopkeeper.flows.service.tickets.sql import tickets as sql
from shopkeeper.flows.service.tickets.states import TicketState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged

HELD = (TicketState.ASSIGNED, TicketState.WAITING)


@dataclass(frozen=True, slots=True)
class HandOverTicket:
    """`to_agent_id` None: to whoever is free, but not to who hands it over. The reason holds no personal data."""

    ticket_id: int
    reason: Annotated[str, Field(max_length=200)]
    to_agent_id: int | None = None


@command(clause="S1.2", permission=Permission.TICKET_HANDLE, scope=ShopOf("tickets_ticket", "ticket_id"))
def hand_over_tickets(step: Step, items: Sequence[HandOverTicket]) -> list[Outcome]:
    """Pass tickets on. Another's is passed on by who may assign (a supervisor takes it over).

    Refused: "reason_needed", "not_yours", "agent_unknown", "agent_elsewhere", "not_in_hand" for a ticket that is
    open or ended. One the agent has already is unchanged.
    """
    rows = {row.id: row for row in sql.LOCK.rows(ids=[item.ticket_id for item in items])}
    named = sorted({item.to_agent_id for item in items if item.to_agent_id})
    agents = {row.id: row for row in agent_sql.LOCK.rows(ids=named, people=[])} if named else {}
    outcomes = [_judge(step, item, rows[item.ticket_id], agents) for item in items]
    going = {item.ticket_id: item for item, outcome in zip(items, outcomes, strict=True) if outcome.changed}
    given = {id_: item.to_agent_id for id_, item in going.items() if item.to_agent_id}
    back = [rows[id_] for id_ in going if id_ not in given]
    given |= find_agents(back, avoid=sorted({row.agent_id for row in back if row.agent_id}))
    reasons = "; ".join(sorted({item.reason for item in going.values()}))
    give(step, given, rows, reasons)
    let_go(step, [row for row in back if row.id not in given], reasons)
    return outcomes


def _judge(step: Step, item: HandOverTicket, row: sql.TicketRow, agents: Mapping[int, agent_sql.AgentRow]) -> Outcome:
    if row.state not in HELD:
        return refused("not_in_hand", row.id)
    if item.to_agent_id == row.agent_id:
        return unchanged(row.id)
    if not item.reason.strip():
        return refused("reason_needed", row.id)
    if row.agent_person_id != step.actor.id and not step.actor.may(Permission.TICKET_ASSIGN):
        return refused("not_yours", row.id)
    if item.to_agent_id:
        agent = agents.get(item.to_agent_id)
        if agent is None:
            return refused("agent_unknown", row.id)
        if agent.knows is not None and row.shop_id not in agent.knows:
            return refused("agent_elsewhere", row.id)
    return done(row.id)
