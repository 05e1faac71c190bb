"""P3.1: the product specialist notes that pieces were ordered from the supplier, and the day they are expected."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.products.stock.deadlines import RESTOCK
from shopkeeper.flows.products.stock.events import RestockOrdered
from shopkeeper.flows.products.stock.permissions import Permission
from shopkeeper.flows.products.stock.sql import restocking as sql
from shopkeeper.flows.products.stock.states import ReminderState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import EVERYWHERE
from shopkeeper.shared.clock import at_time, day_of
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm, close
from shopkeeper.sop.policy import clock_times, policies

QUANTITY_MAX = 1_000_000
MOST_DAYS = 180  # as long as the longest lead time a threshold may name


@dataclass(frozen=True, slots=True)
class NoteRestockOrder:
    """So many pieces were ordered and are expected on the shop's day `expected_on`."""

    reminder_id: int
    quantity: int
    expected_on: date
    note: Annotated[str, Field(max_length=300)] = ""


@command(clause="P3.1", permission=Permission.RESTOCK_HANDLE, scope=EVERYWHERE)
def note_restock_order(step: Step, items: Sequence[NoteRestockOrder]) -> list[Outcome]:
    """Note orders, or that one comes on another day; the duty waits until the day the pieces are expected.

    It is due the morning after, and ends with the receipt. One that was overdue is on record as late before it
    waits anew. Refused: "not_found", "reminder_ended", "quantity_out_of_bounds", "expected_in_past",
    "expected_too_far". The same order again is unchanged.
    """
    rows = {row.id: row for row in sql.LOCK_REMINDERS.rows(ids=[item.reminder_id for item in items])}
    noted: dict[int, NoteRestockOrder] = {}
    outcomes = []
    for item in items:
        row = rows.get(item.reminder_id)
        if row is None:
            outcomes.append(refused("not_found", item.reminder_id))
        elif code := _refusal(step.now, item, row):
            outcomes.append(refused(code, row.id, min=1, max=QUANTITY_MAX, days=MOST_DAYS))
        elif row.id in noted or _is_known(item, row):
            outcomes.append(unchanged(row.id))
        else:
            noted[row.id] = item
            outcomes.append(done(row.id, quantity=item.quantity, expected_on=item.expected_on.isoformat()))
    _note(step, list(noted.values()), rows)
    return outcomes


def _refusal(now: datetime, item: NoteRestockOrder, row: sql.ReminderRow) -> str:
    today = day_of(now)
    if row.state != ReminderState.OPEN:
        return "reminder_ended"
    if not 0 < item.quantity <= QUANTITY_MAX:
        return "quantity_out_of_bounds"
    if item.expected_on < today:
        return "expected_in_past"
    return "expected_too_far" if item.expected_on > today + timedelta(days=MOST_DAYS) else ""


def _is_known(item: NoteRestockOrder, row: sql.ReminderRow) -> bool:
    known = (row.ordered_quantity, row.expected_on, row.order_note)
    return known == (item.quantity, item.expected_on, item.note.strip())


def _note(step: Step, items: Sequence[NoteRestockOrder], rows: dict[int, sql.ReminderRow]) -> None:
    if not items:
        return
    at = clock_times(policies(step)("restock_sweep_time"))[0]
    opens = {item.reminder_id: at_time(item.expected_on, at) for item in items}
    dues = {item.reminder_id: at_time(item.expected_on + timedelta(days=1), at) for item in items}
    sql.ORDER.run(
        now=step.now,
        actor_id=step.actor.id,
        reminders=list(dues),
        quantities=[item.quantity for item in items],
        days=[item.expected_on for item in items],
        dues=list(dues.values()),
        notes=[item.note.strip() for item in items],
    )
    # Set anew a duty forgets that it was late: what is overdue is closed as such, and begins again.
    close(step, RESTOCK, [id_ for id_ in dues if rows[id_].due_at <= step.now])
    arm(step, [Arm(RESTOCK, id_, due_at, label=rows[id_].code, opens_at=opens[id_]) for id_, due_at in dues.items()])
    step.emit(
        *(
            RestockOrdered(
                item.reminder_id,
                rows[item.reminder_id].sku_id,
                item.quantity,
                item.expected_on.isoformat(),
                item.note.strip(),
            )
            for item in items
        )
    )
