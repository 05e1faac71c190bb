"""M2.2: rehearsals in several lanes, with connections of their own and everything committed."""

from datetime import timedelta

import pytest
from django.db import connection

from shopkeeper.flows.marketing.launch.models import Gate, GateCheck
from shopkeeper.flows.marketing.promotions.commands.rehearse_claims import (
    EndRehearsal,
    OpenRehearsal,
    end_rehearsals,
    open_rehearsals,
)
from shopkeeper.flows.marketing.promotions.models import Coupon, CouponBatch
from shopkeeper.foundation.actor import SYSTEM
from tests import factories as make
from tests.databases import FreshDatabase
from tests.flows.marketing.launch import stage
from tests.flows.marketing.promotions import stage as promotions

pytestmark = pytest.mark.clause("M2.2")


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, stage.NOON)


def test_many_lanes_give_exactly_what_there_is(fresh_db: FreshDatabase) -> None:
    one = stage.prepared()
    gate = stage.tested(one)
    assert gate.state == "green"
    (row,) = GateCheck.objects.get(key="coupon_claim").rows
    assert row["given"] == row["kept"] == row["counted"] == row["total"] == 100
    assert row["most_each"] == 2
    pricing = GateCheck.objects.get(key="pricing").facts
    assert (pricing["calls"], pricing["unlike"], pricing["failed"]) == (60, 0, 0)
    assert CouponBatch.objects.count() == 1
    assert Coupon.objects.count() == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM foundation_event WHERE type = 'promotions.coupon_claimed'")
        assert cursor.fetchone() == (0,)
    assert Gate.objects.get().runs == 1


@pytest.mark.django_db
def test_only_a_rehearsals_own_coupons_are_ever_taken_away() -> None:
    shop = make.make_shop()
    rule_id = promotions.published(shop, needs_coupon=True)
    meant = promotions.batch(rule_id, code="rehearsal-x")  # somebody's own batch that happens to be called so
    promotions.claimed(meant, shop, "b1")
    assert end_rehearsals.one(SYSTEM, EndRehearsal(meant)).code == "not_a_rehearsal"
    item = OpenRehearsal(rule_id, "1-1", 10, 2)
    opened = open_rehearsals.one(SYSTEM, item)
    assert opened.changed
    assert open_rehearsals.one(SYSTEM, item).code == "unchanged"
    plain = promotions.published(shop, "plain")
    assert open_rehearsals.one(SYSTEM, OpenRehearsal(plain, "1-1", 10, 2)).code == "rule_takes_no_coupon"
    CouponBatch.objects.filter(id=opened.id).update(made_at=stage.NOON - timedelta(hours=2))
    assert open_rehearsals.one(SYSTEM, OpenRehearsal(rule_id, "1-2", 10, 2)).changed
    assert not CouponBatch.objects.filter(id=opened.id).exists()  # left behind by one that was interrupted
    assert Coupon.objects.filter(batch_id=meant).count() == 1
