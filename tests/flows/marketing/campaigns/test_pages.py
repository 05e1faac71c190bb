"""The doors of M1: calendar, plan, form, budget, slots, tasks, segments, paper, API; both languages; others 403."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shopkeeper.flows.fulfilment.intake.models import Order
from shopkeeper.flows.marketing.campaigns.commands.own_slots import AddOwnSlot, add_own_slots
from shopkeeper.flows.marketing.campaigns.commands.raise_budget import RequestRaise, request_raises
from shopkeeper.flows.marketing.campaigns.commands.save_segment import SaveSegment, save_segment
from shopkeeper.flows.marketing.campaigns.models import (
    BudgetItem,
    BudgetRaise,
    Campaign,
    CampaignTask,
    Segment,
    SlotApplication,
    SlotBooking,
)
from shopkeeper.foundation.models import Shop
from shopkeeper.sop.roles import Role
from tests import factories as make
from tests.flows.marketing.campaigns import stage

pytestmark = pytest.mark.django_db
API = "/api/v1/campaigns"


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Shop:
    stage.at(monkeypatch, stage.NOON)
    return make.make_shop()


def signed_in(role: str = Role.CAMPAIGN_SPECIALIST, *, shops: list[Shop] | None = None, language: str = "zh") -> Client:
    client = Client()
    client.cookies["sk_lang"] = language
    client.force_login(make.make_person(role, shops=shops), backend="django.contrib.auth.backends.ModelBackend")
    return client


def text(client: Client, name: str, *args: object, **params: Any) -> str:
    answer = client.get(reverse(name, args=args), params)
    assert answer.status_code == 200, answer.content[:500]
    return answer.content.decode()


def post(client: Client, _page: str, /, *args: object, **fields: Any) -> Any:
    return client.post(reverse(_page, args=args), fields)


@pytest.mark.clause("M1.1")
class TestCalendar:
    @pytest.mark.parametrize(("language", "word"), [("zh", "618 大促"), ("en", "618")])
    def test_a_month_with_what_falls_on_it(self, shop: Shop, language: str, word: str) -> None:
        campaign_id = stage.planned(shop, starts_at=stage.NOON + timedelta(days=2))
        shown = text(signed_in(language=language), "campaign-calendar", month="2026-06")
        assert word in shown
        assert reverse("campaign", args=[campaign_id]) in shown
        assert "2026-10" in text(signed_in(language=language), "campaign-calendar", month="2026-10")
        assert text(signed_in(), "campaign-calendar", month="nonsense", shop="x")

    def test_one_click_makes_an_idea_of_an_occasion_once(self, shop: Shop) -> None:
        client = signed_in()
        for _ in range(2):
            answer = post(client, "campaign-idea", shop_id=shop.pk, origin="occasion:mid_autumn:2026")
            assert answer.status_code == 302
        made = Campaign.objects.get()
        assert (made.state, made.name, made.origin) == ("idea", "2026 中秋节", "occasion:mid_autumn:2026")
        assert reverse("campaign", args=[made.pk]) in text(client, "campaign-calendar", shop=str(shop.pk))
        for origin in ("occasion:zodiac:2026", "occasion:mid_autumn:x", "stock:1", "nonsense"):
            assert post(client, "campaign-idea", shop_id=shop.pk, origin=origin).status_code == 404

    def test_goods_that_lie_too_long_are_proposed_and_taken_up(self, shop: Shop) -> None:
        slow, fast = make.make_sku(name="积压外套"), make.make_sku(name="畅销袜子")
        for sku in (slow, fast):
            make.stock_up(sku, shop.default_warehouse, 60)
        order_id = make.make_order(shop, make.received_line(fast, 40))

        Order.objects.filter(id=order_id).update(paid_at=stage.NOON - timedelta(days=1))
        client = signed_in()
        shown = text(client, "campaign-calendar", shop=str(shop.pk))
        assert "积压外套" in shown
        assert "畅销袜子" not in shown
        assert post(client, "campaign-idea", shop_id=shop.pk, origin=f"stock:{slow.pk}").status_code == 302
        made = Campaign.objects.get()
        assert made.goods.get().planned_quantity == 30
        assert "积压外套</b>" not in text(client, "campaign-calendar", shop=str(shop.pk))

    def test_a_day_of_the_notice_is_for_who_may_enter_it(self, shop: Shop) -> None:
        assert post(signed_in(), "campaign-days", day="2027-02-20", is_working="1").status_code == 403
        boss = signed_in(Role.OPERATIONS_SUPERVISOR)
        assert post(boss, "campaign-days", day="2027-02-20", is_working="1", name="春节调休").status_code == 302
        assert "班" in text(boss, "campaign-calendar", month="2027-02")
        assert post(boss, "campaign-days", day="soon").status_code == 422


@pytest.mark.clause("M1.1")
class TestWriting:
    def form(self, shop: Shop, sku: Any, **fields: Any) -> dict[str, Any]:
        return {
            "shop_id": shop.pk, "code": "618", "name": "年中大促", "theme": "囤货", "starts_at": "2026-07-01T00:00",
            "ends_at": "2026-07-04T00:00", "goal_sales_minor": "500,000", "goal_new_customers": "300",
            "expected_visitors": "20000", "expected_conversion_bp": "4.5", "force": "满 300 减 50", "audience": "老客",
            "channels": ["edm", "sms"], "goods": f"{sku.code} 100 99.5", "materials": "海报", "risks": "断货", **fields,
        }  # fmt: skip

    def test_saved_changed_and_a_mistake_stands_at_its_field(self, shop: Shop) -> None:
        client, sku = signed_in(), make.make_sku()
        assert "促销规则" in text(client, "campaign-new")
        for wrong, said in (
            ({"goods": "NOPE 1"}, "没有商品 NOPE"),
            ({"goods": f"{sku.code} x"}, "读不懂"),
            ({"expected_conversion_bp": "400"}, "不能大于 100"),
            ({"expected_conversion_bp": "viel"}, "请填百分数"),
            ({"name": ""}, "请填写"),
        ):
            answer = post(client, "campaign-new", **self.form(shop, sku, **wrong))
            assert answer.status_code == 422, wrong
            assert said in answer.content.decode()
        assert post(client, "campaign-new", **self.form(shop, sku)).status_code == 302
        made = Campaign.objects.get()
        assert (made.state, made.expected_conversion_bp, made.goal_sales_minor) == ("planned", 450, 50_000_000)
        assert made.goods.get().price_minor == 9_950
        shown = text(client, "campaign-edit", made.pk)
        assert f"{sku.code} 100 99.50" in shown
        again = self.form(shop, sku, theme="另一个", goods=f"{sku.code} 20")
        assert post(client, "campaign-edit", made.pk, **again).status_code == 302
        made.refresh_from_db()
        assert (made.theme, made.goods.get().price_minor) == ("另一个", sku.price_minor)

    def test_what_is_in_review_has_no_form(self, shop: Shop) -> None:
        campaign_id = stage.submitted(shop)
        assert signed_in().get(reverse("campaign-edit", args=[campaign_id])).status_code == 404
        refused = post(signed_in(), "campaign-new", **self.form(shop, make.make_sku(), code="618"))
        assert refused.status_code == 422

    def test_a_template_starts_the_next(self, shop: Shop) -> None:
        campaign_id = stage.planned(shop)
        client = signed_in()
        assert client.get(reverse("campaign-from-template", args=[campaign_id])).status_code == 404
        Campaign.objects.update(is_template=True, state="planned")
        assert "平移" in text(client, "campaign-from-template", campaign_id)
        fields = {"code": "1111", "name": "双11", "starts_at": "2026-11-01T00:00"}
        assert post(client, "campaign-from-template", campaign_id, **fields).status_code == 302
        started = Campaign.objects.get(code="1111")
        Campaign.objects.filter(id=started.pk).update(expected_visitors=30_000)
        assert "与模板不同之处" in text(client, "campaign", started.pk)


@pytest.mark.clause("M1.2")
class TestPlan:
    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_the_plan_says_all_that_the_paper_shows(self, shop: Shop, language: str) -> None:
        campaign_id = stage.planned(shop)
        shown = text(signed_in(language=language), "campaign", campaign_id)
        zh = (
            "主题",
            "销售目标",
            "力度与规则",
            "商品与备货",
            "目标人群",
            "推广渠道",
            "预算",
            "平台资源位",
            "素材",
            "任务分工",
            "风险",
        )
        en = ("Theme", "Sales goal", "Force and rules", "Goods and stock", "Audience", "Channels", "Budget", "Platform",
              "Materials", "Tasks", "Risks")  # fmt: skip
        for word in zh if language == "zh" else en:
            assert word in shown
        assert "450,000.00" not in shown
        assert "直通车" in shown

    def test_from_submission_to_approval_through_the_pages(self, shop: Shop) -> None:
        campaign_id = stage.planned(shop)
        assert "提交审批" in text(signed_in(), "campaign", campaign_id)
        assert post(signed_in(), "campaign-submit", ids=campaign_id).status_code == 302
        assert post(signed_in(), "campaign-approve", ids=campaign_id).status_code == 403
        boss = signed_in(Role.OPERATIONS_MANAGER)
        assert "批准" in text(boss, "campaign", campaign_id)
        assert post(boss, "campaign-return", ids=campaign_id, reason="预算太高").status_code == 302
        assert "预算太高" in text(signed_in(), "campaign", campaign_id)
        post(signed_in(), "campaign-submit", ids=campaign_id)
        assert post(boss, "campaign-approve", ids=campaign_id, reason="好").status_code == 302
        assert Campaign.objects.get().state == "approved"
        refused = post(signed_in(), "campaign-launch", ids=campaign_id)
        assert refused.status_code == 302
        assert Campaign.objects.get().state == "approved"
        assert post(signed_in(), "campaign-cancel", ids=campaign_id, reason="不做了").status_code == 302
        assert Campaign.objects.get().end_reason == "不做了"

    def test_live_and_ended_early(self, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
        campaign_id = stage.live(shop, monkeypatch)
        assert "提前结束" in text(signed_in(), "campaign", campaign_id)
        assert post(signed_in(), "campaign-end", ids=campaign_id, reason="售罄").status_code == 302
        assert "售罄" in text(signed_in(), "campaign", campaign_id)

    def test_the_list_takes_as_many_statements_for_twenty_rows_as_for_one(self, shop: Shop) -> None:
        client, counts = signed_in(), []
        for more in ((1,), range(2, 21)):
            for n in more:
                stage.planned(shop, f"plan-{n}-x")
            text(client, "campaigns", tab="planned")
            with CaptureQueriesContext(connection) as queries:
                assert "plan-1-x" in text(client, "campaigns", tab="planned")
            counts.append(len(queries))
        assert counts[0] == counts[1]
        assert text(client, "campaigns", counts="1")
        assert "plan-3-x" in text(client, "campaigns", tab="all", q="plan-3", shop=str(shop.pk))
        assert "plan-3-x" not in text(client, "campaigns", tab="going")

    def test_the_paper(self, shop: Shop) -> None:
        campaign_id = stage.approved(shop)
        for language in ("zh", "en"):
            answer = signed_in(language=language).get(reverse("campaign-document", args=[campaign_id]))
            assert answer.status_code == 200
            assert answer.content.startswith(b"%PDF")
        assert signed_in().get(reverse("campaign-document", args=[0])).status_code == 404

    def test_other_shops_have_none_of_it(self, shop: Shop) -> None:
        campaign_id = stage.planned(shop)
        elsewhere = signed_in(shops=[make.make_shop()])
        for name in ("campaign", "campaign-edit", "campaign-document"):
            assert elsewhere.get(reverse(name, args=[campaign_id])).status_code == 404
        assert "618 大促" not in text(elsewhere, "campaigns", tab="all")
        assert signed_in(Role.WAREHOUSE).get(reverse("campaign-new")).status_code == 403


@pytest.mark.clause("M1.2")
class TestPreparation:
    def test_budget_spend_and_raise(self, shop: Shop) -> None:
        client, campaign_id = signed_in(), stage.planned(shop)
        fields = {"kind": ["ads", "gift", "sms_edm"], "name": ["直通车", "", ""], "planned": ["10,000", "500", ""]}
        assert post(client, "campaign-budget", campaign_id, **fields).status_code == 302
        assert BudgetItem.objects.filter(campaign=campaign_id).count() == 2
        wrong = {"kind": ["ads"], "name": ["x"], "planned": ["viel"]}
        assert post(client, "campaign-budget", campaign_id, **wrong).status_code == 302
        assert BudgetItem.objects.filter(campaign=campaign_id).count() == 2
        post(client, "campaign-submit", ids=campaign_id)
        post(signed_in(Role.OPERATIONS_MANAGER), "campaign-approve", ids=campaign_id)
        item = BudgetItem.objects.get(kind="ads")
        bill = {"item_id": item.pk, "reference": "Z1", "amount_minor": "9000", "note": "首日"}
        assert post(client, "campaign-spend", campaign_id, **bill).status_code == 302
        post(client, "campaign-spend", campaign_id, **{**bill, "reference": "Z2"})
        item.refresh_from_db()
        assert item.spent_minor == 900_000
        assert post(client, "campaign-spend", campaign_id, item_id=item.pk).status_code == 303
        ask = {"item_id": item.pk, "amount_minor": "2000", "reason": "效果好"}
        assert post(client, "campaign-raise-ask", campaign_id, **ask).status_code == 302
        wish = BudgetRaise.objects.get()
        boss = signed_in(Role.OPERATIONS_MANAGER)
        assert "效果好" in text(boss, "campaign", campaign_id)
        assert boss.get(reverse("campaign-raise", args=[wish.pk])).url.endswith(f"#raise-{wish.pk}")
        assert post(boss, "campaign-raise-decide", wish.pk, approve="1", reason="可以").status_code == 302
        item.refresh_from_db()
        assert item.raised_minor == 200_000

    def test_slots_places_and_tasks(self, shop: Shop) -> None:
        client, campaign_id = signed_in(), stage.planned(shop)
        span = {"starts_at": "2026-07-01T00:00", "ends_at": "2026-07-02T00:00"}
        slot = {"place": "首页焦点图", "apply_by": "2026-06-10T18:00", "expected_cost_minor": "800", **span}
        assert post(client, "campaign-slot-add", campaign_id, **slot).status_code == 302
        slot_id = SlotApplication.objects.get().pk
        assert client.get(reverse("campaign-slot", args=[slot_id])).status_code == 302
        post(client, "campaign-slot-applied", slot_id, reason="ZY-9")
        assert "填结果" in text(client, "campaign", campaign_id)
        post(client, "campaign-slot-answer", slot_id, granted="1", cost_minor="750")
        assert (SlotApplication.objects.get().state, SlotApplication.objects.get().cost_minor) == ("granted", 75_000)
        post(client, "campaign-slot-drop", slot_id, reason="不要了")
        assert SlotApplication.objects.get().state == "dropped"
        assert post(client, "campaign-place-add", shop_id=shop.pk, name="轮播 1").status_code == 302
        place = add_own_slots.one(stage.planner(), AddOwnSlot(shop.pk, "轮播 1")).id
        assert post(client, "campaign-place-book", campaign_id, slot_id=place, **span).status_code == 302
        assert "轮播 1" in text(client, "campaign", campaign_id)
        post(client, "campaign-place-release", SlotBooking.objects.get().pk)
        assert SlotBooking.objects.get().released_at == stage.NOON
        task = {"title": "主图海报", "role": "design", "due_at": "2026-06-20T18:00", "owner_id": ""}
        assert post(client, "campaign-task-add", campaign_id, **task).status_code == 302
        task_id = CampaignTask.objects.get().pk
        designer = signed_in(Role.DESIGN)
        assert designer.get(reverse("campaign-task", args=[task_id])).status_code == 302
        assert "完成凭据" in text(designer, "campaign", campaign_id)
        assert post(designer, "campaign-task-finish", task_id, reason="素材 M-1").status_code == 302
        assert CampaignTask.objects.get().state == "done"
        post(client, "campaign-task-add", campaign_id, **{**task, "title": "短视频"})
        post(client, "campaign-task-drop", CampaignTask.objects.get(title="短视频").pk, reason="并入")
        assert CampaignTask.objects.get(title="短视频").state == "dropped"
        assert designer.get(reverse("campaign-task", args=[0])).status_code == 404


@pytest.mark.clause("M1.1")
class TestSegments:
    @pytest.mark.parametrize(("language", "says"), [("zh", "消费金额 4–5 档"), ("en", "amount fifths 4–5")])
    def test_made_counted_changed_retired(self, shop: Shop, language: str, says: str) -> None:
        make.make_order(shop)
        client = signed_in(Role.MARKET, language=language)
        form = {"shop_id": shop.pk, "code": "vip", "name": "高价值", "monetary_low": "4", "monetary_high": "5"}
        assert post(client, "segment-preview", **form).status_code == 200
        assert post(client, "segment-new", **{**form, "min_orders": "0"}).status_code == 422
        assert post(client, "segment-new", **{**form, "monetary_low": "5", "monetary_high": "4"}).status_code == 422
        assert post(client, "segment-new", **form).status_code == 302
        row = Segment.objects.get()
        assert row.definition == {"monetary": [4, 5]}
        assert says in text(client, "segments")
        assert "vip" in text(client, "segment-edit", row.pk)
        change = {**form, "min_minor": "100", "provinces": "浙江省 上海市"}
        assert post(client, "segment-edit", row.pk, **change).status_code == 302
        row.refresh_from_db()
        assert row.definition == {"monetary": [4, 5], "min_minor": 10_000, "provinces": ["浙江省", "上海市"]}
        assert post(client, "segment-count", ids=row.pk).status_code == 302
        assert post(client, "segment-retire", ids=row.pk).status_code == 302
        assert Segment.objects.get().is_retired

    def test_two_are_laid_over_each_other(self, shop: Shop) -> None:
        who = stage.planner()
        ids = [save_segment.one(who, SaveSegment(shop.pk, code, code)).id for code in ("a", "b")]
        other = save_segment.one(who, SaveSegment(make.make_shop().pk, "c", "c")).id
        assert "重合" in text(signed_in(), "segments", a=str(ids[0]), b=str(ids[1]))
        assert "同一店铺" in text(signed_in(), "segments", a=str(ids[0]), b=str(other))


@pytest.mark.clause("G6")
class TestApi:
    def test_reads(self, shop: Shop) -> None:
        client, campaign_id = signed_in(), stage.approved(shop)
        item = BudgetItem.objects.get(campaign=campaign_id, kind="ads")
        request_raises.one(stage.planner(), RequestRaise(item.pk, 100, "加投"))
        listed = client.get(f"{API}/campaigns", {"tab": "approved"}).json()
        assert [(one["code"], one["planned_minor"]) for one in listed["items"]] == [("618", 1_500_000)]
        assert client.get(f"{API}/campaigns", {"template": "true"}).json()["items"] == []
        plan = client.get(f"{API}/campaigns/{campaign_id}").json()
        assert (plan["state"], plan["missing"], len(plan["goods"]), len(plan["budget"])) == ("approved", [], 1, 2)
        assert plan["forecast"]["goods_sales_minor"] == 990_000
        assert plan["forecast"]["arithmetic"][0]["name"] == {"zh": "按流量", "en": "By traffic"}
        assert plan["raises"][0]["state"] == "waiting"
        assert client.get(f"{API}/campaigns/{campaign_id}/plan.pdf").content.startswith(b"%PDF")
        assert client.get(f"{API}/campaigns/0").status_code == 404
        found = client.get(f"{API}/calendar", {"first": "2026-10-01", "last": "2026-10-31"}).json()
        assert "2026-10-10" in found["days_worked"]
        assert "2026-10-06" in found["days_off"]
        assert found["occasions"][0]["key"] == "national"
        assert client.get(f"{API}/calendar", {"first": "2026-10-01", "last": "2028-10-31"}).status_code == 409
        assert client.get(f"{API}/suggestions", {"shop_id": shop.pk}).json() == []
        assert client.get(f"{API}/own-slots", {"shop_id": shop.pk}).json() == []

    def test_segments(self, shop: Shop) -> None:
        client = signed_in()
        save_segment.one(stage.planner(), SaveSegment(shop.pk, "old", "老客", {"customers": "returning"}))
        assert client.get(f"{API}/segments").json()[0]["says"] == [{"zh": "老客", "en": "returning customers"}]
        ask = {"shop_id": shop.pk, "definition": {"min_orders": 1}, "other": {"customers": "new"}}
        answer = client.post(f"{API}/segments/count", json.dumps(ask), content_type="application/json")
        assert answer.json() == {"size": 0, "other": 0, "both": 0}
        bad = json.dumps({**ask, "definition": {"min_orders": 0}})
        assert client.post(f"{API}/segments/count", bad, content_type="application/json").status_code == 409
        foreign = signed_in(shops=[make.make_shop()])
        assert (
            foreign.post(f"{API}/segments/count", json.dumps(ask), content_type="application/json").status_code == 404
        )

    def test_a_command_by_its_address(self, shop: Shop) -> None:
        body = {"items": [{"shop_id": shop.pk, "code": "x", "name": "想法", "starts_at": stage.START.isoformat(),
                           "ends_at": stage.END.isoformat()}]}  # fmt: skip
        answer = signed_in().post(f"{API}/make-ideas", json.dumps(body), content_type="application/json")
        assert answer.status_code == 200, answer.content
        assert Campaign.objects.get().state == "idea"
