"""The program's door to reviews: what it reads, and that a story can be driven through it."""

from typing import Any

import pytest
from django.test import Client

from shopkeeper.flows.marketing.review.models import ActionItem
from shopkeeper.foundation.models import Shop
from shopkeeper.sop.roles import Role
from tests import factories as make
from tests.flows.marketing.review import stage

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def just_over(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, stage.END)


def program(*roles: str, shops: list[Shop] | None = None) -> Client:
    client = Client()
    client.force_login(make.make_person(*roles, shops=shops), backend="django.contrib.auth.backends.ModelBackend")
    return client


def read(client: Client, path: str, **query: Any) -> Any:
    answer = client.get(f"/api/v1/review/{path}", query)
    assert answer.status_code == 200, answer.content
    return answer.json()


@pytest.mark.clause("M4.1")
def test_reports_with_figures_and_what_follows_from_them() -> None:
    shop, sku = make.make_shop(), make.make_sku()
    stage.sold(shop, sku, stage.START, quantity=3)
    first, second = stage.drafted(stage.campaign(shop, sku)), stage.drafted()
    client = program(Role.DATA_SPECIALIST)
    page = read(client, "reports", limit=1)
    assert [one["id"] for one in page["items"]] == [second.pk]
    assert [one["id"] for one in read(client, "reports", after=page["next"])["items"]] == [first.pk]
    assert read(client, "reports", campaign_id=first.campaign_id, state="draft")["items"][0]["number"].startswith("FP")
    found = read(client, f"reports/{first.pk}")
    assert found["figures"]["sales"]["paid_minor"] == 15_000
    assert found["computed"]["sales_attained"] == 1_500
    assert found["next_meeting"] == 1
    assert found["versions"][0]["version"] == 1
    pdf = client.get(f"/api/v1/review/reports/{first.pk}/document.pdf")
    assert pdf.content.startswith(b"%PDF")
    elsewhere = program(Role.DATA_SPECIALIST, shops=[make.make_shop()])
    assert elsewhere.get(f"/api/v1/review/reports/{first.pk}").status_code == 404
    assert read(elsewhere, "reports")["items"] == []


@pytest.mark.clause("M4.2")
def test_actions_and_templates() -> None:
    review = stage.met()
    action = ActionItem.objects.get()
    client = program(Role.OPERATIONS_MANAGER)
    listed = read(client, "actions", state="open", review_id=review.pk)["items"]
    assert [one["id"] for one in listed] == [action.pk]
    assert read(client, f"actions/{action.pk}")["role"] == "warehouse"
    assert client.get("/api/v1/review/actions/999999").status_code == 404
    assert read(client, f"reports/{review.pk}")["meetings"][0]["missing"] == []
    made = client.post(
        "/api/v1/review/make-template",
        {"items": [{"campaign_id": review.campaign_id, "note": "照做"}]},
        content_type="application/json",
    )
    assert made.status_code == 200, made.content
    template = read(client, "templates")["items"][0]
    assert template["learned"]["is_thin"]
    assert read(client, f"templates/{template['id']}")["started"] == []
