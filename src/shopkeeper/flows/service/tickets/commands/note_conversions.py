"""S2.1: an inquiry became an order: the customer of a pre-sale ticket bought within the policy's hours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from shopkeeper.flows.fulfilment.intake.queries import orders_by_id
from shopkeeper.flows.service.tickets.events import InquiryConverted
from shopkeeper.flows.service.tickets.permissions import Permission
from shopkeeper.flows.service.tickets.sql import offers as sql
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, unchanged
from shopkeeper.sop.policy import policies


@dataclass(frozen=True, slots=True)
class NoteConversion:
    order_id: int


@command(clause="S2.1", permission=Permission.TICKET_HANDLE, scope=ShopOf("intake_order", "order_id"), internal=True)
def note_conversions(step: Step, items: Sequence[NoteConversion]) -> list[Outcome]:
    """Tie orders to the latest pre-sale ticket of their buyer; an order without an inquiry is unchanged."""
    orders = orders_by_id({item.order_id for item in items})
    policy = policies(step)
    converted = {
        row.order_id: row
        for row in sql.CONVERT.rows(
            orders=[order.id for order in orders.values()],
            shops=[order.shop_id for order in orders.values()],
            subjects=[order.subject_id for order in orders.values()],
            placed=[order.placed_at for order in orders.values()],
            earliest=[
                order.placed_at - timedelta(hours=policy("inquiry_conversion_hours", order.shop_id))
                for order in orders.values()
            ],
            now=step.now,
        )
    }
    step.emit(*(InquiryConverted(row.ticket_id, row.shop_id, row.order_id) for row in converted.values()))
    return [
        done(item.order_id, ticket_id=converted.pop(item.order_id).ticket_id)
        if item.order_id in converted
        else unchanged(item.order_id)
        for item in items
    ]
