"""From the event log to the reminder, through the readers as they are wired."""

import pytest

from shopkeeper.config.wiring import READERS
from shopkeeper.flows.products.stock.commands.promise_stock import PromiseLine, promise_stock
from shopkeeper.flows.products.stock.commands.set_thresholds import SetThreshold, set_thresholds
from shopkeeper.flows.products.stock.models import Reminder
from shopkeeper.foundation import readers
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.sop.models import Deadline
from tests import factories as make
from tests.databases import FreshDatabase
from tests.flows.products.stock import stage

OURS = [reader for reader in READERS if reader.name.startswith("stock.")]


def read_all() -> None:
    by_name = {reader.name: reader for reader in OURS}
    while readers.run_readers(by_name):
        pass


@pytest.mark.clause("P3.1")
def test_a_promise_opens_the_reminder_and_a_receipt_ends_it(fresh_db: FreshDatabase) -> None:
    readers.ensure_cursors(OURS)
    sku, warehouse = stage.stocked(12)
    read_all()
    assert not Reminder.objects.exists()
    assert Deadline.objects.filter(kind="restock_sweep", subject_id=warehouse.pk).exists()
    stage.promised(sku, warehouse, 5)
    read_all()
    assert Reminder.objects.get().state == "open"
    make.stock_up(sku, warehouse, 50)
    read_all()
    assert Reminder.objects.get().state == "restocked"
    set_thresholds.one(SYSTEM, SetThreshold(100, "大促备货", sku_id=sku.pk))
    read_all()
    assert Reminder.objects.filter(state="open").get().threshold == 100


@pytest.mark.clause("P3.1")
def test_an_order_for_what_was_never_kept_opens_the_reminder_once(fresh_db: FreshDatabase) -> None:
    readers.ensure_cursors(OURS)
    sku, warehouse = make.make_sku(), make.make_warehouse()
    wish = PromiseLine(1, 1, sku.pk, warehouse.pk, 2)
    for _ in range(2):  # it waits and is tried again
        assert promise_stock.one(SYSTEM, wish).code == "short_stock"
        read_all()
    assert Reminder.objects.get().state == "open"
    make.stock_up(sku, warehouse, 50)
    read_all()
    assert Reminder.objects.get().state == "restocked"
    assert promise_stock.one(SYSTEM, wish).changed
