"""S1.1: the first human word stops the clock; replies are stored once, in order, and told to platforms once."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from shopkeeper.flows.service.conversations.commands.record_deliveries import (
    RecordDelivery,
    ResendReply,
    record_deliveries,
    resend_replies,
)
from shopkeeper.flows.service.conversations.commands.send_replies import SendReply, send_replies
from shopkeeper.flows.service.conversations.models import Conversation, Message
from shopkeeper.flows.service.tickets.models import Agent, Offer, Ticket
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.models import ErrandEntry
from shopkeeper.shared.errors import NotAllowed
from shopkeeper.sop.models import Deadline
from shopkeeper.sop.sweeper import sweep
from tests import factories as make
from tests.flows.service.conversations import stage

pytestmark = pytest.mark.clause("S1.1")


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, make.NOON)


def closed() -> list[tuple[str, bool, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, was_late, ending FROM sop_deadlineclosed WHERE clause = 'S1.1' ORDER BY kind")
        return cursor.fetchall()


@pytest.mark.django_db
def test_the_first_human_word_stops_the_clock(monkeypatch) -> None:
    shop = make.make_shop()
    agent = stage.agent(shop)
    talk = stage.conversation(shop)
    stage.at(monkeypatch, make.NOON + timedelta(seconds=7))
    assert stage.reply(agent, talk).changed
    talk.refresh_from_db()
    assert (talk.state, talk.replied_at, talk.replied_by) == (
        "talking",
        make.NOON + timedelta(seconds=7),
        agent.person_id,
    )
    assert talk.open_since is None
    assert closed() == [("chat_first_reply", False, "done")]
    assert Ticket.objects.get(id=talk.ticket_id).first_reply_at == talk.replied_at


@pytest.mark.django_db
def test_a_late_first_word_is_late_for_ever(monkeypatch) -> None:
    shop = make.make_shop()
    agent = stage.agent(shop)
    talk = stage.conversation(shop)
    stage.at(monkeypatch, make.NOON + timedelta(seconds=11))
    sweep()
    stage.reply(agent, talk)
    assert closed() == [("chat_first_reply", True, "done")]
    assert not Deadline.objects.filter(kind="chat_first_reply").exists()


@pytest.mark.django_db
def test_the_same_reply_twice_is_sent_once() -> None:
    shop = make.make_shop()
    agent = stage.agent(shop)
    talk = stage.conversation(shop)
    first = stage.reply(agent, talk, client_id="k1")
    again = stage.reply(agent, talk, client_id="k1")
    assert (first.code, again.code, again.id) == ("done", "unchanged", first.id)
    assert Message.objects.filter(sender="agent").count() == 1


@pytest.mark.django_db
def test_a_platform_hears_each_line_through_one_errand() -> None:
    shop = make.make_shop()
    agent = stage.agent(shop)
    talk = stage.conversation(shop, channel="platform")
    sent = stage.reply(agent, talk)
    waiting = ErrandEntry.objects.filter(kind="send_chat_message").values_list("subject_id", flat=True)
    assert sent.id in waiting and len(waiting) == 2  # the greeting, and this
    assert Message.objects.get(id=sent.id).delivery == "pending"


@pytest.mark.django_db
def test_replying_to_the_queue_takes_the_conversation() -> None:
    shop = make.make_shop()
    talk = stage.conversation(shop)
    assert talk.state == "queued"
    busy = stage.agent(shop, presence="busy")
    assert stage.reply(busy, talk).changed
    talk.refresh_from_db()
    assert (talk.state, talk.agent_id) == ("talking", busy.pk)
    assert Agent.objects.get(id=busy.pk).chat_load == 1
    assert Ticket.objects.get(id=talk.ticket_id).agent_id == busy.pk


@pytest.mark.django_db
def test_a_product_is_shown_with_price_and_stock_of_the_moment() -> None:
    shop = make.make_shop()
    sku = make.make_sku(price_minor=12_900)
    make.stock_up(sku, shop.default_warehouse, 30)
    agent = stage.agent(shop)
    talk = stage.conversation(shop, "有推荐的T恤吗")
    assert stage.reply(agent, talk, "", sku_id=sku.pk).changed
    line = Message.objects.get(sender="agent")
    card = stage.open_json(line.subject_id, bytes(line.body_sealed))["card"]
    assert (card["price_minor"], card["available"]) == (12_900, 30)
    assert Offer.objects.get().ticket_id == talk.ticket_id


@pytest.mark.django_db
def test_refusals_of_a_reply() -> None:
    shop = make.make_shop()
    agent = stage.agent(shop)
    talk = stage.conversation(shop)
    assert stage.reply(agent, talk, "  ").code == "nothing_said"
    assert stage.reply(agent, talk, "看这个", picture_id=999).code == "picture_unknown"
    assert stage.reply(agent, talk, "", sku_id=999_999).code == "sku_unknown"
    queued = stage.conversation(shop, customer="another")
    Conversation.objects.filter(id=queued.pk).update(state="queued", agent=None)
    assert stage.reply(stage.supervisor(shop), queued).code == "not_an_agent"
    Conversation.objects.filter(id=talk.pk).update(state="ended", ending="solved", ended_at=make.NOON)
    assert stage.reply(agent, talk).code == "conversation_ended"
    Conversation.objects.filter(id=queued.pk).update(channel="phone")
    assert stage.reply(agent, queued).code == "not_written"


@pytest.mark.django_db
def test_a_foreign_conversation_does_not_exist_and_permission_is_needed() -> None:
    talk = stage.conversation(make.make_shop())
    stranger = stage.agent(make.make_shop())
    assert stage.reply(stranger, talk).code == "not_found"
    with pytest.raises(NotAllowed):
        stage.reply(make.actor_with("x"), talk)
    assert not Message.objects.filter(sender="agent").exists()


@pytest.mark.django_db
def test_what_the_platform_answers_is_recorded_and_a_failure_can_be_sent_again() -> None:
    shop = make.make_shop()
    agent = stage.agent(shop)
    talk = stage.conversation(shop, channel="platform")
    sent = stage.reply(agent, talk)
    assert sent.id
    refusal = RecordDelivery(sent.id, failure="isv.chat-receiver-refused")
    assert record_deliveries.one(SYSTEM, refusal).changed
    assert record_deliveries.one(SYSTEM, refusal).code == "unchanged"
    assert Message.objects.get(id=sent.id).delivery == "failed"
    ErrandEntry.objects.all().delete()
    who = stage.actor(agent)
    assert [o.code for o in resend_replies(who, [ResendReply(sent.id)] * 2)] == ["done", "unchanged"]
    assert ErrandEntry.objects.get().subject_id == sent.id
    assert record_deliveries.one(SYSTEM, RecordDelivery(sent.id, outside_id="CA1")).changed
    assert record_deliveries.one(SYSTEM, refusal).code == "unchanged"  # delivered is delivered
    assert resend_replies.one(who, ResendReply(sent.id)).code == "nothing_failed"


def test_two_agents_at_once_are_both_stored_in_order(fresh_db) -> None:
    shop = make.make_shop()
    agents = [stage.agent(shop), stage.agent(shop)]
    talk = stage.conversation(shop)
    actors = [stage.actor(agent) for agent in agents]
    start = threading.Barrier(2)

    def write(n: int) -> None:
        start.wait(5)
        for k in range(10):
            item = SendReply(talk.pk, f"{n}-{k}", f"第{k}句")
            assert send_replies.one(actors[n], item).changed
        connection.close()

    threads = [threading.Thread(target=write, args=(n,)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rows = list(Message.objects.filter(conversation=talk).order_by("sequence").values_list("sequence", "client_id"))
    assert [sequence for sequence, _ in rows] == list(range(1, 23))
    for n in range(2):  # each agent's own lines in the order they were written
        assert [key for _, key in rows if key.startswith(f"a:{n}-")] == [f"a:{n}-{k}" for k in range(10)]
    talk.refresh_from_db()
    assert talk.replied_by in {agent.person_id for agent in agents}
