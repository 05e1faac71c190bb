"""D1.1: the night merges files, writes stock down, forgets what nobody reads; and the lake can be written anew."""

import os
from datetime import date, timedelta
from pathlib import Path

import pytest

from shopkeeper.flows.analytics.lake.commands.decide_set_asides import PutBack, put_back
from shopkeeper.flows.analytics.lake.commands.rebuild_lake import (
    AskRebuild,
    RebuildLake,
    ask_rebuild,
    rebuild_lake,
)
from shopkeeper.flows.analytics.lake.commands.tidy_lake import TidyLake, evening_of, tidy_lake
from shopkeeper.flows.analytics.lake.commands.writing import Batch
from shopkeeper.flows.analytics.lake.models import LakeFile, SetAside, Watermark
from shopkeeper.flows.analytics.lake.records.engine import connect
from shopkeeper.flows.analytics.lake.records.files import lake_folder
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.shared.clock import machine_now
from shopkeeper.sop.models import Deadline
from shopkeeper.sop.sweeper import sweep
from tests import factories as make
from tests.flows.analytics.lake import stage
from tests.flows.analytics.lake.stage import NOON

pytestmark = [pytest.mark.clause("D1.1"), pytest.mark.usefixtures("own_lake")]
TABLES = ("orders", "order_lines", "refunds", "events")


def everything() -> dict[str, list[dict[str, object]]]:
    """All rows but their versions, which say only when they were written."""
    found = {name: stage.rows(name, with_set_aside=True) for name in TABLES}
    return {name: [{k: v for k, v in row.items() if k != "version"} for row in rows] for name, rows in found.items()}


def listed(table: str) -> list[LakeFile]:
    return list(LakeFile.objects.filter(table=table, replaced_at=None).order_by("home"))


def test_fresh_files_become_one_a_day_and_nothing_changes() -> None:
    shop = make.make_shop()
    for n in range(4):
        stage.order(shop, at=NOON - timedelta(days=n % 2))
        stage.write()
    before = everything()
    assert len(listed("orders")) == 4

    outcome = tidy_lake.one(SYSTEM, TidyLake())

    assert everything() == before
    assert [file.home for file in listed("orders")] == [date(2026, 5, 31), date(2026, 6, 1)]
    assert outcome.facts["merged"] == len(LakeFile.objects.filter(replaced_at=None))
    assert Deadline.objects.filter(kind="lake_night").exists()


def test_late_data_opens_its_day_again() -> None:
    shop = make.make_shop()
    stage.order(shop)
    stage.write()
    tidy_lake.one(SYSTEM, TidyLake())
    stage.order(shop, at=NOON - timedelta(minutes=30))
    stage.write()
    assert len(stage.rows("orders")) == 2
    tidy_lake.one(SYSTEM, TidyLake())
    assert len(stage.rows("orders")) == 2
    assert len(listed("orders")) == 1


def test_who_reads_while_the_night_works_sees_the_old_files_to_the_end() -> None:
    stage.order(make.make_shop())
    stage.write()
    with connect() as reader:
        orders = reader.table("orders")
        tidy_lake.one(SYSTEM, TidyLake())
        assert len(reader.rows(orders)) == 1
        assert len(reader.rows(reader.table("orders"))) == 1


def test_replaced_files_go_after_the_policys_hours_and_strays_after_one() -> None:
    stage.order(make.make_shop())
    stage.write()
    tidy_lake.one(SYSTEM, TidyLake())
    old = LakeFile.objects.filter(replaced_at__isnull=False)
    places = [lake_folder() / file.name for file in old]
    assert places
    assert all(place.exists() for place in places)
    stray = _stray("orders/fresh/000000000099-0000.parquet", hours=2)
    young = _stray("orders/fresh/000000000098-0000.parquet", hours=0)
    old.update(replaced_at=machine_now() - timedelta(hours=25))

    outcome = tidy_lake.one(SYSTEM, TidyLake())

    assert outcome.facts["removed"] == len(places) + 1
    assert not any(place.exists() for place in [*places, stray])
    assert young.exists()
    assert len(stage.rows("orders")) == 1


def _stray(name: str, hours: int) -> Path:
    place = lake_folder() / name
    place.write_bytes(b"PAR1")
    then = machine_now().timestamp() - hours * 3600
    os.utime(place, (then, then))
    return place


def test_the_nights_stock_belongs_to_the_day_that_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    sku = make.make_sku(cost_minor=2_100)
    make.stock_up(sku, make.make_warehouse(), 30)
    make.stock_up(sku, make.make_warehouse(), 12)
    gone = make.make_sku(is_delisted=True)
    night = NOON + timedelta(hours=12, minutes=20)  # 0:20 in Shanghai, 2 June
    stage.at(monkeypatch, night)
    tidy_lake.one(SYSTEM, TidyLake())
    rows = {row["sku_id"]: row for row in stage.rows("stock_days")}
    assert rows[sku.pk]["biz_date"] == date(2026, 6, 1)
    assert (rows[sku.pk]["on_hand"], rows[sku.pk]["cost_minor"], rows[sku.pk]["is_on_sale"]) == (42, 2_100, True)
    assert rows[gone.pk]["is_on_sale"] is False
    make.stock_up(sku, make.make_warehouse(), 8)
    tidy_lake.one(SYSTEM, TidyLake())
    assert [row["on_hand"] for row in stage.rows("stock_days", sku_id=sku.pk)] == [50], "the same night again replaces"
    assert evening_of(NOON + timedelta(hours=11, minutes=50)) == date(2026, 6, 1)


def test_written_anew_the_lake_is_the_same() -> None:
    shop = make.make_shop()
    for minute in range(4):
        stage.order(shop, buyer_ref="brusher", at=NOON + timedelta(minutes=minute))
    stage.order(shop)
    stage.write()
    tidy_lake.one(SYSTEM, TidyLake())
    put_back.one(SYSTEM, PutBack(SetAside.objects.order_by("id").first().pk, "真实"))  # type: ignore[union-attr]
    stage.order(shop, at=NOON - timedelta(days=3))
    stage.write()
    stage.write()
    before = everything()

    assert rebuild_lake.one(SYSTEM, RebuildLake()).changed is False
    asked = ask_rebuild(SYSTEM, [AskRebuild(" "), AskRebuild("怀疑口径变更"), AskRebuild("再来一次")])
    assert [outcome.code for outcome in asked] == ["reason_needed", "done", "unchanged"]
    assert Deadline.objects.get(kind="lake_rebuild").due_at == NOON

    assert rebuild_lake.one(SYSTEM, RebuildLake()).changed

    assert Watermark.objects.get().rebuilt_at == NOON
    assert not Deadline.objects.filter(kind="lake_rebuild").exists()
    assert everything() == before
    assert len(stage.rows("orders")) == 3
    stage.write()
    assert {name: rows for name, rows in everything().items() if name != "events"} == {
        name: rows for name, rows in before.items() if name != "events"
    }


def test_what_was_asked_for_is_done_by_the_sweeper() -> None:
    stage.order(make.make_shop())
    ask_rebuild.one(SYSTEM, AskRebuild("首次启用"))
    sweep()
    assert Watermark.objects.get().rebuilt_at == NOON
    assert len(stage.rows("orders")) == 1


def test_a_write_that_fails_leaves_nothing_to_see(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.order(make.make_shop())

    def broken(self: Batch, instead_of: object = ()) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as broken_once:
        broken_once.setattr(Batch, "list_files", broken)
        with pytest.raises(RuntimeError, match="killed"):
            stage.write()
    assert stage.rows("orders") == []
    stage.write()
    assert len(stage.rows("orders")) == 1
    names = [file.name for file in LakeFile.objects.filter(table="orders")]
    assert names == ["orders/fresh/000000000001-0000.parquet"], "written again under the same name"
