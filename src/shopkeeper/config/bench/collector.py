"""D1.1 collector: events accepted over loopback by one process, beside raw appends that are synced as often.

An event counts once its batch was acknowledged, which is after its file was synced; afterwards every acknowledged
event is looked for in the files. Then the web process is killed under load, and looked for again.
"""

import asyncio
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import orjson
from django.conf import settings
from django.db import connection

from shopkeeper.config.bench.result import Measured
from shopkeeper.config.hosting import HostedShop, hosted
from shopkeeper.flows.analytics.collection.commands.drain_spools import DrainSpool, drain_spools
from shopkeeper.flows.analytics.collection.commands.open_collectors import OpenCollector, open_collectors
from shopkeeper.flows.analytics.collection.queries.keys import collectors
from shopkeeper.flows.analytics.collection.records.spool import as_lines, closed_names, read_events
from shopkeeper.flows.analytics.collection.rules.traffic import Sent, events_of
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.database import address
from shopkeeper.foundation.models import Shop

CONNECTIONS = 64
EVENTS_A_BATCH = 20
SECONDS = 6.0
KILLED_AFTER_S = 1.5
EVENTS_MIN = 20_000.0
DRAIN_MIN = 20_000.0  # what one process accepts, one worker counts
AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/126.0"


@dataclass
class Acknowledged:
    """Batches by number that were answered 202, and how many were answered otherwise."""

    batches: list[int] = field(default_factory=list)
    refused: int = 0


def measure() -> Sequence[Measured]:
    """Six seconds of batches of twenty events on sixty-four connections, then the same with a kill."""
    shop, _ = Shop.objects.get_or_create(code="bench-collector", defaults={"name": "测速采集店", "platform": "own"})
    open_collectors.one(SYSTEM, OpenCollector(shop.pk, ()))
    key = next(row.key for row in collectors(SYSTEM) if row.shop_id == shop.pk)
    environment = {"SHOPKEEPER_COLLECTOR_PER_MINUTE": "1000000000"}
    with tempfile.TemporaryDirectory(prefix="sk-bench-") as folder:
        var = Path(folder)
        with hosted(_url(), var, environment, worker=False) as site:
            whole = Acknowledged()
            began = time.monotonic()
            asyncio.run(_send_until(site.address, key, whole, began + SECONDS))
            rate = len(whole.batches) * EVENTS_A_BATCH / (time.monotonic() - began)
            killed = Acknowledged()
            asyncio.run(_send_and_kill(site, key, killed))
        kept, doubled = _in_files(var / "spool")
        acknowledged = {*whole.batches, *(-number - 1 for number in killed.batches)}
        lost = sum(1 for number in acknowledged if number not in kept)
        raw = _raw_appends(var / "raw")
        drained = _drain(var)
    return [
        Measured("collector_events", rate, "events/s, 1 process", EVENTS_MIN, "promised", rate >= EVENTS_MIN),
        Measured("collector_of_raw", rate, "events/s", raw, "raw synced appends", rate >= raw / 50),
        Measured("collector_lost", lost, f"of {len(acknowledged)} batches", 0, "promised", lost == doubled == 0),
        Measured("collector_counted", drained, "events/s counted", DRAIN_MIN, "promised", drained >= DRAIN_MIN),
    ]


async def _send_until(site: str, key: str, told: Acknowledged, end: float) -> None:
    """Every connection sends its next batch as soon as the last was answered."""
    host, port = urlsplit(site).hostname or "127.0.0.1", urlsplit(site).port or 80
    numbers = iter(range(10**9))
    senders = [_sender(host, port, key, told, lambda: next(numbers), end) for _ in range(CONNECTIONS)]
    await asyncio.gather(*senders)


async def _send_and_kill(site: HostedShop, key: str, told: Acknowledged) -> None:
    """The same, with batches numbered below nought, until the process is killed."""
    host, port = urlsplit(site.address).hostname or "127.0.0.1", urlsplit(site.address).port or 80
    numbers = iter(range(10**9))
    end = time.monotonic() + 10
    senders = [
        asyncio.create_task(_sender(host, port, key, told, lambda: next(numbers), end, "k")) for _ in range(CONNECTIONS)
    ]
    await asyncio.sleep(KILLED_AFTER_S)
    site.kill("web")
    await asyncio.gather(*senders, return_exceptions=True)


async def _sender(
    host: str, port: int, key: str, told: Acknowledged, number: Callable[[], int], end: float, prefix: str = "b"
) -> None:
    reader, writer = await asyncio.open_connection(host, port)
    try:
        while time.monotonic() < end:
            n = number()
            writer.write(_request(host, port, key, n, prefix))
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
            await reader.readexactly(length)
            if head.startswith(b"HTTP/1.1 202"):
                told.batches.append(n)
            else:
                told.refused += 1
    finally:
        writer.close()


def _batch(number: int, prefix: str) -> dict[str, object]:
    now = time.time_ns() // 1_000_000
    events = [
        {
            "event_id": f"{prefix}-{number:08d}-{n:02d}",
            "kind": "view",
            "at": now,
            "page": f"https://shop.example/goods/{n}?utm_medium=cpc",
            "referrer": "https://search.example/s?wd=x",
            "sku_id": n,
        }
        for n in range(EVENTS_A_BATCH)
    ]
    visitor = f"visitor-{number % 5_000:06d}"
    return {"visitor": visitor, "session": f"session-{number % 5_000:06d}", "sent_at": now, "events": events}


def _request(host: str, port: int, key: str, number: int, prefix: str) -> bytes:
    body = orjson.dumps(_batch(number, prefix))
    head = (
        f"POST /c/{key} HTTP/1.1\r\nHost: {host}:{port}\r\nUser-Agent: {AGENT}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _in_files(folder: Path) -> tuple[set[int], int]:
    """The batches that stand in the files (killed ones below nought), and how many events stand there twice."""
    kept: set[int] = set()
    seen: set[str] = set()
    doubled = 0
    for name in closed_names(folder):
        for event in read_events(folder, name):
            doubled += event["id"] in seen
            seen.add(event["id"])
            prefix, number, _ = event["id"].split("-")
            kept.add(int(number) if prefix == "b" else -int(number) - 1)
    return kept, doubled


def _raw_appends(folder: Path) -> float:
    """Events a second that one thread appends and syncs, as many at once as connections send."""
    folder.mkdir()
    sent = Sent(1, time.time_ns() // 1_000_000, AGENT)
    lines = as_lines(events_of(_batch(1, "b"), sent, lambda text: text[:24])) * CONNECTIONS
    file = os.open(folder / "raw", os.O_WRONLY | os.O_CREAT)
    began, count = time.monotonic(), 0
    while time.monotonic() - began < SECONDS / 2:
        os.write(file, lines)
        os.fdatasync(file)
        count += CONNECTIONS * EVENTS_A_BATCH
    os.close(file)
    return count / (time.monotonic() - began)


def _drain(var: Path) -> float:
    """Events a second that are counted into minutes and sketches, with everything committed."""
    before, settings.SHOPKEEPER_VAR = settings.SHOPKEEPER_VAR, var
    try:
        names = closed_names(var / "spool")
        events = sum(len(read_events(var / "spool", name)) for name in names)
        began = time.monotonic()
        drain_spools(SYSTEM, [DrainSpool(name) for name in names])
        return events / max(time.monotonic() - began, 1e-6)
    finally:
        settings.SHOPKEEPER_VAR = before


def _url() -> str:
    """The database at hand, as another process reaches it."""
    given = connection.settings_dict
    return address.outside_url() or address.socket_url(Path(str(given["HOST"])), str(given["NAME"]))
