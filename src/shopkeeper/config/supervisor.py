"""The parent process: starts children, restarts what ends, stops all in order. Knows nothing of what they do.

Each child is the leader of a session of its own, is told by the kernel when the parent dies, and its whole
group is ended after it, so that nothing is left serving a port.
"""

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from shopkeeper.foundation.database.embedded import EmbeddedServer
from shopkeeper.foundation.database.errors import DatabaseTrouble
from shopkeeper.foundation.database.processes import tie_to_parent
from shopkeeper.shared.words import T

SHORTEST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 10.0
STEADY_AFTER_S = 30.0  # a child that ran this long starts again without a pause
LOG_LIMIT_BYTES = 10 * 1024 * 1024
Say = Callable[[T], None]


@dataclass(frozen=True)
class Child:
    """What to run. `grace_s` is how long it may take to stop; then its group is killed."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str]
    log: Path
    grace_s: float = 8.0


@dataclass
class _Running:
    child: Child
    process: asyncio.subprocess.Process | None = None
    ended: int = 0
    last_exit: float = field(default=0.0)


class Supervisor:
    """Keeps children (and the embedded server, where there is one) running until `stop` is set."""

    def __init__(self, say: Say, server: EmbeddedServer | None = None) -> None:
        self._say = say
        self._server = server
        self._running: list[_Running] = []
        self._tasks: list[asyncio.Task[None]] = []
        self.stopping = asyncio.Event()

    def add(self, child: Child) -> None:
        """Start a child and keep it running."""
        running = _Running(child)
        self._running.append(running)
        self._tasks.append(asyncio.create_task(self._keep(running), name=child.name))

    def watch_server(self) -> None:
        """Keep the embedded server running, too; it has been started already."""
        self._tasks.append(asyncio.create_task(self._keep_server(), name="postgres"))

    async def stop(self) -> None:
        """End the children together, each with its grace, and the database after them."""
        self.stopping.set()
        await asyncio.gather(*(self._end(running) for running in self._running))
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._server is not None:
            self._server.stop()

    def kill(self) -> None:
        """End everything at once (a second Ctrl-C); the database still closes its files."""
        for running in self._running:
            _kill_group(running.process)

    async def _keep(self, running: _Running) -> None:
        child = running.child
        pause = SHORTEST_PAUSE_S
        while not self.stopping.is_set():
            began = time.monotonic()
            running.process = await _start(child)
            code = await running.process.wait()
            _kill_group(running.process)
            if self.stopping.is_set():
                return
            running.ended += 1
            if time.monotonic() - began > STEADY_AFTER_S:
                pause, running.ended = SHORTEST_PAUSE_S, 1
            if running.ended in (1, 5) or running.ended % 50 == 0:
                self._say(_ended_words(child, code, running.ended))
            await _sleep_unless(self.stopping, pause)
            pause = min(pause * 2, LONGEST_PAUSE_S)

    async def _end(self, running: _Running) -> None:
        process = running.process
        if process is None or process.returncode is not None:
            return
        _signal(process.pid, signal.SIGTERM)
        await asyncio.wait({asyncio.ensure_future(process.wait())}, timeout=running.child.grace_s)
        _kill_group(process)
        await process.wait()

    async def _keep_server(self) -> None:
        server = self._server
        assert server is not None
        said: T | None = None
        while not self.stopping.is_set():
            process = server.process
            if process is not None and process.poll() is None:
                await _sleep_unless(self.stopping, 0.25)
                continue
            if said is None:
                self._say(T("数据库停了，正在重新启动。", "The database ended; starting it again."))
            try:
                await start_server(server)
                said = None
            except DatabaseTrouble as trouble:
                if trouble.words != said:  # a disk that stays full is said once
                    self._say(trouble.words)
                said = trouble.words
                await _sleep_unless(self.stopping, 3.0)


async def start_server(server: EmbeddedServer, timeout: float = 300.0) -> None:
    """Start the embedded server without blocking the loop; old children of a killed one are waited for."""
    server.prepare()
    give_up_at = time.monotonic() + 12.0
    deadline = time.monotonic() + timeout
    server.spawn()
    while True:
        process = server.process
        assert process is not None
        if process.poll() is not None:
            trouble = server.trouble()
            if not server.worth_retrying() or time.monotonic() > give_up_at:
                server.stop()
                raise trouble
            await asyncio.sleep(0.3)
            server.spawn()
        elif server.ready():
            return
        elif time.monotonic() > deadline:
            server.stop()
            raise server.too_slow(timeout)
        await asyncio.sleep(0.03)


async def run_once(child: Child) -> int:
    """Run a child to its end (a migration, the demo's seed) and return its exit code."""
    process = await _start(child)
    try:
        return await process.wait()
    finally:
        _kill_group(process)


async def _start(child: Child) -> asyncio.subprocess.Process:
    child.log.parent.mkdir(parents=True, exist_ok=True)
    if child.log.exists() and child.log.stat().st_size > LOG_LIMIT_BYTES:
        child.log.replace(child.log.with_name(child.log.name + ".1"))
    with child.log.open("ab") as log:
        return await asyncio.create_subprocess_exec(
            *child.command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=dict(child.env),
            start_new_session=True,
            preexec_fn=tie_to_parent(signal.SIGTERM),
        )


async def _sleep_unless(event: asyncio.Event, seconds: float) -> None:
    sleeping: Awaitable[bool] = event.wait()
    try:
        await asyncio.wait_for(sleeping, seconds)
    except TimeoutError:
        return


def _kill_group(process: asyncio.subprocess.Process | None) -> None:
    if process is not None:
        _signal(-process.pid, signal.SIGKILL)


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def _ended_words(child: Child, code: int, times: int) -> T:
    if times == 1:
        return T(
            "{name} 意外结束（{code}），已重新启动。详情见 {log}。",
            "{name} ended unexpectedly ({code}) and is started again. Details are in {log}.",
        ).format(name=child.name, code=code, log=child.log)
    return T(
        "{name} 已连续结束 {times} 次，仍在重试。原因见 {log}。",
        "{name} has ended {times} times in a row and is still being tried. The reason is in {log}.",
    ).format(name=child.name, times=times, log=child.log)
