"""Which conversations wait for an agent, and which tickets for a customer who has spoken."""

from collections.abc import Sequence

from shopkeeper.flows.service.conversations.models import Conversation
from shopkeeper.flows.service.conversations.sql import routing as sql
from shopkeeper.flows.service.tickets.states import TicketState

AT_ONCE = 500


def queued() -> list[int]:
    """Conversations in the queue, the longest waiting first."""
    return [row.id for row in sql.QUEUED.rows(shops=[], everywhere=True, limit=AT_ONCE)]


def left_behind(agent_ids: Sequence[int]) -> list[int]:
    """Conversations in which a customer waits for somebody who is no longer there."""
    return [row.id for row in sql.LEFT_BEHIND.rows(agents=list(agent_ids), limit=AT_ONCE)] if agent_ids else []


def waiting_tickets(conversation_ids: Sequence[int]) -> list[int]:
    """Tickets of these conversations that wait for their customer."""
    rows = Conversation.objects.filter(id__in=conversation_ids, ticket__state=TicketState.WAITING)
    return sorted({ticket_id for ticket_id in rows.values_list("ticket_id", flat=True) if ticket_id})
