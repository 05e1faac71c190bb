"""P3.1: the product specialist puts a reminder off to a day, or closes it, each with the reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.products.stock.commands.ending import end_reminders
from shopkeeper.flows.products.stock.deadlines import RESTOCK
from shopkeeper.flows.products.stock.events import RestockSnoozed
from shopkeeper.flows.products.stock.permissions import Permission
from shopkeeper.flows.products.stock.sql import restocking as sql
from shopkeeper.flows.products.stock.states import ReminderState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import EVERYWHERE
from shopkeeper.shared.clock import at_time, day_of
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm
from shopkeeper.sop.policy import clock_times, policies


@dataclass(frozen=True, slots=True)
class SnoozeRestock:
    """Put off to the shop's day `until`; the reminder is due on that morning."""

    reminder_id: int
    until: date
    reason: Annotated[str, Field(max_length=300)]


@command(clause="P3.1", permission=Permission.RESTOCK_HANDLE, scope=EVERYWHERE)
def snooze_restock(step: Step, items: Sequence[SnoozeRestock]) -> list[Outcome]:
    """Put reminders off, for example because the delivery is ordered and comes later.

    Refused: "not_found", "reason_needed", "reminder_ended", "snooze_not_ahead", "snooze_too_long" and
    "snoozed_enough" by policy, "snooze_overdue": what is late stays late. The same day again is unchanged.
    """
    rows = {row.id: row for row in sql.LOCK_REMINDERS.rows(ids=[item.reminder_id for item in items])}
    put_off: dict[int, SnoozeRestock] = {}
    outcomes = []
    for item in items:
        row = rows.get(item.reminder_id)
        outcome = _judge(step, item, row) if row and row.id not in put_off else None
        if outcome is None:
            outcome = unchanged(item.reminder_id) if row else refused("not_found", item.reminder_id)
        elif outcome.changed:
            put_off[item.reminder_id] = item
        outcomes.append(outcome)
    _put_off(step, list(put_off.values()), rows)
    return outcomes


def _judge(step: Step, item: SnoozeRestock, row: sql.ReminderRow) -> Outcome:
    policy = policies(step)
    today, days, most = day_of(step.now), policy("restock_snooze_days"), policy("restock_snoozes")
    code = ""
    if not item.reason.strip():
        code = "reason_needed"
    elif row.state != ReminderState.OPEN:
        code = "reminder_ended"
    elif row.snoozed_until == item.until:
        return unchanged(row.id)
    elif row.due_at <= step.now:
        code = "snooze_overdue"
    elif item.until <= today:
        code = "snooze_not_ahead"
    elif item.until > today + timedelta(days=days):
        code = "snooze_too_long"
    elif row.snoozes >= most:
        code = "snoozed_enough"
    return refused(code, row.id, days=days, times=most) if code else done(row.id, until=item.until.isoformat())


def _put_off(step: Step, items: Sequence[SnoozeRestock], rows: dict[int, sql.ReminderRow]) -> None:
    if not items:
        return
    at = clock_times(policies(step)("restock_sweep_time"))[0]
    dues = {item.reminder_id: at_time(item.until, at) for item in items}
    sql.SNOOZE.run(
        reminders=list(dues),
        days=[item.until for item in items],
        dues=list(dues.values()),
        reasons=[item.reason.strip() for item in items],
    )
    arm(step, [Arm(RESTOCK, id_, due_at, label=rows[id_].code) for id_, due_at in dues.items()])
    step.emit(
        *(
            RestockSnoozed(item.reminder_id, rows[item.reminder_id].sku_id, item.until.isoformat(), item.reason.strip())
            for item in items
        )
    )


@dataclass(frozen=True, slots=True)
class CloseRestock:
    reminder_id: int
    reason: Annotated[str, Field(max_length=300)]


@command(clause="P3.1", permission=Permission.RESTOCK_HANDLE, scope=EVERYWHERE)
def close_restock(step: Step, items: Sequence[CloseRestock]) -> list[Outcome]:
    """Close reminders of SKUs that are not to be restocked now; quiet for the policy's days.

    Refused: "not_found", "reason_needed", "reminder_ended" where it was restocked meanwhile. A closed one is
    unchanged.
    """
    rows = {row.id: row for row in sql.LOCK_REMINDERS.rows(ids=[item.reminder_id for item in items])}
    closing: dict[int, str] = {}
    outcomes = []
    for item in items:
        row = rows.get(item.reminder_id)
        if row is None:
            outcomes.append(refused("not_found", item.reminder_id))
        elif not item.reason.strip():
            outcomes.append(refused("reason_needed", row.id))
        elif row.state == ReminderState.RESTOCKED:
            outcomes.append(refused("reminder_ended", row.id))
        elif row.state == ReminderState.CLOSED or row.id in closing:
            outcomes.append(unchanged(row.id))
        else:
            closing[row.id] = item.reason.strip()
            outcomes.append(done(row.id))
    quiet = timedelta(days=policies(step)("restock_quiet_days"))
    skus = {id_: rows[id_].sku_id for id_ in closing}
    end_reminders(step, skus, ReminderState.CLOSED, reasons=closing, muted_until=step.now + quiet)
    return outcomes
