"""O3.2: the daily watch over parcels on the way: silent for too long, past the promised date, not asked about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shopkeeper.flows.fulfilment.parcels.commands.cancel_parcels import PARCEL_ROW
from shopkeeper.flows.fulfilment.parcels.commands.case_steps import Wanted, end_cases_of, open_cases_for
from shopkeeper.flows.fulfilment.parcels.deadlines import PARCEL_PROMISE, PARCEL_STALL, TRACKING_PULL
from shopkeeper.flows.fulfilment.parcels.models import parcel_number
from shopkeeper.flows.fulfilment.parcels.permissions import Permission
from shopkeeper.flows.fulfilment.parcels.rules.tracking import stalled_until
from shopkeeper.flows.fulfilment.parcels.sql import parcels
from shopkeeper.flows.fulfilment.parcels.states import (
    AT_REST,
    BEFORE_HAND_OVER,
    CaseKind,
    CaseOutcome,
    ParcelState,
)
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.errands import Errand
from shopkeeper.foundation.scope import EVERYWHERE
from shopkeeper.shared.outcomes import Outcome, done, unchanged
from shopkeeper.sop.deadlines import Arm, DeadlineKind, arm, close
from shopkeeper.sop.policy import policies
from shopkeeper.sop.states import Ending


@dataclass(frozen=True, slots=True)
class CheckStalled:
    parcel_id: int


@dataclass(frozen=True, slots=True)
class CheckPromise:
    parcel_id: int


@dataclass(frozen=True, slots=True)
class AskForTracking:
    parcel_id: int


@dataclass(frozen=True, slots=True)
class StopWatching:
    """The buyer confirmed receipt: what couriers still say of the order's parcels matters to nobody."""

    order_id: int


def _read(ids: Sequence[int]) -> dict[int, parcels.ParcelRow]:
    parcels.LOCK.run(ids=sorted(set(ids)))
    return {row.id: row for row in parcels.READ.rows(ids=sorted(set(ids)))}


def _is_watched(row: parcels.ParcelRow) -> bool:
    return row.state not in AT_REST and row.state not in BEFORE_HAND_OVER


def _again(kind: DeadlineKind, row: parcels.ParcelRow, due_at: datetime) -> Arm:
    return Arm(kind, row.id, due_at, row.shop_id, row.warehouse_id, parcel_number(row.id))


@command(clause="O3.2", permission=Permission.PARCEL_WATCH, scope=PARCEL_ROW, internal=True)
def check_stalled_parcels(step: Step, items: Sequence[CheckStalled]) -> list[Outcome]:
    """Parcels without news for the policy's hours get a case; the others are looked at again when it is time."""
    rows = _read([item.parcel_id for item in items])
    policy = policies(step)
    arms, stalled = [], []
    for row in rows.values():
        hours = policy("parcel_stall_hours", row.shop_id)
        if not _is_watched(row):
            continue
        limit = stalled_until(row.last_sign_at, hours)
        if limit <= step.now:
            stalled.append(row.id)
            limit = stalled_until(step.now, hours)
        arms.append(_again(PARCEL_STALL, row, limit))
    wanted = [Wanted(id_, CaseKind.STALLED, "no_update") for id_ in sorted(stalled)]
    opened = {case.parcel_id for case in open_cases_for(step, wanted)}
    arm(step, arms)
    close(step, PARCEL_STALL, [row.id for row in rows.values() if not _is_watched(row)])
    return [done(i.parcel_id) if i.parcel_id in opened else unchanged(i.parcel_id) for i in items]


@command(clause="O3.2", permission=Permission.PARCEL_WATCH, scope=PARCEL_ROW, internal=True)
def check_promises(step: Step, items: Sequence[CheckPromise]) -> list[Outcome]:
    """Parcels not signed by the promised date get a case; the promise itself counts as missed."""
    rows = _read([item.parcel_id for item in items])
    due = [row for row in rows.values() if _is_watched(row) and row.promised_at and row.promised_at <= step.now]
    missed = {row.id for row in due}
    open_cases_for(step, [Wanted(id_, CaseKind.PAST_PROMISE, "promise") for id_ in sorted(missed)])
    close(step, PARCEL_PROMISE, sorted(missed), Ending.MISSED)
    early = [row for row in rows.values() if _is_watched(row) and row.id not in missed]
    arm(step, [_again(PARCEL_PROMISE, row, row.promised_at) for row in early if row.promised_at])
    close(step, PARCEL_PROMISE, [row.id for row in rows.values() if not _is_watched(row)], Ending.CANCELLED)
    return [done(i.parcel_id) if i.parcel_id in missed else unchanged(i.parcel_id) for i in items]


@command(clause="O3.2", permission=Permission.PARCEL_WATCH, scope=PARCEL_ROW, internal=True)
def ask_for_tracking(step: Step, items: Sequence[AskForTracking]) -> list[Outcome]:
    """Parcels of which nothing was heard for the policy's hours are asked about; the next look is set."""
    rows = _read([item.parcel_id for item in items])
    policy = policies(step)
    arms, asked = [], []
    for row in rows.values():
        if not _is_watched(row):
            continue
        pause = timedelta(hours=policy("tracking_pull_hours", row.shop_id))
        heard_at = max(at for at in (row.last_heard_at, row.handed_over_at, row.state_at) if at)
        if heard_at + pause <= step.now:
            asked.append(row.id)
            step.errand(Errand("pull_tracking", row.id, step.now, row.shop_id))
            heard_at = step.now
        arms.append(_again(TRACKING_PULL, row, heard_at + pause))
    arm(step, arms)
    close(step, TRACKING_PULL, [row.id for row in rows.values() if not _is_watched(row)])
    return [done(i.parcel_id) if i.parcel_id in asked else unchanged(i.parcel_id) for i in items]


@command(clause="O3.2", permission=Permission.PARCEL_WATCH, scope=EVERYWHERE, internal=True)
def stop_watching_parcels(step: Step, items: Sequence[StopWatching]) -> list[Outcome]:
    """End watches and open cases of orders whose buyers confirmed receipt."""
    found = parcels.READ_OF_ORDERS.rows(orders=sorted({item.order_id for item in items}))
    rows = _read([row.id for row in found])
    left = [row for row in rows.values() if row.state not in BEFORE_HAND_OVER]
    ids = [row.id for row in left]
    stopped = sum(close(step, kind, ids) for kind in (PARCEL_STALL, TRACKING_PULL, PARCEL_PROMISE))
    kinds = (CaseKind.STALLED, CaseKind.PAST_PROMISE, CaseKind.UNDELIVERED, CaseKind.MIS_SORTED)
    on_the_way = [row.id for row in left if row.state not in (ParcelState.RETURNING, ParcelState.REFUSED)]
    stopped += len(end_cases_of(step, on_the_way, kinds, CaseOutcome.DELIVERED))
    touched = {row.order_id for row in left} if stopped else set()
    return [done(i.order_id) if i.order_id in touched else unchanged(i.order_id) for i in items]
