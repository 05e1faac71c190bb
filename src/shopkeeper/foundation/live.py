"""The live channel: server-sent events to signed-in browsers. Plain ASGI, no ORM, one database connection.

The relay (foundation/relay.py) notifies topics; each stream passes on those of its shops. A notice says only
what kind of thing changed; the page fetches what it may see through its usual door.
"""

import asyncio
import contextlib
import json
import logging
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
LOOK_AGAIN = json.dumps({"events": [{"type": "all", "count": 1}]})


class Hub:
    """One listening connection per process, fanned out to all streams."""

    def __init__(self) -> None:
        self._streams: dict[asyncio.Queue[str], frozenset[int] | None] = {}
        self._listener: asyncio.Task[None] | None = None

    @contextlib.contextmanager
    def stream(self, shops: frozenset[int] | None) -> Any:
        queue: asyncio.Queue[str] = asyncio.Queue(QUEUE_MAX)
        self._streams[queue] = shops
        if self._listener is None or self._listener.done():
            self._listener = asyncio.create_task(self._listen())
        try:
            yield queue
        finally:
            del self._streams[queue]

    def publish(self, payload: str) -> None:
        shop_id = json.loads(payload).get("shop")
        for queue, shops in self._streams.items():
            if shops is None or shop_id is None or shop_id in shops:
                if queue.full():  # a stream that does not read gets one word instead: look again
                    while not queue.empty():
                        queue.get_nowait()
                    queue.put_nowait(LOOK_AGAIN)
                else:
                    queue.put_nowait(payload)

    async def _listen(self) -> None:
        """Listen for ever; what was notified while the connection was down is made up by `all`."""
        while True:
            try:
                connection = await psycopg.AsyncConnection.connect(**connection_parameters(), autocommit=True)
                async with connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    self.publish(LOOK_AGAIN)
                    async for notice in connection.notifies():
                        self.publish(notice.payload)
            except psycopg.OperationalError as error:
                log.warning("live channel lost the database: %s", error)
                await asyncio.sleep(0.5)


def connection_parameters() -> dict[str, Any]:
    """How a plain connection reaches the database that Django uses."""
    wrapper: Any = connections["default"]
    parameters = dict(wrapper.get_connection_params())
    for name in ("cursor_factory", "context", "prepare_threshold"):
        parameters.pop(name, None)
    return parameters


hub = Hub()


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """GET /live/events?token=…: an endless stream; 401 for a token that is forged or old."""
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
    with hub.stream(shops) as queue:
        await _pump(queue, receive, send)


async def start_stream(send: Send) -> None:
    headers = [
        (b"content-type", b"text/event-stream"),
        (b"cache-control", b"no-cache"),
        (b"x-accel-buffering", b"no"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})


async def _pump(queue: "asyncio.Queue[str]", receive: Receive, send: Send) -> None:
    """Pass notices on until the browser leaves."""
    gone = asyncio.create_task(until_gone(receive))
    try:
        await write_text(send, ": welcome\n\n")
        while not gone.done():
            waiting = asyncio.create_task(queue.get())
            await asyncio.wait({gone, waiting}, timeout=KEEPALIVE_S, return_when=asyncio.FIRST_COMPLETED)
            if waiting.done():
                await write_text(send, f"data: {waiting.result()}\n\n")
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
