"""M1.2: budget against spend: planned, booked once, never beyond, raised by another person."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from shopkeeper.flows.marketing.campaigns.commands.approve_plans import ReturnPlan, return_plans
from shopkeeper.flows.marketing.campaigns.commands.book_spend import BookSpend, book_spend
from shopkeeper.flows.marketing.campaigns.commands.plan_budget import PlanBudget, PlannedCost, plan_budget
from shopkeeper.flows.marketing.campaigns.commands.raise_budget import (
    DecideRaise,
    RequestRaise,
    decide_raises,
    request_raises,
)
from shopkeeper.flows.marketing.campaigns.models import BudgetItem, BudgetSpend
from shopkeeper.flows.marketing.campaigns.states import BudgetKind
from shopkeeper.foundation.models import Shop
from shopkeeper.sop.sweeper import sweep
from tests import factories as make
from tests.flows.marketing.campaigns import stage

pytestmark = pytest.mark.clause("M1.2")


@pytest.fixture
def shop(db: None, monkeypatch: pytest.MonkeyPatch) -> Shop:
    stage.at(monkeypatch, stage.NOON)
    return make.make_shop()


def ads(campaign_id: int) -> int:
    return BudgetItem.objects.get(campaign=campaign_id, kind=BudgetKind.ADS).pk


def test_items_not_named_are_dropped_and_the_same_again_is_unchanged(shop: Shop) -> None:
    campaign_id = stage.planned(shop)
    only = PlanBudget(campaign_id, (PlannedCost(BudgetKind.GIFT, 300),))
    assert plan_budget.one(stage.planner(), only).changed
    assert plan_budget.one(stage.planner(), only).result == "unchanged"
    assert list(BudgetItem.objects.values_list("kind", "planned_minor")) == [("gift", 300)]
    twice = PlanBudget(campaign_id, (PlannedCost(BudgetKind.ADS, 1, "a"), PlannedCost(BudgetKind.ADS, 2, "a ")))
    assert plan_budget.one(stage.planner(), twice).code == "budget_item_twice"
    assert plan_budget(stage.planner(), [only, only])[1].code == "campaign_twice"


def test_a_spend_is_booked_once_by_its_reference(shop: Shop) -> None:
    item_id = ads(stage.approved(shop))
    bill = BookSpend(item_id, "ZTC-1", 400_000, "6 月 1 日")
    outcomes = book_spend(stage.planner(), [bill, bill])
    assert [(o.result, o.facts["left_minor"]) for o in outcomes] == [("done", 600_000), ("unchanged", 600_000)]
    assert book_spend.one(stage.planner(), bill).result == "unchanged"
    assert book_spend.one(stage.planner(), BookSpend(item_id, "ZTC-1", 1)).code == "spend_reference_taken"
    assert BudgetItem.objects.get(id=item_id).spent_minor == 400_000
    assert stage.told()[-1] == "budget_spent"


@pytest.mark.parametrize(
    ("reference", "amount", "code"),
    [("B", 0, "spend_nothing"), (" ", 5, "reference_missing"), ("B", -1, "spend_below_nothing")],
)
def test_what_is_no_spend(shop: Shop, reference: str, amount: int, code: str) -> None:
    item_id = ads(stage.approved(shop))
    assert book_spend.one(stage.planner(), BookSpend(item_id, reference, amount)).code == code


def test_nothing_is_spent_before_the_plan_is_approved(shop: Shop) -> None:
    assert book_spend.one(stage.planner(), BookSpend(ads(stage.planned(shop)), "B", 1)).code == "spend_not_approved"


def test_beyond_the_item_only_with_a_raise_that_another_person_allowed(shop: Shop) -> None:
    item_id = ads(stage.approved(shop))
    over = BookSpend(item_id, "B2", 1_200_000)
    refusal = book_spend.one(stage.planner(), over)
    assert (refusal.code, refusal.facts) == ("over_budget", {"left_minor": 1_000_000})
    boss = stage.manager()
    assert request_raises.one(boss, RequestRaise(item_id, 300_000, " ")).code == "reason_needed"
    asked = request_raises.one(boss, RequestRaise(item_id, 300_000, "转化好，加投"))
    assert request_raises.one(boss, RequestRaise(item_id, 300_000, "再来")).result == "unchanged"
    assert request_raises.one(boss, RequestRaise(item_id, 400_000, "更多")).code == "raise_waits"
    raise_id = asked.facts["raise_id"]
    assert stage.open_deadlines("campaign_budget_raise") == [(raise_id, stage.NOON + timedelta(hours=8))]
    assert decide_raises.one(boss, DecideRaise(raise_id, approve=True, reason="好")).code == "own_raise"
    other = stage.manager()
    assert decide_raises.one(other, DecideRaise(raise_id, approve=True, reason="")).code == "reason_needed"
    assert decide_raises.one(other, DecideRaise(raise_id, approve=True, reason="好")).changed
    assert decide_raises.one(other, DecideRaise(raise_id, approve=True, reason="好")).result == "unchanged"
    assert decide_raises.one(other, DecideRaise(raise_id, approve=False, reason="不")).code == "raise_decided"
    assert book_spend.one(stage.planner(), over).changed
    assert stage.ended("campaign_budget_raise") == [("done", False)]


def test_a_refused_raise_allows_nothing_and_a_late_one_is_late(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    item_id = ads(stage.approved(shop))
    asked = request_raises.one(stage.planner(), RequestRaise(item_id, 300_000, "加投"))
    stage.at(monkeypatch, stage.NOON + timedelta(hours=9))
    sweep()
    decide_raises.one(stage.manager(), DecideRaise(asked.facts["raise_id"], approve=False, reason="没钱"))
    assert stage.ended("campaign_budget_raise") == [("done", True)]
    assert BudgetItem.objects.get(id=item_id).raised_minor == 0
    assert request_raises.one(stage.planner(), RequestRaise(item_id, 1, "再来")).changed


def test_while_the_plan_is_written_the_budget_itself_is_changed(shop: Shop) -> None:
    item_id = ads(stage.planned(shop))
    assert request_raises.one(stage.planner(), RequestRaise(item_id, 1, "x")).code == "raise_not_needed"


def test_a_returned_plan_never_falls_below_what_was_spent(shop: Shop) -> None:
    campaign_id = stage.approved(shop)
    item_id = ads(campaign_id)
    book_spend.one(stage.planner(), BookSpend(item_id, "B", 700_000))
    assert plan_budget.one(stage.planner(), PlanBudget(campaign_id, ())).code == "plan_not_writable"
    return_plans.one(stage.manager(), ReturnPlan(campaign_id, "改"))
    assert plan_budget.one(stage.planner(), PlanBudget(campaign_id, ())).code == "budget_below_spent"
    less = PlanBudget(campaign_id, (PlannedCost(BudgetKind.ADS, 700_000, "直通车"),))
    assert plan_budget.one(stage.planner(), less).changed
    assert BudgetSpend.objects.count() == 1


def test_the_database_itself_refuses_more_than_is_allowed(shop: Shop) -> None:
    item_id = ads(stage.approved(shop))
    with pytest.raises(IntegrityError, match="budget_never_overspent"), transaction.atomic():
        BudgetItem.objects.filter(id=item_id).update(spent_minor=1_000_001)


def test_two_who_spend_the_same_rest_at_once_spend_it_once(fresh_db, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, stage.NOON)
    item_id = ads(stage.approved(make.make_shop()))
    answers: list[str] = []
    meet = threading.Barrier(4)

    def spend(reference: str) -> None:
        meet.wait(5)
        answers.append(book_spend.one(stage.planner(), BookSpend(item_id, reference, 600_000)).code)
        connection.close()

    threads = [threading.Thread(target=spend, args=(f"B{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["done", "over_budget", "over_budget", "over_budget"]
    assert BudgetItem.objects.get(id=item_id).spent_minor == 600_000
