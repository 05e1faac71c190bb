"""How a reminder ends, whoever ends it."""

from collections.abc import Mapping
from datetime import datetime

from shopkeeper.flows.products.stock.deadlines import RESTOCK
from shopkeeper.flows.products.stock.events import RestockEnded
from shopkeeper.flows.products.stock.sql import restocking as sql
from shopkeeper.flows.products.stock.states import REMINDER_FLOW, ReminderState
from shopkeeper.foundation.commands import Step
from shopkeeper.sop.deadlines import close
from shopkeeper.sop.states import Ending


def end_reminders(
    step: Step,
    reminders: Mapping[int, int],
    to: ReminderState,
    *,
    reasons: Mapping[int, str],
    free: Mapping[int, int] | None = None,
    muted_until: datetime | None = None,
) -> None:
    """End reminders (id → SKU) that are open: figures, state, deadline, word."""
    if not reminders:
        return
    ids = list(reminders)
    sql.END.run(
        now=step.now,
        actor_id=step.actor.id,
        reminders=ids,
        reasons=[reasons[reminder_id] for reminder_id in ids],
        muted=[muted_until] * len(ids),
        free=[(free or {}).get(reminder_id) for reminder_id in ids],
    )
    moved = step.move(REMINDER_FLOW, ids, to)
    close(step, RESTOCK, [row.id for row in moved], Ending.DONE if to is ReminderState.RESTOCKED else Ending.CANCELLED)
    step.emit(*(RestockEnded(row.id, reminders[row.id], str(to), reasons[row.id]) for row in moved))
