"""Messages posted to us. A message is only a hint where to look; even so only a genuine one is heard."""

import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from shopkeeper.flows.fulfilment.intake.ports import ForgedMessage, Hint, HintKind, ShopAccess
from shopkeeper.integrations.platforms.pinduoduo.reading import order_number
from shopkeeper.integrations.platforms.pinduoduo.signing import message_sign
from shopkeeper.integrations.texts import clean_text

MAX_AGE = timedelta(minutes=10)
MAX_BYTES = 256 * 1024
KINDS: dict[str, HintKind] = {
    "pdd_trade_TradeConfirmed": "paid",
    "pdd_trade_TradeRiskControl": "changed",
    "pdd_trade_TradeLogisticsAddressChanged": "changed",
    "pdd_trade_TradeMemoModified": "changed",
    "pdd_trade_TradeSellerShip": "shipped",
    "pdd_trade_TradeSuccess": "done",
}


def believed(shop: ShopAccess, headers: Mapping[str, str], body: bytes, now: datetime) -> Hint:
    """The hint in a genuine message. `now` is machine time. Raises `ForgedMessage`."""
    named = {name.lower(): value for name, value in headers.items()}
    sign, timestamp = named.get("pdd-sign", ""), named.get("pdd-timestamp", "")
    if len(body) > MAX_BYTES:
        raise ForgedMessage("too_large")
    if not sign or not timestamp or not shop.app_secret:  # without a secret nothing can be believed
        raise ForgedMessage("unsigned")
    expected = message_sign(shop.app_key, shop.app_secret, timestamp, body)
    if not hmac.compare_digest(sign.encode("utf-8", "replace"), expected.encode()):
        raise ForgedMessage("bad_signature")
    if not timestamp.isdecimal() or abs(now.timestamp() - int(timestamp[:15]) / 1000) > MAX_AGE.total_seconds():
        raise ForgedMessage("stale")
    return _hint(body)


def _hint(body: bytes) -> Hint:
    try:
        sent = json.loads(body)
        kind = sent["message"]["type"]
        number = order_number(json.loads(sent["message"]["content"])["tid"])
        if not isinstance(kind, str) or not number:
            raise ValueError("no kind or order number")
        heard = KINDS.get(kind, "refund" if kind.startswith("pdd_refund_") else "other")
        at = datetime.fromtimestamp(sent["sendTime"] / 1000, UTC)
        return Hint(clean_text(sent["id"], 100), heard, number, at)
    except (ValueError, KeyError, TypeError, OverflowError, OSError, RecursionError):
        raise ForgedMessage("unreadable") from None
