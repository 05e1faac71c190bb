"""M4.1: what stood around a campaign is in its review: traffic, alerts, coupons, mailings, service, changes."""

from datetime import timedelta
from typing import Any

import pytest

from shopkeeper.flows.marketing.campaigns.models import BudgetItem, BudgetRaise, Segment
from shopkeeper.flows.marketing.outreach.models import Consent, Mailing, Recipient
from shopkeeper.flows.marketing.promotions.commands.end_rules import PauseRule, pause_rules
from shopkeeper.flows.marketing.promotions.commands.reserve_usage import reserve_usage
from shopkeeper.flows.marketing.promotions.commands.settle_usage import ConfirmUsage, confirm_usage
from shopkeeper.flows.marketing.review.ports import NobodyServes, provide_service_load, service_load
from shopkeeper.flows.marketing.watch.models import Action, Alert, TrafficHour
from shopkeeper.foundation.models import Shop
from tests import factories as make
from tests.flows.marketing.promotions import stage as promoting
from tests.flows.marketing.review import stage
from tests.flows.service.feedback import stage as serving

pytestmark = [pytest.mark.django_db, pytest.mark.clause("M4.1")]
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def just_over(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, stage.END)


def traffic(shop: Shop, n: int, source: str, visitors: int, campaign: Any = None) -> None:
    TrafficHour.objects.create(
        shop=shop, campaign=campaign, hour=stage.START + n * HOUR, source=source, exposures=visitors * 10,
        clicks=visitors * 2, visitors=visitors, entered_at=stage.END, entered_by=0,
    )  # fmt: skip


def test_traffic_is_the_sum_of_the_hours_by_the_source_that_counts() -> None:
    shop, sku = make.make_shop(), make.make_sku()
    campaign = stage.campaign(shop, sku)
    stage.sold(shop, sku, stage.START + HOUR, buyer="seen")
    stage.sold(shop, sku, stage.START + 5 * HOUR, buyer="unseen")  # nobody knows how many came in that hour
    traffic(shop, 0, "typed", 100)
    traffic(shop, 0, "collector", 120)
    traffic(shop, 1, "typed", 80, campaign)
    traffic(shop, 1, "collector", 900)
    traffic(shop, 48, "typed", 7_000)
    traffic(make.make_shop(), 1, "typed", 50)
    found = stage.figures_of(stage.drafted(campaign))
    assert found.traffic is not None
    assert (found.traffic.visitors, found.traffic.exposure, found.traffic.hours) == (200, 2_000, 2)
    assert found.traffic.sources == ("collector", "typed")
    assert found.conversion_bp == 50
    assert [hour.visitors for hour in found.hours[:3]] == [120, 80, None]


def test_alerts_stand_with_what_was_done_and_what_it_brought() -> None:
    campaign = stage.campaign()
    given = {"campaign": campaign, "shop_id": campaign.shop_id, "state_at": stage.START, "hour": stage.START,
             "opened_at": stage.START, "due_at": stage.START, "facts": {}}  # fmt: skip
    alert = Alert.objects.create(kind="stock_low", sku=make.make_sku(code="HOT"), state="acted", **given)
    Alert.objects.create(kind="conversion_low", state="dismissed", reason="大促前夜", **given)
    Action.objects.create(
        alert=alert, campaign=campaign, shop_id=campaign.shop_id, kind="urgent_restock", taken_at=stage.START,
        taken_by=0, before={"conversion_bp": 210, "left": 5}, after_one={"conversion_bp": 250, "left": 4},
        after_three={"conversion_bp": 300, "left": 90},
    )  # fmt: skip
    first, second = stage.figures_of(stage.drafted(campaign)).alerts
    assert first.about.startswith("HOT")
    (done,) = first.actions
    assert (done.kind, done.before_bp, done.after_bp, done.before_left, done.after_left) == (
        "urgent_restock", 210, 300, 5, 90
    )  # fmt: skip
    assert (second.kind, second.state, second.actions) == ("conversion_low", "dismissed", ())


def test_coupons_discounts_and_rules_that_were_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, make.NOON)
    shop, sku = make.make_shop(), make.make_sku(price_minor=40_000)
    terms = {"needs_coupon": True, "bearers": [["shop", 600], ["platform", 400]], "ends_at": stage.END + 9 * HOUR}
    rule = promoting.published(shop, "618", **terms)
    batch = promoting.batch(rule, total=10)
    coupons = [promoting.claimed(batch, shop, buyer) for buyer in ("b1", "b2")]
    wish = promoting.order(shop, sku, number="T1", buyer="b1", coupon_ids=(coupons[0],))
    assert reserve_usage.one(promoting.checkout(), wish).changed
    assert confirm_usage.one(promoting.checkout(), ConfirmUsage(shop.pk, "T1")).changed
    line = make.received_line(sku, discount_minor=0, paid_minor=35_000)
    make.take_in(make.received_order(shop, line, platform_no="T1", paid_minor=35_000, discount_minor=5_000))
    start = make.NOON - HOUR
    campaign = stage.campaign(shop, sku, starts_at=start, ends_at=start + 48 * HOUR)
    stage.runs_on(campaign, rule)
    stage.at(monkeypatch, make.NOON + HOUR)
    assert pause_rules.one(promoting.supervisor(), PauseRule(rule, "设错了")).changed
    stage.budget(campaign, "ads", 5_000, 5_000)
    item = BudgetItem.objects.get()
    BudgetRaise.objects.create(
        item=item, shop=shop, amount_minor=2_000, reason="加投", state="approved", state_at=make.NOON, due_at=make.NOON,
        asked_at=make.NOON, asked_by=1, decided_by=2,
    )  # fmt: skip
    found = stage.figures_of(stage.drafted(campaign))
    (line_of_coupon,) = found.coupons
    assert (line_of_coupon.total, line_of_coupon.claimed, line_of_coupon.used) == (10, 2, 1)
    assert (line_of_coupon.discount_minor, line_of_coupon.paid_minor) == (5_000, 35_000)
    assert [(one.bearer, one.amount_minor) for one in found.discounts] == [("shop", 3_000), ("platform", 2_000)]
    assert [(one.kind, one.became) for one in found.changes if one.kind == "budget"] == [("budget", "2000")]
    assert "paused" in [one.became for one in found.changes if one.kind == "promotion"]


def test_mailings_are_counted_by_what_became_of_them() -> None:
    campaign = stage.campaign()
    shop = campaign.shop
    segment = Segment.objects.create(
        shop=shop, code="all", name="全部", counted_at=stage.START, made_at=stage.START, made_by=0,
        saved_at=stage.START, saved_by=0,
    )  # fmt: skip
    mailing = Mailing.objects.create(
        shop=shop, campaign=campaign, segment_id=segment.pk, channel="sms", name="预热", signature="掌柜", text="来吧",
        planned_at=stage.START, state="sending", state_at=stage.START, saved_at=stage.START, saved_by=1,
        submitted_by=1, submitted_at=stage.START, decided_by=2, decided_at=stage.START, started_at=stage.START,
    )  # fmt: skip
    for n, state in enumerate(("delivered", "accepted", "bounced", "failed", "skipped")):
        consent = Consent.objects.create(
            shop=shop, subject_id=n, channel="sms", state_at=stage.START, source="own_shop", given_at=stage.START,
            given_by=0,
        )  # fmt: skip
        Recipient.objects.create(
            mailing=mailing, shop=shop, subject_id=n, consent=consent, state=state, state_at=stage.START,
            queued_at=stage.START, reason="capped" if state == "skipped" else "",
            opted_out_at=stage.END if n == 0 else None,
        )  # fmt: skip
    (found,) = stage.figures_of(stage.drafted(campaign)).mailings
    assert (found.name, found.sent, found.failed, found.opted_out) == ("预热", 3, 2, 1)


def test_service_answers_through_its_port(monkeypatch: pytest.MonkeyPatch) -> None:
    shop, sku = make.make_shop(), make.make_sku(code="HOT")
    order_id = stage.sold(shop, sku, stage.START + HOUR)
    serving.ticket_about(shop, "size", order_id=order_id, when=stage.START + 2 * HOUR)
    serving.ticket_about(shop, "size", order_id=order_id, when=stage.START + 3 * HOUR)
    serving.ticket_about(shop, "other", when=stage.END + HOUR)
    campaign = stage.campaign(shop, sku)
    service = stage.figures_of(stage.drafted(campaign)).service
    assert service is not None
    assert (service.tickets, service.orders_paid) == (2, 1)
    assert (service.themes[0].kind, service.themes[0].tickets) == ("size", 2)
    assert service.themes[0].goods.startswith("HOT")
    plugged = service_load()
    monkeypatch.undo()
    provide_service_load(NobodyServes())
    try:
        stage.at(monkeypatch, stage.END)
        assert stage.figures_of(stage.drafted(stage.campaign(shop))).service is None
    finally:
        provide_service_load(plugged)
