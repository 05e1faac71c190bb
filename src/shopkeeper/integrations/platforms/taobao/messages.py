"""Messages the platform posts to us. A message is only a hint where to look; even so only a genuine one is
heard."""

import hmac
import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from shopkeeper.flows.fulfilment.intake.ports import ForgedMessage, Hint, HintKind, ShopAccess
from shopkeeper.integrations.platforms.taobao.signing import message_sign
from shopkeeper.integrations.texts import china_moment, clean_text

MAX_AGE = timedelta(minutes=10)
MAX_BYTES = 256 * 1024
KINDS: dict[str, HintKind] = {
    "taobao_trade_TradeCreate": "created",
    "taobao_trade_TradeBuyerPay": "paid",
    "taobao_trade_TradeChanged": "changed",
    "taobao_trade_TradeLogisticsAddressChanged": "changed",
    "taobao_trade_TradeMemoModified": "changed",
    "taobao_trade_TradeClose": "closed",
    "taobao_trade_TradeSellerShip": "shipped",
    "taobao_trade_TradeSuccess": "done",
}


def believed(shop: ShopAccess, headers: Mapping[str, str], body: bytes, now: datetime) -> Hint:
    """The hint in a genuine message. `now` is machine time. Raises `ForgedMessage`."""
    named = {name.lower(): value for name, value in headers.items()}
    sign, timestamp = named.get("event-sign", ""), named.get("event-timestamp", "")
    if len(body) > MAX_BYTES:
        raise ForgedMessage("too_large")
    if not sign or not timestamp or not shop.app_secret:  # without a secret nothing can be believed
        raise ForgedMessage("unsigned")
    expected = message_sign(shop.app_key, shop.app_secret, timestamp, body)
    if not hmac.compare_digest(sign.encode("utf-8", "replace"), expected.encode()):
        raise ForgedMessage("bad_signature")
    if not timestamp.isdecimal() or abs(now.timestamp() - int(timestamp[:12])) > MAX_AGE.total_seconds():
        raise ForgedMessage("stale")
    return _hint(body)


def _hint(body: bytes) -> Hint:
    try:
        message = json.loads(body)
        content = json.loads(message["content"])
        topic = message["topic"]
        number = clean_text(content["tid"], 64)
        if not isinstance(topic, str) or not number.isalnum():
            raise ValueError("no topic or order number")
        kind = KINDS.get(topic, "refund" if topic.startswith("taobao_refund_") else "other")
        return Hint(clean_text(message["id"], 100), kind, number, china_moment(message.get("pub_time")))
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ForgedMessage("unreadable") from None
