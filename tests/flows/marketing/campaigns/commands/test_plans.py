"""M1.1, M1.2: from idea to live and end, each refusal, each clock."""

from datetime import timedelta

import pytest

from shopkeeper.flows.marketing.campaigns.commands.approve_plans import (
    ApprovePlan,
    ReturnPlan,
    approve_plans,
    return_plans,
)
from shopkeeper.flows.marketing.campaigns.commands.end_campaigns import (
    CancelCampaign,
    EndCampaign,
    EndDueCampaign,
    cancel_campaigns,
    end_campaigns,
    end_due_campaigns,
)
from shopkeeper.flows.marketing.campaigns.commands.launch_campaigns import LaunchCampaign, launch_campaigns
from shopkeeper.flows.marketing.campaigns.commands.make_ideas import MakeIdea, make_ideas
from shopkeeper.flows.marketing.campaigns.commands.plan_budget import PlanBudget, PlannedCost, plan_budget
from shopkeeper.flows.marketing.campaigns.commands.save_campaign import save_campaign
from shopkeeper.flows.marketing.campaigns.commands.submit_plans import SubmitPlan, submit_plans
from shopkeeper.flows.marketing.campaigns.commands.withdraw_plans import WithdrawPlan, withdraw_plans
from shopkeeper.flows.marketing.campaigns.commands.writing import PlannedGoods
from shopkeeper.flows.marketing.campaigns.models import Campaign
from shopkeeper.flows.marketing.campaigns.queries.campaigns import campaign_facts, live_campaigns
from shopkeeper.flows.marketing.campaigns.states import BudgetKind
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.models import Shop
from shopkeeper.shared.errors import NotAllowed
from shopkeeper.sop.models import Deadline
from shopkeeper.sop.sweeper import sweep
from tests import factories as make
from tests.flows.marketing.campaigns import stage

pytestmark = pytest.mark.django_db
NOON, START, END = stage.NOON, stage.START, stage.END


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Shop:
    stage.at(monkeypatch, NOON)
    return make.make_shop()


@pytest.mark.clause("M1.1")
class TestWriting:
    def test_an_idea_becomes_a_plan_when_it_is_written_down(self, shop: Shop) -> None:
        sku = make.make_sku()
        idea = MakeIdea(shop.pk, "618", "618", START, END, origin="stock:7", goods=(PlannedGoods(sku.pk, 5, 900),))
        first = make_ideas.one(stage.planner(), idea)
        assert first.changed
        assert make_ideas.one(stage.planner(), idea).result == "unchanged"
        assert stage.state_of(first.id) == "idea"
        assert stage.open_deadlines("campaign_plan") == [(first.id, START - timedelta(days=14))]
        saved = save_campaign.one(stage.planner(), stage.plan(shop))
        assert (saved.result, saved.id) == ("done", first.id)
        facts = campaign_facts([first.id])[first.id]
        assert (facts.state, facts.goods, facts.expected_visitors) == ("planned", (), 20_000)
        assert facts.channels == ("home_page", "edm")
        assert stage.told() == ["campaign_changed", "campaign_changed"]

    def test_the_same_words_again_change_nothing(self, shop: Shop) -> None:
        sku = make.make_sku()
        item = stage.plan(shop, goods=(PlannedGoods(sku.pk, 5, 900),))
        assert save_campaign.one(stage.planner(), item).changed
        assert save_campaign.one(stage.planner(), item).result == "unchanged"
        fewer = stage.plan(shop, goods=(PlannedGoods(sku.pk, 4, 900),))
        assert save_campaign.one(stage.planner(), fewer).changed

    def test_a_later_start_moves_the_clock_and_other_words_do_not(self, shop: Shop) -> None:
        campaign_id = stage.planned(shop)
        save_campaign.one(stage.planner(), stage.plan(shop, theme="别的"))
        assert stage.open_deadlines("campaign_plan") == [(campaign_id, START - timedelta(days=14))]
        later = {"starts_at": START + timedelta(days=1), "ends_at": END + timedelta(days=1)}
        save_campaign.one(stage.planner(), stage.plan(shop, **later))
        assert stage.open_deadlines("campaign_plan") == [(campaign_id, START - timedelta(days=13))]

    def test_a_plan_that_begins_late_has_the_least_time(self, shop: Shop) -> None:
        soon = {"starts_at": NOON + timedelta(days=2), "ends_at": NOON + timedelta(days=3)}
        outcome = save_campaign.one(stage.planner(), stage.plan(shop, **soon))
        assert stage.open_deadlines("campaign_plan") == [(outcome.id, NOON + timedelta(hours=24))]

    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({"name": " "}, "campaign_unnamed"),
            ({"ends_at": START}, "campaign_time_backwards"),
            ({"starts_at": NOON - timedelta(days=3), "ends_at": NOON}, "campaign_time_backwards"),
            ({"ends_at": START + timedelta(days=181)}, "campaign_too_long"),
            ({"goods": (PlannedGoods(999, 1, 1),)}, "sku_unknown"),
            ({"rule_ids": (999,)}, "rule_unknown"),
            ({"segment_ids": (999,)}, "segment_unknown"),
        ],
    )
    def test_what_cannot_be_planned(self, shop: Shop, fields: dict[str, object], code: str) -> None:
        assert save_campaign.one(stage.planner(), stage.plan(shop, **fields)).code == code
        assert not Campaign.objects.exists()

    def test_goods_are_named_once_and_in_the_shops_currency(self, shop: Shop) -> None:
        sku, foreign = make.make_sku(), make.make_sku(currency="USD")
        twice = (PlannedGoods(sku.pk, 1, 1), PlannedGoods(sku.pk, 2, 1))
        assert save_campaign.one(stage.planner(), stage.plan(shop, goods=twice)).code == "goods_twice"
        unlike = (PlannedGoods(foreign.pk, 1, 1),)
        assert save_campaign.one(stage.planner(), stage.plan(shop, goods=unlike)).code == "goods_currencies"

    def test_one_batch_names_a_campaign_once_and_the_rest_goes_through(self, shop: Shop) -> None:
        items = [stage.plan(shop), stage.plan(shop, theme="另一个"), stage.plan(shop, "1111"), stage.plan(shop, " ")]
        outcomes = save_campaign(stage.planner(), items)
        assert [o.code for o in outcomes] == ["done", "campaign_twice", "done", "campaign_unnamed"]

    def test_what_is_in_review_is_not_rewritten(self, shop: Shop) -> None:
        stage.submitted(shop)
        assert save_campaign.one(stage.planner(), stage.plan(shop, theme="新")).code == "plan_not_writable"

    def test_without_the_right_nobody_plans(self, shop: Shop) -> None:
        with pytest.raises(NotAllowed):
            save_campaign.one(make.actor_with("marketing.campaign.view"), stage.plan(shop))


@pytest.mark.clause("M1.2")
class TestApproval:
    def test_another_person_approves_and_the_launch_is_due_at_the_start(self, shop: Shop) -> None:
        campaign_id = stage.submitted(shop)
        assert stage.ended("campaign_plan") == [("done", False)]
        assert stage.open_deadlines("campaign_approval") == [(campaign_id, NOON + timedelta(hours=24))]
        assert approve_plans.one(stage.manager(), ApprovePlan(campaign_id)).changed
        assert approve_plans.one(stage.manager(), ApprovePlan(campaign_id)).result == "unchanged"
        assert stage.ended("campaign_approval") == [("done", False)]
        assert stage.open_deadlines("campaign_launch") == [(campaign_id, START)]
        assert stage.told()[-2:] == ["campaign_submitted", "campaign_approved"]

    def test_nobody_decides_on_their_own_plan(self, shop: Shop) -> None:
        boss = stage.manager()
        campaign_id = stage.submitted(shop, by=boss)
        assert approve_plans.one(boss, ApprovePlan(campaign_id)).code == "own_plan"
        assert return_plans.one(boss, ReturnPlan(campaign_id, "改")).code == "own_plan"

    def test_who_wrote_only_its_money_or_its_goods_wrote_it_too(self, shop: Shop) -> None:
        boss, other = stage.manager(), stage.manager()
        campaign_id = stage.planned(shop)
        more = PlanBudget(campaign_id, (PlannedCost(BudgetKind.ADS, 9_000_000, "直通车"),))
        assert plan_budget.one(boss, more).changed
        assert submit_plans.one(stage.planner(), SubmitPlan(campaign_id)).changed
        assert approve_plans.one(boss, ApprovePlan(campaign_id)).code == "own_plan"
        assert return_plans.one(other, ReturnPlan(campaign_id, "改")).changed
        goods = (PlannedGoods(make.make_sku(price_minor=12_900).pk, 500, 1),)
        assert save_campaign.one(boss, stage.plan(shop, goods=goods)).changed
        assert submit_plans.one(stage.planner(), SubmitPlan(campaign_id)).changed
        assert approve_plans.one(boss, ApprovePlan(campaign_id)).code == "own_plan"
        assert approve_plans.one(other, ApprovePlan(campaign_id)).changed

    def test_a_plan_is_submitted_whole(self, shop: Shop) -> None:
        bare = save_campaign.one(stage.planner(), stage.plan(shop, risks="", channels=()))
        outcome = submit_plans.one(stage.planner(), SubmitPlan(bare.id))
        assert (outcome.code, outcome.facts["missing"]) == ("plan_incomplete", "goods, channels, budget, risks")

    def test_submitting_twice_and_submitting_an_idea(self, shop: Shop) -> None:
        campaign_id = stage.submitted(shop)
        assert submit_plans.one(stage.planner(), SubmitPlan(campaign_id)).result == "unchanged"
        idea = make_ideas.one(stage.planner(), MakeIdea(shop.pk, "x", "想法", START, END))
        assert submit_plans.one(stage.planner(), SubmitPlan(idea.id)).code == "plan_not_planned"

    def test_returned_with_a_reason_it_is_written_and_due_again(self, shop: Shop) -> None:
        campaign_id = stage.submitted(shop)
        assert return_plans.one(stage.manager(), ReturnPlan(campaign_id, " ")).code == "reason_needed"
        assert return_plans.one(stage.manager(), ReturnPlan(campaign_id, "预算太高")).changed
        assert return_plans.one(stage.manager(), ReturnPlan(campaign_id, "预算太高")).result == "unchanged"
        row = Campaign.objects.get(id=campaign_id)
        assert (row.state, row.decision_reason) == ("planned", "预算太高")
        assert stage.open_deadlines("campaign_plan") == [(campaign_id, START - timedelta(days=14))]
        assert save_campaign.one(stage.planner(), stage.plan(shop, theme="改过")).changed

    def test_an_approved_plan_may_still_go_back(self, shop: Shop) -> None:
        campaign_id = stage.approved(shop)
        assert return_plans.one(stage.manager(), ReturnPlan(campaign_id, "时间变了")).changed
        assert stage.ended("campaign_launch") == [("cancelled", False)]

    def test_taken_back_it_is_written_and_due_again_and_nobody_decides(self, shop: Shop) -> None:
        campaign_id = stage.submitted(shop)
        outcomes = withdraw_plans(stage.planner(), [WithdrawPlan(campaign_id), WithdrawPlan(campaign_id)])
        assert [outcome.result for outcome in outcomes] == ["done", "unchanged"]
        assert withdraw_plans.one(stage.planner(), WithdrawPlan(campaign_id)).result == "unchanged"
        assert (stage.state_of(campaign_id), stage.told()[-1]) == ("planned", "campaign_withdrawn")
        assert (stage.ended("campaign_approval"), stage.open_deadlines("campaign_approval")) == (
            [("cancelled", False)], [],
        )  # fmt: skip
        assert stage.open_deadlines("campaign_plan") == [(campaign_id, START - timedelta(days=14))]
        assert approve_plans.one(stage.manager(), ApprovePlan(campaign_id)).code == "plan_not_in_review"
        goods = (PlannedGoods(make.make_sku(price_minor=12_900).pk, 500, 9_900),)
        assert save_campaign.one(stage.planner(), stage.plan(shop, theme="改过", goods=goods)).changed
        assert submit_plans.one(stage.planner(), SubmitPlan(campaign_id)).changed
        assert approve_plans.one(stage.manager(), ApprovePlan(campaign_id)).changed

    def test_an_approved_plan_taken_back_is_no_longer_approved(self, shop: Shop) -> None:
        approved = stage.approved(shop)
        assert withdraw_plans.one(stage.planner(), WithdrawPlan(approved)).changed
        assert (stage.state_of(approved), stage.ended("campaign_launch")) == ("planned", [("cancelled", False)])
        assert submit_plans.one(stage.planner(), SubmitPlan(approved)).changed
        assert approve_plans.one(stage.manager(), ApprovePlan(approved)).changed

    def test_an_idea_is_not_taken_back_nor_anything_by_who_may_not_write_plans(self, shop: Shop) -> None:
        approved = stage.approved(shop)
        idea = make_ideas.one(stage.planner(), MakeIdea(shop.pk, "x", "想法", START, END))
        assert withdraw_plans.one(stage.planner(), WithdrawPlan(idea.id)).code == "plan_not_in_review"
        with pytest.raises(NotAllowed):
            withdraw_plans.one(make.actor_with("marketing.campaign.approve"), WithdrawPlan(approved))
        assert stage.state_of(approved) == "approved"

    def test_late_is_late(self, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
        campaign_id = stage.submitted(shop)
        stage.at(monkeypatch, NOON + timedelta(hours=25))
        sweep()
        approve_plans.one(stage.manager(), ApprovePlan(campaign_id))
        assert stage.ended("campaign_approval") == [("done", True)]


@pytest.mark.clause("M1.2")
class TestLaunchAndEnd:
    def test_the_gate_has_the_last_word(self, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
        campaign_id = stage.approved(shop)
        stage.at(monkeypatch, START - timedelta(minutes=30))
        with stage.gate("gate_red"):
            assert launch_campaigns.one(stage.planner(), LaunchCampaign(campaign_id)).code == "gate_red"
        assert stage.state_of(campaign_id) == "approved"
        with stage.gate():
            assert launch_campaigns.one(stage.planner(), LaunchCampaign(campaign_id)).changed
            assert launch_campaigns.one(stage.planner(), LaunchCampaign(campaign_id)).result == "unchanged"
        assert stage.ended("campaign_launch") == [("done", False)]
        assert stage.open_deadlines("campaign_end") == [(campaign_id, END)]
        assert [c.id for c in live_campaigns([shop.pk])] == [campaign_id]
        assert live_campaigns([shop.pk + 1]) == []

    def test_not_before_its_time_nor_without_approval(self, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
        waiting, ready, late = stage.submitted(shop, "a"), stage.approved(shop, "b"), stage.approved(shop, "c")
        with stage.gate():
            assert launch_campaigns.one(stage.planner(), LaunchCampaign(waiting)).code == "not_approved"
            assert launch_campaigns.one(stage.planner(), LaunchCampaign(ready)).code == "too_early"
            opens_at = Deadline.objects.get(kind="campaign_launch", subject_id=ready).opens_at
            assert opens_at == START - timedelta(minutes=60)
            stage.at(monkeypatch, opens_at)
            assert launch_campaigns.one(stage.planner(), LaunchCampaign(ready)).changed
            stage.at(monkeypatch, END)
            assert launch_campaigns.one(stage.planner(), LaunchCampaign(late)).code == "campaign_over"

    def test_it_ends_by_itself(self, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
        campaign_id = stage.live(shop, monkeypatch)
        stage.at(monkeypatch, END)
        sweep()
        row = Campaign.objects.get(id=campaign_id)
        assert (row.state, row.ended_at, row.end_reason) == ("ended", END, "")
        assert stage.ended("campaign_end") == [("done", False)]
        assert stage.told()[-1] == "campaign_ended"

    def test_the_watch_looks_again_and_ends_only_what_is_over(
        self, shop: Shop, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """One that lasts longer meanwhile is watched until then; one that was never live is watched no more."""
        longer, never = stage.live(shop, monkeypatch), stage.planned(shop, "x")
        Campaign.objects.filter(id=longer).update(ends_at=END + timedelta(days=1))
        stage.at(monkeypatch, END)
        outcomes = end_due_campaigns(SYSTEM, [EndDueCampaign(longer), EndDueCampaign(never)])
        assert [o.result for o in outcomes] == ["unchanged", "unchanged"]
        assert stage.open_deadlines("campaign_end") == [(longer, END + timedelta(days=1))]
        stage.at(monkeypatch, END + timedelta(days=1))
        assert end_due_campaigns.one(SYSTEM, EndDueCampaign(longer)).changed
        assert end_due_campaigns.one(SYSTEM, EndDueCampaign(longer)).result == "unchanged"

    def test_ending_early_needs_a_reason(self, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
        campaign_id = stage.live(shop, monkeypatch)
        assert end_campaigns.one(stage.planner(), EndCampaign(campaign_id, "")).code == "reason_needed"
        outcomes = end_campaigns(stage.planner(), [EndCampaign(campaign_id, "售罄"), EndCampaign(campaign_id, "售罄")])
        assert [o.result for o in outcomes] == ["done", "unchanged"]
        assert Campaign.objects.get(id=campaign_id).end_reason == "售罄"
        assert end_campaigns.one(stage.planner(), EndCampaign(stage.planned(shop, "x"), "不")).code == "not_live"

    def test_given_up_before_it_began(self, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
        campaign_id = stage.planned(shop)
        assert cancel_campaigns.one(stage.planner(), CancelCampaign(campaign_id, " ")).code == "reason_needed"
        assert cancel_campaigns.one(stage.planner(), CancelCampaign(campaign_id, "不做了")).changed
        assert cancel_campaigns.one(stage.planner(), CancelCampaign(campaign_id, "不做了")).result == "unchanged"
        assert stage.ended("campaign_plan") == [("cancelled", False)]
        assert stage.open_deadlines("campaign_plan") == []
        going = stage.live(shop, monkeypatch, "y")
        assert cancel_campaigns.one(stage.planner(), CancelCampaign(going, "不")).code == "already_live"


def test_a_batch_costs_as_many_statements_as_one(shop: Shop, django_assert_max_num_queries) -> None:
    sku = make.make_sku()
    goods = (PlannedGoods(sku.pk, 1, 1),)
    with django_assert_max_num_queries(22):
        outcomes = save_campaign(stage.planner(), [stage.plan(shop, f"c{n}", goods=goods) for n in range(50)])
    assert all(outcome.changed for outcome in outcomes)
