"""O1.3: the order's page says what becomes of a customer's wish, and leads to the buyer by customer service."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from shopkeeper.flows.service.tickets.commands.answer_changes import AnswerChange, answer_changes
from shopkeeper.flows.service.tickets.commands.request_changes import RequestChange, request_changes
from shopkeeper.flows.service.tickets.commands.wishes import ReceiverWish
from shopkeeper.flows.service.tickets.models import Ticket
from shopkeeper.foundation.actor import SYSTEM
from tests import factories as make
from tests.flows.fulfilment.intake import stage
from tests.flows.fulfilment.intake.pages.test_pages import HTMX, client_of, text

pytestmark = [pytest.mark.django_db, pytest.mark.clause("O1.3")]
HOME = ReceiverWish("李雷", "13700005678", "江苏省", "南京市", "鼓楼区", "中山北路1号2栋303室")


@pytest.fixture
def client() -> Iterator[Client]:
    yield client_of(make.make_person("order_specialist"))


def wished(kind: str, order_id: int) -> int:
    receiver = HOME if kind == "address" else None
    outcome = request_changes.one(SYSTEM, RequestChange(order_id, kind, "other", receiver=receiver))
    assert outcome.changed and outcome.id
    return outcome.id


def test_while_it_is_made_the_page_says_whose_it_is_and_offers_no_passing(client: Client) -> None:
    shop, sku = stage.shop_with()
    order_id = make.make_order(shop, make.received_line(sku), receiver=make.received_receiver(phone="12"))
    change = wished("address", order_id)
    page = text(client, f"/orders/{order_id}/")
    assert "客户要求改地址" in page and "正在通知平台" in page and "核对新地址后放行" not in page
    assert reverse("tickets-change", args=[change]) in page
    assert "全部放行" not in page and reverse("tickets-change-order", args=[order_id]) not in page
    answer_changes.one(SYSTEM, AnswerChange(change, "by_hand", "no_platform"))
    assert "等客服在平台后台改好地址并登记" in text(client, f"/orders/{order_id}/")


def test_a_cancellation_says_that_the_buyer_has_to_apply(client: Client) -> None:
    order_id = stage.clean_order(*stage.shop_with())
    change = wished("cancel", order_id)
    answer_changes.one(SYSTEM, AnswerChange(change, "by_hand", "buyer_must_apply"))
    page = text(client, f"/orders/{order_id}/")
    assert "等买家在平台申请退款" in page
    assert "处理好留单原因后放行" not in page and "办妥后自动放行" not in page


def test_what_came_to_nothing_is_said_and_passed_with_a_reason(client: Client) -> None:
    order_id = stage.clean_order(*stage.shop_with())
    change = wished("address", order_id)
    answer_changes.one(SYSTEM, AnswerChange(change, "refused", "not_changeable"))
    page = text(client, f"/orders/{order_id}/")
    assert "改单没办成：客户要的是新地址（见改单），订单仍是原地址" in page and "放行原因" in page
    assert reverse("tickets-change", args=[change]) in page and "改地址没办成</span>" in page
    assert "代改地址" in page and reverse("tickets-ask", args=[order_id]) in page
    door = reverse("intake-decide", args=[order_id])
    client.post(door, {"code": "address_changed", "form_token": "w1"}, headers=HTMX)
    assert stage.state_of(order_id)[1] == ["address_changed"]
    client.post(door, {"code": "address_changed", "reason": "买家同意", "form_token": "w2"}, headers=HTMX)
    assert stage.state_of(order_id)[1] == []


def test_service_is_asked_to_reach_the_buyer_and_the_page_shows_its_ticket(client: Client) -> None:
    shop, sku = stage.shop_with()
    order_id = make.make_order(shop, make.received_line(sku), receiver=make.received_receiver(phone="12"))
    door = reverse("tickets-ask", args=[order_id])
    page = text(client, f"/orders/{order_id}/")
    assert door in page and "本单的工单" not in page
    client.post(door, {"code": "bad_phone", "reason": "电话不对", "form_token": "a1"}, headers=HTMX)
    ticket = Ticket.objects.get()
    assert (ticket.order_id, ticket.kind, ticket.state) == (order_id, "address_change", "open")
    page = text(client, f"/orders/{order_id}/")
    assert ticket.number in page and "待分派" in page and door not in page
    served = client_of(make.make_person("customer_service"))
    shown = text(served, f"/tickets/{ticket.pk}/")
    assert "订单专员请问买家" in shown and "电话不对" in shown
    warehouse = client_of(make.make_person("warehouse"))
    assert warehouse.post(door, {"reason": "问一下"}).status_code == 403
