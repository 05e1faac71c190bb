"""P3.1: too few pieces free: the product specialist is reminded, once per SKU, until it is restocked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from shopkeeper.flows.products.stock.commands.ending import end_reminders
from shopkeeper.flows.products.stock.deadlines import RESTOCK
from shopkeeper.flows.products.stock.events import RestockReminded
from shopkeeper.flows.products.stock.permissions import Permission
from shopkeeper.flows.products.stock.rules import RestockFacts, days_left, suggested_quantity
from shopkeeper.flows.products.stock.sql import restocking as sql
from shopkeeper.flows.products.stock.states import ReminderState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import EVERYWHERE
from shopkeeper.shared.clock import at_time, day_of
from shopkeeper.shared.outcomes import Outcome, done, unchanged
from shopkeeper.sop.deadlines import Arm, arm
from shopkeeper.sop.policy import clock_times, policies


@dataclass(frozen=True, slots=True)
class RemindRestock:
    sku_id: int


@dataclass(frozen=True, slots=True)
class Advice:
    """What a reminder says: so many sold lately, so many to order, to be there by this day."""

    row: sql.LevelRow
    demand: int
    suggested: int
    arrive_by: date


@command(clause="P3.1", permission=Permission.RESTOCK_REMIND, scope=EVERYWHERE, internal=True)
def remind_restock(step: Step, items: Sequence[RemindRestock]) -> list[Outcome]:
    """Look at SKUs: open a reminder where too few pieces are free, end it where enough are again.

    Pieces of all warehouses count together. An open reminder gets the figures of now; one that a person closed
    keeps quiet for the policy's days, unless stock rises and falls again. A delisted SKU is not restocked.
    """
    skus = sorted({item.sku_id for item in items})
    policy = policies(step)
    rows = sql.LOOK.rows(
        skus=skus, threshold=policy("restock_threshold"), lead_days=policy("restock_lead_days"), now=step.now
    )
    low = [row for row in rows if row.free < row.threshold and not row.is_delisted]
    enough = [row for row in rows if row.free >= row.threshold or row.is_delisted]
    advice = _advise(step, [row for row in low if row.reminder_id or not row.is_muted])
    opened = _open(step, [a for a in advice if a.row.reminder_id is None])
    _refresh([a for a in advice if a.row.reminder_id is not None])
    lifted = {row.reminder_id: row for row in enough if row.reminder_id}
    for to, reason in ((ReminderState.RESTOCKED, ""), (ReminderState.CLOSED, "delisted")):
        ending = {id_: row for id_, row in lifted.items() if row.is_delisted == bool(reason)}
        end_reminders(
            step,
            {id_: row.sku_id for id_, row in ending.items()},
            to,
            reasons=dict.fromkeys(ending, reason),
            free={id_: row.free for id_, row in ending.items()},
        )
    sql.UNMUTE.run(skus=[row.sku_id for row in enough], now=step.now)
    changed = {**opened, **{row.sku_id: id_ for id_, row in lifted.items()}}
    return [done(changed[item.sku_id]) if item.sku_id in changed else unchanged() for item in items]


def _advise(step: Step, rows: Sequence[sql.LevelRow]) -> list[Advice]:
    policy = policies(step)
    days = policy("restock_demand_days")
    skus = [row.sku_id for row in rows]
    demand = {row.sku_id: row.pieces for row in sql.DEMAND.rows(skus=skus, since=step.now - timedelta(days=days))}
    today = day_of(step.now)
    advice = []
    for row in rows:
        pieces = demand[row.sku_id]
        facts = RestockFacts(
            row.free, row.threshold, pieces, days, row.lead_days, policy("restock_cover_days"), row.pack_size
        )
        left = days_left(row.free, pieces, days, policy("restock_days"))
        advice.append(Advice(row, pieces, suggested_quantity(facts), today + timedelta(days=left)))
    return advice


def _open(step: Step, advice: Sequence[Advice]) -> dict[int, int]:
    """Make the reminders; each SKU's reminder id."""
    if not advice:
        return {}
    at = clock_times(policies(step)("restock_sweep_time"))[0]
    dues = {a.row.sku_id: at_time(a.arrive_by, at) for a in advice}
    rows = sql.OPEN.rows(
        now=step.now,
        skus=[a.row.sku_id for a in advice],
        dues=list(dues.values()),
        thresholds=[a.row.threshold for a in advice],
        free=[a.row.free for a in advice],
        demands=[a.demand for a in advice],
        suggestions=[a.suggested for a in advice],
        days=[a.arrive_by for a in advice],
    )
    by_sku = {a.row.sku_id: a for a in advice}
    arm(step, [Arm(RESTOCK, row.id, dues[row.sku_id], label=by_sku[row.sku_id].row.code) for row in rows])
    for row in rows:
        given = by_sku[row.sku_id]
        step.emit(RestockReminded(row.id, row.sku_id, given.row.free, given.suggested))
    return {row.sku_id: row.id for row in rows}


def _refresh(advice: Sequence[Advice]) -> None:
    if advice:
        sql.REFRESH.run(
            reminders=[a.row.reminder_id for a in advice],
            thresholds=[a.row.threshold for a in advice],
            free=[a.row.free for a in advice],
            demands=[a.demand for a in advice],
            suggestions=[a.suggested for a in advice],
        )
