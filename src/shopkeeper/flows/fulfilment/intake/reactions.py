"""What intake does when others announce something. Wired in config/wiring.py."""

from collections.abc import Sequence

from shopkeeper.flows.fulfilment.intake.commands.match_orders import MatchOrder, match_orders
from shopkeeper.flows.fulfilment.intake.commands.pull_now import PullNow, pull_now
from shopkeeper.flows.fulfilment.intake.commands.retry_short_orders import RetryShort, retry_short_orders
from shopkeeper.flows.fulfilment.intake.queries.matchable import orders_waiting_for
from shopkeeper.flows.fulfilment.intake.queries.pulling import pulled_shops
from shopkeeper.flows.products.listing.events import ProductDrafted, ProductEdited, SkuAliasPut
from shopkeeper.flows.products.stock.events import SellableChanged
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.events import Recorded
from shopkeeper.sop.events import PolicyChanged


def serve_waiting(actor: Actor, events: Sequence[Recorded[SellableChanged]]) -> None:
    """SellableChanged: orders that were short get what is free now, first paid first served."""
    places = sorted({(e.event.sku_id, e.event.warehouse_id) for e in events})
    retry_short_orders(actor, [RetryShort(sku_id, warehouse_id) for sku_id, warehouse_id in places])


def pull_by_new_interval(actor: Actor, events: Sequence[Recorded[PolicyChanged]]) -> None:
    """PolicyChanged: who wants orders read more often does not wait for the old interval to end."""
    changed = [e.event.shop_id for e in events if e.event.key == "pull_minutes"]
    if changed:
        pull_now(actor, [PullNow(shop_id) for shop_id in pulled_shops() if None in changed or shop_id in changed])


def match_waiting(actor: Actor, events: Sequence[Recorded[ProductDrafted | ProductEdited | SkuAliasPut]]) -> None:
    """ProductDrafted, ProductEdited, SkuAliasPut: orders held because nobody knew a code are matched with it."""
    waiting = orders_waiting_for({e.event.product_id for e in events})
    if waiting:
        match_orders(actor, [MatchOrder(order_id) for order_id in waiting])
