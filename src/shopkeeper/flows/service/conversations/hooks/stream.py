"""The live streams of chats, plain ASGI: a customer follows their conversation, a desk hears what changed.

/live/chat?token=…&after=…: lines as events whose id is their sequence; a browser that reconnects says the last one
it has (Last-Event-ID) and gets what came behind it, each once. /live/desk?token=…: notices for signed-in agents.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from django.core import signing

from shopkeeper.flows.service.conversations.queries.stream import SOURCE, conversation_in
from shopkeeper.foundation.live import SALT, TOKEN_AGE_S, Receive, Scope, Send, answer_status
from shopkeeper.foundation.streams import Streams, Wanted, serve_follower, serve_watcher

PATHS = ("/live/chat", "/live/desk")
streams = Streams(SOURCE)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """401 for a token that is forged or old, 404 for any other path."""
    query = {name: values[0] for name, values in parse_qs(scope.get("query_string", b"").decode("latin-1")).items()}
    path = scope.get("path")
    if scope.get("method") != "GET" or path not in PATHS:
        await answer_status(send, 404)
    elif path == "/live/chat":
        conversation_id = conversation_in(query.get("token", ""))
        if conversation_id is None:
            await answer_status(send, 401)
        else:
            await serve_follower(streams, conversation_id, _after(scope, query), receive, send)
    else:
        wanted = _wanted(query)
        if wanted is None:
            await answer_status(send, 401)
        else:
            await serve_watcher(streams, wanted, receive, send)


def _after(scope: Scope, query: Mapping[str, str]) -> int:
    """Behind which line to begin: what the browser says it has, else what the page asked for."""
    headers = {bytes(name).lower(): bytes(value) for name, value in scope.get("headers", [])}
    said = headers.get(b"last-event-id", b"").decode("latin-1") or query.get("after", "0")
    return int(said) if said.isdecimal() and len(said) < 10 else 0


def _wanted(query: Mapping[str, str]) -> Wanted | None:
    """Notices of the shops of whoever signed in; with `agent`, only of conversations in that hand or in nobody's, and
    of the one `talk` that is being looked at."""
    try:
        visitor = signing.loads(query.get("token", ""), salt=SALT, max_age=TOKEN_AGE_S)
    except signing.BadSignature:
        return None
    shops = None if visitor["shops"] is None else frozenset(visitor["shops"])
    mine = int(query["agent"]) if query.get("agent", "").isdecimal() else None
    talk = int(query["talk"]) if query.get("talk", "").isdecimal() else None

    def wanted(notice: Mapping[str, Any]) -> bool:
        if shops is not None and notice.get("shop") not in shops:
            return False
        return mine is None or notice.get("agent") in (None, mine) or notice.get("topic") == talk

    return wanted
