"""The engine: empty tables have their types, each viewer sees their shops, nothing outside the lake can be read."""

import threading
from dataclasses import replace
from datetime import date
from typing import Any

import duckdb
import pytest

from shopkeeper.flows.analytics.lake.commands.writing import begin
from shopkeeper.flows.analytics.lake.records import engine, files
from shopkeeper.flows.analytics.lake.records.engine import connect
from shopkeeper.flows.analytics.lake.rules.tables import TABLES
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.commands import COMMANDS, Step
from tests import factories as make
from tests.flows.analytics.lake import stage
from tests.flows.analytics.lake.stage import NOON

pytestmark = [pytest.mark.clause("D1.1"), pytest.mark.usefixtures("own_lake")]


def put(version: int, *rows: dict[str, Any], table: str = "orders") -> None:
    """Write and list rows as a batch of that number."""
    batch = begin(Step(SYSTEM, NOON, COMMANDS["write_lake"]))
    batch.was = replace(batch.was, batch=version - 1)
    batch.put({table: [{"version": version, "mark": "", files.HOME: row["biz_date"], **row} for row in rows]})
    batch.list_files()


def day(n: int) -> date:
    return date(2026, 6, n)


def test_an_empty_lake_gives_empty_tables_with_their_types() -> None:
    with connect() as lake:
        for name, table in TABLES.items():
            found = lake.table(name)
            assert list(found.columns) == list(table.columns)
            assert lake.rows(found) == []
        types = lake.table("orders").schema()
    assert str(types["paid_minor"]) == "int64"
    assert str(types["biz_date"]) == "date"
    assert "timestamp" in str(types["placed_at"])
    assert "tz" not in str(types["placed_at"])


def test_the_newest_version_wins_and_moves_its_day() -> None:
    put(1, {"order_id": 1, "biz_date": day(1), "paid_minor": 0}, {"order_id": 2, "biz_date": day(1), "paid_minor": 7})
    put(2, {"order_id": 1, "biz_date": day(2), "paid_minor": 5})
    with connect() as lake:
        assert [row["order_id"] for row in lake.rows(lake.table("orders", day(1), day(1)))] == [2]
        assert [row["paid_minor"] for row in lake.rows(lake.table("orders", day(2), day(2)))] == [5]
        assert len(lake.rows(lake.table("orders"))) == 2


def test_what_is_set_aside_is_shown_only_where_asked_for() -> None:
    put(1, {"order_id": 1, "biz_date": day(1)}, {"order_id": 2, "biz_date": day(1), "mark": "bot"})
    assert [row["order_id"] for row in stage.rows("orders")] == [1]
    assert len(stage.rows("orders", with_set_aside=True)) == 2


def test_a_viewer_sees_the_rows_of_their_shops() -> None:
    mine, other = make.make_shop(), make.make_shop()
    rows = [{"order_id": n, "biz_date": day(1), "shop_id": shop.pk} for n, shop in enumerate((mine, other))]
    put(1, *rows)
    with connect(make.actor_with(shops=[mine])) as lake:
        assert [row["shop_id"] for row in lake.rows(lake.table("orders"))] == [mine.pk]
    with connect(make.actor_with(shops=[])) as lake:
        assert lake.rows(lake.table("orders")) == []


def test_nothing_outside_the_lake_can_be_read_or_written(tmp_path: Any) -> None:
    with connect() as lake:
        for statement in (f"COPY (SELECT 1) TO '{tmp_path}/x.csv'", "SELECT * FROM read_text('/etc/passwd')"):
            with pytest.raises(duckdb.Error):
                lake._cursor.execute(statement)
        with pytest.raises(duckdb.Error):
            lake._cursor.execute("SET enable_external_access = true")


def test_readers_in_threads_do_not_meet() -> None:
    put(1, *({"order_id": n, "biz_date": day(1), "paid_minor": n} for n in range(100)))
    with connect() as first:
        listed = first._files
    sums: list[Any] = []

    def read() -> None:
        lake = engine.Lake(engine._base(), listed, None)
        table = lake.table("orders")
        sums.append(lake.rows(table.agg(sum=table.paid_minor.sum())))

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sums == [[{"sum": 4950}]] * 4


def test_a_column_added_since_is_null_in_older_files(monkeypatch: pytest.MonkeyPatch) -> None:
    put(1, {"order_id": 1, "biz_date": day(1)})
    monkeypatch.setitem(TABLES["orders"].columns, "province", "string")
    put(2, {"order_id": 2, "biz_date": day(1), "province": "浙江省"})
    assert [row["province"] for row in stage.rows("orders")] in ([None, "浙江省"], ["浙江省", None])


def test_a_file_is_whole_or_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    content = files.as_arrow(TABLES["orders"], [{"order_id": 1, "biz_date": day(1), files.HOME: day(1)}])
    with pytest.raises(OSError, match="No space"):
        files.write(TABLES["orders"], content, 1)
    assert [path for path in files.lake_folder().rglob("*") if path.is_file()] == []
