"""S1.2: tickets opened once, classified, given to whoever can and carries the least."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from shopkeeper.flows.service.tickets.commands.assign_tickets import AssignTicket, assign_tickets
from shopkeeper.flows.service.tickets.commands.open_tickets import open_tickets
from shopkeeper.flows.service.tickets.commands.set_agents import SetAgent, set_agents
from shopkeeper.flows.service.tickets.commands.set_presence import SetPresence, set_presence
from shopkeeper.flows.service.tickets.models import Agent, Ticket
from shopkeeper.flows.service.tickets.permissions import Permission
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.personal import blind_index, open_json
from shopkeeper.shared.errors import NotAllowed
from shopkeeper.sop import sweeper
from shopkeeper.sop.models import Deadline
from tests import factories as make
from tests.databases import FreshDatabase
from tests.flows.service.tickets.stage import NOON, at, make_agent, make_ticket, ticket_item, was_late

pytestmark = pytest.mark.clause("S1.2")


def clocks(ticket: Ticket) -> dict[str, object]:
    rows = Deadline.objects.filter(kind__startswith="ticket_", subject_id=ticket.pk)
    return {row.kind: row.due_at for row in rows}


def test_a_ticket_is_classified_sealed_and_timed(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, NOON)
    shop = make.make_shop()
    order = make.make_order(shop, make.received_line())
    ticket = make_ticket(
        shop, "地址写错了，帮我改地址", order_id=order, customer_name="王小丽", customer_phone="13900001234"
    )
    assert (ticket.stage, ticket.kind, ticket.priority, ticket.state) == (
        "in_sale",
        "address_change",
        "urgent",
        "open",
    )
    assert "改地址" in ticket.suggestion_words
    assert ticket.classified_by is None
    assert (ticket.customer_name_masked, ticket.customer_phone_masked) == ("王**", "139****1234")
    assert bytes(ticket.phone_index or b"") == blind_index("phone", "13900001234")
    assert open_json(ticket.subject_id, bytes(ticket.words_sealed))["text"] == "地址写错了，帮我改地址"
    assert clocks(ticket) == {
        "ticket_reply": NOON + timedelta(seconds=10),
        "ticket_resolve": NOON + timedelta(hours=4),
        "ticket_assign": NOON + timedelta(minutes=5),
        "ticket_assign_again": NOON + timedelta(seconds=15),
    }


def test_the_buyers_tickets_and_orders_hang_together(db: None) -> None:
    shop = make.make_shop()
    order = make.make_order(shop, make.received_line(), buyer_ref="open-uid-7")
    with_order = make_ticket(shop, order_id=order)
    before = make_ticket(shop, "有货吗", customer_ref="open-uid-7")
    assert with_order.subject_id == before.subject_id
    assert before.stage == "pre_sale"


def test_the_same_reference_is_one_ticket(db: None) -> None:
    shop, other = make.make_shop(), make.make_shop()
    item = ticket_item(shop, external_ref="F-1")
    first, again = open_tickets(SYSTEM, [item, item])
    assert (first.code, again.code, again.id) == ("done", "unchanged", first.id)
    assert open_tickets.one(SYSTEM, item).id == first.id
    assert open_tickets.one(SYSTEM, ticket_item(other, external_ref="F-1")).changed
    assert Ticket.objects.count() == 2


def test_what_cannot_be_opened_is_refused_with_its_reason(db: None) -> None:
    shop, other = make.make_shop(), make.make_shop()
    elsewhere = make.make_order(other, make.received_line())
    outcomes = open_tickets(
        SYSTEM,
        [
            ticket_item(shop, "  "),
            ticket_item(shop, order_id=elsewhere),
            ticket_item(shop, order_id=10**9),
            ticket_item(shop, agent_id=10**9),
            ticket_item(shop),
        ],
    )
    codes = [outcome.code for outcome in outcomes]
    assert codes == ["text_needed", "order_elsewhere", "order_elsewhere", "agent_unknown", "done"]


def test_who_sees_another_shop_opens_nothing_there(db: None) -> None:
    shop, other = make.make_shop(), make.make_shop()
    actor = make.actor_with(Permission.TICKET_OPEN, shops=[other])
    assert open_tickets.one(actor, ticket_item(shop)).code == "not_found"
    with pytest.raises(NotAllowed):
        open_tickets.one(make.actor_with(), ticket_item(shop))
    assert not Ticket.objects.exists()


def test_it_goes_to_who_can_and_carries_the_least(db: None) -> None:
    shop, other = make.make_shop(), make.make_shop()
    make_agent(shops=[other])  # sees another shop only
    make_agent(presence="away")
    make_agent(kinds=["invoice"])
    make_agent(load=5)
    _, best = make_agent(kinds=["quality"])
    ticket = make_ticket(shop)
    assert (ticket.state, ticket.agent_id) == ("assigned", best.pk)
    assert ticket.first_assigned_at is not None
    assert Agent.objects.get(pk=best.pk).load == 1
    assert "ticket_assign" not in clocks(ticket)


def test_a_batch_is_spread_by_load_and_never_beyond_capacity(db: None) -> None:
    shop = make.make_shop()
    agents = [make_agent(capacity=2)[1], make_agent(capacity=3)[1]]
    open_tickets(SYSTEM, [ticket_item(shop) for _ in range(7)])
    assert [Agent.objects.get(pk=a.pk).load for a in agents] == [2, 3]
    assert Ticket.objects.filter(state="open").count() == 2


def test_opening_costs_the_same_for_one_and_for_many(db: None, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    shop = make.make_shop()
    for _ in range(3):
        make_agent(capacity=100)
    with django_assert_max_num_queries(30) as one:
        open_tickets(SYSTEM, [ticket_item(shop)])
    with django_assert_max_num_queries(30) as many:
        open_tickets(SYSTEM, [ticket_item(shop) for _ in range(60)])
    assert len(many) <= len(one) + 1


def test_nobody_there_the_system_tries_again_until_somebody_comes(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, NOON)
    ticket = make_ticket(make.make_shop())
    at(monkeypatch, NOON + timedelta(seconds=15))
    sweeper.sweep()
    assert clocks(ticket)["ticket_assign_again"] == NOON + timedelta(seconds=30)
    _, agent = make_agent()
    at(monkeypatch, NOON + timedelta(seconds=31))
    sweeper.sweep()
    ticket.refresh_from_db()
    assert ticket.agent_id == agent.pk
    assert not {"ticket_assign", "ticket_assign_again"} & set(clocks(ticket))


def test_one_that_is_not_given_out_in_time_is_late(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, NOON)
    ticket = make_ticket(make.make_shop())
    at(monkeypatch, NOON + timedelta(minutes=6))
    sweeper.sweep()
    assert Deadline.objects.get(kind="ticket_assign", subject_id=ticket.pk).late_at is not None
    make_agent()
    assert assign_tickets.one(SYSTEM, AssignTicket(ticket.pk)).changed
    assert was_late("ticket_assign", ticket.pk)


def test_a_supervisor_assigns_by_hand_and_is_told_why_not(db: None) -> None:
    shop, other = make.make_shop(), make.make_shop()
    ticket = make_ticket(shop)
    supervisor = make.actor_with(Permission.TICKET_ASSIGN)
    assert assign_tickets.one(supervisor, AssignTicket(ticket.pk)).code == "nobody_free"
    _, elsewhere = make_agent(shops=[other])
    assert assign_tickets.one(supervisor, AssignTicket(ticket.pk, elsewhere.pk)).code == "agent_elsewhere"
    assert assign_tickets.one(supervisor, AssignTicket(ticket.pk, 10**9)).code == "agent_unknown"
    _, away = make_agent(presence="away")
    assert assign_tickets.one(supervisor, AssignTicket(ticket.pk, away.pk)).changed  # by hand even who is away
    assert assign_tickets.one(supervisor, AssignTicket(ticket.pk, away.pk)).code == "unchanged"
    _, second = make_agent()
    assert assign_tickets.one(supervisor, AssignTicket(ticket.pk, second.pk)).code == "taken"


def test_whoever_comes_is_given_what_waits_and_whoever_leaves_is_relieved(db: None) -> None:
    shop = make.make_shop()
    ticket = make_ticket(shop)
    actor, agent = make_agent(presence="offline")
    assert set_presence.one(actor, SetPresence("available")).changed
    assert set_presence.one(actor, SetPresence("available")).code == "unchanged"
    ticket.refresh_from_db()
    assert ticket.agent_id == agent.pk
    set_presence.one(actor, SetPresence("offline"))
    ticket.refresh_from_db()
    assert (ticket.state, ticket.agent_id) == ("open", None)
    assert Agent.objects.get(pk=agent.pk).load == 0
    assert "ticket_assign" in clocks(ticket)


def test_presence_is_ones_own_or_the_supervisors_to_set(db: None) -> None:
    _, agent = make_agent()
    other, _ = make_agent()
    assert set_presence.one(other, SetPresence("offline", agent.person_id)).code == "not_yours"
    supervisor = make.actor_with(Permission.PRESENCE_SET, Permission.TICKET_ASSIGN)
    assert set_presence.one(supervisor, SetPresence("offline", agent.person_id)).changed
    assert set_presence.one(supervisor, SetPresence("offline", 10**9)).code == "person_unknown"


def test_skills_are_set_once(db: None) -> None:
    person = make.make_person("customer_service")
    manager = make.actor_with(Permission.AGENT_MANAGE)
    item = SetAgent(person.pk, 8, 3, kinds=("size", "price"), languages=("en",))
    assert set_agents.one(manager, item).changed
    assert set_agents.one(manager, item).code == "unchanged"
    assert set_agents.one(manager, SetAgent(10**9, 1, 1)).code == "person_unknown"
    agent = Agent.objects.get(person=person)
    assert (agent.kinds, agent.languages, agent.capacity, agent.presence) == (["size", "price"], ["en"], 8, "offline")


def test_arrivals_at_the_same_moment_lose_none_and_overload_nobody(fresh_db: FreshDatabase) -> None:
    """Eight requests at once; agents' slots are taken without waiting, and nobody gets more than their capacity."""
    shop = make.make_shop()
    agents = [make_agent(capacity=3)[1].pk for _ in range(2)]
    meet = threading.Barrier(8)

    def arrive() -> None:
        meet.wait(5)
        open_tickets(SYSTEM, [ticket_item(shop)])
        connection.close()

    threads = [threading.Thread(target=arrive) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Ticket.objects.count() == 8
    waiting = list(Ticket.objects.filter(state="open").values_list("pk", flat=True))
    assign_tickets(SYSTEM, [AssignTicket(ticket_id) for ticket_id in waiting])
    loads = {a.pk: a.load for a in Agent.objects.filter(pk__in=agents)}
    assert loads == dict.fromkeys(agents, 3)
    for agent_id in agents:
        assert Ticket.objects.filter(agent_id=agent_id, state="assigned").count() == 3
