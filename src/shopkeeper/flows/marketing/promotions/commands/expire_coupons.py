"""M2.3: coupons nobody used in time expire, batch by batch, without anybody's hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from shopkeeper.flows.marketing.promotions.deadlines import COUPON_EXPIRY
from shopkeeper.flows.marketing.promotions.permissions import Permission
from shopkeeper.flows.marketing.promotions.sql import coupons as sql
from shopkeeper.flows.marketing.promotions.states import COUPON_FLOW, CouponState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done
from shopkeeper.sop.deadlines import Arm, arm, close

AT_ONCE = 5_000
LOOK_AGAIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class ExpireCoupons:
    batch_id: int


@command(
    clause="M2.3", permission=Permission.RULE_APPLY, scope=ShopOf("promotions_couponbatch", "batch_id"), internal=True
)
def expire_coupons(step: Step, items: Sequence[ExpireCoupons]) -> list[Outcome]:
    """Expire coupons past their time, at most 5,000 at once, and look again when the next ones are due."""
    batches = sorted({item.batch_id for item in items})
    over = sql.EXPIRED.rows(batches=batches, now=step.now, limit=AT_ONCE)
    step.move(COUPON_FLOW, [row.id for row in over], CouponState.EXPIRED, "time_over")
    arms, ended = [], []
    for row in sql.NEXT_EXPIRY.rows(batches=batches, now=step.now):
        if row.next_at is None and not row.may_still_claim:
            ended.append(row.batch_id)
            continue
        due = step.now + LOOK_AGAIN if row.next_at is None else max(row.next_at, step.now)
        arms.append(Arm(COUPON_EXPIRY, row.batch_id, due, shop_id=row.shop_id, label=row.code))
    arm(step, arms)
    close(step, COUPON_EXPIRY, ended)
    return [done(item.batch_id, expired=sum(row.batch_id == item.batch_id for row in over)) for item in items]
