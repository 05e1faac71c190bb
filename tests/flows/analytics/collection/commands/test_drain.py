"""Files of the collector are counted once, whatever is killed or repeated; what was marked is kept and not counted."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from shopkeeper.flows.analytics.collection import reactions, tasks
from shopkeeper.flows.analytics.collection.commands.drain_spools import (
    DrainSpool,
    ForgetSpools,
    drain_spools,
    forget_spools,
)
from shopkeeper.flows.analytics.collection.events import TrafficCounted
from shopkeeper.flows.analytics.collection.models import HourSketch, MinuteCounter, SpoolFile
from shopkeeper.flows.analytics.collection.queries.spools import closed_spools, spool_rows
from shopkeeper.flows.analytics.collection.queries.traffic import Span, traffic_of
from shopkeeper.flows.analytics.collection.records import spool
from shopkeeper.flows.marketing.watch.models import TrafficHour
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.events import Recorded
from shopkeeper.foundation.models import Shop
from tests import factories as make
from tests.flows.analytics.collection import stage
from tests.flows.analytics.collection.stage import closed_file, line

own_spool = stage.own_spool
pytestmark = [pytest.mark.django_db, pytest.mark.clause("D1.1"), pytest.mark.usefixtures("own_spool")]
HOUR = make.NOON.replace(minute=0)


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, make.NOON)


def totals(shop: Shop) -> dict[str, int]:
    [traffic] = traffic_of([Span(shop.pk, HOUR, HOUR + timedelta(hours=1))])
    return {**traffic.sums, **traffic.distinct}


def test_a_file_is_counted_once_and_read_by_the_lake() -> None:
    shop = make.make_shop()
    name = closed_file(
        [line(shop, "event-01"), line(shop, "event-02", v="v2", s="s2", kind="order", ch="paid", stay=5, sku=9)]
    )
    assert tasks.drain() == 1
    assert tasks.drain() == 0
    assert drain_spools.one(SYSTEM, DrainSpool(name)).code == "unchanged"
    assert totals(shop) == {"view": 1, "order": 1, "visitors": 2, "visits": 2, "order_visitors": 1}
    [file] = closed_spools()
    rows = list(spool_rows(file))
    assert [(row.event_id, row.kind, row.mark, row.sku_id, row.stay_ms) for row in rows] == [
        ("event-01", "view", "", None, None),
        ("event-02", "order", "", 9, 5),
    ]
    assert rows[0].at == make.NOON
    assert closed_spools(after=file.id) == []


def test_killed_between_commit_and_moving_away_counts_nothing_twice(own_spool: Path) -> None:
    shop = make.make_shop()
    name = closed_file([line(shop)])
    assert drain_spools.one(SYSTEM, DrainSpool(name)).changed  # and here the worker ends
    assert spool.closed_names(own_spool) == [name]
    assert tasks.drain() == 1
    assert totals(shop)["view"] == 1
    assert spool.closed_names(own_spool) == []
    assert len(list(spool_rows(closed_spools()[0]))) == 1


def test_killed_before_commit_leaves_nothing_and_is_done_again() -> None:
    shop = make.make_shop()
    name = closed_file([line(shop)])
    with pytest.raises(RuntimeError), transaction.atomic():
        drain_spools.one(SYSTEM, DrainSpool(name))
        raise RuntimeError
    assert not SpoolFile.objects.exists()
    assert not MinuteCounter.objects.exists()
    tasks.drain()
    assert totals(shop)["view"] == 1


def test_machines_and_repeats_are_marked_not_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = make.make_shop()
    closed_file([line(shop, "event-01"), line(shop, "event-02", v="bot", m="bot_agent")], "0001-a")
    tasks.drain()
    closed_file([line(shop, "event-01"), line(shop, "event-03", v="v3")], "0002-b")  # a batch that was sent again
    tasks.drain()
    assert totals(shop) == {"view": 2, "bots": 1, "duplicates": 1, "visitors": 2, "visits": 1}
    marks = [row.mark for file in closed_spools() for row in spool_rows(file)]
    assert marks == ["", "bot_agent", "duplicate", ""]
    second = SpoolFile.objects.get(name="0002-b")
    assert (second.lines, second.valid, second.duplicates) == (2, 1, 1)


def test_a_visitor_faster_than_people_are_is_a_machine() -> None:
    shop = make.make_shop()
    closed_file([line(shop, f"event-{n:03d}") for n in range(121)] + [line(shop, "event-x01", v="human")])
    tasks.drain()
    assert totals(shop)["bots"] == 121
    assert totals(shop)["visitors"] == 1


def test_two_files_of_one_hour_add_up_and_count_a_visitor_once() -> None:
    shop = make.make_shop()
    closed_file([line(shop, "event-01"), line(shop, "event-02", v="v2")], "0001")
    closed_file([line(shop, "event-03"), line(shop, "event-04", v="v4")], "0002")
    assert tasks.drain() == 2
    assert totals(shop)["view"] == 4
    assert totals(shop)["visitors"] == 3
    assert HourSketch.objects.filter(shop=shop, channel="", counted="visitors").count() == 1


def test_a_file_the_database_refuses_is_set_aside_and_stands_in_nobodys_way(own_spool: Path) -> None:
    shop = make.make_shop()
    closed_file([line(shop, ch="x" * 40)], "0001")
    closed_file([line(shop)], "0002")
    assert tasks.drain() == 2
    assert totals(shop)["view"] == 1
    assert (own_spool / "0001.refused").exists()
    assert spool.closed_names(own_spool) == []


def test_a_line_the_disk_spoilt_is_passed_over(own_spool: Path, caplog: pytest.LogCaptureFixture) -> None:
    shop = make.make_shop()
    name = closed_file([line(shop)])
    with (own_spool / (name + spool.CLOSED)).open("ab") as file:
        file.write(b'{"id": "ev\n')
    tasks.drain()
    assert totals(shop)["view"] == 1
    assert "cannot be read" in caplog.text


def test_a_file_that_is_gone_is_said_so() -> None:
    assert drain_spools.one(SYSTEM, DrainSpool("none")).code == "spool_gone"


def test_old_files_are_forgotten_and_counts_stay(monkeypatch: pytest.MonkeyPatch, own_spool: Path) -> None:
    shop = make.make_shop()
    closed_file([line(shop)])
    tasks.drain()
    assert forget_spools.one(SYSTEM, ForgetSpools()).code == "unchanged"
    stage.at(monkeypatch, make.NOON + timedelta(days=31))
    assert forget_spools.one(SYSTEM, ForgetSpools()).facts == {"files": 1}
    assert list((own_spool / "taken").iterdir()) == []
    assert totals(shop)["view"] == 1
    with pytest.raises(FileNotFoundError):
        list(spool_rows(closed_spools()[0]))


def test_statements_do_not_grow_with_files() -> None:
    shop, counts = make.make_shop(), []
    for batch in (1, 5):
        names = [closed_file([line(shop, f"event-{batch}{n}", v=f"v{n}")], f"{batch}{n}") for n in range(batch)]
        with CaptureQueriesContext(connection) as captured:
            drain_spools(SYSTEM, [DrainSpool(name) for name in names])
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_the_watch_of_campaigns_hears_of_it() -> None:
    shop = make.make_shop()
    closed_file([line(shop, "event-01"), line(shop, "event-02", v="v2", kind="click")])
    tasks.drain()
    event = TrafficCounted(shop.pk, HOUR.isoformat(), 2)
    recorded = Recorded(1, 1, event, make.NOON, 0, "D1.1")
    reactions.tell_campaign_watch(SYSTEM, [recorded])
    reactions.tell_campaign_watch(SYSTEM, [recorded])
    hour = TrafficHour.objects.get(shop=shop, source="collector")
    assert (hour.visitors, hour.clicks) == (2, 1)
