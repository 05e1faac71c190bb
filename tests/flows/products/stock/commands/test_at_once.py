"""Counting while orders come in: whoever is first, nothing is oversold and the books agree."""

import threading
from dataclasses import asdict

import pytest
from django.db import connections

from shopkeeper.flows.products.stock.commands.adjust_stock import AdjustStock, adjust_stock
from shopkeeper.flows.products.stock.commands.promise_stock import PromiseLine, promise_stock
from shopkeeper.flows.products.stock.commands.remind_restock import RemindRestock, remind_restock
from shopkeeper.flows.products.stock.models import Reminder, Stock
from shopkeeper.flows.products.stock.sql.receipts import AUDIT
from shopkeeper.foundation.actor import SYSTEM
from tests.databases import FreshDatabase
from tests.flows.products.stock import stage


@pytest.mark.clause("P3.1")
def test_a_count_and_eight_orders_at_once_never_oversell(fresh_db: FreshDatabase) -> None:
    sku, warehouse = stage.stocked(10)
    lot = stage.lot_of(sku)
    meet = threading.Barrier(10)

    def run(place: int) -> None:
        meet.wait(10)
        if place < 8:
            promise_stock.one(SYSTEM, PromiseLine(place + 1, place + 1, sku.pk, warehouse.pk, 2))
        elif place == 8:
            adjust_stock.one(SYSTEM, AdjustStock(lot.pk, 5, "盘点"))
        remind_restock.one(SYSTEM, RemindRestock(sku.pk))
        connections.close_all()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    stock = Stock.objects.get()
    assert 0 <= stock.promised <= stock.on_hand
    assert (stock.on_hand, stock.promised) in {(10, 10), (5, 4)}
    assert Reminder.objects.filter(state="open").count() == 1
    audit = AUDIT.first()
    assert audit is not None
    assert asdict(audit) == dict.fromkeys(asdict(audit), 0)
