"""The plan's page (M1.2): tasks where they are done, its time line, rules that do not cover the campaign."""

import re
from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from shopkeeper.flows.marketing.campaigns.commands.campaign_tasks import AddTask, add_tasks
from shopkeeper.flows.marketing.campaigns.models import CampaignTask, SlotApplication
from shopkeeper.foundation.models import Shop
from shopkeeper.sop.roles import Role
from tests import factories as make
from tests.flows.marketing.campaigns import stage
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
