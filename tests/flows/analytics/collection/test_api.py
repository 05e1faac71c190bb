"""The programs' doors of D1.1, through the mounted API."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from shopkeeper.flows.analytics.collection import tasks
from shopkeeper.sop.roles import Role
from shopkeeper.sop.sweeper import sweep
from tests import factories as make
from tests.flows.analytics.collection import stage
from tests.flows.analytics.collection.stage import DAY, NOON_MS, closed_file, line, signed_in

own_spool = stage.own_spool
pytestmark = [pytest.mark.django_db, pytest.mark.clause("D1.1"), pytest.mark.usefixtures("own_spool")]
BASE = "/api/v1/collection"
TOMORROW = make.NOON + timedelta(days=1)


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, make.NOON)


def get(client: Client, path: str) -> Any:
    answer = client.get(BASE + path)
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content)


def post(client: Client, command: str, **item: Any) -> dict[str, Any]:
    answer = client.post(f"{BASE}/{command}", json.dumps({"items": [item]}), content_type="application/json")
    assert answer.status_code == 200, answer.content
    outcome: dict[str, Any] = json.loads(answer.content)["outcomes"][0]
    return outcome


def test_a_programs_day_from_source_to_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = make.make_shop()
    client = signed_in(Role.DATA_SPECIALIST)
    assert post(client, "add-figure-sources", shop_id=shop.pk, source="sycm")["code"] == "done"
    assert get(client, "/figure-sources")[0]["source"] == "sycm"
    stage.at(monkeypatch, TOMORROW)
    sweep()
    assert get(client, "/deliveries?state=awaited")["items"][0]["day"] == "2026-06-01"
    item = {
        "shop_id": shop.pk, "source": "sycm", "breakdown": "shop",
        "lines": [{"starts_on": "2026-06-01", "ends_on": "2026-06-01", "figures": {"orders": 9, "visitors": 70}}],
    }  # fmt: skip
    assert post(client, "take-in-figures", **item)["facts"]["sets"] == 1
    assert post(client, "compare-sources", shop_id=shop.pk, day="2026-06-01")["facts"]["opened"] == 1
    [day] = get(client, f"/sources/{DAY.isoformat()}?shop_id={shop.pk}")
    assert day["figures"]["sycm"] == {"orders": 9, "visitors": 70}
    assert day["differences"][0]["is_beyond"]
    [case] = get(client, "/disagreements")["items"]
    answer = {"case_id": case["id"], "reason": "came_late", "value": case["value"], "other_value": case["other_value"]}
    assert post(client, "answer-disagreements", **answer)["code"] == "done"
    assert get(client, f"/disagreements/{case['id']}")["state"] == "answered"
    assert get(client, "/figures")["items"][0]["figures"] == {"": {"orders": 9, "visitors": 70}}
    assert get(client, "/deliveries?state=delivered")["items"]
    assert {row["source"] for row in get(client, "/quality")} == {"own", "sycm"}
    assert get(client, "/imports")["items"] == []


def test_a_program_reads_the_collectors_key_and_hours() -> None:
    shop, key = stage.shop_with_collector()
    client = signed_in(Role.CAMPAIGN_SPECIALIST)
    assert get(client, "/collectors")[0]["key"] == key
    closed_file([line(shop, "event-01"), line(shop, "event-02", v="v2", kind="click", at=NOON_MS - 3_600_000)])
    tasks.drain()
    hours = get(client, f"/traffic/{shop.pk}?hours=2")
    assert [(one["page_views"], one["clicks"], one["visitors"]) for one in hours] == [(0, 1, 1), (1, 0, 1)]
    assert hours[1]["channels"] == {"search": {"view": 1}}


def test_who_may_not_is_refused_and_strangers_find_nothing() -> None:
    shop, _ = stage.shop_with_collector()
    assert signed_in(Role.WAREHOUSE).get(BASE + "/disagreements").status_code == 403
    stranger = signed_in(Role.DATA_SPECIALIST, shops=[make.make_shop()])
    assert stranger.get(f"{BASE}/traffic/{shop.pk}").status_code == 404
    assert stranger.get(f"{BASE}/disagreements/1").status_code == 404
    assert get(stranger, "/collectors") == []
