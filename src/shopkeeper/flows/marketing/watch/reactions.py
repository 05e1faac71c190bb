"""What the watch does when others announce something. Wired in config/wiring.py."""

from collections.abc import Sequence
from datetime import timedelta

from shopkeeper.flows.fulfilment.intake.events import OrderPaid, OrderTakenIn
from shopkeeper.flows.marketing.campaigns.events import CampaignLaunched
from shopkeeper.flows.marketing.watch.commands.call_restock import NoteArrival, note_arrivals
from shopkeeper.flows.marketing.watch.commands.close_hours import RecountHour, recount_hours
from shopkeeper.flows.marketing.watch.commands.start_watches import StartWatch, start_watches
from shopkeeper.flows.marketing.watch.queries.late_facts import hours_of_orders
from shopkeeper.flows.products.stock.events import StockReceived
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.events import Recorded
from shopkeeper.sop.policy import read_policies


def watch_launched(actor: Actor, events: Sequence[Recorded[CampaignLaunched]]) -> None:
    """CampaignLaunched: its hours are watched."""
    start_watches(actor, [StartWatch(e.event.campaign_id) for e in events])


def recount_late(actor: Actor, events: Sequence[Recorded[OrderTakenIn | OrderPaid]]) -> None:
    """OrderTakenIn, OrderPaid: an order paid in an hour that is closed already is counted into it."""
    since = business_time.now() - timedelta(hours=read_policies()("watch_recount_hours"))
    hours = hours_of_orders({e.event.order_id for e in events}, since)
    recount_hours(actor, [RecountHour(campaign_id, hour) for campaign_id, hour in hours])


def note_received(actor: Actor, events: Sequence[Recorded[StockReceived]]) -> None:
    """StockReceived: calls for these pieces are answered by the fact."""
    note_arrivals(actor, [NoteArrival(sku_id) for sku_id in dict.fromkeys(e.event.sku_id for e in events)])
