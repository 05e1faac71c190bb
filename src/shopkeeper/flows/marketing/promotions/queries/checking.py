"""Platform orders held against our promotions: what was paid lies between the least and the most they allow, or not.

The least: every coupon in hand, every audience met, no floor. The most: no coupon, for nobody in particular, and the
platform's own unit price taken as it stands. Only where promotions of ours held in that shop when it was placed.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shopkeeper.flows.fulfilment.intake.queries import OrderCard, orders_by_id
from shopkeeper.flows.marketing.promotions.queries.book import House, held_at
from shopkeeper.flows.marketing.promotions.queries.usage import priced_orders
from shopkeeper.flows.marketing.promotions.rules.book import RuleBook
from shopkeeper.flows.marketing.promotions.rules.pricing import price
from shopkeeper.flows.marketing.promotions.rules.recognised import for_everybody
from shopkeeper.flows.marketing.promotions.rules.values import Cart, Layer, Line
from shopkeeper.flows.marketing.promotions.sql import goods as sql
from shopkeeper.sop.policy import Policies

JUDGED_STATES = ("to_check", "released")
LOOK_BACK = timedelta(days=3)  # how long an order may be on its way to us


@dataclass(frozen=True, slots=True)
class Unlike:
    """An order that was paid less or more than promotions allow; amounts in minor units of its currency."""

    order_id: int
    paid_minor: int
    least_minor: int
    most_minor: int


def unlike_orders(
    order_ids: Collection[int], shop_ids: Collection[int], now: datetime, policy: Policies
) -> list[Unlike]:
    """Which of these orders are paid unlike our promotions, by more than is tolerated; a handful of statements."""
    shops = [shop_id for shop_id in shop_ids if policy("promotion_price_check", shop_id) == "hold"]
    cards = _cards(order_ids, shops) if shops and any_held(shops, now) else []
    if not cards:
        return []
    placed = [card.placed_at for card in cards]
    house = held_at(min(placed), max(placed), shops)
    goods = goods_of(cards)
    ours = {row.order_id: row.payable_minor for row in priced_orders([card.id for card in cards])}
    found = []
    for card in cards:
        bounds = (ours[card.id],) * 2 if card.id in ours else _bounds(card, house, goods)
        slack = policy("promotion_price_tolerance_minor", card.shop_id)
        if bounds and not bounds[0] - slack <= card.paid_minor <= bounds[1] + slack:
            found.append(Unlike(card.id, card.paid_minor, *bounds))
    return found


def any_held(shop_ids: Sequence[int], now: datetime) -> bool:
    """Most shops most of the time have no promotion of ours: one statement says so, and no order is read."""
    return bool(held_at(now - LOOK_BACK, now, shop_ids).known)


def _cards(order_ids: Collection[int], shop_ids: Collection[int]) -> list[OrderCard]:
    """The orders that wait to be sent, every line of them known."""
    return [
        card
        for card in orders_by_id(sorted(order_ids)).values()
        if card.shop_id in shop_ids
        and card.state in JUDGED_STATES
        and card.lines
        and all(line.sku_id is not None or line.is_gift for line in card.lines)
    ]


def goods_of(cards: Sequence[OrderCard]) -> dict[int, sql.GoodsRow]:
    """The goods that these orders are about, by SKU; one statement."""
    skus = sorted({line.sku_id for card in cards for line in card.lines if line.sku_id})
    return {row.id: row for row in sql.GOODS.rows(skus=skus)} if skus else {}


def cart_of(card: OrderCard, goods: Mapping[int, sql.GoodsRow]) -> Cart:
    """A platform order as a cart at the platform's own unit prices; gifts are no part of it."""
    lines = tuple(
        Line(
            str(line.id),
            line.sku_id,
            line.quantity,
            line.price_minor,
            card.shop_id,
            tuple(goods[line.sku_id].categories),
            frozenset(goods[line.sku_id].tags),
        )
        for line in card.lines
        if line.sku_id is not None and line.sku_id in goods and not line.is_gift
    )
    return Cart(lines, card.placed_at, freight_minor=card.freight_minor)


def _bounds(card: OrderCard, house: House, goods: Mapping[int, sql.GoodsRow]) -> tuple[int, int] | None:
    """The least and the most the order may have been paid; None where no promotion covered it."""
    cart = cart_of(card, goods)
    promotions = [known.promotion for known in house.known.values()]
    if not cart.lines or not RuleBook(promotions).candidates(cart):
        return None
    least = price(cart, RuleBook(map(for_everybody, promotions))).payable_minor
    most = price(cart, RuleBook(p for p in promotions if p.layer is not Layer.ITEM)).payable_minor
    return least, most
