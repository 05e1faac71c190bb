"""M3.2: what is low opens one alert; what is done about it is logged with the figures before and after."""

from datetime import date, timedelta

import pytest

from shopkeeper.flows.marketing.campaigns.models import BudgetRaise, SlotApplication
from shopkeeper.flows.marketing.launch.models import Material
from shopkeeper.flows.marketing.watch.commands.answer_alerts import (
    AskBudget,
    AskSlot,
    ChangeCopy,
    DismissAlert,
    PauseCampaignRule,
    ask_budget,
    ask_slots,
    change_copy,
    dismiss_alerts,
    pause_campaign_rules,
)
from shopkeeper.flows.marketing.watch.commands.close_hours import CloseHour, RecountHour, close_hours, recount_hours
from shopkeeper.flows.marketing.watch.commands.measure_effects import MeasureEffect, measure_effects
from shopkeeper.flows.marketing.watch.commands.record_traffic import record_traffic
from shopkeeper.flows.marketing.watch.commands.set_benchmarks import SetBenchmark, set_benchmarks
from shopkeeper.flows.marketing.watch.models import Action, Alert
from shopkeeper.flows.marketing.watch.queries.hours import hours_of_campaign
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.shared.errors import NotAllowed
from shopkeeper.sop.models import Deadline, PolicyValue
from shopkeeper.sop.sweeper import sweep
from tests import factories as make
from tests.flows.marketing.promotions import stage as promotions
from tests.flows.marketing.watch import stage
from tests.flows.marketing.watch.stage import HOUR, START

pytestmark = [pytest.mark.django_db, pytest.mark.clause("M3.2")]


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch):
    stage.at(monkeypatch, START)
    return make.make_shop()


@pytest.fixture
def sku(shop):
    sku = make.make_sku()
    make.stock_up(sku, shop.default_warehouse, 10_000)
    return sku


def buyers(shop, sku, hour, count: int) -> None:
    for n in range(count):
        stage.bought(shop, sku, hour + timedelta(minutes=1, seconds=n))


def test_two_low_hours_in_a_row_open_one_alert_with_its_arithmetic(shop, sku, monkeypatch) -> None:
    made = stage.watched(shop, sku)
    stage.benchmark(shop, 600)
    alert = stage.low_conversion(monkeypatch, made)
    assert alert.facts["target_bp"] == 500
    assert (alert.facts["benchmark_name"], alert.facts["benchmark_bp"]) == ("同行同层平均", 600)
    assert [one["visitors"] for one in alert.facts["hours"]] == [1_000, 1_000]
    assert alert.due_at == START + 2 * HOUR + timedelta(minutes=30)
    assert stage.due("watch_alert_answer") == [alert.due_at]
    stage.tick(monkeypatch, made, START + 3 * HOUR)
    stage.record(made, START + 2 * HOUR)
    assert Alert.objects.count() == 1  # it stands open; none is opened beside it


def test_one_low_hour_or_too_few_visitors_open_none(shop, sku, monkeypatch) -> None:
    made = stage.watched(shop, sku)
    stage.tick(monkeypatch, made, START + HOUR)
    stage.record(made, START)
    assert not Alert.objects.exists()
    stage.tick(monkeypatch, made, START + 2 * HOUR)
    stage.record(made, START + HOUR, 199)
    assert not Alert.objects.exists()


def test_the_benchmark_alone_opens_an_alert_where_the_plan_names_no_target(shop, sku, monkeypatch) -> None:
    made = stage.watched(shop, sku, expected_conversion_bp=0)
    stage.benchmark(shop, 600)
    for n in (0, 1):
        buyers(shop, sku, START + HOUR * n, 4)
        stage.tick(monkeypatch, made, START + HOUR * (n + 1))
        stage.record(made, START + HOUR * n, 200 if n else 100)
    assert not Alert.objects.exists()  # the first hour had too few visitors
    buyers(shop, sku, START + 2 * HOUR, 9)
    stage.tick(monkeypatch, made, START + 3 * HOUR)
    stage.record(made, START + 2 * HOUR, 200)  # 9 ÷ 200 = 4.5 %, below 0.8 × 6 % = 4.8 %
    assert Alert.objects.get().facts["benchmark_bp"] == 600


def test_without_a_named_benchmark_the_own_median_of_the_hour_counts(shop, sku, monkeypatch) -> None:
    for weeks in (1, 2, 3):
        hour = START - timedelta(days=7 * weeks)
        stage.at(monkeypatch, hour + HOUR)
        stage.record(shop, hour, 100)
        for n in range(weeks * 2):
            stage.bought(shop, sku, hour + timedelta(minutes=n))
    stage.at(monkeypatch, START)
    made = stage.watched(shop, sku)
    stage.tick(monkeypatch, made, START + HOUR)
    assert (stage.reading(made).benchmark_name, stage.reading(made).benchmark_bp) == ("own_median", 400)


def test_visitors_of_the_whole_shop_are_held_against_its_buyers(shop, sku, monkeypatch) -> None:
    """60 of 1,000 paid for something, 10 of them for the campaign's goods: 6 % of the shop, not 1 % of its visitors."""
    other = make.make_sku()
    made = stage.watched(shop, sku)
    for n in range(60):
        stage.bought(shop, sku if n < 10 else other, START + timedelta(minutes=n // 2))
    stage.tick(monkeypatch, made, START + HOUR)
    assert stage.record(shop, START, 1_000).changed
    line = hours_of_campaign(made.pk)[0]
    assert (line.buyers, line.shop_buyers, line.conversion_bp, line.is_low) == (10, 60, 600, False)
    assert stage.record(made, START, 250).changed  # told of the campaign itself: its own buyers again
    line = hours_of_campaign(made.pk)[0]
    assert (line.told_buyers, line.conversion_bp, line.is_low) == (10, 400, True)


def test_an_alert_is_lifted_where_conversion_is_fine_again(shop, sku, monkeypatch) -> None:
    made = stage.watched(shop, sku)
    alert = stage.low_conversion(monkeypatch, made)
    buyers(shop, sku, START + 2 * HOUR, 10)
    stage.tick(monkeypatch, made, START + 3 * HOUR)
    stage.record(made, START + 2 * HOUR, 200)
    alert.refresh_from_db()
    assert alert.state == "lifted"
    assert stage.ended("watch_alert_answer") == [("cancelled", True)]  # it was nobody's answer, and past its time


def test_an_alert_nobody_answers_is_late(shop, sku, monkeypatch) -> None:
    alert = stage.low_conversion(monkeypatch, stage.watched(shop, sku))
    stage.at(monkeypatch, alert.due_at)
    sweep()
    assert Deadline.objects.get(kind="watch_alert_answer").late_at
    assert dismiss_alerts.one(stage.specialist(), DismissAlert(alert.pk, "大盘都低")).changed
    assert stage.ended("watch_alert_answer") == [("done", True)]


def test_a_dismissal_says_why_and_keeps_quiet_for_a_while(shop, sku, monkeypatch) -> None:
    made = stage.watched(shop, sku)
    alert = stage.low_conversion(monkeypatch, made)
    by = stage.specialist()
    outcomes = dismiss_alerts(
        by, [DismissAlert(alert.pk, " "), DismissAlert(alert.pk, "夜间"), DismissAlert(alert.pk, "夜间")]
    )
    assert [o.code for o in outcomes] == ["reason_needed", "done", "unchanged"]
    assert change_copy.one(by, ChangeCopy(alert.pk, "换标题")).code == "alert_over"
    for n in (2, 3, 4, 5):
        stage.tick(monkeypatch, made, START + HOUR * (n + 1))
        stage.record(made, START + HOUR * n)
        assert Alert.objects.count() == (1 if n < 4 else 2)


def test_changing_the_copy_is_a_brief_for_design(shop, sku, monkeypatch) -> None:
    alert = stage.low_conversion(monkeypatch, stage.watched(shop, sku))
    by = stage.specialist()
    assert change_copy.one(by, ChangeCopy(alert.pk, " ")).code == "what_needed"
    outcome = change_copy.one(by, ChangeCopy(alert.pk, "主标题突出“满300减50”"))
    assert outcome.changed, outcome
    brief = Material.objects.get(id=outcome.facts["reference"])
    assert (brief.kind, brief.notes) == ("copy", "主标题突出“满300减50”")
    assert brief.due_at == START + 6 * HOUR
    assert change_copy.one(by, ChangeCopy(alert.pk, "又改")).code == "unchanged"
    alert.refresh_from_db()
    assert (alert.state, alert.answered_by) == ("acted", by.id)
    assert Action.objects.get().before["visitors"] == 2_000


def test_more_slots_and_more_budget_are_asked_for_beside_each_other(shop, sku, monkeypatch) -> None:
    made = stage.watched(shop, sku)
    item = stage.budget(made)
    alert = stage.low_conversion(monkeypatch, made)
    by = stage.specialist()
    late = AskSlot(alert.pk, "猜你喜欢", START)
    assert ask_slots.one(by, late).code == "apply_by_past"
    slot = ask_slots.one(by, AskSlot(alert.pk, "猜你喜欢", START + 5 * HOUR, 50_000))
    assert SlotApplication.objects.get(id=slot.facts["reference"]).place == "猜你喜欢"
    foreign = stage.budget(stage.campaign(make.make_shop(), sku, code="x"))
    assert ask_budget.one(by, AskBudget(alert.pk, foreign.pk, 100, "加投")).code == "item_of_other_campaign"
    assert ask_budget.one(by, AskBudget(alert.pk, item.pk, 20_000, "加投")).changed
    assert BudgetRaise.objects.get().amount_minor == 20_000
    assert Action.objects.count() == 2
    assert stage.ended("watch_alert_answer") == [("done", False)]


def test_a_promotion_of_the_campaign_is_paused_no_other(shop, sku, monkeypatch) -> None:
    made = stage.watched(shop, sku)
    monkeypatch.setattr("tests.flows.marketing.promotions.stage.NOON", START)
    own, other = (promotions.published(shop, code) for code in ("own", "other"))
    stage.with_rule(made, own)
    alert = stage.low_conversion(monkeypatch, made)
    by = stage.specialist()
    assert pause_campaign_rules.one(by, PauseCampaignRule(alert.pk, other, "设错")).code == "rule_of_other_campaign"
    assert pause_campaign_rules.one(by, PauseCampaignRule(alert.pk, own, "")).code == "reason_needed"
    assert pause_campaign_rules.one(by, PauseCampaignRule(alert.pk, own, "设错")).changed
    assert promotions.state_of(own) == "paused"
    assert promotions.state_of(other) == "published"


def test_an_action_that_is_refused_leaves_nothing(shop, sku, monkeypatch) -> None:
    alert = stage.low_conversion(monkeypatch, stage.watched(shop, sku))
    with pytest.raises(NotAllowed):
        change_copy.one(stage.supervisor(), ChangeCopy(alert.pk, "改"))
    stranger = stage.specialist(shops=[make.make_shop()])
    assert change_copy.one(stranger, ChangeCopy(alert.pk, "改")).code == "not_found"
    assert change_copy.one(stage.specialist(), ChangeCopy(alert.pk, "改", START)).code == "brief_due_past"
    alert.refresh_from_db()
    assert (alert.state, Action.objects.count()) == ("open", 0)


def test_the_effect_is_measured_one_and_three_hours_later(shop, sku, monkeypatch) -> None:
    made = stage.watched(shop, sku)
    alert = stage.low_conversion(monkeypatch, made)
    stage.at(monkeypatch, START + 2 * HOUR + timedelta(minutes=20))
    action = change_copy.one(stage.specialist(), ChangeCopy(alert.pk, "换标题")).facts["action_id"]
    first, last = START + 3 * HOUR, START + 6 * HOUR
    assert stage.due("watch_action_effect") == [first + HOUR + timedelta(minutes=15)]
    for n in (3, 4, 5):
        buyers(shop, sku, START + HOUR * n, 8)
        stage.tick(monkeypatch, made, START + HOUR * (n + 1))
        stage.record(made, START + HOUR * n, 200 if n != 5 else 0)
        stage.at(monkeypatch, START + HOUR * (n + 1) + timedelta(minutes=15))
        sweep()
    kept = Action.objects.get(id=action)
    assert (kept.before["conversion_bp"], kept.after_one["conversion_bp"]) == (0, 400)
    assert (kept.after_three["hours"], kept.after_three["buyers"], kept.after_three["visitors"]) == (3, 24, 400)
    assert stage.due("watch_action_effect") == []
    assert last  # three whole hours after the action's own
    assert measure_effects.one(SYSTEM, MeasureEffect(action)).code == "unchanged"


def test_what_an_action_is_measured_by_follows_its_hours(shop, sku, monkeypatch) -> None:
    """An hour recorded after the action, one put right, and an order that came late all count in its figures."""
    made = stage.watched(shop, sku)
    alert = stage.low_conversion(monkeypatch, made)
    stage.tick(monkeypatch, made, START + 3 * HOUR + timedelta(minutes=5))
    action = change_copy.one(stage.specialist(), ChangeCopy(alert.pk, "换标题")).facts["action_id"]

    def before() -> dict[str, int]:
        return Action.objects.get(id=action).before

    assert (before()["hours"], before()["hours_with_traffic"], before()["visitors"]) == (3, 2, 2_000)
    assert stage.record(made, START + 2 * HOUR, 253).changed
    assert (before()["hours_with_traffic"], before()["visitors"]) == (3, 2_253)
    assert stage.record(made, START + HOUR, 800, reason="看错一列").changed
    assert (before()["visitors"], before()["conversion_bp"]) == (2_053, 0)
    stage.bought(shop, sku, START + 2 * HOUR + timedelta(minutes=3))
    assert recount_hours.one(SYSTEM, RecountHour(made.pk, START + 2 * HOUR)).changed
    assert (before()["buyers"], before()["orders"], before()["conversion_bp"]) == (1, 1, 5)
    stage.tick(monkeypatch, made, START + 5 * HOUR + timedelta(minutes=15))
    sweep()
    kept = Action.objects.get(id=action)
    assert (kept.after_one["hours"], kept.after_one["visitors"], kept.after_three) == (1, 0, None)
    assert stage.record(made, START + 4 * HOUR, 400).changed
    kept.refresh_from_db()
    assert (kept.after_one["visitors"], kept.after_one["hours_with_traffic"], kept.after_three) == (400, 1, None)
    assert stage.record(made, START, 900, reason="看错").changed  # an hour that counts is put right; the others stay
    assert before()["visitors"] == 900 + 800 + 253


def test_an_action_stands_in_the_hour_it_was_taken_in(shop, sku, monkeypatch) -> None:
    made = stage.watched(shop, sku)
    alert = stage.low_conversion(monkeypatch, made)
    stage.at(monkeypatch, START + 2 * HOUR + timedelta(minutes=24))
    assert change_copy.one(stage.specialist(), ChangeCopy(alert.pk, "换标题")).changed
    assert [len(line.actions) for line in hours_of_campaign(made.pk)] == [0, 0]
    stage.tick(monkeypatch, made, START + 3 * HOUR)
    assert [len(line.actions) for line in hours_of_campaign(made.pk)] == [0, 0, 1]


def test_a_campaign_that_ends_lifts_what_is_open(shop, sku, monkeypatch) -> None:
    made = stage.watched(shop, sku, ends_at=START + 3 * HOUR)
    alert = stage.low_conversion(monkeypatch, made)
    stage.tick(monkeypatch, made, START + 3 * HOUR)
    alert.refresh_from_db()
    assert alert.state == "lifted"
    assert stage.told()[-2:] == ["watch.alert_lifted", "watch.watch_ended"]


def test_policies_of_the_shop_decide(shop, sku, monkeypatch) -> None:
    PolicyValue.objects.create(key="watch_low_readings", shop=shop, value=1, set_at=START, set_by=1)
    made = stage.watched(shop, sku)
    stage.tick(monkeypatch, made, START + HOUR)
    stage.record(made, START)
    assert Alert.objects.count() == 1


def test_judging_costs_the_same_for_one_campaign_as_for_many(
    shop, sku, monkeypatch, django_assert_max_num_queries
) -> None:
    campaigns = [stage.watched(shop, sku, code=f"c{n}") for n in range(5)]
    for made in campaigns:
        stage.tick(monkeypatch, made, START + HOUR)
        stage.record(made, START)
    stage.at(monkeypatch, START + 2 * HOUR)
    close_hours(SYSTEM, [CloseHour(made.pk) for made in campaigns])
    with django_assert_max_num_queries(40):
        record_traffic(stage.specialist(), [stage.traffic(made, START + HOUR) for made in campaigns])
    assert Alert.objects.count() == 5


def test_a_benchmark_is_named_and_counts_from_its_day(shop) -> None:
    by = stage.specialist()
    wish = SetBenchmark(shop.pk, "同行同层平均", 320, date(2026, 6, 1))
    assert [o.code for o in set_benchmarks(by, [wish, wish])] == ["done", "unchanged"]
    assert set_benchmarks.one(by, wish).code == "unchanged"
    assert set_benchmarks.one(by, SetBenchmark(shop.pk, " ", 320, date(2026, 6, 1))).code == "benchmark_name_needed"
    assert set_benchmarks.one(by, SetBenchmark(shop.pk, "同行优秀", 500, date(2026, 6, 1))).changed
