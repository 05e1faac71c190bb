"""S1.1: customers' lines are taken in once, timed, brought to an agent, made a ticket of, and greeted."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from shopkeeper.flows.service.conversations.commands.take_in_messages import take_in_messages
from shopkeeper.flows.service.conversations.models import Conversation, Message
from shopkeeper.flows.service.tickets.models import Agent, Ticket
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.models import ErrandEntry
from shopkeeper.shared.errors import NotAllowed
from shopkeeper.sop.models import Deadline, PolicyValue
from shopkeeper.sop.sweeper import sweep
from tests import factories as make
from tests.flows.service.conversations import stage

pytestmark = pytest.mark.clause("S1.1")
TEN = timedelta(seconds=10)


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, make.NOON)


@pytest.mark.django_db
def test_the_first_line_opens_a_conversation_with_agent_ticket_greeting_and_a_clock_of_ten_seconds() -> None:
    shop = make.make_shop()
    free = stage.agent(shop)
    talk = stage.conversation(shop, "这件衣服质量有问题，开线了")
    assert (talk.state, talk.agent_id, talk.kind) == ("assigned", free.pk, "quality")
    assert (talk.waiting_from, talk.due_at, talk.replied_at) == (make.NOON, make.NOON + TEN, None)
    assert [who for who, _ in stage.texts(talk)] == ["customer", "bot"]
    assert talk.greeted_at == make.NOON
    clock = Deadline.objects.get(kind="chat_first_reply")
    assert (clock.subject_id, clock.role, clock.due_at) == (talk.pk, "customer_service", make.NOON + TEN)
    ticket = Ticket.objects.get(id=talk.ticket_id)
    assert (ticket.kind, ticket.agent_id, ticket.subject_id) == ("quality", free.pk, talk.subject_id)
    assert Agent.objects.get(id=free.pk).chat_load == 1


@pytest.mark.django_db
def test_later_lines_join_the_open_conversation_and_do_not_start_the_clock_again(monkeypatch) -> None:
    shop = make.make_shop()
    first = stage.conversation(shop)
    stage.at(monkeypatch, make.NOON + timedelta(seconds=5))
    again = stage.conversation(shop, "在吗？")
    assert again.pk == first.pk
    assert again.due_at == make.NOON + TEN
    assert Conversation.objects.count() == Ticket.objects.count() == 1
    assert stage.texts(again)[-1] == ("customer", "在吗？")


@pytest.mark.django_db
def test_the_greeting_answers_nothing_and_a_breach_is_marked_when_it_happens(monkeypatch) -> None:
    talk = stage.conversation(make.make_shop())
    assert talk.greeted_at and talk.replied_at is None
    stage.at(monkeypatch, make.NOON + TEN - timedelta(milliseconds=1))
    assert sweep() == 0
    stage.at(monkeypatch, make.NOON + TEN)
    sweep()
    assert Deadline.objects.get(kind="chat_first_reply").late_at == make.NOON + TEN


@pytest.mark.django_db
def test_the_same_line_twice_is_stored_once_even_after_the_end_of_its_conversation() -> None:
    shop = make.make_shop()
    item = stage.line(shop, client_id="p:1")
    first, second = take_in_messages(SYSTEM, [item, item])
    assert (first.code, second.code) == ("done", "unchanged")
    assert first.id == second.id
    Conversation.objects.update(state="ended", ending="solved", ended_at=make.NOON)
    third = take_in_messages.one(SYSTEM, item)
    assert (third.code, third.id) == ("unchanged", first.id)
    assert Message.objects.filter(sender="customer").count() == 1


@pytest.mark.django_db
def test_what_is_said_after_the_end_opens_another_conversation_with_its_own_clock(monkeypatch) -> None:
    shop = make.make_shop()
    first = stage.conversation(shop)
    Conversation.objects.update(state="ended", ending="solved", ended_at=make.NOON)
    stage.at(monkeypatch, make.NOON + timedelta(hours=1))
    second = stage.conversation(shop, "还有个问题")
    assert second.pk != first.pk
    assert second.due_at == make.NOON + timedelta(hours=1) + TEN
    assert second.subject_id == first.subject_id


@pytest.mark.django_db
def test_thanks_alone_start_no_clock_no_ticket_and_bother_nobody() -> None:
    shop = make.make_shop()
    stage.agent(shop)
    talk = stage.conversation(shop, "好的，谢谢！😊")
    assert (talk.state, talk.waiting_from, talk.ticket_id, talk.agent_id) == ("queued", None, None, None)
    assert not Deadline.objects.filter(kind="chat_first_reply").exists()
    assert stage.conversation(shop, "等等，怎么退货？").agent_id is not None


@pytest.mark.django_db
def test_off_duty_the_clock_runs_from_the_next_morning(monkeypatch) -> None:
    night = make.NOON.replace(hour=18)  # 02:00 in Shanghai, the next day
    stage.at(monkeypatch, night)
    talk = stage.conversation(make.make_shop())
    assert talk.off_duty
    assert talk.due_at == night + timedelta(hours=6, minutes=30)  # 08:00 and half an hour
    assert "非值班" in stage.texts(talk)[1][1]


@pytest.mark.django_db
def test_a_line_pulled_late_counts_from_when_it_was_said() -> None:
    said = make.NOON - timedelta(minutes=3)
    talk = stage.conversation(make.make_shop(), channel="platform", said_at=said)
    assert (talk.waiting_from, talk.due_at) == (said, said + TEN)


@pytest.mark.django_db
def test_lines_of_a_batch_out_of_order_are_kept_in_the_order_they_were_said() -> None:
    shop = make.make_shop()
    late = stage.line(shop, "第二句", channel="platform", said_at=make.NOON - timedelta(seconds=1))
    early = stage.line(shop, "第一句", channel="platform", said_at=make.NOON - timedelta(seconds=2))
    take_in_messages(SYSTEM, [late, early])
    talk = Conversation.objects.get()
    assert [text for who, text in stage.texts(talk) if who == "customer"] == ["第一句", "第二句"]
    assert talk.waiting_from == early.said_at


@pytest.mark.django_db
def test_the_greeting_is_told_to_the_platform_and_never_for_the_widget() -> None:
    shop = make.make_shop()
    stage.say(shop, channel="platform")
    assert ErrandEntry.objects.filter(kind="send_chat_message", shop_id=shop.pk).count() == 1
    stage.say(shop, channel="widget")
    assert ErrandEntry.objects.filter(kind="send_chat_message").count() == 1


@pytest.mark.django_db
def test_refusals_nothing_said_and_too_fast(monkeypatch) -> None:
    shop = make.make_shop()
    assert stage.say(shop, " \u200b\n").code == "nothing_said"
    PolicyValue.objects.create(
        key="customer_lines_per_minute", value=3, set_at=make.NOON, set_by=0, reason="试", shop_id=None
    )
    assert [stage.say(shop, f"第{n}句话").code for n in range(5)] == ["done", "done", "done", "too_fast", "too_fast"]
    stage.at(monkeypatch, make.NOON + timedelta(seconds=61))
    assert stage.say(shop, "现在呢").code == "done"


@pytest.mark.django_db
def test_a_form_is_always_a_conversation_of_its_own_with_its_own_clock() -> None:
    shop = make.make_shop()
    one = stage.conversation(shop, "发票怎么开？", channel="form")
    two = stage.conversation(shop, "另一件事：退款", channel="form")
    assert one.pk != two.pk
    assert Deadline.objects.filter(kind="form_first_reply").count() == 2
    assert not Message.objects.filter(sender="bot").exists()
    same = stage.line(shop, "重复", channel="form", client_id="form-1")
    assert [o.code for o in take_in_messages(SYSTEM, [same, same])] == ["done", "unchanged"]


@pytest.mark.django_db
def test_who_lacks_the_permission_or_the_shop_is_refused() -> None:
    shop, other = make.make_shop(), make.make_shop()
    with pytest.raises(NotAllowed):
        take_in_messages(make.actor_with("x"), [stage.line(shop)])
    service = stage.actor(stage.agent(shop))
    assert take_in_messages.one(service, stage.line(other)).code == "not_found"
    assert not Conversation.objects.exists()


@pytest.mark.django_db
def test_words_are_sealed_and_in_no_event() -> None:
    secret = "我的电话是13987654321别告诉别人"
    stage.say(make.make_shop(), secret, phone="13987654321", name="王大锤")
    with connection.cursor() as cursor:
        for table in ("conversations_message", "conversations_conversation", "foundation_event", "tickets_ticket"):
            cursor.execute(f"SELECT string_agg(t::text, ' ') FROM {table} AS t")
            kept = cursor.fetchone()[0]
            assert "13987654321" not in kept and "王大锤" not in kept, table


@pytest.mark.django_db
def test_a_batch_costs_a_constant_number_of_statements() -> None:
    shop = make.make_shop()
    for _ in range(3):
        stage.agent(shop, chats=50)

    def statements(n: int, prefix: str) -> int:
        seen: list[str] = []

        def note(execute, sql, params, many, context):
            seen.append(sql)
            return execute(sql, params, many, context)

        items = [stage.line(shop, "退货", customer=f"{prefix}{k}") for k in range(n)]
        with connection.execute_wrapper(note):
            assert all(outcome.changed for outcome in take_in_messages(SYSTEM, items))
        return len(seen)

    assert statements(5, "a") == statements(40, "b")
    assert statements(1, "d") <= 50


def test_two_first_lines_at_once_share_one_conversation(fresh_db) -> None:
    shop = make.make_shop()
    items = [stage.line(shop, f"第{n}句话") for n in range(6)]
    twins = [*items, *items]
    start = threading.Barrier(len(twins))
    codes: list[str] = []

    def send(item) -> None:
        start.wait(5)
        codes.append(take_in_messages.one(SYSTEM, item).code)
        connection.close()

    threads = [threading.Thread(target=send, args=(item,)) for item in twins]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == ["done"] * 6 + ["unchanged"] * 6
    assert Conversation.objects.count() == 1
    sequences = list(Message.objects.order_by("sequence").values_list("sequence", flat=True))
    assert sequences == list(range(1, 8))  # six lines and the greeting
