"""The public door: what it takes and refuses, and that nothing it acknowledged is lost when its process is killed."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError

from shopkeeper.flows.analytics.collection.hooks import collector as hook
from shopkeeper.flows.analytics.collection.hooks.collector import BODY_MAX, Collector
from shopkeeper.flows.analytics.collection.queries.keys import KnownKeys, OpenKey
from shopkeeper.flows.analytics.collection.records import spool
from shopkeeper.flows.analytics.collection.records.spool import SpoolFull, SpoolWriter

pytestmark = pytest.mark.clause("D1.1")
ORIGIN = "https://shop.example"
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0"


def batch(*ids: str) -> bytes:
    now = time.time_ns() // 1_000_000
    events = [
        {"event_id": id, "kind": "view", "at": now, "page": f"{ORIGIN}/", "referrer": ""} for id in ids or ("event-01",)
    ]
    body = {"visitor": "visitor-01", "session": "session-01", "sent_at": now, "events": events}
    return json.dumps(body).encode()


class Door:
    """The ASGI application with one shop, spoken to without a server."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, per_minute: int = 100) -> None:
        keys = KnownKeys(read=lambda: {"k1": OpenKey(7, frozenset({ORIGIN}))})
        self.collector = Collector(keys, SpoolWriter(folder, rotate_s=60.0), per_minute, False, b"key")
        monkeypatch.setattr(hook, "collector", lambda: self.collector)

    async def send(
        self, body: bytes = b"", method: str = "POST", path: str = "/c/k1", **headers: str
    ) -> tuple[int, dict[bytes, bytes], bytes]:
        given = {"origin": ORIGIN, "user-agent": BROWSER, **{k.replace("_", "-"): v for k, v in headers.items()}}
        scope = {
            "type": "http", "method": method, "path": path, "client": ("10.0.0.1", 1),
            "headers": [(name.encode(), value.encode()) for name, value in given.items() if value],
        }  # fmt: skip
        parts = [body[at : at + 50_000] for at in range(0, len(body), 50_000)] or [b""]
        answered: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            part = parts.pop(0)
            return {"type": "http.request", "body": part, "more_body": bool(parts)}

        async def told(message: Any) -> None:
            answered.append(dict(message))

        await hook.application(scope, receive, told)
        return answered[0]["status"], dict(answered[0]["headers"]), answered[1]["body"]


Doors = Callable[..., Door]


@pytest.fixture
def door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Doors:
    return lambda **fields: Door(tmp_path, monkeypatch, **fields)


def events_in(folder: Path) -> list[dict[str, Any]]:
    """Every event in the folder's files, open and closed."""
    files = sorted([*folder.glob("*.open"), *folder.glob("*.jsonl")])
    return [json.loads(line) for file in files for line in file.read_bytes().splitlines()]


def test_a_batch_is_acknowledged_once_it_is_on_disk(door: Doors, tmp_path: Path) -> None:
    async def story() -> None:
        status, headers, body = await door().send(batch("event-01", "event-02"))
        assert (status, json.loads(body)) == (202, {"taken": 2})
        assert headers[b"access-control-allow-origin"] == ORIGIN.encode()

    asyncio.run(story())
    kept = events_in(tmp_path)
    assert [event["id"] for event in kept] == ["event-01", "event-02"]
    assert "visitor-01" not in str(kept)
    assert kept[0]["v"] == kept[1]["v"]


def test_what_is_wrong_is_refused_with_the_reason(door: Doors, tmp_path: Path) -> None:
    async def story() -> None:
        one = door(per_minute=8)
        for body, status, code, headers in (
            (b"{", 400, "not_json", {}),
            (b"[]", 400, "batch_not_object", {}),
            (batch("bad id!"), 400, "event_id_wrong", {}),
            (b"x" * (BODY_MAX + 1), 413, "batch_too_large", {}),
            (batch(), 403, "origin_not_allowed", {"origin": "https://evil.example"}),
        ):
            got, _, answer = await one.send(body, **headers)
            assert (got, json.loads(answer)["code"]) == (status, code)
        assert (await one.send(batch(), path="/c/other"))[0] == 404
        assert (await one.send(method="GET"))[0] == 405

    asyncio.run(story())
    assert events_in(tmp_path) == []


def test_too_many_batches_of_one_address_are_asked_to_slow_down(door: Doors) -> None:
    async def story() -> None:
        one = door(per_minute=2)
        statuses = [(await one.send(batch(f"event-{n:02d}")))[0] for n in range(3)]
        assert statuses == [202, 202, 429]

    asyncio.run(story())


def test_a_page_of_the_shop_may_ask_first_and_another_may_not(door: Doors) -> None:
    async def story() -> None:
        one = door()
        status, headers, _ = await one.send(method="OPTIONS")
        assert (status, headers[b"access-control-allow-methods"]) == (204, b"POST")
        assert (await one.send(method="OPTIONS", origin="https://evil.example"))[0] == 403

    asyncio.run(story())


def test_a_server_of_the_shops_own_has_no_origin(door: Doors) -> None:
    async def story() -> None:
        status, headers, _ = await door().send(batch(), origin="")
        assert status == 202
        assert b"access-control-allow-origin" not in headers

    asyncio.run(story())


def test_the_pages_script_is_served_and_asks_nobody_else(door: Doors) -> None:
    async def story() -> str:
        status, headers, body = await door().send(method="GET", path="/c/collector.js")
        assert (status, headers[b"content-type"]) == (200, b"text/javascript; charset=utf-8")
        return body.decode()

    script = asyncio.run(story())
    assert "doNotTrack" in script
    assert "globalPrivacyControl" in script
    assert "http://" not in script
    assert "https://" not in script


def test_a_full_disk_is_said_and_leaves_no_half_event(
    door: Doors, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.write
    full = {"now": False}

    def write(file: int, data: Any) -> int:
        if full["now"]:
            real(file, bytes(data)[:10])
            raise OSError(28, "No space left on device")
        return real(file, data)

    async def story() -> None:
        one = door()
        assert (await one.send(batch("event-01")))[0] == 202
        full["now"] = True
        assert (await one.send(batch("event-02")))[0] == 503
        full["now"] = False
        assert (await one.send(batch("event-03")))[0] == 202

    monkeypatch.setattr(os, "write", write)
    asyncio.run(story())
    assert [event["id"] for event in events_in(tmp_path)] == ["event-01", "event-03"]


def test_requests_of_one_moment_share_a_sync(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced = []
    real = os.fdatasync
    monkeypatch.setattr(os, "fdatasync", lambda file: (synced.append(file), real(file)))

    async def story() -> None:
        writer = SpoolWriter(tmp_path, rotate_s=60.0)
        await asyncio.gather(*(writer.append(b'{"id":"%d"}\n' % n) for n in range(200)))
        await writer.close()

    asyncio.run(story())
    assert len(events_in(tmp_path)) == 200
    assert len(synced) < 10
    assert len(spool.closed_names(tmp_path)) == 1


def test_a_file_is_seen_only_once_its_writer_holds_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who drains between its making and its locking must not close it as one left behind."""
    lock, seen = spool.fcntl.flock, list[list[str]]()

    def drained_first(file: int, how: int) -> None:
        if not how & spool.fcntl.LOCK_NB:
            seen.append(spool.closed_names(tmp_path))
        lock(file, how)

    monkeypatch.setattr(spool.fcntl, "flock", drained_first)

    async def story() -> None:
        writer = SpoolWriter(tmp_path)
        await writer.append(b'{"id":"event-0001"}\n')
        await writer.close()

    asyncio.run(story())
    assert seen == [[]]
    assert len(events_in(tmp_path)) == 1


def test_files_close_by_size_and_by_time_though_nobody_writes(tmp_path: Path) -> None:
    async def story() -> None:
        writer = SpoolWriter(tmp_path, rotate_s=0.2, rotate_bytes=20)
        await writer.append(b'{"id":"event-0001"}\n')
        await writer.append(b'{"id":"event-0002"}\n')
        assert len(list(tmp_path.glob("*.jsonl"))) == 1
        for _ in range(50):
            if not list(tmp_path.glob("*.open")):
                break
            await asyncio.sleep(0.05)

    asyncio.run(story())
    assert list(tmp_path.glob("*.open")) == []
    assert len(spool.closed_names(tmp_path)) == 2


def test_a_disk_that_does_not_keep_up_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        writer = SpoolWriter(tmp_path)
        monkeypatch.setattr(spool, "WAITING_MOST", 10)
        with pytest.raises(SpoolFull):
            await writer.append(b"x" * 11)

    asyncio.run(story())


def test_keys_serve_on_while_the_database_is_away_and_unknown_ones_are_asked_for_rarely() -> None:
    now, asked = [0.0], []

    def read() -> dict[str, OpenKey]:
        asked.append(now[0])
        if now[0] > 1:
            raise OperationalError
        return {"k1": OpenKey(7, frozenset())}

    async def story() -> None:
        keys = KnownKeys(read=read, now=lambda: now[0])
        assert await keys.find("k1")
        for _ in range(5):
            assert await keys.find("unknown") is None
        assert len(asked) == 1
        now[0] = 100.0
        assert await keys.find("k1")
        assert len(asked) == 2

    asyncio.run(story())


WRITER = """
    import asyncio, sys
    from pathlib import Path
    import django
    from django.conf import settings
    settings.configure()
    from shopkeeper.flows.analytics.collection.records.spool import SpoolWriter

    async def go():
        writer = SpoolWriter(Path(sys.argv[1]), rotate_s=0.05)
        async def one(n):
            await writer.append(b'{"id":"event-%06d"}\\n' % n)
            print(n, flush=True)
        n = 0
        while True:
            await asyncio.gather(*(one(n + i) for i in range(20)))
            n += 20

    asyncio.run(go())
"""


def test_killed_after_the_acknowledgement_nothing_is_lost(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(WRITER), str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    acknowledged = [int(process.stdout.readline()) for _ in range(400)]
    alive = [path for path in tmp_path.glob("*.open") if path.stem in spool.closed_names(tmp_path)]
    assert alive == []  # a file whose writer lives is nobody else's to close
    process.send_signal(signal.SIGKILL)
    acknowledged += [int(line) for line in process.stdout if line.strip().isdecimal() and line.endswith("\n")]
    process.stdout.close()
    process.wait()
    left = next(iter(tmp_path.glob("*.open")), None)
    if left is not None:
        with left.open("ab") as file:
            file.write(b'{"id":"event-torn')  # what was never finished was never acknowledged
    names = spool.closed_names(tmp_path)
    found = {event["id"] for name in names for event in spool.read_events(tmp_path, name)}
    assert list(tmp_path.glob("*.open")) == []
    assert {f"event-{n:06d}" for n in acknowledged} <= found
    assert "event-torn" not in str(found)
