"""What this desk does when others announce something: one command call each, safe to repeat."""

from collections.abc import Sequence

from shopkeeper.flows.products.listing.events import (
    PricesPut,
    ProductApproved,
    ProductRetired,
    ProductSubmitted,
    ProductWithdrawn,
)
from shopkeeper.flows.products.pricing.events import PriceChanged
from shopkeeper.flows.products.publishing.commands.follow_products import FollowProduct, follow_products
from shopkeeper.flows.products.publishing.commands.open_reviews import (
    OpenReview,
    WithdrawReview,
    open_reviews,
    withdraw_reviews,
)
from shopkeeper.flows.products.publishing.commands.push_stock import PushStock, push_stock
from shopkeeper.flows.products.publishing.queries.goods import products_of_skus
from shopkeeper.flows.products.stock.events import SellableChanged, SellableFell, StockAdjusted, StockSetAside
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.events import Recorded


def review_submitted(actor: Actor, events: Sequence[Recorded[ProductSubmitted]]) -> None:
    """ProductSubmitted: it comes before the supervisor, with what is found in it."""
    open_reviews(actor, [OpenReview(id_) for id_ in dict.fromkeys(e.event.product_id for e in events)])


def withdraw_taken_back(actor: Actor, events: Sequence[Recorded[ProductWithdrawn]]) -> None:
    """ProductWithdrawn: nothing is left to review."""
    withdraw_reviews(actor, [WithdrawReview(id_) for id_ in dict.fromkeys(e.event.product_id for e in events)])


def follow_changed(
    actor: Actor, events: Sequence[Recorded[ProductApproved | ProductRetired | PricesPut | PriceChanged]]
) -> None:
    """ProductApproved, PricesPut, PriceChanged: shops that sell it are told. ProductRetired: its sale ends."""
    owners = products_of_skus([e.event.sku_id for e in events if isinstance(e.event, PricesPut | PriceChanged)])
    products = [
        owners.get(e.event.sku_id) if isinstance(e.event, PricesPut | PriceChanged) else e.event.product_id
        for e in events
    ]
    follow_products(actor, [FollowProduct(id_) for id_ in dict.fromkeys(products) if id_ is not None])


def push_changed(
    actor: Actor, events: Sequence[Recorded[SellableChanged | SellableFell | StockAdjusted | StockSetAside]]
) -> None:
    """What is free of a SKU changed, or may have: every shop that sells it is told the newest quantity."""
    first = {(e.event.sku_id, e.event.warehouse_id): e.occurred_at for e in reversed(events)}
    push_stock(actor, [PushStock(sku_id, warehouse_id, at) for (sku_id, warehouse_id), at in first.items()])
