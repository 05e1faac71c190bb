"""O3.1: parcels are given to the courier. The last door: refund, holds and address are looked at once more.

With the last parcel of an order its stock is posted and the order is shipped; each number goes to the platform.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shopkeeper.flows.fulfilment.intake.commands.advance_orders import AdvanceOrder, advance_orders
from shopkeeper.flows.fulfilment.intake.models import order_number
from shopkeeper.flows.fulfilment.intake.states import OrderState
from shopkeeper.flows.fulfilment.parcels.commands.cancel_parcels import PARCEL_ROW
from shopkeeper.flows.fulfilment.parcels.commands.take_in_tracking import project
from shopkeeper.flows.fulfilment.parcels.deadlines import (
    PARCEL_PROMISE,
    PARCEL_STALL,
    SHIP_BACK,
    TRACKING_PULL,
)
from shopkeeper.flows.fulfilment.parcels.events import ParcelHandedOver
from shopkeeper.flows.fulfilment.parcels.models import parcel_number
from shopkeeper.flows.fulfilment.parcels.permissions import Permission
from shopkeeper.flows.fulfilment.parcels.sql import parcels, ship_backs
from shopkeeper.flows.fulfilment.parcels.states import BEFORE_HAND_OVER, PARCEL_FLOW, ParcelState
from shopkeeper.flows.products.stock.commands.ship_allotments import ShipOrder, ship_allotments
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.errands import Errand
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, DeadlineKind, arm
from shopkeeper.sop.policy import policies

SOONEST_ALERT = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class HandOver:
    parcel_id: int


@command(clause="O3.1", permission=Permission.PARCEL_HAND_OVER, scope=PARCEL_ROW)
def hand_over_parcels(step: Step, items: Sequence[HandOver]) -> list[Outcome]:
    """Hand parcels over; a second time is unchanged.

    Refused: no_number, not_packed, parcel_cancelled, refund_open, order_on_hold, order_not_packed,
    address_changed, nothing_allotted.
    """
    ids = sorted({item.parcel_id for item in items})
    parcels.LOCK_ORDERS_OF.run(ids=ids)
    parcels.LOCK.run(ids=ids)
    rows = {row.id: row for row in parcels.READ.rows(ids=ids)}
    judged = {row.id: _judge(row) for row in rows.values()}
    going = [rows[id_] for id_ in ids if judged[id_].changed]
    unshipped = _ship_whole_orders(step, going)
    for row in going:
        if row.order_id in unshipped:
            judged[row.id] = refused("nothing_allotted", row.id)
    left = [row for row in going if row.order_id not in unshipped]
    _leave(step, left)
    answered, outcomes = set[int](), []
    for item in items:  # the same parcel named twice in one batch left once
        repeated = item.parcel_id in answered and judged[item.parcel_id].changed
        outcomes.append(unchanged(item.parcel_id) if repeated else judged[item.parcel_id])
        answered.add(item.parcel_id)
    return outcomes


def _judge(row: parcels.ParcelRow) -> Outcome:
    if row.state == ParcelState.CANCELLED:
        return refused("parcel_cancelled", row.id)
    if row.state not in BEFORE_HAND_OVER:
        return unchanged(row.id)
    named = {"parcel": parcel_number(row.id), "order": order_number(row.order_id)}
    if row.refund_state:
        return refused("refund_open", row.id, **named)
    if row.open_holds:
        return refused("order_on_hold", row.id, holds=", ".join(row.open_holds), **named)
    if row.state == ParcelState.AWAITING_NUMBER:
        return refused("no_number", row.id)
    if row.state != ParcelState.PACKED:
        return refused("not_packed", row.id)
    if row.order_state != OrderState.PACKED:
        return refused("order_not_packed", row.id, **named)
    if row.went_elsewhere:
        return refused("address_changed", row.id, **named)
    return done(row.id)


def _ship_whole_orders(step: Step, going: Sequence[parcels.ParcelRow]) -> set[int]:
    """Post the stock and move the orders whose last parcels go now; returns the orders stock refused."""
    leaving: dict[int, set[int]] = defaultdict(set)
    for row in going:
        leaving[row.order_id].add(row.id)
    waiting: dict[int, set[int]] = defaultdict(set)
    for row in parcels.READ_OF_ORDERS.rows(orders=sorted(leaving)):
        if row.state in BEFORE_HAND_OVER:
            waiting[row.order_id].add(row.id)
    whole = sorted(order_id for order_id, parts in leaving.items() if waiting[order_id] <= parts)
    posted = ship_allotments.within(step, [ShipOrder(order_id) for order_id in whole])
    refusing = {order_id for order_id, outcome in zip(whole, posted, strict=True) if not outcome.ok}
    shipped = [order_id for order_id in whole if order_id not in refusing]
    advance_orders.within(step, [AdvanceOrder(order_id, OrderState.SHIPPED) for order_id in shipped])
    return refusing


def _leave(step: Step, rows: Sequence[parcels.ParcelRow]) -> None:
    """What follows from leaving: promise date, report to the platform, tracking, watches."""
    if not rows:
        return
    policy = policies(step)
    ids = [row.id for row in rows]
    promises = [step.now + timedelta(hours=policy("promise_hours", row.shop_id)) for row in rows]
    parcels.HAND_OVER.run(ids=ids, promises=promises, now=step.now)
    step.move(PARCEL_FLOW, ids, ParcelState.HANDED_OVER)
    dues = [
        row.ship_by_at or step.now + timedelta(hours=policy("ship_back_hours_without_ship_by", row.shop_id))
        for row in rows
    ]
    ship_backs.ASK.run(ids=ids, shops=[row.shop_id for row in rows], dues=dues, now=step.now)
    for row in rows:
        step.errand(
            Errand("ship_back", row.id, step.now, row.shop_id),
            Errand("subscribe_tracking", row.id, step.now, row.shop_id),
        )
    arms = []
    for row, promised_at, ship_by_at in zip(rows, promises, dues, strict=True):
        alert = timedelta(hours=policy("ship_back_alert_hours", row.shop_id))
        stall = timedelta(hours=policy("parcel_stall_hours", row.shop_id))
        pull = timedelta(hours=policy("tracking_pull_hours", row.shop_id))
        arms += [
            _arm(SHIP_BACK, row, min(ship_by_at, max(ship_by_at - alert, step.now + SOONEST_ALERT))),
            _arm(PARCEL_STALL, row, step.now + stall),
            _arm(PARCEL_PROMISE, row, promised_at),
            _arm(TRACKING_PULL, row, step.now + pull),
        ]
    arm(step, arms)
    step.emit(*(ParcelHandedOver(row.id, row.order_id, row.shop_id, row.warehouse_id, row.courier) for row in rows))
    project(step, [row.id for row in rows if row.last_update_at])  # the courier was quicker than our scan


def _arm(kind: DeadlineKind, row: parcels.ParcelRow, due_at: datetime) -> Arm:
    return Arm(kind, row.id, due_at, shop_id=row.shop_id, warehouse_id=row.warehouse_id, label=parcel_number(row.id))
