"""S1.2: agents say whether they take work; whoever comes is given what waits, whoever leaves is relieved of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.service.tickets.commands.giving import find_agents, give, let_go
from shopkeeper.flows.service.tickets.events import PresenceChanged
from shopkeeper.flows.service.tickets.permissions import Permission
from shopkeeper.flows.service.tickets.sql import agents as sql
from shopkeeper.flows.service.tickets.sql import tickets as ticket_sql
from shopkeeper.flows.service.tickets.states import Presence, TicketState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import EVERYWHERE
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.policy import policies

GIVEN_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class SetPresence:
    """`person_id` None is the actor; somebody else's presence is set by who may assign."""

    presence: Presence
    person_id: int | None = None


@command(clause="S1.2", permission=Permission.PRESENCE_SET, scope=EVERYWHERE)
def set_presence(step: Step, items: Sequence[SetPresence]) -> list[Outcome]:
    """Set presence; the first time it makes the person an agent with the policy's capacity.

    Available: tickets that wait are given out. Offline: what was not yet answered goes to others.
    Refused: "not_yours", "person_unknown". The same presence again is unchanged.
    """
    may_others = step.actor.may(Permission.TICKET_ASSIGN)
    people = [item.person_id or step.actor.id for item in items]
    allowed = [who == step.actor.id or may_others for who in people]
    wanted = [(who, str(item.presence)) for who, item, ok in zip(people, items, allowed, strict=True) if ok]
    policy = policies(step)
    changed = sql.SET_PRESENCE.rows(
        people=[who for who, _ in wanted],
        presences=[presence for _, presence in wanted],
        capacity=policy("agent_ticket_capacity"),
        chat_capacity=policy("agent_chat_capacity"),
        now=step.now,
    )
    became = dict(wanted)
    step.emit(*(PresenceChanged(row.id, became[row.person_id]) for row in changed))
    _relieve(step, [row.id for row in changed if became[row.person_id] == Presence.OFFLINE])
    _give_waiting(step, [row.id for row in changed if became[row.person_id] == Presence.AVAILABLE])
    by_person = {row.person_id: row.id for row in changed}
    known = {row.person_id: row.id for row in sql.OF_PEOPLE.rows(people=[who for who, _ in wanted])}
    return [_answer(who, ok, by_person, known) for who, ok in zip(people, allowed, strict=True)]


def _answer(who: int, allowed: bool, changed: dict[int, int], known: dict[int, int]) -> Outcome:
    if not allowed:
        return refused("not_yours")
    if who in changed:
        return done(changed[who])
    return unchanged(known[who]) if who in known else refused("person_unknown")


def _relieve(step: Step, agents: Sequence[int]) -> None:
    if not agents:
        return
    ids = [row.id for row in sql.UNANSWERED_OF.rows(agents=list(agents))]
    rows = [row for row in ticket_sql.LOCK.rows(ids=ids) if row.state == TicketState.ASSIGNED]
    let_go(step, rows, "offline")
    give_out(step, [row.id for row in rows])


def _give_waiting(step: Step, agents: Sequence[int]) -> None:
    if agents:
        give_out(step, [row.id for row in sql.WAITING_FOR.rows(agents=list(agents), limit=GIVEN_AT_ONCE)])


def give_out(step: Step, ticket_ids: Sequence[int]) -> None:
    """Give open tickets to whoever is free; the others go on waiting."""
    if not ticket_ids:
        return
    rows = {row.id: row for row in ticket_sql.LOCK.rows(ids=list(ticket_ids)) if row.state == TicketState.OPEN}
    give(step, find_agents(list(rows.values())), rows)
