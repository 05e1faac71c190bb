"""S1.1: a conversation changes hands: taken over by a supervisor, handed to a colleague, or put back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import uuid4

from shopkeeper.flows.service.conversations.commands.giving import give, take_back
from shopkeeper.flows.service.conversations.commands.standing import Line, Standing, store
from shopkeeper.flows.service.conversations.permissions import Permission
from shopkeeper.flows.service.conversations.sql import arrivals as sql
from shopkeeper.flows.service.conversations.sql import routing
from shopkeeper.flows.service.conversations.states import ConversationState, Sender
from shopkeeper.flows.service.conversations.words import SYSTEM_LINES
from shopkeeper.flows.service.tickets.states import Presence
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged

THERE = (Presence.AVAILABLE, Presence.BUSY)


@dataclass(frozen=True, slots=True)
class TakeOver:
    conversation_id: int


@command(
    clause="S1.1",
    permission=Permission.CONVERSATION_SUPERVISE,
    scope=ShopOf("conversations_conversation", "conversation_id"),
)
def take_over_conversations(step: Step, items: Sequence[TakeOver]) -> list[Outcome]:
    """The acting supervisor takes conversations into their own hand, whatever load they have.

    Refused: "conversation_ended", "not_an_agent" for who was never on duty. One's own is unchanged.
    """
    rows = {row.id: row for row in sql.LOCK.rows(ids=[item.conversation_id for item in items])}
    held = sorted({row.agent_id for row in rows.values() if row.agent_id})
    agents = {row.person_id: row for row in routing.LOCK_AGENTS.rows(ids=held, people=[step.actor.id])}
    mine = agents.get(step.actor.id)
    taken: dict[int, int] = {}
    outcomes = []
    for item in items:
        row = rows[item.conversation_id]
        if row.state == ConversationState.ENDED:
            outcomes.append(refused("conversation_ended", row.id))
        elif mine is None:
            outcomes.append(refused("not_an_agent", row.id))
        elif row.id in taken or (row.agent_id == mine.id and row.state != ConversationState.QUEUED):
            outcomes.append(unchanged(row.id))
        else:
            taken[row.id] = mine.id
            outcomes.append(done(row.id, agent_id=mine.id))
    give(step, taken, rows, "taken_over")
    _note(step, [rows[id_] for id_ in taken], "taken_over", dict.fromkeys(taken, step.actor.name))
    return outcomes


@dataclass(frozen=True, slots=True)
class HandOver:
    """`agent_id` is whom it goes to; None puts it back in the queue."""

    conversation_id: int
    agent_id: int | None = None


@command(
    clause="S1.1",
    permission=Permission.CONVERSATION_REPLY,
    scope=ShopOf("conversations_conversation", "conversation_id"),
)
def hand_over_conversations(step: Step, items: Sequence[HandOver]) -> list[Outcome]:
    """Hand conversations to a colleague who is there, or put them back in the queue. The clocks go on.

    Refused: "conversation_ended", "not_yours" for another's (a supervisor may), "agent_unknown" for nobody of this
    shop, "agent_away". With whom it is already, or queued already, is unchanged.
    """
    rows = {row.id: row for row in sql.LOCK.rows(ids=[item.conversation_id for item in items])}
    named = {item.agent_id for item in items} | {row.agent_id for row in rows.values()}
    agents = {a.id: a for a in routing.LOCK_AGENTS.rows(ids=sorted(id_ for id_ in named if id_), people=[])}
    given: dict[int, int] = {}
    back: dict[int, sql.OpenRow] = {}
    outcomes = []
    for item in items:
        row = rows[item.conversation_id]
        is_there = row.state != ConversationState.QUEUED and row.agent_id == item.agent_id
        if row.state == ConversationState.ENDED:
            outcomes.append(refused("conversation_ended", row.id))
        elif is_there or row.id in given or row.id in back or (row.state == "queued" and item.agent_id is None):
            outcomes.append(unchanged(row.id))
        elif answer := _refusal(step, row, item, agents):
            outcomes.append(answer)
        elif item.agent_id is None:
            back[row.id] = row
            outcomes.append(done(row.id))
        else:
            given[row.id] = item.agent_id
            outcomes.append(done(row.id, agent_id=item.agent_id))
    give(step, given, rows, "transferred")
    take_back(step, list(back.values()), "put_back")
    names = {id_: agents[agent_id].name for id_, agent_id in given.items()}
    _note(step, [rows[id_] for id_ in given], "transferred", names)
    _note(step, list(back.values()), "queued", {})
    return outcomes


def _refusal(step: Step, row: sql.OpenRow, item: HandOver, agents: Mapping[int, routing.AgentRow]) -> Outcome | None:
    if answer := not_mine(step, row, agents):
        return answer
    if item.agent_id is None:
        return None
    agent = agents.get(item.agent_id)
    if agent is None or not (agent.knows is None or row.shop_id in agent.knows):
        return refused("agent_unknown", row.id)
    return None if agent.presence in THERE else refused("agent_away", row.id, name=agent.name)


def not_mine(step: Step, row: sql.OpenRow, agents: Mapping[int, routing.AgentRow]) -> Outcome | None:
    """A refusal where another agent has the conversation and the actor is no supervisor."""
    holder = agents.get(row.agent_id or 0)
    if row.state == ConversationState.QUEUED or holder is None or holder.person_id == step.actor.id:
        return None
    if step.actor.may(Permission.CONVERSATION_SUPERVISE):
        return None
    return refused("not_yours", row.id, name=holder.name)


def _note(step: Step, rows: Sequence[sql.OpenRow], what: str, names: Mapping[int, str]) -> None:
    """A line for the colleagues; customers do not see it."""
    standings = [Standing.of(row) for row in rows]
    for standing in standings:
        body = {"code": what, "name": names.get(standing.row.id, "")}
        assert what in SYSTEM_LINES
        standing.say(Line(f"system:{uuid4().hex}", Sender.SYSTEM, body, step.now, step.actor.id or None))
        standing.last_sender = standing.row.last_sender
    store(step, standings)
