"""What after-sale does when others announce something: refunds read, replacements noted, problems taken up."""

from collections.abc import Sequence

from shopkeeper.flows.fulfilment.intake.events import OrderChanged, OrderRefunded, RefundRequested
from shopkeeper.flows.fulfilment.parcels.events import ParcelHandedOver, ParcelSigned
from shopkeeper.flows.fulfilment.settlement.commands.complete_orders import NoteConfirmation, note_confirmations
from shopkeeper.flows.service.aftersale.commands.end_refunded_orders import EndRefundedOrder, end_refunded_orders
from shopkeeper.flows.service.aftersale.commands.note_replacements import NoteReplacement, note_replacements
from shopkeeper.flows.service.aftersale.commands.watch_refunds import WatchRefund, watch_refunds
from shopkeeper.flows.service.aftersale.events import AfterSaleClosed, AfterSaleRefused, AfterSaleSettled
from shopkeeper.flows.service.aftersale.queries.returns import replacement_orders
from shopkeeper.flows.service.tickets.commands.end_tickets import ResolveTicket, resolve_tickets
from shopkeeper.flows.service.tickets.states import Resolution
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.events import Recorded


def read_refunds(actor: Actor, events: Sequence[Recorded[OrderChanged | OrderRefunded | RefundRequested]]) -> None:
    """The order was changed, a refund asked for, or paid: what the platform has of it is read, as it is.

    OrderRefunded is not booked by itself: the platform's refund says what really went back.
    """
    watch_refunds(actor, [WatchRefund(order_id) for order_id in dict.fromkeys(e.event.order_id for e in events)])


def note_replaced(actor: Actor, events: Sequence[Recorded[ParcelHandedOver | ParcelSigned]]) -> None:
    """A replacement has left: its case is done. It arrived: nobody will confirm it, so it is completed."""
    orders = dict.fromkeys(e.event.order_id for e in events)
    ours = replacement_orders(orders)
    note_replacements(actor, [NoteReplacement(order_id) for order_id in ours])
    signed = {e.event.order_id: e.occurred_at for e in events if isinstance(e.event, ParcelSigned)}
    note_confirmations(actor, [NoteConfirmation(i, at) for i, at in signed.items() if i in ours])


def end_refunded(actor: Actor, events: Sequence[Recorded[OrderRefunded | AfterSaleSettled]]) -> None:
    """The last of money and goods: the order refunded in full is at its end."""
    orders = dict.fromkeys(e.event.order_id for e in events)
    end_refunded_orders(actor, [EndRefundedOrder(order_id) for order_id in orders])


def resolve_tickets_of(
    actor: Actor, events: Sequence[Recorded[AfterSaleSettled | AfterSaleRefused | AfterSaleClosed]]
) -> None:
    """The case is over: the ticket it came from is resolved, unless nobody has answered the customer yet."""
    tickets = dict.fromkeys(e.event.ticket_id for e in events if e.event.ticket_id)
    resolve_tickets(actor, [ResolveTicket(ticket_id, Resolution.AFTER_SALE) for ticket_id in tickets])
