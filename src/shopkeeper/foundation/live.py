"""The live channel: server-sent events to signed-in browsers. Plain ASGI, no ORM, one database connection.

The relay (foundation/relay.py) notifies topics; each stream passes on those of its shops. A notice says only
what kind of thing changed; the page fetches what it may see through its usual door.
"""

import asyncio
import contextlib
import json
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

import psycopg
from django.core import signing
from django.db import connections

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

log = logging.getLogger(__name__)
CHANNEL = "shopkeeper_live"
SALT = "shopkeeper.live"  # the shell signs the token (web/context.py)
TOKEN_AGE_S = 24 * 3600
KEEPALIVE_S = 15.0
QUEUE_MAX = 200
KEPT_MAX = 1_000
OLDEST_PAGE_MS = 120_000  # a page that took longer to connect looks again at everything
LOOK_AGAIN = json.dumps({"events": [{"type": "all", "count": 1}]})
Notice = tuple[int, str]  # machine time in ms, and what to say
Shops = frozenset[int] | None


class Hub:
    """One listening connection per process, fanned out to all streams; the last notices are kept for latecomers."""

    def __init__(self) -> None:
        self._streams: dict[asyncio.Queue[Notice], Shops] = {}
        self._listener: asyncio.Task[None] | None = None
        self._kept: deque[tuple[int, int | None, str]] = deque()
        self._whole_from: int | None = None  # everything notified since then is kept; None while nobody listens

    @contextlib.contextmanager
    def stream(self, shops: Shops, since: int | None = None) -> Any:
        """A queue of what happens from now on, begun with what happened after `since` (machine time in ms)."""
        queue: asyncio.Queue[Notice] = asyncio.Queue(QUEUE_MAX)
        if since is not None:
            for notice in self.missed(shops, since):
                queue.put_nowait(notice)
        self._streams[queue] = shops
        if self._listener is None or self._listener.done():
            self._listener = asyncio.create_task(self._listen())
        try:
            yield queue
        finally:
            del self._streams[queue]

    def missed(self, shops: Shops, since: int) -> list[Notice]:
        """What a page was not told between its rendering and its connection; too much or too old: look again."""
        if self._whole_from is None:
            return []  # the listener says "look again" to all as soon as it listens
        if since < self._whole_from:
            return [(now_ms(), LOOK_AGAIN)]
        found = [(at, payload) for at, shop, payload in self._kept if at >= since and _concerns(shops, shop)]
        return found if len(found) < QUEUE_MAX else [(now_ms(), LOOK_AGAIN)]

    def publish(self, payload: str) -> None:
        shop_id, at = json.loads(payload).get("shop"), now_ms()
        self._keep(at, shop_id, payload)
        for queue, shops in self._streams.items():
            if _concerns(shops, shop_id):
                if queue.full():  # a stream that does not read gets one word instead: look again
                    while not queue.empty():
                        queue.get_nowait()
                    queue.put_nowait((at, LOOK_AGAIN))
                else:
                    queue.put_nowait((at, payload))

    def _keep(self, at: int, shop_id: int | None, payload: str) -> None:
        self._kept.append((at, shop_id, payload))
        while len(self._kept) > KEPT_MAX or self._kept[0][0] < at - OLDEST_PAGE_MS:
            gone = self._kept.popleft()
            if self._whole_from is not None:
                self._whole_from = max(self._whole_from, gone[0] + 1)

    async def _listen(self) -> None:
        """Listen for ever; what was notified while the connection was down is made up by `all`."""
        while True:
            try:
                connection = await psycopg.AsyncConnection.connect(**connection_parameters(), autocommit=True)
                async with connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    self._whole_from = now_ms()
                    self.publish(LOOK_AGAIN)
                    async for notice in connection.notifies():
                        self.publish(notice.payload)
            except psycopg.OperationalError as error:
                self._whole_from = None
                log.warning("live channel lost the database: %s", error)
                await asyncio.sleep(0.5)


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def _concerns(shops: Shops, shop_id: int | None) -> bool:
    return shops is None or shop_id is None or shop_id in shops


def connection_parameters() -> dict[str, Any]:
    """How a plain connection reaches the database that Django uses."""
    wrapper: Any = connections["default"]
    parameters = dict(wrapper.get_connection_params())
    for name in ("cursor_factory", "context", "prepare_threshold"):
        parameters.pop(name, None)
    return parameters


hub = Hub()


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """GET /live/events?token=…&age=…: an endless stream; 401 for a token that is forged or old.

    `age` is how many milliseconds ago the page was asked for. A browser that comes back says by Last-Event-ID what
    it heard last. What happened since then comes first.
    """
    query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    try:
        visitor = signing.loads(query.get("token", [""])[0], salt=SALT, max_age=TOKEN_AGE_S)
    except signing.BadSignature:
        await answer_status(send, 401)
        return
    if scope.get("path") != "/live/events" or scope.get("method") != "GET":
        await answer_status(send, 404)
        return
    shops = None if visitor["shops"] is None else frozenset(visitor["shops"])
    await start_stream(send)
    with hub.stream(shops, _since(scope, query)) as queue:
        await _pump(queue, receive, send)


def _since(scope: Scope, query: dict[str, list[str]]) -> int | None:
    heard = next((value for name, value in scope.get("headers", ()) if name == b"last-event-id"), b"")
    if heard.isdigit() and len(heard) < 16:
        return int(heard) + 1
    age = query.get("age", [""])[0]
    return now_ms() - int(age) if age.isdecimal() and len(age) < 10 else None


async def start_stream(send: Send) -> None:
    headers = [
        (b"content-type", b"text/event-stream"),
        (b"cache-control", b"no-cache"),
        (b"x-accel-buffering", b"no"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})


async def _pump(queue: "asyncio.Queue[Notice]", receive: Receive, send: Send) -> None:
    """Pass notices on until the browser leaves."""
    gone = asyncio.create_task(until_gone(receive))
    try:
        await write_text(send, ": welcome\n\n")
        while not gone.done():
            waiting = asyncio.create_task(queue.get())
            await asyncio.wait({gone, waiting}, timeout=KEEPALIVE_S, return_when=asyncio.FIRST_COMPLETED)
            if waiting.done():
                at, payload = waiting.result()
                await write_text(send, f"id: {at}\ndata: {payload}\n\n")
            else:
                waiting.cancel()
                await write_text(send, ": keepalive\n\n")
    except (OSError, RuntimeError) as error:
        log.debug("live stream ended: %s", error)
    finally:
        gone.cancel()


async def until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue


async def write_text(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def answer_status(send: Send, status: int) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})
