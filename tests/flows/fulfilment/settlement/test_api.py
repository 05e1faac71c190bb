"""The programs' reads of O4, through the mounted API."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from shopkeeper.flows.fulfilment.settlement.commands.settle_orders import SettleOrder, settle_orders
from shopkeeper.flows.fulfilment.settlement.models import FollowUp
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.sop.roles import Role
from shopkeeper.sop.sweeper import sweep
from tests import factories as make
from tests.flows.fulfilment.settlement import stage
from tests.flows.fulfilment.settlement.test_pages import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.clause("O4.1")]
BASE = "/api/v1/settlement"


def get(client: Client, path: str) -> object:
    answer = client.get(BASE + path)
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content)


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, make.NOON)


def test_a_program_reads_settlements_days_and_balance() -> None:
    shop = make.make_shop()
    order_id = stage.completed_order(shop)
    settle_orders.one(SYSTEM, SettleOrder(order_id))
    finance = signed_in(Role.FINANCE)
    listed = get(finance, "/settlements?state=settled")
    assert [item["order_id"] for item in listed["items"]] == [order_id]  # type: ignore[index]
    one = get(finance, f"/settlements/{stage.settlement_of(order_id).pk}")
    assert sum(entry["amount_minor"] for entry in one["entries"]) == 0  # type: ignore[index]
    day = get(finance, "/days/2026-06-01")
    assert [d["totals"]["platform_receivable"] for d in day if d["shop_id"] == shop.pk] == [9_500]  # type: ignore[attr-defined]
    assert get(finance, "/balance") == {"books_balanced": True}


@pytest.mark.clause("O4.2")
def test_a_program_reads_follow_ups(monkeypatch: pytest.MonkeyPatch) -> None:
    order_id = stage.watched_order(make.make_shop())
    stage.at(monkeypatch, make.NOON + timedelta(days=7))
    sweep()
    agent = signed_in(Role.CUSTOMER_SERVICE)
    listed = get(agent, "/followups")
    assert [item["order_id"] for item in listed["items"]] == [order_id]  # type: ignore[index]
    one = get(agent, f"/followups/{FollowUp.objects.get().pk}")
    assert (one["next_attempt"], one["tries"]) == (1, [])  # type: ignore[index]


def test_reads_need_their_permission() -> None:
    packer = signed_in(Role.WAREHOUSE)
    for path in ("/settlements", "/balance", "/followups", "/days/2026-06-01"):
        assert packer.get(BASE + path).status_code == 403, path
    assert Client().get(BASE + "/settlements").status_code == 401
