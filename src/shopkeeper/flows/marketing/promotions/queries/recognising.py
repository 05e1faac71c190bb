"""Which promotions paid platform orders were priced by: what they used, beside what was priced here."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from shopkeeper.flows.fulfilment.intake.queries import OrderCard, orders_by_id
from shopkeeper.flows.marketing.promotions.queries.book import House, held_at
from shopkeeper.flows.marketing.promotions.queries.checking import any_held, cart_of, goods_of
from shopkeeper.flows.marketing.promotions.queries.goods import goods_in_shop
from shopkeeper.flows.marketing.promotions.queries.usage import priced_orders
from shopkeeper.flows.marketing.promotions.rules.recognised import list_minor, uses_paid
from shopkeeper.flows.marketing.promotions.rules.values import Cart
from shopkeeper.sop.policy import Policies

NEVER_PAID = ("unpaid", "cancelled")


@dataclass(frozen=True, slots=True)
class Used:
    """One promotion that a platform order used, in the version that held."""

    order_id: int
    rule_id: int
    version_id: int
    amount_minor: int


def platform_uses(order_ids: Collection[int], shop_ids: Collection[int], now: datetime, policy: Policies) -> list[Used]:
    """What these paid orders used of our promotions; those priced here have it in their frozen price already."""
    shops = sorted(shop_ids)
    if not order_ids or not any_held(shops, now):
        return []
    cards = [
        card
        for card in orders_by_id(sorted(order_ids)).values()
        if card.state not in NEVER_PAID and any(line.sku_id and not line.is_gift for line in card.lines)
    ]
    if not cards:
        return []
    placed = [card.placed_at for card in cards]
    house = held_at(min(placed), max(placed), shops)
    ours = {row.order_id for row in priced_orders([card.id for card in cards])} if house.known else set()
    cards = [card for card in cards if house.known and card.id not in ours]
    goods = goods_of(cards)
    return [
        Used(card.id, rule_id, house.known[rule_id].version_id, amount)
        for card in cards
        for rule_id, amount in _used(card, cart_of(card, goods), house, policy).items()
    ]


def _used(card: OrderCard, cart: Cart, house: House, policy: Policies) -> Mapping[int, int]:
    """At the platform's unit prices; where nothing came off those, at ours: it may stand in the unit price."""
    promotions = [known.promotion for known in house.known.values() if known.shop_id in (None, card.shop_id)]
    if not cart.lines or not house.book.candidates(cart):
        return {}
    slack = policy("promotion_price_tolerance_minor", card.shop_id)
    gifts = frozenset(line.sku_id for line in card.lines if line.is_gift and line.sku_id)
    used = uses_paid(cart, card.paid_minor, promotions, slack_minor=slack, gift_skus=gifts)
    if used or card.paid_minor != list_minor(cart):
        return used
    own = goods_in_shop({line.sku_id for line in cart.lines}, card.shop_id)
    prices = {sku_id: goods.line.list_minor for sku_id, goods in own.items()}
    lines = tuple(replace(line, list_minor=max(line.list_minor, prices.get(line.sku_id, 0))) for line in cart.lines)
    return uses_paid(replace(cart, lines=lines), card.paid_minor, promotions, gift_skus=gifts)
