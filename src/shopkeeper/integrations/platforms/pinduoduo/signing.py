"""The platform's signatures: of our calls, and of the messages posted to us."""

import hashlib
import hmac
from collections.abc import Mapping


def call_sign(params: Mapping[str, str], secret: str) -> str:
    """MD5 over secret, every parameter but `sign` sorted by name, secret; upper-case hex."""
    text = "".join(name + params[name] for name in sorted(params) if name != "sign")
    return hashlib.md5(f"{secret}{text}{secret}".encode(), usedforsecurity=False).hexdigest().upper()


def message_sign(client_id: str, secret: str, timestamp: str, body: bytes) -> str:
    """Signature of a posted message: hex HMAC-SHA256 over client id + timestamp + body."""
    return hmac.new(secret.encode(), f"{client_id}{timestamp}".encode() + body, hashlib.sha256).hexdigest()
