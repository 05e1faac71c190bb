"""S1.2: a ticket in an agent's hand: taken, corrected, answered, awaited, passed on, ended, reopened."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from shopkeeper.flows.service.tickets.commands.add_notes import AddNote, add_notes
from shopkeeper.flows.service.tickets.commands.assign_tickets import AssignTicket, assign_tickets
from shopkeeper.flows.service.tickets.commands.classify_tickets import ClassifyTicket, classify_tickets
from shopkeeper.flows.service.tickets.commands.end_tickets import (
    CloseTicket,
    ReopenTicket,
    ResolveTicket,
    close_tickets,
    reopen_tickets,
    resolve_tickets,
)
from shopkeeper.flows.service.tickets.commands.hand_over_tickets import HandOverTicket, hand_over_tickets
from shopkeeper.flows.service.tickets.commands.take_tickets import TakeTicket, take_tickets
from shopkeeper.flows.service.tickets.commands.talk_on_tickets import (
    AwaitCustomer,
    NoteReply,
    ResumeTicket,
    await_customers,
    note_replies,
    resume_tickets,
)
from shopkeeper.flows.service.tickets.models import Agent, Correction, KindWeight, Ticket, TicketNote, TicketWait
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.personal import open_json
from shopkeeper.sop import sweeper
from shopkeeper.sop.models import Deadline
from tests import factories as make
from tests.databases import FreshDatabase
from tests.flows.service.tickets.stage import (
    NOON,
    actor_of,
    all_events,
    at,
    events_of,
    make_agent,
    make_ticket,
    was_late,
)

pytestmark = pytest.mark.clause("S1.2")


def load_of(agent: Agent) -> int:
    return Agent.objects.get(pk=agent.pk).load


def test_two_agents_at_one_ticket_the_first_has_it(fresh_db: FreshDatabase) -> None:
    ticket = make_ticket(make.make_shop())
    actors = [make_agent(presence="busy") for _ in range(2)]
    answers: list[str] = []
    meet = threading.Barrier(2)

    def take(n: int) -> None:
        meet.wait(5)
        answers.append(take_tickets.one(actors[n][0], TakeTicket(ticket.pk)).code)
        connection.close()

    threads = [threading.Thread(target=take, args=(n,)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["done", "taken"]
    assert sum(load_of(agent) for _, agent in actors) == 1


def test_taking_needs_an_agent_and_an_open_ticket(db: None) -> None:
    ticket = make_ticket(make.make_shop())
    nobody = actor_of(make.make_person("customer_service"))
    assert take_tickets.one(nobody, TakeTicket(ticket.pk)).code == "not_an_agent"
    actor, _ = make_agent(presence="busy")
    assert take_tickets.one(actor, TakeTicket(ticket.pk)).changed
    assert take_tickets.one(actor, TakeTicket(ticket.pk)).code == "unchanged"
    Ticket.objects.filter(pk=ticket.pk).update(first_reply_at=NOON)
    assert resolve_tickets.one(actor, ResolveTicket(ticket.pk, "answered")).changed
    assert take_tickets.one(actor, TakeTicket(ticket.pk)).code == "ticket_ended"


def test_another_shops_ticket_does_not_exist(db: None) -> None:
    shop, other = make.make_shop(), make.make_shop()
    ticket = make_ticket(shop)
    actor, _ = make_agent(shops=[other])
    for command, item in (
        (take_tickets, TakeTicket(ticket.pk)),
        (classify_tickets, ClassifyTicket(ticket.pk, "size")),
        (add_notes, AddNote(ticket.pk, "n", "x")),
        (note_replies, NoteReply(ticket.pk)),
        (resolve_tickets, ResolveTicket(ticket.pk, "answered")),
    ):
        assert command.one(actor, item).code == "not_found", command.name


def test_a_correction_is_recorded_and_learned(db: None) -> None:
    shop = make.make_shop()
    actor, _ = make_agent()
    first = make_ticket(shop, "活动什么时候发货")
    assert first.kind == "shipping"
    assert classify_tickets.one(actor, ClassifyTicket(first.pk, "price")).changed
    assert classify_tickets.one(actor, ClassifyTicket(first.pk, "price")).code == "unchanged"
    first.refresh_from_db()
    assert (first.kind, first.suggested_kind, first.classified_by) == ("price", "shipping", actor.id)
    assert Correction.objects.get(ticket=first).kind == "price"
    weights = {(w.word, w.kind): w.points for w in KindWeight.objects.all()}
    assert weights["活动", "price"] == 2
    assert weights["什么时候发货", "shipping"] == -2
    second = make_ticket(shop, "活动什么时候发货")
    assert second.kind == "price"  # learned
    assert classify_tickets.one(actor, ClassifyTicket(first.pk, "shipping")).changed  # a change of mind
    assert {w.points for w in KindWeight.objects.filter(kind="shipping", word="什么时候发货")} == {0}


def test_more_urgent_brings_the_solution_nearer_never_farther(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, NOON)
    actor, _ = make_agent()
    ticket = make_ticket(make.make_shop(), "你好")
    classify_tickets.one(actor, ClassifyTicket(ticket.pk, "other", "urgent"))
    due = Deadline.objects.get(kind="ticket_resolve", subject_id=ticket.pk).due_at
    assert due == NOON + timedelta(hours=4)
    classify_tickets.one(actor, ClassifyTicket(ticket.pk, "other", "normal"))
    assert Deadline.objects.get(kind="ticket_resolve", subject_id=ticket.pk).due_at == due


@pytest.mark.clause("S1.1")
def test_the_first_human_reply_stops_its_clock_once(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, NOON)
    actor, _ = make_agent()
    other, _ = make_agent(presence="away")
    ticket = make_ticket(make.make_shop())
    at(monkeypatch, NOON + timedelta(seconds=7))
    assert note_replies.one(other, NoteReply(ticket.pk)).code == "not_yours"
    assert note_replies.one(actor, NoteReply(ticket.pk)).changed
    assert note_replies.one(actor, NoteReply(ticket.pk)).code == "unchanged"
    assert not was_late("ticket_reply", ticket.pk)
    assert [event["seconds"] for event in events_of("tickets.ticket_first_replied")] == [7]


@pytest.mark.clause("S1.1")
def test_a_reply_too_late_is_late(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, NOON)
    actor, _ = make_agent()
    ticket = make_ticket(make.make_shop())
    at(monkeypatch, NOON + timedelta(seconds=11))
    sweeper.sweep()
    assert Deadline.objects.get(kind="ticket_reply", subject_id=ticket.pk).late_at is not None
    note_replies.one(actor, NoteReply(ticket.pk))
    assert was_late("ticket_reply", ticket.pk)


def test_while_the_customer_is_awaited_the_clock_stands_and_the_hand_is_free(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, NOON)
    actor, agent = make_agent()
    ticket = make_ticket(make.make_shop())
    assert await_customers.one(actor, AwaitCustomer(ticket.pk)).code == "reply_first"
    note_replies.one(actor, NoteReply(ticket.pk))
    assert await_customers.one(actor, AwaitCustomer(ticket.pk)).changed
    assert await_customers.one(actor, AwaitCustomer(ticket.pk)).code == "unchanged"
    assert load_of(agent) == 0
    assert not Deadline.objects.filter(kind="ticket_resolve", subject_id=ticket.pk).exists()
    at(monkeypatch, NOON + timedelta(hours=5))
    assert resume_tickets.one(SYSTEM, ResumeTicket(ticket.pk)).changed
    assert resume_tickets.one(SYSTEM, ResumeTicket(ticket.pk)).code == "unchanged"
    assert load_of(agent) == 1
    due = Deadline.objects.get(kind="ticket_resolve", subject_id=ticket.pk).due_at
    assert due == NOON + timedelta(hours=29)
    wait = TicketWait.objects.get(ticket=ticket)
    assert wait.until is not None and wait.until - wait.since == timedelta(hours=5)


def test_notes_are_sealed_and_kept_once(db: None) -> None:
    actor, _ = make_agent()
    ticket = make_ticket(make.make_shop())
    item = AddNote(ticket.pk, "n1", "客户王女士说电话 13900001234")
    assert [o.code for o in add_notes(actor, [item, item])] == ["done", "unchanged"]
    assert add_notes.one(actor, AddNote(ticket.pk, "n2", " ")).code == "text_needed"
    note = TicketNote.objects.get()
    assert open_json(note.subject_id, bytes(note.note_sealed)) == {"note": item.text}
    assert "13900001234" not in all_events()
    assert "13900001234" not in repr(item)


def test_passing_on_moves_the_load(db: None) -> None:
    shop = make.make_shop()
    actor, agent = make_agent()
    ticket = make_ticket(shop)
    assert ticket.agent_id == agent.pk
    other_actor, other = make_agent()
    assert hand_over_tickets.one(actor, HandOverTicket(ticket.pk, "", other.pk)).code == "reason_needed"
    assert hand_over_tickets.one(other_actor, HandOverTicket(ticket.pk, "我来", other.pk)).code == "not_yours"
    assert hand_over_tickets.one(actor, HandOverTicket(ticket.pk, "需懂尺码", 10**9)).code == "agent_unknown"
    assert hand_over_tickets.one(actor, HandOverTicket(ticket.pk, "需懂尺码", other.pk)).changed
    assert (load_of(agent), load_of(other)) == (0, 1)
    assert hand_over_tickets.one(actor, HandOverTicket(ticket.pk, "x", other.pk)).code == "unchanged"
    supervisor = actor_of(make.make_person("operations_supervisor"))
    assert hand_over_tickets.one(supervisor, HandOverTicket(ticket.pk, "主管接管", agent.pk)).changed
    assert hand_over_tickets.one(actor, HandOverTicket(ticket.pk, "下班")).changed
    ticket.refresh_from_db()
    assert ticket.agent_id == other.pk  # whoever is free, but not who handed it over


def test_passed_to_nobody_free_it_waits(db: None) -> None:
    actor, agent = make_agent()
    ticket = make_ticket(make.make_shop())
    assert hand_over_tickets.one(actor, HandOverTicket(ticket.pk, "下班")).changed
    ticket.refresh_from_db()
    assert (ticket.state, ticket.agent_id, load_of(agent)) == ("open", None, 0)
    assert hand_over_tickets.one(actor, HandOverTicket(ticket.pk, "下班")).code == "not_in_hand"


def test_resolved_closed_reopened(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, NOON)
    actor, agent = make_agent()
    ticket = make_ticket(make.make_shop())
    assert resolve_tickets.one(actor, ResolveTicket(ticket.pk, "answered")).code == "reply_first"
    note_replies.one(actor, NoteReply(ticket.pk))
    assert close_tickets.one(SYSTEM, CloseTicket(ticket.pk)).code == "not_resolved"
    assert resolve_tickets.one(actor, ResolveTicket(ticket.pk, "answered")).changed
    assert resolve_tickets.one(actor, ResolveTicket(ticket.pk, "answered")).code == "unchanged"
    assert load_of(agent) == 0
    at(monkeypatch, NOON + timedelta(hours=72))
    sweeper.sweep()
    ticket.refresh_from_db()
    assert (ticket.state, ticket.resolution) == ("closed", "answered")
    assert reopen_tickets.one(actor, ReopenTicket(ticket.pk, " ")).code == "reason_needed"
    assert reopen_tickets.one(actor, ReopenTicket(ticket.pk, "又来问")).changed
    assert reopen_tickets.one(actor, ReopenTicket(ticket.pk, "又来问")).code == "unchanged"
    ticket.refresh_from_db()
    assert (ticket.state, ticket.agent_id, ticket.reopened_count, load_of(agent)) == ("assigned", agent.pk, 1, 1)
    assert {d.kind for d in Deadline.objects.filter(subject_id=ticket.pk)} == {"ticket_resolve"}


def test_reopened_when_its_agent_is_gone_it_waits(db: None) -> None:
    actor, agent = make_agent()
    ticket = make_ticket(make.make_shop())
    note_replies.one(actor, NoteReply(ticket.pk))
    resolve_tickets.one(actor, ResolveTicket(ticket.pk, "answered"))
    Agent.objects.filter(pk=agent.pk).update(presence="offline")
    assert reopen_tickets.one(actor, ReopenTicket(ticket.pk, "又来问")).changed
    ticket.refresh_from_db()
    assert (ticket.state, ticket.agent_id) == ("open", None)


def test_a_duplicate_is_of_the_same_customer(db: None) -> None:
    shop = make.make_shop()
    actor, _ = make_agent()
    first = make_ticket(shop, customer_ref="u1")
    second = make_ticket(shop, customer_ref="u1")
    stranger = make_ticket(shop, customer_ref="u2")
    assert resolve_tickets.one(actor, ResolveTicket(second.pk, "duplicate", stranger.pk)).code == "double_elsewhere"
    assert resolve_tickets.one(actor, ResolveTicket(second.pk, "duplicate", second.pk)).code == "double_elsewhere"
    assert resolve_tickets.one(actor, ResolveTicket(second.pk, "duplicate")).code == "double_elsewhere"
    assert resolve_tickets.one(actor, ResolveTicket(second.pk, "duplicate", first.pk)).changed
    assert reopen_tickets.one(actor, ReopenTicket(second.pk, "x")).code == "is_duplicate"


def test_loads_agree_with_the_tickets_after_any_mixture(db: None) -> None:
    shop = make.make_shop()
    people = [make_agent(capacity=4) for _ in range(3)]
    tickets = [make_ticket(shop) for _ in range(9)]
    for n, ticket in enumerate(tickets):
        ticket.refresh_from_db()
        actor = next(actor for actor, agent in people if agent.pk == ticket.agent_id)
        if n % 3:
            note_replies.one(actor, NoteReply(ticket.pk))
        if n % 3 == 1:
            await_customers.one(actor, AwaitCustomer(ticket.pk))
        if n % 3 == 2:
            resolve_tickets.one(actor, ResolveTicket(ticket.pk, "answered"))
        if n % 4 == 0:
            hand_over_tickets.one(actor, HandOverTicket(ticket.pk, "换人"))
    assign_tickets(SYSTEM, [AssignTicket(t.pk) for t in Ticket.objects.filter(state="open")])
    for _, agent in people:
        assert load_of(agent) == Ticket.objects.filter(agent=agent, state="assigned").count()
