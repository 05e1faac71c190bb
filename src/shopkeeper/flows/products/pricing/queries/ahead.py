"""Prices at another moment, to come or past, and what they may not exceed: for who plans, or looks back."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shopkeeper.flows.products.pricing.queries.in_force import PriceInForce
from shopkeeper.flows.products.pricing.sql import days as day_sql
from shopkeeper.flows.products.pricing.sql import in_force as sql
from shopkeeper.flows.products.pricing.sql import plans as plan_sql
from shopkeeper.shared.clock import day_of


@dataclass(frozen=True, slots=True)
class Cost:
    """What a SKU costs us, and its category's target margin in basis points (None: the policy's)."""

    sku_id: int
    cost_minor: int
    target_basis_points: int | None


def prices_at(sku_ids: Collection[int], shop_id: int | None, at: datetime) -> dict[int, PriceInForce]:
    """The plans that will hold at a moment, as things are: scheduled ones too. A SKU without one is left out."""
    return _priced(sql.AT.rows(skus=sorted(sku_ids), shop=shop_id, at=at) if sku_ids else [])


def prices_held_at(sku_ids: Collection[int], shop_id: int | None, at: datetime) -> dict[int, PriceInForce]:
    """The plans that held at a moment past, ended ones too. A SKU without one is left out."""
    return _priced(sql.HELD.rows(skus=sorted(sku_ids), shop=shop_id, at=at) if sku_ids else [])


def _priced(rows: Sequence[sql.InForceRow]) -> dict[int, PriceInForce]:
    return {
        row.sku_id: PriceInForce(
            row.sku_id,
            row.plan_id,
            row.currency,
            row.sale_minor,
            row.list_minor,
            row.discount_minor,
            row.member_minor,
            row.worst_minor,
        )
        for row in rows
    }


def lowest_before(sku_ids: Sequence[int], shop_id: int | None, at: datetime, days: int) -> dict[int, int | None]:
    """The lowest price of each SKU in the days before a moment; None: it was never sold. One statement."""
    since = at - timedelta(days=days)
    count = len(sku_ids)
    if not count:
        return {}
    rows = day_sql.LOWEST.rows(
        skus=list(sku_ids),
        shops=[shop_id] * count,
        plans=[None] * count,
        since_days=[day_of(since)] * count,
        until_days=[day_of(at)] * count,
        sinces=[since] * count,
        untils=[at] * count,
    )
    return {sku_ids[row.place - 1]: row.lowest_minor for row in rows}


def costs_of(sku_ids: Collection[int]) -> dict[int, Cost]:
    """Cost and target margin of SKUs, in one statement."""
    rows = plan_sql.SKUS.rows(skus=sorted(sku_ids)) if sku_ids else []
    return {row.id: Cost(row.id, row.cost_minor, row.target) for row in rows}
