"""Once per key: a request that comes again, or twice at the same time, gets the first one's answer.

The key's row is written in the transaction of what the request does: both are there, or neither is. A batch of
several transactions keeps the answer of each.
"""

import hashlib
import json
import time
from dataclasses import dataclass
from typing import Any

from shopkeeper.foundation.sql import NoRow, Statement
from shopkeeper.shared.clock import machine_now
from shopkeeper.shared.errors import BusinessError

PATIENCE_S = 8.0
PAUSE_S = 0.05
KEY_LENGTH = 80


@dataclass(frozen=True, slots=True)
class Claimed:
    id: int


@dataclass(frozen=True, slots=True)
class Kept:
    request_hash: bytes
    answer: Any


# The lock says at once whether the first request still runs; the row alone would keep the second one waiting.
CLAIM = Statement(
    """
    WITH lock AS MATERIALIZED (
        SELECT pg_try_advisory_xact_lock(hashtextextended(%(key)s::text, %(actor)s::bigint)) AS is_ours
    )
    INSERT INTO foundation_idempotencykey (actor_id, key, request_hash, made_at)
    SELECT %(actor)s::bigint, %(key)s::text, %(hash)s::bytea, %(now)s::timestamptz FROM lock WHERE is_ours
    ON CONFLICT (actor_id, key) DO NOTHING
    RETURNING id""",
    row=Claimed,
)
LOOK = Statement(
    "SELECT request_hash, answer FROM foundation_idempotencykey "
    "WHERE actor_id = %(actor)s::bigint AND key = %(key)s::text",
    row=Kept,
)
KEEP: Statement[NoRow] = Statement(
    "UPDATE foundation_idempotencykey SET answer = %(answer)s::text::jsonb "
    "WHERE actor_id = %(actor)s::bigint AND key = %(key)s::text"
)

FORGET: Statement[NoRow] = Statement(
    "DELETE FROM foundation_idempotencykey "
    "WHERE actor_id = %(actor)s::bigint AND key = %(key)s::text AND answer IS NULL"
)


@dataclass(frozen=True, slots=True)
class OnceKey:
    """A key of an actor's, the hash of what was asked under it, and which part of a long batch this is."""

    actor_id: int
    name: str
    request_hash: bytes
    start: int = 0

    @property
    def text(self) -> str:
        return f"{self.name}+{self.start}" if self.start else self.name

    def part(self, start: int) -> "OnceKey":
        """The key of the part that begins at item `start`."""
        return OnceKey(self.actor_id, self.name, self.request_hash, start)


def once_key(actor_id: int, name: str, body: bytes) -> OnceKey:
    """The key of a request. Names too long to keep are kept as their hash."""
    short = name if len(name) <= KEY_LENGTH else f"sha256:{hashlib.sha256(name.encode()).hexdigest()}"
    return OnceKey(actor_id, short, body_hash(body))


def body_hash(body: bytes) -> bytes:
    return hashlib.sha256(body).digest()


@dataclass(frozen=True, slots=True)
class Remembered:
    """What was answered under a key before."""

    answer: Any


def claim(key: OnceKey, patience_s: float | None = None) -> Remembered | None:
    """Take a key in the transaction at hand (None), or find what was answered under it.

    Waits for a first request that still runs. Raises `key_reused` for another body, `in_progress` where the
    first one runs for too long.
    """
    until = time.monotonic() + (PATIENCE_S if patience_s is None else patience_s)
    while not CLAIM.rows(actor=key.actor_id, key=key.text, hash=key.request_hash, now=machine_now()):
        kept = LOOK.first(actor=key.actor_id, key=key.text)
        if kept:
            if bytes(kept.request_hash) != key.request_hash:
                raise BusinessError("key_reused")
            return Remembered(json.loads(kept.answer) if isinstance(kept.answer, str) else kept.answer)
        if time.monotonic() >= until:
            raise BusinessError("in_progress")
        time.sleep(PAUSE_S)
    return None


def keep(key: OnceKey, answer: Any) -> None:
    """Remember what is answered under a claimed key, in the transaction that did it."""
    KEEP.run(actor=key.actor_id, key=key.text, answer=json.dumps(answer, ensure_ascii=False, default=str))


def forget(key: OnceKey) -> None:
    """Give a claimed key back unanswered."""
    FORGET.run(actor=key.actor_id, key=key.text)
