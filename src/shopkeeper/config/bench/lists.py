"""The order list at 200,000 orders: p95 of a page, and of a search by number."""

import time
from collections.abc import Sequence

from django.db import connection
from django.test import Client

from shopkeeper.config.bench import goods
from shopkeeper.config.bench.order_api import _client
from shopkeeper.config.bench.result import Measured
from shopkeeper.flows.fulfilment.intake.commands.take_in_orders import take_in_orders
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import SYSTEM

ORDERS = 200_000
TRIES = 60
P95_MAX_MS = 100.0


def measure() -> Sequence[Measured]:
    """Through the API's door, in process."""
    shop = goods.furnish()
    now = business_time.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM intake_order")
        there = cursor.fetchone()[0]
    for _ in range(max(0, ORDERS - there) // 1_000):
        take_in_orders(SYSTEM, goods.orders(shop, 1_000, now))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE intake_order")
        cursor.execute("SELECT platform_no FROM intake_order ORDER BY id LIMIT 1 OFFSET 150000")
        number = cursor.fetchone()[0]
    client = _client()
    return [
        _p95("lists", client, "/api/v1/intake/orders?limit=50"),
        _p95("lists_by_state", client, "/api/v1/intake/orders?limit=50&state=to_check"),
        _p95("lists_search", client, f"/api/v1/intake/orders?limit=50&q={number}"),
    ]


def _p95(name: str, client: Client, address: str) -> Measured:
    times = []
    for _ in range(TRIES):
        started = time.perf_counter()
        answer = client.get(address)
        times.append((time.perf_counter() - started) * 1000)
        assert answer.status_code == 200, answer.content
    p95 = sorted(times)[int(TRIES * 0.95)]
    return Measured(name, p95, "ms p95", P95_MAX_MS, "promised", p95 <= P95_MAX_MS)
