"""M2.3 Confirm and Release: paid orders have used what they held; cancelled or unpaid ones give it back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.marketing.promotions.commands.holding import summed
from shopkeeper.flows.marketing.promotions.deadlines import USAGE_HOLD
from shopkeeper.flows.marketing.promotions.events import UsageConfirmed, UsageReleased
from shopkeeper.flows.marketing.promotions.permissions import Permission
from shopkeeper.flows.marketing.promotions.sql import coupons as coupon_sql
from shopkeeper.flows.marketing.promotions.sql import rules as rule_sql
from shopkeeper.flows.marketing.promotions.sql import usage as sql
from shopkeeper.flows.marketing.promotions.states import COUPON_FLOW, USAGE_FLOW, CouponState, UsageState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import InShop, ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import close
from shopkeeper.sop.states import Ending

Key = tuple[int, str]


@dataclass(frozen=True, slots=True)
class ConfirmUsage:
    shop_id: int
    order_no: Annotated[str, Field(min_length=1, max_length=64)]


@command(clause="M2.3", permission=Permission.USAGE_KEEP, scope=InShop())
def confirm_usage(step: Step, items: Sequence[ConfirmUsage]) -> list[Outcome]:
    """Paid orders: what they held is used. Refused: "order_not_priced", "order_released". Again: unchanged."""
    rows = _locked(items)
    confirmed: dict[int, sql.PricingRow] = {}
    outcomes = []
    for item in items:
        row = rows.get((item.shop_id, item.order_no.strip()))
        if row is None:
            outcomes.append(refused("order_not_priced"))
        elif row.state == UsageState.RELEASED:
            outcomes.append(refused("order_released", row.id))
        elif row.state == UsageState.CONFIRMED or row.id in confirmed:
            outcomes.append(unchanged(row.id))
        else:
            confirmed[row.id] = row
            outcomes.append(done(row.id))
    _confirm(step, confirmed)
    return outcomes


def _confirm(step: Step, rows: Mapping[int, sql.PricingRow]) -> None:
    if not rows:
        return
    uses = sql.LIVE_USAGES.rows(pricings=list(rows))
    rule_sql.LOCK_COUNTERS.rows(rules=sorted({use.rule_id for use in uses}))
    sql.CONFIRM.run(**summed([(use.rule_id, use.amount_minor) for use in uses]))
    coupons = sorted({id_ for row in rows.values() for id_ in row.coupon_ids})
    moved = step.move(COUPON_FLOW, coupons, CouponState.USED)
    coupon_sql.COUNT_USED.run(ids=[one.id for one in moved], sign=1)
    step.move(USAGE_FLOW, list(rows), UsageState.CONFIRMED)
    close(step, USAGE_HOLD, list(rows))
    step.emit(*(UsageConfirmed(row.id, row.shop_id, row.discount_minor) for row in rows.values()))


@dataclass(frozen=True, slots=True)
class ReleaseUsage:
    shop_id: int
    order_no: Annotated[str, Field(min_length=1, max_length=64)]
    reason: Annotated[str, Field(max_length=300)]


@command(clause="M2.3", permission=Permission.USAGE_KEEP, scope=InShop())
def release_usage(step: Step, items: Sequence[ReleaseUsage]) -> list[Outcome]:
    """Orders cancelled, or refunded in full before they were sent: all they held or used goes back.

    Coupons are good again, or expired where their time is over. Refused: "reason_needed", "order_not_priced".
    Released already: unchanged.
    """
    rows = _locked(items)
    released: dict[int, str] = {}
    outcomes = []
    for item in items:
        row = rows.get((item.shop_id, item.order_no.strip()))
        if not item.reason.strip():
            outcomes.append(refused("reason_needed"))
        elif row is None:
            outcomes.append(refused("order_not_priced"))
        elif row.state == UsageState.RELEASED or row.id in released:
            outcomes.append(unchanged(row.id))
        else:
            released[row.id] = item.reason.strip()
            outcomes.append(done(row.id))
    _release(step, {row.id: row for row in rows.values() if row.id in released}, released)
    return outcomes


@dataclass(frozen=True, slots=True)
class ReleaseUnpaid:
    pricing_id: int


@command(
    clause="M2.3",
    permission=Permission.RULE_APPLY,
    scope=ShopOf("promotions_orderpricing", "pricing_id"),
    internal=True,
)
def release_unpaid(step: Step, items: Sequence[ReleaseUnpaid]) -> list[Outcome]:
    """The time for paying is over: what unpaid orders held goes back. Paid or released ones are unchanged."""
    locked = sql.LOCK_BY_ID.rows(ids=sorted({item.pricing_id for item in items}))
    rows = {row.id: row for row in locked if row.state == UsageState.RESERVED}
    _release(step, rows, dict.fromkeys(rows, "unpaid"))
    close(step, USAGE_HOLD, [item.pricing_id for item in items])
    return [done(item.pricing_id) if item.pricing_id in rows else unchanged(item.pricing_id) for item in items]


def _release(step: Step, rows: Mapping[int, sql.PricingRow], reasons: Mapping[int, str]) -> None:
    if not rows:
        return
    uses = sql.LIVE_USAGES.rows(pricings=list(rows))
    rule_sql.LOCK_COUNTERS.rows(rules=sorted({use.rule_id for use in uses}))
    held = summed([(u.rule_id, u.amount_minor) for u in uses if rows[u.pricing_id].state == UsageState.RESERVED])
    used = summed([(u.rule_id, u.amount_minor) for u in uses if rows[u.pricing_id].state == UsageState.CONFIRMED])
    sql.GIVE_BACK.run(**_both(held, used))
    sql.RELEASE_USAGES.run(pricings=list(rows))
    _free_coupons(step, sorted({id_ for row in rows.values() for id_ in row.coupon_ids}))
    for reason in sorted({reasons[id_] for id_ in rows}):
        step.move(USAGE_FLOW, [id_ for id_ in rows if reasons[id_] == reason], UsageState.RELEASED, reason)
    sql.NOTE_WHY.run(ids=list(rows), reasons=[reasons[id_] for id_ in rows])
    close(step, USAGE_HOLD, list(rows), Ending.CANCELLED)
    step.emit(*(UsageReleased(r.id, r.shop_id, r.discount_minor, reasons[r.id]) for r in rows.values()))


def _both(held: Mapping[str, list[int]], used: Mapping[str, list[int]]) -> dict[str, list[int]]:
    """What was held and what was used, side by side for each promotion."""
    sums: dict[int, list[int]] = {rule: [0, 0, 0, 0] for rule in sorted({*held["rules"], *used["rules"]})}
    for place, part in ((0, held), (2, used)):
        for rule, count, minor in zip(part["rules"], part["uses"], part["minors"], strict=True):
            sums[rule][place : place + 2] = [count, minor]
    names = ("held", "held_minors", "used", "used_minors")
    return {"rules": list(sums), **{name: [row[n] for row in sums.values()] for n, name in enumerate(names)}}


def _free_coupons(step: Step, coupon_ids: Sequence[int]) -> None:
    """Coupons go back to their buyers; whose time is over meanwhile are expired."""
    if not coupon_ids:
        return
    rows = coupon_sql.LOCK_COUPONS.rows(ids=list(coupon_ids))
    was_used = [row.id for row in rows if row.state == CouponState.USED]
    step.move(COUPON_FLOW, [row.id for row in rows if row.expires_at > step.now], CouponState.CLAIMED, "released")
    step.move(COUPON_FLOW, [row.id for row in rows if row.expires_at <= step.now], CouponState.EXPIRED, "released")
    coupon_sql.COUNT_USED.run(ids=was_used, sign=-1)


def _locked(items: Sequence[ConfirmUsage] | Sequence[ReleaseUsage]) -> dict[Key, sql.PricingRow]:
    keys = sorted({(item.shop_id, item.order_no.strip()) for item in items})
    rows = sql.LOCK_BY_NUMBER.rows(shops=[shop for shop, _ in keys], numbers=[number for _, number in keys])
    return {(row.shop_id, row.order_no): row for row in rows}
