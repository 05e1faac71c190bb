"""S1.1: a conversation ends: by its agent, with how; or by itself when the customer has been silent too long."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from shopkeeper.flows.service.conversations.commands.giving import shift_loads
from shopkeeper.flows.service.conversations.commands.hand_over_conversations import not_mine
from shopkeeper.flows.service.conversations.commands.standing import CLOCKS, notify, unanswered
from shopkeeper.flows.service.conversations.deadlines import SILENCE
from shopkeeper.flows.service.conversations.events import ConversationEnded
from shopkeeper.flows.service.conversations.permissions import Permission
from shopkeeper.flows.service.conversations.sql import arrivals as sql
from shopkeeper.flows.service.conversations.sql import replies, routing
from shopkeeper.flows.service.conversations.states import CONVERSATION_FLOW, ConversationState, Ending
from shopkeeper.flows.service.tickets.commands.end_tickets import ResolveTicket, resolve_tickets
from shopkeeper.flows.service.tickets.deadlines import TICKET_RESOLVE
from shopkeeper.flows.service.tickets.states import Resolution
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop import states as sop
from shopkeeper.sop.deadlines import Arm, arm, close, open_now
from shopkeeper.sop.policy import policies

RESOLUTIONS: dict[str, Resolution] = {"solved": Resolution.ANSWERED, "no_answer": Resolution.NO_ANSWER}


@dataclass(frozen=True, slots=True)
class EndConversation:
    """`resolves_ticket`: the matter is settled with it: answered, or without an answer of the customer's. One that was
    a duplicate or no matter leaves its ticket as it is."""

    conversation_id: int
    ending: Literal["solved", "no_answer", "duplicate", "not_a_matter"] = "solved"
    resolves_ticket: bool = False


@command(
    clause="S1.1",
    permission=Permission.CONVERSATION_REPLY,
    scope=ShopOf("conversations_conversation", "conversation_id"),
)
def end_conversations(step: Step, items: Sequence[EndConversation]) -> list[Outcome]:
    """End conversations; their agent has a hand free. What the customer says later opens another one.

    Refused: "not_yours" for another agent's (a supervisor may), "still_unanswered" where it is called solved or
    silent and no person has said a word. One that has ended is unchanged.
    """
    rows = {row.id: row for row in sql.LOCK.rows(ids=[item.conversation_id for item in items])}
    held = sorted({row.agent_id for row in rows.values() if row.agent_id})
    agents = {agent.id: agent for agent in routing.LOCK_AGENTS.rows(ids=held, people=[])}
    ending: dict[int, Ending] = {}
    settled: dict[int, Resolution] = {}
    outcomes = []
    for item in items:
        row = rows[item.conversation_id]
        if row.state == ConversationState.ENDED or row.id in ending:
            outcomes.append(unchanged(row.id))
        elif answer := not_mine(step, row, agents):
            outcomes.append(answer)
        elif unanswered(row) and item.ending in (Ending.SOLVED, Ending.NO_ANSWER):
            outcomes.append(refused("still_unanswered", row.id))
        else:
            ending[row.id] = Ending(item.ending)
            if item.resolves_ticket and row.ticket_id and item.ending in RESOLUTIONS:
                settled[row.ticket_id] = RESOLUTIONS[item.ending]
            outcomes.append(done(row.id))
    end(step, ending, rows)
    resolve_tickets.within(step, [ResolveTicket(id_, how) for id_, how in settled.items()])
    return outcomes


def end(step: Step, ending: Mapping[int, Ending], rows: Mapping[int, sql.OpenRow]) -> None:
    """End locked conversations: state, how, loads, clocks, events."""
    if not ending:
        return
    ids = sorted(ending)
    replies.END.run(now=step.now, actor_id=step.actor.id, ids=ids, endings=[str(ending[id_]) for id_ in ids])
    step.move(CONVERSATION_FLOW, ids, ConversationState.ENDED, "")
    shifts: Counter[int | None] = Counter()
    shifts.subtract(rows[id_].agent_id for id_ in ids if rows[id_].state != ConversationState.QUEUED)
    shift_loads(step, shifts)
    close(step, SILENCE, ids)
    waiting = [rows[id_] for id_ in ids if unanswered(rows[id_])]
    for kind in {CLOCKS[row.channel][0] for row in waiting}:
        of_kind = [row.id for row in waiting if CLOCKS[row.channel][0] is kind]
        missed = [id_ for id_ in of_kind if ending[id_] == Ending.MISSED]
        close(step, kind, missed, sop.Ending.MISSED)
        close(step, kind, [id_ for id_ in of_kind if id_ not in missed], sop.Ending.CANCELLED)
    open_now(TICKET_RESOLVE, [row.ticket_id for row in waiting if row.ticket_id])  # its line is the only one left
    for id_ in ids:
        row = rows[id_]
        step.emit(ConversationEnded(id_, row.shop_id, row.channel, row.ticket_id, row.agent_id, str(ending[id_])))
    notify([(id_, rows[id_].last_sequence, rows[id_].shop_id, None) for id_ in ids])


@dataclass(frozen=True, slots=True)
class EndSilent:
    conversation_id: int


@command(
    clause="S1.1",
    permission=Permission.CONVERSATION_SUPERVISE,
    scope=ShopOf("conversations_conversation", "conversation_id"),
    internal=True,
)
def end_silent_conversations(step: Step, items: Sequence[EndSilent]) -> list[Outcome]:
    """End conversations in which the customer has been silent for the policy's minutes; look again at the others.

    One in which a customer waits for us never ends by itself.
    """
    rows = {row.id: row for row in sql.LOCK.rows(ids=[item.conversation_id for item in items])}
    last = {row.id: row.last_at for row in sql.LAST_AT.rows(ids=list(rows))}
    ending: dict[int, Ending] = {}
    later = []
    for id_, row in rows.items():
        if row.state == ConversationState.ENDED:
            continue
        pause = timedelta(minutes=policies(step)("silence_minutes", row.shop_id))
        if row.open_since is not None:
            later.append(Arm(SILENCE, id_, step.now + pause, row.shop_id))
        elif last[id_] + pause > step.now:
            later.append(Arm(SILENCE, id_, last[id_] + pause, row.shop_id))
        else:
            ending[id_] = Ending.NO_ANSWER if row.last_sender == "agent" else Ending.SOLVED
    arm(step, later)
    close(step, SILENCE, [id_ for id_, row in rows.items() if row.state == ConversationState.ENDED])
    end(step, ending, rows)
    return [done(i.conversation_id) if i.conversation_id in ending else unchanged(i.conversation_id) for i in items]
