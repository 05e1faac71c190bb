"""Who calls: a bearer token of a person, or the person's own signed-in session (with CSRF token)."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from django.http import HttpRequest
from ninja.security import APIKeyCookie, HttpBearer

from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.sql import Statement
from shopkeeper.shared.clock import machine_now
from shopkeeper.web.visitor import actor_of, visitor


@dataclass(frozen=True, slots=True)
class TokenRow:
    person_id: int
    permissions: list[str]


# Expiry is security and runs on machine time.
FIND_TOKEN = Statement(
    """
    SELECT person_id, ARRAY(SELECT jsonb_array_elements_text(permissions)) FROM foundation_apitoken
    WHERE token_hash = %(hash)s::bytea AND revoked_at IS NULL
      AND (expires_at IS NULL OR expires_at > %(now)s::timestamptz)""",
    row=TokenRow,
)


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def actor_of_token(token: str, now: datetime) -> Actor | None:
    """The person's actor, narrowed to what the token allows; None for an unknown or ended token."""
    row = FIND_TOKEN.first(hash=token_hash(token), now=now)
    actor = actor_of(row.person_id) if row else None
    if row is None or actor is None:
        return None
    allowed = actor.permissions & frozenset(row.permissions) if row.permissions else actor.permissions
    return replace(actor, permissions=allowed, kind="program")


class TokenAuth(HttpBearer):
    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        return actor_of_token(token, machine_now())


class SessionAuth(APIKeyCookie):
    """The browser's session; ninja checks the CSRF token because this is a cookie."""

    param_name = "sessionid"

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:
        return visitor(request)
