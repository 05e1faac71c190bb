"""S1.1: how far a shop's platform chat was read; what was pushed out of turn shows that something was lost."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.service.conversations.commands.open_channels import PULL
from shopkeeper.flows.service.conversations.permissions import Permission
from shopkeeper.flows.service.conversations.sql import replies as sql
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.errands import hasten
from shopkeeper.foundation.scope import InShop
from shopkeeper.shared.outcomes import Outcome, unchanged


@dataclass(frozen=True, slots=True)
class NoteChatPull:
    """How far a shop's platform chat was read, or why not."""

    shop_id: int
    upto: int = 0
    error: str = ""


@command(clause="S1.1", permission=Permission.MESSAGE_TAKE_IN, scope=InShop(), internal=True)
def note_chat_pulls(step: Step, items: Sequence[NoteChatPull]) -> list[Outcome]:
    """Move the cursors of platform chats; they never run backwards."""
    for item in items:
        sql.NOTE_PULL.run(now=step.now, shop=item.shop_id, upto=item.upto, error=item.error[:300])
    return [unchanged(item.shop_id) for item in items]


@dataclass(frozen=True, slots=True)
class NotePush:
    """A pushed line's running number."""

    shop_id: int
    number: int


@command(clause="S1.1", permission=Permission.MESSAGE_TAKE_IN, scope=InShop(), internal=True)
def note_pushes(step: Step, items: Sequence[NotePush]) -> list[Outcome]:
    """The next number moves the cursor; one beyond it means that lines were lost, and they are pulled at once."""
    gaps = set()
    for item in sorted(items, key=lambda item: (item.shop_id, item.number)):
        moved = sql.NOTE_PUSH.run(shop=item.shop_id, number=item.number)
        if not moved and any(row.pulled_upto < item.number for row in sql.CURSORS.rows(shops=[item.shop_id])):
            gaps.add(item.shop_id)
    hasten(PULL, sorted(gaps), step.now)
    return [unchanged(item.shop_id) for item in items]
