"""A lake in memory: rows as plain dicts, tables as the rules ask for them. And random small ones."""

import random
from collections import defaultdict
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any

import duckdb
import ibis
import pyarrow as pa

from shopkeeper.flows.analytics.lake.rules.tables import TABLES

ARROW = {
    "date32": pa.date32(), "int64": pa.int64(), "string": pa.string(), "bool": pa.bool_(),
    "timestamp[s]": pa.timestamp("s"), "timestamp[ms]": pa.timestamp("ms"),
}  # fmt: skip
Row = dict[str, Any]
_BASE = duckdb.connect(":memory:")


class SmallLake:
    """Rows by table; missing columns are null, a missing mark is valid."""

    def __init__(self, **rows: list[Row]) -> None:
        self.rows: dict[str, list[Row]] = defaultdict(list, rows)
        self._cursor = _BASE.cursor()
        self._backend = ibis.duckdb.from_connection(self._cursor)
        self._numbers = count(1)  # as the lake names its tables: the same names, whatever they hold

    def __call__(self, name: str, first: date, last: date, *, with_set_aside: bool = False) -> Any:
        table = TABLES[name]
        rows = [
            row
            for row in self.rows[name]
            if first <= row["biz_date"] <= last and (with_set_aside or not row.get("mark"))
        ]
        columns = {
            column: pa.array([row.get(column, "" if column == "mark" else None) for row in rows], ARROW[kind])
            for column, kind in table.columns.items()
        }
        view = f"{name}_{next(self._numbers)}"
        self._cursor.register(view, pa.table(columns))
        return self._backend.table(view)


def at(day: date, seconds: int = 0) -> datetime:
    return datetime.combine(day, time.min) + timedelta(seconds=seconds)


def random_lake(seed: int, last: date, days: int = 100) -> SmallLake:
    """Everything that can happen to a small company in some days, from one seed."""
    rng = random.Random(seed)
    lake = SmallLake()
    for order_id in range(1, rng.randint(5, 70)):
        _order(rng, lake, order_id, last, days)
    for event_id in range(rng.choice((0, 120))):
        _event(rng, lake, event_id, last)
    for ticket_id in range(rng.randint(0, 30)):
        _ticket(rng, lake, ticket_id, last)
    for n in range(rng.choice((0, 40))):
        day = last - timedelta(days=n)
        lake.rows["stock_days"] += [
            {"biz_date": day, "version": 1, "sku_id": sku, "on_hand": rng.randint(0, 50),
             "cost_minor": rng.randint(1, 3_000), "is_on_sale": rng.random() < 0.8}
            for sku in range(1, 6)
        ]  # fmt: skip
    return lake


def _order(rng: random.Random, lake: SmallLake, order_id: int, last: date, days: int) -> None:
    placed = at(last - timedelta(days=rng.randint(0, days)), rng.randint(0, 86_399))
    is_paid = rng.random() < 0.8
    paid = placed + timedelta(seconds=rng.randint(5, 90_000)) if is_paid else None
    mark = "test_order" if rng.random() < 0.1 else ""
    shop = rng.choice((1, 1, 2))
    lines = [rng.randint(0, 20_000) for _ in range(rng.randint(1, 3))]
    shared = {"biz_date": (paid or placed).date(), "shop_id": shop, "version": 1, "mark": mark, "order_id": order_id}
    lake.rows["orders"].append({
        **shared, "platform": "taobao" if shop == 1 else "pinduoduo", "order_no": f"T{order_id}",
        "buyer": rng.choice(("", *(f"b{n}" for n in range(12)))),
        "state": "completed" if is_paid else rng.choice(("unpaid", "cancelled")),
        "placed_at": placed, "paid_at": paid, "paid_minor": sum(lines), "goods_minor": sum(lines) + 100,
        "discount_minor": 100, "freight_minor": 0, "pieces": len(lines),
    })  # fmt: skip
    for line_id, minor in enumerate(lines, 1):
        sku = rng.randint(1, 5)
        lake.rows["order_lines"].append({
            **shared, "line_id": order_id * 10 + line_id, "sku_id": sku, "sku_code": f"S{sku}",
            "category": rng.choice(("", "上衣", "裤子")), "pieces": 1, "paid_minor": minor,
            "cost_minor": rng.choice((0, None, minor // 2, minor // 3)),
        })  # fmt: skip
    if paid is None:
        return
    if rng.random() < 0.25:
        day = paid.date() + timedelta(days=rng.randint(0, 45))
        lake.rows["refunds"].append({
            **shared, "biz_date": day, "reference": f"R{order_id}", "refund_minor": rng.randint(1, sum(lines) + 1),
            "reason": rng.choice(("size", "quality")), "is_returned": rng.random() < 0.5,
        })  # fmt: skip
    _parcel(rng, lake, order_id, shop, paid)


def _parcel(rng: random.Random, lake: SmallLake, order_id: int, shop: int, paid: datetime) -> None:
    left = paid + timedelta(seconds=rng.randint(0, 300_000)) if rng.random() < 0.8 else None
    lake.rows["parcels"].append({
        "biz_date": (left or paid).date(), "shop_id": shop, "version": 1, "parcel_id": order_id, "order_id": order_id,
        "courier": rng.choice(("sf", "yto")), "warehouse_id": 1,
        "state": rng.choice(("signed", "cancelled")) if left is None else "signed", "opened_at": paid,
        "ship_by": rng.choice((None, paid + timedelta(hours=48))), "handed_over_at": left,
        "signed_at": left + timedelta(seconds=rng.randint(1, 400_000)) if left and rng.random() < 0.8 else None,
    })  # fmt: skip


def _event(rng: random.Random, lake: SmallLake, event_id: int, last: date) -> None:
    day = last - timedelta(days=rng.randint(0, 9))
    visitor = rng.randint(1, 9)
    lake.rows["traffic"].append({
        "biz_date": day, "shop_id": rng.choice((1, 1, 2)), "version": 1,
        "mark": "bot" if rng.random() < 0.1 else "", "event_id": str(event_id),
        "kind": rng.choice(("exposure", "click", "view", "view", "cart", "order")), "visitor": f"v{visitor}",
        "session": f"s{visitor}-{rng.randint(1, 2)}", "channel": rng.choice(("search", "paid", "direct", "content")),
        "page": "/", "at": at(day, rng.randint(0, 86_399)), "stay_ms": rng.choice((None, rng.randint(1, 90_000))),
    })  # fmt: skip


def _ticket(rng: random.Random, lake: SmallLake, ticket_id: int, last: date) -> None:
    opened = at(last - timedelta(days=rng.randint(0, 12)), rng.randint(0, 86_399))
    shared = {"biz_date": opened.date(), "shop_id": rng.choice((1, 2)), "version": 1, "ticket_id": ticket_id}
    lake.rows["tickets"].append({
        **shared, "order_id": rng.choice((None, rng.randint(1, 20))), "channel": "chat", "stage": "before",
        "kind": rng.choice(("size", "shipping")), "opened_at": opened,
        "first_reply_seconds": rng.choice((None, 3, 10, 11, 600)),
        "offered_at": rng.choice((None, opened + timedelta(hours=48), opened + timedelta(hours=48, seconds=1))),
    })  # fmt: skip
    if rng.random() < 0.5:
        stars = rng.choice((None, 1, 3, 4, 5))
        lake.rows["ratings"].append({**shared, "survey_id": ticket_id, "stars": stars, "sent_at": opened})
