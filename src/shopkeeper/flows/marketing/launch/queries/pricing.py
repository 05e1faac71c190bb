"""Carts and goods priced with the real engine at a moment ahead, as everything is published now."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from shopkeeper.flows.marketing.launch.queries.standing import Standing
from shopkeeper.flows.marketing.launch.rules.gate import ExampleResult, GoodsFacts
from shopkeeper.flows.marketing.launch.sql import gates as sql
from shopkeeper.flows.marketing.promotions.queries.book import House, house_at
from shopkeeper.flows.marketing.promotions.queries.carts import AskedCart, AskedLine, bad_cart, limits_of
from shopkeeper.flows.marketing.promotions.queries.goods import line_of
from shopkeeper.flows.marketing.promotions.rules.ledger import Priced
from shopkeeper.flows.marketing.promotions.rules.pricing import price
from shopkeeper.flows.marketing.promotions.rules.stack import worst_price
from shopkeeper.flows.marketing.promotions.rules.values import Buyer, Cart, Coupon, Line, Promotion
from shopkeeper.flows.marketing.promotions.sql import goods as goods_sql
from shopkeeper.flows.products.pricing.queries.ahead import costs_of, lowest_before, prices_at
from shopkeeper.flows.products.stock.queries.sellable import sellable_by_sku
from shopkeeper.shared.errors import BusinessError
from shopkeeper.sop.policy import Policies


@dataclass(frozen=True, slots=True)
class WrittenLine:
    sku_id: int
    quantity: int
    paid_minor: int | None


def lines_of(row: sql.ExampleRow) -> tuple[WrittenLine, ...]:
    """The lines of an example as they were written down."""
    return tuple(WrittenLine(line["sku_id"], line["quantity"], line["paid_minor"]) for line in json.loads(row.lines))


def asked_of(row: sql.ExampleRow, shop_id: int) -> AskedCart:
    """An example as the cart that the engine is asked about."""
    lines = tuple(AskedLine(line.sku_id, line.quantity) for line in lines_of(row))
    return AskedCart(shop_id, lines, row.level, tuple(row.segments), row.is_new, freight_minor=row.freight_minor)


@dataclass(frozen=True, slots=True)
class PricedAhead:
    """A cart as it will be priced, with the codes of its SKUs."""

    cart: Cart
    priced: Priced
    codes: Mapping[int, str]
    house: House


def price_ahead(asked: AskedCart, at: datetime, rule_ids: Collection[int] = ()) -> PricedAhead:
    """Price a cart at a moment ahead; coupons of `rule_ids` are in hand.

    Raises BusinessError with the code of `bad_cart`, "cart_sku_unknown" or "cart_currencies".
    """
    code = bad_cart(asked)
    if code:
        raise BusinessError(code)
    skus = sorted({line.sku_id for line in asked.lines})
    rows = {row.id: row for row in goods_sql.GOODS.rows(skus=skus)}
    if len(rows) < len(skus):
        raise BusinessError("cart_sku_unknown")
    if len({row.currency for row in rows.values()}) > 1:
        raise BusinessError("cart_currencies")
    plans = prices_at(skus, asked.shop_id, at)
    house = house_at(at)
    lines = tuple(
        replace(
            line_of(rows[line.sku_id], asked.shop_id, plans.get(line.sku_id), asked.level),
            id=str(place),
            quantity=line.quantity,
        )
        for place, line in enumerate(asked.lines)
    )
    coupons = tuple(
        Coupon(f"supposed:{id_}", id_, house.known[id_].promotion.ends_at)
        for id_ in sorted(rule_ids)
        if id_ in house.known
    )
    buyer = Buyer(asked.level, frozenset(asked.segments), asked.is_new)
    cart = Cart(lines, at, buyer, coupons, asked.freight_minor)
    priced = price(cart, house.book, limits_of(house, [0])[0])
    return PricedAhead(cart, priced, {id_: row.code for id_, row in rows.items()}, house)


def evaluate(examples: Sequence[sql.ExampleRow], shop_id: int, at: datetime) -> list[ExampleResult]:
    """Each example with what the engine makes of it at the campaign's start."""
    return [_evaluated(row, shop_id, at) for row in examples]


def _evaluated(row: sql.ExampleRow, shop_id: int, at: datetime) -> ExampleResult:
    try:
        found = price_ahead(asked_of(row, shop_id), at, row.rule_ids)
    except BusinessError as error:
        return ExampleResult(row.id, row.name, row.expected_minor, 0, trouble=error.code)
    paid = found.priced.paid_by_line()
    lines = tuple(
        (found.codes[line.sku_id], line.paid_minor, paid[str(place)]) for place, line in enumerate(lines_of(row))
    )
    missing = sorted(set(row.rule_ids) - set(found.house.known))
    trouble = "rule_not_published" if missing else ""
    return ExampleResult(row.id, row.name, row.expected_minor, found.priced.payable_minor, lines, trouble)


def goods_facts(standing: Standing, policies: Policies) -> list[GoodsFacts]:
    """The campaign's SKUs with prices at the start, what they may cost at least, law, cost and stock."""
    campaign, ids = standing.campaign, [one.sku_id for one in standing.goods]
    if not ids:
        return []
    rows = {row.id: row for row in goods_sql.GOODS.rows(skus=ids)}
    plans = prices_at(ids, campaign.shop_id, campaign.starts_at)
    costs, free = costs_of(ids), sellable_by_sku(ids)
    days, strike_days = policies("gate_lowest_price_days", campaign.shop_id), policies("strike_days", campaign.shop_id)
    lowest = lowest_before(ids, campaign.shop_id, campaign.starts_at, days)
    strikes = lowest_before(ids, campaign.shop_id, campaign.starts_at, strike_days)
    target = policies("target_margin_basis_points", campaign.shop_id)
    house = house_at(campaign.starts_at)
    seen: dict[tuple[int, ...], tuple[int, int]] = {}
    found = []
    for one in standing.goods:
        plan, cost = plans.get(one.sku_id), costs[one.sku_id]
        line = line_of(rows[one.sku_id], campaign.shop_id, plan)
        reached, worst = _least(line, house, standing, seen)
        found.append(
            GoodsFacts(
                sku_id=one.sku_id,
                code=one.code,
                name=one.name,
                planned=one.planned,
                price_minor=one.price_minor,
                list_minor=line.list_minor,
                reached_minor=reached,
                worst_minor=worst,
                cost_minor=cost.cost_minor,
                target_basis_points=target if cost.target_basis_points is None else cost.target_basis_points,
                lowest_minor=lowest[one.sku_id],
                strike_minor=plan.list_minor if plan else None,
                strike_most_minor=strikes[one.sku_id],
                sellable=free[one.sku_id],
                listing=one.listing,
            )
        )
    return found


def _least(
    line: Line, house: House, standing: Standing, seen: dict[tuple[int, ...], tuple[int, int]]
) -> tuple[int, int]:
    """The least a piece can cost at the start, and at any time of the campaign; alike goods are tried once."""
    start, end = standing.campaign.starts_at, standing.campaign.ends_at
    own = [p for p in house.book.promotions if p.starts_at < end and p.ends_at > start and p.scope.covers(line)]
    flash = any(k.terms.kind == "flash" for k in house.known.values() if k.promotion in own)
    key = (line.list_minor, line.sku_id if flash else 0, *sorted(p.id for p in own))
    if key not in seen:
        begun = [p for p in own if p.starts_at <= start]
        seen[key] = (_worst(line, begun, start), _worst(line, own, start))
    return seen[key]


def _worst(line: Line, promotions: Sequence[Promotion], at: datetime) -> int:
    return worst_price(line, promotions, at).price_minor
