"""Orders over the API: masked, paged, and of one's own shops only."""

import pytest
from django.test import Client

from shopkeeper.api.auth import token_hash
from shopkeeper.foundation.models import ApiToken, Person
from shopkeeper.shared.clock import machine_now
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.clause("G6")]


def client_of(person: Person) -> Client:
    hashed = token_hash(f"token-{person.pk}")
    ApiToken.objects.create(person=person, name="test", token_hash=hashed, made_at=machine_now())
    return Client(headers={"Authorization": f"Bearer token-{person.pk}"}, raise_request_exception=False)


def test_orders_come_by_pages_and_filters() -> None:
    shop = make.make_shop()
    ids = [make.make_order(shop, make.received_line(None)) for _ in range(3)]
    client = client_of(make.make_person("order_specialist"))
    first = client.get("/api/v1/intake/orders?limit=2").json()
    assert [row["id"] for row in first["rows"]] == [ids[2], ids[1]]
    second = client.get(f"/api/v1/intake/orders?limit=2&after={first['next_key']}").json()
    assert ([row["id"] for row in second["rows"]], second["next_key"]) == ([ids[0]], "")
    held = client.get("/api/v1/intake/orders?state=held&hold=unknown_sku&q=1234").json()
    assert len(held["rows"]) == 3
    assert held["rows"][0]["receiver_phone_masked"] == "138****1234"
    assert client.get("/api/v1/intake/orders?hold=short_stock").json()["rows"] == []
    assert client.get("/api/v1/intake/counts").json() == {"to_check": 3, "held": 3}
    assert client.get("/api/v1/intake/holds/counts").json() == {"unknown_sku": 3}


def test_a_record_is_whole_and_masked() -> None:
    shop, sku = make.make_shop(), make.make_sku()
    make.stock_up(sku, shop.default_warehouse)
    order_id = make.make_released_order(shop, make.received_line(sku))
    record = client_of(make.make_person("order_specialist")).get(f"/api/v1/intake/orders/{order_id}").json()
    assert (record["state"], record["messages"], record["lines"][0]["promised"]) == ("released", 1, 1)
    assert {"state:released", "intake.order_taken_in"} <= {line["what"] for line in record["story"]}
    assert "13812341234" not in str(record)


def test_what_is_foreign_does_not_exist() -> None:
    mine, theirs = make.make_shop(), make.make_shop()
    order_id = make.make_order(theirs, make.received_line(None))
    session = make.open_session(theirs)
    client = client_of(make.make_person("order_specialist", shops=[mine]))
    assert client.get(f"/api/v1/intake/orders/{order_id}").status_code == 404
    assert client.get(f"/api/v1/intake/sessions/{session.pk}").status_code == 404
    assert client.get("/api/v1/intake/sessions").json()["rows"] == []
    assert [row["shop_id"] for row in client.get("/api/v1/intake/status").json()] == [mine.pk]


def test_who_may_not_look_is_refused() -> None:
    client = client_of(make.make_person("design"))
    for path in ("orders", "orders/1", "counts", "sessions", "status", "unreadable", "jobs/1"):
        assert client.get(f"/api/v1/intake/{path}").status_code == 403


@pytest.mark.clause("O1.2")
def test_a_session_says_how_it_stands() -> None:
    shop, sku = make.make_shop(), make.make_sku()
    make.stock_up(sku, shop.default_warehouse)
    make.make_order(shop, make.received_line(sku))
    make.make_order(shop, make.received_line(None))
    session = make.open_session(shop)
    client = client_of(make.make_person("order_specialist"))
    found = client.get(f"/api/v1/intake/sessions/{session.pk}").json()
    assert (found["clean"], found["held"], found["released"]) == (1, 1, 0)
    assert client.get("/api/v1/intake/sessions?state=open").json()["rows"][0] == found
