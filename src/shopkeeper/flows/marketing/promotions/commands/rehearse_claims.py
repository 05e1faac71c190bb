"""M2.2: claims of coupons rehearsed on the real tables, with the real command, on a batch that is gone afterwards.

The buyers are made up and always the same; nobody outside hears of what they claim.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from shopkeeper.flows.marketing.promotions.commands.claim_coupons import ClaimCoupon, claim_coupons
from shopkeeper.flows.marketing.promotions.permissions import Permission
from shopkeeper.flows.marketing.promotions.sql import coupons as sql
from shopkeeper.flows.marketing.promotions.states import REHEARSAL
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import InShop, ShopOf
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged

LASTS = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class OpenRehearsal:
    """So many coupons of a promotion to rehearse with; `reference` tells one rehearsal from another."""

    rule_id: int
    reference: str
    total: int
    per_buyer: int


@command(clause="M2.2", permission=Permission.COUPON_ISSUE, scope=ShopOf("promotions_rule", "rule_id"), internal=True)
def open_rehearsals(step: Step, items: Sequence[OpenRehearsal]) -> list[Outcome]:
    """Make batches to rehearse on, done with the batch's id; what an interrupted rehearsal left behind goes first.

    Refused: "rule_takes_no_coupon". The same again: unchanged.
    """
    ids = sorted({item.rule_id for item in items})
    rules = {row.id: row for row in sql.RULES.rows(rules=ids)}
    sql.FORGET_COUPONS.run(rules=ids, before=step.now - LASTS, ids=[], prefix=REHEARSAL)
    sql.FORGET_BATCHES.run(rules=ids, before=step.now - LASTS, ids=[], prefix=REHEARSAL)
    there = {(row.rule_id, row.code): row.id for row in sql.BATCHES_OF_RULES.rows(rules=ids, now=step.now)}
    fit = {
        (item.rule_id, f"{REHEARSAL}{item.reference}"): item
        for item in items
        if rules[item.rule_id].needs_coupon and (item.rule_id, f"{REHEARSAL}{item.reference}") not in there
    }
    rows = [
        {
            "rule_id": rule_id,
            "shop_id": rules[rule_id].shop_id,
            "code": code,
            "name": code,
            "total": item.total,
            "per_buyer": item.per_buyer,
            "claim_from": step.now,
            "claim_to": step.now + LASTS,
            "valid_to": step.now + LASTS,
            "valid_days": None,
        }
        for (rule_id, code), item in fit.items()
    ]
    made = {
        (row.rule_id, row.code): row.id
        for row in sql.MAKE_BATCHES.rows(batches=as_json(rows), now=step.now, actor_id=step.actor.id)
    }
    outcomes = []
    for item in items:
        key = (item.rule_id, f"{REHEARSAL}{item.reference}")
        if not rules[item.rule_id].needs_coupon:
            outcomes.append(refused("rule_takes_no_coupon", item.rule_id))
        else:
            outcomes.append(done(made[key]) if key in made else unchanged(there[key]))
    return outcomes


@dataclass(frozen=True, slots=True)
class RehearseClaim:
    """A made-up buyer's claim, as `claim_coupons` takes it."""

    batch_id: int
    shop_id: int
    buyer: str = field(repr=False)
    nth: int = 1


@command(clause="M2.2", permission=Permission.COUPON_CLAIM, scope=InShop(), internal=True, gathered=True)
def rehearse_claims(step: Step, items: Sequence[RehearseClaim]) -> list[Outcome]:
    """What `claim_coupons` answers, by its own body on its own tables; only its announcements are left out."""
    quiet = Step(step.actor, step.now, claim_coupons)
    return claim_coupons.body(quiet, [ClaimCoupon(item.batch_id, item.shop_id, item.buyer, item.nth) for item in items])


@dataclass(frozen=True, slots=True)
class EndRehearsal:
    batch_id: int


@command(
    clause="M2.2",
    permission=Permission.COUPON_ISSUE,
    scope=ShopOf("promotions_couponbatch", "batch_id"),
    internal=True,
)
def end_rehearsals(step: Step, items: Sequence[EndRehearsal]) -> list[Outcome]:
    """Count what a rehearsal gave, and take it away again; `facts`: kept, counted, most_each.

    Refused: "not_a_rehearsal" for coupons that are meant.
    """
    ids = sorted({item.batch_id for item in items})
    counted = {row.id: row for row in sql.REHEARSED.rows(ids=ids, prefix=REHEARSAL)}
    sql.FORGET_COUPONS.run(rules=[], before=step.now, ids=list(counted), prefix=REHEARSAL)
    sql.FORGET_BATCHES.run(rules=[], before=step.now, ids=list(counted), prefix=REHEARSAL)
    return [
        done(row.id, kept=row.kept, counted=row.claimed, most_each=row.most_each)
        if (row := counted.get(item.batch_id))
        else refused("not_a_rehearsal", item.batch_id)
        for item in items
    ]
