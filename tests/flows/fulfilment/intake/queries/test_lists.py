"""The list of orders: what is found, who sees it, in how many statements."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shopkeeper.flows.fulfilment.intake.queries.asking import OrderQuestion, cursor_of, read_cursor
from shopkeeper.flows.fulfilment.intake.queries.lists import (
    held_by_code,
    matching_orders,
    order_counts,
    orders_page,
    orders_to_export,
)
from shopkeeper.flows.fulfilment.intake.queries.record import order_record
from shopkeeper.foundation.actor import SYSTEM
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.clause("O1.3")]


def test_pages_follow_each_other_without_gap_or_repeat() -> None:
    shops, sku = [make.make_shop(), make.make_shop()], make.make_sku()
    ids = [make.make_order(shops[n % 2], make.received_line(sku)) for n in range(7)]
    seen, after = [], ""
    while True:
        page = orders_page(SYSTEM, OrderQuestion(), after=after, limit=3)
        seen += [row.id for row in page.rows]
        after = page.next_key
        if not after:
            break
    assert seen == sorted(ids, reverse=True)


@pytest.mark.parametrize(
    "question", [OrderQuestion(), OrderQuestion(tab="held"), OrderQuestion(from_day=date(2020, 1, 1))]
)
def test_fifty_rows_cost_the_statements_of_one(question: OrderQuestion) -> None:
    shop = make.make_shop()
    make.make_order(shop, make.received_line(None))

    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert orders_page(SYSTEM, question).rows
        return len(queries)

    one = statements()
    make.take_in(*(make.received_order(shop, make.received_line(None)) for _ in range(50)))
    assert statements() == one <= 4


def test_days_are_the_shops_days_and_sort_by_them() -> None:
    shop, sku = make.make_shop(), make.make_sku()
    late = make.make_order(shop, make.received_line(sku), placed_at=make.NOON.replace(hour=15, minute=59))
    early = make.make_order(shop, make.received_line(sku), placed_at=make.NOON)
    make.make_order(shop, make.received_line(sku), placed_at=make.NOON.replace(hour=16))  # midnight in Shanghai
    day = OrderQuestion(from_day=make.NOON.date(), to_day=make.NOON.date())
    first = orders_page(SYSTEM, day, limit=1)
    second = orders_page(SYSTEM, day, after=first.next_key, limit=1)
    assert [first.rows[0].id, second.rows[0].id] == [late, early]
    assert second.next_key == ""


SEARCHES: dict[str, Callable[[int, str], str]] = {
    "our number": lambda id_, no: f"JY{id_:010d}",
    "our number in small letters": lambda id_, no: f"jy{id_}",
    "platform number": lambda id_, no: no,
    "whole phone": lambda id_, no: "13912345678",
    "last four digits": lambda id_, no: "5678",
    "country code": lambda id_, no: "+8613912345678",
}


@pytest.mark.parametrize("kind", sorted(SEARCHES))
def test_an_order_is_found_by(kind: str) -> None:
    shop, sku = make.make_shop(), make.make_sku()
    make.make_order(shop, make.received_line(sku))
    receiver = make.received_receiver(phone="13912345678")
    wanted = make.make_order(shop, make.received_line(sku), platform_no="4123456789012345678", receiver=receiver)
    text = SEARCHES[kind](wanted, "4123456789012345678")
    assert [row.id for row in orders_page(SYSTEM, OrderQuestion(texts=[text])).rows] == [wanted]


def test_many_pasted_numbers_find_many() -> None:
    shop, sku = make.make_shop(), make.make_sku()
    ids = [make.make_order(shop, make.received_line(sku), platform_no=f"55{n:08d}000") for n in range(5)]
    texts = [f"55{n:08d}000" for n in range(3)] + [f"JY{ids[4]:010d}", "nothing", "’; DROP TABLE", "JY" + "9" * 18]
    found = orders_page(SYSTEM, OrderQuestion(texts=texts)).rows
    assert [row.id for row in found] == [ids[4], ids[2], ids[1], ids[0]]


def test_a_viewer_sees_and_counts_their_shops_only() -> None:
    mine, theirs = make.make_shop(), make.make_shop()
    order = make.make_order(mine, make.received_line(None))
    foreign = make.make_order(theirs, make.received_line(None), platform_no="9900112233")
    viewer = make.actor_with("fulfilment.order.view", shops=[mine])
    assert [row.id for row in orders_page(viewer, OrderQuestion()).rows] == [order]
    assert orders_page(viewer, OrderQuestion(texts=["9900112233"])).rows == []
    assert orders_page(viewer, OrderQuestion(shop_id=theirs.pk)).rows == []
    assert order_counts(viewer) == {"to_check": 1, "held": 1}
    assert held_by_code(viewer) == {"unknown_sku": 1}
    assert matching_orders(viewer, OrderQuestion(tab="held", hold="unknown_sku")) == [order]
    assert order_record(viewer, foreign) is None
    assert order_record(viewer, order) is not None


def test_the_record_tells_all_that_happened_and_nothing_personal() -> None:
    shop, sku = make.make_shop(), make.make_sku()
    make.stock_up(sku, shop.default_warehouse, 5)
    order_id = make.make_released_order(shop, make.received_line(sku, 2))
    found = order_record(SYSTEM, order_id)
    assert found is not None
    assert [line.what for line in found.story][-2:] == ["state:released", "intake.order_released"] or {
        "state:released",
        "intake.order_released",
    } <= {line.what for line in found.story}
    assert found.lines[0].promised == 2
    assert len(found.versions) == 1
    assert "13812341234" not in str(found)
    assert "文三路100号2幢301室" not in str(found)


def test_the_export_has_every_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shopkeeper.flows.fulfilment.intake.queries.lists.EXPORT_PIECE", 2)
    shop, sku = make.make_shop(), make.make_sku()
    for _ in range(5):
        make.make_order(shop, make.received_line(sku))
    assert len(list(orders_to_export(SYSTEM, OrderQuestion()))) == 5


@pytest.mark.parametrize("text", ["", "x", "1.x", "9" * 30, "-1", "1.99999999999999999", "²"])
def test_a_cursor_that_makes_no_sense_breaks_nothing(text: str) -> None:
    assert orders_page(SYSTEM, OrderQuestion(from_day=date(2020, 1, 1)), after=text).rows == []


def test_a_cursor_reads_back_to_the_microsecond() -> None:
    moment = make.NOON + timedelta(microseconds=123_457)
    assert read_cursor(cursor_of(7, moment)) == (7, moment)
    assert read_cursor(cursor_of(7, None)) == (7, None)
