"""S1.1: the second look: what found no hand on arrival, or lost its agent, goes to whoever is free now."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.service.conversations.commands.giving import find_hands, give, take_back, wishes_of
from shopkeeper.flows.service.conversations.permissions import Permission
from shopkeeper.flows.service.conversations.sql import arrivals as sql
from shopkeeper.flows.service.conversations.states import ConversationState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, unchanged


@dataclass(frozen=True, slots=True)
class RouteConversation:
    """`is_left`: its agent went away, so it is to be taken back first."""

    conversation_id: int
    is_left: bool = False


@command(
    clause="S1.1",
    permission=Permission.CONVERSATION_SUPERVISE,
    scope=ShopOf("conversations_conversation", "conversation_id"),
)
def route_conversations(step: Step, items: Sequence[RouteConversation]) -> list[Outcome]:
    """Give queued conversations to free hands, the longest waiting first; the others go on waiting.

    What has an agent, or has ended, is unchanged.
    """
    locked = {row.id: row for row in sql.LOCK.rows(ids=[item.conversation_id for item in items])}
    held = (ConversationState.ASSIGNED, ConversationState.TALKING)
    left = [locked[i.conversation_id] for i in items if i.is_left and locked[i.conversation_id].state in held]
    take_back(step, left, "agent_away")
    rows = sql.LOCK.rows(ids=[id_ for id_, row in locked.items() if row.state == "queued" or row in left])
    rows.sort(key=lambda row: (row.open_since is None, row.open_since or row.opened_at, row.id))
    wishes = wishes_of([row for row in rows if row.waiting_from], {}, {})
    given = find_hands(wishes, patiently=True)
    give(step, given, {row.id: row for row in rows}, "routed")
    moved = set(given)
    outcomes = []
    for item in items:
        id_ = item.conversation_id
        outcomes.append(done(id_, agent_id=given[id_]) if id_ in moved else unchanged(id_))
        moved.discard(id_)
    return outcomes
