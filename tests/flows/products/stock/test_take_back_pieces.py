"""S2.3: pieces that buyers sent back: for sale again, in quarantine, or written off; the audit holds throughout."""

import pytest
from django.db import connection

from shopkeeper.flows.products.stock.commands.take_back_pieces import TakeBackPieces, take_back_pieces
from shopkeeper.flows.products.stock.models import Lot, Stock
from shopkeeper.flows.products.stock.queries.audit import stock_audit
from shopkeeper.foundation.actor import SYSTEM
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.clause("S2.3")]


def ledger() -> list[tuple[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, quantity FROM stock_ledger WHERE kind <> 'receipt' ORDER BY id")
        return list(cursor.fetchall())


def test_each_grade_goes_its_way_and_the_ledger_tells_of_all() -> None:
    warehouse, sku = make.make_warehouse(), make.make_sku()
    make.make_bin(warehouse)
    wishes = [
        TakeBackPieces(sku.pk, warehouse.pk, "R-G", 3, "good", "A-01-01"),
        TakeBackPieces(sku.pk, warehouse.pk, "R-D", 2, "defective"),
        TakeBackPieces(sku.pk, warehouse.pk, "R-S", 1, "scrap"),
    ]
    assert all(outcome.changed for outcome in take_back_pieces(SYSTEM, wishes))
    lots = {lot.code: (lot.on_hand, lot.is_quarantine, lot.bin.code) for lot in Lot.objects.select_related("bin")}
    assert lots == {"R-G": (3, False, "A-01-01"), "R-D": (2, True, "QUARANTINE")}
    assert Stock.objects.get(sku=sku).on_hand == 3
    assert sorted(ledger()) == [("adjustment", -1), ("return", 1), ("return", 2), ("return", 3)]
    assert set(stock_audit().values()) == {0}
    assert {outcome.code for outcome in take_back_pieces(SYSTEM, wishes)} == {"unchanged"}
    assert len(ledger()) == 4


def test_what_cannot_be_taken_back() -> None:
    warehouse, sku = make.make_warehouse(), make.make_sku()
    make.make_bin(warehouse, "Q-1")
    wishes = [
        TakeBackPieces(sku.pk, warehouse.pk, "R-1", 0, "scrap"),
        TakeBackPieces(sku.pk, warehouse.pk, "R-2", 1, "good", "NO-SUCH"),
    ]
    codes = [outcome.code for outcome in take_back_pieces(SYSTEM, wishes)]
    assert codes == ["quantity_out_of_bounds", "bin_unknown"]
    assert not Lot.objects.exists()
