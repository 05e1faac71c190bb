"""The platform's signatures: of our calls, and of the messages posted to us."""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Literal

SignMethod = Literal["md5", "hmac", "hmac-sha256"]


def call_sign(params: Mapping[str, str], secret: str, how: SignMethod) -> str:
    """Signature over every parameter except `sign`, sorted by name; upper-case hex."""
    text = "".join(name + params[name] for name in sorted(params) if name != "sign")
    if how == "md5":
        return hashlib.md5(f"{secret}{text}{secret}".encode(), usedforsecurity=False).hexdigest().upper()
    digest = hashlib.md5 if how == "hmac" else hashlib.sha256
    return hmac.new(secret.encode(), text.encode(), digest).hexdigest().upper()


def message_sign(app_key: str, secret: str, timestamp: str, body: bytes) -> str:
    """Signature of a posted message: hex HMAC-SHA256 over app key + timestamp + body."""
    return hmac.new(secret.encode(), f"{app_key}{timestamp}".encode() + body, hashlib.sha256).hexdigest()
