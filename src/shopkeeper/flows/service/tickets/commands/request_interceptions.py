"""S2.2: a parcel that has left is to come back, or to go elsewhere: the courier is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from shopkeeper.flows.fulfilment.intake.queries import OrderCard, orders_by_id
from shopkeeper.flows.fulfilment.parcels.models import parcel_number
from shopkeeper.flows.fulfilment.parcels.queries import ParcelCard, parcels_by_id
from shopkeeper.flows.fulfilment.parcels.states import BEFORE_HAND_OVER, ON_THE_WAY
from shopkeeper.flows.service.tickets.commands.wishes import (
    Reason,
    ReceiverWish,
    facts_of,
    flaw_of,
    is_theirs,
    seal_receivers,
    tickets_of,
)
from shopkeeper.flows.service.tickets.deadlines import INTERCEPTION_ANSWER
from shopkeeper.flows.service.tickets.events import InterceptionRequested
from shopkeeper.flows.service.tickets.permissions import Permission
from shopkeeper.flows.service.tickets.sql import changes as sql
from shopkeeper.flows.service.tickets.states import InterceptionKind
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.errands import Errand
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm
from shopkeeper.sop.policy import policies


@dataclass(frozen=True, slots=True)
class RequestInterception:
    """Back to us, or on to another address (`receiver`). `ticket_id` names who asked."""

    parcel_id: int
    kind: InterceptionKind
    reason: Reason
    ticket_id: int | None = None
    receiver: ReceiverWish | None = None


@command(clause="S2.2", permission=Permission.INTERCEPTION_REQUEST, scope=ShopOf("parcels_parcel", "parcel_id"))
def request_interceptions(step: Step, items: Sequence[RequestInterception]) -> list[Outcome]:
    """Ask couriers to stop parcels, with a deadline for their answer.

    Refused: "not_handed_over" (the order can still be changed), "parcel_ended" for one delivered, refused, coming
    back or lost, "address_needed" with the parts that are `missing`, "bad_phone", "not_their_order". One under way is
    unchanged.
    """
    parcels = parcels_by_id({item.parcel_id for item in items})
    orders = orders_by_id({parcel.order_id for parcel in parcels.values()})
    tickets = tickets_of([item.ticket_id for item in items])
    verdicts = [_verdict(item, parcels[item.parcel_id], orders, tickets) for item in items]
    going = {item.parcel_id: item for item, code in zip(items, verdicts, strict=True) if code is None}
    under_way = {row.parcel_id: row.id for row in sql.LOCK_OF_PARCELS.rows(parcels=sorted(going))} if going else {}
    begun = _write(step, [item for id_, item in going.items() if id_ not in under_way], parcels, orders)
    outcomes, fresh = [], set(begun)
    for item, code in zip(items, verdicts, strict=True):
        if code:
            outcomes.append(refused(code, item.parcel_id, **facts_of(code, item.receiver)))
        elif item.parcel_id in fresh:
            fresh.discard(item.parcel_id)
            outcomes.append(done(begun[item.parcel_id], parcel_id=item.parcel_id))
        else:
            outcomes.append(unchanged(begun.get(item.parcel_id) or under_way.get(item.parcel_id)))
    return outcomes


def _verdict(
    item: RequestInterception,
    parcel: ParcelCard,
    orders: Mapping[int, OrderCard],
    tickets: Mapping[int, sql.TicketOrderRow],
) -> str | None:
    if parcel.state in BEFORE_HAND_OVER:
        return "not_handed_over"
    if parcel.state not in ON_THE_WAY or not parcel.number:
        return "parcel_ended"
    if item.kind == InterceptionKind.REDIRECT and (flaw := flaw_of(item.receiver)):
        return flaw
    order = orders[parcel.order_id]
    theirs = is_theirs(item.ticket_id, tickets, order_id=order.id, shop_id=order.shop_id, subject_id=order.subject_id)
    return None if theirs else "not_their_order"


def _write(
    step: Step,
    items: Sequence[RequestInterception],
    parcels: Mapping[int, ParcelCard],
    orders: Mapping[int, OrderCard],
) -> dict[int, int]:
    """Write the interceptions, set their clock, have the courier asked; their ids by parcel."""
    if not items:
        return {}
    policy = policies(step)
    subjects = {item.parcel_id: orders[parcels[item.parcel_id].order_id].subject_id for item in items}
    sealed = seal_receivers(
        {item.parcel_id: (subjects[item.parcel_id], item.receiver) for item in items if item.receiver}
    )
    shops = {item.parcel_id: parcels[item.parcel_id].shop_id for item in items}
    dues = {
        id_: step.now + timedelta(hours=policy("interception_answer_hours", shop_id)) for id_, shop_id in shops.items()
    }
    rows = [
        {
            "parcel_id": item.parcel_id,
            "order_id": parcels[item.parcel_id].order_id,
            "shop_id": shops[item.parcel_id],
            "ticket_id": item.ticket_id,
            "kind": item.kind,
            "reason": item.reason,
            "subject_id": subjects[item.parcel_id],
            "receiver_sealed": sealed.get(item.parcel_id, b""),
            "address_masked": item.receiver.masked if item.receiver else "",
            "due_at": dues[item.parcel_id],
        }
        for item in items
    ]
    begun = {
        row.parcel_id: row.id for row in sql.INTERCEPT.rows(now=step.now, actor_id=step.actor.id, wishes=as_json(rows))
    }
    arm(
        step,
        [
            Arm(INTERCEPTION_ANSWER, id_, dues[parcel_id], shops[parcel_id], None, parcel_number(parcel_id))
            for parcel_id, id_ in begun.items()
        ],
    )
    for item in items:
        if (id_ := begun.get(item.parcel_id)) is not None:
            order_id, shop_id = parcels[item.parcel_id].order_id, shops[item.parcel_id]
            step.errand(Errand("intercept_parcel", id_, step.now, shop_id))
            step.emit(InterceptionRequested(id_, item.parcel_id, order_id, shop_id, str(item.kind)))
    return begun
