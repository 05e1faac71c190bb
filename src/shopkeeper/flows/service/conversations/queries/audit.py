"""Lines of platforms' chats for auditors: which came in and which went out, by their keys; no words, no customer."""

from dataclasses import dataclass

from shopkeeper.flows.service.conversations.models import Message
from shopkeeper.flows.service.conversations.states import Channel
from shopkeeper.foundation.actor import Actor


@dataclass(frozen=True, slots=True)
class LineFact:
    """`client_id` of a customer's line is `p:` and the platform's own id of it."""

    id: int
    shop_id: int
    sender: str
    client_id: str
    delivery: str


_FIELDS = tuple(LineFact.__dataclass_fields__)


def line_facts(viewer: Actor, *, after: int = 0, limit: int = 1_000) -> list[LineFact]:
    """Lines of platforms' chats in the viewer's shops by id, after a given one."""
    rows = Message.objects.filter(id__gt=after, conversation__channel=Channel.PLATFORM).order_by("id")
    if viewer.shops is not None:
        rows = rows.filter(shop_id__in=viewer.shops)
    return [LineFact(**row) for row in rows.values(*_FIELDS)[:limit]]
