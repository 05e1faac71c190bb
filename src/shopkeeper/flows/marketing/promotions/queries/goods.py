"""Goods as lines of a cart: the price in force, the member price, what promotions are scoped by."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from shopkeeper.flows.marketing.promotions.rules.codec import Terms
from shopkeeper.flows.marketing.promotions.rules.offers import FlashPrice, Gift
from shopkeeper.flows.marketing.promotions.rules.values import Line
from shopkeeper.flows.marketing.promotions.sql import goods as sql
from shopkeeper.flows.products.listing.models import Sku
from shopkeeper.flows.products.pricing.queries.in_force import PriceInForce, prices_in_force
from shopkeeper.shared.words import T

GOODS_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Goods:
    """A SKU with what it costs in a shop right now; the floor is what the engine never goes below."""

    id: int
    code: str
    name: str
    spec: str
    currency: str
    price_minor: int
    line: Line


def goods_in_shop(sku_ids: Collection[int], shop_id: int, level: str = "") -> dict[int, Goods]:
    """SKUs as they are sold in a shop, in two statements; unknown ids are left out."""
    rows = sql.GOODS.rows(skus=sorted(sku_ids)) if sku_ids else []
    return _priced(rows, shop_id, level)


def goods_by_code(codes: Collection[str], shop_id: int, level: str = "") -> dict[str, Goods]:
    rows = sql.GOODS_BY_CODE.rows(codes=sorted(codes)) if codes else []
    return {goods.code: goods for goods in _priced(rows, shop_id, level).values()}


def _priced(rows: list[sql.GoodsRow], shop_id: int, level: str) -> dict[int, Goods]:
    plans: Mapping[int, PriceInForce] = prices_in_force([row.id for row in rows], shop_id or None)
    found = {}
    for row in rows:
        line = line_of(row, shop_id, plans.get(row.id), level)
        found[row.id] = Goods(row.id, row.code, row.name, row.spec, row.currency, line.list_minor, line)
    return found


@dataclass(frozen=True, slots=True)
class NamedGoods:
    """A SKU that a promotion names, and the product whose page shows it."""

    id: int
    code: str
    name: str
    spec: str
    product_id: int


@dataclass(frozen=True, slots=True)
class GoodsGroup:
    """SKUs that a promotion names, the first by code: what takes part, the gifts, or what is left out."""

    words: T
    goods: list[NamedGoods]
    more: int


def goods_named(terms: Terms) -> list[GoodsGroup]:
    """The goods a promotion names, by what they are to it; groups that are empty are left out."""
    taking_part = {*terms.skus, *(terms.offer.prices if isinstance(terms.offer, FlashPrice) else ())}
    gifts = set(terms.offer.choices) if isinstance(terms.offer, Gift) else set()
    groups = [
        (T("参加的商品", "Goods that take part"), taking_part),
        (T("赠品", "Gifts"), gifts),
        (T("不含的商品", "Goods left out"), terms.excluded_skus),
    ]
    named = {one.id: one for one in _named({id_ for _, ids in groups for id_ in ids})}
    found = []
    for words, ids in groups:
        goods = [one for id_, one in named.items() if id_ in ids]
        if goods:
            found.append(GoodsGroup(words, goods[:GOODS_SHOWN], max(len(goods) - GOODS_SHOWN, 0)))
    return found


def _named(sku_ids: Collection[int]) -> list[NamedGoods]:
    if not sku_ids:
        return []
    rows = Sku.objects.filter(id__in=sku_ids).order_by("code", "id")
    return [NamedGoods(*row) for row in rows.values_list("id", "code", "name", "spec", "product_id")]


def line_of(row: sql.GoodsRow, shop_id: int, plan: PriceInForce | None, level: str = "") -> Line:
    """One piece of a SKU. Members of every level pay the plan's member price."""
    price = row.price_minor
    if plan:
        price = plan.sale_minor if plan.discount_minor is None else min(plan.sale_minor, plan.discount_minor)
    member = {level: plan.member_minor} if plan and plan.member_minor is not None and level else {}
    return Line(
        id=str(row.id),
        sku_id=row.id,
        quantity=1,
        list_minor=price,
        shop_id=shop_id,
        categories=tuple(row.categories),
        tags=frozenset(row.tags),
        floor_minor=min(row.floor_minor, price),
        member_minor=member,
    )
