import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shopkeeper.flows.products.stock.models import Stock
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P3.1")]


def visitor(role: str = "warehouse", **scope) -> Client:
    client = Client()
    client.force_login(make.make_person(role, **scope), backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_levels_page_takes_as_many_statements_for_thirty_rows_as_for_one() -> None:
    warehouse = make.make_warehouse()
    client = visitor()
    counts = []
    for more in (1, 29):
        for _ in range(more):
            make.stock_up(make.make_sku(), warehouse, 20)
        client.get("/stock/")
        with CaptureQueriesContext(connection) as queries:
            answer = client.get("/stock/")
        assert answer.status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_one_balance_shows_its_lots_and_its_ledger() -> None:
    warehouse, sku = make.make_warehouse(), make.make_sku()
    make.stock_up(sku, warehouse, 20, lot="LOT-A")
    page = visitor().get(f"/stock/{Stock.objects.get().pk}/").content.decode()
    assert "LOT-A" in page
    assert sku.code in page


def test_a_foreign_warehouse_is_not_there() -> None:
    own, foreign = make.make_warehouse(), make.make_warehouse()
    make.stock_up(make.make_sku(), foreign, 20)
    client = visitor(warehouses=[own])
    assert client.get(f"/stock/{Stock.objects.get().pk}/").status_code == 404


def test_receiving_books_a_lot_and_raises_the_balance() -> None:
    warehouse, sku = make.make_warehouse(), make.make_sku()
    make.stock_up(sku, warehouse, 20)
    stock = Stock.objects.get()
    client = visitor()
    form = {"quantity": "5", "bin_code": "A-01-01", "lot_code": "NEW", "reason": ""}
    assert client.post(f"/stock/{stock.pk}/receive/", form).status_code in (200, 302)
    stock.refresh_from_db()
    assert stock.on_hand == 25
    answer = client.post(f"/stock/{stock.pk}/receive/", {**form, "quantity": "0", "lot_code": "N2"})
    assert answer.status_code == 422
