"""S1.2: the order desk asks customer service to reach a buyer, and nobody else may by this door."""

import pytest

from shopkeeper.flows.service.tickets.commands.ask_service import AskService, ask_service
from shopkeeper.flows.service.tickets.commands.open_tickets import OpenTicket, open_tickets
from shopkeeper.flows.service.tickets.models import Ticket, TicketNote
from shopkeeper.shared.errors import BusinessError
from tests import factories as make
from tests.flows.service.tickets.stage import actor_of, make_ticket

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
