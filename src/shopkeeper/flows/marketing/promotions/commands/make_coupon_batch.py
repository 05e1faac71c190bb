"""M2.3: coupons of a promotion are put on offer, so many for each buyer, in a window; or no longer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.marketing.promotions.deadlines import COUPON_EXPIRY
from shopkeeper.flows.marketing.promotions.events import CouponBatchMade, CouponBatchStopped
from shopkeeper.flows.marketing.promotions.permissions import Permission
from shopkeeper.flows.marketing.promotions.sql import coupons as sql
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm

MOST_COUPONS = 10_000_000


@dataclass(frozen=True, slots=True)
class MakeCouponBatch:
    """Coupons are good until `valid_to`, and with `valid_days` so many days after they were claimed at most."""

    rule_id: int
    code: Annotated[str, Field(min_length=1, max_length=40)]
    name: Annotated[str, Field(min_length=1, max_length=80)]
    total: int
    claim_from: datetime
    claim_to: datetime
    valid_to: datetime
    per_buyer: int = 1
    valid_days: int | None = None


@command(clause="M2.3", permission=Permission.COUPON_ISSUE, scope=ShopOf("promotions_rule", "rule_id"))
def make_coupon_batch(step: Step, items: Sequence[MakeCouponBatch]) -> list[Outcome]:
    """Make batches of coupons. Claims begin in their window, as soon as the promotion is published.

    Refused: "rule_takes_no_coupon", "batch_unnamed", "batch_numbers" out of bounds, "batch_times" that cannot be,
    "batch_differs" where the promotion has another batch of this code, "not_all_shops". The same again: unchanged.
    """
    ids = sorted({item.rule_id for item in items})
    rules = {row.id: row for row in sql.RULES.rows(rules=ids)}
    there = {(row.rule_id, row.code): row for row in sql.BATCHES_OF_RULES.rows(rules=ids, now=step.now)}
    outcomes: list[Outcome] = []
    fit: dict[tuple[int, str], MakeCouponBatch] = {}
    for item in items:
        key = (item.rule_id, item.code.strip())
        code = _refusal(step, item, rules[item.rule_id])
        twin = fit.get(key)
        if code:
            outcomes.append(refused(code, item.rule_id))
        elif key in there:
            same = _is_same(item, there[key])
            outcomes.append(unchanged(there[key].id) if same else refused("batch_differs", there[key].id))
        elif twin:
            outcomes.append(unchanged(item.rule_id) if twin == item else refused("batch_differs", item.rule_id))
        else:
            fit[key] = item
            outcomes.append(done(item.rule_id))
    made = _make(step, list(fit.values()), rules)
    return [
        done(made[item.rule_id, item.code.strip()]) if outcome.changed else outcome
        for item, outcome in zip(items, outcomes, strict=True)
    ]


def _refusal(step: Step, item: MakeCouponBatch, rule: sql.RuleRow) -> str:
    if rule.shop_id is None and step.actor.shops is not None:
        return "not_all_shops"
    if not rule.needs_coupon:
        return "rule_takes_no_coupon"
    if not item.code.strip() or not item.name.strip() or "\x00" in item.code + item.name:
        return "batch_unnamed"
    days = item.valid_days
    if not (0 < item.total <= MOST_COUPONS and 0 < item.per_buyer <= 100) or (days is not None and not 0 < days <= 366):
        return "batch_numbers"
    if not (item.claim_from < item.claim_to and step.now < item.claim_to and item.claim_to <= item.valid_to):
        return "batch_times"
    return ""


def _is_same(item: MakeCouponBatch, row: sql.BatchRow) -> bool:
    names = ("total", "per_buyer", "claim_from", "claim_to", "valid_to", "valid_days")
    return item.name.strip() == row.name and all(getattr(item, name) == getattr(row, name) for name in names)


def _make(step: Step, fit: Sequence[MakeCouponBatch], rules: dict[int, sql.RuleRow]) -> dict[tuple[int, str], int]:
    if not fit:
        return {}
    rows = [
        {
            "rule_id": item.rule_id,
            "shop_id": rules[item.rule_id].shop_id,
            "code": item.code.strip(),
            "name": item.name.strip(),
            **{name: getattr(item, name) for name in ("total", "per_buyer", "claim_from", "claim_to")},
            "valid_to": item.valid_to,
            "valid_days": item.valid_days,
        }
        for item in fit
    ]
    made = {
        (row.rule_id, row.code): row.id
        for row in sql.MAKE_BATCHES.rows(batches=as_json(rows), now=step.now, actor_id=step.actor.id)
    }
    arms, events = [], []
    for item in fit:
        batch_id, shop_id = made[item.rule_id, item.code.strip()], rules[item.rule_id].shop_id
        first = item.claim_from + timedelta(days=item.valid_days) if item.valid_days else item.valid_to
        arms.append(Arm(COUPON_EXPIRY, batch_id, min(first, item.valid_to), shop_id=shop_id, label=item.code.strip()))
        events.append(CouponBatchMade(batch_id, item.rule_id, shop_id, item.total))
    arm(step, arms)
    step.emit(*events)
    return made


@dataclass(frozen=True, slots=True)
class StopCouponBatch:
    batch_id: int
    reason: Annotated[str, Field(max_length=300)]


@command(clause="M2.3", permission=Permission.COUPON_ISSUE, scope=ShopOf("promotions_couponbatch", "batch_id"))
def stop_coupon_batches(step: Step, items: Sequence[StopCouponBatch]) -> list[Outcome]:
    """Nobody claims from these any more; coupons claimed stay good. Refused: "reason_needed", "not_all_shops"."""
    rows = {row.id: row for row in sql.LOCK_BATCHES.rows(ids=sorted({i.batch_id for i in items}), now=step.now)}
    outcomes, stopped = [], dict[int, str]()
    for item in items:
        row = rows[item.batch_id]
        if not item.reason.strip():
            outcomes.append(refused("reason_needed", row.id))
        elif row.shop_id is None and step.actor.shops is not None:
            outcomes.append(refused("not_all_shops", row.id))
        elif row.stopped_at is not None or row.id in stopped:
            outcomes.append(unchanged(row.id))
        else:
            stopped[row.id] = item.reason.strip()
            outcomes.append(done(row.id))
    sql.STOP_BATCHES.run(ids=list(stopped), now=step.now)
    step.emit(*(CouponBatchStopped(id_, rows[id_].shop_id, why) for id_, why in stopped.items()))
    return outcomes
