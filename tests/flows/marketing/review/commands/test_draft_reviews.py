"""M4.1: a campaign that is over gets its figures by itself, and its report a due day by the Chinese calendar."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shopkeeper.config.wiring import READERS
from shopkeeper.flows.fulfilment.intake.commands.cancel_orders import CancelOrder, cancel_orders
from shopkeeper.flows.marketing.campaigns.events import CampaignEnded
from shopkeeper.flows.marketing.review.commands.draft_reviews import DraftReview, draft_reviews
from shopkeeper.flows.marketing.review.models import Figures, Review
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.events import Recorded
from shopkeeper.shared.errors import NotAllowed
from shopkeeper.sop.roles import Role
from tests import factories as make
from tests.flows.marketing.review import stage

pytestmark = [pytest.mark.django_db, pytest.mark.clause("M4.1")]
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def just_over(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, stage.END)


def a_shop_with_goods() -> tuple[Any, Any]:
    warehouse = make.make_warehouse()
    sku = make.make_sku(cost_minor=2_000, price_minor=5_000)
    make.stock_up(sku, warehouse, 40)
    return make.make_shop(warehouse), sku


def test_the_figures_are_those_of_the_goods_in_the_time_of_the_campaign() -> None:
    shop, sku = a_shop_with_goods()
    other = make.make_sku()
    stage.sold(shop, sku, stage.START - HOUR, buyer="old")
    stage.sold(shop, sku, stage.START + HOUR, quantity=2, buyer="old")
    stage.sold(shop, sku, stage.START + 20 * HOUR, buyer="new")
    stage.sold(shop, sku, stage.START + 21 * HOUR, buyer="new")
    stage.sold(shop, other, stage.START + HOUR, buyer="else")
    stage.sold(shop, sku, stage.END, buyer="late")
    stage.sold(make.make_shop(), sku, stage.START + HOUR)
    review = stage.drafted(stage.campaign(shop, sku))
    found = stage.figures_of(review)
    sales = found.sales
    assert (sales.paid_minor, sales.orders, sales.pieces, sales.buyers, sales.new_customers) == (20_000, 3, 4, 2, 1)
    assert sales.cost_minor == 8_000
    assert sales.commission_minor == 1_000
    assert found.sales_attained == 2_000
    assert found.customers_attained == 5_000
    assert found.basket_minor == 10_000
    (goods,) = found.goods
    assert (goods.planned, goods.sold, goods.paid_minor) == (100, 4, 20_000)
    assert len(found.hours) == 48
    assert [(hour.at, hour.orders) for hour in found.hours if hour.orders] == [
        ("2026-06-18 01:00", 1), ("2026-06-18 20:00", 1), ("2026-06-18 21:00", 1)
    ]  # fmt: skip
    assert stage.told() == ["review.review_drafted"]


def test_money_that_went_back_and_pieces_that_never_left() -> None:
    shop, sku = a_shop_with_goods()
    stage.refunded(stage.sold(shop, sku, stage.START + HOUR, quantity=2), 4_000)
    cancelled = stage.sold(shop, sku, stage.START + HOUR, discount_minor=500, paid_minor=4_500)
    assert cancel_orders.one(SYSTEM, CancelOrder(cancelled, "买家不要了")).changed
    found = stage.figures_of(stage.drafted(stage.campaign(shop, sku)))
    sales = found.sales
    assert sales.paid_minor == 14_500
    assert sales.refund_minor == 4_000 + 4_500
    assert sales.cost_minor == 4_000
    assert found.discounts == ()  # what was cancelled cost nobody a discount


def test_cost_discounts_and_return_by_their_definitions() -> None:
    shop, sku = a_shop_with_goods()
    campaign = stage.campaign(shop, sku)
    stage.sold(shop, sku, stage.START + HOUR, quantity=2, discount_minor=1_000, paid_minor=9_000)
    stage.sold(shop, sku, stage.START + HOUR, quantity=1, paid_minor=4_500)
    stage.budget(campaign, "ads", 5_000, 2_000)
    stage.budget(campaign, "coupon", 3_000, 900)
    found = stage.figures_of(stage.drafted(campaign))
    assert [(one.bearer, one.amount_minor) for one in found.discounts] == [("shop", 1_500)]
    assert found.cost_minor == 2_000 + 1_500
    assert found.gross_profit_minor == 13_500 + 1_500 - 675 - 6_000
    assert found.profit_minor == found.gross_profit_minor - 3_500
    assert found.roi_bp == round(found.profit_minor / 3_500 * 10_000)
    assert found.roas_hundredths == 675
    assert found.net_roas_hundredths == round(13_500 / 3_500 * 100)


def test_the_increment_stands_against_the_same_weekdays_and_says_when_there_is_no_base() -> None:
    shop, sku = a_shop_with_goods()
    for week in (1, 2, 3, 4):
        stage.sold(shop, sku, stage.START + 10 * HOUR - timedelta(weeks=week))
        stage.sold(shop, sku, stage.START + 34 * HOUR - timedelta(weeks=week), quantity=2)
    stage.sold(shop, sku, stage.START - timedelta(days=3), quantity=9)
    stage.sold(shop, sku, stage.START + 10 * HOUR, quantity=4)
    campaign = stage.campaign(shop, sku)
    found = stage.figures_of(stage.drafted(campaign))
    assert (found.base.days, found.base.days_with, found.base.excluded) == (2, 2, 0)
    assert found.base.paid_minor == 15_000
    assert found.increment_minor == 5_000
    assert found.increment_share == 3_333
    week = timedelta(weeks=1)
    stage.campaign(shop, sku, starts_at=stage.START - week, ends_at=stage.END - week)
    stage.sold(shop, sku, stage.START + 10 * HOUR - week, quantity=50)
    again = stage.figures_of(stage.drafted(stage.campaign(shop, sku, starts_at=stage.START, ends_at=stage.END - HOUR)))
    assert again.base.excluded == 2
    assert again.base.paid_minor == 15_000


def test_a_campaign_among_others_without_pause_has_no_increment() -> None:
    shop, sku = a_shop_with_goods()
    stage.campaign(shop, sku, starts_at=stage.START - timedelta(weeks=5), ends_at=stage.START)
    found = stage.figures_of(stage.drafted(stage.campaign(shop, sku)))
    assert found.base.days_with == 0
    assert found.increment_minor is None
    assert found.increment_share is None


@pytest.mark.parametrize(
    ("ends_at", "due"),
    [
        (datetime(2026, 9, 30, 15, 59, tzinfo=UTC), datetime(2026, 10, 10, 10, 0, tzinfo=UTC)),
        (datetime(2026, 9, 30, 16, 0, tzinfo=UTC), datetime(2026, 10, 10, 10, 0, tzinfo=UTC)),  # midnight ends the 30th
        (datetime(2026, 6, 12, 4, 0, tzinfo=UTC), datetime(2026, 6, 17, 10, 0, tzinfo=UTC)),  # over a weekend
    ],
)
def test_the_report_is_due_in_three_chinese_working_days(ends_at: datetime, due: datetime) -> None:
    review = stage.drafted(stage.campaign(starts_at=ends_at - timedelta(days=1), ends_at=ends_at))
    assert review.due_at == due
    assert stage.due("review_report", review.pk) == due


def test_only_what_is_over_is_reviewed_and_only_once() -> None:
    live, over = stage.campaign(state="live"), stage.campaign()
    outcomes = draft_reviews(SYSTEM, [DraftReview(live.pk), DraftReview(over.pk), DraftReview(over.pk)])
    assert [outcome.code for outcome in outcomes] == ["campaign_not_over", "done", "unchanged"]
    assert draft_reviews.one(SYSTEM, DraftReview(over.pk)).code == "unchanged"
    assert Review.objects.count() == 1
    assert Figures.objects.count() == 1


def test_the_end_of_a_campaign_drafts_its_review_by_itself() -> None:
    campaign = stage.campaign()
    reader = next(reader for reader in READERS if reader.name == "review.draft")
    event = Recorded(1, 1, CampaignEnded(campaign.pk, campaign.shop_id), stage.END, 0, "M1.2")
    reader.react(SYSTEM, [event, event])
    reader.react(SYSTEM, [event])
    assert Review.objects.get().campaign_id == campaign.pk


def test_nobody_drafts_by_hand() -> None:
    with pytest.raises(NotAllowed):
        draft_reviews.one(stage.person(Role.OPERATIONS_MANAGER), DraftReview(stage.campaign().pk))


def test_many_campaigns_cost_as_many_statements_as_one() -> None:
    def statements(campaigns: list[Any]) -> int:
        with CaptureQueriesContext(connection) as captured:
            draft_reviews(SYSTEM, [DraftReview(one.pk) for one in campaigns])
        return len(captured)

    shop, sku = a_shop_with_goods()
    stage.sold(shop, sku, stage.START + HOUR)
    statements([stage.campaign(shop, sku)])
    assert statements([stage.campaign(shop, sku)]) == statements([stage.campaign(shop, sku) for _ in range(5)])
