"""The parent process: restarts what ends, stops in order, leaves nothing behind however it ends."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from shopkeeper.config.supervisor import Child, Supervisor, run_once, start_server
from shopkeeper.foundation.database.embedded import EmbeddedServer
from shopkeeper.shared.words import T

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);print(1, flush=True); time.sleep(60)"
WITH_GRANDCHILD = (
    "import subprocess, sys, time;"
    "p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
    "print(p.pid, flush=True); time.sleep(60)"
)


@pytest.fixture
def folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="sk-up-"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


def child(folder: Path, code: str, *, name: str = "child", grace_s: float = 5.0) -> Child:
    return Child(name, [sys.executable, "-c", code], dict(os.environ), folder / "log" / f"{name}.log", grace_s)


async def until(holds: Callable[[], bool], seconds: float = 10.0) -> None:
    async with asyncio.timeout(seconds):
        while not holds():
            await asyncio.sleep(0.02)


def alive(pid: int) -> bool:
    """Whether a process runs; one that ended and was not yet fetched by its parent does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


class Heard(list[T]):
    def __call__(self, words: T) -> None:
        self.append(words)


def test_a_child_that_ends_is_started_again_and_said_once(folder: Path) -> None:
    heard = Heard()

    async def scene() -> None:
        supervisor = Supervisor(heard)
        supervisor.add(child(folder, "print('began', flush=True)"))
        log = folder / "log" / "child.log"
        await until(lambda: log.exists() and log.read_text().count("began") >= 3)
        await supervisor.stop()

    asyncio.run(scene())
    assert len(heard) == 1
    assert "child" in heard[0].text("en")
    assert "child" in heard[0].text("zh")


def test_killed_with_its_whole_group(folder: Path) -> None:
    """kill -9 of a child leaves a grandchild behind: it is ended before the child starts again."""

    async def scene() -> None:
        supervisor = Supervisor(Heard())
        supervisor.add(child(folder, WITH_GRANDCHILD))
        log = folder / "log" / "child.log"
        await until(lambda: log.exists() and log.read_text().count("\n") >= 1)
        grandchild = int(log.read_text().split()[0])
        running = supervisor._running[0].process
        assert running is not None
        os.kill(running.pid, signal.SIGKILL)
        await until(lambda: log.read_text().count("\n") >= 2)
        await until(lambda: not alive(grandchild))
        await supervisor.stop()
        await until(lambda: not alive(int(log.read_text().split()[1])))

    asyncio.run(scene())


def test_a_child_that_does_not_listen_is_killed_after_its_grace(folder: Path) -> None:
    async def scene() -> float:
        supervisor = Supervisor(Heard())
        supervisor.add(child(folder, STUBBORN, grace_s=0.5))
        log = folder / "log" / "child.log"
        await until(lambda: log.exists() and log.read_text() != "")
        began = time.monotonic()
        await supervisor.stop()
        return time.monotonic() - began

    assert asyncio.run(scene()) < 3


def test_run_once_gives_the_exit_code(folder: Path) -> None:
    assert asyncio.run(run_once(child(folder, "raise SystemExit(5)"))) == 5


def test_the_database_is_started_again_after_kill_9(folder: Path) -> None:
    heard = Heard()

    async def scene() -> None:
        server = EmbeddedServer(folder / "pg", fast=True)
        supervisor = Supervisor(heard, server)
        await start_server(server)
        supervisor.watch_server()
        assert server.process is not None
        first = server.process.pid
        os.kill(first, signal.SIGKILL)
        await until(lambda: server.process is not None and server.process.pid != first and server.ready())
        with psycopg.connect(server.url("postgres")) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        await supervisor.stop()
        assert not server.ready()

    asyncio.run(scene())
    assert len(heard) == 1


def test_nothing_is_left_when_the_parent_is_killed(folder: Path) -> None:
    parent = subprocess.Popen([sys.executable, "-c", _PARENT.format(folder=str(folder))], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    postgres, kid = (int(part) for part in parent.stdout.readline().split())
    parent.kill()
    parent.communicate()
    deadline = time.monotonic() + 10
    while (alive(postgres) or alive(kid)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not alive(postgres)
    assert not alive(kid)
    with EmbeddedServer(folder / "pg") as again:
        assert again.ready()


_PARENT = """
import asyncio, os, sys
from pathlib import Path
from shopkeeper.config.supervisor import Child, Supervisor, start_server
from shopkeeper.foundation.database.embedded import EmbeddedServer
folder = Path({folder!r})
async def scene():
    server = EmbeddedServer(folder / "pg", fast=False)
    supervisor = Supervisor(lambda words: None, server)
    await start_server(server)
    supervisor.watch_server()
    command = [sys.executable, "-c", "import time; time.sleep(60)"]
    supervisor.add(Child("kid", command, dict(os.environ), folder / "kid.log"))
    while supervisor._running[0].process is None:
        await asyncio.sleep(0.01)
    print(server.process.pid, supervisor._running[0].process.pid, flush=True)
    await asyncio.sleep(60)
asyncio.run(scene())
"""
