"""D1.1: facts reach the lake, each once, as they stand."""

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from shopkeeper.flows.analytics.collection.models import Figure, FigureSet
from shopkeeper.flows.analytics.collection.queries.spools import ClosedSpool, TrafficRow
from shopkeeper.flows.analytics.lake.commands import traffic
from shopkeeper.flows.analytics.lake.commands import write_lake as writing
from shopkeeper.flows.analytics.lake.commands.decide_set_asides import PutBack, put_back
from shopkeeper.flows.analytics.lake.commands.tidy_lake import TidyLake, tidy_lake
from shopkeeper.flows.analytics.lake.commands.writing import begin
from shopkeeper.flows.analytics.lake.models import SetAside
from shopkeeper.flows.fulfilment.intake.models import Order
from shopkeeper.flows.fulfilment.settlement.commands.book_refunds import BookRefund, book_refunds
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.commands import COMMANDS, Step
from shopkeeper.foundation.models import Shop
from shopkeeper.sop.models import Deadline
from tests import factories as make
from tests.flows.analytics.lake import stage
from tests.flows.analytics.lake.stage import NOON

pytestmark = [pytest.mark.clause("D1.1"), pytest.mark.usefixtures("own_lake")]


def test_a_paid_order_lies_in_the_lake_with_its_lines() -> None:
    shop = make.make_shop()
    order_id = stage.order(shop, price=4_500, pieces=2, freight_minor=600, paid_minor=9_600)

    assert stage.write().changed

    [found] = stage.rows("orders")
    assert found["order_id"] == order_id
    assert (found["biz_date"], found["paid_minor"], found["pieces"], found["mark"]) == (date(2026, 6, 1), 9_600, 2, "")
    assert found["placed_at"].isoformat() == "2026-06-01T12:00:00"
    [line] = stage.rows("order_lines")
    assert (line["paid_minor"], line["cost_minor"], line["pieces"]) == (9_000, 4_000, 2)
    assert "intake.order_taken_in" in {row["kind"] for row in stage.rows("events")}


def test_nothing_announced_is_unchanged() -> None:
    assert stage.write().changed is False


def test_the_buyer_is_a_hash_that_joins_and_names_nobody() -> None:
    shop = make.make_shop()
    for n in (1, 2):
        stage.order(shop, buyer_ref="openid-wang", at=NOON + timedelta(hours=n))
    stage.write()
    [buyer] = {row["buyer"] for row in stage.rows("orders")}
    assert len(buyer) == 32
    assert "wang" not in buyer


def test_an_order_paid_the_day_after_counts_on_that_day_only() -> None:
    shop = make.make_shop()
    first = make.received_order(shop, make.received_line(make.make_sku()), placed_at=NOON, paid_at=None, state="unpaid")
    make.take_in(first)
    stage.write()
    assert [row["biz_date"] for row in stage.rows("orders")] == [date(2026, 6, 1)]
    tidy_lake.one(SYSTEM, TidyLake())

    tomorrow = NOON + timedelta(days=1)
    make.take_in(_again(first, paid_at=tomorrow, modified_at=tomorrow, state="to_ship"))
    stage.write()

    assert [row["biz_date"] for row in stage.rows("orders")] == [date(2026, 6, 2)]
    assert [row["biz_date"] for row in stage.rows("order_lines")] == [date(2026, 6, 2)]
    tidy_lake.one(SYSTEM, TidyLake())
    assert [row["biz_date"] for row in stage.rows("orders")] == [date(2026, 6, 2)]


def _again(order: Any, **changes: Any) -> Any:
    return type(order)(**{name: getattr(order, name) for name in order.__dataclass_fields__} | changes)


def test_refunds_come_with_their_order() -> None:
    order_id = stage.order(make.make_shop(), price=5_000)
    book_refunds(SYSTEM, [BookRefund(order_id, 1_200, "R1"), BookRefund(order_id, 300, "R2")])
    stage.write()
    assert {row["reference"]: row["refund_minor"] for row in stage.rows("refunds")} == {"R1": 1_200, "R2": 300}


def test_the_next_write_is_set_and_taken_back() -> None:
    stage.order(make.make_shop())
    COMMANDS["call_for_write"](SYSTEM, [COMMANDS["call_for_write"].item()])
    due = Deadline.objects.get(kind="lake_write").due_at
    assert due == NOON + timedelta(minutes=30)
    assert Deadline.objects.get(kind="lake_night").due_at == datetime(2026, 6, 1, 16, 20, tzinfo=UTC)
    stage.write()
    assert not Deadline.objects.filter(kind="lake_write").exists()


def test_a_long_log_is_written_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = make.make_shop()
    for _ in range(3):
        stage.order(shop)
    monkeypatch.setattr(writing, "EVENTS_MOST", 2)
    stage.write()
    assert Deadline.objects.get(kind="lake_write").due_at == NOON + timedelta(seconds=1)
    while stage.write().changed:
        pass
    assert len(stage.rows("orders")) == 3
    positions = Counter(row["position"] for row in stage.rows("events"))
    assert set(positions.values()) == {1}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_whatever_the_order_of_things_the_sums_are_postgresqls(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    dice = random.Random(seed)
    shop = make.make_shop()
    held: list[Any] = []
    for step in range(25):
        now = NOON + timedelta(hours=step * 5)
        stage.at(monkeypatch, now)
        what = dice.choice(["place", "place", "pay", "cancel", "write", "tidy", "refund"])
        if what == "place" or not held:
            line = make.received_line(make.make_sku(), dice.randint(1, 3), price_minor=dice.randint(1, 9) * 1_000)
            held.append(make.received_order(shop, line, placed_at=now, paid_at=None, modified_at=now, state="unpaid"))
            make.take_in(held[-1])
        elif what in ("pay", "cancel"):
            n = dice.randrange(len(held))
            fields = {"pay": {"state": "to_ship", "paid_at": now}, "cancel": {"state": "closed"}}[what]
            held[n] = _again(held[n], modified_at=now, **fields)
            make.take_in(held[n])
        elif what == "refund":
            order = Order.objects.get(platform_no=dice.choice(held).platform_no)
            book_refunds(SYSTEM, [BookRefund(order.pk, 100, f"R{step}")])
        elif what == "write":
            stage.write()
        else:
            tidy_lake.one(SYSTEM, TidyLake())
    stage.write()
    assert _lake_sums() == _own_sums(shop)
    tidy_lake.one(SYSTEM, TidyLake())
    assert _lake_sums() == _own_sums(shop)


def _lake_sums() -> dict[date, int]:
    sums: Counter[date] = Counter()
    for row in stage.rows("orders"):
        sums[row["biz_date"]] += row["paid_minor"]
    lines: Counter[date] = Counter()
    for row in stage.rows("order_lines"):
        lines[row["biz_date"]] += row["paid_minor"]
    assert lines == sums
    return dict(sums)


def _own_sums(shop: Shop) -> dict[date, int]:
    sums: Counter[date] = Counter()
    for order in Order.objects.filter(shop=shop):
        sums[((order.paid_at or order.placed_at) + timedelta(hours=8)).date()] += order.paid_minor
    return dict(sums)


def traffic_of(monkeypatch: pytest.MonkeyPatch, *events: TrafficRow) -> None:
    """The collector has closed one more file."""
    spool = ClosedSpool(1, "f", "f", len(events), NOON)
    monkeypatch.setattr(traffic, "closed_spools", lambda after, limit: [spool] if after < 1 else [])
    monkeypatch.setattr(traffic, "spool_rows", lambda file: iter(events))


def event(shop: Shop, n: int, mark: str = "", visitor: str = "visitor-1") -> TrafficRow:
    at = NOON + timedelta(seconds=n, milliseconds=123)
    return TrafficRow(f"event-{n:03d}", shop.pk, "view", visitor, "s", "search", "/p", None, at, 900, mark)


@pytest.mark.clause("D1.2")
def test_traffic_comes_with_the_collectors_marks_and_can_be_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = make.make_shop()
    fast = [event(shop, n, "too_fast", "visitor-2") for n in (2, 3)]
    traffic_of(monkeypatch, event(shop, 1), *fast, event(shop, 1, "duplicate"), event(shop, 5, "bot_agent", "robot-12"))

    assert stage.write().changed

    assert [row["event_id"] for row in stage.rows("traffic")] == ["event-001"]
    assert stage.rows("traffic")[0]["at"].isoformat() == "2026-06-01T12:00:01.123000"
    assert len(stage.rows("traffic", with_set_aside=True)) == 5
    states = {row.rule: (row.state, row.row_count) for row in SetAside.objects.all()}
    assert states == {"too_fast": ("suspected", 2), "duplicate": ("confirmed", 1), "bot": ("confirmed", 1)}
    too_fast = SetAside.objects.get(rule="too_fast")
    assert put_back.one(SYSTEM, PutBack(too_fast.pk, "是直播间的大屏")).changed

    stage.write()

    assert len(stage.rows("traffic")) == 3
    tidy_lake.one(SYSTEM, TidyLake())
    assert len(stage.rows("traffic")) == 3
    assert stage.write().changed is False


def test_the_same_file_is_not_taken_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    traffic_of(monkeypatch, event(make.make_shop(), 1))
    stage.write()
    assert stage.write().changed is False
    assert len(stage.rows("traffic")) == 1


def test_imported_figures_lie_in_the_lake_and_a_newer_file_replaces_them() -> None:
    shop = make.make_shop()
    shared = {
        "shop": shop,
        "source": "sycm",
        "breakdown": "shop",
        "period": "day",
        "taken_in_at": NOON,
        "taken_in_by": 0,
    }
    days = {"starts_on": date(2026, 5, 31), "ends_on": date(2026, 5, 31)}
    old = FigureSet.objects.create(**shared, **days, replaced_at=NOON)
    Figure.objects.create(figure_set=old, figure="visitors", value=100)
    Figure.objects.create(figure_set=old, figure="page_views", value=300)
    new = FigureSet.objects.create(**shared, **days, replaces=old)
    Figure.objects.create(figure_set=new, figure="visitors", value=120)
    batch = begin(Step(SYSTEM, NOON, COMMANDS["write_lake"]))
    rows, last = traffic.take_in_figures(batch)
    batch.put({"traffic_figures": rows})
    batch.list_files()
    assert last == new.pk
    assert [(row["figure"], row["value"]) for row in stage.rows("traffic_figures")] == [("visitors", 120)]
