"""What promotions do when orders announce something. Wired in config/wiring.py."""

from collections.abc import Sequence

from shopkeeper.flows.fulfilment.intake.commands.hold_orders import HoldOrder, hold_orders
from shopkeeper.flows.fulfilment.intake.events import OrderCancelled, OrderPaid, OrderTakenIn
from shopkeeper.flows.fulfilment.intake.holds import HoldCode
from shopkeeper.flows.marketing.promotions.commands.count_platform_uses import (
    CountPlatformUse,
    EndPlatformUse,
    count_platform_uses,
    end_platform_uses,
)
from shopkeeper.flows.marketing.promotions.commands.settle_usage import (
    ConfirmUsage,
    ReleaseUsage,
    confirm_usage,
    release_usage,
)
from shopkeeper.flows.marketing.promotions.queries.checking import unlike_orders
from shopkeeper.flows.marketing.promotions.queries.recognising import platform_uses
from shopkeeper.flows.marketing.promotions.queries.usage import priced_orders
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.events import Recorded
from shopkeeper.sop.policy import read_policies

PAID = "to_check"


def follow_orders(actor: Actor, events: Sequence[Recorded[OrderTakenIn | OrderPaid | OrderCancelled]]) -> None:
    """Orders priced here that are paid have used their promotions; cancelled ones give them back."""
    cancelled = {e.event.order_id for e in events if isinstance(e.event, OrderCancelled)}
    paid = {e.event.order_id for e in events if _is_paid(e.event)} - cancelled
    rows = priced_orders(paid | cancelled)
    confirm_usage(actor, [ConfirmUsage(row.shop_id, row.order_no) for row in rows if row.order_id in paid])
    release_usage(
        actor, [ReleaseUsage(row.shop_id, row.order_no, "cancelled") for row in rows if row.order_id in cancelled]
    )


def count_uses(actor: Actor, events: Sequence[Recorded[OrderTakenIn | OrderPaid | OrderCancelled]]) -> None:
    """Paid orders that a platform priced like promotions of ours count as their uses, until they are cancelled."""
    cancelled = {e.event.order_id for e in events if isinstance(e.event, OrderCancelled)}
    paid = {e.event.order_id for e in events if _is_paid(e.event)} - cancelled
    used = platform_uses(paid, {e.event.shop_id for e in events}, business_time.now(), read_policies())
    count_platform_uses(
        actor, [CountPlatformUse(one.order_id, one.rule_id, one.version_id, one.amount_minor) for one in used]
    )
    end_platform_uses(actor, [EndPlatformUse(order_id) for order_id in sorted(cancelled)])


def check_prices(actor: Actor, events: Sequence[Recorded[OrderTakenIn | OrderPaid]]) -> None:
    """Paid orders whose price is not what our promotions allow wait for somebody to look."""
    paid = [e.event for e in events if _is_paid(e.event)]
    if not paid:
        return
    shops = {event.shop_id for event in paid}
    found = unlike_orders({event.order_id for event in paid}, shops, business_time.now(), read_policies())
    hold_orders(
        actor,
        [
            HoldOrder(
                one.order_id,
                HoldCode.PRICE_UNLIKE_PROMOTIONS,
                {"paid": one.paid_minor, "least": one.least_minor, "most": one.most_minor},
            )
            for one in found
        ],
    )


def _is_paid(event: OrderTakenIn | OrderPaid | OrderCancelled) -> bool:
    return isinstance(event, OrderPaid) or (isinstance(event, OrderTakenIn) and event.state == PAID)
