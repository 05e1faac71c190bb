"""An order at the supplier is noted with its pieces and its day: the duty waits until then, late or not."""

from datetime import UTC, date, datetime, timedelta

import pytest

from shopkeeper.flows.products.stock.commands.note_restock_order import NoteRestockOrder, note_restock_order
from shopkeeper.flows.products.stock.models import Reminder
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.shared.errors import NotAllowed
from shopkeeper.sop.models import Deadline
from tests import factories as make
from tests.flows.products.stock import stage

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P3.1")]
TODAY = date(2026, 6, 1)


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, make.NOON)


def noted(reminder: Reminder, days: int = 3, quantity: int = 30, note: str = "") -> str:
    item = NoteRestockOrder(reminder.pk, quantity, TODAY + timedelta(days=days), note)
    return note_restock_order.one(SYSTEM, item).code


def test_the_duty_waits_until_the_day_the_pieces_are_expected() -> None:
    reminder = stage.reminded(stage.stocked(5)[0])
    assert [noted(reminder, note="采购单 88"), noted(reminder, note="采购单 88")] == ["done", "unchanged"]
    duty = Deadline.objects.get(kind="restock")
    assert duty.opens_at == datetime(2026, 6, 4, 0, 30, tzinfo=UTC)  # the morning look of that day
    assert duty.due_at == datetime(2026, 6, 5, 0, 30, tzinfo=UTC)
    reminder.refresh_from_db()
    assert (reminder.state, reminder.due_at, reminder.ordered_quantity) == ("open", duty.due_at, 30)
    assert (reminder.expected_on, reminder.order_note) == (date(2026, 6, 4), "采购单 88")
    assert stage.deadlines_closed("restock") == []


def test_it_may_come_on_another_day() -> None:
    reminder = stage.reminded(stage.stocked(5)[0])
    assert [noted(reminder, 3), noted(reminder, 5)] == ["done", "done"]
    assert Deadline.objects.get(kind="restock").due_at == datetime(2026, 6, 7, 0, 30, tzinfo=UTC)


def test_what_was_overdue_can_be_cleared_and_is_on_record_as_late(monkeypatch: pytest.MonkeyPatch) -> None:
    reminder = stage.reminded(stage.stocked(5)[0])
    stage.at(monkeypatch, reminder.due_at + timedelta(hours=1))
    assert noted(reminder, 20) == "done"
    duty = Deadline.objects.get(kind="restock")
    assert duty.late_at is None and duty.opens_at is not None
    assert stage.deadlines_closed("restock") == [(reminder.pk, "done", True)]


def test_the_receipt_ends_it_as_before() -> None:
    sku, warehouse = stage.stocked(5)
    reminder = stage.reminded(sku)
    noted(reminder)
    stage.restock(sku, warehouse, 10)
    reminder.refresh_from_db()
    assert reminder.state == "restocked"
    assert not Deadline.objects.filter(kind="restock").exists()
    assert noted(reminder, 4) == "reminder_ended"


def test_orders_that_make_no_sense_are_refused() -> None:
    reminder = stage.reminded(stage.stocked(5)[0])
    assert noted(reminder, quantity=0) == "quantity_out_of_bounds"
    assert noted(reminder, quantity=-5) == "quantity_out_of_bounds"
    assert noted(reminder, -1) == "expected_in_past"
    assert noted(reminder, 181) == "expected_too_far"
    assert note_restock_order.one(SYSTEM, NoteRestockOrder(0, 1, TODAY)).code == "not_found"
    reminder.refresh_from_db()
    assert reminder.ordered_at is None
    with pytest.raises(NotAllowed):
        note_restock_order.one(make.actor_with("products.stock.view"), NoteRestockOrder(reminder.pk, 1, TODAY))
