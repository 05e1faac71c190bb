"""G2: whose ticket it is decides whose duty it is: not in a colleague's list, named to whoever oversees."""

import pytest
from django.test import Client

from shopkeeper.flows.service.tickets.commands.classify_tickets import ClassifyTicket, classify_tickets
from shopkeeper.flows.service.tickets.commands.open_tickets import open_tickets
from shopkeeper.flows.service.tickets.commands.take_tickets import TakeTicket, take_tickets
from shopkeeper.flows.service.tickets.commands.talk_on_tickets import NoteReply, note_replies
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.models import Person
from shopkeeper.sop.models import Deadline
from shopkeeper.sop.queries.work import CountRow, work_counts, work_of
from shopkeeper.sop.roles import Role
from shopkeeper.web.visitor import actor_of
from tests import factories as make
from tests.flows.service.tickets import stage

pytestmark = [pytest.mark.django_db, pytest.mark.clause("G2")]


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, stage.NOON)


def listed(actor: Actor, query: str = "") -> str:
    client = Client()
    client.cookies["sk_lang"] = "en"
    client.force_login(Person.objects.get(pk=actor.id), backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(f"/{query or '?flow='}")
    assert answer.status_code == 200
    return answer.content.decode()


def counts_of(actor: Actor) -> CountRow:
    seen = actor_of(actor.id)
    assert seen is not None
    return work_counts(seen, stage.NOON)


def held_ticket() -> tuple[str, Actor, Actor]:
    """A ticket in the hand of the first of two agents."""
    (holder, _), (colleague, _) = stage.make_agent(presence="offline"), stage.make_agent(presence="offline")
    ticket = stage.make_ticket(make.make_shop())
    assert take_tickets.one(holder, TakeTicket(ticket.pk)).changed
    return ticket.number, holder, colleague


def test_a_ticket_stands_in_the_list_of_the_agent_who_has_it_and_of_no_colleague() -> None:
    number, holder, colleague = held_ticket()
    own = listed(holder)
    assert number in own and "Take it" not in own
    assert number in listed(holder, "?whose=mine")
    for query in ("", "?whose=mine", "?whose=all"):
        assert number not in listed(colleague, query), query
    assert counts_of(holder).open == 1  # to answer; to solve comes after it
    assert counts_of(colleague).open == 0


def test_what_nobody_has_stands_in_everybodys_list_and_is_counted_there() -> None:
    (one, _), (other, _) = stage.make_agent(presence="offline"), stage.make_agent(presence="offline")
    number = stage.make_ticket(make.make_shop()).number
    for agent in (one, other):
        assert number in listed(agent)
        assert number not in listed(agent, "?whose=mine")
        assert counts_of(agent).open == 2  # to take, to answer


def test_who_oversees_sees_what_was_escalated_with_the_name_and_apart_from_their_own() -> None:
    number, holder, _ = held_ticket()
    supervisor = stage.actor_of(make.make_person(Role.OPERATIONS_SUPERVISOR))
    assert number not in listed(supervisor)
    Deadline.objects.filter(kind="ticket_reply").update(late_at=stage.NOON, escalated_at=stage.NOON)
    page = listed(supervisor)
    assert number in page and holder.name in page and "Of other roles, escalated to you" in page
    counts = work_counts(supervisor, stage.NOON, with_overseen=True)
    assert (counts.open, counts.overdue, counts.overseen) == (0, 0, 1)
    assert [row.holder for row in work_of(supervisor, part="overseen")] == [holder.name]
    assert work_of(supervisor, part="own") == []


def test_to_resolve_waits_for_the_first_reply_and_says_what_it_is_about() -> None:
    agent, _ = stage.make_agent(presence="offline")
    shop = make.make_shop()
    order_id = make.make_order(shop, make.received_line())
    ticket = stage.make_ticket(shop, "物流没更新", order_id=order_id)
    duty = Deadline.objects.filter(kind="ticket_resolve", subject_id=ticket.pk)
    due_at = duty.get().due_at
    assert stage.NOON < (duty.get().opens_at or stage.NOON) < due_at
    page = listed(agent)
    assert "the first reply comes first" in page
    assert f"JY{order_id:010d}" in page
    assert take_tickets.one(agent, TakeTicket(ticket.pk)).changed
    assert classify_tickets.one(agent, ClassifyTicket(ticket.pk, "address_change", "urgent")).changed
    assert duty.get().opens_at is not None and duty.get().due_at < due_at
    assert note_replies.one(agent, NoteReply(ticket.pk)).changed
    assert duty.get().opens_at is None
    assert f"Resolve a ticket: Address change JY{order_id:010d}" in listed(agent)


def test_written_down_from_the_phone_it_is_to_be_resolved_at_once() -> None:
    agent, _ = stage.make_agent(presence="offline")
    outcome = open_tickets.one(agent, stage.ticket_item(make.make_shop(), channel="phone"))
    assert Deadline.objects.get(kind="ticket_resolve", subject_id=outcome.id).opens_at is None
