"""Calls to the platform: common parameters, signature, and its error answers put into our four classes."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from shopkeeper.foundation.shop_access import ShopAccess
from shopkeeper.integrations.outside_http import OutsideHttp, json_object
from shopkeeper.integrations.platforms.pinduoduo.signing import call_sign
from shopkeeper.integrations.texts import clean_text
from shopkeeper.shared.clock import machine_now
from shopkeeper.shared.outside import OutsideError

THROTTLE_WAIT_S = 5.0  # the platform counts by the minute or by ten seconds and does not say when it forgives
_THROTTLED = frozenset({52101, 70031})
_TRANSIENT = frozenset({52102, 52103})
# Who we are is not believed: token, signature, address, or a right that was not granted.
_AUTH = frozenset({10002, 10016, 10018, 10019, 20004, 20005, 30000})


class PddGateway:
    """One client's way to the platform; shops differ by their token. Timestamps are machine time."""

    def __init__(self, http: OutsideHttp | None = None, now: Callable[[], datetime] = machine_now) -> None:
        self._http = http or OutsideHttp()
        self._now = now

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def call(self, shop: ShopAccess, method: str, **params: str) -> tuple[dict[str, Any], bytes]:
        """The inside of the answer, and the answer byte for byte. Raises `OutsideError` with the platform's
        code."""
        sent = {
            **params,
            "type": method,
            "client_id": shop.app_key,
            "access_token": shop.session,
            "timestamp": str(int(self._now().timestamp())),
            "data_type": "JSON",
            "version": "V1",
        }
        sent["sign"] = call_sign(sent, shop.app_secret)
        body = self._http.post(shop.base_url, form=sent)
        answer = json_object(body)
        if "error_response" in answer:
            raise classed(answer["error_response"])
        for name, inside in answer.items():  # answers are not always named after their method
            if name.endswith("_response") and isinstance(inside, dict):
                return inside, body
        raise OutsideError("transient", "bad_answer", f"no answer to {method} in it")


def classed(error: object) -> OutsideError:
    """The platform's error as one of our classes, by its published ranges: up to 52003 asking again is useless."""
    if not isinstance(error, dict):
        return OutsideError("transient", "bad_answer", "an error without a form")
    try:
        code = int(error.get("error_code", 0))
    except (TypeError, ValueError):
        code = 0
    words = clean_text(error.get("sub_msg") or error.get("error_msg"), 300)
    if code in _THROTTLED:
        return OutsideError("throttled", str(code), words, THROTTLE_WAIT_S)
    if code in _AUTH:
        return OutsideError("auth", str(code), words)
    if code in _TRANSIENT or not code:
        return OutsideError("transient", str(code), words)
    return OutsideError("permanent", str(code), words)
