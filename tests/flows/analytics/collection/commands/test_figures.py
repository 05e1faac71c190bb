"""Figures by period: the newest stands, the older is kept; awaited days, excuses, contradictions; who may."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shopkeeper.flows.analytics.collection.commands.excuse_deliveries import ExcuseDelivery, excuse_deliveries
from shopkeeper.flows.analytics.collection.commands.keep_sources import (
    AddSource,
    AwaitFigures,
    RetireSource,
    add_figure_sources,
    await_figures,
    retire_figure_sources,
)
from shopkeeper.flows.analytics.collection.commands.take_in_figures import FigureLine, TakeInFigures, take_in_figures
from shopkeeper.flows.analytics.collection.models import Delivery, Figure, FigureSet, RatioFlag
from shopkeeper.flows.analytics.collection.permissions import Permission
from shopkeeper.flows.analytics.collection.queries.figures import figures_of_sets, sets_after
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.shared.errors import NotAllowed
from shopkeeper.sop.models import Deadline
from shopkeeper.sop.sweeper import sweep
from tests import factories as make
from tests.flows.analytics.collection import stage
from tests.flows.analytics.collection.stage import DAY, days_before, sheet

pytestmark = [pytest.mark.django_db, pytest.mark.clause("D1.1")]


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, make.NOON)


def lines(shop, *given, breakdown="shop", **fields):
    return TakeInFigures(shop.pk, "sycm", breakdown, given, **fields)


def test_figures_are_taken_in_and_the_same_again_is_unchanged() -> None:
    shop = make.make_shop()
    item = sheet(shop, days_before(1), days_before(2))
    outcome = take_in_figures.one(SYSTEM, item)
    assert outcome.facts == {"sets": 2, "replaced": 0, "flagged": 0}
    assert take_in_figures.one(SYSTEM, item).code == "unchanged"
    assert FigureSet.objects.count() == 2
    assert Figure.objects.filter(figure="paid_minor", value=60_000).count() == 2
    assert [o.code for o in take_in_figures(SYSTEM, [sheet(shop, days_before(3))] * 2)] == ["done", "unchanged"]


def test_a_newer_file_replaces_and_keeps_the_history() -> None:
    shop = make.make_shop()
    take_in_figures.one(SYSTEM, sheet(shop, days_before(1), visitors=100, buyers=5))
    assert take_in_figures.one(SYSTEM, sheet(shop, days_before(1), visitors=120)).facts["replaced"] == 1
    old, new = FigureSet.objects.order_by("id")
    assert (old.replaced_at, new.replaced_at, new.replaces_id) == (make.NOON, None, old.pk)
    assert Figure.objects.get(figure_set=old, figure="visitors").value == 100
    facts = {(fact.figure, fact.value, fact.mark) for fact in figures_of_sets([new.pk])}
    assert facts == {("visitors", 120, ""), ("buyers", 0, "replaced")}
    assert sets_after(old.pk) == [new.pk]


def test_a_channel_sheet_stands_beside_the_shops_and_is_classed() -> None:
    shop = make.make_shop()
    take_in_figures.one(SYSTEM, sheet(shop, days_before(1)))
    day = days_before(1)
    item = lines(
        shop,
        FigureLine(day, day, {"visitors": 60}, channel_name="手淘搜索"),
        FigureLine(day, day, {"visitors": 30}, channel_name="直通车"),
        FigureLine(day, day, {"visitors": 7}, channel_name="淘宝客"),
        breakdown="channel",
    )
    assert take_in_figures.one(SYSTEM, item).facts["replaced"] == 0
    channels = FigureSet.objects.get(breakdown="channel")
    assert [(f.channel, f.value) for f in figures_of_sets([channels.pk])] == [("paid", 37), ("search", 60)]


def test_a_ratio_that_contradicts_its_parts_is_flagged_and_taken_all_the_same() -> None:
    shop, day = make.make_shop(), days_before(1)
    item = lines(shop, FigureLine(day, day, {"visitors": 1000, "buyers": 50}, {"pay_conversion": 55_000}, line=3))
    assert take_in_figures.one(SYSTEM, item).facts["flagged"] == 1
    flag = RatioFlag.objects.get()
    assert (flag.ratio, flag.stated_ppm, flag.computed_ppm, flag.line) == ("pay_conversion", 55_000, 50_000, 3)


@pytest.mark.parametrize(
    ("line", "breakdown", "code"),
    [
        (FigureLine(DAY, DAY, {"visitors": 1}, line=4), "shop", "period_not_over"),
        (FigureLine(days_before(3), days_before(1), {"visitors": 1}, line=4), "shop", "period_unknown"),
        (FigureLine(days_before(1), days_before(1), {"visitors": 1}, line=4), "channel", "channel_missing"),
        (FigureLine(days_before(1), days_before(1), {"visitors": 1}, {}, "x", 4), "shop", "channel_unwanted"),
        (FigureLine(days_before(1), days_before(1), {"visitors": 1}, {"strange": 1}, "", 4), "shop", "ratio_unknown"),
    ],
)
def test_refusals_name_the_row_and_take_nothing(line: FigureLine, breakdown: str, code: str) -> None:
    shop = make.make_shop()
    good = FigureLine(days_before(9), days_before(9), {"visitors": 1}, {}, "x" if breakdown == "channel" else "")
    outcome = take_in_figures.one(SYSTEM, lines(shop, good, line, breakdown=breakdown))
    assert (outcome.code, outcome.facts) == (code, {"line": 4})
    assert not FigureSet.objects.exists()


def test_a_row_that_stands_there_twice_is_refused() -> None:
    shop, day = make.make_shop(), days_before(1)
    twice = lines(shop, FigureLine(day, day, {"visitors": 1}, line=2), FigureLine(day, day, {"visitors": 2}, line=3))
    assert take_in_figures.one(SYSTEM, twice).code == "figure_row_twice"


def test_statements_do_not_grow_with_sheets() -> None:
    shop, counts = make.make_shop(), []
    for first, n in ((1, 1), (10, 20)):
        items = [sheet(shop, days_before(first + i)) for i in range(n)]
        with CaptureQueriesContext(connection) as captured:
            assert all(o.changed for o in take_in_figures(SYSTEM, items))
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_whoever_lacks_the_permission_or_the_shop_takes_nothing_in() -> None:
    shop = make.make_shop()
    with pytest.raises(NotAllowed):
        take_in_figures.one(make.actor_with(Permission.COLLECTION_VIEW), sheet(shop, days_before(1)))
    stranger = make.actor_with(Permission.FIGURES_TAKE_IN, shops=[make.make_shop()])
    assert take_in_figures.one(stranger, sheet(shop, days_before(1))).code == "not_found"
    assert not FigureSet.objects.exists()


def test_a_day_that_is_over_is_asked_for_and_late_after_half_past_nine(monkeypatch: pytest.MonkeyPatch) -> None:
    shop, _ = stage.shop_with_source()
    midnight = make.NOON + timedelta(hours=12)
    stage.at(monkeypatch, midnight)
    sweep()
    delivery = Delivery.objects.get()
    assert (delivery.day, delivery.state) == (DAY, "awaited")
    assert delivery.due_at == midnight + timedelta(hours=9, minutes=30)
    assert Deadline.objects.get(kind="figures_due").subject_id == delivery.pk
    stage.at(monkeypatch, delivery.due_at + timedelta(minutes=1))
    sweep()
    assert Deadline.objects.get(kind="figures_due").late_at is not None
    assert take_in_figures.one(SYSTEM, sheet(shop, DAY)).changed
    delivery.refresh_from_db()
    assert delivery.state == "delivered"
    assert stage.closed_deadline("figures_due").was_late
    stage.at(monkeypatch, midnight + timedelta(days=1))
    sweep()  # and the next day is asked for
    assert Delivery.objects.filter(state="awaited").get().day == DAY + timedelta(days=1)


def test_figures_in_time_close_the_deadline_on_time(monkeypatch: pytest.MonkeyPatch) -> None:
    shop, _ = stage.shop_with_source()
    stage.at(monkeypatch, make.NOON + timedelta(hours=13))
    sweep()
    take_in_figures.one(SYSTEM, sheet(shop, DAY))
    closed = stage.closed_deadline("figures_due")
    assert (closed.was_late, closed.ending) == (False, "done")


def test_after_a_long_stop_the_days_between_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    shop, source = stage.shop_with_source()
    stage.at(monkeypatch, make.NOON + timedelta(days=3))
    take_in_figures.one(SYSTEM, sheet(shop, DAY))  # one of them is there already
    assert await_figures.one(SYSTEM, AwaitFigures(source)).facts == {"days": 3}
    assert await_figures.one(SYSTEM, AwaitFigures(source)).code == "unchanged"
    assert list(Delivery.objects.order_by("day").values_list("state", flat=True)) == ["delivered", "awaited", "awaited"]
    assert Deadline.objects.filter(kind="figures_due", due_at__gt=make.NOON + timedelta(days=3)).count() == 2


def test_a_day_without_figures_is_excused_with_words(monkeypatch: pytest.MonkeyPatch) -> None:
    shop, _ = stage.shop_with_source()
    stage.at(monkeypatch, make.NOON + timedelta(days=1))
    sweep()
    delivery_id = Delivery.objects.get().pk
    person = make.actor_with(Permission.FIGURES_TAKE_IN)
    assert excuse_deliveries.one(person, ExcuseDelivery(delivery_id, " ")).code == "excuse_needed"
    assert excuse_deliveries.one(person, ExcuseDelivery(delivery_id, "平台维护")).changed
    assert excuse_deliveries.one(person, ExcuseDelivery(delivery_id, "平台维护")).code == "unchanged"
    found = Delivery.objects.get()
    assert (found.state, found.excuse, found.excused_by) == ("excused", "平台维护", person.id)
    assert stage.closed_deadline("figures_due").ending == "cancelled"
    take_in_figures.one(SYSTEM, sheet(shop, DAY))  # they came after all
    assert Delivery.objects.get().state == "delivered"
    assert excuse_deliveries.one(person, ExcuseDelivery(delivery_id, "平台维护")).code == "figures_there"


def test_a_source_is_added_retired_and_taken_up_again(monkeypatch: pytest.MonkeyPatch) -> None:
    shop, source = stage.shop_with_source()
    assert add_figure_sources.one(SYSTEM, AddSource(shop.pk, "sycm")).code == "unchanged"
    assert retire_figure_sources.one(SYSTEM, RetireSource(source)).changed
    assert retire_figure_sources.one(SYSTEM, RetireSource(source)).code == "unchanged"
    stage.at(monkeypatch, make.NOON + timedelta(days=2))
    sweep()
    assert not Delivery.objects.exists()
    again = add_figure_sources.one(SYSTEM, AddSource(shop.pk, "sycm"))
    assert (again.changed, again.id) == (True, source)
    stage.at(monkeypatch, make.NOON + timedelta(days=3))
    sweep()
    assert [d.day for d in Delivery.objects.all()] == [date(2026, 6, 3)]
