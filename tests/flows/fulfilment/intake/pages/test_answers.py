"""O1.3: what customer service answered stands at the order; what the order waits for stands on its line."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from shopkeeper.flows.fulfilment.intake.commands.hold_orders import HoldOrder, hold_orders
from shopkeeper.flows.service.tickets.commands.add_notes import AddNote, add_notes
from shopkeeper.flows.service.tickets.commands.ask_service import AskService, ask_service
from shopkeeper.flows.service.tickets.models import Ticket
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.web.visitor import actor_of
from tests import factories as make
from tests.flows.fulfilment.intake import stage
from tests.flows.fulfilment.intake.pages.test_pages import HTMX, client_of, text

pytestmark = [pytest.mark.django_db, pytest.mark.clause("O1.3")]


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, make.NOON)


@pytest.fixture
def client() -> Client:
    return client_of(make.make_person("order_specialist"))


def asked_about_a_remark() -> tuple[int, Ticket]:
    """An order with a buyer's remark, of which its buyer is being asked."""
    shop, sku = stage.shop_with()
    order_id = make.make_order(shop, make.received_line(sku), buyer_remark="周末送")
    assert ask_service.one(SYSTEM, AskService(order_id, "周六还是周日？")).changed
    return order_id, Ticket.objects.get(order_id=order_id)


def end(ticket: Ticket) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(
        state="closed", resolved_at=make.NOON + timedelta(hours=1), closed_at=make.NOON + timedelta(hours=1)
    )


def test_the_answer_stands_at_the_exception_on_the_line_and_in_the_time_line(client: Client) -> None:
    order_id, ticket = asked_about_a_remark()
    assert "客服在联系买家" in text(client, "/")
    agent = make.make_person("customer_service")
    add_notes.one(actor_of(agent.pk), AddNote(ticket.pk, "n1", "买家说周六都在家"))
    end(ticket)
    assert "处理异常订单：买家留言（客服已答复）" in text(client, "/")
    page = text(client, f"/orders/{order_id}/")
    card, time_line = page.split("sk-timeline-filter")
    assert f"客服 {agent.name}" in card and "买家说周六都在家" in card and "周六还是周日？" in card
    assert reverse("tickets-ticket", args=[ticket.pk]) in card
    assert "再请客服联系买家" in card
    assert "请客服联系买家</strong>" in time_line and "周六还是周日？" in time_line
    assert "客服答复</strong>" in time_line and "买家说周六都在家" in time_line


def test_an_answer_that_does_not_come_in_time_is_missed(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    order_id, ticket = asked_about_a_remark()
    assert "会显示在这里；现在不用处理" in text(client, f"/orders/{order_id}/")
    stage.at(monkeypatch, ticket.resolve_due_at + timedelta(hours=1))
    page = text(client, f"/orders/{order_id}/")
    assert "前有答复，还没有" in page and "现在不用处理" not in page


def test_ended_without_a_word_is_said(client: Client) -> None:
    order_id, ticket = asked_about_a_remark()
    end(ticket)
    assert "买家留言（客服已结束，没写答复）" in text(client, "/")
    page = text(client, f"/orders/{order_id}/")
    assert "客服结束了工单，没有写答复" in page
    assert f"客服结束了工单 {ticket.number}，没有写答复" in page


def test_who_may_not_ask_reads_no_word_of_it(client: Client) -> None:
    order_id, ticket = asked_about_a_remark()
    add_notes.one(SYSTEM, AddNote(ticket.pk, "n1", "买家说周六都在家"))
    end(ticket)
    page = text(client_of(make.make_person("warehouse")), f"/orders/{order_id}/")
    assert "买家说周六都在家" not in page and "周六还是周日？" not in page and "客服答复" in page


def test_an_answer_of_before_is_no_answer_to_what_was_found_since(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id, ticket = asked_about_a_remark()
    add_notes.one(SYSTEM, AddNote(ticket.pk, "n1", "买家说周六都在家"))
    end(ticket)
    client.post(
        reverse("intake-decide", args=[order_id]),
        {"code": "buyer_remark", "reason": "周六送", "form_token": "p1"},
        headers=HTMX,
    )
    stage.at(monkeypatch, make.NOON + timedelta(hours=2))
    hold_orders.one(SYSTEM, HoldOrder(order_id, "short_pick"))
    assert "客服已答复" not in text(client, "/")
    assert "问的是" not in text(client, f"/orders/{order_id}/")


def test_customer_service_is_asked_about_several_orders_at_once(client: Client) -> None:
    shop, sku = stage.shop_with()
    ids = [make.make_order(shop, make.received_line(sku), buyer_remark="周末送") for _ in range(2)]
    door = reverse("tickets-ask-orders")
    assert door in text(client, "/orders/?tab=held") and door not in text(client, "/orders/?tab=shipped")
    assert door not in text(client_of(make.make_person("warehouse")), "/orders/?tab=held")
    client.post(door, {"ids": ids, "reason": "周六还是周日？", "form_token": "b1"}, headers=HTMX)
    assert set(Ticket.objects.values_list("order_id", flat=True)) == set(ids)
    assert client_of(make.make_person("warehouse")).post(door, {"ids": ids, "reason": "问"}).status_code == 403


def short_order() -> int:
    shop, sku = stage.shop_with(1)
    return make.make_order(shop, make.received_line(sku, 3))


def test_a_line_that_waits_says_for_what(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    short_order()
    make.make_order(make.make_shop(), make.received_line(None, outer_code="OLD-1"))
    page = text(client, "/")
    assert "缺货 · 等到货" in page and "商品未匹配 · 等商品专员建编码" in page
    stage.at(monkeypatch, make.NOON + timedelta(hours=37))  # now somebody has to decide
    assert "等到货" not in text(client, "/")


def test_that_the_buyer_waits_is_noted_from_the_page(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    order_id = short_order()
    stage.at(monkeypatch, make.NOON + timedelta(hours=72))
    door = reverse("intake-wait", args=[order_id])
    assert door in text(client, f"/orders/{order_id}/")
    assert "等到哪天" in text(client, door)
    day = (make.NOON + timedelta(days=6)).date()
    refused = client.post(door, {"until": "2020-01-01", "reason": "等", "form_token": "w1"}, headers=HTMX)
    assert refused.status_code == 422 and "请填明天或更晚的日期" in refused.content.decode()
    client.post(door, {"until": day.isoformat(), "reason": "买家同意等补货", "form_token": "w2"}, headers=HTMX)
    page = text(client, f"/orders/{order_id}/")
    assert f"买家同意等到 {day:%m-%d}，到货后自动配给。" in page and "买家改等到另一天" in page
    assert f"买家同意等货到 {day}" in page and "买家同意等补货" in page  # in the time line
    assert "到这时货还没到，会回到工作台" in page
    work = text(client, "/")
    assert f"缺货 · 买家同意等到 {day:%m-%d}" in work
    assert "还没到时候" in work and "已超时" not in work


def test_a_price_below_the_floor_leads_to_prices_and_promotions_and_can_be_kept_back(client: Client) -> None:
    shop = make.make_shop()
    sku = make.make_sku(floor_minor=5_000)
    make.stock_up(sku, shop.default_warehouse, 9)  # type: ignore[arg-type]
    order_id = make.make_order(shop, make.received_line(sku, price_minor=100))
    assert "odd_price" in stage.state_of(order_id)[1]
    page = text(client, f"/orders/{order_id}/")
    assert f"{reverse('listing-products')}?tab=all&amp;q={sku.code}" in page and reverse("promotions") in page
    prices = f"{reverse('price-plans')}?tab=all&amp;q={sku.code}"
    assert prices in text(client_of(make.make_person("operations_supervisor")), f"/orders/{order_id}/")
    hold = reverse("intake-hold")
    assert page.count(f'action="{hold}"') == 2 and "处理时限" in page  # at the exception and in the menu
    client.post(hold, {"ids": order_id, "reason": "问商品专员底价", "form_token": "h"}, headers=HTMX)
    kept = text(client, f"/orders/{order_id}/")
    assert f'action="{hold}"' not in kept and "已留单，到这时之前不用处理" in kept and "发货时限</span>" in kept
    assert "已留单：问商品专员底价" in text(client, "/")


def test_who_can_make_the_code_is_not_told_that_nothing_is_to_be_done_here() -> None:
    order_id = make.make_order(make.make_shop(), make.received_line(None, outer_code="OLD-1"))
    assert "不用在这里处理" in text(client_of(make.make_person("order_specialist")), f"/orders/{order_id}/")
    page = text(client_of(make.make_person("product_specialist")), f"/orders/{order_id}/")
    assert "不用在这里处理" not in page and reverse("listing-codes") in page


def test_the_clock_at_the_head_has_a_name(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    order_id = short_order()
    head = text(client, f"/orders/{order_id}/").split("</header>")[0]
    page = text(client, f"/orders/{order_id}/")
    assert "发货时限</span><time" in page, head
    stage.at(monkeypatch, make.NOON + timedelta(hours=37))
    assert "处理时限</span><time" in text(client, f"/orders/{order_id}/")


def test_the_goods_are_cards_on_a_phone_and_the_advice_names_no_side(client: Client) -> None:
    shop, sku = stage.shop_with()
    order_id = make.make_order(shop, make.received_line(sku), buyer_remark="周末送")
    page = text(client, f"/orders/{order_id}/")
    assert 'data-label="实付"' in page and 'data-label="实付合计"' in page
    assert "右侧" not in page and "“收货人”里的“买家留言”" in page
