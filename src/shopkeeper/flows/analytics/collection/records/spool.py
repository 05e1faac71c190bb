"""The collector's files: appended with group commit, closed by minute or size, never changed once closed.

An event is acknowledged only after the file it stands in was synced. A file is locked by the process that writes it;
one whose writer has ended is closed by whoever finds it. Names sort by when a file was begun.
"""

import asyncio
import fcntl
import logging
import os
import secrets
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings

log = logging.getLogger(__name__)
OPEN, CLOSED, MARKS, IDS, REFUSED = ".open", ".jsonl", ".marks", ".ids", ".refused"
BEGUN = ".begun"  # for the moment until its writer holds it
TAKEN = "taken"  # where files lie once they were counted, with their judgement beside them
ROTATE_S = 30.0
ROTATE_BYTES = 8 * 1024 * 1024
WAITING_MOST = 16 * 1024 * 1024


class SpoolFull(Exception):
    """The disk does not take more, or does not keep up: the sender is to come again."""


def spool_folder() -> Path:
    return Path(settings.SHOPKEEPER_VAR) / "spool"


@dataclass(slots=True)
class _Waiting:
    """Lines of one request, and who waits for them to be safe."""

    lines: bytes
    safe: "asyncio.Future[None]"


@dataclass(slots=True)
class SpoolWriter:
    """One process's open file. Requests of a moment share one write and one sync."""

    folder: Path
    rotate_s: float = ROTATE_S
    rotate_bytes: int = ROTATE_BYTES
    _waiting: list[_Waiting] = field(default_factory=list)
    _waiting_bytes: int = 0
    _working: "asyncio.Task[None] | None" = None
    _resting: "asyncio.TimerHandle | None" = None
    _file: int | None = None
    _path: Path | None = None
    _size: int = 0
    _begun: float = 0.0

    async def append(self, lines: bytes) -> None:
        """Return once the lines are safe on disk. Raises SpoolFull."""
        if self._waiting_bytes + len(lines) > WAITING_MOST:
            raise SpoolFull
        waiting = _Waiting(lines, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        self._waiting_bytes += len(lines)
        if self._working is None or self._working.done():
            self._working = asyncio.create_task(self._work())
        await waiting.safe

    async def close(self) -> None:
        """Write what waits and close the file."""
        if self._working is not None:
            await self._working
        await asyncio.to_thread(self._close)

    async def _work(self) -> None:
        while self._waiting:
            taken, self._waiting, self._waiting_bytes = self._waiting, [], 0
            try:
                await asyncio.to_thread(self._write, b"".join(waiting.lines for waiting in taken))
            except OSError as error:
                for waiting in taken:
                    if not waiting.safe.done():
                        waiting.safe.set_exception(SpoolFull(str(error)))
            else:
                for waiting in taken:
                    if not waiting.safe.done():
                        waiting.safe.set_result(None)
        if self._file is not None and self._resting is None:
            left = max(0.0, self._begun + self.rotate_s - time.monotonic())
            self._resting = asyncio.get_running_loop().call_later(left, self._rest)

    def _rest(self) -> None:
        """A file nobody writes to any more is closed when its time is over."""
        self._resting = None
        if self._working is None or self._working.done():
            self._working = asyncio.create_task(self._close_old())

    async def _close_old(self) -> None:
        if self._is_old():
            await asyncio.to_thread(self._close)
        await self._work()

    def _is_old(self) -> bool:
        return self._file is not None and time.monotonic() - self._begun >= self.rotate_s

    def _write(self, data: bytes) -> None:
        if self._is_old() or self._size >= self.rotate_bytes:
            self._close()
        if self._file is None:
            self._begin()
        assert self._file is not None
        try:
            view = memoryview(data)
            while view:
                view = view[os.write(self._file, view) :]
            os.fdatasync(self._file)
        except OSError:
            os.ftruncate(self._file, self._size)  # what was not acknowledged is not half there
            os.lseek(self._file, self._size, os.SEEK_SET)
            raise
        self._size += len(data)
        if self.rotate_s == 0:
            self._close()

    def _begin(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = f"{time.time_ns():020d}-{os.getpid()}-{secrets.token_hex(3)}"
        path, unseen = self.folder / (name + OPEN), self.folder / (name + BEGUN)
        file = os.open(unseen, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        fcntl.flock(file, fcntl.LOCK_EX)
        os.rename(unseen, path)  # seen only once it is locked: who drains would close it as one left behind
        _sync_folder(self.folder)
        self._file, self._path, self._size, self._begun = file, path, 0, time.monotonic()

    def _close(self) -> None:
        if self._file is None or self._path is None:
            return
        os.rename(self._path, self._path.with_suffix(CLOSED))
        _sync_folder(self.folder)
        os.close(self._file)
        self._file = self._path = None


def closed_names(folder: Path) -> list[str]:
    """The names of closed files, oldest first; those whose writer has ended are closed now."""
    if not folder.is_dir():
        return []
    names = []
    for entry in os.scandir(folder):
        if entry.name.endswith(OPEN) and not _close_left(Path(entry.path)):
            continue
        if entry.name.endswith((OPEN, CLOSED)):
            names.append(Path(entry.name).stem)
    return sorted(names)


def _close_left(path: Path) -> bool:
    """Close a file whose writer has ended; a last line that was never finished was never acknowledged. False while
    its writer lives."""
    try:
        file = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not path.exists():  # closed by its writer between our look and our lock
            return False
        content = path.read_bytes()
        os.ftruncate(file, content.rfind(b"\n") + 1)
        os.fsync(file)
        os.rename(path, path.with_suffix(CLOSED))
        _sync_folder(path.parent)
    except BlockingIOError:
        return False
    finally:
        os.close(file)
    return True


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def path_of(folder: Path, name: str) -> Path:
    """Where a closed file lies, counted or not."""
    waiting = folder / (name + CLOSED)
    return waiting if waiting.exists() else folder / TAKEN / (name + CLOSED)


def size_of(folder: Path, name: str) -> int:
    return path_of(folder, name).stat().st_size


def read_events(folder: Path, name: str) -> list[dict[str, Any]]:
    """The events of a closed file, in the order they came; a line the disk spoilt is passed over, and said so.

    Raises FileNotFoundError.
    """
    events = []
    for number, line in enumerate(path_of(folder, name).read_bytes().splitlines(), start=1):
        try:
            events.append(orjson.loads(line))
        except orjson.JSONDecodeError:
            log.error("%s: line %s cannot be read", name, number)
    return events


def put_away(folder: Path, names: Sequence[str]) -> None:
    """Move files that were counted out of the way; done again, nothing happens."""
    for name in names:
        waiting = folder / (name + CLOSED)
        if waiting.exists():
            os.rename(waiting, folder / TAKEN / waiting.name)


def as_lines(events: Sequence[dict[str, Any]]) -> bytes:
    return b"".join(orjson.dumps(event, option=orjson.OPT_APPEND_NEWLINE) for event in events)


def keep_judgement(folder: Path, name: str, ids: bytes, marks: Sequence[str]) -> None:
    """Write beside a file which ids it has and how its events were marked; the same again writes the same."""
    (folder / TAKEN).mkdir(exist_ok=True, mode=0o700)
    _keep(folder / TAKEN / (name + IDS), ids)
    _keep(folder / TAKEN / (name + MARKS), orjson.dumps(list(marks)))


def read_marks(folder: Path, name: str) -> list[str]:
    """The marks of a file that was counted, one an event."""
    marks: list[str] = orjson.loads((folder / TAKEN / (name + MARKS)).read_bytes())
    return marks


def ids_of(folder: Path, names: Sequence[str]) -> Iterator[bytes]:
    """The ids of files counted before, as far as they are still there."""
    for name in names:
        path = folder / TAKEN / (name + IDS)
        if path.exists():
            yield path.read_bytes()


def set_aside(folder: Path, names: Sequence[str]) -> None:
    """Files that cannot be counted stand in nobody's way; they stay to be looked at."""
    for name in names:
        waiting = folder / (name + CLOSED)
        if waiting.exists():
            log.error("%s cannot be counted and was set aside", name)
            os.rename(waiting, folder / (name + REFUSED))


def forget(folder: Path, names: Sequence[str]) -> int:
    """Remove files with what stands beside them; return how many there were."""
    gone = 0
    for name in names:
        gone += (folder / TAKEN / (name + CLOSED)).exists()
        for ending in (CLOSED, MARKS, IDS):
            (folder / TAKEN / (name + ending)).unlink(missing_ok=True)
    return gone


def _keep(path: Path, content: bytes) -> None:
    temporary = path.with_name(path.name + ".new")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)
    _sync_folder(path.parent)
