"""The pages of S1.1 through the front door: desk, supervision, records, calls, channels; in both languages."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from shopkeeper.flows.service.conversations.commands.end_conversations import EndConversation, end_conversations
from shopkeeper.flows.service.conversations.models import Conversation, Message, PhoneCall, ShopChannel
from shopkeeper.flows.service.conversations.words import waited
from shopkeeper.flows.service.tickets.commands.answer_changes import WithdrawChange, withdraw_changes
from shopkeeper.flows.service.tickets.commands.keep_knowledge import (
    PublishArticle,
    WriteArticle,
    publish_articles,
    write_articles,
)
from shopkeeper.flows.service.tickets.commands.request_changes import RequestChange, request_changes
from shopkeeper.flows.service.tickets.models import Agent, CannedReply, Ticket
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.models import Person
from shopkeeper.sop.roles import Role
from tests import factories as make
from tests.flows.service.conversations import stage
from tests.flows.service.conversations.test_hooks import png

pytestmark = [pytest.mark.django_db, pytest.mark.clause("S1.1")]
SCRIPT = "<script>alert('x')</script>"


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, make.NOON)


def enter(person: Person, language: str = "zh") -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["sk_lang"] = language
    return client


def post(client: Client, path: str, body: dict[str, Any] | None = None) -> tuple[int, dict[str, Any]]:
    headers = {"Accept": "application/json"}
    answer = client.post(path, json.dumps(body or {}), content_type="application/json", headers=headers)
    return answer.status_code, answer.json() if answer.content else {}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_opens_for_the_supervisor(language: str) -> None:
    shop = stage.open_shop()
    talk = stage.conversation(shop, SCRIPT)
    client = enter(make.make_person(Role.OPERATIONS_SUPERVISOR), language)
    for path in (
        "/service/desk/",
        "/service/supervision/",
        "/service/talks/",
        f"/service/talks/{talk.pk}/",
        "/service/calls/",
        "/service/calls/new/",
        "/service/channels/",
    ):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert SCRIPT not in answer.content.decode(), path


def test_the_pages_say_what_to_do_when_there_is_nothing() -> None:
    client = enter(make.make_person(Role.OPERATIONS_SUPERVISOR))
    assert "还没有客服上线" in client.get("/service/supervision/").content.decode()
    assert "店铺的客服渠道开通后" in client.get("/service/talks/?tab=all").content.decode()
    assert "也可以手工记录" in client.get("/service/calls/").content.decode()
    assert "你还没有负责的店铺" in client.get("/service/channels/").content.decode()


def test_the_queue_has_what_is_due_soonest_on_top_and_only_what_is_mine_to_see(monkeypatch) -> None:
    shop = make.make_shop()
    agent = stage.agent(shop, chats=2)
    first = stage.conversation(shop, "第一位", customer="a")
    stage.at(monkeypatch, make.NOON + timedelta(seconds=2))
    second = stage.conversation(shop, "第二位", customer="b")
    third = stage.conversation(shop, "第三位没人", customer="c")
    foreign = stage.conversation(make.make_shop(), "别家店")
    client = enter(stage.person_of(agent))
    found = client.get("/service/desk/queue/").json()
    assert [item["id"] for item in found["items"]] == [first.pk, second.pk, third.pk]
    assert found["items"][0]["preview"] == "第一位"
    assert foreign.pk not in [item["id"] for item in found["items"]]
    stage.reply(agent, first)
    found = client.get("/service/desk/queue/").json()
    assert [item["id"] for item in found["items"]] == [second.pk, third.pk, first.pk]
    assert found["share"] == 100.0
    other = stage.agent(shop, presence="busy")
    theirs = enter(stage.person_of(other)).get("/service/desk/queue/").json()
    assert [item["id"] for item in theirs["items"]] == [third.pk]


def test_an_agent_reads_replies_and_ends_at_the_desk() -> None:
    shop = make.make_shop()
    agent = stage.agent(shop)
    talk = stage.conversation(shop, SCRIPT)
    client = enter(stage.person_of(agent))
    found = client.get(f"/service/desk/talks/{talk.pk}/").json()
    assert found["lines"][0]["text"] == SCRIPT  # as data; the island writes it as text
    assert (found["talk"]["is_mine"], found["talk"]["may_write"]) == (True, True)
    base = f"/service/desk/talks/{talk.pk}"
    assert post(client, f"{base}/say/", {"client_id": "k1", "text": ""})[0] == 422
    status, said = post(client, f"{base}/say/", {"client_id": "k1", "text": "您好"})
    assert (status, said["ok"]) == (200, True)
    assert post(client, f"{base}/say/", {"client_id": "k1", "text": "您好"})[1]["code"] == "unchanged"
    news = client.get(f"{base}/?after=2").json()
    assert [line["text"] for line in news["lines"]] == ["您好"]
    status, ended = post(client, f"{base}/end/", {"ending": "solved", "resolves_ticket": True})
    assert status == 200, ended
    status, late = post(client, f"{base}/say/", {"client_id": "k2", "text": "还在吗"})
    assert (status, late["code"]) == (422, "conversation_ended")
    assert "会话已经结束" in late["words"]


def test_the_work_list_names_the_matter_and_ticket_of_a_first_reply_and_has_the_matter_once() -> None:
    shop = make.make_shop()
    agent = stage.agent(shop)
    talk = stage.conversation(shop, "什么时候发货？")
    page = enter(Person.objects.get(pk=agent.person_id)).get("/?flow=").content.decode()
    assert f"首次回复客户：催发货 GD{talk.ticket_id:010d}" in page
    resolve = page.index("解决工单：催发货")
    assert page.index("还没到时候") < resolve and "先首次回复客户（另有一项）" in page[resolve:]


def test_the_desk_names_its_buttons_and_leaves_keys_out_of_the_field() -> None:
    agent = stage.agent(make.make_shop())
    page = enter(Person.objects.get(pk=agent.person_id)).get("/service/desk/").content.decode()
    field = page[page.index('id="say"') :]
    assert "Enter" not in field[: field.index(">")]
    head = page[page.index("data-hand-over") : page.index("data-lines")]
    assert "转接</button>" in head and "结束</button>" in head


def test_beside_the_talk_stands_that_no_change_was_filed_for_the_address_asked_for() -> None:
    shop = stage.open_shop()
    agent = stage.agent(shop)
    talk = stage.conversation(shop, "地址写错了，能改地址吗")
    order_id = make.make_order(shop, make.received_line())
    Ticket.objects.filter(pk=talk.ticket_id).update(order_id=order_id, kind="address_change")
    client = enter(stage.person_of(agent))
    beside = client.get(f"/service/desk/talks/{talk.pk}/context/").content.decode()
    assert "data-lacks-change" in beside and f"/tickets/orders/{order_id}/change/?kind=address" in beside
    assert "data-lacks-warning" in client.get("/service/desk/").content.decode()
    other = request_changes.one(SYSTEM, RequestChange(order_id, "cancel", "changed_mind"))
    beside = client.get(f"/service/desk/talks/{talk.pk}/context/").content.decode()
    assert "data-lacks-change" not in beside and f"/tickets/changes/{other.id}/" in beside
    Ticket.objects.filter(pk=talk.ticket_id).update(kind="logistics")
    assert "另有一项改单" not in client.get(f"/service/desk/talks/{talk.pk}/context/").content.decode()
    withdraw_changes.one(SYSTEM, WithdrawChange(other.id or 0))
    assert "data-lacks-change" not in client.get(f"/service/desk/talks/{talk.pk}/context/").content.decode()


def test_another_shops_conversation_is_not_found_at_any_door() -> None:
    talk = stage.conversation(stage.open_shop())
    client = enter(stage.person_of(stage.agent(make.make_shop())))
    base = f"/service/desk/talks/{talk.pk}"
    for path in (
        f"{base}/",
        f"{base}/context/",
        f"{base}/sayings/",
        f"{base}/pictures/1/",
        f"/service/talks/{talk.pk}/",
    ):
        assert client.get(path).status_code == 404, path
    assert post(client, f"{base}/say/", {"client_id": "k1", "text": "x"})[1]["code"] == "not_found"
    assert post(client, f"{base}/attend/", {"doing": "replying"})[0] == 404
    assert not Message.objects.filter(sender="agent").exists()


def test_pictures_are_sent_and_seen_at_the_desk() -> None:
    shop = stage.open_shop()
    agent = stage.agent(shop)
    talk = stage.conversation(shop)
    client = enter(stage.person_of(agent))
    base = f"/service/desk/talks/{talk.pk}"
    from django.core.files.uploadedfile import SimpleUploadedFile

    kept = client.post(f"{base}/pictures/", {"file": SimpleUploadedFile("<b>.png", png())}).json()
    assert kept["ok"]
    refused = client.post(f"{base}/pictures/", {"file": SimpleUploadedFile("a.png", b"<svg/>")})
    assert (refused.status_code, refused.json()["code"]) == (422, "file_kind_unknown")
    assert post(client, f"{base}/say/", {"client_id": "k1", "picture_id": kept["picture_id"]})[0] == 200
    picture = client.get(f"{base}/pictures/{kept['picture_id']}/")
    assert (picture["Content-Type"], picture.content) == ("image/png", png())


def test_the_context_shows_orders_parcels_and_earlier_matters_masked() -> None:
    shop = stage.open_shop()
    sku = make.make_sku(name="羊毛围巾")
    make.stock_up(sku, shop.default_warehouse)  # type: ignore[arg-type]
    make.make_order(shop, make.received_line(sku), buyer_ref="open-uid-1")
    agent = stage.agent(shop)
    talk = stage.conversation(shop, channel="platform", name="张小明")
    body = enter(stage.person_of(agent)).get(f"/service/desk/talks/{talk.pk}/context/").content.decode()
    assert "羊毛围巾" in body and "张**" in body and "138****1234" in body
    assert "张小明" not in body and "13812341234" not in body


def test_canned_replies_products_and_knowledge_are_found_and_filled() -> None:
    shop = stage.open_shop()
    sku = make.make_sku(name="纯棉围巾", price_minor=9_900)
    make.stock_up(sku, shop.default_warehouse, 20)  # type: ignore[arg-type]
    CannedReply.objects.create(
        shop=shop,
        shortcut="hi",
        title="问候",
        text="您好，我是{agent}，订单{order}我看一下",
        changed_at=make.NOON,
        changed_by=0,
    )  # fmt: skip
    article = write_articles.one(stage.SYSTEM, WriteArticle("wash", "围巾怎么洗", "冷水手洗"))
    publish_articles.one(stage.SYSTEM, PublishArticle(article.id or 0))
    agent = stage.agent(shop)
    talk = stage.conversation(shop)
    client = enter(stage.person_of(agent))
    found = client.get(f"/service/desk/talks/{talk.pk}/sayings/", {"q": "hi"}).json()
    assert found["sayings"][0]["text"] == f"您好，我是{stage.person_of(agent).name}，订单〔待补〕我看一下"
    found = client.get(f"/service/desk/talks/{talk.pk}/sayings/", {"q": "围巾"}).json()
    assert found["goods"][0]["price_minor"] == 9_900 and found["goods"][0]["available"] == 20
    assert found["knowledge"][0]["body"] == "冷水手洗"


def test_supervision_shows_the_share_who_has_whom_and_takes_over(monkeypatch) -> None:
    shop = stage.open_shop()
    agent = stage.agent(shop)
    kept, late = stage.conversation(shop, customer="a"), stage.conversation(shop, customer="b")
    stage.at(monkeypatch, make.NOON + timedelta(seconds=8))
    stage.reply(agent, kept)
    stage.at(monkeypatch, make.NOON + timedelta(seconds=20))
    boss = stage.agent(role=Role.OPERATIONS_SUPERVISOR, presence="busy")
    client = enter(stage.person_of(boss))
    body = client.get("/service/supervision/").content.decode()
    assert "50.0" in body and stage.person_of(agent).name in body
    answer = client.post(f"/service/supervision/{late.pk}/take-over/", headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert Conversation.objects.get(id=late.pk).agent_id == boss.pk
    assert enter(stage.person_of(agent)).get("/service/supervision/").status_code == 403


def test_presence_is_set_at_the_desk() -> None:
    person = make.make_person(Role.CUSTOMER_SERVICE)
    client = enter(person)
    assert "未上线" in client.get("/service/desk/").content.decode()
    assert post(client, "/service/desk/presence/", {"presence": "available"})[0] == 200
    assert Agent.objects.get(person=person).presence == "available"
    assert post(client, "/service/desk/presence/", {"presence": "asleep"})[0] == 404


def test_handing_over_at_the_desk() -> None:
    shop = stage.open_shop()
    agent = stage.agent(shop)
    talk = stage.conversation(shop)
    other = stage.agent(shop, presence="busy")
    client = enter(stage.person_of(agent))
    offered = client.get("/service/desk/colleagues/").json()["colleagues"]
    assert [colleague["id"] for colleague in offered] == [other.pk]
    assert post(client, f"/service/desk/talks/{talk.pk}/hand-over/", {"agent_id": other.pk})[0] == 200
    assert Conversation.objects.get().agent_id == other.pk
    status, answer = post(client, f"/service/desk/talks/{talk.pk}/hand-over/", {"agent_id": None})
    assert (status, answer["code"]) == (422, "not_yours")
    assert stage.person_of(other).name in answer["words"]


def test_a_failed_line_is_sent_again_from_the_desk() -> None:
    shop = stage.open_shop()
    agent = stage.agent(shop)
    talk = stage.conversation(shop, channel="platform")
    sent = stage.reply(agent, talk)
    Message.objects.filter(id=sent.id).update(delivery="failed", failure="isv.x")
    client = enter(stage.person_of(agent))
    shown = client.get(f"/service/desk/talks/{talk.pk}/").json()["undelivered"]
    assert shown[str(sent.facts["sequence"])] == ["failed", "isv.x"]
    assert post(client, f"/service/desk/messages/{sent.id}/resend/")[0] == 200
    assert Message.objects.get(id=sent.id).delivery == "pending"


def test_a_call_is_logged_by_hand_and_a_ringing_one_is_taken() -> None:
    shop = stage.open_shop()
    client = enter(stage.person_of(stage.agent(shop)))
    form = {
        "shop_id": shop.pk, "phone": "13812341234", "rang_at": "2026-06-01T11:59:50",
        "answered_at": "2026-06-01T11:59:55", "hung_up_at": "", "note": "问发票", "form_token": "t1",
    }  # fmt: skip
    assert client.post("/service/calls/new/", form).status_code == 302
    call = PhoneCall.objects.get()
    assert (call.answered_at - call.rang_at).total_seconds() == 5  # type: ignore[operator]
    wrong = client.post("/service/calls/new/", {**form, "answered_at": "2026-06-01T11:59:40", "form_token": "t2"})
    assert wrong.status_code == 422 and "接听时间早于振铃时间" in wrong.content.decode()
    stage.log_calls.one(stage.SYSTEM, stage.LogCall(shop.pk, "pbx-9", "13900001111", rang_at=make.NOON))
    rings = Conversation.objects.latest("id")
    assert client.get(f"/service/desk/talks/{rings.pk}/").json()["talk"]["rings"]
    assert post(client, f"/service/desk/talks/{rings.pk}/take-call/")[0] == 200
    assert post(client, f"/service/desk/talks/{rings.pk}/take-call/")[1]["code"] == "call_over"
    stage.log_calls.one(stage.SYSTEM, stage.LogCall(shop.pk, "pbx-10", "13900002222", rang_at=make.NOON))
    taken = {"shop_id": shop.pk, "reference": "pbx-10"}
    assert client.post("/service/calls/answer/", taken, headers={"HX-Request": "true"}).status_code == 204
    assert PhoneCall.objects.get(reference="pbx-10").answered_at == make.NOON
    assert "138****1234" in client.get("/service/calls/?text=13812341234").content.decode()


def test_channels_are_opened_and_the_secret_renewed_on_the_page() -> None:
    shop = make.make_shop()
    client = enter(make.make_person(Role.OPERATIONS_SUPERVISOR))
    opened = client.post("/service/channels/open/", {"shop_id": shop.pk, "origins": "https://a.example.com"})
    assert opened.status_code == 302
    row = ShopChannel.objects.get()
    body = client.get("/service/channels/").content.decode()
    assert f"/widget/{shop.code}/" in body and "data-shop" in body
    assert client.post("/service/channels/renew/", {"shop_id": shop.pk, "version": 1}).status_code == 302
    assert bytes(ShopChannel.objects.get().secret_sealed) != bytes(row.secret_sealed)
    service = enter(make.make_person(Role.CUSTOMER_SERVICE))
    assert service.get("/service/channels/").status_code == 403


def test_a_conversation_is_found_by_number_and_whole_phone_only() -> None:
    shop = stage.open_shop()
    talk = stage.conversation(shop, phone="13812341234")
    stage.conversation(shop, customer="other", phone="13999998888")
    client = enter(make.make_person(Role.OPERATIONS_SUPERVISOR))
    number = f"HH{talk.pk:010d}"
    for text in (number, "13812341234"):
        body = client.get("/service/talks/", {"tab": "all", "q": text}).content.decode()
        assert number in body and body.count('data-record="') == 1
    assert number not in client.get("/service/talks/", {"tab": "all", "q": "1381234"}).content.decode()


def test_attending_tells_the_desks_and_writes_nothing() -> None:
    shop = stage.open_shop()
    agent = stage.agent(shop)
    talk = stage.conversation(shop)
    client = enter(stage.person_of(agent))

    def rows() -> int:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT (SELECT count(*) FROM foundation_event) + (SELECT count(*) FROM foundation_commandrun)"
            )
            return int(cursor.fetchone()[0])

    before = rows()
    assert post(client, f"/service/desk/talks/{talk.pk}/attend/", {"doing": "replying"})[0] == 204
    assert rows() == before


@pytest.mark.clause("S1.2")
def test_a_ticket_leads_to_its_conversation_for_who_may_go_there() -> None:
    shop = stage.open_shop()
    desk = stage.agent(shop)
    talk = stage.conversation(shop)
    CannedReply.objects.create(shortcut="hi", title="问候", text="您好", changed_at=make.NOON, changed_by=0)
    client = enter(stage.person_of(desk))
    page = client.get(f"/tickets/{talk.ticket_id}/").content.decode()
    assert page.count(f'href="/service/desk/?open={talk.pk}"') >= 3  # in the head, at the replies, at resolving
    assert "先回复，再解决" in page
    assert 'data-copy="您好' in page
    stage.reply(desk, talk)
    assert "先回复，再解决" not in client.get(f"/tickets/{talk.ticket_id}/").content.decode()


def test_a_ticket_whose_conversation_is_over_does_not_send_one_to_the_desk_to_reply() -> None:
    shop = stage.open_shop()
    agent = stage.agent(shop)
    talk = stage.conversation(shop)
    talk.refresh_from_db()
    client = enter(make.make_person(Role.CUSTOMER_SERVICE, Role.OPERATIONS_SUPERVISOR))
    CannedReply.objects.create(shortcut="hi", title="问候", text="您好", changed_at=make.NOON, changed_by=0)
    page = client.get(f"/tickets/{talk.ticket_id}/").content.decode()
    assert "到接待台回复" in page and "打开会话" in page
    assert stage.reply(agent, talk).changed
    assert end_conversations.one(SYSTEM, EndConversation(talk.pk, "solved")).changed
    page = client.get(f"/tickets/{talk.ticket_id}/").content.decode()
    assert "到接待台回复" not in page and "去会话里回复" not in page
    assert "查看会话（已结束）" in page
    assert "会话已结束，不能在接待台回复" in page


@pytest.mark.parametrize(("seconds", "said"), [(9.04, "9.0 秒"), (90, "90.0 秒"), (377.8, "6 分钟"), (None, "–")])
def test_a_long_wait_is_said_in_minutes(seconds: float | None, said: str) -> None:
    assert waited(seconds) == said
