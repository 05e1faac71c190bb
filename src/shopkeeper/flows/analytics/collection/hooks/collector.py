"""D1.1: the public door of the collector, plain ASGI without the ORM: traffic of the shops' own pages.

POST /c/{key}: {"visitor", "session", "sent_at", "events": [...]} → 202 {"taken": n} once the events are synced to
disk. 400 says which event is wrong and why, 403 that the page is not the shop's, 404 that there is no such key, 413
and 429 that it is too much, 503 that the disk does not keep up: come again. GET /c/collector.js is the page's script.
"""

import functools
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings

from shopkeeper.flows.analytics.collection.queries.keys import KnownKeys
from shopkeeper.flows.analytics.collection.records.spool import ROTATE_S, SpoolFull, SpoolWriter, as_lines, spool_folder
from shopkeeper.flows.analytics.collection.rules.traffic import BatchWrong, Sent, events_of
from shopkeeper.foundation.live import Receive, Scope, Send
from shopkeeper.foundation.personal import blind_index
from shopkeeper.web.knocks import Knocks

PREFIX = "/c/"
SCRIPT_PATH = "/c/collector.js"
BODY_MAX = 256 * 1024
SCRIPT = Path(__file__).with_name("collector.js")
Headers = Mapping[bytes, bytes]


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: dict[str, Any] = field(default_factory=dict)
    retry_after: int = 0


@dataclass(slots=True)
class Collector:
    """One process's collector: its keys, its file, and how often each address knocked."""

    keys: KnownKeys
    spool: SpoolWriter
    per_minute: int
    trusts_clock: bool
    name_key: bytes
    knocks: Knocks = field(default_factory=Knocks)

    async def take(self, key: str, headers: Headers, address: str, receive: Receive) -> tuple[Answer, str]:
        """Take a batch; with the answer, the origin that may read it."""
        origin = headers.get(b"origin", b"").decode("latin-1")
        found = await self.keys.find(key)
        if found is None:
            return Answer(404, {"code": "key_unknown"}), ""
        if not found.allows(origin):
            return Answer(403, {"code": "origin_not_allowed"}), ""
        if not self.knocks.allowed(f"{found.shop_id}:{address}", self.per_minute):
            return Answer(429, {"code": "slow_down"}, 30), origin
        body = await _body(receive)
        if body is None:
            return Answer(413, {"code": "batch_too_large", "most_bytes": BODY_MAX}), origin
        agent = headers.get(b"user-agent", b"").decode("latin-1")
        sent = Sent(found.shop_id, time.time_ns() // 1_000_000, agent, self.trusts_clock)
        try:
            events = events_of(orjson.loads(body), sent, self.named)
        except orjson.JSONDecodeError:
            return Answer(400, {"code": "not_json"}), origin
        except BatchWrong as wrong:
            return Answer(400, {"code": wrong.code, "event": wrong.place}), origin
        try:
            await self.spool.append(as_lines(events))
        except SpoolFull:
            return Answer(503, {"code": "come_again"}, 5), origin
        return Answer(202, {"taken": len(events)}), origin

    def named(self, visitor: str) -> str:
        """A visitor's own number through the installation's key: it joins here, and leads nowhere else."""
        return blake2b(visitor.encode(), key=self.name_key, digest_size=12).hexdigest()


@functools.cache
def collector() -> Collector:
    """This process's collector. Where time is stepped, each batch's file is closed at once: nothing waits."""
    stepped = settings.SHOPKEEPER_CLOCK == "simulated"
    return Collector(
        KnownKeys(),
        SpoolWriter(spool_folder(), 0.0 if stepped else ROTATE_S),
        settings.SHOPKEEPER_COLLECTOR_PER_MINUTE,
        stepped,
        blind_index("collector", "visitors"),
    )


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Everything below /c/."""
    path, method = scope["path"], scope["method"]
    if path == SCRIPT_PATH and method in ("GET", "HEAD"):
        await _answer_script(send, method)
        return
    key = path[len(PREFIX) :].strip("/")
    headers = {bytes(name).lower(): bytes(value) for name, value in scope["headers"]}
    if method == "OPTIONS":
        await _answer_preflight(key, headers, send)
    elif method == "POST":
        address = (scope.get("client") or ("", 0))[0]
        answer, origin = await collector().take(key, headers, address, receive)
        await _answer(send, answer, origin)
    else:
        await _answer(send, Answer(405, {"code": "post_only"}), "")


async def _body(receive: Receive) -> bytes | None:
    """The body; None for one that is too large, whatever its headers claim."""
    chunks, size = [], 0
    while True:
        message = await receive()
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > BODY_MAX:
            return None
        chunks.append(chunk)
        if not message.get("more_body", False):
            return b"".join(chunks)


async def _answer_preflight(key: str, headers: Headers, send: Send) -> None:
    origin = headers.get(b"origin", b"").decode("latin-1")
    found = await collector().keys.find(key)
    if found is None or not found.allows(origin):
        await _answer(send, Answer(403, {"code": "origin_not_allowed"}), "")
        return
    more = [
        (b"access-control-allow-methods", b"POST"),
        (b"access-control-allow-headers", b"content-type"),
        (b"access-control-max-age", b"86400"),
    ]
    await send({"type": "http.response.start", "status": 204, "headers": [*_shared_with(origin), *more]})
    await send({"type": "http.response.body", "body": b""})


async def _answer(send: Send, answer: Answer, origin: str) -> None:
    body = orjson.dumps(answer.body)
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    if answer.retry_after:
        headers.append((b"retry-after", str(answer.retry_after).encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": [*headers, *_shared_with(origin)]})
    await send({"type": "http.response.body", "body": body})


def _shared_with(origin: str) -> list[tuple[bytes, bytes]]:
    """The page that may read the answer; none, where the sender is no page."""
    return [(b"access-control-allow-origin", origin.encode("latin-1")), (b"vary", b"origin")] if origin else []


async def _answer_script(send: Send, method: str) -> None:
    body = _script()
    headers = [
        (b"content-type", b"text/javascript; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"public, max-age=3600"),
        (b"access-control-allow-origin", b"*"),
        (b"cross-origin-resource-policy", b"cross-origin"),
        (b"x-content-type-options", b"nosniff"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if method == "HEAD" else body})


@functools.cache
def _script() -> bytes:
    return SCRIPT.read_bytes()
