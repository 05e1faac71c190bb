"""S1.1: conversations are routed by skill and load, change hands, come back, and end."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from shopkeeper.flows.service.conversations.commands.end_conversations import (
    EndConversation,
    end_conversations,
    end_silent_conversations,
)
from shopkeeper.flows.service.conversations.commands.hand_over_conversations import (
    HandOver,
    TakeOver,
    hand_over_conversations,
    take_over_conversations,
)
from shopkeeper.flows.service.conversations.commands.route_conversations import RouteConversation, route_conversations
from shopkeeper.flows.service.conversations.commands.take_in_messages import take_in_messages
from shopkeeper.flows.service.conversations.models import Conversation, Message
from shopkeeper.flows.service.tickets.commands.set_presence import SetPresence, set_presence
from shopkeeper.flows.service.tickets.models import Agent, Ticket
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.sop.models import Deadline
from shopkeeper.sop.sweeper import sweep
from tests import factories as make
from tests.flows.service.conversations import stage

pytestmark = pytest.mark.clause("S1.1")


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, make.NOON)


def load(agent: Agent) -> int:
    return Agent.objects.get(id=agent.pk).chat_load


@pytest.mark.django_db
def test_skill_decides_among_the_free_and_load_among_the_skilled() -> None:
    shop = make.make_shop()
    refunds = stage.agent(shop, kinds=["return_exchange"])
    sizes = [stage.agent(shop, kinds=["size"]), stage.agent(shop, kinds=["size"])]
    assert stage.conversation(shop, "我要退货退款", customer="a").agent_id == refunds.pk
    got = {stage.conversation(shop, "尺码多大码合适", customer=f"b{n}").agent_id for n in range(2)}
    assert got == {agent.pk for agent in sizes}


@pytest.mark.django_db
def test_nobody_skilled_is_free_so_anybody_serves() -> None:
    shop = make.make_shop()
    only = stage.agent(shop, kinds=["invoice"])
    assert stage.conversation(shop, "我要退货").agent_id == only.pk


@pytest.mark.django_db
def test_who_talked_with_the_customer_before_is_asked_first() -> None:
    shop = make.make_shop()
    first = stage.agent(shop)
    talk = stage.conversation(shop)
    stage.reply(first, talk)
    end_conversations.one(stage.actor(first), EndConversation(talk.pk))
    stage.agent(shop)
    assert stage.conversation(shop, "又来了，怎么退货").agent_id == first.pk


@pytest.mark.django_db
def test_a_full_or_absent_agent_is_given_nothing_and_the_queue_moves_when_a_hand_is_free() -> None:
    shop = make.make_shop()
    agent = stage.agent(shop, chats=1)
    stage.agent(shop, presence="away")
    stage.agent(make.make_shop())  # of another shop
    first = stage.conversation(shop, customer="a")
    second = stage.conversation(shop, customer="b")
    assert (first.agent_id, second.state) == (agent.pk, "queued")
    stage.react()
    stage.reply(agent, first)
    end_conversations.one(stage.actor(agent), EndConversation(first.pk))
    stage.react()
    second.refresh_from_db()
    assert (second.state, second.agent_id, load(agent)) == ("assigned", agent.pk, 1)
    assert second.due_at == make.NOON + timedelta(seconds=10)  # the clock went on
    assert Ticket.objects.get(id=second.ticket_id).agent_id == agent.pk


@pytest.mark.django_db
def test_who_comes_on_duty_gets_the_queue_and_who_leaves_leaves_nobody_waiting() -> None:
    shop = make.make_shop()
    talk = stage.conversation(shop)
    comes = stage.agent(shop, presence="offline")
    set_presence.one(stage.actor(comes), SetPresence("available"))
    stage.react()
    talk.refresh_from_db()
    assert talk.agent_id == comes.pk
    other = stage.agent(shop)
    set_presence.one(stage.actor(comes), SetPresence("offline"))
    stage.react()
    talk.refresh_from_db()
    assert (talk.agent_id, load(comes), load(other)) == (other.pk, 0, 1)


@pytest.mark.django_db
def test_routing_by_hand_is_idempotent() -> None:
    shop = make.make_shop()
    talk = stage.conversation(shop)
    stage.agent(shop)
    who = stage.supervisor(shop)
    assert [o.code for o in route_conversations(who, [RouteConversation(talk.pk)] * 2)] == ["done", "unchanged"]
    assert route_conversations.one(who, RouteConversation(talk.pk)).code == "unchanged"


@pytest.mark.django_db
def test_a_supervisor_takes_over_and_loads_move_along() -> None:
    shop = make.make_shop()
    agent = stage.agent(shop)
    talk = stage.conversation(shop)
    boss = stage.agent(shop, role="operations_supervisor", presence="busy")
    who = stage.actor(boss)
    assert take_over_conversations.one(who, TakeOver(talk.pk)).changed
    assert take_over_conversations.one(who, TakeOver(talk.pk)).code == "unchanged"
    talk.refresh_from_db()
    assert (talk.agent_id, talk.state, load(agent), load(boss)) == (boss.pk, "assigned", 0, 1)
    note = Message.objects.get(sender="system")
    assert stage.open_json(note.subject_id, bytes(note.body_sealed))["code"] == "taken_over"
    assert take_over_conversations.one(stage.supervisor(shop), TakeOver(talk.pk)).code == "not_an_agent"


@pytest.mark.django_db
def test_handing_over_to_a_colleague_and_back_to_the_queue() -> None:
    shop = make.make_shop()
    agent = stage.agent(shop)
    talk = stage.conversation(shop)
    colleague, away = stage.agent(shop, presence="busy"), stage.agent(shop, presence="offline")
    stranger = stage.agent(make.make_shop())
    who = stage.actor(agent)
    assert hand_over_conversations.one(who, HandOver(talk.pk, away.pk)).code == "agent_away"
    assert hand_over_conversations.one(who, HandOver(talk.pk, stranger.pk)).code == "agent_unknown"
    assert hand_over_conversations.one(who, HandOver(talk.pk, 999_999)).code == "agent_unknown"
    assert hand_over_conversations.one(who, HandOver(talk.pk, colleague.pk)).changed
    assert hand_over_conversations.one(who, HandOver(talk.pk, colleague.pk)).code == "unchanged"
    assert hand_over_conversations.one(who, HandOver(talk.pk)).code == "not_yours"
    assert hand_over_conversations.one(stage.actor(colleague), HandOver(talk.pk)).changed
    talk.refresh_from_db()
    assert (talk.state, load(agent), load(colleague)) == ("queued", 0, 0)
    assert Deadline.objects.get(kind="chat_first_reply").due_at == make.NOON + timedelta(seconds=10)


@pytest.mark.django_db
def test_ending_frees_a_hand_and_closes_the_clocks() -> None:
    shop = make.make_shop()
    agent = stage.agent(shop)
    talk = stage.conversation(shop)
    who = stage.actor(agent)
    assert end_conversations.one(who, EndConversation(talk.pk)).code == "still_unanswered"
    other = stage.actor(stage.agent(shop))
    assert end_conversations.one(other, EndConversation(talk.pk, "not_a_matter")).code == "not_yours"
    stage.reply(agent, talk)
    assert end_conversations.one(who, EndConversation(talk.pk, resolves_ticket=True)).changed
    assert end_conversations.one(who, EndConversation(talk.pk)).code == "unchanged"
    talk.refresh_from_db()
    assert (talk.state, talk.ending, load(agent)) == ("ended", "solved", 0)
    assert Ticket.objects.get(id=talk.ticket_id).state == "resolved"
    assert not Deadline.objects.filter(clause="S1.1").exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("ending", "state", "resolution"),
    [("no_answer", "resolved", "no_answer"), ("duplicate", "assigned", ""), ("not_a_matter", "assigned", "")],
)
def test_how_it_ended_says_what_becomes_of_its_ticket(ending: str, state: str, resolution: str) -> None:
    shop = make.make_shop()
    agent = stage.agent(shop)
    talk = stage.conversation(shop)
    stage.reply(agent, talk)
    assert end_conversations.one(stage.actor(agent), EndConversation(talk.pk, ending, resolves_ticket=True)).changed
    ticket = Ticket.objects.get(id=talk.ticket_id)
    assert (ticket.state, ticket.resolution) == (state, resolution)


@pytest.mark.django_db
def test_an_unanswered_matter_of_no_kind_ends_without_counting_as_kept() -> None:
    shop = make.make_shop()
    agent = stage.agent(shop)
    talk = stage.conversation(shop, "专业刷单加微信")
    resolve = Deadline.objects.filter(kind="ticket_resolve", subject_id=talk.ticket_id)
    assert resolve.get().opens_at is not None  # the first reply comes first, and has a line of its own
    assert end_conversations.one(stage.actor(agent), EndConversation(talk.pk, "not_a_matter")).changed
    assert resolve.get().opens_at is None
    with connection.cursor() as cursor:
        cursor.execute("SELECT ending FROM sop_deadlineclosed WHERE kind = 'chat_first_reply'")
        assert cursor.fetchall() == [("cancelled",)]


@pytest.mark.django_db
def test_silence_ends_a_conversation_but_never_one_that_waits_for_us(monkeypatch) -> None:
    shop = make.make_shop()
    agent = stage.agent(shop)
    talk, waiting = stage.conversation(shop, customer="a"), stage.conversation(shop, customer="b")
    stage.at(monkeypatch, make.NOON + timedelta(minutes=20))
    stage.reply(agent, talk)
    stage.at(monkeypatch, make.NOON + timedelta(minutes=31))
    sweep()  # looks again: the last word is eleven minutes old
    talk.refresh_from_db()
    assert talk.state == "talking"
    stage.at(monkeypatch, make.NOON + timedelta(minutes=50))
    sweep()
    talk.refresh_from_db()
    waiting.refresh_from_db()
    assert (talk.state, talk.ending) == ("ended", "no_answer")
    assert waiting.state == "assigned"
    silent = end_silent_conversations.item(talk.pk)
    assert end_silent_conversations.one(SYSTEM, silent).code == "unchanged"


def test_many_first_lines_at_once_never_overload_an_agent_and_leave_nobody_behind(fresh_db) -> None:
    shop = make.make_shop()
    agents = [stage.agent(shop, chats=3) for _ in range(4)]
    items = [stage.line(shop, customer=f"c{n}") for n in range(16)]
    start = threading.Barrier(len(items))

    def arrive(item) -> None:
        start.wait(10)
        assert take_in_messages.one(SYSTEM, item).changed
        connection.close()

    threads = [threading.Thread(target=arrive, args=(item,)) for item in items]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    stage.react()
    for agent in agents:
        held = Conversation.objects.filter(agent=agent).exclude(state="ended").count()
        assert held == load(agent) == 3
    assert Conversation.objects.filter(state="queued").count() == 4
