"""Reminders: one open per SKU, opened by what happens and by the daily look, ended by the receipt or by a person."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shopkeeper.flows.products.listing.models import Category
from shopkeeper.flows.products.stock.commands.handle_reminders import (
    CloseRestock,
    SnoozeRestock,
    close_restock,
    snooze_restock,
)
from shopkeeper.flows.products.stock.commands.remind_restock import RemindRestock, remind_restock
from shopkeeper.flows.products.stock.commands.set_thresholds import SetThreshold, set_thresholds
from shopkeeper.flows.products.stock.commands.sweep_restock import (
    SweepRestock,
    WatchWarehouse,
    sweep_restock,
    watch_warehouses,
)
from shopkeeper.flows.products.stock.models import Reminder, RestockRule, Stock
from shopkeeper.flows.products.stock.permissions import Permission
from shopkeeper.flows.products.stock.queries.sellable import sellable, sellable_by_sku
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.shared.errors import NotAllowed
from shopkeeper.sop.models import Deadline
from shopkeeper.sop.sweeper import sweep
from tests import factories as make
from tests.flows.products.stock import stage

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P3.1")]
TODAY = date(2026, 6, 1)


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, make.NOON)


def shipped(sku: Any, warehouse: Any, quantity: int, days_ago: int) -> None:
    """A shipment in the ledger, as parcels that left write it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO stock_ledger (kind, sku_id, warehouse_id, quantity, occurred_at, actor_id) "
            "VALUES ('shipment', %s, %s, %s, %s, 0)",
            [sku.pk, warehouse.pk, -quantity, make.NOON - timedelta(days=days_ago)],
        )


def category_of(sku: Any) -> Category:
    """The SKU's product under a tree of three levels; the middle one."""
    top = Category.objects.create(level=1, name="服装")
    middle = Category.objects.create(level=2, parent=top, name="女装")
    leaf = Category.objects.create(level=3, parent=middle, name="T恤")
    sku.product.leaf = leaf
    sku.product.save()
    return middle


def test_what_falls_below_the_threshold_is_reminded_of_once() -> None:
    sku, warehouse = stage.stocked(20)
    assert remind_restock.one(SYSTEM, RemindRestock(sku.pk)).code == "unchanged"
    stage.promised(sku, warehouse, 11)
    shipped(sku, warehouse, 60, days_ago=3)
    shipped(sku, warehouse, 900, days_ago=31)
    first, again = (remind_restock.one(SYSTEM, RemindRestock(sku.pk)) for _ in range(2))
    assert first.changed
    assert again.code == "unchanged"
    reminder = Reminder.objects.get()
    assert (reminder.free, reminder.threshold, reminder.demand, reminder.suggested) == (9, 10, 60, 43)
    assert reminder.arrive_by == TODAY + timedelta(days=4)  # nine pieces at two a day
    deadline = Deadline.objects.get(kind="restock", subject_id=reminder.pk)
    assert (deadline.role, deadline.label, deadline.due_at) == ("product_specialist", sku.code, reminder.due_at)


def test_the_receipt_that_lifts_the_stock_ends_the_reminder() -> None:
    sku, warehouse = stage.stocked(5)
    reminder = stage.reminded(sku)
    stage.restock(sku, warehouse, 4)
    reminder.refresh_from_db()
    assert (reminder.state, reminder.free) == ("open", 9)
    stage.restock(sku, warehouse, 1)
    reminder.refresh_from_db()
    assert reminder.state == "restocked"
    assert stage.deadlines_closed("restock") == [(reminder.pk, "done", False)]
    stage.promised(sku, warehouse, 1)
    assert stage.reminded(sku).pk != reminder.pk


def test_nobody_restocked_in_time_is_late(monkeypatch: pytest.MonkeyPatch) -> None:
    sku, warehouse = stage.stocked(5)
    reminder = stage.reminded(sku)
    stage.at(monkeypatch, reminder.due_at + timedelta(hours=1))
    sweep()
    assert Deadline.objects.get(kind="restock").late_at is not None
    stage.restock(sku, warehouse, 50)
    assert stage.deadlines_closed("restock") == [(reminder.pk, "done", True)]


def test_pieces_of_all_warehouses_count_together() -> None:
    sku, _ = stage.stocked(6)
    make.stock_up(sku, make.make_warehouse(), 6)
    assert remind_restock.one(SYSTEM, RemindRestock(sku.pk)).code == "unchanged"


def test_a_delisted_sku_is_not_restocked() -> None:
    sku, _ = stage.stocked(5)
    reminder = stage.reminded(sku)
    type(sku).objects.filter(pk=sku.pk).update(is_delisted=True)
    assert remind_restock.one(SYSTEM, RemindRestock(sku.pk)).changed
    reminder.refresh_from_db()
    assert (reminder.state, reminder.ended_reason) == ("closed", "delisted")
    assert remind_restock.one(SYSTEM, RemindRestock(sku.pk)).code == "unchanged"


def test_a_closed_reminder_keeps_quiet_until_stock_rises_and_falls_again() -> None:
    sku, warehouse = stage.stocked(5)
    reminder = stage.reminded(sku)
    assert close_restock.one(SYSTEM, CloseRestock(reminder.pk, "")).code == "reason_needed"
    assert close_restock.one(SYSTEM, CloseRestock(0, "x")).code == "not_found"
    item = CloseRestock(reminder.pk, "换季不再补")
    assert [close_restock.one(SYSTEM, item).code for _ in range(2)] == ["done", "unchanged"]
    assert stage.deadlines_closed("restock") == [(reminder.pk, "cancelled", False)]
    assert remind_restock.one(SYSTEM, RemindRestock(sku.pk)).code == "unchanged"
    stage.restock(sku, warehouse, 10)
    stage.promised(sku, warehouse, 10)
    assert stage.reminded(sku).state == "open"


def test_a_closed_reminder_comes_back_after_the_quiet_days(monkeypatch: pytest.MonkeyPatch) -> None:
    sku, _ = stage.stocked(5)
    close_restock.one(SYSTEM, CloseRestock(stage.reminded(sku).pk, "先不补"))
    stage.at(monkeypatch, make.NOON + timedelta(days=14, minutes=1))
    assert stage.reminded(sku).state == "open"


def test_a_restocked_reminder_cannot_be_closed_or_put_off() -> None:
    sku, warehouse = stage.stocked(5)
    reminder = stage.reminded(sku)
    stage.restock(sku, warehouse, 10)
    assert close_restock.one(SYSTEM, CloseRestock(reminder.pk, "x")).code == "reminder_ended"
    item = SnoozeRestock(reminder.pk, TODAY + timedelta(days=1), "x")
    assert snooze_restock.one(SYSTEM, item).code == "reminder_ended"


def test_a_reminder_is_put_off_with_a_reason_and_only_so_often() -> None:
    sku, _ = stage.stocked(5)
    reminder = stage.reminded(sku)

    def put_off(days: int, reason: str = "供应商 6 月 3 日到货") -> str:
        return snooze_restock.one(SYSTEM, SnoozeRestock(reminder.pk, TODAY + timedelta(days=days), reason)).code

    assert put_off(2, " ") == "reason_needed"
    assert put_off(0) == "snooze_not_ahead"
    assert put_off(8) == "snooze_too_long"
    assert [put_off(2), put_off(2), put_off(3), put_off(4)] == ["done", "unchanged", "done", "snoozed_enough"]
    deadline = Deadline.objects.get(kind="restock")
    reminder.refresh_from_db()
    assert deadline.due_at == reminder.due_at
    assert reminder.snoozed_until == TODAY + timedelta(days=3)


def test_what_is_late_stays_late(monkeypatch: pytest.MonkeyPatch) -> None:
    sku, _ = stage.stocked(5)
    reminder = stage.reminded(sku)
    stage.at(monkeypatch, reminder.due_at)
    item = SnoozeRestock(reminder.pk, TODAY + timedelta(days=9), "再等等")
    assert snooze_restock.one(SYSTEM, item).code == "snooze_overdue"


def test_who_may_not_handle_reminders_is_refused() -> None:
    reminder = stage.reminded(stage.stocked(5)[0])
    with pytest.raises(NotAllowed):
        close_restock.one(make.actor_with(Permission.STOCK_VIEW), CloseRestock(reminder.pk, "x"))
    reminder.refresh_from_db()
    assert reminder.state == "open"


def test_the_nearest_threshold_counts() -> None:
    sku, _ = stage.stocked(15)
    middle = category_of(sku)
    assert set_thresholds.one(SYSTEM, SetThreshold(20, "主推类目", category_id=middle.pk, pack_size=12)).changed
    reminder = stage.reminded(sku)
    assert (reminder.threshold, reminder.suggested) == (20, 12)
    assert set_thresholds.one(SYSTEM, SetThreshold(15, "单品下调", sku_id=sku.pk)).changed
    assert stage.reminded(sku).state == "restocked"
    assert set_thresholds.one(SYSTEM, SetThreshold(None, "恢复", sku_id=sku.pk)).changed
    assert stage.reminded(sku).state == "open"


def test_thresholds_are_refused_where_they_make_no_sense() -> None:
    sku, gone = make.make_sku(), make.make_sku(is_delisted=True)
    cases = [
        (SetThreshold(5, " ", sku_id=sku.pk), "reason_needed"),
        (SetThreshold(5, "x"), "threshold_needs_one_subject"),
        (SetThreshold(5, "x", sku_id=sku.pk, category_id=1), "threshold_needs_one_subject"),
        (SetThreshold(5, "x", sku_id=0), "sku_unknown"),
        (SetThreshold(5, "x", sku_id=gone.pk), "sku_delisted"),
        (SetThreshold(5, "x", category_id=0), "category_unknown"),
        (SetThreshold(-1, "x", sku_id=sku.pk), "threshold_out_of_bounds"),
        (SetThreshold(5, "x", sku_id=sku.pk, pack_size=0), "threshold_out_of_bounds"),
        (SetThreshold(5, "x", sku_id=sku.pk, lead_days=400), "threshold_out_of_bounds"),
        (SetThreshold(None, "x", sku_id=sku.pk), "unchanged"),
        (SetThreshold(5, "x", sku_id=sku.pk, lead_days=3), "done"),
        (SetThreshold(5, "y", sku_id=sku.pk, lead_days=3), "unchanged"),
    ]
    assert [set_thresholds.one(SYSTEM, item).code for item, _ in cases] == [code for _, code in cases]
    assert RestockRule.objects.count() == 1


def test_the_daily_look_finds_what_no_event_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    sku, warehouse = stage.stocked(20)
    assert watch_warehouses.one(SYSTEM, WatchWarehouse(warehouse.pk)).changed
    assert watch_warehouses.one(SYSTEM, WatchWarehouse(warehouse.pk)).code == "unchanged"
    due_at = Deadline.objects.get(kind="restock_sweep").due_at
    assert due_at == make.NOON + timedelta(hours=20, minutes=30)  # 8:30 tomorrow
    Stock.objects.filter(sku=sku).update(on_hand=3)
    stage.at(monkeypatch, due_at)
    sweep()
    assert Reminder.objects.get(sku=sku).state == "open"
    assert Deadline.objects.get(kind="restock_sweep").due_at == due_at + timedelta(days=1)
    Stock.objects.filter(sku=sku).update(on_hand=30)
    outcome = sweep_restock.one(SYSTEM, SweepRestock(warehouse.pk))
    assert outcome.facts == {"looked_at": 1}
    assert Reminder.objects.get(sku=sku).state == "restocked"


def test_thirty_skus_take_the_statements_of_one() -> None:
    warehouse = make.make_warehouse()
    counts = []
    for size in (1, 30):
        skus = [stage.stocked(5, warehouse)[0] for _ in range(size)]
        with CaptureQueriesContext(connection) as queries:
            assert all(o.changed for o in remind_restock(SYSTEM, [RemindRestock(sku.pk) for sku in skus]))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 11


def test_what_may_be_sold_is_told_in_one_statement() -> None:
    sku, warehouse = stage.stocked(20)
    other = make.make_warehouse()
    make.stock_up(sku, other, 5)
    stage.promised(sku, warehouse, 8)
    with CaptureQueriesContext(connection) as queries:
        rows = sellable([sku.pk, 0])
    assert len(queries) == 1
    assert [(row.warehouse_id, row.pieces) for row in rows] == [(warehouse.pk, 12), (other.pk, 5)]
    assert sellable_by_sku([sku.pk, 0], [other.pk]) == {sku.pk: 5, 0: 0}
