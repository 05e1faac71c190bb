"""S1.1: what the platform said to our lines is recorded; what failed may be sent once more."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.service.conversations.commands.standing import SEND, notify
from shopkeeper.flows.service.conversations.events import ReplyDelivered, ReplyFailed
from shopkeeper.flows.service.conversations.permissions import Permission
from shopkeeper.flows.service.conversations.sql import replies as sql
from shopkeeper.flows.service.conversations.states import Delivery
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.errands import Errand
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged


@dataclass(frozen=True, slots=True)
class RecordDelivery:
    """The platform took the line (its own id for it), or will not (its code)."""

    message_id: int
    outside_id: Annotated[str, Field(max_length=80)] = ""
    failure: Annotated[str, Field(max_length=80)] = ""


@command(
    clause="S1.1",
    permission=Permission.MESSAGE_TAKE_IN,
    scope=ShopOf("conversations_message", "message_id"),
    internal=True,
)
def record_deliveries(step: Step, items: Sequence[RecordDelivery]) -> list[Outcome]:
    """Record what the platform answered. A line delivered already is unchanged, whatever is said of it later."""
    rows = {row.id: row for row in sql.LOCK_MESSAGES.rows(ids=[item.message_id for item in items])}
    new = {
        item.message_id: item
        for item in items
        if rows[item.message_id].delivery != Delivery.SENT
        and not (item.failure and rows[item.message_id].delivery == Delivery.FAILED)
    }
    if new:
        sql.DELIVERED.run(
            now=step.now,
            ids=list(new),
            deliveries=[str(Delivery.FAILED if item.failure else Delivery.SENT) for item in new.values()],
            outside_ids=[item.outside_id[:80] for item in new.values()],
            failures=[item.failure[:80] for item in new.values()],
        )
    for id_, item in new.items():
        row = rows[id_]
        if item.failure:
            step.emit(ReplyFailed(id_, row.conversation_id, row.shop_id, item.failure[:80]))
        else:
            step.emit(ReplyDelivered(id_, row.conversation_id, row.shop_id))
    notify([(rows[id_].conversation_id, rows[id_].sequence, rows[id_].shop_id, None) for id_ in new])
    return [done(item.message_id) if item.message_id in new else unchanged(item.message_id) for item in items]


@dataclass(frozen=True, slots=True)
class ResendReply:
    message_id: int


@command(
    clause="S1.1",
    permission=Permission.CONVERSATION_REPLY,
    scope=ShopOf("conversations_message", "message_id"),
)
def resend_replies(step: Step, items: Sequence[ResendReply]) -> list[Outcome]:
    """Send once more what the platform would not take. Refused "nothing_failed"; under way already is unchanged."""
    rows = {row.id: row for row in sql.LOCK_MESSAGES.rows(ids=[item.message_id for item in items])}
    failed = {id_: row for id_, row in rows.items() if row.delivery == Delivery.FAILED}
    if failed:
        sql.AGAIN.run(ids=list(failed))
    step.errand(*(Errand(SEND, id_, step.now, row.shop_id) for id_, row in failed.items()))
    notify([(row.conversation_id, row.sequence, row.shop_id, None) for row in failed.values()])
    outcomes = []
    for item in items:
        if item.message_id in failed:
            outcomes.append(done(item.message_id))
            del failed[item.message_id]
        elif rows[item.message_id].delivery in (Delivery.PENDING, Delivery.FAILED):
            outcomes.append(unchanged(item.message_id))
        else:
            outcomes.append(refused("nothing_failed", item.message_id))
    return outcomes
