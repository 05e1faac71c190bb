"""The forecast of a campaign as it stands: its plan, its goods' stock and sales, the shop's mean basket."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from shopkeeper.flows.marketing.campaigns.models import BudgetItem
from shopkeeper.flows.marketing.campaigns.queries.campaigns import CampaignFacts
from shopkeeper.flows.marketing.campaigns.queries.goods import daily_milli, goods_with_sales
from shopkeeper.flows.marketing.campaigns.rules.forecast import Expected, Forecast, GoodsLine, forecast
from shopkeeper.flows.marketing.campaigns.sql import reading as sql
from shopkeeper.flows.products.pricing.ports import Offered, promotion_stack
from shopkeeper.sop.policy import Policies, read_policies


@dataclass(frozen=True, slots=True)
class Basis:
    """What the figures rest on, for whoever asks how they come about."""

    days: int
    orders: int
    paid_minor: int


def forecast_of(
    campaign: CampaignFacts, now: datetime, policy: Policies | None = None
) -> tuple[Forecast, Basis, Mapping[int, sql.GoodsRow]]:
    """The forecast with its basis and the goods it was made of; four statements for any campaign."""
    policy = policy or read_policies()
    days = policy("campaign_sales_days", campaign.shop_id)
    goods = goods_with_sales(campaign.sku_ids, now, days)
    offered = {one.sku_id: Offered(one.sku_id, campaign.shop_id, one.price_minor) for one in campaign.goods}
    worst = promotion_stack().worst_prices(list(offered.values()))
    lines = [
        GoodsLine(
            one.sku_id,
            one.planned_quantity,
            one.price_minor,
            worst[offered[one.sku_id]],
            goods[one.sku_id].cost_minor,
            goods[one.sku_id].free,
            daily_milli(goods[one.sku_id].sold, days),
        )
        for one in campaign.goods
    ]
    basket = sql.BASKET.first(shop=campaign.shop_id, since=now - timedelta(days=days), now=now)
    orders, paid = (basket.orders, basket.paid_minor) if basket else (0, 0)
    budget = sum(BudgetItem.objects.filter(campaign=campaign.id).values_list("planned_minor", flat=True))
    expected = Expected(
        campaign.goal_sales_minor,
        campaign.expected_visitors,
        campaign.expected_conversion_bp,
        paid // orders if orders else 0,
        budget,
        policy("commission_basis_points", campaign.shop_id),
    )
    return forecast(lines, expected), Basis(days, orders, paid), goods
