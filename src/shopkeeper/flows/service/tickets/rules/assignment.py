"""S1.2: who gets which ticket: who can do it, has a hand free, and carries the least."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Free:
    """An agent with a hand free. Empty skills mean everything; `knows` are shops the person may see, None = all."""

    id: int
    kinds: Sequence[str]
    stages: Sequence[str]
    languages: Sequence[str]
    shop_ids: Sequence[int]
    knows: Sequence[int] | None
    load: int
    capacity: int
    last_assigned_at: datetime | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A ticket nobody has; the higher the rank and the nearer the due time, the sooner it is served."""

    id: int
    shop_id: int
    kind: str
    stage: str
    language: str
    priority_rank: int
    next_due_at: datetime


def fits(agent: Free, ticket: Waiting) -> bool:
    """Can this agent do this ticket?"""
    return (
        (agent.knows is None or ticket.shop_id in agent.knows)
        and (not agent.shop_ids or ticket.shop_id in agent.shop_ids)
        and (not agent.kinds or ticket.kind in agent.kinds)
        and (not agent.stages or ticket.stage in agent.stages)
        and (not agent.languages or ticket.language in agent.languages)
    )


def distribute(tickets: Sequence[Waiting], agents: Sequence[Free]) -> dict[int, int]:
    """Ticket id → agent id: who is the least loaded for their capacity, then who has waited longest; nobody beyond
    their capacity."""
    load = {agent.id: agent.load for agent in agents}
    turn = {agent.id: agent.last_assigned_at.timestamp() if agent.last_assigned_at else 0.0 for agent in agents}
    given: dict[int, int] = {}
    for ticket in sorted(tickets, key=lambda t: (-t.priority_rank, t.next_due_at, t.id)):
        able = [agent for agent in agents if load[agent.id] < agent.capacity and fits(agent, ticket)]
        if not able:
            continue
        best = min(
            able,
            key=lambda a: (load[a.id] / a.capacity, turn[a.id], a.id),
        )
        given[ticket.id] = best.id
        load[best.id] += 1
        turn[best.id] = ticket.next_due_at.timestamp()
    return given
