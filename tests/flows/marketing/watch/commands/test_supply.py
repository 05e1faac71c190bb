"""M3.2: stock that will not last: called for, answered, arrived; sold ahead where nothing comes in time."""

from datetime import timedelta

import pytest

from shopkeeper.flows.marketing.watch.commands.call_restock import (
    AnswerRestock,
    CallRestock,
    NoteArrival,
    answer_restock,
    call_restock,
    note_arrivals,
)
from shopkeeper.flows.marketing.watch.commands.set_presales import (
    EndPresale,
    StartPresale,
    end_presales,
    start_presales,
)
from shopkeeper.flows.marketing.watch.models import Action, Alert, Presale, RestockCall
from shopkeeper.flows.products.stock.models import Reminder
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.sop.models import Deadline, PolicyValue
from shopkeeper.sop.sweeper import sweep
from tests import factories as make
from tests.flows.marketing.watch import stage
from tests.flows.marketing.watch.stage import HOUR, START

pytestmark = [pytest.mark.django_db, pytest.mark.clause("M3.2")]


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch):
    stage.at(monkeypatch, START)
    return make.make_shop()


@pytest.fixture
def sku(shop):
    """Twenty pieces, five sold in the first hour: three hours left of three days."""
    sku = make.make_sku()
    make.stock_up(sku, shop.default_warehouse, 20)
    for n in range(5):
        stage.bought(shop, sku, START + timedelta(minutes=n))
    return sku


@pytest.fixture
def alert(shop, sku, monkeypatch) -> Alert:
    return stage.sold_out(monkeypatch, stage.watched(shop, sku))


def test_stock_that_does_not_last_opens_an_alert_and_proposes_a_presale(alert) -> None:
    facts = alert.facts
    assert (facts["left"], facts["sold"], facts["minutes_left"]) == (15, [5], 180)
    assert facts["needed"] == 5 * 71 - 15  # five an hour for the 71 hours to come
    presale = Presale.objects.get()
    assert (presale.state, presale.ship_within_days) == ("proposed", 15)
    assert stage.told()[-2:] == ["watch.alert_opened", "watch.presale_proposed"]


def test_an_urgent_restock_is_called_for_once_and_reminds_whoever_buys(alert, sku) -> None:
    by = stage.specialist()
    outcome = call_restock.one(by, CallRestock(alert.pk))
    assert outcome.changed, outcome
    assert call_restock.one(by, CallRestock(alert.pk)).code == "unchanged"
    call = RestockCall.objects.get()
    assert (call.quantity, call.needed_by, call.due_at) == (340, START + 4 * HOUR, START + 3 * HOUR)
    assert call.reminder_id is None  # fifteen pieces are above the SKU's own threshold of ten
    assert stage.due("watch_restock_call") == [call.due_at]


def test_below_its_threshold_the_skus_own_reminder_is_opened(shop, monkeypatch) -> None:
    sku = make.make_sku()
    make.stock_up(sku, shop.default_warehouse, 9)
    for n in range(5):
        stage.bought(shop, sku, START + timedelta(minutes=n))
    alert = stage.sold_out(monkeypatch, stage.watched(shop, sku))
    call_restock.one(stage.specialist(), CallRestock(alert.pk, 50, "加急"))
    assert RestockCall.objects.get().reminder_id == Reminder.objects.get(sku=sku).pk


def test_a_call_is_answered_with_a_moment_and_pieces_or_with_why_none_come(alert) -> None:
    call_restock.one(stage.specialist(), CallRestock(alert.pk))
    call, by = RestockCall.objects.get(), stage.buyer()
    soon = START + 3 * HOUR
    answers = [
        AnswerRestock(call.pk, soon),
        AnswerRestock(call.pk, START, 100),
        AnswerRestock(call.pk),
        AnswerRestock(call.pk, soon, 100, "工厂直发"),
    ]
    codes = ["arrival_half_said", "arrival_not_ahead", "restock_note_needed", "done"]
    assert [answer_restock.one(by, answer).code for answer in answers] == codes
    assert answer_restock.one(by, answers[-1]).code == "unchanged"
    assert Presale.objects.get().state == "declined"  # pieces come before the last is sold
    assert stage.ended("watch_restock_call") == [("done", False)]
    assert answer_restock.one(by, AnswerRestock(call.pk, note="工厂停工")).changed
    call.refresh_from_db()
    assert (call.state, call.arrives_at) == ("cannot", None)


def test_a_call_nobody_answers_is_late_and_arrival_ends_it(alert, shop, sku, monkeypatch) -> None:
    call_restock.one(stage.specialist(), CallRestock(alert.pk))
    stage.at(monkeypatch, START + 4 * HOUR)
    sweep()
    assert Deadline.objects.get(kind="watch_restock_call").late_at
    assert [o.code for o in note_arrivals(SYSTEM, [NoteArrival(sku.pk), NoteArrival(0)])] == ["done", "unchanged"]
    assert stage.ended("watch_restock_call") == [("done", True)]
    call = RestockCall.objects.get()
    assert call.arrived_at == START + 4 * HOUR
    assert answer_restock.one(stage.buyer(), AnswerRestock(call.pk, note="晚了")).code == "call_over"


def test_pieces_promised_in_time_keep_the_alert_from_coming_back(alert, shop, sku, monkeypatch) -> None:
    call_restock.one(stage.specialist(), CallRestock(alert.pk))
    soon = START + HOUR + timedelta(minutes=30)
    assert answer_restock.one(stage.buyer(), AnswerRestock(RestockCall.objects.get().pk, soon, 500)).changed
    for n in (2, 3, 4, 5, 6):
        stage.tick(monkeypatch, alert.campaign, START + HOUR * n)
    assert Alert.objects.count() == 1


def test_a_presale_is_begun_for_no_longer_than_the_policy_and_ended_with_a_reason(alert) -> None:
    by = stage.specialist()
    too_long = start_presales.one(by, StartPresale(alert.pk, 16))
    assert (too_long.code, too_long.facts["days"]) == ("presale_too_long", 15)
    outcome = start_presales.one(by, StartPresale(alert.pk, 7))
    presale = Presale.objects.get(id=outcome.facts["reference"])
    assert (presale.state, presale.ship_within_days, presale.started_by) == ("on", 7, by.id)
    assert start_presales.one(by, StartPresale(alert.pk, 7)).code == "unchanged"
    assert end_presales.one(by, EndPresale(presale.pk, " ")).code == "reason_needed"
    assert end_presales.one(by, EndPresale(presale.pk, "已到货")).changed
    assert end_presales.one(by, EndPresale(presale.pk, "已到货")).code == "unchanged"


def test_on_presale_the_alert_does_not_come_back(alert, monkeypatch) -> None:
    start_presales.one(stage.specialist(), StartPresale(alert.pk, 7))
    for n in (2, 3, 4, 5, 6):
        stage.tick(monkeypatch, alert.campaign, START + HOUR * n)
    assert Alert.objects.count() == 1


def test_by_policy_a_presale_begins_by_itself(shop, sku, monkeypatch) -> None:
    PolicyValue.objects.create(key="watch_presale_by_itself", shop=shop, value=True, set_at=START, set_by=1)
    alert = stage.sold_out(monkeypatch, stage.watched(shop, sku))
    assert (Presale.objects.get().state, alert.state) == ("on", "acted")
    assert (Action.objects.get().kind, Action.objects.get().taken_by) == ("presale", 0)


def test_with_the_campaign_calls_and_presales_end(shop, sku, monkeypatch) -> None:
    made = stage.watched(shop, sku, ends_at=START + 5 * HOUR)
    alert = stage.sold_out(monkeypatch, made)
    start_presales.one(stage.specialist(), StartPresale(alert.pk, 7))
    call_restock.one(stage.specialist(), CallRestock(alert.pk))
    stage.tick(monkeypatch, made, START + 5 * HOUR)
    assert (Presale.objects.get().state, RestockCall.objects.get().state) == ("ended", "ended")
    assert stage.ended("watch_restock_call") == [("cancelled", True)]
