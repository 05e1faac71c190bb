"""M3.1: hours are closed with our own facts, fall due, are recorded from several sources, counted again, signed."""

from datetime import datetime, time, timedelta, timezone

import pytest

from shopkeeper.flows.marketing.campaigns.models import Campaign
from shopkeeper.flows.marketing.watch.commands.close_hours import CloseHour, RecountHour, close_hours, recount_hours
from shopkeeper.flows.marketing.watch.commands.record_traffic import RecordTraffic, record_traffic
from shopkeeper.flows.marketing.watch.commands.sign_sheets import SignSheet, sign_sheets
from shopkeeper.flows.marketing.watch.commands.start_watches import StartWatch, start_watches
from shopkeeper.flows.marketing.watch.models import DaySheet, HourReading, HourStock, TrafficChange, TrafficHour, Watch
from shopkeeper.flows.marketing.watch.states import TrafficSource
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.shared.clock import SHOP_ZONE, at_time
from shopkeeper.shared.errors import NotAllowed
from shopkeeper.sop.models import Deadline, PolicyValue
from shopkeeper.sop.sweeper import sweep
from tests import factories as make
from tests.flows.marketing.watch import stage
from tests.flows.marketing.watch.stage import HOUR, START

pytestmark = [pytest.mark.django_db, pytest.mark.clause("M3.1")]


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch):
    stage.at(monkeypatch, START)
    return make.make_shop()


@pytest.fixture
def sku(shop):
    sku = make.make_sku()
    make.stock_up(sku, shop.default_warehouse, 100)
    return sku


def test_a_live_campaign_is_watched_from_its_hour_on(shop, sku) -> None:
    made = stage.campaign(shop, sku)
    planned = stage.campaign(shop, sku, code="next", state="planned", launched_at=None)
    outcomes = start_watches(SYSTEM, [StartWatch(made.pk), StartWatch(planned.pk), StartWatch(made.pk)])
    assert [o.code for o in outcomes] == ["done", "unchanged", "unchanged"]
    assert stage.due("watch_hour") == [START + HOUR]
    assert stage.told() == ["watch.watch_started"]


def test_an_hour_closes_with_the_orders_of_the_campaigns_goods(shop, sku, monkeypatch) -> None:
    made = stage.watched(shop, sku)
    other = make.make_sku()
    make.stock_up(other, shop.default_warehouse, 100)
    stage.bought(shop, sku, START + timedelta(minutes=5), 2, buyer_ref="a")
    stage.bought(shop, sku, START + timedelta(minutes=6), 1, buyer_ref="a")
    stage.bought(shop, sku, START + timedelta(minutes=7), 1, buyer_ref="b")
    stage.bought(shop, other, START + timedelta(minutes=8))  # not of the campaign
    stage.bought(shop, sku, START + HOUR)  # the next hour's
    assert stage.tick(monkeypatch, made, START + HOUR).facts == {"hours": 1}
    found = stage.reading(made)
    assert (found.orders, found.buyers, found.new_customers, found.pieces) == (3, 2, 2, 4)
    assert found.paid_minor == 4 * sku.price_minor
    assert found.stock_left == 95  # what may still be promised once the fifth piece is sold too
    assert list(HourStock.objects.values_list("sold", "left")) == [(4, 95)]
    assert stage.due("watch_hour") == [START + 2 * HOUR]
    assert stage.due("watch_hour_record") == [START + HOUR + timedelta(minutes=15)]
    assert stage.tick(monkeypatch, made, START + HOUR).code == "unchanged"


def test_who_bought_in_the_year_before_is_no_new_customer(shop, sku, monkeypatch) -> None:
    made = stage.watched(shop, sku)
    stage.bought(shop, sku, START - timedelta(days=100), buyer_ref="old")
    stage.bought(shop, sku, START - timedelta(days=400), buyer_ref="long ago")
    for ref in ("old", "long ago", "fresh"):
        stage.bought(shop, sku, START + timedelta(minutes=5), buyer_ref=ref)
    stage.tick(monkeypatch, made, START + HOUR)
    assert (stage.reading(made).buyers, stage.reading(made).new_customers) == (3, 2)


def test_how_long_a_buyer_is_remembered_is_the_policys_to_say(shop, sku, monkeypatch) -> None:
    made = stage.watched(shop, sku)
    PolicyValue.objects.create(key="new_customer_days", shop=shop, value=500, set_at=START, set_by=1)
    stage.bought(shop, sku, START - timedelta(days=400), buyer_ref="long ago")
    stage.bought(shop, sku, START + timedelta(minutes=5), buyer_ref="long ago")
    stage.tick(monkeypatch, made, START + HOUR)
    assert (stage.reading(made).buyers, stage.reading(made).new_customers) == (1, 0)


def test_after_a_standstill_all_hours_are_closed_in_one_go_with_constant_statements(
    shop, sku, monkeypatch, django_assert_max_num_queries
) -> None:
    made = stage.watched(shop, sku)
    stage.at(monkeypatch, START + 30 * HOUR)
    with django_assert_max_num_queries(40):
        assert close_hours.one(SYSTEM, CloseHour(made.pk)).facts == {"hours": 30}
    assert HourReading.objects.count() == 30
    assert DaySheet.objects.count() == 2
    assert min(stage.due("watch_hour_record")) > START + 30 * HOUR


def test_with_the_last_hour_the_watch_ends(shop, sku, monkeypatch) -> None:
    made = stage.watched(shop, sku, ends_at=START + timedelta(minutes=90))
    stage.tick(monkeypatch, made, START + HOUR)
    assert Watch.objects.get().ended_at is None
    stage.tick(monkeypatch, made, START + 2 * HOUR)
    assert Watch.objects.get().ended_at == START + 2 * HOUR
    assert stage.due("watch_hour") == []
    assert stage.told()[-1] == "watch.watch_ended"


def test_the_sweeper_closes_hours_and_an_hour_nobody_recorded_is_late(shop, sku, monkeypatch) -> None:
    made = stage.watched(shop, sku)
    stage.at(monkeypatch, START + HOUR)
    sweep()
    assert stage.reading(made)
    stage.at(monkeypatch, START + HOUR + timedelta(minutes=15))
    sweep()
    assert Deadline.objects.get(kind="watch_hour_record").late_at
    stage.at(monkeypatch, START + HOUR + timedelta(minutes=40))
    assert stage.record(made, START).changed
    assert stage.ended("watch_hour_record") == [("done", True)]


def test_recording_in_time_meets_the_deadline_and_a_delivered_hour_needs_no_record(shop, sku, monkeypatch) -> None:
    made = stage.watched(shop, sku)
    stage.at(monkeypatch, START + timedelta(minutes=50))
    record_traffic.one(SYSTEM, stage.traffic(shop, START, source=TrafficSource.COLLECTOR))
    stage.tick(monkeypatch, made, START + HOUR)
    assert stage.due("watch_hour_record") == []  # the collector told of it already
    stage.tick(monkeypatch, made, START + 2 * HOUR)
    stage.record(made, START + HOUR)
    assert stage.ended("watch_hour_record") == [("done", False)]


def test_several_sources_stand_side_by_side(shop, sku) -> None:
    made = stage.watched(shop, sku)
    assert stage.record(made, START).changed
    assert stage.record(made, START, 900, source=TrafficSource.FILE, digest="f" * 64).changed
    assert stage.record(shop, START, 5_000).changed
    assert TrafficHour.objects.count() == 3
    assert stage.record(made, START).code == "unchanged"


def test_a_correction_says_why_and_keeps_the_earlier_figures(shop, sku) -> None:
    made = stage.watched(shop, sku)
    stage.record(made, START, 1_000)
    refused = stage.record(made, START, 1_200)
    assert (refused.code, refused.facts["visitors"]) == ("correction_reason_needed", 1_000)
    assert stage.record(made, START, 1_200, reason="看错一行").changed
    assert TrafficHour.objects.get().visitors == 1_200
    earlier = TrafficChange.objects.get()
    assert (earlier.visitors, earlier.reason) == (1_000, "看错一行")
    assert stage.told()[-1] == "watch.traffic_corrected"


def test_a_file_replaces_itself_without_a_reason(shop, sku) -> None:
    made = stage.watched(shop, sku)
    stage.record(made, START, 1_000, source=TrafficSource.FILE)
    assert stage.record(made, START, 1_100, source=TrafficSource.FILE).facts == {"replaced": True}


def test_what_cannot_be_is_refused(shop, sku) -> None:
    made = stage.watched(shop, sku)
    foreign = stage.campaign(make.make_shop(), sku, code="x")
    codes = [
        stage.record(made, START + timedelta(minutes=5)).code,
        stage.record(made, datetime(2026, 6, 1, 10, tzinfo=timezone(timedelta(hours=5, minutes=30)))).code,
        stage.record(made, datetime(9999, 12, 31, 23, tzinfo=timezone(-HOUR))).code,
        stage.record(made, START + HOUR).code,
        stage.record(made, START - timedelta(days=8)).code,
        stage.record(made, START, clicks=10, exposures=9).code,
        stage.record(made, START, source=TrafficSource.COLLECTOR).code,
        record_traffic.one(stage.specialist(), RecordTraffic(shop.pk, START, 1, campaign_id=foreign.pk)).code,
    ]
    assert codes == [
        "hour_not_whole", "hour_not_whole", "hour_not_whole", "hour_not_begun", "hour_too_old",
        "clicks_over_exposures", "collector_is_systems", "not_found",
    ]  # fmt: skip
    assert not TrafficHour.objects.exists()


def test_traffic_of_another_shop_is_not_found_and_nobody_records_without_the_permission(shop, sku) -> None:
    made = stage.watched(shop, sku)
    stranger = stage.specialist(shops=[make.make_shop()])
    assert stage.record(made, START, by=stranger).code == "not_found"
    with pytest.raises(NotAllowed):
        stage.record(made, START, by=stage.buyer())


def test_orders_that_come_late_are_counted_into_their_hour(shop, sku, monkeypatch) -> None:
    made = stage.watched(shop, sku)
    stage.tick(monkeypatch, made, START + HOUR)
    left = stage.reading(made).stock_left
    stage.bought(shop, sku, START + timedelta(minutes=59), 3)
    outcomes = recount_hours(SYSTEM, [RecountHour(made.pk, START), RecountHour(made.pk, START)])
    assert [o.code for o in outcomes] == ["done", "unchanged"]
    assert (stage.reading(made).orders, stage.reading(made).pieces) == (1, 3)
    assert stage.reading(made).stock_left == left
    assert HourStock.objects.get().sold == 3
    assert recount_hours.one(SYSTEM, RecountHour(made.pk, START)).code == "unchanged"


def a_day(shop, sku, monkeypatch) -> DaySheet:
    """A campaign of two hours, one recorded; the day is over."""
    made = stage.watched(shop, sku, ends_at=START + 2 * HOUR)
    stage.tick(monkeypatch, made, START + 2 * HOUR)
    stage.record(made, START)
    return DaySheet.objects.get()


def test_a_day_is_signed_by_somebody_else_and_its_figures_stand(shop, sku, monkeypatch) -> None:
    sheet = a_day(shop, sku, monkeypatch)
    by = stage.supervisor()
    assert sign_sheets.one(by, SignSheet(sheet.pk)).code == "sheet_has_gaps"
    assert sign_sheets.one(by, SignSheet(sheet.pk, "平台后台故障")).changed
    sheet.refresh_from_db()
    assert (sheet.state, sheet.totals["visitors"], sheet.totals["hours"]) == ("signed", 1_000, 2)
    assert sign_sheets.one(by, SignSheet(sheet.pk)).code == "unchanged"
    assert stage.record(sheet.campaign, START + HOUR).code == "day_signed"
    assert stage.record(shop, START + HOUR).code == "day_signed"
    assert ("cancelled", False) in stage.ended("watch_hour_record")
    assert stage.ended("watch_sheet_sign") == [("done", False)]


def test_nobody_signs_their_own_hours_nor_a_day_that_goes_on(shop, sku, monkeypatch) -> None:
    made = stage.watched(shop, sku)
    stage.tick(monkeypatch, made, START + HOUR)
    sheet = DaySheet.objects.get()
    assert sign_sheets.one(stage.supervisor(), SignSheet(sheet.pk)).code == "sheet_not_over"
    opens_at = stage.opens("watch_sheet_sign")
    assert opens_at == [at_time(START.astimezone(SHOP_ZONE).date() + timedelta(days=1), time.min)]
    both = make.actor_with("marketing.watch.record", "marketing.watch.sign")
    stage.record(made, START, by=both)
    stage.tick(monkeypatch, made, START + 15 * HOUR)
    assert sign_sheets.one(both, SignSheet(sheet.pk, "都看过了")).code == "own_sheet"
    assert stage.due("watch_sheet_sign")[0] == START + timedelta(days=1)


def test_a_campaign_that_ends_sooner_than_planned_has_its_day_signed_at_once(shop, sku, monkeypatch) -> None:
    made = stage.watched(shop, sku)
    stage.tick(monkeypatch, made, START + HOUR)
    assert stage.opens("watch_sheet_sign")[0] > START + HOUR
    Campaign.objects.filter(pk=made.pk).update(state="ended", ended_at=START + 2 * HOUR, end_reason="售罄")
    stage.tick(monkeypatch, made, START + 2 * HOUR)
    assert stage.opens("watch_sheet_sign") == [None]
