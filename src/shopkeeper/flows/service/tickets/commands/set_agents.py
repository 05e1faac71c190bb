"""S1.2: what an agent can do and how much at a time: the assignment rules read it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, Literal

from pydantic import Field

from shopkeeper.flows.service.tickets.events import AgentSet
from shopkeeper.flows.service.tickets.permissions import Permission
from shopkeeper.flows.service.tickets.sql import agents as sql
from shopkeeper.flows.service.tickets.states import Stage, TicketKind
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import EVERYWHERE
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged


@dataclass(frozen=True, slots=True)
class SetAgent:
    """Empty skills mean everything; `shop_ids` narrows the shops the person may see anyway."""

    person_id: int
    capacity: Annotated[int, Field(ge=0, le=200)]
    chat_capacity: Annotated[int, Field(ge=0, le=50)]
    kinds: tuple[TicketKind, ...] = ()
    stages: tuple[Stage, ...] = ()
    languages: tuple[Literal["zh", "en"], ...] = ()
    shop_ids: tuple[int, ...] = ()


@command(clause="S1.2", permission=Permission.AGENT_MANAGE, scope=EVERYWHERE)
def set_agents(step: Step, items: Sequence[SetAgent]) -> list[Outcome]:
    """Make people agents, or set anew what they can do. Refused: "person_unknown". The same again is unchanged."""
    last = {item.person_id: item for item in items}
    changed = {
        row.person_id: row.id
        for row in sql.SET_AGENTS.rows(agents=as_json([*map(asdict, last.values())]), now=step.now)
    }
    known = {row.person_id: row.id for row in sql.OF_PEOPLE.rows(people=sorted(last))}
    step.emit(*(AgentSet(agent_id) for agent_id in changed.values()))
    outcomes, fresh = [], set(changed)
    for item in items:
        if item.person_id in fresh:
            fresh.discard(item.person_id)
            outcomes.append(done(changed[item.person_id]))
        elif item.person_id in known:
            outcomes.append(unchanged(known[item.person_id]))
        else:
            outcomes.append(refused("person_unknown"))
    return outcomes
