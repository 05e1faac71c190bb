"""The bench of the desk runs and keeps its promises in little; its counts of statements do not grow."""

import pytest
from django.test import Client

from shopkeeper.config.bench import desk
from tests.databases import FreshDatabase
from tests.flows.service.tickets.test_api import program

pytestmark = pytest.mark.clause("S1.2")


def test_the_bench_of_the_desk_measures_what_it_says(fresh_db: FreshDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "TICKETS", 400)
    monkeypatch.setattr(desk, "OPENED", 100)
    monkeypatch.setattr(desk, "TRIES", 3)
    names = [measured.name for measured in desk.measure()]
    assert names == [
        "desk_open", "desk_closed", "desk_all", "desk_by_kind", "desk_search", "desk_counters", "desk_ticket",
        "desk_opened",
    ]  # fmt: skip


@pytest.mark.parametrize("path", ["?state=open", "?state=closed", "?number=bench-3", ""])
def test_a_page_of_tickets_costs_the_same_however_many(
    db: None,
    path: str,
    django_assert_max_num_queries,  # type: ignore[no-untyped-def]
) -> None:
    from tests import factories as make

    shop, client = make.make_shop(), program()

    def statements() -> int:
        with django_assert_max_num_queries(12) as asked:
            assert _get(client, path) == 200
        return len(asked)

    desk.FILL.run(shop=shop.pk, tickets=20, now=make.NOON)
    few = statements()
    desk.FILL.run(shop=shop.pk, tickets=400, now=make.NOON)
    assert statements() == few


def _get(client: Client, path: str) -> int:
    return client.get(f"/api/v1/tickets/tickets{path}").status_code
