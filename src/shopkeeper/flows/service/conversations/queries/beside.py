"""What the desks above tickets know of a ticket: its newest conversation, the after-sale cases of its order."""

from collections.abc import Sequence

from shopkeeper.flows.service.aftersale.queries.cases import CaseFilter, cases_page
from shopkeeper.flows.service.conversations.models import Conversation
from shopkeeper.flows.service.conversations.states import CHATS, ConversationState
from shopkeeper.flows.service.tickets.ports import CaseBeside
from shopkeeper.foundation.actor import Actor


class Desks:
    """Conversations and after-sale, as the ticket page asks them."""

    def conversation_of(self, viewer: Actor, ticket_id: int) -> int | None:
        rows = Conversation.objects.filter(ticket_id=ticket_id)
        if viewer.shops is not None:
            rows = rows.filter(shop_id__in=viewer.shops)
        return rows.order_by("-id").values_list("id", flat=True).first()

    def is_over(self, conversation_id: int) -> bool:
        return Conversation.objects.filter(id=conversation_id, state=ConversationState.ENDED).exists()

    def open_talk_of(self, viewer: Actor, shop_id: int, subject_id: int) -> int | None:
        if not viewer.sees_shop(shop_id):
            return None
        rows = Conversation.objects.filter(subject_id=subject_id, shop_id=shop_id)
        rows = rows.filter(channel__in=CHATS).exclude(state=ConversationState.ENDED)
        return rows.order_by("-id").values_list("id", flat=True).first()

    def cases_of(self, viewer: Actor, order_id: int) -> Sequence[CaseBeside]:
        rows, _ = cases_page(viewer, CaseFilter(order_id=order_id))
        return [CaseBeside(row.id, row.number, row.reason, row.state) for row in rows]
