"""S1.1: calls are logged and timed from ring to answer; channels open once, secrets are renewed once."""

from datetime import timedelta

import pytest
from django.db import connection

from shopkeeper.flows.service.conversations.commands.keep_pictures import KeepPicture, keep_pictures
from shopkeeper.flows.service.conversations.commands.log_calls import LogCall, log_calls
from shopkeeper.flows.service.conversations.commands.note_chat_pulls import (
    NoteChatPull,
    NotePush,
    note_chat_pulls,
    note_pushes,
)
from shopkeeper.flows.service.conversations.commands.open_channels import (
    OpenChannels,
    RenewSecret,
    open_channels,
    renew_widget_secrets,
)
from shopkeeper.flows.service.conversations.models import Conversation, PhoneCall, Picture, ShopChannel
from shopkeeper.flows.service.conversations.queries.lists import calls_page
from shopkeeper.flows.service.tickets.models import Ticket
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.models import ErrandEntry
from shopkeeper.foundation.personal import open_secret
from shopkeeper.sop.models import Deadline
from shopkeeper.sop.sweeper import sweep
from tests import factories as make
from tests.flows.service.conversations import stage

pytestmark = [pytest.mark.django_db, pytest.mark.clause("S1.1")]
RANG = make.NOON


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, make.NOON)


def endings() -> list[tuple[bool, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT was_late, ending FROM sop_deadlineclosed WHERE kind = 'call_answer'")
        return cursor.fetchall()


def test_ringing_starts_the_clock_and_answering_stops_it(monkeypatch) -> None:
    shop = make.make_shop()
    agent = stage.agent(shop)
    who = stage.actor(agent)
    rang = LogCall(shop.pk, "pbx-1", "13812341234", rang_at=RANG)
    assert log_calls.one(who, rang).changed
    talk = Conversation.objects.get()
    assert (talk.channel, talk.state, talk.contact_masked) == ("phone", "queued", "138****1234")
    assert Deadline.objects.get(kind="call_answer").due_at == RANG + timedelta(seconds=10)
    stage.at(monkeypatch, RANG + timedelta(seconds=4))
    answered = LogCall(shop.pk, "pbx-1", answered_at=RANG + timedelta(seconds=4))
    assert log_calls.one(who, answered).changed
    assert log_calls.one(who, answered).code == "unchanged"
    talk.refresh_from_db()
    assert (talk.state, talk.agent_id, talk.replied_at) == ("talking", agent.pk, RANG + timedelta(seconds=4))
    assert endings() == [(False, "done")]
    stage.at(monkeypatch, RANG + timedelta(minutes=3))
    assert log_calls.one(who, LogCall(shop.pk, "pbx-1", hung_up_at=RANG + timedelta(minutes=3), note="问发票")).changed
    talk.refresh_from_db()
    assert (talk.state, talk.ending) == ("ended", "solved")
    assert Ticket.objects.get(id=talk.ticket_id).channel == "phone"


def test_a_missed_call_is_on_record_as_missed(monkeypatch) -> None:
    shop = make.make_shop()
    who = stage.supervisor(shop)
    log_calls.one(who, LogCall(shop.pk, "pbx-2", "13900001111", rang_at=RANG))
    stage.at(monkeypatch, RANG + timedelta(seconds=30))
    sweep()
    assert log_calls.one(who, LogCall(shop.pk, "pbx-2", hung_up_at=RANG + timedelta(seconds=25))).changed
    assert Conversation.objects.get().ending == "missed"
    assert endings() == [(True, "missed")]


def test_a_call_told_afterwards_is_judged_by_when_it_was_taken(monkeypatch) -> None:
    shop = make.make_shop()
    stage.at(monkeypatch, RANG + timedelta(minutes=5))
    told = LogCall(
        shop.pk, "hand:1", "13812341234", RANG, RANG + timedelta(seconds=6), RANG + timedelta(minutes=2), "问退货"
    )
    assert log_calls.one(stage.actor(stage.agent(shop)), told).changed
    assert endings() == [(False, "done")]
    assert Conversation.objects.get().state == "ended"


def test_refusals_of_a_call() -> None:
    shop = make.make_shop()
    who = stage.supervisor(shop)
    assert log_calls.one(who, LogCall(shop.pk, "x", answered_at=RANG)).code == "not_rung"
    early = LogCall(shop.pk, "x", rang_at=RANG, answered_at=RANG - timedelta(seconds=1))
    assert log_calls.one(who, early).code == "answered_before_ringing"
    ahead = LogCall(shop.pk, "x", rang_at=RANG + timedelta(hours=1))
    assert log_calls.one(who, ahead).code == "in_the_future"
    assert log_calls.one(stage.supervisor(make.make_shop()), LogCall(shop.pk, "x", rang_at=RANG)).code == "not_found"
    assert not PhoneCall.objects.exists()


def test_a_caller_is_found_by_the_whole_number_only_and_the_number_is_sealed() -> None:
    shop = make.make_shop()
    who = stage.supervisor(shop)
    log_calls.one(who, LogCall(shop.pk, "1", "+86 138-1234-1234", rang_at=RANG, note="13812341234 说发票"))
    log_calls.one(who, LogCall(shop.pk, "2", "13999998888", rang_at=RANG))
    assert [row.reference for row in calls_page(who, text="13812341234")[0]] == ["1"]
    assert calls_page(who, text="1234")[0] == []
    assert calls_page(stage.supervisor(make.make_shop()))[0] == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(t::text, ' ') FROM conversations_phonecall AS t")
        assert "1234123" not in cursor.fetchone()[0].replace("-", "")


def test_channels_open_once_and_take_new_origins() -> None:
    shop = make.make_shop()
    who = stage.supervisor(shop)
    assert open_channels.one(who, OpenChannels(shop.pk, ("https://a.example.com",))).changed
    secret = open_secret(bytes(ShopChannel.objects.get().secret_sealed))
    assert ErrandEntry.objects.get().kind == "pull_chat"
    assert open_channels.one(who, OpenChannels(shop.pk, ("https://a.example.com",))).code == "unchanged"
    assert open_channels.one(who, OpenChannels(shop.pk, ("https://b.example.com",))).changed
    assert open_channels.one(who, OpenChannels(shop.pk, ("javascript:alert(1)",))).code == "origin_unreadable"
    row = ShopChannel.objects.get()
    assert (row.origins, open_secret(bytes(row.secret_sealed))) == ("https://b.example.com", secret)


def test_a_secret_is_renewed_once_by_two_who_try() -> None:
    shop, closed = stage.open_shop(), make.make_shop()
    who = stage.supervisor()
    before = bytes(ShopChannel.objects.get().secret_sealed)
    assert renew_widget_secrets.one(who, RenewSecret(shop.pk, 1)).changed
    assert renew_widget_secrets.one(who, RenewSecret(shop.pk, 1)).code == "renewed_meanwhile"
    assert renew_widget_secrets.one(who, RenewSecret(closed.pk, 1)).code == "channel_not_open"
    assert bytes(ShopChannel.objects.get().secret_sealed) != before


def test_a_gap_in_pushed_numbers_brings_the_pull_forward(monkeypatch) -> None:
    shop = stage.open_shop()
    note_chat_pulls(SYSTEM, [NoteChatPull(shop.pk, 5)])
    ErrandEntry.objects.update(next_at=make.NOON + timedelta(minutes=5))
    stage.at(monkeypatch, make.NOON + timedelta(seconds=1))
    note_pushes(SYSTEM, [NotePush(shop.pk, 6), NotePush(shop.pk, 6), NotePush(shop.pk, 4)])
    assert ErrandEntry.objects.get().next_at == make.NOON + timedelta(minutes=5)
    note_pushes(SYSTEM, [NotePush(shop.pk, 9)])
    assert ErrandEntry.objects.get().next_at == make.NOON + timedelta(seconds=1)
    assert ShopChannel.objects.get().pulled_upto == 6


def test_a_picture_is_kept_once_and_sealed() -> None:
    shop = make.make_shop()
    item = KeepPicture(shop.pk, "u1", "png", "a" * 64, b"\x89PNG picture")
    first, second = keep_pictures.one(SYSTEM, item), keep_pictures.one(SYSTEM, item)
    assert (first.code, second.code, second.id) == ("done", "unchanged", first.id)
    assert b"picture" not in bytes(Picture.objects.get().content_sealed)
