"""Followed streams without a database: whoever is far behind still gets every row once, in order."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest

from shopkeeper.foundation.streams import HELD_MAX, Source, Streams, Told, serve_follower

pytestmark = pytest.mark.clause("S1.1")


@dataclass(frozen=True, slots=True)
class Row:
    topic: int
    sequence: int


class Rows:
    """A connection over rows in memory; counts how often it was asked."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.asked = 0
        self.most = 0

    async def execute(self, text: str, parameters: dict[str, Any]) -> "Rows":
        self.asked += 1
        pages = zip(parameters["topics"], parameters["after"], strict=True)
        limit = parameters["limit"]
        rows = [(t, n) for t, after in pages for n in range(after + 1, min(self.count, after + limit) + 1)]
        self.rows = sorted(rows, key=lambda row: row[1])
        self.most = max(self.most, len(rows))
        await self.meanwhile()
        return self

    async def meanwhile(self) -> None:
        """What happens while the database answers."""

    async def fetchall(self) -> list[tuple[int, int]]:
        return self.rows


def tell(rows: Sequence[Row]) -> list[Told]:
    return [Told(row.topic, row.sequence, str(row.sequence)) for row in rows]


class Quiet(Streams):
    """Streams whose connection is the test's."""

    def __init__(self, connection: Rows) -> None:
        statement = SimpleNamespace(text="", row=Row)
        super().__init__(Source("quiet", statement, tell))  # type: ignore[arg-type]
        self.connection = connection

    def _begin(self) -> list[asyncio.Task[None]]:
        return [asyncio.create_task(self._reading())]

    async def _reading(self) -> None:
        self.look(*self._followers)
        while True:
            await self._wake.wait()
            self._wake.clear()
            await self._read_grown(self.connection)  # type: ignore[arg-type]


async def heard_of(count: int, pause_at: int = 0) -> list[int]:
    """The sequences one follower is sent; it stops reading for a moment at one of them."""
    streams, got, done = Quiet(Rows(count)), list[int](), asyncio.Event()

    async def send(message: Any) -> None:
        text = message.get("body", b"").decode()
        if text.startswith("id: "):
            got.append(int(text.split("\n")[0][4:]))
            if got[-1] == pause_at:
                streams.connection.count += 2 * HELD_MAX
                for _ in range(3):
                    streams.look(7)
                    await asyncio.sleep(0.01)
            if got[-1] == streams.connection.count:
                done.set()

    async def receive() -> dict[str, str]:
        await done.wait()
        return {"type": "http.disconnect"}

    await asyncio.wait_for(serve_follower(streams, 7, 0, receive, send), timeout=5)
    streams._tasks[0].cancel()
    return got


def test_who_is_further_behind_than_is_held_gets_every_row_once() -> None:
    count = 3 * HELD_MAX + 7
    assert asyncio.run(heard_of(count)) == list(range(1, count + 1))


def test_who_does_not_read_for_a_while_misses_nothing() -> None:
    got = asyncio.run(heard_of(20, pause_at=5))
    assert got == list(range(1, 20 + 2 * HELD_MAX + 1))


def test_no_read_is_longer_than_one_can_hold_and_nobody_waits_for_the_slowest() -> None:
    async def scene() -> None:
        rows = Rows(10 * HELD_MAX)
        streams = Quiet(rows)
        with streams.follow(7, 0) as slow, streams.follow(7, 10 * HELD_MAX - 1) as quick:
            await asyncio.sleep(0.01)
            assert quick.held.get_nowait().sequence == 10 * HELD_MAX
            assert slow.held.qsize() == HELD_MAX and slow.missed
            rows.count += 1
            streams.look(7)
            await asyncio.sleep(0.01)
            assert quick.held.get_nowait().sequence == 10 * HELD_MAX + 1
        assert rows.most <= 2 * (HELD_MAX + 1)
        streams._tasks[0].cancel()

    asyncio.run(scene())


class Joined(Rows):
    """Somebody else begins to follow from the start while the first answer is on its way."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.late: list[Any] = []
        self.streams: Quiet

    async def meanwhile(self) -> None:
        if self.asked == 1:
            follow = self.streams.follow(7, 0)
            self.late += [follow, follow.__enter__()]


def test_who_joins_while_a_read_is_under_way_loses_nothing_that_was_before_it() -> None:
    async def scene() -> list[int]:
        rows = Joined(20)
        streams = rows.streams = Quiet(rows)
        with streams.follow(7, 15):
            await asyncio.sleep(0.01)
        _, late = rows.late
        streams._tasks[0].cancel()
        return [late.held.get_nowait().sequence for _ in range(late.held.qsize())]

    assert asyncio.run(scene()) == list(range(1, 21))


class Broken(Rows):
    """Its first answer breaks whoever reads it."""

    async def meanwhile(self) -> None:
        if self.asked == 1:
            raise ValueError("an answer nobody can read")


def test_after_a_read_that_broke_whoever_follows_still_gets_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shopkeeper.foundation.streams.KEEPALIVE_S", 0.02)

    async def scene() -> list[int]:
        streams, got, done = Quiet(Broken(3)), list[int](), asyncio.Event()

        async def send(message: Any) -> None:
            text = message.get("body", b"").decode()
            if text.startswith("id: "):
                got.append(int(text.split("\n")[0][4:]))
                if len(got) == 3:
                    done.set()

        async def receive() -> dict[str, str]:
            await done.wait()
            return {"type": "http.disconnect"}

        await asyncio.wait_for(serve_follower(streams, 7, 0, receive, send), timeout=2)
        streams._tasks[0].cancel()
        return got

    assert asyncio.run(scene()) == [1, 2, 3]
