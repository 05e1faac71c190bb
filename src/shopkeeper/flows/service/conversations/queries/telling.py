"""What the work list tells of conversations that wait for a first word: their matter, and the ticket it became."""

from collections.abc import Sequence

from shopkeeper.flows.service.conversations.models import Conversation
from shopkeeper.flows.service.tickets.models import ticket_number
from shopkeeper.flows.service.tickets.states import TicketKind
from shopkeeper.flows.service.tickets.words import LABELS


def conversations_told(conversation_ids: Sequence[int]) -> dict[int, str]:
    """The type of each matter and its ticket's number: the ticket's own line is of the same matter."""
    rows = Conversation.objects.filter(id__in=list(conversation_ids), ticket__isnull=False)
    return {
        id_: f"{LABELS[TicketKind][TicketKind(kind)].text.text()} {ticket_number(ticket_id)}"
        for id_, ticket_id, kind in rows.values_list("id", "ticket_id", "ticket__kind")
    }
