"""How orders take hold of promotions and coupons, and let go: counted under locks, written in a handful of statements.

Locks are taken in one order: priced orders, counters, coupons, batches; each by key.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from shopkeeper.flows.marketing.promotions.deadlines import USAGE_HOLD
from shopkeeper.flows.marketing.promotions.events import UsageReserved
from shopkeeper.flows.marketing.promotions.queries.book import House
from shopkeeper.flows.marketing.promotions.sql import coupons as coupon_sql
from shopkeeper.flows.marketing.promotions.sql import rules as rule_sql
from shopkeeper.flows.marketing.promotions.sql import usage as sql
from shopkeeper.flows.marketing.promotions.states import COUPON_FLOW, CouponState
from shopkeeper.foundation.commands import Collided, Step
from shopkeeper.foundation.models import Shop
from shopkeeper.foundation.sql import as_json
from shopkeeper.sop.deadlines import Arm, arm
from shopkeeper.sop.policy import policies

Key = tuple[int, str]
NO_COUPON = 0


@dataclass(slots=True)
class Left:
    """What is left of promotions and coupons while an order after the other takes of it. None: without a limit."""

    uses: dict[int, int] = field(default_factory=dict)
    money: dict[int, int] = field(default_factory=dict)
    of_buyers: dict[tuple[int, int], int] = field(default_factory=dict)  # by rule and buyer
    coupons: dict[int, int] = field(default_factory=dict)  # free ones with their buyer

    def take(self, subject_id: int, used: Mapping[int, int], coupon_ids: Collection[int]) -> int | None:
        """Take all or nothing: None where it was there, the promotion that ran out, or 0 for a coupon."""
        for rule, amount in used.items():
            own = self.of_buyers.get((rule, subject_id), 1)
            if self.uses.get(rule, 1) < 1 or self.money.get(rule, amount) < amount or own < 1:
                return rule
        if any(self.coupons.get(coupon) != subject_id for coupon in coupon_ids):
            return NO_COUPON
        for rule, amount in used.items():
            if rule in self.uses:
                self.uses[rule] -= 1
            if rule in self.money:
                self.money[rule] -= amount
            if (rule, subject_id) in self.of_buyers:
                self.of_buyers[rule, subject_id] -= 1
        for coupon in coupon_ids:
            del self.coupons[coupon]
        return None


def left_of(
    house: House, *, rules: Collection[int], subjects: Collection[int], coupons: Collection[int], now: datetime
) -> Left:
    """Lock counters and coupons and read what is left of them; nobody else counts until this transaction is through."""
    left = Left()
    for row in rule_sql.LOCK_COUNTERS.rows(rules=sorted(rules)) if rules else []:
        if row.uses_total is not None:
            left.uses[row.rule_id] = row.uses_total - row.uses
        if row.budget_minor is not None:
            left.money[row.rule_id] = row.budget_minor - row.money_minor
    caps = {rule: house.known[rule].terms.uses_per_buyer for rule in rules}
    capped = sorted(rule for rule, cap in caps.items() if cap is not None)
    if capped:
        had = {
            (row.rule_id, row.subject_id): row.uses
            for row in sql.USES_OF_BUYERS.rows(rules=capped, subjects=sorted(subjects))
        }
        left.of_buyers = {
            (rule, subject): (caps[rule] or 0) - had.get((rule, subject), 0) for rule in capped for subject in subjects
        }
    for coupon in coupon_sql.LOCK_COUPONS.rows(ids=sorted(coupons)) if coupons else []:
        if coupon.state == CouponState.CLAIMED and coupon.expires_at > now:
            left.coupons[coupon.id] = coupon.subject_id
    return left


@dataclass(frozen=True, slots=True)
class Held:
    """A priced order about to be written, with the versions it was priced by and what it uses of each."""

    row: Mapping[str, Any]
    versions: Mapping[int, int]
    used: Mapping[int, int]


def hold(step: Step, orders: Sequence[Held]) -> dict[Key, int]:
    """Write priced orders with what they use; the clock of the unpaid starts. Ids by shop and order number."""
    if not orders:
        return {}
    shops = {order.row["shop_id"] for order in orders}
    currencies = dict(Shop.objects.filter(id__in=shops).values_list("id", "currency"))
    rows = [{**order.row, "currency": currencies[order.row["shop_id"]]} for order in orders]
    made = {(row.shop_id, row.order_no): row.id for row in sql.MAKE.rows(pricings=as_json(rows), now=step.now)}
    if len(made) < len(orders):
        raise Collided  # the same order came in at the same moment: judged again, it is there
    uses = [
        (made[order.row["shop_id"], order.row["order_no"]], rule, order.versions[rule], order.row["subject_id"], amount)
        for order in orders
        for rule, amount in order.used.items()
    ]
    if uses:
        pricings, rules, versions, subjects, amounts = (list(column) for column in zip(*uses, strict=True))
        sql.ADD_USAGES.run(pricings=pricings, rules=rules, versions=versions, subjects=subjects, amounts=amounts)
        sql.RESERVE.run(**summed([(rule, amount) for _, rule, _, _, amount in uses]))
    coupons = [coupon for order in orders for coupon in order.row["coupon_ids"]]
    step.move(COUPON_FLOW, coupons, CouponState.RESERVED)
    policy = policies(step)
    arm(
        step,
        [
            Arm(
                USAGE_HOLD,
                id_,
                step.now + timedelta(minutes=policy("promotion_hold_minutes", shop_id)),
                shop_id=shop_id,
                label=order_no,
            )
            for (shop_id, order_no), id_ in made.items()
        ],
    )
    step.emit(
        *(
            UsageReserved(made[o.row["shop_id"], o.row["order_no"]], o.row["shop_id"], o.row["discount_minor"])
            for o in orders
        )
    )
    return made


def summed(uses: Sequence[tuple[int, int]]) -> dict[str, list[int]]:
    """Uses and money by promotion, in key order."""
    total: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for rule, amount in uses:
        total[rule][0] += 1
        total[rule][1] += amount
    rules = sorted(total)
    return {"rules": rules, "uses": [total[r][0] for r in rules], "minors": [total[r][1] for r in rules]}
