"""S2.3: orders of which a platform may have something to say about refunds: they are to be read."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.service.aftersale.permissions import Permission
from shopkeeper.flows.service.aftersale.sql import money as sql
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.errands import Errand
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, unchanged


@dataclass(frozen=True, slots=True)
class WatchRefund:
    order_id: int


@command(clause="S2.3", permission=Permission.WATCH, scope=ShopOf("intake_order", "order_id"), internal=True)
def watch_refunds(step: Step, items: Sequence[WatchRefund]) -> list[Outcome]:
    """Have the refunds of orders read that speak of one; the others are unchanged."""
    concerned = {row.order_id: row.shop_id for row in sql.CONCERNED.rows(orders=sorted({i.order_id for i in items}))}
    step.errand(*(Errand("read_refunds", order_id, step.now, shop_id) for order_id, shop_id in concerned.items()))
    return [done(item.order_id) if item.order_id in concerned else unchanged(item.order_id) for item in items]
