"""The Olist tables: joined, summed, their own times kept, and every order accounted for."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from shopkeeper.flows.fulfilment.intake.profiles import (
    PROFILES,
    ImportRefused,
    ImportRow,
    Problem,
    olist,
    spill,
)
from tests.flows.fulfilment.intake.profiles.exports import OLIST, write_olist

pytestmark = pytest.mark.clause("O1.1")


def read(folder: Path) -> dict[str, ImportRow]:
    return {found.platform_no: found for found in PROFILES["olist"].read(folder, 7)}


def changed(table: str, at: int, **values: str) -> dict[str, list[dict[str, str]]]:
    rows = [dict(row) for row in OLIST[table]]
    rows[at] |= values
    return {table: rows}


@pytest.mark.parametrize("ending", [".csv", ".csv.gz"])
def test_an_order_has_its_items_payments_customer_and_times(tmp_path: Path, ending: str) -> None:
    found = read(write_olist(tmp_path, ending))["o0"]
    order, history = found.order, found.history
    assert order is not None
    assert history is not None
    assert (order.currency, order.goods_minor, order.freight_minor, order.paid_minor) == (
        "BRL",
        698,
        3_360,
        4_058,
    )
    assert [line.platform_line_no for line in order.lines] == ["o0-1", "o0-2"]
    assert [line.title for line in order.lines] == ["automotivo p1", "product p2"]
    assert (order.buyer_ref, order.receiver.city, order.receiver.province) == (
        "u0",
        "sao caetano do sul",
        "SP",
    )
    assert order.ship_by_at == datetime(2017, 7, 21, 15, 35, 15, tzinfo=UTC)
    assert history.placed_at == datetime(2017, 7, 16, 15, 26, 5, tzinfo=UTC)
    assert history.paid_at == datetime(2017, 7, 16, 15, 35, 15, tzinfo=UTC)
    assert history.shipped_at == datetime(2017, 7, 20, 15, 12, 32, tzinfo=UTC)
    assert history.delivered_at == order.ended_at == datetime(2017, 7, 24, 14, 38, 47, tzinfo=UTC)
    assert history.promised_at == datetime(2017, 8, 10, 3, tzinfo=UTC)
    assert found.facts == {"status": "delivered", "payments": 2, "payment_types": ["credit_card", "voucher"]}
    assert json.loads(order.raw)["orders"][0] == "o0"


def test_states_are_ours_and_orders_without_items_are_held(tmp_path: Path) -> None:
    found = read(write_olist(tmp_path))
    assert {no: row.order.state for no, row in found.items() if row.order} == {
        "o0": "done",
        "o1": "shipped",
        "o2": "closed",
        "o3": "closed",
        "o4": "to_ship",
        "o5": "to_ship",
        "o6": "to_ship",
        "o7": "unpaid",
    }
    assert {no for no, row in found.items() if row.hold == "no_lines"} == {"o3", "o7"}


def test_paying_more_than_the_goods_is_no_discount_and_less_is_one(tmp_path: Path) -> None:
    more = read(write_olist(tmp_path, **changed("order_payments", 2, payment_value="25.00")))["o1"]
    assert more.order is not None
    assert (more.order.discount_minor, more.facts["surcharge_minor"]) == (0, 471)
    less = read(write_olist(tmp_path, **changed("order_payments", 2, payment_value="19.00")))["o1"]
    assert less.order is not None
    assert (less.order.discount_minor, less.order.lines[0].paid_minor) == (129, 220)


@pytest.mark.parametrize(
    ("table", "at", "values", "order", "problem"),
    [
        ("orders", 1, {"order_status": "lost"}, "o1", Problem("unknown_state", "order_status", "lost")),
        (
            "orders",
            1,
            {"order_purchase_timestamp": "soon"},
            "o1",
            Problem("bad_date", "order_purchase_timestamp", "soon"),
        ),
        ("order_items", 3, {"price": "-1"}, "o1", Problem("bad_amount", "price", "-1")),
        ("order_items", 1, {"order_item_id": "1"}, "o0", Problem("duplicate_line", "order_item_id", "o0")),
        ("order_items", 3, {"order_id": "o99"}, "o99", Problem("order_head_missing", "order_id", "o99")),
        ("order_payments", 2, {"payment_value": "?"}, "o1", Problem("bad_amount", "payment_value", "?")),
        ("customers", 6, {"customer_id": ""}, "o1", None),
    ],
)
def test_poison_rows_name_themselves_and_the_rest_goes_on(
    tmp_path: Path, table: str, at: int, values: dict[str, str], order: str, problem: Problem | None
) -> None:
    rows = list(PROFILES["olist"].read(write_olist(tmp_path, **changed(table, at, **values)), 7))
    bad = [row for row in rows if row.problem]
    assert [(row.platform_no, row.problem) for row in bad] == ([(order, problem)] if problem else [])
    assert len(rows) - len(bad) >= 7


def test_a_repeated_order_is_taken_once(tmp_path: Path) -> None:
    rows = list(PROFILES["olist"].read(write_olist(tmp_path, orders=[*OLIST["orders"], OLIST["orders"][0]]), 7))
    assert [(row.row_no, row.problem) for row in rows if row.platform_no == "o0"] == [
        (2, None),
        (10, Problem("duplicate_order", "order_id", "o0")),
    ]


def test_an_order_without_a_number_is_still_accounted_for(tmp_path: Path) -> None:
    rows = list(PROFILES["olist"].read(write_olist(tmp_path, **changed("orders", 6, order_id="")), 7))
    assert [(row.ref, row.problem) for row in rows if not row.platform_no] == [
        ("orders.csv:8", Problem("missing_value", "order_id"))
    ]
    assert [row.problem.code for row in rows if row.platform_no == "o6" and row.problem] == ["order_head_missing"]


def test_reviews_are_kept_and_their_words_only_given_to_who_asks(tmp_path: Path) -> None:
    write_olist(tmp_path)
    stars = list(olist.reviews(tmp_path))
    assert [(row.review_no, row.platform_no, row.score) for row in stars] == [
        ("r0", "o0", 5),
        ("r1", "o0", 1),
        ("r2", "o0", None),
    ]
    assert stars[2].problem is not None
    assert "Maria" not in repr(stars)
    assert [text.text.splitlines()[0] for text in olist.review_texts(tmp_path)] == ["Não chegou,"]


def test_products_and_reviews_may_be_missing_but_orders_may_not(tmp_path: Path) -> None:
    write_olist(tmp_path)
    (tmp_path / "products.csv").unlink()
    (tmp_path / "order_reviews.csv").unlink()
    assert len(read(tmp_path)) == 8
    (tmp_path / "order_items.csv").unlink()
    with pytest.raises(ImportRefused) as refused:
        PROFILES["olist"].read(tmp_path, 7)
    assert refused.value.facts["wanted"] == "order_items.csv(.gz)"


def test_the_public_data_sets_own_names_are_taken(tmp_path: Path) -> None:
    write_olist(tmp_path)
    for path in list(tmp_path.iterdir()):
        path.rename(path.with_name(f"olist_{path.stem}_dataset.csv"))
    assert len(read(tmp_path)) == 8


def test_joining_does_not_need_the_tables_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole: dict[str, Any] = read(write_olist(tmp_path))
    monkeypatch.setattr(spill, "PIECE", 2)
    assert read(tmp_path) == whole
