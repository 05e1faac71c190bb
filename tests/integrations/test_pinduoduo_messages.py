"""The second platform's messages: believed only when signed with the shop's secret and fresh by machine time."""

import json
import time

import pytest

from shopkeeper.flows.fulfilment.intake.ports import ForgedMessage, Hint, ShopAccess
from shopkeeper.integrations.platforms.pinduoduo import PinduoduoOrders
from shopkeeper.integrations.platforms.pinduoduo.signing import message_sign
from tests.outside import Inbox, Mall

pytestmark = [pytest.mark.clause("O1.1")]
SHOP = ShopAccess(7, "pinduoduo", "http://127.0.0.1:9", "k", "s", "t")


def message(kind: str = "pdd_trade_TradeConfirmed", tid: object = "261111-3007", **other: object) -> bytes:
    inside = {"type": kind, "mallID": 1, "content": json.dumps({"mall_id": 1, "tid": tid})}
    return json.dumps({"id": 1, "sendTime": 1_794_326_405_000, "message": inside, **other}).encode()


def believed(body: bytes, age_s: int = 0, secret: str = "s", **headers: str) -> Hint:
    timestamp = str(int((time.time() - age_s) * 1000))
    signed = {"Pdd-Sign": message_sign("k", secret, timestamp, body), "Pdd-Timestamp": timestamp, **headers}
    orders = PinduoduoOrders()
    try:
        return orders.parse_message(SHOP, signed, body)
    finally:
        orders.close()


def test_a_genuine_message() -> None:
    hint = believed(message())
    assert (hint.message_id, hint.kind, hint.platform_no) == ("1", "paid", "261111-3007")
    assert hint.at is not None
    assert believed(message("pdd_refund_RefundCreated")).kind == "refund"
    assert believed(message("something new")).kind == "other"
    assert believed(message(), age_s=590)
    assert believed(message(), age_s=-590)


@pytest.mark.parametrize(
    ("body", "how", "code"),
    [
        (message(), {"secret": "another"}, "bad_signature"),
        (message(), {"Pdd-Sign": "é" * 64}, "bad_signature"),
        (message(), {"Pdd-Sign": ""}, "unsigned"),
        (message(), {"Pdd-Timestamp": "1"}, "bad_signature"),
        (message(), {"age_s": 605}, "stale"),
        (message(), {"age_s": -620}, "stale"),
        (message()[:40], {}, "unreadable"),
        (b"", {}, "unreadable"),
        (b"[]", {}, "unreadable"),
        (b"[" * 5000, {}, "unreadable"),
        (message(tid="1 or 1=1"), {}, "unreadable"),
        (message(sendTime="soon"), {}, "unreadable"),
        (message(sendTime=1e300), {}, "unreadable"),
        (message(message=7), {}, "unreadable"),
        (b" " * 300_000, {}, "too_large"),
    ],
)
def test_all_else_is_forged(body: bytes, how: dict[str, object], code: str) -> None:
    with pytest.raises(ForgedMessage) as caught:
        believed(body, **how)  # type: ignore[arg-type]
    assert caught.value.code == code


def test_every_deed_is_told_and_what_is_not_genuine_is_told_apart(mall: Mall, inbox: Inbox) -> None:
    mall.control.post("/shops", mall.form(message_url=inbox.url))
    for what in ("forged", "stale", "half_json", "twice"):
        mall.control.misbehave("messages", what, next=1, method="pdd_trade_TradeConfirmed")
    mall.control.misbehave("messages", "lost", next=1, method="pdd_trade_TradeMemoModified")
    mall.place(paid=False)
    (number,) = mall.place()
    for do in ("memo", "hold", "release", "address", "refund", "refund_withdraw"):
        mall.act(number, do, receiver={"address": "2号"})
    assert mall.control.settle()
    verdicts = []
    for headers, body in inbox.posts:
        try:
            verdicts.append(str(mall.orders.parse_message(mall.shop, headers, body).kind))
        except ForgedMessage as forged:
            verdicts.append(forged.code)
    genuine = ["paid", "paid", "changed", "changed", "changed", "refund", "refund"]
    assert verdicts == ["bad_signature", "stale", "unreadable", *genuine]
    assert mall.orders.parse_message(mall.shop, *inbox.posts[-1]).platform_no == number
