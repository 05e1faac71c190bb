"""The one entry of the web server: live channels without the ORM, all else is Django in threads.

One origin and one port; a page never waits behind an open stream, because streams hold no thread.
"""

import os
from collections.abc import Awaitable, Callable, MutableMapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from a2wsgi import WSGIMiddleware
from granian.utils.proxies import wrap_asgi_with_proxy_headers

from shopkeeper.config.wsgi import application as django_application

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

LIVE = "shopkeeper.foundation.live"
live: Callable[[Scope, Receive, Send], Awaitable[None]] | None = (
    import_module(LIVE).application if find_spec(LIVE) else None
)
CHATS = "shopkeeper.flows.service.conversations.hooks.stream"
chats = import_module(CHATS)
COLLECTOR = "shopkeeper.flows.analytics.collection.hooks.collector"
collector = import_module(COLLECTOR)
THREADS = int(os.environ.get("SHOPKEEPER_WEB_THREADS", "12"))
# Reverse proxies whose word on the caller's address and scheme is believed; nobody else's is.
PROXIES = os.environ.get("SHOPKEEPER_PROXIES", "")
pages = WSGIMiddleware(django_application, workers=THREADS)


async def _app(scope: Scope, receive: Receive, send: Send) -> None:
    """Route by path; `lifespan` is answered so that the server knows we start and stop."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["path"] in chats.PATHS:
        await chats.application(scope, receive, send)
    elif scope["path"].startswith(collector.PREFIX):
        await collector.application(scope, receive, send)
    elif scope["path"].startswith("/live/") and live is not None:
        await live(scope, receive, send)
    else:
        await pages(scope, _coroutine(receive), send)


app = wrap_asgi_with_proxy_headers(_app, trusted_hosts=PROXIES) if PROXIES else _app


def _coroutine(receive: Receive) -> Receive:
    """The bridge to WSGI insists on a coroutine; the server hands out another kind of awaitable."""

    async def received() -> MutableMapping[str, Any]:
        return await receive()

    return received


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
