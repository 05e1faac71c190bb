"""S1.2: a colleague's question is shown as one, leads to the buyer, and is answered before it is resolved."""

import pytest
from django.test import Client
from django.urls import reverse

from shopkeeper.flows.service.conversations.models import Conversation
from shopkeeper.flows.service.tickets.commands.ask_service import AskService, ask_service
from shopkeeper.flows.service.tickets.commands.take_tickets import TakeTicket, take_tickets
from shopkeeper.flows.service.tickets.models import Ticket, TicketNote
from shopkeeper.foundation.models import Person
from tests import factories as make
from tests.flows.service.tickets import stage
from tests.flows.service.tickets.test_pages import post, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.clause("S1.2")]


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, stage.NOON)


def client_of(person_id: int) -> Client:
    client = Client()
    client.cookies["sk_lang"] = "zh"
    client.force_login(Person.objects.get(pk=person_id), backend="django.contrib.auth.backends.ModelBackend")
    return client


def asked(kind: str = "address_change") -> tuple[Client, Ticket]:
    """A question of the order desk's in an agent's hand."""
    order_id = make.make_order(make.make_shop(), make.received_line())
    specialist = stage.actor_of(make.make_person("order_specialist"))
    outcome = ask_service.one(specialist, AskService(order_id, "地址缺门牌，请问清楚", kind))
    agent, _ = stage.make_agent()
    assert take_tickets.one(agent, TakeTicket(outcome.id or 0)).changed
    return client_of(agent.id), Ticket.objects.get(pk=outcome.id)


def test_it_is_a_colleagues_question_and_leads_to_the_buyer() -> None:
    client, ticket = asked()
    page = text_of(client, "tickets-ticket", ticket.pk)
    assert "订单专员请问买家" in page and "地址缺门牌，请问清楚" in page
    for words in ("客户要改地址", "请选择类型", "确认</p>", "更正并记住", "表单"):
        assert words not in page, words
    assert reverse("personal-reveal", args=["intake.order", ticket.order_id]) in page
    assert "买家正在会话里" not in page
    assert "订单专员" in text_of(client, "tickets-tickets")
    assert "订单专员请问买家" in client.get("/?flow=").content.decode()
    talk = Conversation.objects.create(
        shop=ticket.shop, channel="platform", state="queued", state_at=stage.NOON, subject_id=ticket.subject_id,
        opened_at=stage.NOON, last_at=stage.NOON,
    )  # fmt: skip
    page = text_of(client, "tickets-ticket", ticket.pk)
    assert "买家正在会话里" in page and f"?open={talk.pk}" in page


def test_a_customers_own_ticket_keeps_its_warning_and_its_type() -> None:
    shop = make.make_shop()
    ticket = stage.make_ticket(shop, "改地址", order_id=make.make_order(shop, make.received_line()))
    agent, _ = stage.make_agent()
    page = text_of(client_of(agent.id), "tickets-ticket", ticket.pk)
    assert "客户要改地址" in page and "更正并记住" in page


def test_without_an_answer_it_is_not_resolved_and_with_one_the_order_desk_reads_it() -> None:
    client, ticket = asked()
    assert 'name="answer"' in text_of(client, "tickets-ticket", ticket.pk)
    post(client, "tickets-resolve", ticket.pk, resolution="answered")
    assert "请写明买家怎么说" in text_of(client, "tickets-ticket", ticket.pk)
    client.post(reverse("tickets-resolve-chosen"), {"ids": [ticket.pk], "list_query": ""})
    ticket.refresh_from_db()
    assert ticket.state == "assigned"
    post(client, "tickets-resolve", ticket.pk, resolution="no_answer", answer="打过两次，没人接")
    ticket.refresh_from_db()
    assert (ticket.state, ticket.resolution) == ("resolved", "no_answer")
    assert TicketNote.objects.filter(ticket=ticket).count() == 2
    asker = client_of(make.make_person("order_specialist").pk)
    assert "打过两次，没人接" in text_of(asker, "tickets-ticket", ticket.pk)


def test_what_cannot_be_resolved_yet_is_not_offered_and_a_refusal_keeps_the_choice() -> None:
    ticket = stage.make_ticket(make.make_shop())
    agent, _ = stage.make_agent()
    take_tickets.one(agent, TakeTicket(ticket.pk))
    client = client_of(agent.id)
    page = text_of(client, "tickets-ticket", ticket.pk)
    assert 'disabled aria-describedby="reply-first"' in page
    answer = post(client, "tickets-resolve", ticket.pk, resolution="no_answer", form_token="a1b2c3d4")
    page = client.get(answer["Location"]).content.decode()
    assert "还没有人工回复过客户" in page and answer["Location"].endswith("#resolve")
    assert '<option value="no_answer" selected>' in page


def test_chosen_tickets_are_resolved_together() -> None:
    shop = make.make_shop()
    agent, _ = stage.make_agent()
    tickets = [stage.make_ticket(shop) for _ in range(3)]
    for ticket in tickets:
        take_tickets.one(agent, TakeTicket(ticket.pk))
    Ticket.objects.filter(pk__in=[t.pk for t in tickets[:2]]).update(first_reply_at=stage.NOON)
    client = client_of(agent.id)
    client.post(reverse("tickets-resolve-chosen"), {"ids": [t.pk for t in tickets], "list_query": ""})
    assert Ticket.objects.filter(state="resolved", resolution="answered").count() == 2
    assert "先回复" in text_of(client, "tickets-tickets")
