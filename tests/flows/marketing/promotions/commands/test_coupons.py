"""M2.3: coupons on offer and claimed, exactly; expired by the clock."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shopkeeper.flows.marketing.promotions.commands.claim_coupons import ClaimCoupon, claim_coupons
from shopkeeper.flows.marketing.promotions.commands.expire_coupons import ExpireCoupons, expire_coupons
from shopkeeper.flows.marketing.promotions.commands.make_coupon_batch import (
    MakeCouponBatch,
    StopCouponBatch,
    make_coupon_batch,
    stop_coupon_batches,
)
from shopkeeper.flows.marketing.promotions.models import Coupon, CouponBatch
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.shared.errors import NotAllowed
from shopkeeper.sop.models import Deadline
from shopkeeper.sop.sweeper import sweep
from tests import factories as make
from tests.flows.marketing.promotions import stage
from tests.flows.marketing.promotions.stage import NOON, batch, claimed, published

pytestmark = pytest.mark.clause("M2.3")


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, NOON)


def code_of(batch_id: int, shop: Any, buyer: str = "b1", nth: int = 1) -> str:
    return claim_coupons.one(stage.checkout(), ClaimCoupon(batch_id, shop.pk, buyer, nth)).code


@pytest.mark.django_db
def test_a_batch_is_made_once_and_refused_where_it_cannot_be() -> None:
    shop = make.make_shop()
    rule_id = published(shop, needs_coupon=True)
    item = MakeCouponBatch(rule_id, "C1", "券", 10, NOON, NOON + timedelta(days=1), NOON + timedelta(days=2))
    first = make_coupon_batch.one(stage.specialist(), item)
    assert first.changed
    assert make_coupon_batch.one(stage.specialist(), item) == replace(first, result="unchanged", code="unchanged")
    wrong = {
        "batch_differs": replace(item, total=11),
        "batch_numbers": replace(item, code="C2", total=0),
        "batch_times": replace(item, code="C2", claim_to=NOON),
        "batch_unnamed": replace(item, code=" "),
        "rule_takes_no_coupon": replace(item, rule_id=published(shop, "other")),
        "not_all_shops": replace(item, rule_id=published(None, "all", needs_coupon=True)),
    }
    for code, other in wrong.items():
        assert make_coupon_batch.one(stage.specialist(shops=[shop]), other).code == code
    with pytest.raises(NotAllowed):
        make_coupon_batch(stage.checkout(), [item])
    assert Deadline.objects.get(kind="coupon_expiry").due_at == NOON + timedelta(days=2)


@pytest.mark.django_db
def test_a_buyer_gets_as_many_as_allowed_and_the_same_claim_twice_is_one() -> None:
    shop = make.make_shop()
    batch_id = batch(published(shop, needs_coupon=True), per_buyer=2)
    first = claim_coupons.one(stage.checkout(), ClaimCoupon(batch_id, shop.pk, "b1"))
    assert (first.code, first.facts["number"]) == ("done", 1)
    again = claim_coupons.one(stage.checkout(), ClaimCoupon(batch_id, shop.pk, "b1"))
    assert (again.code, again.id) == ("unchanged", first.id)
    assert [code_of(batch_id, shop, nth=n) for n in (2, 3, 0)] == ["done", "batch_limit", "batch_limit"]
    assert CouponBatch.objects.get().claimed == Coupon.objects.count() == 2
    assert "b1" not in repr(ClaimCoupon(batch_id, shop.pk, "b1"))


@pytest.mark.django_db
def test_a_batch_of_claims_is_answered_one_by_one_in_as_many_statements_as_one() -> None:
    shop = make.make_shop()
    batch_id = batch(published(shop, needs_coupon=True), total=3)
    counts = []
    for buyers in (["a"], ["b", "b", "c", "d"]):
        with CaptureQueriesContext(connection) as queries:
            outcomes = claim_coupons(stage.checkout(), [ClaimCoupon(batch_id, shop.pk, buyer) for buyer in buyers])
        counts.append(len(queries))
    assert [o.code for o in outcomes] == ["done", "unchanged", "done", "batch_empty"]
    assert outcomes[0].id == outcomes[1].id
    assert counts[0] == counts[1]
    assert sorted(Coupon.objects.values_list("number", flat=True)) == [1, 2, 3]


@pytest.mark.django_db
def test_outside_its_window_its_shop_or_stopped_nothing_is_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = make.make_shop()
    rule_id = published(shop, needs_coupon=True)
    batch_id = batch(rule_id)
    assert code_of(batch_id, make.make_shop()) == "batch_unknown"
    assert code_of(0, shop) == "batch_unknown"
    assert stop_coupon_batches.one(stage.specialist(), StopCouponBatch(batch_id, " ")).code == "reason_needed"
    assert code_of(batch(rule_id, code="C2", claim_from=NOON + timedelta(hours=1)), shop) == "batch_not_open"
    stage.at(monkeypatch, NOON + timedelta(days=1))
    assert code_of(batch_id, shop) == "batch_not_open"
    stage.at(monkeypatch, NOON)
    assert stop_coupon_batches.one(stage.specialist(), StopCouponBatch(batch_id, "预算用完")).code == "done"
    assert stop_coupon_batches.one(stage.specialist(), StopCouponBatch(batch_id, "预算用完")).code == "unchanged"
    assert code_of(batch_id, shop) == "batch_not_open"
    everywhere = batch(published(None, "all", needs_coupon=True))
    refused = stop_coupon_batches.one(stage.specialist(shops=[shop]), StopCouponBatch(everywhere, "x"))
    assert refused.code == "not_all_shops"
    assert code_of(everywhere, shop) == "done"
    draft = stage.drafted(stage.wish(shop, "draft", needs_coupon=True))
    assert code_of(batch(draft), shop) == "batch_not_open"


@pytest.mark.django_db
def test_coupons_expire_by_the_clock_each_at_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = make.make_shop()
    batch_id = batch(published(shop, needs_coupon=True), valid_days=1)
    early = claimed(batch_id, shop, "b1")
    stage.at(monkeypatch, NOON + timedelta(hours=20))
    late = claimed(batch_id, shop, "b2")
    stage.at(monkeypatch, NOON + timedelta(days=1))
    sweep()
    states = dict(Coupon.objects.values_list("id", "state"))
    assert (states[early], states[late]) == ("expired", "claimed")
    assert Deadline.objects.get(kind="coupon_expiry").due_at == NOON + timedelta(days=1, hours=20)
    stage.at(monkeypatch, NOON + timedelta(days=2))
    sweep()
    assert Coupon.objects.get(id=late).state == "expired"
    assert not Deadline.objects.filter(kind="coupon_expiry").exists()
    assert expire_coupons.one(SYSTEM, ExpireCoupons(batch_id)).facts == {"expired": 0}


def test_a_claim_raced_by_sixty_four_gives_out_exactly_what_there_is(fresh_db) -> None:
    """Sixty-four clients, forty buyers, twenty coupons: through the gathering door, as the API calls it."""
    shop = make.make_shop()
    batch_id = batch(published(shop, needs_coupon=True), total=20)
    actor, start = stage.checkout(), threading.Barrier(64)

    def claim(n: int) -> str:
        start.wait(20)
        try:
            return claim_coupons.gather(actor, ClaimCoupon(batch_id, shop.pk, f"b{n % 40}")).code
        finally:
            connection.close()

    with ThreadPoolExecutor(64) as clients:
        codes = list(clients.map(claim, range(64)))
    assert codes.count("done") == 20
    assert set(codes) <= {"done", "unchanged", "batch_empty"}
    assert CouponBatch.objects.get().claimed == Coupon.objects.count() == 20
    assert Coupon.objects.values("subject_id").distinct().count() == 20
    assert sorted(Coupon.objects.values_list("number", flat=True)) == list(range(1, 21))
