"""S1.1 live: many open chat streams through the real web server, lines stored at a steady rate, each seen once.

Client, web server and database share the machine, so the figures are what a customer sees and no less.
"""

import asyncio
import json
import os
import resource
import statistics
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from shopkeeper.config.bench.result import Measured
from shopkeeper.config.hosting import hosted
from shopkeeper.flows.service.conversations.commands.take_in_messages import TakeInMessage, take_in_messages
from shopkeeper.flows.service.conversations.queries.stream import stream_token
from shopkeeper.flows.service.conversations.states import Channel
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.database import address
from shopkeeper.foundation.models import Shop

STREAMS = 2_000
RATE = 200
SECONDS = 20
AT_ONCE = 10
P99_MAX_MS = 200.0
KB_PER_STREAM_MAX = 60.0
PATIENCE_S = 15.0
OPENING_AT_ONCE = 100


@dataclass
class Heard:
    """What the streams brought: when each line came, and how often."""

    opened: int = 0
    delays_ms: list[float] = field(default_factory=list)
    times: Counter[str] = field(default_factory=Counter)


def measure() -> Sequence[Measured]:
    """2,000 streams, 200 lines a second for 20 seconds."""
    _allow_sockets()
    shop, _ = Shop.objects.get_or_create(code="bench-chat", defaults={"name": "测速客服店", "platform": "taobao"})
    talks = _talks(shop.pk)
    heard = Heard()
    with tempfile.TemporaryDirectory(prefix="sk-bench-") as folder, hosted(_url(), Path(folder), _keys()) as site:
        before = _memory_kb(site.processes["web"].pid)
        sent = asyncio.run(_follow_and_send(site.address, shop.pk, talks, heard))
        used = (_memory_kb(site.processes["web"].pid) - before) / max(1, heard.opened)
    lost = sum(1 for key in sent if not heard.times[key])
    doubled = sum(1 for times in heard.times.values() if times > 1)
    p50 = statistics.median(heard.delays_ms) if heard.delays_ms else 0.0
    p99 = statistics.quantiles(heard.delays_ms, n=100)[98] if len(heard.delays_ms) > 1 else 0.0
    whole = lost == doubled == 0 and heard.opened == STREAMS
    return [
        Measured("chat_streams", heard.opened, "streams open", STREAMS, "promised", heard.opened == STREAMS),
        Measured("chat_seen_p50", p50, "ms, stored line to stream", 100.0, "promised", p50 <= P99_MAX_MS / 2),
        Measured("chat_seen_p99", p99, "ms, stored line to stream", P99_MAX_MS, "promised", p99 <= P99_MAX_MS),
        Measured("chat_lost_or_doubled", lost + doubled, f"of {len(sent)} lines", 0, "promised", whole),
        Measured("chat_memory", used, "kB a stream", KB_PER_STREAM_MAX, "promised", used <= KB_PER_STREAM_MAX),
    ]


def _talks(shop_id: int) -> list[int]:
    """So many open conversations."""
    stamp = time.time_ns()
    items = [
        TakeInMessage(shop_id, Channel.PLATFORM, f"bench-{stamp}-{n}", f"p:{stamp}-{n}", "在吗，什么时候发货")
        for n in range(STREAMS)
    ]
    outcomes = take_in_messages(SYSTEM, items)
    _CUSTOMERS.update({o.facts["conversation_id"]: item.customer for o, item in zip(outcomes, items, strict=True)})
    return [outcome.facts["conversation_id"] for outcome in outcomes]


_CUSTOMERS: dict[int, str] = {}


async def _follow_and_send(site: str, shop_id: int, talks: Sequence[int], heard: Heard) -> list[str]:
    """Open all streams, then store lines at the rate, then wait for the last ones."""
    gate = asyncio.Semaphore(OPENING_AT_ONCE)
    host, port = urlsplit(site).hostname or "127.0.0.1", urlsplit(site).port or 80
    followers = [asyncio.create_task(_follow(host, port, talk, heard, gate)) for talk in talks]
    end = time.monotonic() + 60
    while heard.opened < len(talks) and time.monotonic() < end:
        await asyncio.sleep(0.1)
    sent: list[str] = []
    sender = threading.Thread(target=_send, args=(shop_id, talks, sent))
    sender.start()
    while sender.is_alive():
        await asyncio.sleep(0.1)
    end = time.monotonic() + PATIENCE_S
    while len(heard.times) < len(sent) and time.monotonic() < end:
        await asyncio.sleep(0.05)
    for follower in followers:
        follower.cancel()
    await asyncio.gather(*followers, return_exceptions=True)
    return sent


async def _follow(host: str, port: int, talk: int, heard: Heard, gate: asyncio.Semaphore) -> None:
    async with gate:
        reader, writer = await asyncio.open_connection(host, port)
        path = f"/live/chat?token={stream_token(talk)}&after=2"  # behind the first line and the greeting
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
        await reader.readuntil(b": welcome")
        heard.opened += 1
    try:
        async for raw in reader:
            if raw.startswith(b"data: "):
                at = time.monotonic()
                key, _, said = json.loads(raw[6:])["text"].partition(" ")
                heard.times[key] += 1
                heard.delays_ms.append((at - float(said)) * 1000)
    finally:
        writer.transport.abort()


def _send(shop_id: int, talks: Sequence[int], sent: list[str]) -> None:
    """Store lines in small batches, as they come when many write at once; each says when it was written."""
    pause, number = AT_ONCE / RATE, 0
    began = time.monotonic()
    try:
        while time.monotonic() - began < SECONDS:
            items = []
            for _ in range(AT_ONCE):
                key = f"k{number}"
                talk = talks[number % len(talks)]
                text = f"{key} {time.monotonic()}"
                items.append(TakeInMessage(shop_id, Channel.PLATFORM, _CUSTOMERS[talk], f"p:b{began}-{number}", text))
                sent.append(key)
                number += 1
            take_in_messages(SYSTEM, items)
            time.sleep(max(0.0, began + number / AT_ONCE * pause - time.monotonic()))
    finally:
        connection.close()


def _allow_sockets() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _memory_kb(pid: int) -> float:
    """Resident memory of the web server and its workers."""
    total, found = 0, [pid]
    while found:
        process = found.pop()
        status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
        total += int(status.partition("VmRSS:")[2].split()[0])
        children = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii")
        found += [int(child) for child in children.split()]
    return float(total)


def _url() -> str:
    """The database at hand, as another process reaches it."""
    given = connection.settings_dict
    return address.outside_url() or address.socket_url(Path(str(given["HOST"])), str(given["NAME"]))


def _keys() -> dict[str, str]:
    """The same keys as ours, so that the web server opens what we seal and believes what we sign."""
    return {
        "SHOPKEEPER_MASTER_KEY_FILE": str(settings.SHOPKEEPER_MASTER_KEY_FILE),
        "SHOPKEEPER_SECRET_KEY": settings.SECRET_KEY,
        "SHOPKEEPER_WEB_THREADS": os.environ.get("SHOPKEEPER_WEB_THREADS", "12"),
    }
