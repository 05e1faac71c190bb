"""O1.1: orders of the past become ours at their own times: nothing is promised, no deadline starts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shopkeeper.flows.fulfilment.intake import rules
from shopkeeper.flows.fulfilment.intake.batches.history import advance_history, write_history
from shopkeeper.flows.fulfilment.intake.batches.loading import Key, load_batch
from shopkeeper.flows.fulfilment.intake.events import HistoryTakenIn
from shopkeeper.flows.fulfilment.intake.models import Order
from shopkeeper.flows.fulfilment.intake.permissions import Permission
from shopkeeper.flows.fulfilment.intake.ports import ReceivedOrder
from shopkeeper.flows.fulfilment.intake.sql import take_in as sql
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import InShop
from shopkeeper.shared.outcomes import Outcome, refused, unchanged


@dataclass(frozen=True, slots=True)
class HistoryOrder:
    """An order as it ended, with the moments it had; `hold` names why a person should look at it."""

    order: ReceivedOrder
    shipped_at: datetime | None
    signed_at: datetime | None
    completed_at: datetime | None
    hold: str = ""

    @property
    def shop_id(self) -> int:
        return self.order.shop_id

    @property
    def key(self) -> Key:
        return (self.order.shop_id, self.order.platform_no)


@command(clause="O1.1", permission=Permission.ORDER_IMPORT, scope=InShop(), internal=True)
def take_in_history(step: Step, items: Sequence[HistoryOrder]) -> list[Outcome]:
    """Take in past orders in their final states, sealed like any other, the originals kept.

    A known order changes only if it is history itself and the file's version is newer; orders at work here
    never do. The same order twice in a batch: the first counts. Refused are orders that cannot be kept at all.
    """
    problems = [rules.unreadable(item.order) for item in items]
    wanted: dict[Key, HistoryOrder] = {}
    for item, code in zip(items, problems, strict=True):
        if code is None:
            wanted.setdefault(item.key, item)
    wanted = dict(sorted(wanted.items()))
    existing = {
        (row.shop_id, row.platform_no): row
        for row in sql.LOCK_EXISTING.rows(shops=[shop for shop, _ in wanted], numbers=[number for _, number in wanted])
    }
    known = Order.objects.filter(id__in=[row.id for row in existing.values()], is_history=True)
    past = set(known.values_list("id", flat=True))
    fresh = [item for key, item in wanted.items() if key not in existing]
    newer = [
        (row, item)
        for key, item in wanted.items()
        if (row := existing.get(key)) and row.id in past and row.modified_at < item.order.modified_at
    ]
    answers: dict[Key, Outcome] = {}
    if fresh or newer:
        intake = load_batch(step, [item.order for item in (*fresh, *(item for _, item in newer))])
        answers = write_history(intake, fresh) | advance_history(intake, newer)
        for shop_id in sorted({shop for shop, _ in answers}):
            step.emit(HistoryTakenIn(shop_id, sum(shop == shop_id for shop, _ in answers)))
    return [
        refused(code) if code else _answer(item, answers, existing) for item, code in zip(items, problems, strict=True)
    ]


def _answer(item: HistoryOrder, answers: dict[Key, Outcome], existing: dict[Key, sql.ExistingRow]) -> Outcome:
    """What was written counts once; everything else is as it was."""
    if item.key in answers:
        return answers.pop(item.key)
    return unchanged(existing[item.key].id if item.key in existing else None)
