"""O1.1: a pushed message says where to look; the facts are fetched from the platform."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.fulfilment.intake.commands.note_pull import message_subject
from shopkeeper.flows.fulfilment.intake.permissions import Permission
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.errands import Errand
from shopkeeper.foundation.scope import InShop
from shopkeeper.shared.outcomes import Outcome, done


@dataclass(frozen=True, slots=True)
class NoteHint:
    """`message_id` makes each message an errand of its own: one that comes while we fetch is not lost."""

    shop_id: int
    platform_no: str
    message_id: str


@command(clause="O1.1", permission=Permission.ORDER_TAKE_IN, scope=InShop())
def note_hint(step: Step, items: Sequence[NoteHint]) -> list[Outcome]:
    """Have the named orders fetched; the same message twice is one errand."""
    for item in items:
        subject = message_subject(item.shop_id, f"{item.platform_no}:{item.message_id}")
        step.errand(Errand("fetch_order", subject, step.now, item.shop_id, {"platform_no": item.platform_no}))
    return [done() for _ in items]
