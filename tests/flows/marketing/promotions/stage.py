"""Promotions at a moment, as people bring them about: written, reviewed by another person, published."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from shopkeeper.flows.marketing.promotions.commands.claim_coupons import ClaimCoupon, claim_coupons
from shopkeeper.flows.marketing.promotions.commands.make_coupon_batch import MakeCouponBatch, make_coupon_batch
from shopkeeper.flows.marketing.promotions.commands.publish_rules import PublishRule, publish_rules
from shopkeeper.flows.marketing.promotions.commands.reserve_usage import ReserveUsage
from shopkeeper.flows.marketing.promotions.commands.save_rule import SaveRule, save_rule
from shopkeeper.flows.marketing.promotions.commands.submit_rules import SubmitRule, submit_rules
from shopkeeper.flows.marketing.promotions.models import Version
from shopkeeper.flows.marketing.promotions.permissions import Permission
from shopkeeper.flows.marketing.promotions.queries.carts import AskedLine
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.models import Shop
from tests import factories as make

NOON = make.NOON
REDUCTION = {"kind": "reduction", "tiers": [[30_000, 5_000], [50_000, 10_000]]}


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    """From here on it is this moment of business time."""
    monkeypatch.setattr(business_time, "now", lambda: moment)


def specialist(**scope: Any) -> Actor:
    return make.actor_with(Permission.RULE_VIEW, Permission.RULE_EDIT, Permission.COUPON_ISSUE, **scope)


def supervisor(**scope: Any) -> Actor:
    return make.actor_with(Permission.RULE_VIEW, Permission.RULE_EDIT, Permission.RULE_APPROVE, **scope)


def checkout(**scope: Any) -> Actor:
    """The shop's own till: prices carts, claims coupons, places orders."""
    return make.actor_with(Permission.RULE_VIEW, Permission.COUPON_CLAIM, Permission.USAGE_KEEP, **scope)


def wish(shop: Shop | None, code: str = "618", offer: dict[str, Any] | None = None, **terms: Any) -> SaveRule:
    moments = {
        "starts_at": terms.pop("starts_at", NOON - timedelta(days=1)),
        "ends_at": terms.pop("ends_at", NOON + timedelta(days=10)),
    }
    said = {"offer": offer or REDUCTION, "stack_with": ["*"], **terms}
    return SaveRule(code, f"促销 {code}", terms=said, shop_id=shop.pk if shop else None, **moments)


def drafted(item: SaveRule, by: Actor | None = None) -> int:
    outcome = save_rule.one(by or specialist(), item)
    assert outcome.changed, outcome
    return outcome.id or 0


def published(shop: Shop | None, code: str = "618", offer: dict[str, Any] | None = None, **terms: Any) -> int:
    """A promotion that holds."""
    rule_id = drafted(wish(shop, code, offer, **terms))
    assert submit_rules.one(specialist(), SubmitRule(rule_id)).changed
    outcome = publish_rules.one(supervisor(), PublishRule(rule_id, "活动需要"))
    assert outcome.changed, outcome
    return rule_id


def state_of(rule_id: int, number: int = 1) -> str:
    return Version.objects.get(rule_id=rule_id, number=number).state


def batch(rule_id: int, total: int = 10, **fields: Any) -> int:
    """Coupons on offer since an hour."""
    moments = {
        "claim_from": NOON - timedelta(hours=1),
        "claim_to": NOON + timedelta(days=1),
        "valid_to": NOON + timedelta(days=5),
    }
    item = MakeCouponBatch(rule_id, **{"code": "C1", "name": "满减券", "total": total, **moments, **fields})
    outcome = make_coupon_batch.one(specialist(), item)
    assert outcome.changed, outcome
    return outcome.id or 0


def claimed(batch_id: int, shop: Shop, buyer: str, nth: int = 1) -> int:
    outcome = claim_coupons.one(checkout(), ClaimCoupon(batch_id, shop.pk, buyer, nth))
    assert outcome.changed, outcome
    return outcome.id or 0


def order(
    shop: Shop, sku: Any, quantity: int = 1, number: str = "P1", buyer: str = "b1", **fields: Any
) -> ReserveUsage:
    return ReserveUsage(shop.pk, number, buyer, (AskedLine(sku.pk, quantity),), **fields)


def told() -> list[str]:
    """The types of what this desk announced, in order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT type FROM foundation_event WHERE type LIKE 'promotions.%' ORDER BY id")
        return [type_ for (type_,) in cursor.fetchall()]


def ended(kind: str) -> list[tuple[str, bool]]:
    """How deadlines of a kind ended, and whether late."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ending, was_late FROM sop_deadlineclosed WHERE kind = %s ORDER BY closed_at", [kind])
        return cursor.fetchall()
