"""The program's door: the register, figures by their parts, reports with their versions, orders behind a figure."""

from datetime import timedelta

import pytest
from django.test import Client

from shopkeeper.api.auth import token_hash
from shopkeeper.flows.analytics.reports.states import ReportPeriod
from shopkeeper.foundation.models import ApiToken, Shop
from shopkeeper.shared.clock import machine_now
from shopkeeper.sop.roles import Role
from tests import factories as make
from tests.flows.analytics.reports import stage

pytestmark = [pytest.mark.django_db, pytest.mark.clause("D2.1")]
API = "/api/v1/reports"
WEEK = {"first_day": "2026-06-01", "last_day": "2026-06-07"}


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Shop:
    stage.now(monkeypatch)
    found = make.make_shop()
    stage.use(monkeypatch, stage.shop_lake(found))
    return found


def program(*roles: str, shops: list[Shop] | None = None) -> Client:
    token = f"token-{machine_now().timestamp()}"
    person = make.make_person(*roles, shops=shops)
    ApiToken.objects.create(person=person, name="t", token_hash=token_hash(token), made_at=machine_now())
    return Client(headers={"Authorization": f"Bearer {token}"})


def test_the_register_and_a_figure_by_its_parts(shop) -> None:
    client = program(Role.DATA_SPECIALIST)
    items = client.get(f"{API}/metrics").json()["items"]
    aov = next(item for item in items if item["id"] == "buyer_price")
    assert (aov["name"]["zh"], aov["additivity"], aov["clause"]) == ("客单价", "none", "D2.3")
    found = client.get(f"{API}/metrics/buyer_price/figure", {**WEEK, "by": "day"}).json()
    assert found["parts"] == (2 * found["numerator"] + found["denominator"]) // (2 * found["denominator"])
    assert len(found["members"]) == 7
    assert sum(day["denominator"] for day in found["members"]) > found["denominator"]  # people are counted once a span


def test_what_cannot_be_asked_is_refused_in_words(shop) -> None:
    client = program(Role.DATA_SPECIALIST)
    assert client.get(f"{API}/metrics/beauty/figure", WEEK).status_code == 404
    refused = client.get(f"{API}/metrics/pay_conversion/figure", {**WEEK, "by": "channel"})
    assert (refused.status_code, refused.json()["code"]) == (409, "metric_not_by_dimension")
    turned = client.get(f"{API}/metrics/visitors/figure", {"first_day": "2026-06-07", "last_day": "2026-06-01"})
    assert turned.json()["code"] == "figure_span_wrong"
    assert client.get(f"{API}/metrics/visitors/orders", WEEK).status_code == 404
    for day in ("0001-01-01", "9999-12-31"):
        beyond = client.get(f"{API}/metrics/new_buyers/figure", {"first_day": day, "last_day": day})
        assert beyond.status_code in (200, 422), (day, beyond.content)
    assert client.get(f"{API}/reports", {"shop": "9" * 30}).status_code in (200, 422)
    assert program(Role.WAREHOUSE).get(f"{API}/metrics").status_code == 403


def test_orders_behind_a_figure_page_by_key(shop) -> None:
    client = program(Role.DATA_SPECIALIST)
    seen: list[int] = []
    after = ""
    while True:
        answer = client.get(f"{API}/metrics/paid_orders/orders", {**WEEK, "limit": 20, "after": after}).json()
        seen += [row["order_id"] for row in answer["items"]]
        after = answer["next"]
        if not after:
            break
    figure = client.get(f"{API}/metrics/paid_orders/figure", WEEK).json()
    assert len(seen) == len(set(seen)) == figure["numerator"]


def test_reports_are_listed_and_read_version_by_version(shop) -> None:
    report = stage.made(shop)
    stage.made(shop)
    client = program(Role.DATA_SPECIALIST, shops=[shop])
    listed = client.get(f"{API}/reports", {"period": "day"}).json()["items"]
    assert [(row["id"], row["version"]) for row in listed] == [(report.pk, 2)]
    assert {figure["metric_id"] for figure in listed[0]["headlines"]} >= {"paid_amount", "visitors"}
    first = client.get(f"{API}/reports/{report.pk}", {"version": 1}).json()
    assert first["shown_version"] == 1
    assert first["figures"]["blocks"]["sales"]["figures"]["paid_orders"]["now"] == [12, None]
    assert client.get(f"{API}/reports/{report.pk}", {"version": 9}).status_code == 404
    assert client.get(f"{API}/reports/{report.pk}/document.pdf").content.startswith(b"%PDF-")
    assert program(Role.DATA_SPECIALIST, shops=[make.make_shop()]).get(f"{API}/reports/{report.pk}").status_code == 404


def test_commands_have_their_addresses(shop) -> None:
    client, first = program(Role.DATA_SPECIALIST), (stage.DAY - timedelta(days=1)).isoformat()
    body = {"items": [{"shop_id": shop.pk, "period": str(ReportPeriod.DAY), "first_day": first}]}
    made = client.post(f"{API}/make-reports", body, content_type="application/json").json()
    report_id = made["outcomes"][0]["id"]
    stage.compute(report_id)
    signed = client.post(
        f"{API}/sign-reports",
        {"items": [{"report_id": report_id, "comment": "平稳"}]},
        content_type="application/json",
    ).json()
    assert signed["outcomes"][0]["result"] == "done"
    assert client.get(f"{API}/targets", {"month": "2026-06-01"}).json() == {"items": []}
