"""A message is believed only when it is signed with the shop's secret and fresh by machine time."""

import json
import time

import pytest

from shopkeeper.flows.fulfilment.intake.ports import ForgedMessage, ShopAccess
from shopkeeper.integrations.platforms.taobao import TaobaoOrders
from shopkeeper.integrations.platforms.taobao.signing import message_sign
from tests.outside import Inbox, Outside

SHOP = ShopAccess(7, "taobao", "http://127.0.0.1:9", "k", "s", "t")
CONTENT = json.dumps({"tid": 3007})
MESSAGE = {
    "id": "1",
    "topic": "taobao_trade_TradeBuyerPay",
    "pub_time": "2026-11-11 00:00:05",
    "content": CONTENT,
}


def believed(body: bytes, age_s: int = 0, secret: str = "s", **headers: str) -> object:
    timestamp = str(int(time.time()) - age_s)
    signed = {
        "Event-Sign": message_sign("k", secret, timestamp, body),
        "Event-Timestamp": timestamp,
        **headers,
    }
    orders = TaobaoOrders()
    try:
        return orders.parse_message(SHOP, signed, body)
    finally:
        orders.close()


def test_a_genuine_message() -> None:
    hint = believed(json.dumps(MESSAGE).encode())
    assert (hint.message_id, hint.kind, hint.platform_no) == ("1", "paid", "3007")  # type: ignore[attr-defined]
    assert believed(json.dumps({**MESSAGE, "topic": "taobao_refund_RefundCreated"}).encode()).kind == "refund"  # type: ignore[attr-defined]
    assert believed(json.dumps({**MESSAGE, "topic": "something new"}).encode()).kind == "other"  # type: ignore[attr-defined]
    assert believed(json.dumps(MESSAGE).encode(), age_s=590)
    assert believed(json.dumps(MESSAGE).encode(), age_s=-590)


@pytest.mark.parametrize(
    ("body", "how", "code"),
    [
        (json.dumps(MESSAGE).encode(), {"secret": "another"}, "bad_signature"),
        (json.dumps(MESSAGE).encode(), {"Event-Sign": "é" * 64}, "bad_signature"),
        (json.dumps(MESSAGE).encode(), {"Event-Sign": ""}, "unsigned"),
        (json.dumps(MESSAGE).encode(), {"age_s": 601}, "stale"),
        (json.dumps(MESSAGE).encode(), {"age_s": -620}, "stale"),
        (json.dumps(MESSAGE).encode()[:40], {}, "unreadable"),
        (b"", {}, "unreadable"),
        (b"[]", {}, "unreadable"),
        (b"[" * 5000, {}, "unreadable"),
        (json.dumps({**MESSAGE, "content": "[]"}).encode(), {}, "unreadable"),
        (json.dumps({**MESSAGE, "content": '{"tid":"1 or 1=1"}'}).encode(), {}, "unreadable"),
        (json.dumps({**MESSAGE, "pub_time": "soon"}).encode(), {}, "unreadable"),
        (b" " * 300_000, {}, "too_large"),
    ],
)
def test_all_else_is_forged(body: bytes, how: dict[str, object], code: str) -> None:
    with pytest.raises(ForgedMessage) as caught:
        believed(body, **how)  # type: ignore[arg-type]
    assert caught.value.code == code


def test_what_the_sandbox_posts_is_told_apart(outside: Outside, inbox: Inbox) -> None:
    outside.control.post("/shops", outside.shop_form(message_url=inbox.url))
    for what in ("forged", "stale", "half_json"):
        outside.control.misbehave("messages", what, next=1, method="taobao_trade_TradeCreate")
    (number,) = outside.place()
    assert outside.control.settle()
    verdicts = []
    for headers, body in inbox.posts:
        try:
            verdicts.append(outside.orders.parse_message(outside.shop, headers, body).kind)
        except ForgedMessage as forged:
            verdicts.append(forged.code)  # type: ignore[arg-type]
    assert verdicts == ["bad_signature", "stale", "unreadable", "created", "paid"]
    genuine = outside.orders.parse_message(outside.shop, *inbox.posts[-1])
    assert genuine.platform_no == number
