"""Promise, allot, ship, give back, set aside: step by step, in any order, and sixteen at once for the last pieces."""

import threading
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import pytest
from django.db import connection, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shopkeeper.flows.products.stock.commands.allot_lots import AllotLine, allot_lots
from shopkeeper.flows.products.stock.commands.lock_balances import LockBalances, lock_balances
from shopkeeper.flows.products.stock.commands.promise_stock import PromiseLine, promise_stock
from shopkeeper.flows.products.stock.commands.receive_stock import ReceiveStock, receive_stock
from shopkeeper.flows.products.stock.commands.release_promises import ReleasePromise, release_promises
from shopkeeper.flows.products.stock.commands.reshelve_pieces import ReshelvePieces, StillOut, reshelve_pieces
from shopkeeper.flows.products.stock.commands.set_aside import SetAside, set_aside
from shopkeeper.flows.products.stock.commands.ship_allotments import ShipOrder, ship_allotments
from shopkeeper.flows.products.stock.models import Allotment, Bin, Lot, Promise, Reshelving, Stock
from shopkeeper.flows.products.stock.sql.receipts import AUDIT
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.commands import Command, Step
from shopkeeper.shared.errors import NotAllowed
from shopkeeper.shared.outcomes import Outcome
from tests import factories as make
from tests.databases import FreshDatabase

pytestmark = pytest.mark.clause("O2.1")


def within(command: Command[Any], *items: Any) -> list[Outcome]:
    """As part of somebody's transaction, the way later desks call them."""
    return command.within(Step(SYSTEM, make.NOON, command), items)


def codes(outcomes: Sequence[Outcome]) -> list[str]:
    return [outcome.code for outcome in outcomes]


def place(*lots: int, **fields: Any) -> tuple[Any, Any]:
    """A SKU with lots of these sizes, oldest first."""
    warehouse, sku = make.make_warehouse(), make.make_sku(**fields)
    for number, quantity in enumerate(lots):
        make.stock_up(sku, warehouse, quantity, bin_code=f"A-0{number + 1}", lot=f"L{number}")
    return sku, warehouse


def balance(sku: Any) -> tuple[int, int]:
    stock = Stock.objects.get(sku=sku)
    return stock.on_hand, stock.promised


def assert_sound() -> None:
    audit = AUDIT.first()
    assert audit is not None
    assert asdict(audit) == dict.fromkeys(asdict(audit), 0)


@pytest.mark.django_db
@pytest.mark.clause("P5")
def test_promising_is_all_or_nothing_per_order_and_first_come_first_served() -> None:
    sku, warehouse = place(5)
    other, _ = place(1)
    Stock.objects.filter(sku=other).update(warehouse=warehouse)
    Lot.objects.filter(sku=other).update(warehouse=warehouse)

    def wish(line: int, order: int, of: Any, quantity: int) -> PromiseLine:
        return PromiseLine(line, order, of.pk, warehouse.pk, quantity)

    first = [wish(1, 1, sku, 3), wish(2, 2, sku, 2), wish(3, 2, other, 2), wish(4, 3, sku, 2), wish(5, 4, sku, 1)]
    outcomes = within(promise_stock, *first)
    assert codes(outcomes) == ["done", "short_stock", "short_stock", "done", "short_stock"]
    assert balance(sku) == (5, 5)
    assert codes(within(promise_stock, *first[:1])) == ["unchanged"]
    assert balance(sku) == (5, 5)
    assert balance(other) == (1, 0)


@pytest.mark.django_db
def test_lots_go_first_in_first_out_across_lots_and_lines() -> None:
    sku, warehouse = place(2, 3, 4)
    within(promise_stock, PromiseLine(1, 1, sku.pk, warehouse.pk, 3), PromiseLine(2, 2, sku.pk, warehouse.pk, 4))
    first, second = within(allot_lots, AllotLine(1, 1), AllotLine(2, 2))
    assert [(a["lot_code"], a["quantity"]) for a in first.facts["allotments"]] == [("L0", 2), ("L1", 1)]
    assert [(a["lot_code"], a["quantity"]) for a in second.facts["allotments"]] == [("L1", 2), ("L2", 2)]
    again = within(allot_lots, AllotLine(1, 1))[0]
    assert again.facts["allotments"] == first.facts["allotments"]
    assert codes(within(allot_lots, AllotLine(9, 9))) == ["no_lot"]
    assert_sound()


@pytest.mark.django_db
def test_shipping_takes_lot_balance_and_promise_together_once() -> None:
    sku, warehouse = place(2, 3)
    within(promise_stock, PromiseLine(1, 1, sku.pk, warehouse.pk, 3), PromiseLine(2, 1, sku.pk, warehouse.pk, 1))
    within(allot_lots, AllotLine(1, 1))
    assert codes(within(ship_allotments, ShipOrder(1), ShipOrder(7))) == ["done", "nothing_allotted"]
    assert balance(sku) == (2, 0)
    assert not Promise.objects.exists()
    assert codes(within(ship_allotments, ShipOrder(1))) == ["nothing_allotted"]
    assert_sound()


@pytest.mark.django_db
def test_giving_back_frees_a_promise_and_keeps_what_may_be_in_a_tote() -> None:
    sku, warehouse = place(6)
    within(promise_stock, PromiseLine(1, 1, sku.pk, warehouse.pk, 4), PromiseLine(2, 2, sku.pk, warehouse.pk, 1))
    within(allot_lots, AllotLine(1, 1))
    within(release_promises, ReleasePromise(1), ReleasePromise(2))
    within(release_promises, ReleasePromise(1))
    lot = Lot.objects.get()
    assert (balance(sku), lot.reserved) == ((6, 4), 4)
    assert codes(within(promise_stock, PromiseLine(3, 3, sku.pk, warehouse.pk, 3))) == ["short_stock"]
    assert_sound()
    within(reshelve_pieces, ReshelvePieces(1, (StillOut(1, lot.pk, 3), StillOut(9, lot.pk, 7))))
    assert balance(sku) == (6, 3)
    assert_sound()
    within(reshelve_pieces, ReshelvePieces(1), ReshelvePieces(2))
    within(reshelve_pieces, ReshelvePieces(1))
    lot.refresh_from_db()
    assert (balance(sku), lot.reserved) == ((6, 0), 0)
    assert codes(within(promise_stock, PromiseLine(3, 3, sku.pk, warehouse.pk, 6))) == ["done"]
    assert_sound()


@pytest.mark.django_db
@pytest.mark.clause("O2.2")
@pytest.mark.parametrize("kind", ["missing", "quarantine"])
def test_a_bad_piece_is_replaced_while_another_is_free(kind: str) -> None:
    sku, warehouse = place(2, 1)
    within(promise_stock, PromiseLine(1, 1, sku.pk, warehouse.pk, 2))
    allotment = within(allot_lots, AllotLine(1, 1))[0].facts["allotments"][0]
    outcome = within(set_aside, SetAside(allotment["id"], 1, kind, "裂了"))[0]  # type: ignore[arg-type]
    assert [(a["lot_code"], a["quantity"]) for a in outcome.facts["allotments"]] == [("L0", 1), ("L1", 1)]
    assert balance(sku) == (2, 2)
    assert Lot.objects.filter(is_quarantine=True).exists() is (kind == "quarantine")
    assert_sound()
    allotments = [a["id"] for a in outcome.facts["allotments"]]
    short = within(set_aside, SetAside(allotments[0], 1, kind, ""))[0]  # type: ignore[arg-type]
    assert (short.code, short.facts["missing"]) == ("short_stock", 1)
    assert balance(sku) == (1, 1)
    assert_sound()


@pytest.mark.django_db
@pytest.mark.clause("O2.2")
def test_set_aside_refuses_what_is_not_there_and_adds_up_what_comes_twice() -> None:
    sku, warehouse = place(3, 5)
    within(promise_stock, PromiseLine(1, 1, sku.pk, warehouse.pk, 3))
    allotment = within(allot_lots, AllotLine(1, 1))[0].facts["allotments"][0]["id"]
    items = [SetAside(allotment, 2, "missing"), SetAside(allotment, 1, "quarantine"), SetAside(allotment, 1, "missing")]
    assert codes(within(set_aside, *items)) == ["done", "done", "more_than_allotted"]
    assert codes(within(set_aside, SetAside(10**9, 1, "missing"), SetAside(allotment, 0, "missing")))[0] == "not_found"
    assert balance(sku) == (5, 3)
    assert_sound()


@pytest.mark.django_db
def test_a_lot_with_the_longest_name_can_be_quarantined() -> None:
    warehouse, sku = make.make_warehouse(), make.make_sku()
    make.stock_up(sku, warehouse, 1, lot="L" * 40)
    within(promise_stock, PromiseLine(1, 1, sku.pk, warehouse.pk, 1))
    allotment = within(allot_lots, AllotLine(1, 1))[0].facts["allotments"][0]["id"]
    assert codes(within(set_aside, SetAside(allotment, 1, "quarantine"))) == ["short_stock"]
    assert Lot.objects.get(is_quarantine=True).on_hand == 1
    assert_sound()


@pytest.mark.django_db
@pytest.mark.clause("P3.1")
def test_a_receipt_into_quarantine_is_on_record_and_not_for_sale() -> None:
    warehouse, sku = make.make_warehouse(), make.make_sku()
    Bin.objects.create(warehouse=warehouse, code="Q", path_order=9, is_quarantine=True)
    make.stock_up(sku, warehouse, 2)
    items = [ReceiveStock(sku.pk, warehouse.pk, "Q", "LQ", 7), ReceiveStock(sku.pk, warehouse.pk, "Q", "LQ", 7)]
    assert codes(receive_stock(SYSTEM, items)) == ["done", "unchanged"]
    assert balance(sku) == (2, 0)
    assert_sound()


@pytest.mark.django_db
@pytest.mark.clause("P3.1")
@pytest.mark.parametrize(
    ("quantity", "bin_code", "code"),
    [(0, "A-01-01", "quantity_out_of_bounds"), (-1, "A-01-01", "quantity_out_of_bounds"),
     (10**9, "A-01-01", "quantity_out_of_bounds"), (1, "nowhere", "bin_unknown")],
)  # fmt: skip
def test_a_receipt_that_makes_no_sense_is_refused(quantity: int, bin_code: str, code: str) -> None:
    warehouse, sku = make.make_warehouse(), make.make_sku()
    make.make_bin(warehouse)
    item = ReceiveStock(sku.pk, warehouse.pk, bin_code, "L", quantity)
    assert receive_stock.one(SYSTEM, item).code == code
    foreign = make.actor_with("products.stock.receive", warehouses=[make.make_warehouse()])
    assert receive_stock.one(foreign, ReceiveStock(sku.pk, warehouse.pk, "A-01-01", "L", 1)).code == "not_found"
    with pytest.raises(NotAllowed):
        receive_stock(make.actor_with(), [item])
    assert not Stock.objects.exists()


def test_balances_locked_at_once_keep_everybody_else_waiting(fresh_db: FreshDatabase) -> None:
    """What an order holds, what is on its way back for it, and a place it may ask for: all three, nothing changed."""
    held, back, wanted, other = (place(2) for _ in range(4))
    for order, (sku, warehouse) in ((1, held), (2, back)):
        within(promise_stock, PromiseLine(order, order, sku.pk, warehouse.pk, 1))
    within(allot_lots, AllotLine(2, 2))
    within(release_promises, ReleasePromise(2))
    free = "SELECT sku_id FROM stock_stock ORDER BY sku_id FOR UPDATE SKIP LOCKED"
    with transaction.atomic():
        item = LockBalances((1, 2), ((wanted[0].pk, wanted[1].pk),))
        assert codes(within(lock_balances, item)) == ["unchanged"]
        with fresh_db.connect() as beside:
            assert beside.execute(free).fetchall() == [(other[0].pk,)]
    with fresh_db.connect() as beside:
        assert len(beside.execute(free).fetchall()) == 4
    assert_sound()


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["receive", "promise", "allot", "ship", "give_back", "reshelve", "missing", "quarantine"]),
        st.integers(0, 5),
        st.integers(1, 7),
    ),
    max_size=25,
)


@pytest.mark.django_db
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_happens_in_whatever_order_the_books_agree(steps: list[tuple[str, int, int]]) -> None:
    """Orders 0–5 over two SKUs: never oversold; balance, lots, promises, allotments and ledger always agree."""
    warehouse = make.make_warehouse()
    skus = [make.make_sku(), make.make_sku()]
    first = 10_000 + warehouse.pk * 100  # orders and lines of this example only
    for number, (what, order, quantity) in enumerate(steps):
        _do(what, first + order, quantity, skus, warehouse, number)
        assert_sound()


def _do(what: str, order: int, quantity: int, skus: list[Any], warehouse: Any, number: int) -> None:
    lines = [(order * 10 + n, sku) for n, sku in enumerate(skus)]
    if what == "receive":
        make.stock_up(skus[quantity % 2], warehouse, quantity, lot=f"W{warehouse.pk}-{number}")
    elif what == "promise":
        within(promise_stock, *(PromiseLine(line, order, sku.pk, warehouse.pk, quantity) for line, sku in lines))
    elif what == "allot":
        within(allot_lots, *(AllotLine(line, order) for line, _ in lines[: 1 + quantity % 2]))
    elif what == "ship":
        within(ship_allotments, ShipOrder(order))
    elif what == "give_back":
        within(release_promises, ReleasePromise(order))
    elif what == "reshelve":
        rows = Reshelving.objects.filter(order_id=order).values_list("order_line_id", "lot_id")
        within(reshelve_pieces, ReshelvePieces(order, tuple(StillOut(*row, quantity // 3) for row in rows)))
    else:
        found = Allotment.objects.filter(order_id=order).order_by("id").values_list("id", flat=True)
        within(set_aside, *(SetAside(i, 1 + quantity % 3, what) for i in found))  # type: ignore[arg-type]


@pytest.mark.clause("P5")
def test_sixteen_at_once_sell_exactly_what_there_is(fresh_db: FreshDatabase) -> None:
    """Sixteen buyers want the last five pieces at the same moment: five get one, nobody is oversold."""
    sku, warehouse = place(5)
    ready, answers = threading.Barrier(16), list[str]()

    def buy(number: int) -> None:
        try:
            ready.wait()
            outcome = promise_stock.one(SYSTEM, PromiseLine(number, number, sku.pk, warehouse.pk, 1))
            answers.append(outcome.code)
        finally:
            connections.close_all()

    buyers = [threading.Thread(target=buy, args=(number,)) for number in range(1, 17)]
    for buyer in buyers:
        buyer.start()
    for buyer in buyers:
        buyer.join(60)
    assert sorted(answers) == ["done"] * 5 + ["short_stock"] * 11
    assert balance(sku) == (5, 5)
    assert Promise.objects.count() == 5
    assert_sound()
    connection.close()
