"""Followed streams: a browser follows one topic by sequence, and gets every row of it once, in order.

A notice only says that a topic has grown. The process reads the new rows of all topics that are followed here in
one statement, from what each follower has seen; so what was lost on the way, by the network, the listening
connection or the process, is made up by the next look. Plain ASGI, no ORM, two database connections.
"""

import asyncio
import contextlib
import json
import logging
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg

from shopkeeper.foundation.live import (
    KEEPALIVE_S,
    Receive,
    Send,
    answer_status,
    connection_parameters,
    start_stream,
    until_gone,
    write_text,
)
from shopkeeper.foundation.sql import Statement

log = logging.getLogger(__name__)
HELD_MAX = 200
PAGE = HELD_MAX + 1  # one more than anybody holds: who was not given all knows of it, and asks again
AWAY_S = 0.5


@dataclass(frozen=True, slots=True)
class Told:
    """One row as a follower gets it."""

    topic: int
    sequence: int
    text: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where rows come from: `statement` takes topics, behind which row to begin in each, and at most how many rows
    of each to give; it gives only rows that are told, and `tell` shapes them."""

    channel: str
    statement: Statement[Any]
    tell: Callable[[Sequence[Any]], list[Told]]


@dataclass(slots=True, eq=False)
class Follower:
    """One stream: what it follows, how far it was handed rows, and whether there was more than it could hold."""

    topic: int
    handed: int
    held: "asyncio.Queue[Told]" = field(default_factory=lambda: asyncio.Queue(HELD_MAX))
    missed: bool = False

    def hand(self, told: Told) -> None:
        """Take a row if it is the next one. Whoever holds all they can is looked after once they have read that."""
        if told.sequence <= self.handed:
            return
        self.missed = self.missed or self.held.full()
        if not self.missed:
            self.held.put_nowait(told)
            self.handed = told.sequence


Wanted = Callable[[Mapping[str, Any]], bool]


class Streams:
    """One listening and one reading connection per process, fanned out to all followers and watchers."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._followers: dict[int, set[Follower]] = defaultdict(set)
        self._watchers: dict[asyncio.Queue[str], Wanted] = {}
        self._grown: set[int] = set()
        self._wake = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    @contextlib.contextmanager
    def follow(self, topic: int, after: int) -> Iterator[Follower]:
        """Follow a topic from behind a sequence; what is there already comes first."""
        follower = Follower(topic, after)
        self._followers[topic].add(follower)
        self.keep_going()
        self.look(topic)
        try:
            yield follower
        finally:
            self._followers[topic].discard(follower)
            if not self._followers[topic]:
                del self._followers[topic]

    @contextlib.contextmanager
    def watch(self, wanted: Wanted) -> Iterator["asyncio.Queue[str]"]:
        """Hear the notices themselves, those that `wanted` lets through."""
        queue: asyncio.Queue[str] = asyncio.Queue(HELD_MAX)
        self._watchers[queue] = wanted
        self.keep_going()
        try:
            yield queue
        finally:
            del self._watchers[queue]

    def look(self, *topics: int) -> None:
        """Read what these topics have that their followers were not handed."""
        self._grown.update(topics)
        self._wake.set()

    def keep_going(self) -> None:
        """Listen and read; begin again where either has ended, which whoever follows already would not notice."""
        if not self._tasks or any(task.done() for task in self._tasks):
            for task in self._tasks:
                if task.done() and not task.cancelled():
                    log.error("followed streams begin again", exc_info=task.exception())
                task.cancel()
            self._tasks = self._begin()

    def _begin(self) -> "list[asyncio.Task[None]]":
        return [asyncio.create_task(self._listen()), asyncio.create_task(self._read())]

    def _heard(self, payload: str) -> None:
        notice = json.loads(payload)
        topic = notice.get("topic")
        if topic in self._followers:
            self.look(topic)
        for queue, wanted in self._watchers.items():
            if wanted(notice):
                _offer(queue, payload)

    async def _listen(self) -> None:
        while True:
            try:
                connection = await psycopg.AsyncConnection.connect(**connection_parameters(), autocommit=True)
                async with connection:
                    await connection.execute(f"LISTEN {self._source.channel}")
                    self.look(*self._followers)  # whatever was said while nobody listened
                    for queue in self._watchers:
                        _offer(queue, LOOK_AGAIN)
                    async for notice in connection.notifies():
                        self._heard(notice.payload)
            except psycopg.OperationalError as error:
                log.warning("followed streams lost the database: %s", error)
                await asyncio.sleep(AWAY_S)

    async def _read(self) -> None:
        while True:
            try:
                connection = await psycopg.AsyncConnection.connect(**connection_parameters(), autocommit=True)
                async with connection:
                    self.look(*self._followers)
                    while True:
                        await self._wake.wait()
                        self._wake.clear()
                        await self._read_grown(connection)
            except psycopg.OperationalError as error:
                log.warning("followed streams cannot read: %s", error)
                await asyncio.sleep(AWAY_S)

    async def _read_grown(self, connection: "psycopg.AsyncConnection[Any]") -> None:
        """One statement for all topics that have grown, each from wherever its followers are.

        Who holds all they can asks again once they have read it. Who begins to follow while this reads was not
        read for, and gets nothing of it: what lies before these rows would be lost to them.
        """
        followers = [one for topic in self._grown for one in self._followers.get(topic, ()) if not one.missed]
        self._grown.clear()
        if not followers:
            return
        places = sorted({(one.topic, one.handed) for one in followers})
        cursor = await connection.execute(
            self._source.statement.text,
            {"topics": [topic for topic, _ in places], "after": [after for _, after in places], "limit": PAGE},
        )
        rows = [self._source.statement.row(*values) for values in await cursor.fetchall()]
        read_for: dict[int, list[Follower]] = defaultdict(list)
        for follower in followers:
            read_for[follower.topic].append(follower)
        for told in self._source.tell(rows):
            for follower in read_for[told.topic]:
                follower.hand(told)


LOOK_AGAIN = json.dumps({"topic": None})


def _offer(queue: "asyncio.Queue[str]", payload: str) -> None:
    """Whoever does not read hears one word instead: look again."""
    if queue.full():
        while not queue.empty():
            queue.get_nowait()
        payload = LOOK_AGAIN
    queue.put_nowait(payload)


async def serve_follower(streams: Streams, topic: int, after: int, receive: Receive, send: Send) -> None:
    """An endless answer: each row as an event whose id is its sequence, so that a browser resumes behind it."""
    await start_stream(send)
    gone = asyncio.create_task(until_gone(receive))
    try:
        with streams.follow(topic, after) as follower:
            await write_text(send, ": welcome\n\n")
            while not gone.done():
                told = await _next(follower.held, gone)
                if told is None:
                    streams.keep_going()
                    await write_text(send, ": keepalive\n\n")
                    continue
                await write_text(send, f"id: {told.sequence}\ndata: {told.text}\n\n")
                if follower.missed and follower.held.empty():
                    follower.missed = False
                    streams.look(topic)
    except (OSError, RuntimeError) as error:
        log.debug("a followed stream ended: %s", error)
    finally:
        gone.cancel()


async def serve_watcher(streams: Streams, wanted: Wanted, receive: Receive, send: Send) -> None:
    """An endless answer of notices."""
    await start_stream(send)
    gone = asyncio.create_task(until_gone(receive))
    try:
        with streams.watch(wanted) as queue:
            await write_text(send, ": welcome\n\n")
            while not gone.done():
                payload = await _next(queue, gone)
                streams.keep_going()
                await write_text(send, ": keepalive\n\n" if payload is None else f"data: {payload}\n\n")
    except (OSError, RuntimeError) as error:
        log.debug("a watching stream ended: %s", error)
    finally:
        gone.cancel()


async def _next(queue: "asyncio.Queue[Any]", gone: "asyncio.Task[None]") -> Any:
    """The next thing in the queue; None when it is time for a sign of life."""
    if not queue.empty():
        return queue.get_nowait()
    waiting = asyncio.create_task(queue.get())
    await asyncio.wait({gone, waiting}, timeout=KEEPALIVE_S, return_when=asyncio.FIRST_COMPLETED)
    if waiting.done():
        return waiting.result()
    waiting.cancel()
    return None


__all__ = ["Follower", "Source", "Streams", "Told", "answer_status", "serve_follower", "serve_watcher"]
