"""The pages of tickets, changes, interceptions, knowledge and agents, through Django's client."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shopkeeper.flows.service.tickets.commands.answer_changes import AnswerChange, answer_changes
from shopkeeper.flows.service.tickets.commands.request_changes import RequestChange, request_changes
from shopkeeper.flows.service.tickets.commands.set_presence import SetPresence, set_presence
from shopkeeper.flows.service.tickets.models import (
    Agent,
    Article,
    CannedReply,
    Interception,
    Offer,
    OrderChange,
    Ticket,
)
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.models import Person, Shop
from tests import factories as make
from tests.flows.fulfilment.parcels import making
from tests.flows.service.tickets.stage import NOON, actor_of, make_ticket

pytestmark = pytest.mark.clause("S1.2")
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def clock(db: None, settings: Any) -> Iterator[None]:
    settings.SHOPKEEPER_CLOCK = "simulated"
    business_time.set_simulated(NOON)
    yield


def signed_in(*roles: str, shops: list[Shop] | None = None) -> tuple[Client, Person]:
    person = make.make_person(*(roles or ("customer_service",)), shops=shops)
    client = Client()
    client.force_login(person)
    return client, person


def agent_signed_in(**fields: Any) -> tuple[Client, Person]:
    """Somebody of customer service at work, not yet available."""
    client, person = signed_in(**fields)
    set_presence.one(actor_of(person), SetPresence("busy"))
    return client, person


def text_of(client: Client, name: str, *args: int, query: str = "") -> str:
    response = client.get(reverse(name, args=args) + query)
    assert response.status_code == 200, response
    return response.content.decode()


def post(client: Client, url_name: str, /, *args: int, **fields: Any) -> Any:
    return client.post(reverse(url_name, args=args), fields)


def test_the_list_shows_what_is_due_first_and_hides_who_it_is() -> None:
    shop = make.make_shop()
    client, _ = agent_signed_in()
    make_ticket(shop, "有货吗", customer_name="王小丽", customer_phone="13900001234")
    urgent = make_ticket(shop, "帮我取消订单", order_id=make.make_order(shop, make.received_line()))
    page = text_of(client, "tickets-tickets", query="?tab=open")
    assert "取消订单" in page and "王**" in page and urgent.number in page
    assert "王小丽" not in page and "13900001234" not in page
    assert "这里没有工单" in text_of(client, "tickets-tickets")  # mine: none
    found = text_of(client, "tickets-tickets", query="?tab=all&q=1234")
    assert "王**" in found and urgent.number not in found
    counters = text_of(client, "tickets-tickets", query="?counts=1")
    assert ">2<" in counters.replace(" ", "")


def test_a_ticket_from_take_to_close() -> None:
    shop = make.make_shop()
    client, person = agent_signed_in()
    ticket = make_ticket(shop, f"衣服破损 {SCRIPT}")
    page = text_of(client, "tickets-ticket", ticket.pk)
    assert SCRIPT not in page and "&lt;script&gt;" in page
    assert "“破损”" in page and "质量问题" in page
    assert post(client, "tickets-take", ticket.pk).status_code == 302
    post(client, "tickets-classify", ticket.pk, kind="return_exchange", priority="high")
    post(client, "tickets-replied", ticket.pk)
    post(client, "tickets-note", ticket.pk, note_ref="n1", text=f"等照片 {SCRIPT}")
    post(client, "tickets-wait", ticket.pk)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.kind, ticket.agent.person_id) == ("waiting", "return_exchange", person.pk)  # type: ignore[union-attr]
    page = text_of(client, "tickets-ticket", ticket.pk)
    assert "等照片" in page and SCRIPT not in page
    post(client, "tickets-resume", ticket.pk)
    post(client, "tickets-resolve", ticket.pk, resolution="after_sale")
    supervisor, _ = signed_in("operations_supervisor")
    assert post(supervisor, "tickets-close", ticket.pk).status_code == 302
    post(client, "tickets-reopen", ticket.pk, reason="又来问")
    ticket.refresh_from_db()
    assert (ticket.state, ticket.reopened_count) == ("assigned", 1)


def test_a_refusal_is_said_and_nothing_done() -> None:
    shop = make.make_shop()
    client, _ = agent_signed_in()
    ticket = make_ticket(shop)
    post(client, "tickets-resolve", ticket.pk, resolution="answered")
    assert "未在任何人手上" in text_of(client, "tickets-ticket", ticket.pk)
    post(client, "tickets-hand-over", ticket.pk)
    assert "表单没有填完整" in text_of(client, "tickets-ticket", ticket.pk)


def test_another_shops_ticket_is_not_found() -> None:
    shop, other = make.make_shop(), make.make_shop()
    ticket = make_ticket(shop)
    client, _ = agent_signed_in(shops=[other])
    assert client.get(reverse("tickets-ticket", args=[ticket.pk])).status_code == 404
    assert post(client, "tickets-take", ticket.pk).status_code == 404
    assert ticket.number not in text_of(client, "tickets-tickets", query="?tab=open")
    stranger, _ = signed_in("market")
    assert stranger.get(reverse("tickets-ticket", args=[ticket.pk])).status_code == 403


def test_who_does_not_handle_tickets_does_not_read_the_words() -> None:
    ticket = make_ticket(make.make_shop(), "衣服破损，非常生气")
    client, _ = signed_in("order_specialist")
    page = text_of(client, "tickets-ticket", ticket.pk)
    assert "非常生气" not in page and "加密保存" in page


def test_written_down_from_the_phone_it_knows_the_order() -> None:
    shop = make.make_shop()
    client, person = agent_signed_in()
    order = make.make_order(shop, make.received_line())
    number = f"JY{order:010d}"
    fields = {"shop_id": shop.pk, "channel": "phone", "text": "物流没更新", "external_ref": "call-1"}
    assert post(client, "tickets-new", **fields, order_number=number).status_code == 302
    ticket = Ticket.objects.get()
    assert (ticket.order_id, ticket.stage, ticket.kind, ticket.opened_by) == (order, "in_sale", "logistics", person.pk)
    assert ticket.first_reply_at is not None  # somebody is talking to them
    wrong = post(client, "tickets-new", **{**fields, "external_ref": "call-2"}, order_number="JY999")
    assert wrong.status_code == 422 and "订单不属于这家店铺" in wrong.content.decode()


def test_chosen_tickets_are_taken_and_assigned_together() -> None:
    shop = make.make_shop()
    client, person = agent_signed_in()
    tickets = [make_ticket(shop) for _ in range(2)]
    client.post(reverse("tickets-take-chosen"), {"ids": [t.pk for t in tickets], "list_query": ""})
    assert Ticket.objects.filter(agent__person=person, state="assigned").count() == 2
    third = make_ticket(shop)
    Agent.objects.update(presence="available")
    supervisor, _ = signed_in("operations_supervisor")
    supervisor.post(reverse("tickets-assign-chosen"), {"ids": [third.pk], "list_query": ""})
    third.refresh_from_db()
    assert third.state == "assigned"


@pytest.mark.clause("S2.2")
def test_what_is_offered_follows_the_orders_state() -> None:
    shop = make.make_shop()
    client, _ = agent_signed_in()
    waiting = make_ticket(shop, "改地址", order_id=make.make_order(shop, make.received_line()))
    page = text_of(client, "tickets-ticket", waiting.pk)
    assert "改收货地址" in page and "拦截包裹" not in page
    sent = making.sent_parcel(shop=shop)
    shipped = make_ticket(shop, "改地址", order_id=sent.order_id)
    page = text_of(client, "tickets-ticket", shipped.pk)
    assert "改收货地址" not in page and f"拦截包裹 {sent.number}" in page


@pytest.mark.clause("S2.2")
def test_a_change_from_form_to_evidence() -> None:
    shop = make.make_shop()
    client, _ = agent_signed_in()
    order = make.make_order(shop, make.received_line())
    assert "改地址" in text_of(client, "tickets-change-order", order, query="?kind=address")
    bad = post(
        client, "tickets-change-order", order, kind="address", reason="wrong_address", city="南京市", name="李雷"
    )
    assert bad.status_code == 422 and not OrderChange.objects.exists()
    fields = {
        "kind": "address", "reason": "wrong_address", "name": "李雷", "phone": "13700005678", "province": "江苏省",
        "city": "南京市", "district": "鼓楼区", "address": "中山北路1号2栋303室",
    }  # fmt: skip
    assert post(client, "tickets-change-order", order, **fields).status_code == 302
    change = OrderChange.objects.get()
    listed = text_of(client, "tickets-changes", query="?tab=requested")
    assert f"JY{order:010d}" in listed and "李雷" not in listed
    record = text_of(client, "tickets-change", change.pk)
    assert "中山北路1号****" in record and "2栋303室" not in record
    answer_changes.one(SYSTEM, AnswerChange(change.pk, "by_hand", "no_platform"))
    assert "平台没有接口" in text_of(client, "tickets-change", change.pk)
    assert post(client, "tickets-change-confirm", change.pk, evidence="后台可见").status_code == 302
    change.refresh_from_db()
    assert change.state == "acknowledged"


@pytest.mark.clause("S2.2")
def test_a_cancellation_is_withdrawn() -> None:
    shop = make.make_shop()
    client, _ = agent_signed_in()
    order = make.make_order(shop, make.received_line())
    outcome = request_changes.one(SYSTEM, RequestChange(order, "cancel", "changed_mind"))
    assert post(client, "tickets-change-withdraw", outcome.id or 0, reason="客户又要了").status_code == 302
    assert OrderChange.objects.get().state == "withdrawn"


@pytest.mark.clause("S2.2")
def test_an_interception_from_form_to_the_courier_on_the_phone() -> None:
    client, _ = agent_signed_in()
    parcel = making.sent_parcel()
    assert "拦截包裹" in text_of(client, "tickets-intercept", parcel.pk)
    bad = post(client, "tickets-intercept", parcel.pk, kind="redirect", reason="away", name="李雷")
    assert bad.status_code == 422
    assert post(client, "tickets-intercept", parcel.pk, kind="return", reason="changed_mind").status_code == 302
    interception = Interception.objects.get()
    assert parcel.number in text_of(client, "tickets-interceptions")
    answer = post(client, "tickets-interception-answer", interception.pk, accepted="1", evidence="8012 受理")
    assert answer.status_code == 302
    interception.refresh_from_db()
    assert interception.state == "accepted"
    assert "快递答复" in text_of(client, "tickets-interception", interception.pk)


@pytest.mark.clause("S2.1")
def test_knowledge_is_written_published_found_and_read() -> None:
    writer, _ = signed_in("operations_supervisor")
    fields = {
        "code": "return-freight",
        "title": "退货运费谁出",
        "body": "质量问题由商家承担运费。",
        "kind": "return_exchange",
    }
    assert post(writer, "tickets-article-new", **fields).status_code == 302
    article = Article.objects.get()
    client, _ = agent_signed_in()
    assert "退货运费谁出" not in text_of(client, "tickets-articles", query="?q=运费")
    assert post(writer, "tickets-article-publish", article.pk).status_code == 302
    assert "退货运费谁出" in text_of(client, "tickets-articles", query="?q=运费")
    assert "退货运费谁出" not in text_of(client, "tickets-articles", query="?q=尺码")
    post(writer, "tickets-article-edit", article.pk, title="退货运费谁出", body="改了。", kind="return_exchange")
    read = text_of(client, "tickets-article", article.pk)
    assert "改了。" in read and "质量问题由商家承担运费。" in read
    ticket = make_ticket(make.make_shop(), "退货运费谁出")
    assert "退货运费谁出" in text_of(client, "tickets-ticket", ticket.pk)
    assert post(writer, "tickets-article-retire", article.pk).status_code == 302
    assert client.post(reverse("tickets-article-publish", args=[article.pk])).status_code == 403


@pytest.mark.clause("S2.1")
def test_canned_replies_are_filled_from_live_facts() -> None:
    shop = make.make_shop()
    writer, _ = signed_in("operations_supervisor")
    fields = {
        "shortcut": "wl",
        "title": "物流",
        "text": "订单{order}，单号{parcel}，库存{stock}，现价{price}",
        "is_active": "1",
    }
    assert post(writer, "tickets-reply-new", **fields).status_code == 302
    bad = post(writer, "tickets-reply-new", **{**fields, "shortcut": "x", "text": "{phone}"})
    assert bad.status_code == 422 and "{phone}" in bad.content.decode()
    reply = CannedReply.objects.get()
    assert "/wl" in text_of(writer, "tickets-replies")
    assert post(writer, "tickets-reply", reply.pk, title="物流", text=fields["text"], is_active="1").status_code == 302
    client, _ = agent_signed_in()
    parcel = making.sent_parcel(shop=shop)
    ticket = make_ticket(shop, "物流到哪了", order_id=parcel.order_id)
    page = text_of(client, "tickets-ticket", ticket.pk)
    assert f"订单JY{parcel.order_id:010d}" in page and f"{parcel.number}，库存" in page
    plain = make_ticket(shop, "有货吗")
    assert "〔待补〕" in text_of(client, "tickets-ticket", plain.pk)


@pytest.mark.clause("S2.1")
def test_a_product_is_found_and_shown_with_its_price() -> None:
    shop = make.make_shop()
    client, _ = agent_signed_in()
    sku = make.make_sku(name="纯棉白T恤", price_minor=8_800)
    make.stock_up(sku, shop.default_warehouse, 9)  # type: ignore[arg-type]
    ticket = make_ticket(shop, "有货吗")
    page = text_of(client, "tickets-ticket", ticket.pk, query="?product=白T")
    assert "纯棉白T恤" in page and "88.00" in page
    assert post(client, "tickets-offer", ticket.pk, sku_id=sku.pk).status_code == 302
    assert Offer.objects.get().price_minor == 8_800
    assert "已推荐" in text_of(client, "tickets-ticket", ticket.pk)


def test_agents_are_seen_set_and_set_themselves() -> None:
    client, person = agent_signed_in()
    supervisor, _ = signed_in("operations_supervisor")
    assert person.name in text_of(supervisor, "tickets-agents")
    assert client.get(reverse("tickets-agents")).status_code == 403
    assert person.name in text_of(supervisor, "tickets-agent", person.pk)
    fields = {"capacity": 7, "chat_capacity": 2, "kinds": ["size", "price"], "languages": ["zh"]}
    assert post(supervisor, "tickets-agent", person.pk, **fields).status_code == 302
    agent = Agent.objects.get(person=person)
    assert (agent.capacity, agent.kinds, agent.presence) == (7, ["size", "price"], "busy")
    assert post(client, "tickets-presence", presence="available").status_code == 302
    agent.refresh_from_db()
    assert agent.presence == "available"


def test_a_double_click_is_one_note() -> None:
    shop = make.make_shop()
    client, _ = agent_signed_in()
    ticket = make_ticket(shop)
    for _ in range(2):
        post(client, "tickets-note", ticket.pk, note_ref="n1", text="一次", form_token="same")
    assert ticket.notes.count() == 1


def test_the_palette_finds_a_ticket_by_its_number() -> None:
    from shopkeeper.flows.service.tickets.queries.finding import find_tickets

    shop, other = make.make_shop(), make.make_shop()
    ticket = make_ticket(shop)
    _, person = signed_in()
    (hit,) = find_tickets(actor_of(person), ticket.number)
    assert hit.url == reverse("tickets-ticket", args=[ticket.pk])
    assert find_tickets(actor_of(person, shops=[other]), ticket.number) == []
    assert find_tickets(actor_of(person), "退货") == []
