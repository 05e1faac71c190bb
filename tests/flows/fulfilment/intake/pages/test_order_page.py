"""O1.3: the order's page says what to do about each exception, when it can be released, and lets it be done."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from shopkeeper.flows.fulfilment.intake.commands.hold_orders import HoldOrder, hold_orders
from shopkeeper.flows.fulfilment.intake.models import Order
from shopkeeper.flows.fulfilment.intake.words import platform_words
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.models import Person
from shopkeeper.shared.words import speaking
from shopkeeper.sop.models import Deadline
from tests import factories as make
from tests.flows.fulfilment.intake import stage
from tests.flows.fulfilment.intake.pages.test_pages import HTMX, client_of, text

pytestmark = [pytest.mark.django_db, pytest.mark.clause("O1.3")]


@pytest.fixture
def specialist() -> Person:
    return make.make_person("order_specialist")


@pytest.fixture
def client(specialist: Person) -> Client:
    return client_of(specialist)


def test_an_unknown_sku_is_matched_again_from_the_page(client: Client) -> None:
    shop = make.make_shop()
    order_id = make.make_order(shop, make.received_line(None, outer_code="OLD-922"))
    page = text(client, f"/orders/{order_id}/")
    door = reverse("intake-match", args=[order_id])
    assert "重新匹配" in page
    assert door in page
    assert "商品专员" in page
    assert "须先解决" not in page
    assert reverse("listing-new") not in page
    maker = client_of(make.make_person("order_specialist", "product_specialist"))
    assert reverse("listing-new") in text(maker, f"/orders/{order_id}/")
    client.post(door, {"form_token": "m1"}, headers=HTMX)
    assert stage.state_of(order_id)[1] == ["unknown_sku"]
    make.stock_up(make.make_sku(code="OLD-922"), shop.default_warehouse)
    client.post(door, {"form_token": "m2"}, headers=HTMX)
    assert stage.state_of(order_id)[1] == []


@pytest.mark.parametrize(
    ("receiver", "code"),
    [
        ({"address": ""}, "address_incomplete"),
        ({"province": "台湾省"}, "address_unreachable"),
        ({"phone": "12"}, "bad_phone"),
    ],
)
def test_who_sends_to_a_doubtful_address_says_why(client: Client, receiver: dict[str, str], code: str) -> None:
    shop, sku = stage.shop_with()
    order_id = make.make_order(shop, make.received_line(sku), receiver=make.received_receiver(**receiver))
    assert stage.state_of(order_id)[1] == [code]
    assert "放行原因" in text(client, f"/orders/{order_id}/")
    door = reverse("intake-decide", args=[order_id])
    client.post(door, {"code": code, "form_token": "d1"}, headers=HTMX)
    assert stage.state_of(order_id)[1] == [code]
    client.post(door, {"code": code, "reason": "已电话核实", "form_token": "d2"}, headers=HTMX)
    assert stage.state_of(order_id)[1] == []


def test_a_shortage_leads_to_the_stock_and_names_what_is_free_elsewhere(client: Client) -> None:
    shop, sku = stage.shop_with(1)
    other = make.make_warehouse(name="广州仓")
    make.stock_up(sku, other, 12)
    order_id = make.make_order(shop, make.received_line(sku, 5))
    page = text(client, f"/orders/{order_id}/")
    assert "到货后自动配给并解除" in page
    assert "广州仓 12 件" in page
    assert "/stock/" in page
    assert "看库存" in page


def test_the_dialogs_buttons_are_named_by_their_act(client: Client) -> None:
    shop, sku = stage.shop_with()
    order_id = make.make_order(shop, make.received_line(sku), receiver=make.received_receiver(phone="12"))
    page = text(client, f"/orders/{order_id}/")
    for words in ("取消订单</button>", "不取消</button>", "留单</button>", "不留单</button>", "暂不放行</button>"):
        assert words in page
    english = text(client_of(make.make_person("order_specialist"), "en"), f"/orders/{order_id}/")
    for words in ("Cancel the order</button>", "Keep it</button>", "Pass this exception</button>"):
        assert words in english


def test_release_says_when_the_next_session_opens(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, make.NOON)
    shop, sku = stage.shop_with()
    order_id = stage.clean_order(shop, sku, ship_by_at=make.NOON + timedelta(days=3))
    page = text(client, f"/orders/{order_id}/")
    assert "的审单场次放行" in page
    assert reverse("intake-release") not in page
    assert "下一场自动开场" in text(client, "/orders/sessions/")
    make.open_session(shop)
    assert reverse("intake-release") in text(client, f"/orders/{order_id}/")
    urgent = stage.clean_order(*stage.shop_with(), ship_by_at=make.NOON + timedelta(hours=1))
    assert reverse("intake-release") in text(client, f"/orders/{urgent}/")


def test_the_platforms_state_is_said_in_words(client: Client) -> None:
    shop, sku = stage.shop_with()
    order_id = stage.clean_order(shop, sku, platform_state="WAIT_SELLER_SEND_GOODS")
    page = text(client, f"/orders/{order_id}/")
    assert '<span title="WAIT_SELLER_SEND_GOODS">买家已付款，等待卖家发货</span>' in page
    with speaking("en"):
        assert platform_words("1/2/1/1/1") == "To ship, Refund asked for, Under risk review"
    assert platform_words("NEW_STATE") == "NEW_STATE"


def test_the_duty_names_the_exceptions_and_ends_with_them(client: Client) -> None:
    shop, sku = stage.shop_with()
    order_id = stage.clean_order(shop, sku)
    hold_orders(SYSTEM, [HoldOrder(order_id, "short_pick")])
    assert "处理异常订单：拣货缺件" in text(client, "/")
    Order.objects.filter(id=order_id).update(open_holds=[])
    assert "异常已清，待放行" in text(client, "/")


def test_a_duty_ends_when_the_platform_takes_its_cause_away() -> None:
    shop, sku = stage.shop_with()
    bad = make.received_order(shop, make.received_line(sku), receiver=make.received_receiver(phone="12"))
    (order_id,) = make.take_in(bad)
    assert Deadline.objects.filter(kind="decide_holds", subject_id=order_id).exists()
    better = replace(bad, receiver=make.received_receiver(), modified_at=bad.modified_at + timedelta(minutes=1))
    make.take_in(better)
    assert stage.state_of(order_id)[1] == []
    assert not Deadline.objects.filter(kind="decide_holds", subject_id=order_id).exists()
