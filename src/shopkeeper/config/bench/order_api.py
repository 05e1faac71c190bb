"""One order through the API: how many statements, and how many a second through the whole door."""

import time
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.db import connection
from django.test import Client

from shopkeeper.api.auth import token_hash
from shopkeeper.config.bench import goods
from shopkeeper.config.bench.result import Measured
from shopkeeper.foundation import business_time
from shopkeeper.foundation.models import ApiToken, Person, PersonRole
from shopkeeper.shared.clock import machine_now
from shopkeeper.sop.roles import Role

STATEMENTS_MAX = 12
ORDERS = 100


def measure() -> Sequence[Measured]:
    """In process, through URL routing, authentication, validation and the command; no socket."""
    shop = goods.furnish()
    client = _client()
    now = business_time.now()
    bodies = [{"items": [_shape(order)]} for order in goods.orders(shop, ORDERS + 2, now)]
    _send(client, bodies[0])
    statements = _count(client, bodies[1])
    started = time.perf_counter()
    for body in bodies[2:]:
        _send(client, body)
    rate = ORDERS / (time.perf_counter() - started)
    return [
        Measured("order_api", statements, "statements/order", STATEMENTS_MAX, "promised", statements <= STATEMENTS_MAX),
        Measured("order_api_rate", rate, "orders/s, one process", 25.5, "django-oscar 4.2, same kind of machine", True),
    ]


def _count(client: Client, body: object) -> int:
    """Statements of one request, BEGIN and COMMIT not among them."""
    seen: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        seen.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        _send(client, body)
    assert seen
    return len(seen)


def _client() -> Client:
    person = Person.objects.create(username=f"bench{time.time_ns()}", name="bench", all_shops=True)
    PersonRole.objects.create(person=person, role=Role.ORDER_SPECIALIST)
    token = f"bench-{person.pk}"
    ApiToken.objects.create(person=person, name="bench", token_hash=token_hash(token), made_at=machine_now())
    return Client(headers={"Authorization": f"Bearer {token}"})


def _shape(order: object) -> dict[str, object]:
    return {**asdict(order), "raw": order.raw.decode()}  # type: ignore[call-overload, attr-defined]


def _send(client: Client, body: object) -> None:
    answer = client.post("/api/v1/intake/take-in-orders", body, content_type="application/json")
    assert answer.status_code == 200, answer.content
    assert answer.json()["outcomes"][0]["result"] == "done"
