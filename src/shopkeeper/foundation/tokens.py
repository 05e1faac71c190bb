"""API tokens: the text is derived from the installation's key, so that it is stored nowhere, only its hash is."""

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.models import ApiToken
from shopkeeper.foundation.personal import token_seed
from shopkeeper.shared.clock import machine_now
from shopkeeper.shared.errors import BusinessError

READABLE_FOR = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class TokenRow:
    """One token as its owner sees it; never its text."""

    id: int
    name: str
    permissions: tuple[str, ...]
    made_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None

    @property
    def is_live(self) -> bool:
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > machine_now())


def token_text(token_id: int) -> str:
    """The text of a token; give it to nobody but its owner, and only when it was just made."""
    return f"sk_{token_id}_{base64.urlsafe_b64encode(token_seed(token_id)).decode().rstrip('=')}"


def token_hash(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def fresh_token(viewer: Actor, token_id: int) -> str:
    """The text of a token the viewer made within the last ten minutes; else BusinessError "token_not_shown"."""
    since = machine_now() - READABLE_FOR
    made = ApiToken.objects.filter(id=token_id, person_id=viewer.id, made_at__gt=since, revoked_at=None)
    if not made.exists():
        raise BusinessError("token_not_shown")
    return token_text(token_id)


def tokens_of(viewer: Actor) -> list[TokenRow]:
    """The viewer's tokens, newest first, the ended ones included."""
    rows = ApiToken.objects.filter(person_id=viewer.id).order_by("-id")[:100]
    return [
        TokenRow(row.pk, row.name, tuple(row.permissions), row.made_at, row.expires_at, row.revoked_at) for row in rows
    ]
