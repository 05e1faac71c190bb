"""The doors of M4: every page opens for who may, in both languages; forms reach their command; others get 403."""

import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shopkeeper.flows.marketing.campaigns.models import Campaign
from shopkeeper.flows.marketing.review.commands.make_template import MakeTemplate, make_template
from shopkeeper.flows.marketing.review.models import ActionItem, Meeting, Review, Template
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.models import Shop
from shopkeeper.sop.roles import Role
from tests import factories as make
from tests.flows.marketing.review import stage

pytestmark = pytest.mark.django_db
BOTH = pytest.mark.parametrize("language", ["zh", "en"])


@pytest.fixture(autouse=True)
def just_over(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, stage.END)


def signed_in(*roles: str, shops: list[Shop] | None = None, language: str = "zh") -> Client:
    client = Client()
    client.cookies["sk_lang"] = language
    client.force_login(make.make_person(*roles, shops=shops), backend="django.contrib.auth.backends.ModelBackend")
    return client


def page_of(client: Client, name: str, *args: object, **query: str) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


def a_full_campaign() -> Any:
    shop, sku = make.make_shop(), make.make_sku(name="冰感T恤")
    for n in range(25):
        stage.sold(shop, sku, stage.START + timedelta(hours=20, minutes=n), quantity=2)
    campaign = stage.campaign(shop, sku)
    stage.budget(campaign, "ads", 5_000, 2_000)
    return campaign


def action_form(owner: Any) -> dict[str, str]:
    return {
        "what_0": "提前备货",
        "owner_0": str(owner.pk),
        "due_0": "2026-07-01",
        "what_1": "",
        "owner_1": "",
        "due_1": "",
    }


@BOTH
@pytest.mark.clause("M4.1")
def test_the_report_reads_like_the_paper_it_becomes(language: str) -> None:
    review = stage.drafted(a_full_campaign())
    client = signed_in(Role.MARKET, language=language)
    listed = page_of(client, "review-reports")
    assert review.campaign.name in listed
    assert "250.0%" in listed
    assert page_of(client, "review-reports", q=review.campaign.code).count(review.campaign.name) >= 1
    assert review.campaign.name not in page_of(client, "review-reports", tab="approved")
    assert client.get(reverse("review-reports"), {"counts": "1"}).status_code == 200
    page = page_of(client, "review-report", review.pk)
    for words in (("目标达成", "Goals"), ("投入产出", "Cost and return"), ("怎么算的", "How this is computed")):
        assert words[0 if language == "zh" else 1] in page
    assert "冰感T恤" in page
    assert "<svg" in page


@BOTH
@pytest.mark.clause("M4.1")
def test_pdf_and_workbook_say_the_same(language: str) -> None:
    review = stage.completed(stage.drafted(a_full_campaign()))
    client = signed_in(Role.OPERATIONS_MANAGER, language=language)
    pdf = client.get(reverse("review-report-document", args=[review.pk, "pdf"]))
    assert pdf.content.startswith(b"%PDF")
    book = client.get(reverse("review-report-document", args=[review.pk, "xlsx"]))
    sheet = zipfile.ZipFile(io.BytesIO(book.content)).read("xl/worksheets/sheet1.xml").decode()
    assert "2500" in sheet
    assert ("满减力度合适") in sheet
    assert client.get(reverse("review-report-document", args=[review.pk, "docx"])).status_code == 404
    assert client.get(reverse("review-report-document", args=[10**9, "pdf"])).status_code == 404


@BOTH
@pytest.mark.clause("M4.1")
def test_a_report_is_completed_submitted_and_approved_on_its_pages(language: str) -> None:
    review = stage.drafted(a_full_campaign())
    owner = make.make_person(Role.WAREHOUSE)
    writer = signed_in(Role.CAMPAIGN_SPECIALIST, language=language)
    address = reverse("review-complete", args=[review.pk])
    assert owner.name in page_of(writer, "review-complete", review.pk)
    words = {"worked": "力度合适", "not_worked": "缺货", "advice": "多备货"}
    wrong = writer.post(address, {**words, "what_0": "提前备货", "owner_0": "", "due_0": "昨天"})
    assert wrong.status_code == 422
    assert "缺货" in wrong.content.decode()
    assert ActionItem.objects.count() == 0
    assert writer.post(address, {**words, **action_form(owner)}).status_code == 302
    assert "提前备货" in page_of(writer, "review-complete", review.pk)
    assert writer.post(reverse("review-submit", args=[review.pk])).status_code == 302
    assert writer.post(address, {**words, "worked": "再改", **action_form(owner)}).status_code == 422
    manager = signed_in(Role.OPERATIONS_MANAGER, language=language)
    assert manager.post(reverse("review-return", args=[review.pk]), {"reason": "缺客服反馈"}).status_code == 302
    assert "缺客服反馈" in page_of(writer, "review-report", review.pk)
    assert writer.post(reverse("review-submit", args=[review.pk])).status_code == 302
    page = page_of(writer, "review-report", review.pk).split("sk-record-time")[-1]
    later, earlier = ("提交审批", "补充报告") if language == "zh" else ("Submitted", "Completed")
    assert page.rindex(later) < page.rindex(earlier)  # of one moment: what came of it stands above
    assert writer.post(reverse("review-approve", args=[review.pk])).status_code == 403
    assert manager.post(reverse("review-approve", args=[review.pk])).status_code == 302
    review.refresh_from_db()
    assert review.state == "approved"


@pytest.mark.clause("M4.1")
def test_figures_drawn_again_show_what_changed_and_keep_the_earlier() -> None:
    shop, sku = make.make_shop(), make.make_sku()
    order_id = stage.sold(shop, sku, stage.START + timedelta(hours=1))
    review = stage.drafted(stage.campaign(shop, sku))
    stage.refunded(order_id, 2_000)
    writer = signed_in(Role.CAMPAIGN_SPECIALIST)
    assert writer.post(reverse("review-refresh", args=[review.pk])).status_code == 302
    page = page_of(writer, "review-report", review.pk)
    assert "与上一版相比" in page
    assert "¥20.00" in page
    assert "旧版数据" in page_of(writer, "review-report", review.pk, version="1")
    assert "旧版数据" not in page_of(writer, "review-report", review.pk, version="99")


@BOTH
@pytest.mark.clause("M4.2")
def test_a_meeting_is_recorded_with_its_attendees(language: str) -> None:
    review = stage.approved(stage.drafted(a_full_campaign()))
    people = [make.make_person(role) for role in (Role.MARKET, Role.ENGINEERING, Role.CUSTOMER_SERVICE)]
    manager = signed_in(Role.OPERATIONS_MANAGER, language=language)
    address = reverse("review-meeting", args=[review.pk])
    assert people[0].name in page_of(manager, "review-meeting", review.pk)
    minutes = {"number": "1", "held_at": "2026-06-19T10:00", "said": "市场：流量集中在晚上", "decisions": "提前备货"}
    wrong = manager.post(address, {**minutes, "attendees": [people[0].pk], **action_form(people[0])})
    assert wrong.status_code == 422
    page = wrong.content.decode()
    assert ("技术" if language == "zh" else "engineering") in page
    assert "流量集中在晚上" in page
    assert f'value="{people[0].pk}" checked' in page
    everybody = {**minutes, "attendees": [one.pk for one in people]}
    assert manager.post(address, {**everybody, **action_form(people[0])}).status_code == 302
    assert Meeting.objects.get().attendees.count() == 3
    record = page_of(manager, "review-report", review.pk)
    assert "流量集中在晚上" in record
    assert people[2].name in record


@BOTH
@pytest.mark.clause("M4.2")
def test_an_owner_finishes_an_action_item_on_its_page(language: str) -> None:
    owner = make.make_person(Role.WAREHOUSE)
    stage.approved(None, None, stage.wish(owner), stage.wish(what="改流程"))
    action, other = ActionItem.objects.order_by("number")
    client = Client()
    client.cookies["sk_lang"] = language
    client.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
    assert action.what in page_of(client, "review-actions")
    assert "改流程" not in page_of(client, "review-actions", mine="1")
    assert client.get(reverse("review-actions"), {"counts": "1"}).status_code == 200
    assert action.what in page_of(client, "review-action", action.pk)
    address = reverse("review-action-finish", args=[action.pk])
    assert client.post(address, {"note": ""}).status_code == 422
    assert client.post(address, {"note": "已加安全库存"}).status_code == 302
    assert "已加安全库存" in page_of(client, "review-action", action.pk)
    assert client.post(reverse("review-action-drop", args=[other.pk]), {"reason": "不做"}).status_code == 403
    manager = signed_in(Role.OPERATIONS_MANAGER, language=language)
    assert manager.post(reverse("review-action-drop", args=[other.pk]), {"reason": "不做了"}).status_code == 302
    other.refresh_from_db()
    assert other.state == "dropped"


@BOTH
@pytest.mark.clause("M4.2")
def test_the_next_plan_starts_from_a_template_and_shows_where_it_differs(language: str) -> None:
    review = stage.met(stage.approved(stage.drafted(a_full_campaign())))
    manager = signed_in(Role.OPERATIONS_MANAGER, language=language)
    assert page_of(manager, "review-template-make", review.pk)
    address = reverse("review-template-make", args=[review.pk])
    assert manager.post(address, {"note": "开场备货要足"}).status_code == 302
    made = Template.objects.get()
    assert review.campaign.name in page_of(manager, "review-templates")
    page = page_of(manager, "review-template", made.pk)
    assert "开场备货要足" in page
    assert "20:00" in page
    start = reverse("review-template-start", args=[made.pk])
    assert manager.post(start, {"code": "D11", "name": "双11", "starts_at": ""}).status_code == 422
    fields = {"code": "D11", "name": "双11大促", "starts_at": "2026-11-11T00:00"}
    assert manager.post(start, fields).status_code == 302
    assert Campaign.objects.get(code="D11").template_id == review.campaign_id
    page = page_of(manager, "review-template", made.pk)
    assert "双11大促" in page
    assert "¥2,500.00" in page
    assert signed_in(Role.WAREHOUSE).post(start, fields).status_code == 403


@pytest.mark.clause("M4.1")
def test_empty_lists_say_what_belongs_there_and_other_shops_stay_hidden() -> None:
    client = signed_in(Role.OPERATIONS_MANAGER)
    for name in ("review-reports", "review-actions", "review-templates"):
        assert "还没有" in page_of(client, name) or "没有" in page_of(client, name)
    review: Review = stage.met(stage.approved(stage.drafted(a_full_campaign())))
    made = make_template.one(SYSTEM, MakeTemplate(review.campaign_id))
    assert made.changed
    elsewhere = signed_in(Role.OPERATIONS_MANAGER, shops=[make.make_shop()])
    action = ActionItem.objects.get()
    for name, id_ in (
        ("review-report", review.pk), ("review-complete", review.pk), ("review-meeting", review.pk),
        ("review-template-make", review.pk), ("review-action", action.pk), ("review-template", made.id),
    ):  # fmt: skip
        assert elsewhere.get(reverse(name, args=[id_])).status_code == 404
