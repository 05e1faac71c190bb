"""The chat of Taobao/Tmall (Qianniu): customers' lines pushed and pulled, ours sent once per key.

The platform opens its chat to chosen partners only; the methods here keep its habits (signed calls, a shop-wide
running number, milliseconds) and are answered by the sandbox.
"""

import hmac
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from shopkeeper.flows.service.conversations.ports import (
    ForgedMessage,
    HeardLine,
    HeardLines,
    OutsideError,
    ShopAccess,
    Spoken,
)
from shopkeeper.integrations.outside_http import retrying
from shopkeeper.integrations.platforms.taobao.gateway import TopGateway
from shopkeeper.integrations.platforms.taobao.messages import MAX_AGE, MAX_BYTES
from shopkeeper.integrations.platforms.taobao.signing import message_sign
from shopkeeper.integrations.texts import clean_text
from shopkeeper.shared.clock import machine_now

PAGE_SIZE = 100
LONGEST_TEXT = 4_000
TOPIC = "taobao_chat_CustomerMessage"


class TaobaoChat:
    """`PlatformChat` for Taobao and Tmall."""

    def __init__(self, gateway: TopGateway | None = None, now: Callable[[], datetime] = machine_now) -> None:
        self._gateway = gateway or TopGateway()
        self._now = now

    def close(self) -> None:
        """Let go of the connections."""
        self._gateway.close()

    def pull(self, shop: ShopAccess, after: int) -> HeardLines:
        """See the port."""
        asked = {"after_seq": str(after), "page_size": str(PAGE_SIZE)}
        inside, _ = retrying(lambda: self._gateway.call(shop, "taobao.chat.messages.get", **asked))
        try:
            listed = inside["messages"]["message"] if inside.get("messages") else []
            lines = tuple(_line(message) for message in listed)
            return HeardLines(lines, max([after, *(line.number for line in lines)]), bool(inside.get("has_next")))
        except (KeyError, TypeError, ValueError):
            raise OutsideError("transient", "bad_answer", "the messages cannot be read") from None

    def send(self, shop: ShopAccess, spoken: Spoken) -> str:
        """See the port. The platform itself keeps our key, so a repeat is answered with the first one's id."""
        asked = {
            "to_open_uid": spoken.buyer_ref,
            "content": spoken.text[:LONGEST_TEXT],
            "client_msg_id": spoken.client_id,
        }
        inside, _ = self._gateway.call(shop, "taobao.chat.message.send", **asked)
        message_id = clean_text(inside.get("message_id"), 80)
        if not message_id:
            raise OutsideError("transient", "bad_answer", "no message id in the answer")
        return message_id

    def parse_message(self, shop: ShopAccess, headers: Mapping[str, str], body: bytes) -> HeardLine:
        """See the port."""
        named = {name.lower(): value for name, value in headers.items()}
        sign, timestamp = named.get("event-sign", ""), named.get("event-timestamp", "")
        if len(body) > MAX_BYTES:
            raise ForgedMessage("too_large")
        if not sign or not timestamp or not shop.app_secret:  # without a secret nothing can be believed
            raise ForgedMessage("unsigned")
        expected = message_sign(shop.app_key, shop.app_secret, timestamp, body)
        if not hmac.compare_digest(sign.encode("utf-8", "replace"), expected.encode()):
            raise ForgedMessage("bad_signature")
        if not timestamp.isdecimal() or abs(self._now().timestamp() - int(timestamp[:12])) > MAX_AGE.total_seconds():
            raise ForgedMessage("stale")
        try:
            message = json.loads(body)
            if message["topic"] != TOPIC:
                raise ValueError("another topic")
            return _line(json.loads(message["content"]))
        except (ValueError, KeyError, TypeError, RecursionError):
            raise ForgedMessage("unreadable") from None


def _line(message: dict[str, Any]) -> HeardLine:
    """Raises KeyError, TypeError or ValueError for what is no line."""
    number, buyer = int(message["seq"]), clean_text(message["from_open_uid"], 100)
    message_id = clean_text(message["message_id"], 70)
    if number < 1 or not buyer or not message_id:
        raise ValueError("no number, sender or id")
    return HeardLine(
        message_id=message_id,
        number=number,
        buyer_ref=buyer,
        said_at=datetime.fromtimestamp(int(message["send_time"]) / 1000, UTC),
        buyer_name=clean_text(message.get("from_nick"), 60),
        text=clean_text(message.get("content"), LONGEST_TEXT),
        platform_no=clean_text(message.get("tid"), 64),
    )
