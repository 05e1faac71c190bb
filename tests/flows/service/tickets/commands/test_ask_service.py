"""S1.2: the order desk asks customer service to reach a buyer, and nobody else may by this door."""

from datetime import timedelta

import pytest
from django.urls import reverse

from shopkeeper.flows.service.tickets.commands.add_notes import AddNote, add_notes
from shopkeeper.flows.service.tickets.commands.ask_service import AskService, ask_service
from shopkeeper.flows.service.tickets.commands.assign_tickets import AssignTicket, assign_tickets
from shopkeeper.flows.service.tickets.commands.end_tickets import ResolveTicket, resolve_tickets
from shopkeeper.flows.service.tickets.commands.open_tickets import OpenTicket, open_tickets
from shopkeeper.flows.service.tickets.models import Ticket, TicketNote
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.shared.errors import BusinessError
from shopkeeper.sop.models import Deadline
from tests import factories as make
from tests.flows.fulfilment.intake.pages.test_pages import client_of, text
from tests.flows.service.tickets.stage import actor_of, make_agent, make_ticket

pytestmark = [pytest.mark.django_db, pytest.mark.clause("S1.2")]


def test_a_ticket_stands_in_services_queue_with_the_reason_as_its_note() -> None:
    shop = make.make_shop()
    order_id = make.make_order(shop, make.received_line())
    specialist = actor_of(make.make_person("order_specialist"))
    outcome = ask_service.one(specialist, AskService(order_id, "电话少一位，请问清楚", "address_change"))
    ticket = Ticket.objects.get(pk=outcome.id)
    assert (ticket.order_id, ticket.kind, ticket.state, ticket.channel) == (order_id, "address_change", "open", "form")
    assert TicketNote.objects.filter(ticket=ticket, made_by=specialist.id).count() == 1
    again = ask_service.one(specialist, AskService(order_id, "再问一次"))
    assert (again.code, again.id) == ("unchanged", ticket.pk)
    assert ask_service.one(specialist, AskService(order_id, " ")).code == "reason_needed"
    Ticket.objects.update(state="closed", resolved_at=ticket.opened_at, closed_at=ticket.opened_at)
    assert ask_service.one(specialist, AskService(order_id, "又有问题")).changed


def test_an_order_that_service_speaks_about_already_is_left_to_them() -> None:
    shop = make.make_shop()
    order_id = make.make_order(shop, make.received_line())
    ticket = make_ticket(shop, "什么时候发货", order_id=order_id)
    outcome = ask_service.one(actor_of(make.make_person("order_specialist")), AskService(order_id, "问地址"))
    assert (outcome.code, outcome.id) == ("unchanged", ticket.pk)


def test_only_the_order_desk_may_ask_and_it_may_open_nothing_else() -> None:
    shop = make.make_shop()
    order_id = make.make_order(shop, make.received_line())
    for role in ("warehouse", "product_specialist", "market", "design", "data_specialist"):
        with pytest.raises(BusinessError):
            ask_service.one(actor_of(make.make_person(role)), AskService(order_id, "问一下"))
    specialist = actor_of(make.make_person("order_specialist"))
    with pytest.raises(BusinessError):
        open_tickets.one(specialist, OpenTicket(shop.pk, "phone", "x-1", "随便"))
    other = actor_of(make.make_person("order_specialist", shops=[make.make_shop()]), shops=[make.make_shop()])
    assert ask_service.one(other, AskService(order_id, "问一下")).code == "not_found"
    assert not Ticket.objects.exists()


def test_while_the_buyer_is_asked_the_order_desk_has_nothing_to_decide_and_reads_the_answer() -> None:
    shop = make.make_shop()
    order_id = make.make_order(shop, make.received_line())
    person = make.make_person("order_specialist")
    duty = Deadline.objects.filter(kind="decide_holds", subject_id=order_id)
    before = duty.get().due_at
    assert duty.get().opens_at is None
    ask_service.one(actor_of(person), AskService(order_id, "六十件没有下错吧？"))
    ticket = Ticket.objects.get()
    assert duty.get().opens_at == ticket.resolve_due_at
    assert "客服在联系买家" in text(client_of(person), "/")
    agent, _ = make_agent()
    assign_tickets.one(SYSTEM, AssignTicket(ticket.pk))
    Ticket.objects.update(first_reply_at=make.NOON)
    add_notes.one(agent, AddNote(ticket.pk, "n1", "买家说是公司采购，六十件没错"))
    page = text(client_of(person), reverse("tickets-ticket", args=[ticket.pk]))
    assert "六十件没有下错吧" in page
    assert "买家说是公司采购" in page
    assert reverse("tickets-note", args=[ticket.pk]) not in page
    assert resolve_tickets.one(agent, ResolveTicket(ticket.pk, "answered")).changed
    assert duty.get().opens_at is None
    assert duty.get().due_at <= before + timedelta(hours=24)


def test_notes_of_other_tickets_stay_with_those_who_handle_them() -> None:
    shop = make.make_shop()
    order_id = make.make_order(shop, make.received_line())
    ticket = make_ticket(shop, "什么时候发货", order_id=order_id)
    add_notes.one(actor_of(make.make_person("customer_service")), AddNote(ticket.pk, "n1", "客户是老邻居"))
    page = text(client_of(make.make_person("order_specialist")), reverse("tickets-ticket", args=[ticket.pk]))
    assert "客户是老邻居" not in page
