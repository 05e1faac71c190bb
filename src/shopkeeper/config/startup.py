"""The start of a whole shop on one machine: database, schema, demo, then web, worker and simulator.

Loads no Django: what needs it runs as a child, so the parent stays small and a later start stays quick.
"""

import asyncio
import errno
import fcntl
import os
import secrets
import signal
import socket
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shopkeeper.config import demo_outside
from shopkeeper.config.hosting import STREAMS_MAX
from shopkeeper.config.supervisor import Child, Say, Supervisor, run_once, start_server
from shopkeeper.foundation.database import address, installation
from shopkeeper.foundation.database.embedded import EmbeddedServer, socket_folder_for
from shopkeeper.foundation.database.errors import AlreadyRunning, DatabaseTrouble, DiskFull, FolderNotWritable
from shopkeeper.shared.words import T

EXIT_OK = 0
EXIT_FAILED = 1
EXIT_PORT_TAKEN = 3
EXIT_DATABASE = 4
EXIT_DISK_FULL = 5
EXIT_ALREADY_RUNNING = 6


class CannotStart(Exception):
    """The shop cannot be opened: one line for the person, a code for the program."""

    def __init__(self, words: T, exit_code: int) -> None:
        super().__init__(words.text("en"))
        self.words = words
        self.exit_code = exit_code


@dataclass(frozen=True)
class Wishes:
    """What the starter asked for."""

    var: Path
    host: str = "127.0.0.1"
    port: int = 8000
    demo: bool = False
    simulate: bool = True
    database_url: str = ""

    @property
    def address(self) -> str:
        shown = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host  # noqa: S104 compared, not bound
        return f"http://{shown}:{self.port}"


def embedded_server(var: Path) -> EmbeddedServer:
    """The server of a var folder: data in `postgres`, socket in `run`, log in `log`."""
    data = var / "postgres"
    return EmbeddedServer(data, socket_folder_for(data), log=var / "log" / "postgres.log")


def exit_code_of(trouble: DatabaseTrouble) -> int:
    """Each trouble that a program may want to tell apart has a code of its own."""
    kinds = {DiskFull: EXIT_DISK_FULL, AlreadyRunning: EXIT_ALREADY_RUNNING, FolderNotWritable: EXIT_FAILED}
    return kinds.get(type(trouble), EXIT_DATABASE)


def open_shop(wishes: Wishes, say: Say, opened: Callable[[], None]) -> int:
    """Open the shop and keep it open until SIGINT or SIGTERM; returns the exit code.

    `say` gets one-line messages, `opened` is called when the first page answers.
    """
    try:
        with _only_start(wishes.var):
            _check_port(wishes)
            _make_secret_key(wishes.var)
            return asyncio.run(_run(wishes, say, opened))
    except DatabaseTrouble as trouble:
        say(trouble.words)
        return exit_code_of(trouble)
    except CannotStart as reason:
        say(reason.words)
        return reason.exit_code
    except PermissionError as error:
        say(T("不能写入 {path}。", "{path} cannot be written.").format(path=error.filename))
        return EXIT_FAILED


async def _run(wishes: Wishes, say: Say, opened: Callable[[], None]) -> int:
    server = None if wishes.database_url else embedded_server(wishes.var)
    supervisor = Supervisor(say, server)
    _stop_on_signals(supervisor)
    try:
        await _until_stopped(supervisor, _open(wishes, say, supervisor, server, opened))
        await supervisor.stopping.wait()
        say(T("正在关门……", "Closing…"))
    finally:
        await supervisor.stop()
    say(T("已关门，数据保存在 {var}。", "Closed. The data are kept in {var}.").format(var=wishes.var))
    return EXIT_OK


async def _open(
    wishes: Wishes,
    say: Say,
    supervisor: Supervisor,
    server: EmbeddedServer | None,
    opened: Callable[[], None],
) -> None:
    url = wishes.database_url
    if server is not None:
        await start_server(server)
        installation.ensure_database(server.url(), address.DATABASE)
        url = server.url()
        supervisor.watch_server()
    env = _environment(wishes, url)
    outside = demo_outside.remembered(wishes.var) if wishes.demo and wishes.simulate else None
    if outside is not None:
        env |= outside.environment()
    await _prepare(wishes, say, url, env)
    web = _web(wishes, env)
    supervisor.add(web)
    await _wait_until_answering(wishes, web)  # the first page before the rest
    opened()
    if outside is not None:
        supervisor.add(demo_outside.child(outside, wishes.var, env))
    supervisor.add(_command(wishes, "worker", ["worker"], {**env, "SHOPKEEPER_DB_POOL": "4"}))
    if outside is not None:
        supervisor.add(_command(wishes, "simulator", ["sim", "--live"], env))


async def _until_stopped(supervisor: Supervisor, work: Coroutine[Any, Any, None]) -> None:
    """Do the work, but leave it when a signal comes first."""
    task = asyncio.ensure_future(work)
    stopping = asyncio.create_task(supervisor.stopping.wait())
    await asyncio.wait({task, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if not task.done():
        task.cancel()
    await asyncio.gather(task, return_exceptions=supervisor.stopping.is_set())


async def _prepare(wishes: Wishes, say: Say, url: str, env: dict[str, str]) -> None:
    """Schema and demo, each skipped when the database already has it."""
    known = installation.notes(url)
    if known.get("schema") != installation.schema_stamp():
        say(T("正在准备数据库……", "Preparing the database…"))
        await _run_or_fail(_command(wishes, "migrate", ["migrate"], {**env, "SHOPKEEPER_DB_ROLE": "owner"}))
    if wishes.demo and not _is_furnished(known, env):
        say(T("正在布置演示店铺……", "Furnishing the demo shop…"))
        await _run_or_fail(_command(wishes, "demo", ["demo"], env))


def _is_furnished(known: dict[str, Any], env: dict[str, str]) -> bool:
    """Whether the demo is in, and its shops know the platform at its present place."""
    place = env.get("SHOPKEEPER_SANDBOX_PLATFORM_URL")
    return "demo" in known and place in (None, known["demo"])


async def _run_or_fail(child: Child) -> None:
    code = await run_once(child)
    if code == EXIT_DISK_FULL:
        raise DiskFull(child.log.parent)
    if code != 0:
        raise CannotStart(
            T(
                "{name} 没有成功（{code}）。原因见 {log}；改好后再启动，会接着做。",
                "{name} did not succeed ({code}). The reason is in {log}; start again after mending it.",
            ).format(name=child.name, code=code, log=child.log),
            EXIT_FAILED,
        )


def _web(wishes: Wishes, env: dict[str, str]) -> Child:
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--workers", "1"]
    command += ["--backpressure", str(STREAMS_MAX)]
    command += ["--host", wishes.host, "--port", str(wishes.port)]
    command += ["--workers-kill-timeout", "3", "--no-ws", "shopkeeper.config.asgi:app"]
    return Child("web", command, {**env, "SHOPKEEPER_DB_POOL": "12"}, wishes.var / "log" / "web.log")


def _command(wishes: Wishes, name: str, arguments: list[str], env: dict[str, str]) -> Child:
    command = [sys.executable, "-m", "shopkeeper.cli.main", *arguments]
    return Child(name, command, env, wishes.var / "log" / f"{name}.log")


def _environment(wishes: Wishes, url: str) -> dict[str, str]:
    env = {
        **os.environ,
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "shopkeeper.config.settings",
        "PYTHONUNBUFFERED": "1",
        "SHOPKEEPER_VAR": str(wishes.var),
        "SHOPKEEPER_PUBLIC_URL": os.environ.get("SHOPKEEPER_PUBLIC_URL", wishes.address),
    }
    env["SHOPKEEPER_DEMO"] = "1" if wishes.demo else "0"
    return env


def _stop_on_signals(supervisor: Supervisor) -> None:
    loop = asyncio.get_running_loop()

    def stop() -> None:
        if supervisor.stopping.is_set():
            supervisor.kill()
        supervisor.stopping.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop)


@contextmanager
def _only_start(var: Path) -> Iterator[None]:
    """Hold the var folder; a second start is told at once. The kernel lets go when we end, however we end."""
    try:
        var.mkdir(parents=True, exist_ok=True)
        (var / "log").mkdir(mode=0o700, exist_ok=True)
        lock = (var / "up.lock").open("ab")
    except OSError as error:
        raise _unusable(var, error) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise AlreadyRunning(var) from None
    with lock:
        yield


def _unusable(var: Path, error: OSError) -> Exception:
    return DiskFull(var) if error.errno in (errno.ENOSPC, errno.EDQUOT) else FolderNotWritable(var)


def _check_port(wishes: Wishes) -> None:
    family = socket.AF_INET6 if ":" in wishes.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((wishes.host, wishes.port))
        except OSError as error:
            raise CannotStart(
                T(
                    '端口 {port} 已被占用（{reason}）。请停掉占用它的程序，或换一个端口：make run ARGS="--port 8001"',
                    "Port {port} is taken ({reason}). Stop the program that uses it, "
                    'or choose another: make run ARGS="--port 8001"',
                ).format(port=wishes.port, reason=error.strerror),
                EXIT_PORT_TAKEN,
            ) from error


def _make_secret_key(var: Path) -> None:
    """The signing key, made at the first start, readable by this user only."""
    folder = var / "keys"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / "secret.key"
    if not path.exists():
        fresh = folder / f"secret.key.{os.getpid()}"
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
        fresh.rename(path)


async def _wait_until_answering(wishes: Wishes, web: Child, timeout: float = 60.0) -> None:
    try:
        async with asyncio.timeout(timeout):
            while not await _answers(wishes):
                await asyncio.sleep(0.05)
    except TimeoutError as error:
        raise CannotStart(
            T("网页服务没有起来，原因见 {log}。", "The web server did not come up; the reason is in {log}.").format(
                log=web.log
            ),
            EXIT_FAILED,
        ) from error


async def _answers(wishes: Wishes) -> bool:
    """Whether a page answers; what kind of page does not matter."""
    try:
        host = wishes.address.removeprefix("http://").rsplit(":", 1)[0]
        reader, writer = await asyncio.open_connection(host, wishes.port)
    except OSError:
        return False
    try:
        writer.write(f"GET /sign-in/ HTTP/1.0\r\nHost: {host}\r\n\r\n".encode())
        status = (await reader.readline()).split(b" ")
        return len(status) > 1 and not status[1].startswith(b"5")
    except OSError:
        return False
    finally:
        writer.close()
