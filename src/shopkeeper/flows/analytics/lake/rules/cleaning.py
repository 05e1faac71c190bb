"""D1.2: which rows are no honest ones, and why. Values in, verdicts out; the words are put on at the door.

An order gets at most one verdict, that of the first rule in the order below that finds something.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from shopkeeper.flows.analytics.lake.states import CleaningRule


@dataclass(frozen=True, slots=True)
class Limits:
    """The policy's numbers; money in minor units."""

    most_paid_minor: int
    most_pieces: int
    repeat_orders: int
    repeat_minutes: int


@dataclass(frozen=True, slots=True)
class OrderLook:
    """What cleaning looks at of one order. `together`: the same buyer's paid orders around it, itself included."""

    id: int
    buyer: str
    is_suspected_test: bool
    currency: str
    shop_currency: str
    placed_at: datetime
    paid_at: datetime | None
    paid_minor: int
    goods_minor: int
    discount_minor: int
    freight_minor: int
    pieces: int
    together: int = 1


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why an order is set aside; `facts` is the arithmetic, as a person wants to see it."""

    order_id: int
    rule: CleaningRule
    facts: dict[str, Any] = field(default_factory=dict)


def judge_orders(orders: Iterable[OrderLook], limits: Limits, test_buyers: frozenset[str]) -> list[Verdict]:
    """The verdicts on these orders; honest ones get none. An order of no money at all counts nowhere as a sale."""
    return [verdict for order in orders if (verdict := judge_order(order, limits, test_buyers))]


def judge_order(order: OrderLook, limits: Limits, test_buyers: frozenset[str]) -> Verdict | None:
    """The first rule that finds something in one order."""
    if order.buyer in test_buyers:
        return Verdict(order.id, CleaningRule.TEST_BUYER)
    if order.is_suspected_test:
        return Verdict(order.id, CleaningRule.TEST_ORDER)
    if order.currency != order.shop_currency:
        return Verdict(order.id, CleaningRule.FOREIGN_CURRENCY, {"currency": order.currency})
    if wrong := _impossible(order, limits):
        return Verdict(order.id, CleaningRule.IMPOSSIBLE, wrong)
    if order.paid_at is not None and order.paid_minor == 0:
        return Verdict(order.id, CleaningRule.ZERO_VALUE)
    if order.paid_at is not None and order.together >= limits.repeat_orders:
        facts = {"orders": order.together, "limit": limits.repeat_orders, "minutes": limits.repeat_minutes}
        return Verdict(order.id, CleaningRule.REPEAT_BUYER, facts)
    return None


def _impossible(order: OrderLook, limits: Limits) -> dict[str, Any]:
    """The value that cannot be, with the bound it breaks; empty where all can."""
    amounts = {
        "paid_minor": order.paid_minor,
        "goods_minor": order.goods_minor,
        "discount_minor": order.discount_minor,
        "freight_minor": order.freight_minor,
        "pieces": order.pieces,
    }
    for name, value in amounts.items():
        if value < 0:
            return {"what": name, "value": value, "limit": 0}
    if order.paid_minor > limits.most_paid_minor:
        return {"what": "paid_minor", "value": order.paid_minor, "limit": limits.most_paid_minor}
    if order.pieces > limits.most_pieces:
        return {"what": "pieces", "value": order.pieces, "limit": limits.most_pieces}
    if order.paid_at is not None and order.paid_at < order.placed_at:
        seconds = int((order.placed_at - order.paid_at).total_seconds())
        return {"what": "paid_before_placed", "value": seconds, "limit": 0}
    return {}


# What the collector already knows of an event, and the rule of ours that says it.
COLLECTOR_MARKS: Mapping[str, CleaningRule] = {
    "bot_agent": CleaningRule.BOT,
    "too_fast": CleaningRule.TOO_FAST,
    "duplicate": CleaningRule.DUPLICATE,
}
# Rules whose events are taken together by shop and day: nobody decides about each of a thousand robots.
TOGETHER = frozenset({CleaningRule.BOT, CleaningRule.DUPLICATE})
EVERYBODY = "*"


@dataclass(frozen=True, slots=True)
class TrafficKey:
    """What one verdict on traffic is about: a shop's day, a visitor (or everybody) and the rule."""

    shop_id: int
    day: date
    visitor: str
    rule: CleaningRule

    def __str__(self) -> str:
        return f"{self.shop_id}:{self.day.isoformat()}:{self.visitor}:{self.rule}"


def traffic_key(text: str) -> TrafficKey:
    """Read a key again."""
    shop, day, visitor, rule = text.split(":")
    return TrafficKey(int(shop), date.fromisoformat(day), visitor, CleaningRule(rule))


def traffic_rule(mark: str, visitor: str, staff: frozenset[str]) -> CleaningRule | None:
    """The rule that sets one event aside; a robot is a robot whoever it works for."""
    if mark:
        return COLLECTOR_MARKS[mark]
    return CleaningRule.STAFF_VISITOR if visitor in staff else None


def key_of_event(shop_id: int, day: date, visitor: str, rule: CleaningRule) -> TrafficKey:
    """The verdict an event belongs to."""
    return TrafficKey(shop_id, day, EVERYBODY if rule in TOGETHER else visitor, rule)
