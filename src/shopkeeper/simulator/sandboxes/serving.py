"""A small HTTP/1.1 server on asyncio and h11: enough for sandboxes, with keep-alive and bounded bodies."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import h11

MAX_BODY = 8 * 1024 * 1024
IDLE_S = 75.0


@dataclass(frozen=True, slots=True)
class Request:
    """One request, read whole."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    def form(self) -> dict[str, str]:
        """The body as a form, urlencoded or in parts (files left out); the last value of a name wins."""
        if self._boundary:
            return {name: body.decode("utf-8", "replace") for name, is_file, body in self._parts() if not is_file}
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    def files(self) -> dict[str, bytes]:
        """The files of a form in parts, by name."""
        return {name: body for name, is_file, body in self._parts() if is_file} if self._boundary else {}

    @property
    def _boundary(self) -> str:
        kind, _, rest = self.headers.get("content-type", "").partition(";")
        found = re.search(r'boundary="?([^";]+)', rest)
        return found[1] if kind.strip() == "multipart/form-data" and found else ""

    def _parts(self) -> Iterator[tuple[str, bool, bytes]]:
        """(name, whether it is a file, content) of every part."""
        for part in (b"\r\n" + self.body).split(b"\r\n--" + self._boundary.encode())[1:-1]:
            head, _, content = part.partition(b"\r\n\r\n")
            words = head.decode("utf-8", "replace")
            name = re.search(r'[ ;]name="([^"]*)"', words)
            if name:
                yield name[1], "filename=" in words, content

    def json(self) -> Any:
        """The body as JSON; raises `ValueError`."""
        return json.loads(self.body or b"{}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back. `cut`: the connection is dropped instead, as if the line had broken."""

    body: bytes = b""
    status: int = 200
    content_type: str = "application/json;charset=UTF-8"
    cut: bool = False
    headers: dict[str, str] = field(default_factory=dict)


def json_answer(value: Any, status: int = 200) -> Answer:
    """A JSON answer in UTF-8."""
    return Answer(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), status)


CUT = Answer(cut=True)
_OVER = (h11.RemoteProtocolError, ConnectionError, TimeoutError, asyncio.CancelledError)
Handler = Callable[[Request], Awaitable[Answer]]


class _Connection:
    """One client connection, request after request."""

    def __init__(self, handler: Handler, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.handler = handler
        self.reader = reader
        self.writer = writer
        self.protocol = h11.Connection(h11.SERVER)

    async def run(self) -> None:
        """Serve until the other side goes away, speaks nonsense, or the server stops."""
        try:
            with suppress(*_OVER):
                while await self._exchange():
                    self.protocol.start_next_cycle()
        finally:
            self.writer.close()

    async def _next(self) -> h11.Event | type[h11.PAUSED]:
        while True:
            event = self.protocol.next_event()
            if event is h11.NEED_DATA:
                data = await asyncio.wait_for(self.reader.read(65536), IDLE_S)
                self.protocol.receive_data(data)
                continue
            return event  # type: ignore[return-value]  # NEED_DATA never gets here

    async def _exchange(self) -> bool:
        """One request and its answer; False when the connection ends."""
        head = await self._next()
        if not isinstance(head, h11.Request):
            return False
        body = bytearray()
        while True:
            event = await self._next()
            if isinstance(event, h11.Data):
                body += event.data
                if len(body) > MAX_BODY:
                    await self._send(Answer(b"too large", 413, "text/plain"))
                    return False
            elif isinstance(event, h11.EndOfMessage):
                break
            else:
                return False
        target = urlsplit(head.target.decode("latin-1"))
        request = Request(
            head.method.decode(),
            target.path,
            dict(parse_qsl(target.query, keep_blank_values=True)),
            {name.decode().lower(): value.decode("latin-1") for name, value in head.headers},
            bytes(body),
        )
        answer = await self.handler(request)
        if answer.cut:
            self.writer.transport.abort()
            return False
        await self._send(answer)
        return self.protocol.our_state is h11.DONE and self.protocol.their_state is h11.DONE

    async def _send(self, answer: Answer) -> None:
        headers = [("content-type", answer.content_type), ("content-length", str(len(answer.body)))]
        headers += list(answer.headers.items())
        out = self.protocol.send(h11.Response(status_code=answer.status, headers=headers))
        out = (out or b"") + (self.protocol.send(h11.Data(data=answer.body)) or b"")
        out += self.protocol.send(h11.EndOfMessage()) or b""
        self.writer.write(out)
        await self.writer.drain()


class Listener:
    """One listening port. Ending it drops every open connection at once."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler
        self.port = 0
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self, host: str, port: int) -> None:
        """Listen; port 0 takes a free one, found in `.port` afterwards."""
        self._server = await asyncio.start_server(self._accept, host, port, backlog=256)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await _Connection(self.handler, reader, writer).run()
        finally:
            self._tasks.discard(task)

    async def close(self) -> None:
        """Stop listening and drop what is open."""
        if self._server is not None:
            self._server.close()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
