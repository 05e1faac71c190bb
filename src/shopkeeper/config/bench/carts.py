"""M2.3: carts priced per second, beside one rule at a time: each tried on the cart, the best kept, all tried again.

Carts have five lines out of ten thousand SKUs; five rules are for the whole shop, the others name forty SKUs or a
category each, as in a campaign.
"""

import random
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from shopkeeper.config.bench.result import Measured
from shopkeeper.flows.marketing.promotions.rules.book import RuleBook
from shopkeeper.flows.marketing.promotions.rules.offers import ItemDiscount, NthItem, Offer, Percentage, Reduction
from shopkeeper.flows.marketing.promotions.rules.pricing import price
from shopkeeper.flows.marketing.promotions.rules.values import Cart, Layer, Line, Promotion, Scope

AT = datetime(2026, 6, 18, 4, 0, tzinfo=UTC)
SIZES = (10, 100, 1_000)
CARTS = 400
NAIVE_CARTS = {10: 100, 100: 20, 1_000: 3}
PROMISED_GROWTH = 3.0
SKUS = 10_000
CATEGORIES = 1_000
FOR_ALL = 5


def measure() -> Sequence[Measured]:
    """Rates by size of the book; 1,000 rules may cost at most three times what 100 cost."""
    measured, rates = [], {}
    for size in SIZES:
        rng = random.Random(size)  # noqa: S311
        rules = [_rule(number, rng) for number in range(1, size + 1)]
        book = RuleBook(rules)
        carts = [_cart(rng) for _ in range(CARTS)]
        rates[size] = _rate(lambda cart, book=book: price(cart, book), carts)
        naive = _rate(lambda cart, rules=rules: _one_at_a_time(cart, rules), carts[: NAIVE_CARTS[size]])
        name = f"carts_{size}_rules"
        measured.append(Measured(name, rates[size], "carts/s", naive, "one rule at a time", rates[size] > naive))
    growth = rates[100] / rates[1_000]
    limit_name = "cost of 100 rules, at most × 3"
    measured.append(Measured("carts_growth", growth, "× cost", 1.0, limit_name, growth <= PROMISED_GROWTH))
    return measured


def _rate(run: object, carts: Sequence[Cart]) -> float:
    started = time.perf_counter()
    for cart in carts:
        run(cart)  # type: ignore[operator]
    return len(carts) / (time.perf_counter() - started)


def _one_at_a_time(cart: Cart, rules: Sequence[Promotion]) -> int:
    """Try each rule with those taken so far, keep the best, and begin again until none helps."""
    taken: list[Promotion] = []
    payable = price(cart, RuleBook(())).payable_minor
    while True:
        tried = [
            (price(cart, RuleBook([*taken, rule])).payable_minor, number)
            for number, rule in enumerate(rules)
            if rule not in taken
        ]
        best, number = min(tried, default=(payable, 0))
        if best >= payable:
            return payable
        payable = best
        taken.append(rules[number])


def _rule(number: int, rng: random.Random) -> Promotion:
    layer, offer = _offer(rng)
    scope = Scope()
    if number > FOR_ALL:
        scope = Scope(skus=frozenset(rng.sample(range(SKUS), 40))) if number % 2 else Scope(
            categories=frozenset({rng.randrange(CATEGORIES)}))  # fmt: skip
    blank = Promotion(number, 1, layer, offer, AT - timedelta(days=1), AT + timedelta(days=1))
    return replace(blank, scope=scope, mutex_group="" if layer is Layer.ITEM else f"g{number % 3}",
                   stack_with=frozenset({"*"}))  # fmt: skip


def _offer(rng: random.Random) -> tuple[Layer, Offer]:
    threshold = rng.randrange(5_000, 40_000, 500)
    kinds: tuple[tuple[Layer, Offer], ...] = (
        (Layer.ITEM, ItemDiscount(rng.randrange(700, 990))),
        (Layer.ITEM, NthItem(2, 500)),
        (Layer.SHOP, Reduction(((threshold, threshold // 8), (2 * threshold, threshold // 3)))),
        (Layer.SHOP, Percentage(rng.randrange(850, 990), threshold)),
        (Layer.PLATFORM, Reduction(((threshold, threshold // 10),), every=True)),
    )
    return rng.choice(kinds)


def _cart(rng: random.Random) -> Cart:
    lines = tuple(
        Line(str(n), sku, rng.randint(1, 3), rng.randrange(2_000, 30_000), categories=(sku % CATEGORIES,))
        for n, sku in enumerate(rng.sample(range(SKUS), 5))
    )
    return Cart(lines, AT)
