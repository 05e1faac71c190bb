"""Calls to the platform: common parameters, signature, and its error answers put into our four classes."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from shopkeeper.foundation.shop_access import ShopAccess
from shopkeeper.integrations.outside_http import OutsideHttp, json_object
from shopkeeper.integrations.platforms.taobao.signing import SignMethod, call_sign
from shopkeeper.integrations.texts import china_text, clean_text
from shopkeeper.shared.clock import machine_now
from shopkeeper.shared.outside import OutsideError

_BAN_END = re.compile(r"(\d{1,6}) more seconds")
_AUTH = frozenset({11, 12, 24, 25, 26, 27, 28, 29, 53})
DEFAULT_BAN_S = 60.0


class TopGateway:
    """One app's way to the platform; shops differ by their session. Timestamps are machine time."""

    def __init__(
        self,
        http: OutsideHttp | None = None,
        sign_method: SignMethod = "hmac-sha256",
        now: Callable[[], datetime] = machine_now,
    ) -> None:
        self._http = http or OutsideHttp()
        self._sign_method = sign_method
        self._now = now

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def call(self, shop: ShopAccess, method: str, **params: str) -> tuple[dict[str, Any], bytes]:
        """The inside of the answer, and the answer byte for byte. Raises `OutsideError` with the platform's
        code."""
        return self.send(shop, method, params)

    def send(
        self, shop: ShopAccess, method: str, params: Mapping[str, str], files: Mapping[str, bytes] | None = None
    ) -> tuple[dict[str, Any], bytes]:
        """The same, with parameters whose names are no Python names, and files, which are not signed."""
        sent = {
            **params,
            "method": method,
            "app_key": shop.app_key,
            "session": shop.session,
            "timestamp": china_text(self._now()),
            "format": "json",
            "v": "2.0",
            "sign_method": self._sign_method,
        }
        sent["sign"] = call_sign(sent, shop.app_secret, self._sign_method)
        body = self._http.post(shop.base_url, form=sent, files=files)
        answer = json_object(body)
        if "error_response" in answer:
            raise classed(answer["error_response"])
        inside = answer.get(method.removeprefix("taobao.").replace(".", "_") + "_response")
        if not isinstance(inside, dict):
            raise OutsideError("transient", "bad_answer", f"no answer to {method} in it")
        return inside, body


def classed(error: object) -> OutsideError:
    """The platform's error as one of our classes: what says `isp.` is its fault, what says `isv.` is ours."""
    if not isinstance(error, dict):
        return OutsideError("transient", "bad_answer", "an error without a form")
    try:
        code = int(error.get("code", 0))
    except (TypeError, ValueError):
        code = 0
    sub_code, words = clean_text(error.get("sub_code"), 120), clean_text(error.get("sub_msg"), 300)
    name = sub_code or str(code)
    words = words or clean_text(error.get("msg"), 300)
    if code == 7 or sub_code.startswith("accesscontrol.limited"):
        ban = _BAN_END.search(words)
        return OutsideError("throttled", name, words, float(ban[1]) if ban else DEFAULT_BAN_S)
    if code in _AUTH:
        return OutsideError("auth", name, words)
    if sub_code.startswith("isv."):
        return OutsideError("permanent", name, words)
    if sub_code.startswith("isp.") or code in (10, 15) or (0 < code < 100 and code not in (21, 22, 30, 31, 40, 41)):
        return OutsideError("transient", name, words)
    return OutsideError("permanent", name, words)
