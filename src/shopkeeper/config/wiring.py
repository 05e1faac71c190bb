"""Event → who reacts: every arrow between desks on one page. Each reader has its own cursor in the log."""

from shopkeeper.flows.fulfilment.intake import events as intake
from shopkeeper.flows.fulfilment.intake import reactions as intake_reactions
from shopkeeper.flows.fulfilment.parcels import events as parcels
from shopkeeper.flows.fulfilment.parcels import reactions as parcel_reactions
from shopkeeper.flows.fulfilment.settlement import events as settlement
from shopkeeper.flows.fulfilment.settlement import reactions as settlement_reactions
from shopkeeper.flows.fulfilment.warehouse import reactions as warehouse_reactions
from shopkeeper.flows.products.stock import events as stock
from shopkeeper.foundation.events import EVENT_TYPES
from shopkeeper.foundation.readers import Reader
from shopkeeper.foundation.relay import notify_live

READERS: tuple[Reader, ...] = (
    Reader("live", tuple(EVENT_TYPES.values()), notify_live),
    Reader("intake.serve_waiting", (stock.SellableChanged,), intake_reactions.serve_waiting),
    Reader("parcels.drop_cancelled", (intake.OrderCancelled,), parcel_reactions.drop_parcels_of_cancelled),
    Reader("parcels.stop_watching", (intake.BuyerConfirmed,), parcel_reactions.stop_watching_confirmed),
    Reader("warehouse.call_for_wave", (intake.OrderReleased,), warehouse_reactions.call_for_a_wave),
    Reader(
        "warehouse.call_back",
        (intake.OrderCancelled, intake.OrderHeld),
        warehouse_reactions.call_back_orders,
    ),
    Reader("settlement.complete", (intake.BuyerConfirmed,), settlement_reactions.complete_confirmed),
    Reader(
        "settlement.watch",
        (parcels.ParcelHandedOver, parcels.ParcelSigned, intake.OrderCancelled),
        settlement_reactions.watch_sent,
    ),
    Reader("settlement.settle", (settlement.OrderCompleted,), settlement_reactions.settle_completed),
    Reader("settlement.refunds", (intake.OrderRefunded,), settlement_reactions.book_refunded),
)
