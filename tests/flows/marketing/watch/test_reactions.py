"""What the watch does when others announce something: it starts, counts again, sees pieces arrive."""

from datetime import timedelta

import pytest

from shopkeeper.config.wiring import READERS
from shopkeeper.flows.fulfilment.intake.events import OrderTakenIn
from shopkeeper.flows.marketing.campaigns.events import CampaignLaunched
from shopkeeper.flows.marketing.watch.commands.call_restock import CallRestock, call_restock
from shopkeeper.flows.marketing.watch.models import DaySheet, RestockCall, Watch
from shopkeeper.flows.marketing.watch.reactions import note_received, recount_late, watch_launched
from shopkeeper.flows.products.stock.events import StockReceived
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.events import Recorded
from tests import factories as make
from tests.flows.marketing.watch import stage
from tests.flows.marketing.watch.stage import HOUR, START

pytestmark = pytest.mark.django_db


def recorded(*events):
    return [Recorded(n, n, event, START, 0, "") for n, event in enumerate(events, start=1)]


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch):
    stage.at(monkeypatch, START)
    return make.make_shop()


def test_the_watch_is_wired() -> None:
    assert {"watch.start", "watch.recount", "watch.arrivals"} <= {reader.name for reader in READERS}


@pytest.mark.clause("M3.1")
def test_a_launched_campaign_is_watched_once(shop) -> None:
    made = stage.campaign(shop, make.make_sku())
    for _ in range(2):
        watch_launched(SYSTEM, recorded(CampaignLaunched(made.pk, shop.pk)))
    assert Watch.objects.count() == 1


@pytest.mark.clause("M3.1")
def test_a_late_order_is_counted_and_one_of_a_signed_or_far_day_is_not(shop, monkeypatch) -> None:
    sku = make.make_sku()
    make.stock_up(sku, shop.default_warehouse, 100)
    made = stage.watched(shop, sku)
    stage.tick(monkeypatch, made, START + HOUR)
    order_id = stage.bought(shop, sku, START + timedelta(minutes=9))
    event = OrderTakenIn(order_id=order_id, shop_id=shop.pk, state="to_check")
    recount_late(SYSTEM, recorded(event))
    assert stage.reading(made).orders == 1
    DaySheet.objects.update(state="signed", signed_at=START, signed_by=1)
    recount_late(
        SYSTEM, recorded(OrderTakenIn(order_id=stage.bought(shop, sku, START), shop_id=shop.pk, state="to_check"))
    )
    assert stage.reading(made).orders == 1


@pytest.mark.clause("M3.2")
def test_pieces_received_answer_a_call(shop, monkeypatch) -> None:
    sku = make.make_sku()
    alert = stage.sold_out(monkeypatch, stage.watched(shop, sku))
    assert alert.facts["left"] == 0
    call_restock.one(stage.specialist(), CallRestock(alert.pk))
    note_received(SYSTEM, recorded(StockReceived(sku.pk, shop.default_warehouse_id, 5)))
    assert RestockCall.objects.get().state == "arrived"
