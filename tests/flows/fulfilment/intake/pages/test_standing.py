"""O1.3: the order's page says what is awaited and from whom, and what has to happen with a cancelled order's money."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from shopkeeper.flows.fulfilment.intake.commands.cancel_orders import CancelOrder, cancel_orders
from shopkeeper.flows.fulfilment.intake.models import Order
from shopkeeper.flows.products.stock.commands.remind_restock import RemindRestock, remind_restock
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.sop.models import Deadline
from tests import factories as make
from tests.flows.fulfilment.intake import stage
from tests.flows.fulfilment.intake.pages.test_pages import HTMX, client_of, text

pytestmark = [pytest.mark.django_db, pytest.mark.clause("O1.3")]


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, make.NOON)


def order_page(order_id: int, *roles: str) -> str:
    return text(client_of(make.make_person(*(roles or ("order_specialist",)))), f"/orders/{order_id}/")


def test_a_missing_code_says_whose_work_it_is() -> None:
    order_id = make.make_order(make.make_shop(), make.received_line(None, outer_code="OLD-922"))
    page = order_page(order_id)
    assert "已列入商品专员的工作，还没有人领取" in page
    assert "不用在这里处理" in page
    maker = make.make_person("product_specialist")
    Deadline.objects.filter(kind="make_code").update(claimed_by=maker, claimed_at=make.NOON)
    assert f"{maker.name} 在办" in order_page(order_id)
    assert "OLD-922" in text(client_of(maker), "/")  # on the product specialist's work list
    assert f"/orders/{order_id}/" in text(client_of(maker), "/")
    form = f"{reverse('listing-new')}?code=OLD-922"
    assert f"{form}&amp;title=" in text(client_of(maker), f"/orders/{order_id}/")
    assert 'value="OLD-922"' in text(client_of(maker), form)
    assert f"{reverse('listing-codes')}?code=OLD-922&amp;wanted=" in text(client_of(maker), f"/orders/{order_id}/")


def test_what_ends_elsewhere_says_until_when_and_whether_somebody_restocks(monkeypatch: pytest.MonkeyPatch) -> None:
    shop, sku = stage.shop_with(1)
    order_id = make.make_order(shop, make.received_line(sku, 5))
    page = order_page(order_id)
    assert "不用在这里处理" in page
    assert "补货提醒" in page
    stage.at(monkeypatch, make.NOON + timedelta(hours=37))
    assert "不用在这里处理" not in order_page(order_id)


def test_an_order_for_what_was_never_kept_says_whether_somebody_restocks() -> None:
    sku = make.make_sku()
    order_id = make.make_order(make.make_shop(), make.received_line(sku))
    page = order_page(order_id)
    assert f"{sku.code} 本仓现可用 0 件，其他仓也没有。" in page
    assert "没有打开的补货提醒" in page
    remind_restock.one(SYSTEM, RemindRestock(sku.pk))
    assert "补货提醒已开，商品专员在跟" in order_page(order_id)


def test_a_suspected_repeat_names_the_other_order() -> None:
    shop, sku = stage.shop_with()
    first = stage.clean_order(shop, sku, receiver_token="oaid-twin")
    second = make.make_order(shop, make.received_line(sku), receiver_token="oaid-twin")
    assert stage.state_of(second)[1] == ["repeat_order"]
    page = order_page(second)
    assert f'href="{reverse("intake-order", args=[first])}">JY{first:010d}' in page
    assert reverse("tickets-tickets") in page  # what was said with the buyer
    assert f"{reverse('tickets-new')}?order=JY{second:010d}" in order_page(second, "operations_supervisor")


def test_an_order_held_by_hand_says_why_and_by_whom() -> None:
    shop, sku = stage.shop_with()
    order_id = stage.clean_order(shop, sku)
    person = make.make_person("order_specialist")
    client_of(person).post(
        reverse("intake-hold"), {"ids": order_id, "reason": "等买家补差价", "form_token": "h"}, headers=HTMX
    )
    page = order_page(order_id)
    assert "等买家补差价" in page
    assert f"{person.name} 留单" in page
    assert "放行此项</button>" in page


def test_a_button_that_asks_first_says_so() -> None:
    shop, sku = stage.shop_with()
    order_id = make.make_order(shop, make.received_line(sku), receiver=make.received_receiver(phone="12"))
    assert "放行此项…</button>" in order_page(order_id)


def test_cancelling_says_that_it_pays_nothing_back_and_then_what_is_left_to_do() -> None:
    shop, sku = stage.shop_with()
    order_id = stage.clean_order(shop, sku)
    assert "取消不会退款：买家已付 ¥50.00" in order_page(order_id)
    assert cancel_orders.one(SYSTEM, CancelOrder(order_id, "买家不要了")).changed
    page = order_page(order_id)
    assert "还没有退款" in page
    assert reverse("tickets-ask", args=[order_id]) in page  # somebody has to tell the buyer
    assert reverse("aftersale-list") not in page  # not the order specialist's
    assert reverse("aftersale-list") in order_page(order_id, "operations_supervisor")
    Order.objects.filter(id=order_id).update(refund_state="requested")
    assert "等客服在售后单里同意" in order_page(order_id)
    Order.objects.filter(id=order_id).update(refund_state="refunded")
    assert "已退。" in order_page(order_id)


def test_an_order_that_the_platform_closed_or_that_nobody_paid_has_no_money_to_see_to() -> None:
    shop, sku = stage.shop_with()
    unpaid = make.make_order(shop, make.received_line(sku), state="unpaid", paid_at=None)
    assert "取消不会退款" not in order_page(unpaid)
    assert cancel_orders.one(SYSTEM, CancelOrder(unpaid, "拍错")).changed
    assert "还没有退款" not in order_page(unpaid)
    order = make.received_order(shop, make.received_line(sku))
    (closed,) = make.take_in(order)
    make.take_in(replace(order, state="closed", modified_at=order.modified_at + timedelta(minutes=1)))
    assert stage.state_of(closed)[0] == "cancelled"
    assert "还没有退款" not in order_page(closed)
