"""Who calls: a bearer token of a person, or the person's own signed-in session (with CSRF token)."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from django.http import HttpRequest
from ninja.security import APIKeyCookie, HttpBearer

from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.sql import Statement
from shopkeeper.shared.clock import machine_now
from shopkeeper.web.visitor import actor_from, visitor


@dataclass(frozen=True, slots=True)
class TokenRow:
    """The token's person as visitor.PersonRow has them, and what the token narrows them to."""

    id: int
    name: str
    all_shops: bool
    all_warehouses: bool
    roles: list[str]
    shops: list[int]
    warehouses: list[int]
    allowed: list[str]


# Expiry is security and runs on machine time.
FIND_TOKEN = Statement(
    """
    SELECT p.id, p.name, p.all_shops, p.all_warehouses,
           ARRAY(SELECT role::text FROM foundation_personrole WHERE person_id = p.id ORDER BY role),
           ARRAY(SELECT shop_id FROM foundation_personshop WHERE person_id = p.id),
           ARRAY(SELECT warehouse_id FROM foundation_personwarehouse WHERE person_id = p.id),
           ARRAY(SELECT jsonb_array_elements_text(t.permissions))
    FROM foundation_apitoken AS t JOIN foundation_person AS p ON p.id = t.person_id AND p.is_active
    WHERE t.token_hash = %(hash)s::bytea AND t.revoked_at IS NULL
      AND (t.expires_at IS NULL OR t.expires_at > %(now)s::timestamptz)""",
    row=TokenRow,
)


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def actor_of_token(token: str, now: datetime) -> Actor | None:
    """The person's actor, narrowed to what the token allows; None for an unknown or ended token."""
    row = FIND_TOKEN.first(hash=token_hash(token), now=now)
    if row is None:
        return None
    actor = actor_from(row)
    allowed = actor.permissions & frozenset(row.allowed) if row.allowed else actor.permissions
    return replace(actor, permissions=allowed, kind="program")


class TokenAuth(HttpBearer):
    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        return actor_of_token(token, machine_now())


class SessionAuth(APIKeyCookie):
    """The browser's session; ninja checks the CSRF token because this is a cookie."""

    param_name = "sessionid"

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:
        return visitor(request)
