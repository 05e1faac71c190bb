"""O1.1: orders come over HTTP from the platform's sandbox, whole, once, whatever the platform does."""

from datetime import timedelta
from typing import Any

import pytest

from shopkeeper.flows.fulfilment.intake.commands.start_shop import StartShop, start_shop
from shopkeeper.flows.fulfilment.intake.models import Order, PullCursor
from shopkeeper.flows.fulfilment.intake.performers import fetch_order, pull_orders
from shopkeeper.flows.fulfilment.intake.ports import PlatformOrders, ShopAccess
from shopkeeper.flows.products.stock.models import Stock
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.errands import ErrandRow
from shopkeeper.sop.models import Deadline
from tests import factories as make
from tests.flows.fulfilment.intake import stage
from tests.outside import Outside

pytestmark = [pytest.mark.django_db, pytest.mark.clause("O1.1")]


@pytest.fixture
def platform(outside: Outside, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A started shop of ours at the sandbox, with a hundred cups; business time is the sandbox's."""
    stage.at(monkeypatch, outside.now)
    warehouse = make.make_warehouse()
    shop = make.make_shop(warehouse)
    make.stock_up(make.make_sku(code="CUP-1", floor_minor=100), warehouse, 100)
    start_shop(SYSTEM, [StartShop(shop.pk)])
    access = ShopAccess(
        shop.pk, "taobao", outside.shop.base_url, outside.shop.app_key, outside.shop.app_secret, outside.shop.session
    )

    def of(shop_id: int) -> tuple[PlatformOrders, ShopAccess]:
        return outside.orders, access

    return shop, of


def pull(platform: Any, outside: Outside, monkeypatch: pytest.MonkeyPatch) -> Any:
    shop, of = platform
    stage.at(monkeypatch, outside.now)
    return pull_orders(of)([ErrandRow(1, "pull_orders", shop.pk, shop.pk, {}, 1)])[0]


def test_everything_comes_once_however_often_it_is_pulled(
    outside: Outside, platform: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = outside.place(12)
    outside.clock(timedelta(minutes=1))
    first = pull(platform, outside, monkeypatch)
    assert (first.ending, first.retry_after_seconds) == ("retry", 300)
    assert sorted(Order.objects.values_list("platform_no", flat=True)) == sorted(numbers)
    assert PullCursor.objects.get().read_until == outside.now
    pull(platform, outside, monkeypatch)
    assert Order.objects.count() == 12
    assert Stock.objects.get().promised == 24


TROUBLE = ("down", "cut", "lost_answer", "half_json", "throttle", "server_error", "wrong_totals", "twice")


@pytest.mark.parametrize("what", TROUBLE)
def test_a_platform_that_misbehaves_loses_no_order(
    outside: Outside, platform: Any, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    numbers = outside.place(7)
    outside.clock(timedelta(minutes=1))
    outside.control.misbehave("platform", what, next=1)
    for _ in range(4):
        pull(platform, outside, monkeypatch)
    assert sorted(Order.objects.values_list("platform_no", flat=True)) == sorted(numbers)
    assert Stock.objects.get().promised == 14


def test_a_failure_is_on_record_and_the_cursor_stays(
    outside: Outside, platform: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = PullCursor.objects.get().read_until
    outside.place(1)
    outside.clock(timedelta(minutes=1))
    outside.control.misbehave("platform", "down", next=50)
    result = pull(platform, outside, monkeypatch)
    cursor = PullCursor.objects.get()
    assert result.ending == "retry"
    assert cursor.last_error.startswith("transient")
    assert cursor.read_until == before
    outside.control.behave()
    pull(platform, outside, monkeypatch)
    assert PullCursor.objects.get().last_error == ""
    assert Order.objects.count() == 1


def test_a_hint_is_fetched_and_an_unknown_number_harms_nothing(
    outside: Outside, platform: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop, of = platform
    (number,) = outside.place()
    stage.at(monkeypatch, outside.now)
    rows = [
        ErrandRow(n, "fetch_order", n, shop.pk, {"platform_no": no}, 1) for n, no in enumerate((number, "999"), start=1)
    ]
    results = fetch_order(of)(rows)
    assert [result.ending for result in results] == ["done", "done"]
    assert Order.objects.get().platform_no == number
    outside.control.act(number, "refund")
    fetch_order(of)(rows[:1])
    assert Order.objects.get().open_holds == ["refund_open"]
    assert Deadline.objects.filter(kind="decide_holds").count() == 1
