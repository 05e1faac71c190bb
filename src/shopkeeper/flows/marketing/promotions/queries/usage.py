"""Orders priced by us: one with its ledger, those of platform orders, and whether the counters are true."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shopkeeper.flows.marketing.promotions.models import OrderPricing
from shopkeeper.flows.marketing.promotions.sql import coupons as coupon_sql
from shopkeeper.flows.marketing.promotions.sql import usage as sql
from shopkeeper.foundation.actor import Actor


@dataclass(frozen=True, slots=True)
class PricingRecord:
    """An order's frozen price. `lines`, `ledger` and `trace` as they were written when it was placed."""

    id: int
    shop_id: int
    order_no: str
    state: str
    priced_at: datetime
    currency: str
    list_minor: int
    discount_minor: int
    freight_minor: int
    freight_off_minor: int
    payable_minor: int
    lines: list[dict[str, Any]]
    ledger: list[dict[str, Any]]
    trace: dict[str, Any]
    released_because: str


def pricing_of(viewer: Actor, shop_id: int, order_no: str) -> PricingRecord | None:
    """The price of one order; None where it was not priced here, or not in the viewer's shops."""
    if not viewer.sees_shop(shop_id):
        return None
    row = OrderPricing.objects.filter(shop_id=shop_id, order_no=order_no).values(*PricingRecord.__dataclass_fields__)
    found = row.first()
    return PricingRecord(**found) if found else None


def priced_orders(order_ids: Collection[int]) -> list[sql.PricedOrderRow]:
    """Which of these orders of ours were priced here, by their platform's number."""
    return sql.PRICED_ORDERS.rows(orders=sorted(order_ids))


def counters_true() -> bool:
    """The invariant: every counter is the sum of the uses behind it, every batch counts the coupons it gave out."""
    return not sql.COUNTERS_UNLIKE.rows() and not coupon_sql.BATCHES_UNLIKE.rows()


def batches_overdrawn() -> int:
    """How many batches gave out more coupons than they have, in all or to one buyer; a hundred are counted at most."""
    return len(coupon_sql.BATCHES_OVERDRAWN.rows())
