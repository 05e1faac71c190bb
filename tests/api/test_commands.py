import json
import threading

import pytest
from django.db import connection
from django.test import Client

from shopkeeper.api.auth import token_hash
from shopkeeper.api.commands import refusal_words
from shopkeeper.flows.fulfilment.intake.models import Order
from shopkeeper.foundation.commands import COMMANDS
from shopkeeper.foundation.models import ApiToken
from shopkeeper.shared.clock import machine_now
from shopkeeper.shared.outcomes import refused
from tests import factories as make

pytestmark = pytest.mark.clause("G6")


def client_of(person, *permissions: str) -> Client:
    token = f"token-{person.pk}-{'-'.join(permissions)}"
    ApiToken.objects.create(
        person=person, name="test", token_hash=token_hash(token), permissions=list(permissions), made_at=machine_now()
    )
    return Client(headers={"Authorization": f"Bearer {token}"}, raise_request_exception=False)


def post(client: Client, path: str, body: object, **headers: str):
    text = body if isinstance(body, str) else json.dumps(body)
    return client.post(f"/api/v1{path}", text, content_type="application/json", headers=headers)


def order_body(shop, sku, number: str = "T1") -> dict:
    return {
        "items": [
            {
                "shop_id": shop.pk, "platform_no": number, "platform_state": "WAIT_SELLER_SEND_GOODS",
                "state": "to_ship", "placed_at": "2026-06-01T04:00:00Z", "paid_at": "2026-06-01T04:01:00Z",
                "modified_at": "2026-06-01T04:01:00Z", "ship_by_at": "2026-06-03T04:00:00Z", "ended_at": None,
                "currency": "CNY", "goods_minor": 5000, "freight_minor": 0, "discount_minor": 0, "paid_minor": 5000,
                "buyer_ref": "b1", "receiver_token": "", "buyer_remark": "", "seller_memo": "", "seller_flag": "",
                "receiver": {"name": "张小明", "phone": "13812341234", "province": "浙江省", "city": "杭州市",
                             "district": "西湖区", "town": "", "address": "文三路100号"},
                "lines": [{"platform_line_no": "1", "platform_item_no": "1", "platform_sku_no": "1",
                           "outer_code": sku.code, "title": "T恤", "spec": "", "quantity": 1, "price_minor": 5000,
                           "discount_minor": 0, "paid_minor": 5000}],
                "raw": "{}",
            }
        ]
    }  # fmt: skip


@pytest.mark.django_db
def test_every_command_with_a_door_has_an_address() -> None:
    schema = Client().get("/api/v1/openapi.json").json()
    operations = {op["operationId"] for path in schema["paths"].values() for op in path.values()}
    assert {c.name for c in COMMANDS.values() if not c.internal} <= operations


@pytest.mark.django_db
def test_a_moment_without_its_zone_is_named_and_nothing_comes_in() -> None:
    shop, sku = make.make_shop(), make.make_sku()
    client = client_of(make.make_person("order_specialist"))
    body = order_body(shop, sku)
    body["items"][0]["paid_at"] = "2026-06-01T04:01:00"
    answer = post(client, "/intake/take-in-orders", body)
    assert (answer.status_code, answer.json()["errors"][0]["where"]) == (422, "body.items.0.paid_at")
    assert not Order.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("moment", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00"])
def test_a_moment_at_the_end_of_the_calendar_is_named(moment: str) -> None:
    shop, sku = make.make_shop(), make.make_sku()
    client = client_of(make.make_person("order_specialist"))
    body = order_body(shop, sku)
    body["items"][0]["paid_at"] = moment
    answer = post(client, "/intake/take-in-orders", body)
    assert (answer.status_code, answer.json()["errors"][0]["where"]) == (422, "body.items.0.paid_at")


@pytest.mark.django_db
def test_an_order_comes_in_over_the_api_with_few_statements() -> None:
    from django.test.utils import CaptureQueriesContext

    shop, sku = make.make_shop(), make.make_sku()
    make.stock_up(sku, shop.default_warehouse)
    client = client_of(make.make_person("order_specialist"))
    path = "/intake/take-in-orders"
    assert post(client, path, order_body(shop, sku, "T0")).status_code == 200
    with CaptureQueriesContext(connection) as queries:
        answer = post(client, path, order_body(shop, sku))
    assert answer.json()["outcomes"][0]["result"] == "done"
    assert Order.objects.count() == 2
    statements = [q["sql"] for q in queries if "SAVEPOINT" not in q["sql"]]
    assert 5 < len(statements) <= 12, "\n".join(s[:90] for s in statements)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ('{"items": [', 400, "bad_request"),
        ({"items": []}, 422, "invalid"),
        ({"items": [{"order_id": "abc"}]}, 422, "invalid"),
        ({"items": [{"order_id": 1}] * 1_001}, 422, "invalid"),
        ({}, 422, "invalid"),
    ],
)
def test_bad_input_gets_a_problem_in_both_languages(body: object, status: int, code: str) -> None:
    client = client_of(make.make_person("order_specialist"))
    answer = post(client, "/intake/release-orders", body)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    problem = answer.json()
    assert problem["code"] == code
    assert problem["title"]
    assert problem["title_zh"]


@pytest.mark.django_db
def test_without_a_token_or_with_an_ended_one_nobody_comes_in() -> None:
    assert post(Client(), "/intake/release-orders", {"items": [{"order_id": 1}]}).status_code == 401
    client = client_of(make.make_person("order_specialist"))
    ApiToken.objects.update(revoked_at=machine_now())
    answer = post(client, "/intake/release-orders", {"items": [{"order_id": 1}]})
    assert (answer.status_code, answer.json()["code"]) == (401, "signed_out")


@pytest.mark.django_db
def test_a_token_never_widens_what_its_person_may() -> None:
    warehouse = client_of(make.make_person("warehouse"), "fulfilment.order.check")
    answer = post(warehouse, "/intake/release-orders", {"items": [{"order_id": 1}]})
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


@pytest.mark.django_db
def test_an_unknown_address_is_a_problem_too() -> None:
    answer = Client().get("/api/v1/no/such")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_the_same_key_twice_at_once_has_one_effect_and_one_answer(fresh_db) -> None:
    shop, sku = make.make_shop(), make.make_sku()
    make.stock_up(sku, shop.default_warehouse)
    client = client_of(make.make_person("order_specialist"))
    answers: list[bytes] = []

    def send() -> None:
        answer = post(client, "/intake/take-in-orders", order_body(shop, sku), **{"Idempotency-Key": "k1"})
        answers.append(answer.content)
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(answers)) == 1
    assert json.loads(answers[0])["outcomes"][0]["result"] == "done"
    assert Order.objects.count() == 1


@pytest.mark.django_db
def test_a_key_used_for_another_request_is_refused() -> None:
    client = client_of(make.make_person("order_specialist"))
    key = {"Idempotency-Key": "k2"}
    assert post(client, "/intake/release-orders", {"items": [{"order_id": 1}]}, **key).status_code == 200
    again = post(client, "/intake/release-orders", {"items": [{"order_id": 2}]}, **key)
    assert (again.status_code, again.json()["code"]) == (409, "key_reused")


def test_a_refusal_passed_on_from_another_desk_keeps_its_words() -> None:
    """Launching is the campaigns' command; why the gate stays shut is the launch desk's to say."""
    words = refusal_words(COMMANDS["launch_campaigns"], refused("gate_red", 1))
    assert words is not None
    assert words.zh.startswith("上线测试未通过")
