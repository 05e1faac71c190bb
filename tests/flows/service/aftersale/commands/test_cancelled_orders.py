"""S2.3: an order that was cancelled here before it left: its money goes back once its buyer asks for it."""

from datetime import timedelta

import pytest

from shopkeeper.flows.fulfilment.intake.commands.cancel_orders import CancelOrder, cancel_orders
from shopkeeper.flows.fulfilment.intake.models import Order
from shopkeeper.flows.service.aftersale.commands.open_aftersale import OpenAfterSale, open_aftersale
from shopkeeper.flows.service.aftersale.commands.take_in_refunds import take_in_refunds
from shopkeeper.flows.service.aftersale.models import AfterSaleCase, PlatformRefund
from shopkeeper.flows.service.aftersale.states import Reason
from shopkeeper.foundation.actor import SYSTEM
from tests import factories as make
from tests.flows.service.aftersale import stage
from tests.flows.service.aftersale.commands.test_take_in_refunds import told

pytestmark = [pytest.mark.django_db, pytest.mark.clause("S2.3")]


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, make.NOON)


def cancelled() -> Order:
    shop, sku = make.make_shop(), make.make_sku()
    make.stock_up(sku, shop.default_warehouse)  # type: ignore[arg-type]
    order_id = make.make_order(shop, make.received_line(sku, 2))
    assert cancel_orders.one(SYSTEM, CancelOrder(order_id, "商品已停售")).changed
    return Order.objects.get(id=order_id)


def test_what_its_buyer_asks_back_on_the_platform_is_somebodys_case() -> None:
    order = cancelled()
    assert take_in_refunds.one(SYSTEM, told(order, wants_return=False)).changed
    case = AfterSaleCase.objects.get()
    assert (case.order_id, case.state, case.platform_refund) == (order.pk, "opened", PlatformRefund.objects.get())
    paid = told(order, "paid", modified_at=make.NOON + timedelta(minutes=5), version="2", wants_return=False)
    assert take_in_refunds.one(SYSTEM, paid).changed
    case.refresh_from_db()
    assert case.state == "closed"


def test_without_that_there_is_nothing_to_open() -> None:
    assert open_aftersale.one(SYSTEM, OpenAfterSale(cancelled().pk, Reason.LATE)).code == "order_not_paid"
