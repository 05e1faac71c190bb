"""Goods as planning sees them: what is free, what sells, what lies too long."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from shopkeeper.flows.marketing.campaigns.rules.forecast import days_of_stock
from shopkeeper.flows.marketing.campaigns.sql import reading as sql
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import Actor
from shopkeeper.sop.policy import Policies, read_policies

MOST = 20


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A SKU that lies too long: pieces free, sold in the last `days`, how long that lasts (None: nothing sold)."""

    sku_id: int
    code: str
    name: str
    spec: str
    currency: str
    price_minor: int
    cost_minor: int
    free: int
    sold: int
    days: int
    days_of_stock: int | None

    @property
    def origin(self) -> str:
        return f"stock:{self.sku_id}"

    @property
    def tied_minor(self) -> int:
        """What the pieces cost that lie there."""
        return self.free * self.cost_minor


def goods_with_sales(sku_ids: Collection[int], now: datetime, days: int) -> dict[int, sql.GoodsRow]:
    """SKUs with free pieces and what all shops sold of them in the last days, in one statement."""
    if not sku_ids:
        return {}
    rows = sql.GOODS.rows(skus=sorted(sku_ids), since=now - timedelta(days=days), now=now)
    return {row.id: row for row in rows}


def daily_milli(sold: int, days: int) -> int:
    """Mean daily sales in thousandths of a piece."""
    return sold * 1_000 // days


def stock_suggestions(viewer: Actor, shop_id: int, policy: Policies | None = None) -> list[Suggestion]:
    """What a campaign of this shop could clear: days of stock above the policy's limit, most money first."""
    if not viewer.sees_shop(shop_id):
        return []
    policy = policy or read_policies()
    now, days = business_time.now(), policy("campaign_sales_days", shop_id)
    rows = sql.OVERSTOCKED.rows(
        shop=shop_id,
        since=now - timedelta(days=days),
        now=now,
        days=days,
        limit_days=policy("campaign_overstock_days", shop_id),
        pieces=policy("campaign_suggest_pieces", shop_id),
        most=MOST,
    )
    return [
        Suggestion(
            row.id,
            row.code,
            row.name,
            row.spec,
            row.currency,
            row.price_minor,
            row.cost_minor,
            row.free,
            row.sold,
            days,
            days_of_stock(row.free, daily_milli(row.sold, days)),
        )
        for row in rows
    ]
