"""S2.2: a customer wants an order changed that is still with us: it is held, called back, and the platform told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from shopkeeper.flows.fulfilment.intake.batches.deciding import holds_left
from shopkeeper.flows.fulfilment.intake.commands.hold_orders import HoldOrder, hold_orders
from shopkeeper.flows.fulfilment.intake.holds import WISH, HoldCode
from shopkeeper.flows.fulfilment.intake.models import order_number
from shopkeeper.flows.fulfilment.intake.ports import Receiver
from shopkeeper.flows.fulfilment.intake.queries import OrderCard, orders_by_id, receivers_of
from shopkeeper.flows.fulfilment.intake.states import OrderState
from shopkeeper.flows.service.tickets.commands.wishes import (
    Reason,
    ReceiverWish,
    facts_of,
    flaw_of,
    is_theirs,
    open_receivers,
    seal_receivers,
    tickets_of,
)
from shopkeeper.flows.service.tickets.deadlines import ORDER_CHANGE
from shopkeeper.flows.service.tickets.events import ChangeRequested
from shopkeeper.flows.service.tickets.permissions import Permission
from shopkeeper.flows.service.tickets.rules.stages import way_of
from shopkeeper.flows.service.tickets.sql import changes as sql
from shopkeeper.flows.service.tickets.states import ChangeKind, Way
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.errands import Errand
from shopkeeper.foundation.personal import Erased
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm
from shopkeeper.sop.policy import policies

HOLD_OF = {ChangeKind.ADDRESS: str(HoldCode.ADDRESS_CHANGED), ChangeKind.CANCEL: str(HoldCode.BY_HAND)}


@dataclass(frozen=True, slots=True)
class RequestChange:
    """Another address (`receiver`), or the order cancelled. `ticket_id` names who asked. `fills_up`: what the receiver
    leaves empty stays as it is on the order."""

    order_id: int
    kind: ChangeKind
    reason: Reason
    ticket_id: int | None = None
    receiver: ReceiverWish | None = None
    fills_up: bool = False


@command(clause="S2.2", permission=Permission.CHANGE_REQUEST, scope=ShopOf("intake_order", "order_id"))
def request_changes(step: Step, items: Sequence[RequestChange]) -> list[Outcome]:
    """Begin changes before hand-over. The order is held at once, which calls it back from pick and pack; then the
    platform is told, and our order follows it.

    Refused: "already_shipped" (an interception may still help), "order_ended", "address_needed" with the
    parts that are `missing`, "bad_phone" where it is no phone number, "not_their_order" where the ticket is another
    customer's, "district_needed" in another city, where the old one would stay, "other_change_open" where something
    else is being changed already: that one has to be ended first. The same wish under way is unchanged.
    """
    orders = orders_by_id({item.order_id for item in items})
    items = _filled_up(items)
    tickets = tickets_of([item.ticket_id for item in items])
    verdicts = {n: _verdict(item, orders[item.order_id], tickets) for n, item in enumerate(items)}
    going = {item.order_id: item for n, item in enumerate(items) if verdicts[n] is None}
    open_rows = sql.LOCK_OF_ORDERS.rows(orders=sorted(going)) if going else []
    under_way = {row.order_id: row.id for row in open_rows}
    others = _others(items, verdicts, open_rows)
    shipped = _hold(step, [item for order_id, item in going.items() if order_id not in under_way], orders)
    begun = _write(
        step,
        [item for order_id, item in going.items() if order_id not in under_way and order_id not in shipped],
        orders,
    )
    outcomes, fresh = [], set(begun)
    for n, item in enumerate(items):
        code = verdicts[n] or ("already_shipped" if item.order_id in shipped else None)
        if n in others:
            outcomes.append(refused("other_change_open", item.order_id, change_id=under_way[item.order_id]))
        elif code:
            way = str(way_of(orders[item.order_id].state))
            outcomes.append(refused(code, item.order_id, way=way, **facts_of(code, item.receiver)))
        elif item.order_id in fresh:
            fresh.discard(item.order_id)
            outcomes.append(done(begun[item.order_id], way=str(way_of(orders[item.order_id].state))))
        else:
            outcomes.append(unchanged(begun.get(item.order_id) or under_way.get(item.order_id)))
    return outcomes


def _filled_up(items: Sequence[RequestChange]) -> list[RequestChange]:
    """The wishes with their receivers made whole from their orders, where that was asked for."""
    asking = {item.order_id for item in items if item.fills_up and item.receiver and _is_wish(item.receiver)}
    standing = _receivers(sorted(asking)) if asking else {}
    return [
        replace(item, receiver=item.receiver.filled_up(now))
        if item.fills_up and item.receiver and _is_wish(item.receiver) and (now := standing.get(item.order_id))
        else item
        for item in items
    ]


def _is_wish(receiver: ReceiverWish) -> bool:
    return any(part.strip() for part in (receiver.name, receiver.phone, receiver.address))


def _receivers(order_ids: Sequence[int]) -> dict[int, Receiver]:
    """Whom orders go to now, in one statement; where somebody was erased, in halves until they are left out."""
    try:
        return receivers_of(order_ids)
    except Erased:
        half = len(order_ids) // 2
        return {**_receivers(order_ids[:half]), **_receivers(order_ids[half:])} if half else {}


def _verdict(item: RequestChange, order: OrderCard, tickets: Mapping[int, sql.TicketOrderRow]) -> str | None:
    way = way_of(order.state)
    if way == Way.INTERCEPTION:
        return "already_shipped"
    if way == Way.TOO_LATE:
        return "order_ended"
    if item.kind == ChangeKind.ADDRESS and (flaw := flaw_of(item.receiver)):
        return flaw
    if item.kind == ChangeKind.ADDRESS and item.receiver and _keeps_district(item.receiver, order):
        return "district_needed"
    theirs = is_theirs(item.ticket_id, tickets, order_id=order.id, shop_id=order.shop_id, subject_id=order.subject_id)
    return None if theirs else "not_their_order"


def _keeps_district(receiver: ReceiverWish, order: OrderCard) -> bool:
    """Another city without a district: platforms keep what is not given, and it would be the old city's."""
    moves = (receiver.province.strip(), receiver.city.strip()) != (order.province, order.city)
    return moves and not receiver.district.strip()


def _others(
    items: Sequence[RequestChange], verdicts: Mapping[int, str | None], rows: Sequence[sql.ChangeRow]
) -> set[int]:
    """Places of the wishes that are not the one under way for their order."""
    open_kinds = {row.order_id: row.kind for row in rows}
    receivers = open_receivers([row.id for row in rows if row.kind == ChangeKind.ADDRESS])
    return {
        n
        for n, item in enumerate(items)
        if verdicts[n] is None
        and item.order_id in open_kinds
        and (
            open_kinds[item.order_id] != item.kind
            or (item.kind == ChangeKind.ADDRESS and receivers.get(item.order_id) != item.receiver)
        )
    }


def _hold(step: Step, items: Sequence[RequestChange], orders: Mapping[int, OrderCard]) -> set[int]:
    """Hold the orders, which locks them; those that left at this very moment come back."""
    paid = [item for item in items if orders[item.order_id].state != OrderState.UNPAID]
    wishes = [HoldOrder(item.order_id, HOLD_OF[item.kind], {WISH: str(item.kind)}) for item in paid]
    outcomes = hold_orders.within(step, wishes)
    return {wish.order_id for wish, outcome in zip(wishes, outcomes, strict=True) if not outcome.ok}


def _write(step: Step, items: Sequence[RequestChange], orders: Mapping[int, OrderCard]) -> dict[int, int]:
    """Write the changes, set their clock, have the platform told; change ids by order."""
    if not items:
        return {}
    policy = policies(step)
    sealed = seal_receivers(
        {item.order_id: (orders[item.order_id].subject_id, item.receiver) for item in items if item.receiver}
    )
    dues = {
        item.order_id: step.now + timedelta(hours=policy("order_change_hours", orders[item.order_id].shop_id))
        for item in items
    }
    rows = [
        {
            "order_id": item.order_id,
            "shop_id": orders[item.order_id].shop_id,
            "ticket_id": item.ticket_id,
            "kind": item.kind,
            "way": way_of(orders[item.order_id].state),
            "reason": item.reason,
            "subject_id": orders[item.order_id].subject_id,
            "receiver_sealed": sealed.get(item.order_id, b""),
            "address_masked": item.receiver.masked if item.receiver else "",
            "due_at": dues[item.order_id],
        }
        for item in items
    ]
    begun = {
        row.order_id: row.id for row in sql.REQUEST.rows(now=step.now, actor_id=step.actor.id, changes=as_json(rows))
    }
    for item in items:
        if (change_id := begun.get(item.order_id)) is not None:
            shop_id, way = orders[item.order_id].shop_id, str(way_of(orders[item.order_id].state))
            step.errand(Errand("change_order", change_id, step.now, shop_id))
            step.emit(ChangeRequested(change_id, item.order_id, shop_id, str(item.kind), way))
    arm(
        step,
        [
            Arm(ORDER_CHANGE, change_id, dues[order_id], orders[order_id].shop_id, None, order_number(order_id))
            for order_id, change_id in begun.items()
        ],
    )
    holds_left(step, sorted(begun))  # the order desk has nothing to decide while the change is made
    return begun
