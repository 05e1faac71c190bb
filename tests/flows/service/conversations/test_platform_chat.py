"""S1.1 through the real adapter and the sandbox over HTTP: pushed twice, forged, lost and pulled, answered once."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from shopkeeper.config import gateways
from shopkeeper.flows.service.conversations.models import Conversation, Message, ShopChannel
from shopkeeper.flows.service.conversations.performers import Gateways, performers
from shopkeeper.foundation import business_time
from shopkeeper.foundation.errands import perform_due
from shopkeeper.foundation.models import ErrandEntry, Shop
from shopkeeper.integrations.platforms.taobao.chat import TaobaoChat
from tests import factories
from tests.flows.service.conversations import stage
from tests.outside import Inbox, Outside, inbox, outside, sandboxes

__all__ = ["inbox", "outside", "sandboxes"]
pytestmark = pytest.mark.clause("S1.1")


@pytest.fixture
def shop(db: None, settings: Any, outside: Outside, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    settings.SHOPKEEPER_CLOCK = "simulated"
    business_time.set_simulated(outside.now)
    shop = stage.open_shop(code="chatshop", app_key=outside.shop.app_key, api_url=outside.shop.base_url)
    chat = TaobaoChat(outside.gateway)
    monkeypatch.setattr(gateways, "chat_of", lambda shop_id: (chat, replace(outside.shop, shop_id=shop_id)))
    yield shop


def perform(outside: Outside) -> None:
    ports = Gateways(
        {"taobao": TaobaoChat(outside.gateway)},
        lambda ids: {id_: replace(outside.shop, shop_id=id_) for id_ in ids},
    )
    perform_due(performers(ports))


def later(outside: Outside, **span: int) -> None:
    business_time.set_simulated(outside.clock(timedelta(**span)))


def write(outside: Outside, text: str, **more: Any) -> None:
    line = {"from": "open-uid-9", "nick": "小红", "text": text, "session": outside.shop.session, **more}
    outside.control.post("/platform/chats", {"lines": [line]})


def pushed(outside: Outside, inbox: Inbox) -> list[int]:
    """Hand on what the sandbox pushed, as the web server would; the answers' codes."""
    outside.control.post("/settle")
    codes = []
    posts, inbox.posts = inbox.posts, []
    for headers, body in posts:
        kept = {k: v for k, v in headers.items() if k.lower().startswith(("event-", "app-"))}
        answer = Client().post("/hooks/chat/chatshop", body, content_type="application/json", headers=kept)
        codes.append(answer.status_code)
    return codes


def shown(outside: Outside) -> list[str]:
    lines = outside.control.get("/platform/chats", session=outside.shop.session)["lines"]
    return [line["content"] for line in lines]


@pytest.fixture
def listening(outside: Outside, inbox: Inbox) -> Inbox:
    outside.control.post("/shops", outside.shop_form(message_url=inbox.url, chat_url=inbox.url))
    return inbox


def test_a_pushed_line_comes_in_once_whatever_the_platform_repeats_or_forges(
    outside: Outside, listening: Inbox, shop: Shop
) -> None:
    outside.control.post("/misbehave", {"where": "messages", "what": "twice", "next": 1})
    outside.control.post("/misbehave", {"where": "messages", "what": "forged", "next": 1})
    write(outside, "什么时候发货？")
    assert sorted(pushed(outside, listening)) == [200, 200, 403]
    talk = Conversation.objects.get()
    assert (talk.shop_id, talk.channel, talk.contact_masked) == (shop.pk, "platform", "小***")
    assert Message.objects.filter(sender="customer").count() == 1
    assert ShopChannel.objects.get().pulled_upto == 1


def test_what_was_lost_on_the_way_is_pulled_and_counts_from_when_it_was_said(
    outside: Outside, listening: Inbox, shop: Shop
) -> None:
    outside.control.post("/misbehave", {"where": "messages", "what": "lost", "next": 1})
    write(outside, "第一句，丢了")
    said = outside.now
    later(outside, seconds=3)
    write(outside, "第二句")
    assert pushed(outside, listening) == [200]
    perform(outside)  # the gap in the numbers brought the pull forward
    talk = Conversation.objects.get()
    said_texts = [text for who, text in stage.texts(talk) if who == "customer"]
    assert sorted(said_texts) == sorted(["第一句，丢了", "第二句"])
    assert Message.objects.get(client_id__endswith="0001").said_at == said
    assert ShopChannel.objects.get().pulled_upto == 2
    perform(outside)
    assert Message.objects.filter(sender="customer").count() == 2


def test_our_lines_reach_the_customer_once_though_answers_are_lost(
    outside: Outside, listening: Inbox, shop: Shop
) -> None:
    agent = stage.agent(shop)
    write(outside, "在吗？")
    pushed(outside, listening)
    talk = Conversation.objects.get()
    stage.reply(agent, talk, "在的，请说")
    outside.control.post("/misbehave", {"where": "platform", "what": "lost_answer", "next": 2})
    for _ in range(4):
        perform(outside)
        later(outside, seconds=30)
    assert shown(outside) == [stage.texts(talk)[1][1], "在的，请说"]
    assert not Message.objects.filter(delivery="pending").exists()
    assert set(Message.objects.exclude(sender="customer").values_list("delivery", flat=True)) == {"sent"}
    assert not ErrandEntry.objects.filter(kind="send_chat_message").exists()


def test_words_and_card_of_one_line_both_reach_the_customer(outside: Outside, listening: Inbox, shop: Shop) -> None:
    agent = stage.agent(shop)
    sku = factories.make_sku(code="CARD-1", price_minor=15_800)
    factories.stock_up(sku, shop.default_warehouse)  # type: ignore[arg-type]
    write(outside, "有现货吗？")
    pushed(outside, listening)
    stage.reply(agent, Conversation.objects.get(), "有的", sku_id=sku.pk)
    perform(outside)
    words, card = shown(outside)[-1].split("\n")
    assert words == "有的"
    assert "158.00" in card


def test_a_customer_who_blocks_us_is_seen_as_not_reached(outside: Outside, listening: Inbox, shop: Shop) -> None:
    agent = stage.agent(shop)
    write(outside, "在吗？", **{"from": "blocker"})
    pushed(outside, listening)
    outside.control.post("/platform/chats/block", {"from": "blocker"})
    sent = stage.reply(agent, Conversation.objects.get(), "您好")
    perform(outside)
    line = Message.objects.get(id=sent.id)
    assert (line.delivery, line.failure) == ("failed", "isv.chat-receiver-refused")


def test_a_stale_or_half_message_is_not_believed(outside: Outside, listening: Inbox, shop: Shop) -> None:
    outside.control.post("/misbehave", {"where": "messages", "what": "stale", "next": 1})
    outside.control.post("/misbehave", {"where": "messages", "what": "half_json", "next": 1})
    outside.control.post("/misbehave", {"where": "messages", "what": "lost", "next": 1})
    write(outside, "在吗？")
    assert pushed(outside, listening) == [403, 403]
    assert not Conversation.objects.exists()
    assert Client().post("/hooks/chat/no-such-shop", b"{}", content_type="application/json").status_code in (403, 404)
