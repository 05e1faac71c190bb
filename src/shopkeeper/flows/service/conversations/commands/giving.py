"""S1.1: conversations brought to agents and taken from them, with the loads, tickets and events that follow."""

from collections import Counter
from collections.abc import Mapping, Sequence

from shopkeeper.flows.service.conversations.commands.standing import notify, talking_state
from shopkeeper.flows.service.conversations.events import ConversationAssigned, ConversationQueued
from shopkeeper.flows.service.conversations.rules.routing import Hand, Wish, share_out
from shopkeeper.flows.service.conversations.sql import routing as sql
from shopkeeper.flows.service.conversations.sql.arrivals import OpenRow
from shopkeeper.flows.service.conversations.states import CONVERSATION_FLOW, ConversationState
from shopkeeper.flows.service.tickets.commands import giving as tickets
from shopkeeper.flows.service.tickets.sql.tickets import LOCK as LOCK_TICKETS
from shopkeeper.flows.service.tickets.states import UNFINISHED
from shopkeeper.foundation.commands import Step

HANDS_PER_WISH = 4  # so that a mixed batch still finds the agent with the rare skill


def find_hands(wishes: Sequence[Wish], *, patiently: bool = False) -> dict[int, int]:
    """Conversation → agent with a hand free; those agents' rows are locked.

    On arrival whoever is being given something this very moment is passed over; `patiently` waits for them.
    """
    if not wishes:
        return {}
    statement = sql.ALL_FREE if patiently else sql.FREE
    limit = 10_000 if patiently else max(8, len(wishes) * HANDS_PER_WISH)
    rows = statement.rows(shops=sorted({wish.shop_id for wish in wishes}), limit=limit)
    hands = [
        Hand(
            agent_id=row.id,
            free=row.chat_capacity - row.chat_load,
            load=row.chat_load,
            capacity=row.chat_capacity,
            kinds=frozenset(row.kinds),
            languages=frozenset(row.languages),
            shops=frozenset(row.shops),
            last_at=row.last_assigned_at,
        )
        for row in rows
    ]
    return share_out(wishes, hands)


def wishes_of(rows: Sequence[OpenRow], kinds: Mapping[int, str], languages: Mapping[int, str]) -> list[Wish]:
    """What these conversations ask of an agent; who talked with the customer before is asked first."""
    if not rows:
        return []
    before = {row.conversation_id: row.agent_id for row in sql.TALKED_BEFORE.rows(ids=[row.id for row in rows])}
    return [
        Wish(
            conversation_id=row.id,
            shop_id=row.shop_id,
            kind=kinds.get(row.id, row.kind),
            language=languages.get(row.id, row.language),
            before=before.get(row.id),
        )
        for row in rows
    ]


def give(step: Step, given: Mapping[int, int], rows: Mapping[int, OpenRow], how: str) -> None:
    """Give conversations (locked) to agents: owner, state, loads, their tickets, events."""
    if not given:
        return
    ids = sorted(given)
    sql.GIVE.run(ids=ids, agents=[given[id_] for id_ in ids])
    for state in (ConversationState.ASSIGNED, ConversationState.TALKING):
        queued = [i for i in ids if rows[i].state == ConversationState.QUEUED and talking_state(rows[i]) == state]
        step.move(CONVERSATION_FLOW, queued, state, how)
    shifts: Counter[int | None] = Counter(given.values())
    shifts.subtract(rows[id_].agent_id for id_ in ids if rows[id_].state != ConversationState.QUEUED)
    shift_loads(step, shifts)
    follow_with_tickets(step, {rows[i].ticket_id: given[i] for i in ids if rows[i].ticket_id})
    step.emit(*(ConversationAssigned(id_, rows[id_].shop_id, given[id_], how) for id_ in ids))
    notify([(i, rows[i].last_sequence, rows[i].shop_id, None) for i in ids])


def take_back(step: Step, rows: Sequence[OpenRow], why: str) -> None:
    """Take conversations from their agents: they are in the queue again."""
    if not rows:
        return
    step.move(CONVERSATION_FLOW, [row.id for row in rows], ConversationState.QUEUED, why)
    shifts: Counter[int | None] = Counter()
    shifts.subtract(row.agent_id for row in rows)
    shift_loads(step, shifts)
    step.emit(*(ConversationQueued(row.id, row.shop_id, why) for row in rows))
    notify([(row.id, row.last_sequence, row.shop_id, None) for row in rows])


def shift_loads(step: Step, shifts: Mapping[int | None, int]) -> None:
    """Move the numbers of conversations that agents have in hand."""
    real = {agent_id: delta for agent_id, delta in sorted(shifts.items(), key=str) if agent_id and delta}
    if real:
        sql.SHIFT_LOADS.run(now=step.now, agents=list(real), deltas=list(real.values()))


def follow_with_tickets(step: Step, wanted: Mapping[int | None, int]) -> None:
    """The matter goes where its conversation goes."""
    ids = sorted(ticket_id for ticket_id in wanted if ticket_id)
    if not ids:
        return
    rows = {row.id: row for row in LOCK_TICKETS.rows(ids=ids) if row.state in UNFINISHED}
    moved = {id_: wanted[id_] for id_, row in rows.items() if row.agent_id != wanted[id_]}
    tickets.give(step, moved, rows, "follows its conversation")
