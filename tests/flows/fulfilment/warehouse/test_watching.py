"""What the warehouse does by itself: it hears of released and called-back orders, and asks the platform once more."""

from collections.abc import Sequence
from typing import cast

import pytest

from shopkeeper.flows.fulfilment.intake.commands.cancel_orders import CancelOrder, cancel_orders
from shopkeeper.flows.fulfilment.intake.events import OrderCancelled, OrderHeld, OrderReleased
from shopkeeper.flows.fulfilment.intake.models import Order
from shopkeeper.flows.fulfilment.intake.ports import OutsideError, PlatformOrders, ShopAccess
from shopkeeper.flows.fulfilment.warehouse.models import WaveOrder
from shopkeeper.flows.fulfilment.warehouse.performers import performers
from shopkeeper.flows.fulfilment.warehouse.reactions import call_back_orders, call_for_a_wave
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.errands import ErrandRow
from shopkeeper.foundation.events import Event, Recorded
from shopkeeper.sop.models import Deadline
from tests import factories
from tests.flows.fulfilment.warehouse.stage import Stage, set_stage


@pytest.fixture
def stage(db: None) -> Stage:
    return set_stage()


def recorded(*events: Event) -> list[Recorded[Event]]:
    return [Recorded(n, n, event, factories.NOON, 0, "O1.3") for n, event in enumerate(events, start=1)]


@pytest.mark.clause("O2.1")
def test_released_orders_call_for_a_wave(stage: Stage) -> None:
    order = stage.order((stage.sku(("A-01-01", 9)), 1))
    events = recorded(OrderReleased(order, stage.shop.pk, stage.warehouse.pk), OrderReleased(1, 1, 0))
    call_for_a_wave(SYSTEM, events)  # type: ignore[arg-type]
    assert Deadline.objects.get(kind="wave_call").subject_id == stage.warehouse.pk


@pytest.mark.clause("O2.1")
def test_the_call_ends_when_the_last_waiting_order_is_called_back(stage: Stage) -> None:
    order = stage.order((stage.sku(("A-01-01", 9)), 1))
    call_for_a_wave(SYSTEM, recorded(OrderReleased(order, stage.shop.pk, stage.warehouse.pk)))  # type: ignore[arg-type]
    assert cancel_orders.one(SYSTEM, CancelOrder(order, "买家取消")).changed
    call_back_orders(SYSTEM, recorded(OrderCancelled(order, stage.shop.pk, "released")))
    assert not Deadline.objects.filter(kind="wave_call").exists()


@pytest.mark.clause("O2.1")
def test_called_back_orders_leave_their_waves_whoever_says_so_and_how_often(stage: Stage) -> None:
    shirt = stage.sku(("A-01-01", 9))
    gone, stays = stage.order((shirt, 1)), stage.order((shirt, 1))
    stage.wave()
    assert cancel_orders.one(SYSTEM, CancelOrder(gone, "买家取消")).changed
    for _ in range(2):
        call_back_orders(
            SYSTEM,
            recorded(
                OrderCancelled(gone, stage.shop.pk, "picking"),
                OrderHeld(stays, stage.shop.pk, ("by_hand",)),
                OrderHeld(999_999, stage.shop.pk, ("by_hand",)),
            ),
        )
    states = dict(WaveOrder.objects.values_list("order_id", "state"))
    assert states == {gone: "dropped", stays: "picking"}


class Platform:
    """Says which orders have a refund open, or that it is down."""

    def __init__(self, refunding: set[str], error: OutsideError | None = None) -> None:
        self.refunding, self.error, self.asked = refunding, error, list[list[str]]()

    def refund_open(self, shop: ShopAccess, platform_nos: Sequence[str]) -> set[str]:
        self.asked.append(list(platform_nos))
        if self.error:
            raise self.error
        return self.refunding & set(platform_nos)


def recheck(stage: Stage, platform: Platform, *orders: int) -> list[str]:
    access = ShopAccess(stage.shop.pk, "taobao", "", "", "", "")
    perform = performers(lambda shop_id: (cast("PlatformOrders", platform), access))["recheck_order"]
    rows = [ErrandRow(n, "recheck_order", order, stage.shop.pk, {}, 1) for n, order in enumerate(orders)]
    return [result.ending for result in perform(rows)]


@pytest.mark.clause("O2.2")
def test_open_orders_are_asked_about_in_one_question(stage: Stage) -> None:
    shirt = stage.sku(("A-01-01", 9))
    fine, refunding = stage.order((shirt, 1)), stage.order((shirt, 1))
    stage.picked(fine, refunding)
    for order in (fine, refunding):
        stage.open(order, checked=False)
    platform = Platform({Order.objects.get(id=refunding).platform_no})
    assert recheck(stage, platform, fine, refunding, 999_999) == ["done", "done", "done"]
    assert len(platform.asked) == 1
    assert WaveOrder.objects.get(order_id=fine).rechecked_at
    assert Order.objects.get(id=refunding).open_holds == ["refund_open"]
    assert WaveOrder.objects.get(order_id=refunding).state == "returning"


@pytest.mark.clause("O2.2")
@pytest.mark.parametrize(("kind", "ending"), [("transient", "retry"), ("auth", "retry"), ("permanent", "give_up")])
def test_a_platform_that_is_down_is_asked_again(stage: Stage, kind: str, ending: str) -> None:
    order = stage.order((stage.sku(("A-01-01", 9)), 1))
    stage.opened(order, checked=False)
    platform = Platform(set(), OutsideError(kind, "x"))  # type: ignore[arg-type]
    assert recheck(stage, platform, order) == [ending]
    assert WaveOrder.objects.get().rechecked_at is None


@pytest.mark.clause("O2.2")
def test_a_shop_without_a_platform_does_not_stop_the_others(stage: Stage) -> None:
    other = set_stage()
    first, second = (s.order((s.sku(("A-01-01", 9)), 1)) for s in (stage, other))
    stage.opened(first, checked=False)
    other.opened(second, checked=False)
    platform = cast("PlatformOrders", Platform(set()))
    known = {stage.shop.pk: (platform, ShopAccess(stage.shop.pk, "taobao", "", "", "", ""))}
    perform = performers(lambda shop_id: known[shop_id])["recheck_order"]
    rows = [ErrandRow(n, "recheck_order", order, 0, {}, 1) for n, order in enumerate((second, first))]
    assert [result.ending for result in perform(rows)] == ["give_up", "done"]
    assert WaveOrder.objects.get(order_id=first).rechecked_at
