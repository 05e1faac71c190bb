"""Counts, moves and bins: booked with a reason, refused where orders would go without, the audit stays sound."""

from dataclasses import asdict
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shopkeeper.flows.products.stock.commands.adjust_stock import AdjustStock, adjust_stock
from shopkeeper.flows.products.stock.commands.move_lots import MoveLot, move_lots
from shopkeeper.flows.products.stock.commands.put_bins import PutBin, put_bins
from shopkeeper.flows.products.stock.models import Bin, Lot, Stock
from shopkeeper.flows.products.stock.permissions import Permission
from shopkeeper.flows.products.stock.sql.receipts import AUDIT
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.shared.errors import NotAllowed
from tests import factories as make
from tests.flows.products.stock import stage

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P3.1")]


def assert_sound() -> None:
    audit = AUDIT.first()
    assert audit is not None
    assert asdict(audit) == dict.fromkeys(asdict(audit), 0)


def ledger(sku: Any) -> list[tuple[str, int, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, quantity, reason FROM stock_ledger WHERE sku_id = %s ORDER BY id", [sku.pk])
        return cursor.fetchall()


def events(type_: str) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT data::text FROM foundation_event WHERE type = %s ORDER BY id", [type_])
        return [row[0] for row in cursor.fetchall()]


def test_a_count_is_booked_once_with_its_reason() -> None:
    sku, _ = stage.stocked(20)
    item = AdjustStock(stage.lot_of(sku).pk, 17, "盘点少 3 件", seen=20)
    first, again = adjust_stock.one(SYSTEM, item), adjust_stock.one(SYSTEM, item)
    assert first.changed
    assert first.facts == {"difference": -3}
    assert again.code == "unchanged"
    assert Stock.objects.get(sku=sku).on_hand == 17
    assert ledger(sku)[1:] == [("adjustment", -3, "盘点少 3 件")]
    assert len(events("stock.stock_adjusted")) == 1
    assert len(events("stock.sellable_changed")) == 2  # the receipt's and the count's
    assert_sound()


def test_pieces_found_are_for_sale() -> None:
    sku, _ = stage.stocked(20)
    assert adjust_stock.one(SYSTEM, AdjustStock(stage.lot_of(sku).pk, 25, "找到一箱")).changed
    assert Stock.objects.get(sku=sku).on_hand == 25
    assert_sound()


def test_a_count_is_refused_where_orders_would_go_without() -> None:
    sku, warehouse = stage.stocked(10)
    lot = stage.lot_of(sku)
    stage.promised(sku, warehouse, 6)
    Lot.objects.filter(id=lot.pk).update(reserved=2)
    cases = {
        5: "counted_below_promised",
        1: "counted_below_allotted",
        -1: "quantity_out_of_bounds",
        1_000_001: "quantity_out_of_bounds",
    }
    for counted, code in cases.items():
        assert adjust_stock.one(SYSTEM, AdjustStock(lot.pk, counted, "盘点")).code == code
    assert adjust_stock.one(SYSTEM, AdjustStock(lot.pk, 6, " ")).code == "reason_needed"
    assert adjust_stock.one(SYSTEM, AdjustStock(lot.pk, 6, "盘点", seen=12)).code == "lot_changed"
    assert Stock.objects.get(sku=sku).on_hand == 10
    assert len(ledger(sku)) == 1
    assert adjust_stock.one(SYSTEM, AdjustStock(lot.pk, 6, "盘点")).changed


def test_lots_of_one_balance_in_one_batch_share_what_is_free() -> None:
    sku, warehouse = stage.stocked(10)
    make.stock_up(sku, warehouse, 10, bin_code="A-02-01")
    stage.promised(sku, warehouse, 12)
    first, second = Lot.objects.filter(sku=sku).order_by("id")
    outcomes = adjust_stock(SYSTEM, [AdjustStock(first.pk, 4, "盘点"), AdjustStock(second.pk, 4, "盘点")])
    assert [outcome.code for outcome in outcomes] == ["done", "counted_below_promised"]
    assert Stock.objects.get(sku=sku).on_hand == 14
    assert_sound()


def test_quarantine_is_counted_without_touching_what_is_sold() -> None:
    sku, warehouse = stage.stocked(5)
    Bin.objects.create(warehouse=warehouse, code="Q", path_order=9, is_quarantine=True)
    make.stock_up(sku, warehouse, 8, bin_code="Q", lot="BAD")
    before = len(events("stock.sellable_changed"))
    assert adjust_stock.one(SYSTEM, AdjustStock(Lot.objects.get(code="BAD").pk, 6, "报废 2 件")).changed
    assert Stock.objects.get(sku=sku).on_hand == 5
    assert Lot.objects.get(code="BAD").on_hand == 6
    assert len(events("stock.sellable_changed")) == before


def test_the_count_of_a_foreign_warehouse_does_not_exist() -> None:
    sku, _ = stage.stocked(5)
    clerk = make.actor_with(Permission.STOCK_ADJUST, warehouses=[make.make_warehouse()])
    assert adjust_stock.one(clerk, AdjustStock(stage.lot_of(sku).pk, 4, "盘点")).code == "not_found"
    with pytest.raises(NotAllowed):
        adjust_stock.one(make.actor_with(), AdjustStock(stage.lot_of(sku).pk, 4, "盘点"))
    assert Stock.objects.get(sku=sku).on_hand == 5


def test_a_batch_of_thirty_counts_takes_the_statements_of_one() -> None:
    warehouse = make.make_warehouse()
    counts = []
    for size in (1, 30):
        items = [AdjustStock(stage.lot_of(stage.stocked(9, warehouse)[0]).pk, 8, "盘点") for _ in range(size)]
        with CaptureQueriesContext(connection) as queries:
            assert all(outcome.changed for outcome in adjust_stock(SYSTEM, items))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 15)), min_size=1, max_size=8))
def test_whatever_is_counted_in_whatever_order_the_books_agree(counts: list[tuple[int, int]]) -> None:
    sku, warehouse = stage.stocked(6)
    for number in range(2):
        make.stock_up(sku, warehouse, 6, bin_code=f"B-0{number}")
    stage.promised(sku, warehouse, 7)
    lots = list(Lot.objects.filter(sku=sku).order_by("id"))
    adjust_stock(SYSTEM, [AdjustStock(lots[which].pk, counted, "盘点") for which, counted in counts])
    assert_sound()


def test_a_lot_moves_whole_and_once() -> None:
    sku, warehouse = stage.stocked(5)
    lot = stage.lot_of(sku)
    make.make_bin(warehouse, "C-01")
    item = MoveLot(lot.pk, "C-01")
    assert [move_lots.one(SYSTEM, item).code for _ in range(2)] == ["done", "unchanged"]
    lot.refresh_from_db()
    assert lot.bin.code == "C-01"
    assert_sound()


def test_a_lot_does_not_move_from_under_a_picker_nor_out_of_quarantine() -> None:
    sku, warehouse = stage.stocked(5)
    lot = stage.lot_of(sku)
    make.make_bin(warehouse, "C-01")
    Bin.objects.create(warehouse=warehouse, code="Q", path_order=9, is_quarantine=True)
    assert move_lots.one(SYSTEM, MoveLot(lot.pk, "NOPE")).code == "bin_unknown"
    assert move_lots.one(SYSTEM, MoveLot(lot.pk, "Q")).code == "bin_of_other_kind"
    Lot.objects.filter(id=lot.pk).update(reserved=1)
    assert move_lots.one(SYSTEM, MoveLot(lot.pk, "C-01")).code == "lot_allotted"


def test_bins_are_made_changed_and_left_alone() -> None:
    _, warehouse = stage.stocked(5)
    items = [PutBin(warehouse.pk, "D-01", 5), PutBin(warehouse.pk, "D 01", 5), PutBin(warehouse.pk, "D-01", 7)]
    outcomes = put_bins(SYSTEM, items)
    assert [outcome.code for outcome in outcomes] == ["done", "bin_code_unreadable", "done"]
    assert Bin.objects.get(warehouse=warehouse, code="D-01").path_order == 7
    assert put_bins.one(SYSTEM, PutBin(warehouse.pk, "D-01", 7)).code == "unchanged"
    assert put_bins.one(SYSTEM, PutBin(warehouse.pk, "A-01-01", 1, is_quarantine=True)).code == "bin_in_use"
    assert put_bins.one(SYSTEM, PutBin(warehouse.pk, "D-01", 7, is_quarantine=True)).changed
