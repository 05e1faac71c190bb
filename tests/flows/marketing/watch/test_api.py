"""M3 for programs: reads with key paging, papers; commands at their own address."""

import json
from typing import Any

import pytest
from django.test import Client

from shopkeeper.api.auth import token_hash
from shopkeeper.flows.marketing.watch.models import DaySheet
from shopkeeper.foundation.models import ApiToken
from shopkeeper.shared.clock import machine_now
from shopkeeper.sop.roles import Role
from tests import factories as make
from tests.flows.marketing.watch import stage
from tests.flows.marketing.watch.stage import HOUR, START

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch):
    stage.at(monkeypatch, START)
    return make.make_shop()


@pytest.fixture
def sku(shop):
    sku = make.make_sku()
    make.stock_up(sku, shop.default_warehouse, 3)
    return sku


def program(*roles: str, **scope: Any) -> Client:
    person = make.make_person(*roles, **scope)
    ApiToken.objects.create(
        person=person, name="t", token_hash=token_hash(f"secret-{person.pk}"), made_at=machine_now()
    )
    return Client(headers={"Authorization": f"Bearer secret-{person.pk}"})


def read(client: Client, path: str, **query: Any) -> Any:
    answer = client.get(f"/api/v1/watch/{path}", query)
    assert answer.status_code == 200, (path, answer.content)
    return answer.json()


def send(client: Client, command: str, **item: Any) -> Any:
    body = json.dumps({"items": [item]}, default=str)
    answer = client.post(f"/api/v1/watch/{command}", body, content_type="application/json")
    assert answer.status_code == 200, answer.content
    return answer.json()


@pytest.mark.clause("M3.1")
def test_hours_are_recorded_and_read(shop, sku, monkeypatch) -> None:
    made = stage.watched(shop, sku)
    stage.tick(monkeypatch, made, START + 2 * HOUR)
    client = program(Role.CAMPAIGN_SPECIALIST)
    hour = START.isoformat()
    item = {"shop_id": shop.pk, "campaign_id": made.pk, "hour": hour, "visitors": 400, "exposures": 8_000}
    assert send(client, "record-traffic", **item)["outcomes"][0]["result"] == "done"
    first, second = read(client, f"campaigns/{made.pk}/hours")
    assert (first["visitors"], first["source"], first["conversion_bp"]) == (400, "typed", 0)
    assert (second["visitors"], second["source"]) == (None, "")
    assert len(read(client, f"campaigns/{made.pk}/hours", since=(START + HOUR).isoformat())) == 1
    assert [row["campaign_id"] for row in read(client, "campaigns")] == [made.pk]
    sheet = DaySheet.objects.get()
    assert read(client, "sheets")["items"][0]["awaited"] == 1
    assert read(client, f"sheets/{sheet.pk}")["gaps"] == 1
    assert client.get(f"/api/v1/watch/sheets/{sheet.pk}/document.pdf").content.startswith(b"%PDF")


@pytest.mark.clause("M3.2")
def test_alerts_are_read_page_by_page_with_what_was_done(shop, sku, monkeypatch) -> None:
    made = stage.watched(shop, sku)
    low = stage.low_conversion(monkeypatch, made)
    client = program(Role.OPERATIONS_SUPERVISOR)
    assert send(client, "change-copy", alert_id=low.pk, what="换标题")["outcomes"][0]["result"] == "done"
    page = read(client, "alerts", limit=1)
    assert len(page["items"]) == 1
    detail = read(client, f"alerts/{low.pk}")
    assert (detail["state"], detail["actions"][0]["kind"]) == ("acted", "change_copy")
    assert read(client, "alerts", state="dismissed")["items"] == []
    assert read(client, "restocks")["items"] == []
    assert read(client, f"campaigns/{made.pk}/presales") == []
    stage.benchmark(shop, 320)
    assert read(client, "benchmarks")[0]["conversion_bp"] == 320


@pytest.mark.clause("G4")
def test_another_shops_watch_is_not_found(shop, sku, monkeypatch) -> None:
    made = stage.watched(shop, sku)
    low = stage.low_conversion(monkeypatch, made)
    client = program(Role.CAMPAIGN_SPECIALIST, shops=[make.make_shop()])
    for path in (
        f"alerts/{low.pk}",
        f"campaigns/{made.pk}/hours",
        f"campaigns/{made.pk}/presales",
        f"sheets/{DaySheet.objects.get().pk}",
    ):
        assert client.get(f"/api/v1/watch/{path}").status_code == 404
    assert read(client, "campaigns") == []
    assert program(Role.WAREHOUSE).get("/api/v1/watch/alerts").status_code == 403
