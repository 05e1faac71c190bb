"""A whole shop for a while: web and worker on a free port, for the simulator and the tests."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from shopkeeper.foundation.database.processes import tie_to_parent

START_TIMEOUT_S = 60.0
STREAMS_MAX = 20_000  # open at once in one web process: every live page and every chat holds one


@dataclass
class HostedShop:
    """A running shop. `processes` by name, so that a test may kill one; `restart` starts it again."""

    address: str
    port: int
    url: str
    var: Path
    environment: dict[str, str]
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str) -> None:
        """Start `web` or `worker`."""
        log = self.var / "log" / f"{name}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as output:
            self.processes[name] = subprocess.Popen(
                self._commands()[name],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=self.environment,
                start_new_session=True,
                preexec_fn=tie_to_parent(signal.SIGTERM),
            )

    def kill(self, name: str) -> None:
        """kill -9 of a process and whatever it started."""
        process = self.processes.pop(name)
        _signal_group(process, signal.SIGKILL)
        process.wait()

    def stop(self, name: str, grace_s: float = 8.0) -> None:
        process = self.processes.pop(name)
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(grace_s)
            except subprocess.TimeoutExpired:
                _signal_group(process, signal.SIGKILL)
        _signal_group(process, signal.SIGKILL)
        process.wait()

    def stop_all(self) -> None:
        for name in list(self.processes):
            self.stop(name)

    def wait_until_answering(self, timeout: float = START_TIMEOUT_S) -> None:
        """Until a page answers. Raises RuntimeError with the end of the log when the web server ended."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            if self.processes["web"].poll() is not None:
                break
            if self._answers():
                return
            time.sleep(0.05)
        raise RuntimeError((self.var / "log" / "web.log").read_text()[-2_000:])

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/sign-in/", timeout=5):  # noqa: S310 our own address
                return True
        except urllib.error.HTTPError as error:
            return error.code < 500
        except OSError:
            return False

    def _commands(self) -> dict[str, list[str]]:
        web = [sys.executable, "-m", "granian", "--interface", "asgi", "--workers", "1", "--no-ws"]
        web += ["--host", "127.0.0.1", "--port", str(self.port), "--workers-kill-timeout", "3"]
        web += ["--backpressure", str(STREAMS_MAX)]
        worker = [sys.executable, "-m", "shopkeeper.cli.main", "worker"]
        return {"web": [*web, "shopkeeper.config.asgi:app"], "worker": worker}


@contextmanager
def hosted(url: str, var: Path, env: Mapping[str, str] | None = None, *, worker: bool = True) -> Iterator[HostedShop]:
    """Web (and worker) over a migrated database, for the length of a block."""
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "shopkeeper.config.settings",
        "SHOPKEEPER_DB_POOL": "8",
        "SHOPKEEPER_PUBLIC_URL": address,
        "SHOPKEEPER_VAR": str(var),
        **(env or {}),
    }
    shop = HostedShop(address, port, url, var, environment)
    with ExitStack() as stack:
        stack.callback(shop.stop_all)
        shop.start("web")
        if worker:
            shop.start("worker")
        shop.wait_until_answering()
        yield shop


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return
