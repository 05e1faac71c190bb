"""`olist`: a folder of the marketplace Olist's public tables, each `.csv` or `.csv.gz`.

`orders`, `order_items`, `order_payments` and `customers` are needed, `products` and `order_reviews` may be
there; the public data set's own names (`olist_orders_dataset.csv`) are taken, too. Amounts are BRL, clock
times those of São Paulo. The tables are joined on disk, so that memory does not grow with them; orders come
in order of number.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from shopkeeper.flows.fulfilment.intake.ports import PlatformState, ReceivedLine, ReceivedOrder, Receiver
from shopkeeper.flows.fulfilment.intake.profiles.cells import (
    CellWrong,
    amount,
    bare,
    count,
    identifier,
    moment_in,
    pieces,
    short,
    words,
)
from shopkeeper.flows.fulfilment.intake.profiles.rows import HistoryTimes, ImportRow, Problem
from shopkeeper.flows.fulfilment.intake.profiles.spill import Keyed, SortedSpill, joined
from shopkeeper.flows.fulfilment.intake.profiles.table import Column, ImportRefused, Table, TableRow
from shopkeeper.shared.money import apportion

CURRENCY = "BRL"
moment = moment_in(ZoneInfo("America/Sao_Paulo"))

STATES: dict[str, PlatformState] = {
    "created": "unpaid",
    "approved": "to_ship",
    "invoiced": "to_ship",
    "processing": "to_ship",
    "shipped": "shipped",
    "delivered": "done",
    "canceled": "closed",
    "unavailable": "closed",
}


def _state(text: str) -> str:
    word = bare(text)
    if word and word not in STATES:
        raise CellWrong("unknown_state")
    return word


ORDERS = {
    "order": Column(("order_id",), identifier, filled=True),
    "customer": Column(("customer_id",), identifier, filled=True),
    "state": Column(("order_status",), _state, filled=True),
    "placed_at": Column(("order_purchase_timestamp",), moment, filled=True),
    "paid_at": Column(("order_approved_at",), moment),
    "shipped_at": Column(("order_delivered_carrier_date",), moment),
    "delivered_at": Column(("order_delivered_customer_date",), moment),
    "promised_at": Column(("order_estimated_delivery_date",), moment),
}
ITEMS = {
    "order": Column(("order_id",), identifier, filled=True),
    "line_no": Column(("order_item_id",), pieces, filled=True),
    "product": Column(("product_id",), identifier, filled=True),
    "seller": Column(("seller_id",), identifier, needed=False),
    "ship_by_at": Column(("shipping_limit_date",), moment),
    "price": Column(("price",), amount, filled=True),
    "freight": Column(("freight_value",), amount, filled=True),
}
PAYMENTS = {
    "order": Column(("order_id",), identifier, filled=True),
    "sequence": Column(("payment_sequential",), count, filled=True),
    "type": Column(("payment_type",), short),
    "installments": Column(("payment_installments",), count),
    "value": Column(("payment_value",), amount, filled=True),
}
CUSTOMERS = {
    "customer": Column(("customer_id",), identifier, filled=True),
    "person": Column(("customer_unique_id",), identifier, filled=True),
    "zip": Column(("customer_zip_code_prefix",), short),
    "city": Column(("customer_city",), short),
    "state": Column(("customer_state",), short),
}
PRODUCTS = {
    "product": Column(("product_id",), identifier, filled=True),
    "category": Column(("product_category_name",), short),
    "weight_g": Column(("product_weight_g",), count, needed=False),
}
REVIEWS = {
    "review": Column(("review_id",), identifier, filled=True),
    "order": Column(("order_id",), identifier, filled=True),
    "score": Column(("review_score",), pieces, filled=True),
    "created_at": Column(("review_creation_date",), moment, filled=True),
    "answered_at": Column(("review_answer_timestamp",), moment),
}
REVIEW_TEXTS = {
    **REVIEWS,
    "title": Column(("review_comment_title",), words),
    "text": Column(("review_comment_message",), words),
}


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """A buyer's stars for an order; `review_texts` has what they wrote, which may name people."""

    ref: str
    review_no: str
    platform_no: str
    score: int | None
    created_at: datetime | None
    answered_at: datetime | None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class ReviewText:
    review_no: str
    platform_no: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class ProductRow:
    """A product the orders name; the tables carry no names, only categories."""

    product_no: str
    category: str
    weight_g: int | None


def read(path: Path, shop_id: int) -> Iterator[ImportRow]:
    """Every order in the folder. Raises ImportRefused before the first row."""
    tables = {
        name: Table(_find(path, name), layout)
        for name, layout in (
            ("orders", ORDERS),
            ("order_items", ITEMS),
            ("order_payments", PAYMENTS),
            ("customers", CUSTOMERS),
        )
    }
    categories = {row.product_no: row.category for row in products(path)} if _there(path, "products") else {}
    return _read(tables, categories, shop_id)


def reviews(path: Path) -> Iterator[ReviewRow]:
    """Every review's stars and times; an order may have several. Text stays out."""
    table = Table(_find(path, "order_reviews"), REVIEWS)
    for row in table:
        values, problem = row.values, row.problem
        score = values.get("score")
        if score is not None and score > 5:
            score, problem = None, problem or Problem("bad_quantity", table.heading_of("score"), str(score))
        yield ReviewRow(
            f"{table.name}:{row.line_no}",
            values.get("review", ""),
            values.get("order", ""),
            score,
            values.get("created_at"),
            values.get("answered_at"),
            problem,
        )


def review_texts(path: Path) -> Iterator[ReviewText]:
    """What buyers wrote, only for who asks: it may hold personal data. Unreadable rows are left out."""
    for row in Table(_find(path, "order_reviews"), REVIEW_TEXTS):
        values = row.values
        if not row.problem and (values["title"] or values["text"]):
            yield ReviewText(values["review"], values["order"], values["title"], values["text"])


def products(path: Path) -> Iterator[ProductRow]:
    """The products whose rows can be read."""
    for row in Table(_find(path, "products"), PRODUCTS):
        if not row.problem:
            yield ProductRow(row.values["product"], row.values["category"], row.values.get("weight_g"))


def has_products(folder: Path) -> bool:
    """Whether the folder has the table of products, which may be left out."""
    return _there(folder, "products")


def _find(folder: Path, name: str) -> Path:
    for stem in (name, f"olist_{name}_dataset"):
        for ending in (".csv", ".csv.gz"):
            if (folder / f"{stem}{ending}").is_file():
                return folder / f"{stem}{ending}"
    raise ImportRefused("import_source_missing", path=str(folder), wanted=f"{name}.csv(.gz)")


def _there(folder: Path, name: str) -> bool:
    try:
        _find(folder, name)
    except ImportRefused:
        return False
    return True


def _read(tables: dict[str, Table], categories: dict[str, str], shop_id: int) -> Iterator[ImportRow]:
    """Orders meet their customers by customer number, then the rest by order number."""
    with (
        SortedSpill(_with_customers(tables["orders"], tables["customers"])) as heads,
        SortedSpill(tables["order_items"].keyed("order")) as items,
        SortedSpill(tables["order_payments"].keyed("order")) as payments,
    ):
        for number, (head_rows, item_rows, payment_rows) in joined(heads, items, payments):
            read_items = _read_all(tables["order_items"], item_rows)
            read_payments = _read_all(tables["order_payments"], payment_rows)
            if not number or not head_rows:
                yield from _headless(tables["orders"], number, head_rows, read_items, read_payments)
                continue
            order, customer = head_rows[0][2]
            head = tables["orders"].read(order)
            buyer = tables["customers"].read(customer) if customer else None
            yield _make(tables["orders"], head, buyer, read_items, read_payments, categories, shop_id)
            for _, line_no, _ in head_rows[1:]:
                problem = Problem("duplicate_order", "order_id", number)
                yield ImportRow(f"{tables['orders'].name}:{line_no}", line_no, number, problem=problem)


def _with_customers(orders: Table, customers: Table) -> Iterator[Keyed]:
    """Orders by their number, each with its customer's record or None."""
    with SortedSpill(orders.keyed("customer")) as first, SortedSpill(customers.keyed("customer")) as second:
        for _, (order_rows, customer_rows) in joined(first, second):
            customer = customer_rows[0][2] if customer_rows else None
            for _, line_no, record in order_rows:
                yield orders.key_of(record, "order"), line_no, (record, customer)


def _read_all(table: Table, rows: list[Keyed]) -> list[tuple[str, TableRow]]:
    return [(f"{table.name}:{line_no}", table.read(record)) for _, line_no, record in rows]


def _headless(
    orders: Table, number: str, heads: list[Keyed], *others: list[tuple[str, TableRow]]
) -> Iterator[ImportRow]:
    """Rows without an order number, each by itself; an order known by its lines or payments only, once."""
    for _, line_no, (record, _) in heads:
        row = orders.read(record)
        problem = row.problem or Problem("missing_value", "order_id")
        yield ImportRow(f"{orders.name}:{line_no}", line_no, "", problem=problem)
    loose = [found for rows in others for found in rows]
    if number and loose:
        ref, row = loose[0]
        yield ImportRow(ref, row.line_no, number, problem=Problem("order_head_missing", "order_id", number))
    elif not number:
        for ref, row in loose:
            problem = row.problem or Problem("missing_value", "order_id")
            yield ImportRow(ref, row.line_no, "", problem=problem)


def _make(
    orders: Table,
    head: TableRow,
    buyer: TableRow | None,
    items: list[tuple[str, TableRow]],
    payments: list[tuple[str, TableRow]],
    categories: dict[str, str],
    shop_id: int,
) -> ImportRow:
    ref, number = f"{orders.name}:{head.line_no}", head.values["order"]
    for where, row in ((ref, head), *items, *payments):
        if row.problem:
            return ImportRow(where, head.line_no, number, problem=row.problem)
    numbers = [row.values["line_no"] for _, row in items]
    if len(set(numbers)) != len(numbers):
        return ImportRow(ref, head.line_no, number, problem=Problem("duplicate_line", "order_item_id", number))
    values = head.values
    lines = sorted((row.values for _, row in items), key=lambda line: line["line_no"])
    paid = sum(row.values["value"] for _, row in payments)
    order = _order(values, buyer, lines, paid, categories, shop_id, _raw(head, buyer, items, payments))
    history = HistoryTimes(
        values["placed_at"],
        values["paid_at"],
        values["shipped_at"],
        values["delivered_at"],
        values["promised_at"],
    )
    types = sorted({row.values["type"] for _, row in payments})
    facts: dict[str, Any] = {"status": values["state"], "payments": len(payments), "payment_types": types}
    if (surcharge := paid - order.goods_minor - order.freight_minor) > 0 and lines:
        facts["surcharge_minor"] = surcharge
    return ImportRow(ref, head.line_no, number, order, history, hold="" if lines else "no_lines", facts=facts)


def _order(
    values: dict[str, Any],
    buyer: TableRow | None,
    lines: list[dict[str, Any]],
    paid: int,
    categories: dict[str, str],
    shop_id: int,
    raw: bytes,
) -> ReceivedOrder:
    goods, freight = sum(line["price"] for line in lines), sum(line["freight"] for line in lines)
    discount = min(max(goods + freight - paid, 0), goods)
    times = [values[name] for name in ("placed_at", "paid_at", "shipped_at", "delivered_at") if values[name]]
    state = STATES[values["state"]]
    person = buyer.values if buyer else {}
    return ReceivedOrder(
        shop_id=shop_id,
        platform_no=values["order"],
        platform_state=values["state"],
        state=state,
        placed_at=values["placed_at"],
        paid_at=values["paid_at"],
        modified_at=max(times),
        ship_by_at=min((line["ship_by_at"] for line in lines if line["ship_by_at"]), default=None),
        ended_at=max(times) if state in ("done", "closed") else None,
        currency=CURRENCY,
        goods_minor=goods,
        freight_minor=freight,
        discount_minor=discount,
        paid_minor=paid,
        buyer_ref=person.get("person", ""),
        receiver_token="",
        receiver=Receiver(
            name="",
            phone="",
            province=person.get("state", ""),
            city=person.get("city", ""),
            district="",
            town="",
            address="",
            zip=person.get("zip", ""),
            masked=True,
        ),
        buyer_remark="",
        seller_memo="",
        seller_flag="",
        lines=_lines(values["order"], lines, goods - discount, categories),
        raw=raw,
    )


def _lines(
    number: str, lines: list[dict[str, Any]], payable: int, categories: dict[str, str]
) -> tuple[ReceivedLine, ...]:
    prices = [line["price"] for line in lines]
    shares = apportion(payable, prices, prices) if lines else []
    return tuple(
        ReceivedLine(
            platform_line_no=f"{number}-{line['line_no']}",
            platform_item_no=line["product"],
            platform_sku_no=line["product"],
            outer_code=line["product"],
            title=(categories.get(line["product"]) or "product").replace("_", " ") + f" {line['product'][:8]}",
            spec="",
            quantity=1,
            price_minor=line["price"],
            discount_minor=line["price"] - share,
            paid_minor=share,
        )
        for line, share in zip(lines, shares, strict=True)
    )


def _raw(
    head: TableRow,
    buyer: TableRow | None,
    items: list[tuple[str, TableRow]],
    payments: list[tuple[str, TableRow]],
) -> bytes:
    """The order's rows as the tables have them, in the tables' own column order."""
    original = {
        "orders": head.cells,
        "customers": buyer.cells if buyer else None,
        "order_items": [row.cells for _, row in items],
        "order_payments": [row.cells for _, row in payments],
    }
    return json.dumps(original, ensure_ascii=False).encode("utf-8", "replace")
