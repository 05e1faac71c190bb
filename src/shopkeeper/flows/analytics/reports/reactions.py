"""What this desk does when others announce something: one command call each, safe to repeat."""

from collections.abc import Sequence

from shopkeeper.flows.analytics.reports.commands.make_due_reports import WatchReports, watch_reports
from shopkeeper.flows.fulfilment.intake.events import OrderTakenIn
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.events import Recorded


def report_shops(actor: Actor, events: Sequence[Recorded[OrderTakenIn]]) -> None:
    """OrderTakenIn: orders come in, the shop and its periods are reported from now on."""
    watch_reports(actor, [WatchReports(shop_id) for shop_id in dict.fromkeys(e.event.shop_id for e in events)])
