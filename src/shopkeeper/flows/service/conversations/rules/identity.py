"""Who a shop's page says its customer is: a token signed with the widget's secret, believed or not.

`base64url(JSON {"sub", "name", "phone", "exp"})` + "." + hex HMAC-SHA256 under the secret over the first part.
"""

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from typing import Any

LONGEST_TOKEN = 2_000
LONGEST_LIFE_S = 7 * 24 * 3600


class NotBelieved(Exception):
    """The token is no proof; `code`: forged, expired, unreadable."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Identity:
    """A customer as their shop knows them. `customer` is the shop's own key of the person."""

    customer: str = field(repr=False)
    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)


def signed(secret: str, claims: dict[str, Any]) -> str:
    """A token over claims; what a shop's own server does with the secret."""
    part = base64.urlsafe_b64encode(json.dumps(claims, ensure_ascii=False).encode()).decode().rstrip("=")
    return f"{part}.{_mac(secret, part)}"


def believed(secret: str, token: str, now_s: float) -> Identity:
    """The identity in a token. Raises NotBelieved."""
    part, _, mac = token.partition(".")
    if not secret or len(token) > LONGEST_TOKEN or not hmac.compare_digest(_mac(secret, part).encode(), mac.encode()):
        raise NotBelieved("forged")
    try:
        claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        customer, until = str(claims["sub"]).strip(), float(claims["exp"])
    except (ValueError, KeyError, TypeError, binascii.Error):
        raise NotBelieved("unreadable") from None
    if not now_s < until <= now_s + LONGEST_LIFE_S:
        raise NotBelieved("expired")
    if not 1 <= len(customer) <= 80:
        raise NotBelieved("unreadable")
    return Identity(customer, str(claims.get("name") or "")[:60], str(claims.get("phone") or "")[:30])


def _mac(secret: str, part: str) -> str:
    return hmac.new(secret.encode(), part.encode("utf-8", "replace"), hashlib.sha256).hexdigest()
