"""O3.1: when a wave is released each order gets its parcel: courier chosen with reason, number asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shopkeeper.flows.fulfilment.intake.queries import OrderCard, orders_by_id
from shopkeeper.flows.fulfilment.intake.states import OrderState
from shopkeeper.flows.fulfilment.parcels.commands.cancel_parcels import cancel
from shopkeeper.flows.fulfilment.parcels.events import ParcelOpened
from shopkeeper.flows.fulfilment.parcels.permissions import Permission
from shopkeeper.flows.fulfilment.parcels.rules.choice import Choice, choose_courier
from shopkeeper.flows.fulfilment.parcels.sql import parcels
from shopkeeper.flows.fulfilment.parcels.states import BEFORE_HAND_OVER
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.errands import Errand
from shopkeeper.foundation.models import Warehouse
from shopkeeper.foundation.scope import InWarehouse
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.policy import policies

IN_THE_WAREHOUSE = frozenset({OrderState.RELEASED, OrderState.PICKING, OrderState.TO_PACK})
MOST_PARTS = 20


@dataclass(frozen=True, slots=True)
class OpenParcel:
    """The parcel of an order. An order that leaves in several names the `part` and its order lines."""

    order_id: int
    warehouse_id: int
    part: int = 1
    line_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    item: OpenParcel
    choice: Choice
    weight_g: int
    marks: tuple[str, ...]


@command(clause="O3.1", permission=Permission.PARCEL_OPEN, scope=InWarehouse("warehouse_id"), internal=True)
def open_parcels(step: Step, items: Sequence[OpenParcel]) -> list[Outcome]:
    """Open parcels; the one an order already has is kept unless it is of another place or was used before.

    Without a door of its own until the packing station knows more than an order's first parcel.
    Refused: not_found, order_not_released, bad_part.
    """
    orders = sorted({item.order_id for item in items})
    parcels.LOCK_ORDERS.run(orders=orders)
    known = {row.id: row for row in parcels.ORDERS.rows(orders=orders)}
    existing = {(row.order_id, row.part): row for row in parcels.READ_OF_ORDERS.rows(orders=orders)}
    cards = orders_by_id(orders)
    judged: dict[OpenParcel, Outcome] = {}
    going_elsewhere, used, wanted = [], [], []
    for item in dict.fromkeys(items):
        found = existing.get((item.order_id, item.part))
        if code := _objection(step, item, known.get(item.order_id), cards):
            judged[item] = refused(code, item.order_id)
        elif found and _goes_elsewhere(item, found):
            going_elsewhere.append(found)
            wanted.append(item)
        elif found and _was_called_back(found):
            used.append(found)
            wanted.append(item)
        elif found:
            judged[item] = unchanged(found.id)
        else:
            wanted.append(item)
    cancel(step, going_elsewhere, reason="goes elsewhere")
    cancel(step, used, reason="order called back")
    opened = _open(step, _plans(wanted, cards), known)
    judged |= {item: done(opened[item.order_id, item.part]) for item in wanted}
    return [judged[item] for item in items]


def _objection(step: Step, item: OpenParcel, order: parcels.OrderRow | None, cards: Mapping[int, OrderCard]) -> str:
    if order is None or not step.actor.sees_shop(order.shop_id):
        return "not_found"
    if order.state not in IN_THE_WAREHOUSE:
        return "order_not_released"
    lines = {line.id for line in cards[item.order_id].lines}
    if not 1 <= item.part <= MOST_PARTS or not set(item.line_ids) <= lines:
        return "bad_part"
    return ""


def _goes_elsewhere(item: OpenParcel, found: parcels.ParcelRow) -> bool:
    """The parcel at hand cannot be used: its label would send it from or to the wrong place."""
    before = found.state in BEFORE_HAND_OVER
    return before and (found.went_elsewhere or found.warehouse_id != item.warehouse_id)


def _was_called_back(found: parcels.ParcelRow) -> bool:
    """It stands in a box, with a label, while its order begins anew: two boxes must not bear one number."""
    return found.state in BEFORE_HAND_OVER and found.is_used and found.order_state in IN_THE_WAREHOUSE


def _plans(items: Sequence[OpenParcel], cards: Mapping[int, OrderCard]) -> list[Plan]:
    senders = Warehouse.objects.in_bulk({item.warehouse_id for item in items})
    plans = []
    for item in items:
        card = cards[item.order_id]
        lines = [line for line in card.lines if not item.line_ids or line.id in item.line_ids]
        weight = sum((line.weight_g or 0) * line.quantity for line in lines)
        fragile = any(line.is_fragile for line in lines)
        unbendable = any(line.is_unbendable for line in lines)
        origin = senders[item.warehouse_id].sender_address
        marks = (("fragile",) if fragile else ()) + (("do_not_bend",) if unbendable else ())
        plans.append(Plan(item, choose_courier(origin, card.province, weight, fragile), weight, marks))
    return plans


def _open(step: Step, plans: Sequence[Plan], known: Mapping[int, parcels.OrderRow]) -> dict[tuple[int, int], int]:
    if not plans:
        return {}
    rows = parcels.OPEN.rows(
        now=step.now,
        orders=[plan.item.order_id for plan in plans],
        parts=[plan.item.part for plan in plans],
        line_ids=["{" + ",".join(map(str, plan.item.line_ids)) + "}" for plan in plans],
        warehouses=[plan.item.warehouse_id for plan in plans],
        couriers=[plan.choice.courier for plan in plans],
        reasons=[plan.choice.reason for plan in plans],
        marks=["{" + ",".join(plan.marks) + "}" for plan in plans],
        weights=[plan.weight_g for plan in plans],
        costs=[plan.choice.cost_minor for plan in plans],
    )
    opened = {(row.order_id, row.part): row.id for row in rows}
    policy = policies(step)
    for plan in plans:
        order, parcel_id = known[plan.item.order_id], opened[plan.item.order_id, plan.item.part]
        step.emit(
            ParcelOpened(
                parcel_id,
                order.id,
                order.shop_id,
                plan.item.warehouse_id,
                plan.choice.courier,
                plan.choice.reason,
            )
        )
        if policy("request_numbers", order.shop_id):
            step.errand(Errand("order_waybill", parcel_id, step.now, order.shop_id))
    return opened
