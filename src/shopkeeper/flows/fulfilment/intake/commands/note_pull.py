"""O1.1: how far a shop's orders were read, and which of them nobody can read."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shopkeeper.flows.fulfilment.intake import deadlines
from shopkeeper.flows.fulfilment.intake.models import PullCursor
from shopkeeper.flows.fulfilment.intake.permissions import Permission
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import InShop
from shopkeeper.shared.outcomes import Outcome, done
from shopkeeper.sop.deadlines import Arm, arm
from shopkeeper.sop.policy import policies


@dataclass(frozen=True, slots=True)
class NotePull:
    """`read_until` None leaves the cursor; `unreadable` are (platform number, reason)."""

    shop_id: int
    read_until: datetime | None
    error: str = ""
    unreadable: tuple[tuple[str, str], ...] = ()


@command(clause="O1.1", permission=Permission.ORDER_TAKE_IN, scope=InShop(), internal=True)
def note_pull(step: Step, items: Sequence[NotePull]) -> list[Outcome]:
    """Move the cursors; what cannot be read becomes a duty of the order specialist, once per order."""
    cursors = {
        c.shop_id: c for c in PullCursor.objects.select_for_update().filter(shop_id__in=[i.shop_id for i in items])
    }
    policy = policies(step)
    arms: list[Arm] = []
    for item in items:
        cursor = cursors.get(item.shop_id) or PullCursor(shop_id=item.shop_id, read_until=step.now)
        if item.read_until and (cursor.pk is None or item.read_until > cursor.read_until):
            cursor.read_until = item.read_until
        cursor.last_pulled_at, cursor.last_error = step.now, item.error[:300]
        cursors[item.shop_id] = cursor
        due = step.now + timedelta(hours=policy("hold_decision_hours", item.shop_id))
        for number, reason in item.unreadable:
            subject = message_subject(item.shop_id, number)
            arms.append(Arm(deadlines.UNREADABLE, subject, due, item.shop_id, None, f"{number} {reason}"))
    PullCursor.objects.bulk_create(
        cursors.values(),
        update_conflicts=True,
        unique_fields=["shop"],
        update_fields=["read_until", "last_pulled_at", "last_error"],
    )
    arm(step, arms)
    return [done() for _ in items]


def message_subject(shop_id: int, text: str) -> int:
    """A stable positive number for something the platform names by a string."""
    digest = hashlib.blake2b(f"{shop_id}:{text}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1
