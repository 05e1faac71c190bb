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

    async def execute(self, text: str, parameters: dict[str, Any]) -> "Rows":
        self.asked += 1
        self._after = dict(zip(parameters["topics"], parameters["after"], strict=True))
        return self

    async def fetchall(self) -> list[tuple[int, int]]:
        return [(t, n) for t, after in self._after.items() for n in range(after + 1, self.count + 1)]


def tell(rows: Sequence[Row]) -> list[Told]:
    return [Told(row.topic, row.sequence, str(row.sequence)) for row in rows]


class Quiet(Streams):
    """Streams whose connection is the test's."""

    def __init__(self, connection: Rows) -> None:
        statement = SimpleNamespace(text="", row=Row)
        super().__init__(Source("quiet", statement, tell))  # type: ignore[arg-type]
        self.connection = connection

    def _ensure(self) -> None:
        if not self._tasks:
            self._tasks = [asyncio.create_task(self._reading())]

    async def _reading(self) -> None:
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
