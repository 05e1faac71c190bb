"""Stock at a moment, and everything that reacts brought to rest."""

from datetime import datetime
from typing import Any

import pytest
from django.db import connection

from shopkeeper.flows.products.stock.commands.promise_stock import PromiseLine, promise_stock
from shopkeeper.flows.products.stock.commands.remind_restock import RemindRestock, remind_restock
from shopkeeper.flows.products.stock.models import Lot, Reminder, RestockRule
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.models import Warehouse
from tests import factories as make

_lines = iter(range(1_000_000, 9_000_000))


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    """From here on it is this moment of business time."""
    monkeypatch.setattr(business_time, "now", lambda: moment)


def stocked(quantity: int, warehouse: Warehouse | None = None, **fields: Any) -> tuple[Any, Any]:
    """A SKU with so many pieces in a warehouse."""
    warehouse = warehouse or make.make_warehouse()
    sku = make.make_sku(**fields)
    make.stock_up(sku, warehouse, quantity)
    return sku, warehouse


def promised(sku: Any, warehouse: Any, quantity: int) -> None:
    """Promise pieces to an order of which nothing else is known."""
    line = next(_lines)
    outcome = promise_stock.one(SYSTEM, PromiseLine(line, line, sku.pk, warehouse.pk, quantity))
    assert outcome.changed, outcome


def lot_of(sku: Any) -> Lot:
    return Lot.objects.get(sku=sku)


def reminded(sku: Any) -> Reminder:
    """The SKU's reminder after a look at it."""
    remind_restock.one(SYSTEM, RemindRestock(sku.pk))
    return Reminder.objects.filter(sku=sku).latest("id")


def set_rule(sku: Any, **fields: Any) -> None:
    """A rule of the SKU's own, as somebody once set it."""
    defaults: dict[str, Any] = {"threshold": 10, "set_at": make.NOON, "set_by": 0, "reason": "测试"}
    RestockRule.objects.create(sku=sku, **{**defaults, **fields})


def restock(sku: Any, warehouse: Any, quantity: int) -> None:
    """Goods come in, and what reacts looks at them."""
    make.stock_up(sku, warehouse, quantity)
    remind_restock.one(SYSTEM, RemindRestock(sku.pk))


def deadlines_closed(kind: str) -> list[tuple[int, str, bool]]:
    """Deadlines of a kind at their end: subject, ending, whether late."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT subject_id, ending, was_late FROM sop_deadlineclosed WHERE kind = %s ORDER BY id", [kind]
        )
        return cursor.fetchall()
