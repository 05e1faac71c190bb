"""The public doors of S1.1: the widget, the form, the platform's pushes. Only what is signed is believed."""

import io
import json
import struct
import zlib
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from shopkeeper.flows.service.conversations.models import Conversation, Message, Picture
from shopkeeper.flows.service.conversations.queries.customers import widget_secret_of
from shopkeeper.flows.service.conversations.rules.identity import signed
from shopkeeper.foundation.models import Shop
from shopkeeper.foundation.personal import destroy_keys
from shopkeeper.shared.clock import machine_now
from shopkeeper.web.knocks import KNOCKS
from tests import factories as make
from tests.flows.service.conversations import stage

pytestmark = [pytest.mark.django_db, pytest.mark.clause("S1.1")]


@pytest.fixture(autouse=True)
def forgetful() -> None:
    KNOCKS.forget()


def png(side: int = 2) -> bytes:
    """A real picture, small."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\x00" + b"\xff\x00\x00" * side for _ in range(side))
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


class Customer:
    """A customer's browser: a session token, no cookie."""

    def __init__(self, shop: Shop, identity: str = "") -> None:
        self.base = f"/widget/{shop.code}/"
        self.client = Client()
        answer = self.post("session/", {"identity": identity})
        assert answer.status_code == 200, answer.content
        self.entered: dict[str, Any] = answer.json()
        self.session = self.entered["session"]
        assert not self.client.cookies

    session = ""

    def post(self, path: str, body: dict[str, Any]) -> Any:
        headers = {"Authorization": f"Bearer {self.session}"}
        return self.client.post(self.base + path, json.dumps(body), content_type="application/json", headers=headers)

    def say(self, text: str, key: str = "key-00000001", **more: Any) -> Any:
        return self.post("lines/", {"client_id": key, "text": text, **more})

    def lines(self, after: int = 0) -> list[dict[str, Any]]:
        answer = self.client.get(
            f"{self.base}lines/?after={after}", headers={"Authorization": f"Bearer {self.session}"}
        )
        assert answer.status_code == 200
        return answer.json()["lines"]

    def upload(self, content: bytes, name: str = "a.png") -> Any:
        file = io.BytesIO(content)
        file.name = name
        headers = {"Authorization": f"Bearer {self.session}"}
        return self.client.post(f"{self.base}pictures/", {"file": file}, headers=headers)

    def picture(self, picture_id: int) -> Any:
        headers = {"Authorization": f"Bearer {self.session}"}
        return self.client.get(f"{self.base}pictures/{picture_id}/", headers=headers)


def identity(shop: Shop, customer: str = "member-7", **more: Any) -> str:
    claims = {"sub": customer, "name": "王小明", "exp": machine_now().timestamp() + 600, **more}
    return signed(widget_secret_of(shop.pk), claims)


def test_a_visitor_speaks_is_answered_and_sees_each_line_once() -> None:
    shop = stage.open_shop()
    agent = stage.agent(shop)
    visitor = Customer(shop)
    said = visitor.say("什么时候发货？").json()
    assert visitor.say("什么时候发货？").json()["conversation"] == said["conversation"]  # sent again by a bad network
    talk = Conversation.objects.get()
    stage.reply(agent, talk, "今天发出")
    shown = [(line["sender"], line["text"]) for line in visitor.lines()]
    assert shown[0] == ("customer", "什么时候发货？")
    assert shown[-1] == ("agent", "今天发出")
    assert len(shown) == 3
    assert [line["text"] for line in visitor.lines(after=2)] == ["今天发出"]
    assert stage.person_of(agent).name not in json.dumps(visitor.lines(), ensure_ascii=False)


def test_a_signed_identity_is_the_same_customer_as_the_orders_buyer() -> None:
    shop = stage.open_shop()
    order_id = make.make_order(shop, make.received_line(make.make_sku()), buyer_ref="member-7")
    member = Customer(shop, identity(shop))
    assert member.entered["name"] == "王小明"
    member.say("我的订单呢")
    talk = Conversation.objects.get()
    with connection.cursor() as cursor:
        cursor.execute("SELECT subject_id FROM intake_order WHERE id = %s", [order_id])
        assert cursor.fetchone()[0] == talk.subject_id
    assert talk.contact_masked == "王***"


def test_a_forged_identity_is_refused_with_words_and_opens_nothing() -> None:
    shop, other = stage.open_shop(), stage.open_shop()
    for bad, code in (
        (signed("guessed", {"sub": "member-7", "exp": machine_now().timestamp() + 60}), "identity_forged"),
        (identity(other), "identity_forged"),
        (identity(shop, exp=machine_now().timestamp() - 1), "identity_expired"),
        ("nonsense", "identity_forged"),
    ):
        answer = Client().post(
            f"/widget/{shop.code}/session/", json.dumps({"identity": bad}), content_type="application/json"
        )
        assert (answer.status_code, answer.json()["code"]) == (403, code)
        assert answer.json()["words"]["zh"]
    assert not Conversation.objects.exists()


def test_another_customers_conversation_lines_and_pictures_do_not_exist() -> None:
    shop, other = stage.open_shop(), stage.open_shop()
    mine, theirs = Customer(shop), Customer(shop)
    picture_id = mine.upload(png()).json()["picture_id"]
    mine.say("", picture_id=picture_id)
    assert mine.picture(picture_id).status_code == 200
    assert theirs.lines() == []
    assert theirs.picture(picture_id).status_code == 404
    assert theirs.say("", key="key-00000002", picture_id=picture_id).json()["code"] == "picture_unknown"
    foreign = Client().get(f"/widget/{other.code}/lines/", headers={"Authorization": f"Bearer {mine.session}"})
    assert foreign.status_code == 401
    for token in ("", "Bearer x", f"Bearer {mine.session}x"):
        assert Client().get(f"/widget/{shop.code}/lines/", headers={"Authorization": token}).status_code == 401


def test_script_in_messages_and_file_names_stays_text() -> None:
    shop = stage.open_shop()
    visitor = Customer(shop)
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    picture_id = visitor.upload(png(), name='"><script>alert(1)</script>.png').json()["picture_id"]
    visitor.say(evil, picture_id=picture_id)
    assert visitor.lines()[0]["text"] == evil  # as data; the page writes it as text
    answer = visitor.picture(picture_id)
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "script" not in answer["Content-Disposition"]
    page = Client().get(f"/widget/{shop.code}/").content.decode()
    assert "<script>" not in page and "onerror" not in page


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "file_kind_unknown"),
        (b"%PDF-1.7 hello", "file_kind_not_wanted"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 40, "file_unsafe"),
        (b"\xff\xd8\xff" + b"0" * 6_000_000, "file_too_large"),
    ],
)
def test_what_is_no_picture_is_refused_whatever_its_name(content: bytes, code: str) -> None:
    answer = Customer(stage.open_shop()).upload(content, "innocent.png")
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert not Picture.objects.exists()


def test_an_erased_customer_is_shown_nothing_and_their_pictures_are_gone() -> None:
    shop = stage.open_shop()
    visitor = Customer(shop)
    picture_id = visitor.upload(png()).json()["picture_id"]
    visitor.say("我的地址是西湖路1号", picture_id=picture_id)
    destroy_keys([Conversation.objects.get().subject_id], now=machine_now())
    assert "西湖路" not in json.dumps(visitor.lines(), ensure_ascii=False)
    assert visitor.picture(picture_id).status_code == 404


def test_who_knocks_too_often_is_asked_to_wait() -> None:
    shop = stage.open_shop()
    codes = {Client().post(f"/widget/{shop.code}/session/").status_code for _ in range(61)}
    assert codes == {200, 429}
    visitor_limit = [Client().get(f"/widget/{shop.code}/form/").status_code for _ in range(21)]
    assert visitor_limit[-1] == 429


def test_nonsense_is_refused_and_a_closed_shop_does_not_answer() -> None:
    shop, closed = stage.open_shop(), make.make_shop()
    visitor = Customer(shop)
    assert visitor.say("", key="key-00000003").json()["code"] == "nothing_said"
    assert visitor.say("x", key="short").status_code == 422
    raw = visitor.client.post(
        f"{visitor.base}lines/", b"[1,2", "application/json", headers={"Authorization": f"Bearer {visitor.session}"}
    )
    assert raw.status_code == 422
    assert Client().get(f"/widget/{closed.code}/").status_code == 404
    assert Client().post(f"/widget/{closed.code}/session/").status_code == 404


def test_only_named_pages_may_frame_the_widget() -> None:
    shop = stage.open_shop()
    stage.open_channels.one(stage.SYSTEM, stage.OpenChannels(shop.pk, ("https://shop.example.com",)))
    answer = Client().get(f"/widget/{shop.code}/")
    assert "X-Frame-Options" not in answer
    policy = answer["Content-Security-Policy"]
    assert "frame-ancestors 'self' https://shop.example.com" in policy
    assert "script-src 'self'" in policy


def test_the_form_opens_a_ticket_and_its_answer_is_the_writers_alone() -> None:
    shop = stage.open_shop()
    agent = stage.agent(shop)
    fields = {"contact": "13812341234", "name": "小明", "text": "发票怎么开？", "form_token": "t1"}
    sent = Client().post(f"/widget/{shop.code}/form/", fields)
    assert sent.status_code == 302
    again = Client().post(f"/widget/{shop.code}/form/", fields)  # a double click
    assert again.status_code == 302
    talk = Conversation.objects.get()
    assert (talk.channel, talk.ticket.channel) == ("form", "form")  # type: ignore[union-attr]
    stage.reply(agent, talk, "在订单页点开票")
    page = Client().get(sent["Location"])
    assert "在订单页点开票" in page.content.decode()
    # Somebody else who types the same number gets a form of their own, not this one.
    other = Client().post(f"/widget/{shop.code}/form/", {**fields, "text": "别的事", "form_token": "t2"})
    assert "在订单页点开票" not in Client().get(other["Location"]).content.decode()
    assert Client().get(f"/widget/{shop.code}/answer/?key=x").status_code == 404


def test_the_form_says_what_is_missing_and_keeps_what_was_typed() -> None:
    shop = stage.open_shop()
    answer = Client().post(f"/widget/{shop.code}/form/", {"contact": "没有", "text": "<b>急</b>"})
    assert answer.status_code == 422
    body = answer.content.decode()
    assert "请留下手机号或邮箱" in body and "&lt;b&gt;急&lt;/b&gt;" in body
    assert not Message.objects.exists()


def test_letters_that_nobody_can_keep_are_left_out_and_break_nothing() -> None:
    shop = stage.open_shop()
    visitor = Customer(shop)
    for n, (text, key) in enumerate((("坏\x00字", "key-0000000a"), ("坏\ud800字", "key-0000000b"))):
        assert visitor.say(text, key).status_code == 200, n
    for key in ("key-\x000000000", "key-\ud80000000"):
        assert visitor.say("您好", key).status_code == 422
    answer = Client().get(f"/widget/{shop.code}/lines/?after=0", headers={"Authorization": "Bearer \x00"})
    assert answer.status_code == 401
    form = {"name": "王\x00", "contact": "13800001111", "platform_no": "T\x001", "text": "问\x00题", "form_token": "a"}
    assert Client().post(f"/widget/{shop.code}/form/", form).status_code in (302, 422)
