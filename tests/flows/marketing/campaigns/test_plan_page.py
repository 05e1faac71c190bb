"""The plan's page (M1.2): tasks where they are done, its time line, rules that do not cover the campaign."""

import re
from datetime import datetime, timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from shopkeeper.flows.marketing.campaigns.commands.approve_plans import (
    ApprovePlan,
    ReturnPlan,
    approve_plans,
    return_plans,
)
from shopkeeper.flows.marketing.campaigns.commands.campaign_tasks import AddTask, FinishTask, add_tasks, finish_tasks
from shopkeeper.flows.marketing.campaigns.commands.save_campaign import save_campaign
from shopkeeper.flows.marketing.campaigns.commands.save_segment import (
    RetireSegment,
    SaveSegment,
    retire_segments,
    save_segment,
)
from shopkeeper.flows.marketing.campaigns.commands.submit_plans import SubmitPlan, submit_plans
from shopkeeper.flows.marketing.campaigns.models import Campaign, CampaignTask, SlotApplication
from shopkeeper.flows.marketing.promotions.commands.end_rules import EndRule, PauseRule, end_rules, pause_rules
from shopkeeper.flows.marketing.promotions.commands.publish_rules import PublishRule, publish_rules
from shopkeeper.flows.marketing.promotions.commands.save_rule import save_rule
from shopkeeper.flows.marketing.promotions.commands.submit_rules import SubmitRule, submit_rules
from shopkeeper.flows.marketing.promotions.models import Version
from shopkeeper.foundation.models import Shop
from shopkeeper.shared.clock import SHOP_ZONE
from shopkeeper.sop.roles import Role
from tests import factories as make
from tests.flows.marketing.campaigns import stage
from tests.flows.marketing.campaigns.commands.test_segments import order
from tests.flows.marketing.campaigns.test_pages import post, signed_in, text
from tests.flows.marketing.promotions import stage as promotions

pytestmark = [pytest.mark.django_db, pytest.mark.clause("M1.2")]
HX = {"HX-Request": "true"}


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Shop:
    stage.at(monkeypatch, stage.NOON)
    return make.make_shop()


def task_of(campaign_id: int) -> int:
    due = stage.NOON + timedelta(days=5)
    return int(add_tasks.one(stage.planner(), AddTask(campaign_id, "主图海报", Role.DESIGN, due)).facts["task_id"])


class TestTasks:
    def test_done_in_place_where_scripts_run_and_back_at_the_row_without(self, shop: Shop) -> None:
        first, second = (task_of(stage.approved(shop, code)) for code in ("A", "B"))
        designer = signed_in(Role.DESIGN)
        in_place = designer.post(reverse("campaign-task-finish", args=[first]), {"reason": "素材 M-1"}, headers=HX)
        assert (in_place.status_code, in_place.get("HX-Redirect")) == (204, None)
        assert "sk:record" in in_place["HX-Trigger"]
        plain = post(designer, "campaign-task-finish", second, reason="素材 M-2")
        campaign_id = CampaignTask.objects.get(id=second).campaign_id
        assert plain.url == f"{reverse('campaign', args=[campaign_id])}#task-{second}"

    def test_each_has_its_names_and_its_form_in_a_row_of_its_own(self, shop: Shop) -> None:
        campaign_id = stage.approved(shop)
        task_id = task_of(campaign_id)
        shown = text(signed_in(Role.DESIGN), "campaign", campaign_id)
        row = re.search(rf'<tr id="task-{task_id}">.*?</tr>', shown, re.S)
        assert row is not None
        for part in (
            "is-always",
            'data-label="负责"',
            'data-label="截止"',
            'data-label="状态"',
            "is-whole",
            "<textarea",
        ):
            assert part in row[0]
        assert row[0].count("hx-post") == 1

    def test_a_mistake_in_an_answer_leaves_one_where_one_is(self, shop: Shop) -> None:
        client, campaign_id = signed_in(), stage.planned(shop)
        span = {"starts_at": "2026-07-01T00:00", "ends_at": "2026-07-02T00:00", "apply_by": "2026-06-10T18:00"}
        post(client, "campaign-slot-add", campaign_id, place="首页焦点图", **span)
        answer = reverse("campaign-slot-answer", args=[SlotApplication.objects.get().pk])
        refused = client.post(answer, {"granted": "1", "cost_minor": "很多"}, headers=HX)
        assert (refused.status_code, refused.get("HX-Redirect")) == (204, None)
        assert "sk:toast" in refused["HX-Trigger"]


def test_of_two_moves_at_one_moment_the_later_stands_first(shop: Shop) -> None:
    shown = text(signed_in(), "campaign", stage.approved(shop))
    line = shown[shown.index("sk-timeline") :]
    places = [line.index(f"<strong>{state}</strong>") for state in ("已批准", "待审批", "策划中")]
    assert places == sorted(places)


def test_a_discount_that_no_attached_rule_gives_is_told_to_writer_and_approver(shop: Shop) -> None:
    """The plan says 满 300 减 50; nothing is attached, then something else, then what gives it."""
    other = promotions.published(shop, "R85", {"kind": "discount", "permille": 850}, ends_at=stage.END)
    right = promotions.published(shop, "R300", ends_at=stage.END)
    for code, rules, is_kept in (("A", (), False), ("B", (other,), False), ("C", (other, right), True)):
        campaign_id = stage.submitted(shop, code, rule_ids=rules)
        for role in (Role.CAMPAIGN_SPECIALIST, Role.OPERATIONS_MANAGER):
            shown = text(signed_in(role), "campaign", campaign_id)
            above = shown[: shown.index("sk-record-facts")]
            assert ("方案承诺“满 300 减 50”（力度），没有规则给这个优惠" in above) == (not is_kept)


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "words"),
    [
        (stage.NOON, stage.END - timedelta(days=1), "规则在活动结束前失效"),
        (stage.START + timedelta(hours=1), stage.END, "规则在活动开始后才生效"),
        (stage.NOON, stage.END, ""),
    ],
)
def test_rules_that_do_not_cover_the_campaign_are_told_before_the_gate(
    shop: Shop, starts_at: datetime, ends_at: datetime, words: str
) -> None:
    rule_id = promotions.published(shop, "R85", starts_at=starts_at, ends_at=ends_at)
    campaign_id = stage.submitted(shop, rule_ids=(rule_id,))
    for role in (Role.CAMPAIGN_SPECIALIST, Role.OPERATIONS_MANAGER):
        shown = text(signed_in(role), "campaign", campaign_id)
        above = shown[: shown.index("sk-record-facts")]
        assert ("上线测试不会通过" in above, words in above) == (bool(words), True)
        assert (reverse("promotion", args=[rule_id]) in above) == bool(words)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_of_a_promotion_that_has_ended_one_thing_is_said_with_what_it_gave(shop: Shop, language: str) -> None:
    """The plan says 满 300 减 50, which only R300 gives; R85 gives nothing the words promise."""
    right = promotions.published(shop, "R300", ends_at=stage.END)
    other = promotions.published(shop, "R85", {"kind": "discount", "permille": 850}, ends_at=stage.END)
    campaign_id = stage.submitted(shop, rule_ids=(right, other))
    for rule_id in (right, other):
        assert end_rules.one(promotions.supervisor(), EndRule(rule_id, "不做了")).changed
    shown = above(boss(language), campaign_id)
    if language == "zh":
        assert "方案承诺“满 300 减 50”（力度），给这个优惠的规则已结束" in shown
        assert "规则已结束，上线测试不会通过：换一条规则，或从方案里去掉" in shown
    else:
        assert "The plan promises “满 300 减 50” (force); the promotion that gives it has ended" in shown
        assert "attach another, or take it out of the plan" in shown
    assert ("没有规则给这个优惠" in shown, "no rule gives it" in shown) == (False, False)
    assert shown.count("sk-alert tone-amber") == 2
    for rule_id in (right, other):
        assert shown.count(reverse("promotion", args=[rule_id])) == 1


def test_what_is_attached_and_not_published_or_paused_is_told_to_writer_and_approver(shop: Shop) -> None:
    rule_id = promotions.drafted(promotions.wish(shop, "R300", ends_at=stage.END))
    campaign_id = stage.submitted(shop, rule_ids=(rule_id,))
    words, paused = "规则还没有发布，发布之前上线测试不会通过", "规则已暂停，恢复之前上线测试不会通过"

    def seen(role: str) -> str:
        return above(signed_in(role), campaign_id)

    roles = (Role.CAMPAIGN_SPECIALIST, Role.OPERATIONS_MANAGER)
    assert all(words in seen(role) and "草稿" in seen(role) for role in roles)
    assert submit_rules.one(promotions.specialist(), SubmitRule(rule_id)).changed
    assert all(words in seen(role) and "没有规则给这个优惠" not in seen(role) for role in roles)
    assert publish_rules.one(promotions.supervisor(), PublishRule(rule_id, "可以")).changed
    assert all("上线测试不会通过" not in seen(role) for role in roles)
    assert save_rule.one(promotions.specialist(), promotions.wish(shop, "R300", ends_at=stage.END, uses=9)).changed
    assert submit_rules.one(promotions.specialist(), SubmitRule(rule_id)).changed
    assert words not in seen(Role.OPERATIONS_MANAGER)  # the version before holds until the new one is published
    assert pause_rules.one(promotions.supervisor(), PauseRule(rule_id, "先停")).changed
    assert all(paused in seen(role) for role in roles)


def test_the_writer_takes_a_plan_out_of_review_and_the_page_says_who_decides(shop: Shop) -> None:
    campaign_id = stage.submitted(shop)
    client = signed_in(Role.CAMPAIGN_SPECIALIST)
    shown = text(client, "campaign", campaign_id)
    assert "等待审批：运营经理或运营主管一人批准或退回即可" in shown
    assert "要改就先撤回" in shown
    assert reverse("campaign-withdraw") in shown
    seen = text(signed_in(Role.OPERATIONS_MANAGER), "campaign", campaign_id)
    assert "运营经理或运营主管" in seen
    assert "要改就先撤回" not in seen
    assert reverse("campaign-withdraw") not in seen
    post(client, "campaign-withdraw", ids=campaign_id)
    assert stage.state_of(campaign_id) == "planned"
    after = text(client, "campaign", campaign_id)
    assert "撤回" in after[after.index("sk-timeline") :]
    assert "等待审批" not in after


def test_an_approved_plan_is_taken_back_by_its_writers_who_read_what_that_means(shop: Shop) -> None:
    campaign_id = stage.approved(shop)
    shown = text(signed_in(Role.CAMPAIGN_SPECIALIST), "campaign", campaign_id)
    assert reverse("campaign-withdraw") in shown
    assert "收回后批准作废" in shown
    assert "批准之前活动不能上线" in shown
    assert reverse("campaign-withdraw") not in text(signed_in(Role.OPERATIONS_MANAGER), "campaign", campaign_id)


class TestEditing:
    def test_a_promotion_is_written_for_the_plan_and_brought_back_to_it(self, shop: Shop) -> None:
        campaign_id = stage.planned(shop)
        client = signed_in(Role.CAMPAIGN_SPECIALIST)
        link = re.search(rf'href="({reverse("promotion-new")}[^"]*)"', text(client, "campaign-edit", campaign_id))
        assert link
        form_url = unescape(link[1])
        plan = Campaign.objects.get(id=campaign_id)
        form = client.get(form_url).content.decode()
        for moment in (plan.starts_at, plan.ends_at):
            assert f'value="{moment.astimezone(SHOP_ZONE):%Y-%m-%dT%H:%M}"' in form
        assert re.search(rf'<option value="{shop.pk}" selected', form)
        back = reverse("campaign-edit", args=[campaign_id])
        assert f'href="{back}"' in form
        fields = {
            "kind": "discount", "rate": "8.5", "code": "NEW", "name": "新规则", "shop_id": str(shop.pk),
            "starts_at": f"{plan.starts_at.astimezone(SHOP_ZONE):%Y-%m-%dT%H:%M}",
            "ends_at": f"{plan.ends_at.astimezone(SHOP_ZONE):%Y-%m-%dT%H:%M}",
        }  # fmt: skip
        saved = client.post(form_url, fields)
        assert saved.status_code == 302, saved.content.decode()
        record = client.get(saved.headers["Location"]).content.decode()
        rule_id = Version.objects.get().rule_id
        assert f"{back}?rule={rule_id}" in record
        again = client.get(f"{back}?rule={rule_id}").content.decode()
        assert re.search(rf'<option value="{rule_id}" selected>NEW', again)
        assert "已选好，保存方案后才算挂上" in again

    def test_only_promotions_of_its_time_are_offered_and_chosen_ones_stay(self, shop: Shop) -> None:
        span = Campaign.objects.get(id=stage.planned(shop, "SPAN"))
        early = {"starts_at": span.starts_at - timedelta(days=9), "ends_at": span.starts_at - timedelta(days=1)}
        before, chosen = promotions.published(shop, "BEFORE", **early), promotions.published(shop, "KEPT", **early)
        during = promotions.published(shop, "DURING", starts_at=span.starts_at, ends_at=span.ends_at)
        campaign_id = stage.planned(shop, rule_ids=(chosen,))
        shown = text(signed_in(Role.CAMPAIGN_SPECIALIST), "campaign-edit", campaign_id)
        assert f'<option value="{before}"' not in shown
        assert f'<option value="{during}"' in shown
        assert re.search(rf'<option value="{chosen}" selected>KEPT [^<]*（不在活动期间）', shown)

    def test_goods_are_found_by_name_with_their_code(self, shop: Shop) -> None:
        sku = make.make_sku()
        client = signed_in(Role.CAMPAIGN_SPECIALIST)
        assert reverse("campaign-goods") in text(client, "campaign-edit", stage.planned(shop))
        found = text(client, "campaign-goods", find=sku.name[:3], shop=str(shop.pk))
        assert f'data-add-line="{sku.code}" data-into="field-goods"' in found
        assert "没有找到" in text(client, "campaign-goods", find="没有这种商品")
        assert "data-add-line" not in text(client, "campaign-goods")

    def test_an_attached_promotion_that_has_ended_and_a_retired_segment_are_not_dropped_silently(
        self, shop: Shop
    ) -> None:
        rule_id = promotions.published(shop, "R85", {"kind": "discount", "permille": 850})
        segment = save_segment.one(stage.planner(), SaveSegment(shop.pk, "old", "老客", {"customers": "returning"}))
        campaign_id = stage.planned(shop, rule_ids=(rule_id,), segment_ids=(segment.id,))
        end_rules.one(promotions.supervisor(), EndRule(rule_id, "不做了"))
        retire_segments.one(stage.planner(), RetireSegment(segment.id))
        shown = text(signed_in(Role.CAMPAIGN_SPECIALIST), "campaign-edit", campaign_id)
        assert re.search(rf'<option value="{rule_id}" selected>R85 [^<]*（已结束）</option>', shown)
        assert re.search(rf'<option value="{segment.id}" disabled>老客[^<]*（已停用', shown)
        other = text(signed_in(Role.CAMPAIGN_SPECIALIST), "campaign-edit", stage.planned(shop, "B"))
        assert "R85" not in other
        assert "（已停用" not in other

    def test_empty_boxes_say_how_to_get_a_promotion_or_a_segment(self, shop: Shop) -> None:
        shown = text(signed_in(Role.CAMPAIGN_SPECIALIST), "campaign-edit", stage.planned(shop))
        for words, name in (("还没有可选的规则", "promotion-new"), ("还没有人群", "segment-new")):
            assert words in shown
            assert re.search(rf'href="{reverse(name)}["?]', shown)

    def test_why_it_was_returned_stands_where_it_is_changed(self, shop: Shop) -> None:
        campaign_id = stage.submitted(shop)
        return_plans.one(stage.manager(), ReturnPlan(campaign_id, "预算太高"))
        assert "预算太高" in text(signed_in(Role.CAMPAIGN_SPECIALIST), "campaign-edit", campaign_id)

    def test_what_a_submission_needs_is_not_marked_as_optional(self, shop: Shop) -> None:
        shown = text(signed_in(language="en"), "campaign-edit", stage.planned(shop))
        assert shown.count("needed to submit") == 9  # nine parts but the budget, conversion in two fields


@pytest.mark.parametrize(
    ("code", "words"), [("", "上线测试已通过"), ("gate_red", "上线测试未通过"), ("gate_expired", "结果已失效")]
)
def test_an_approved_campaign_says_when_it_may_go_live_and_how_its_test_stands(
    shop: Shop, code: str, words: str
) -> None:
    campaign_id = stage.approved(shop)
    with stage.gate(code):
        shown = text(signed_in(Role.CAMPAIGN_SPECIALIST), "campaign", campaign_id)
    above = shown[: shown.index("sk-record-facts")]
    assert words in above
    assert "可以上线的时间" in above
    assert reverse("launch-gate-of", args=[campaign_id]) in above


def test_whoever_may_asks_for_a_material_of_this_campaign(shop: Shop) -> None:
    campaign_id = stage.approved(shop)
    form = f"{reverse('launch-brief')}?campaign={campaign_id}"
    assert form in text(signed_in(Role.CAMPAIGN_SPECIALIST), "campaign", campaign_id)
    assert form not in text(signed_in(Role.ENGINEERING), "campaign", campaign_id)


def test_a_task_done_stands_in_the_history_with_its_evidence(shop: Shop) -> None:
    campaign_id = stage.approved(shop)
    finish_tasks.one(stage.planner(), FinishTask(task_of(campaign_id), "素材 M-77"))
    line = text(signed_in(), "campaign", campaign_id)
    line = line[line.index("sk-timeline") :]
    assert "任务完成：主图海报" in line
    assert "素材 M-77" in line


def test_english_lists_have_english_commas_and_the_clause_is_the_one_of_the_duty(shop: Shop) -> None:
    saved = save_campaign.one(stage.planner(), stage.plan(shop, risks="", channels=()))
    shown = text(signed_in(language="en"), "campaign", saved.id)
    above = shown[shown.index("Before it is submitted") : shown.index("sk-record-facts")]
    assert "goods and stock, channels, budget, risks" in above
    assert "、" not in above
    assert "/procedure/M1.1/" in shown
    for words in ("Kind", "Amount (yuan)"):
        assert f">{words}</label>" in shown


def test_the_forecast_says_whose_prices_it_rests_on(shop: Shop) -> None:
    campaign_id = stage.planned(shop)
    assert "预计销售额取两者中小的" not in text(signed_in(), "campaign", campaign_id)  # nothing was sold yet
    order(shop, "买家一", 31_028)
    shown = text(signed_in(), "campaign", campaign_id)
    words = re.sub("<[^>]+>", "", shown[shown.index("预计销售额取两者中小的") :][:1_500])
    assert "件数 × 活动价 ¥99.00" in words
    assert "店铺客单价 ¥310.28" in words


@pytest.mark.parametrize("language", ["zh", "en"])
def test_why_a_plan_was_returned_is_read_until_the_next_decision(shop: Shop, language: str) -> None:
    planner = stage.planner()
    campaign_id = stage.submitted(shop, by=planner)
    return_plans.one(stage.manager(), ReturnPlan(campaign_id, "预算太高"))
    client = boss(language)
    assert "预算太高" in above(client, campaign_id)
    assert submit_plans.one(planner, SubmitPlan(campaign_id)).changed
    told = above(client, campaign_id)
    assert ("上次退回：" if language == "zh" else "Returned last time:") in told
    assert "预算太高" in told
    approve_plans.one(stage.manager(), ApprovePlan(campaign_id))
    assert "预算太高" not in above(client, campaign_id)


def boss(language: str = "en") -> Client:
    return signed_in(Role.OPERATIONS_MANAGER, language=language)


def above(client: Client, campaign_id: int) -> str:
    """The alerts above a plan."""
    return text(client, "campaign", campaign_id).split('<div class="sk-record ')[0]


def test_an_approval_may_be_without_a_remark_and_a_return_may_not(shop: Shop) -> None:
    page = text(boss(), "campaign", stage.submitted(shop))
    remark, what = (
        page[page.index(asked) :].split("<textarea")[1].split(">")[0]
        for asked in ("may be empty)", "What is to change?")
    )
    assert "required" not in remark
    assert "required" in what


def test_the_margin_of_all_pieces_is_called_so(shop: Shop) -> None:
    page = text(signed_in(language="en"), "campaign", stage.planned(shop))
    assert "Margin in all" in page
