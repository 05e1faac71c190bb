"""Once per key: a request that comes again, or twice at the same time, gets the first one's answer.

Keys are leased in machine time, so that a process killed between claim and answer does not block for ever.
"""

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from shopkeeper.foundation.sql import NoRow, Statement
from shopkeeper.shared.clock import machine_now
from shopkeeper.shared.errors import BusinessError

RUNNING = 0
PATIENCE_S = 8.0


@dataclass(frozen=True, slots=True)
class Claimed:
    id: int


@dataclass(frozen=True, slots=True)
class Kept:
    """What is remembered of a key: `status` 0 while the first request still runs."""

    id: int
    request_hash: bytes
    status: int
    answer: Any


CLAIM = Statement(
    """
    INSERT INTO foundation_idempotencykey AS k (actor_id, key, request_hash, status, made_at)
    VALUES (%(actor)s::bigint, %(key)s::text, %(hash)s::bytea, 0, %(now)s::timestamptz)
    ON CONFLICT (actor_id, key) DO UPDATE SET made_at = excluded.made_at
        WHERE k.status = 0 AND k.made_at < %(stale)s::timestamptz AND k.request_hash = excluded.request_hash
    RETURNING id""",
    row=Claimed,
)
LOOK = Statement(
    "SELECT id, request_hash, status, answer FROM foundation_idempotencykey "
    "WHERE actor_id = %(actor)s::bigint AND key = %(key)s::text",
    row=Kept,
)
KEEP: Statement[NoRow] = Statement(
    "UPDATE foundation_idempotencykey SET status = %(status)s::smallint, answer = %(answer)s::text::jsonb "
    "WHERE id = %(id)s::bigint"
)
FORGET: Statement[NoRow] = Statement("DELETE FROM foundation_idempotencykey WHERE id = %(id)s::bigint AND status = 0")


def body_hash(body: bytes) -> bytes:
    return hashlib.sha256(body).digest()


@dataclass(frozen=True, slots=True)
class Claim:
    """A key that is ours to answer (`id`), or the answer somebody gave before (`status`, `answer`)."""

    id: int
    status: int = RUNNING
    answer: Any = None

    @property
    def is_ours(self) -> bool:
        return self.status == RUNNING


def claim(actor_id: int, key: str, body: bytes, *, lease: timedelta) -> Claim:
    """Take a key or find its answer; raise `key_reused` for another body, `in_progress` while the first runs."""
    now: datetime = machine_now()
    wanted = body_hash(body)
    made = CLAIM.first(actor=actor_id, key=key, hash=wanted, now=now, stale=now - lease)
    if made:
        return Claim(made.id)
    kept = LOOK.first(actor=actor_id, key=key)
    if kept is None:
        raise BusinessError("in_progress")  # given back between our two looks: the caller comes again
    if bytes(kept.request_hash) != wanted:
        raise BusinessError("key_reused")
    if kept.status == RUNNING:
        raise BusinessError("in_progress")
    answer = json.loads(kept.answer) if isinstance(kept.answer, str) else kept.answer
    return Claim(kept.id, kept.status, answer)


def keep(claimed: Claim, status: int, answer: Any) -> None:
    KEEP.run(id=claimed.id, status=status, answer=json.dumps(answer, ensure_ascii=False, default=str))


def once(actor_id: int, key: str, body: bytes, run: Callable[[], Any]) -> Any:
    """Run and remember, or give the remembered answer; waits for a first request that still runs."""
    until = time.monotonic() + PATIENCE_S
    lease = timedelta(seconds=2 * settings.SHOPKEEPER_LEASE_S)
    while True:
        try:
            claimed = claim(actor_id, key, body, lease=lease)
            break
        except BusinessError as busy:
            if busy.code != "in_progress" or time.monotonic() > until:
                raise
            time.sleep(0.05)
    if not claimed.is_ours:
        return claimed.answer
    try:
        answer = run()
    except BaseException:
        FORGET.run(id=claimed.id)
        raise
    keep(claimed, 200, answer)
    return answer
