"""The program's door to after-sale."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shopkeeper.api.auth import token_hash
from shopkeeper.flows.service.aftersale.models import AfterSaleCase, Evidence, ReturnParcel
from shopkeeper.foundation.models import ApiToken, Shop
from shopkeeper.shared.clock import machine_now
from shopkeeper.sop.roles import Role
from tests import factories as make
from tests.flows.service.aftersale import stage

pytestmark = [pytest.mark.django_db, pytest.mark.clause("S2.3")]


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, make.NOON)


def program(*roles: str, shops: list[Shop] | None = None) -> Client:
    person = make.make_person(*roles, shops=shops)
    token = f"token-{person.pk}"
    ApiToken.objects.create(person=person, name="t", token_hash=token_hash(token), made_at=machine_now())
    return Client(headers={"Authorization": f"Bearer {token}"})


def test_a_case_from_opening_to_offer_over_the_api() -> None:
    order = stage.signed_order()
    client = program(Role.CUSTOMER_SERVICE)

    def call(command: str, item: dict[str, object]) -> dict[str, object]:
        answer = client.post(f"/api/v1/aftersale/{command}", {"items": [item]}, content_type="application/json")
        assert answer.status_code == 200, answer.content
        return answer.json()["outcomes"][0]

    opened = call("open-aftersale", {"order_id": order.pk, "reason": "no_reason", "words": "不想要了"})
    detail = client.get(f"/api/v1/aftersale/cases/{opened['id']}").json()
    assert (detail["state"], detail["next_offer"]) == ("opened", 1)
    assert detail["proposal"]["solution"] == "return_refund"
    assert detail["proposal"]["missing_shots"] == ["tags"]
    assert {"zh", "en"} == set(detail["proposal"]["because"][0]["words"])
    upload = SimpleUploadedFile("x.png", stage.a_png(), "image/png")
    sealed = client.post(f"/api/v1/aftersale/cases/{opened['id']}/evidence-files", {"file": upload}).json()
    added = call("add-evidence", {"case_id": opened["id"], "files": [{**sealed, "shot": "tags"}]})
    assert added["code"] == "done"
    call("judge-evidence", {"evidence_id": Evidence.objects.get().pk, "verdict": "good"})
    refused = call("offer-solution", {"case_id": opened["id"], "solution": "refund_only", "number": 1})
    assert (refused["code"], set(refused["words"])) == ("outside_policy", {"zh", "en"})  # type: ignore[arg-type]
    offered = call("offer-solution", {"case_id": opened["id"], "solution": "return_refund", "number": 1})
    assert offered["code"] == "done"
    page = client.get("/api/v1/aftersale/cases", {"state": "offered"}).json()
    assert [row["id"] for row in page["items"]] == [opened["id"]]


def test_a_file_that_is_none_is_a_problem_not_a_fault() -> None:
    case = stage.opened()
    upload = SimpleUploadedFile("x.png", b"<html>", "image/png")
    answer = program(Role.CUSTOMER_SERVICE).post(f"/api/v1/aftersale/cases/{case.pk}/evidence-files", {"file": upload})
    assert answer.status_code in (400, 409, 422)
    assert "file_kind_unknown" in answer.content.decode()


def test_reads_page_by_key_and_hide_other_shops() -> None:
    cases = [stage.opened() for _ in range(3)]
    client = program(Role.CUSTOMER_SERVICE)
    first = client.get("/api/v1/aftersale/cases", {"limit": 2}).json()
    rest = client.get("/api/v1/aftersale/cases", {"limit": 2, "after": first["next"]}).json()
    assert [row["id"] for row in (*first["items"], *rest["items"])] == [case.pk for case in reversed(cases)]
    stranger = program(Role.CUSTOMER_SERVICE, shops=[make.make_shop()])
    assert stranger.get("/api/v1/aftersale/cases").json()["items"] == []
    assert stranger.get(f"/api/v1/aftersale/cases/{cases[0].pk}").status_code == 404
    assert program(Role.DESIGN).get("/api/v1/aftersale/cases").status_code == 403


def test_returns_refunds_policy_and_figures() -> None:
    case = stage.graded()
    client = program(Role.OPERATIONS_SUPERVISOR)
    parcel = ReturnParcel.objects.get()
    detail = client.get(f"/api/v1/aftersale/returns/{parcel.pk}").json()
    assert detail["pieces"][0]["graded"][0]["grade"] == "good"
    assert client.get("/api/v1/aftersale/returns", {"state": "graded"}).json()["items"][0]["id"] == parcel.pk
    (refund,) = client.get("/api/v1/aftersale/refunds", {"state": "approved"}).json()["items"]
    assert (refund["amount_minor"], refund["by_itself"]) == (10_000, True)
    assert client.get(f"/api/v1/aftersale/refunds/{refund['id']}").json()["case_id"] == case.pk
    policy = client.get("/api/v1/aftersale/policy", {"platform": "taobao"}).json()
    assert (policy["platform"], policy["version"], len(policy["lines"])) == ("", 1, 6)
    figures = client.get("/api/v1/aftersale/figures", {"from_day": "2026-06-01", "to_day": "2026-06-01"}).json()
    assert (figures["opened"], figures["offered_in_time"], figures["accepted"]) == (1, 1, 1)
    assert figures["mean_offer_hours"] == 0.0
    assert AfterSaleCase.objects.count() == 1
    for path in ("cases/999", "refunds/999", "returns/999"):
        assert client.get(f"/api/v1/aftersale/{path}").status_code == 404
