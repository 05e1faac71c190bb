"""A whole shop that may be killed: its own durable database, web, worker, and the outside world it talks to."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, closing
from pathlib import Path
from types import TracebackType
from typing import Any

import psycopg

from shopkeeper.config.hosting import HostedShop, hosted
from shopkeeper.foundation.database import address, installation
from shopkeeper.foundation.database.embedded import EmbeddedServer, programs
from shopkeeper.simulator.house import House, kept_tokens
from shopkeeper.simulator.main import open_shops, sandbox_environment
from shopkeeper.simulator.sandboxes.running import RunningSandboxes, running_sandboxes

LEASE_S = 2
COMMAND_TIMEOUT_S = 120
VICTIMS = ("worker", "web", "database")


def schema_of(url: str) -> bytes:
    """A migrated database as a script."""
    dump = [str(programs() / "pg_dump"), "--no-owner", "-d", url]
    return subprocess.run(dump, stdout=subprocess.PIPE, timeout=COMMAND_TIMEOUT_S, check=True).stdout


class KillableShop:
    """Everything is made at the beginning and ends with the block; `strike` and `revive` are for in between.

    Processes are tied to the thread that starts them: use it from the main thread.
    """

    def __init__(self, schema: bytes) -> None:
        self._schema = schema
        self.base = Path(tempfile.mkdtemp(prefix="sk-kill-"))
        self.var = self.base / "var"
        self._stack = ExitStack()
        self._stack.callback(shutil.rmtree, self.base, ignore_errors=True)
        # Durable: fsync is on, so that what was answered before a kill must be there afterwards.
        self.server = EmbeddedServer(self.base / "pg", self.base / "run", log=self.base / "postgres.log")
        self.sandboxes: RunningSandboxes
        self._hosted: HostedShop | None = None
        self.tokens: dict[str, str] = {}

    def __enter__(self) -> "KillableShop":
        try:
            self._open()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End every process of ours and leave nothing behind; nobody waits for a clean end of what is thrown away."""
        for name in list(self._hosted.processes) if self._hosted else ():
            self.shop.kill(name)
        self._stack.close()

    @property
    def shop(self) -> HostedShop:
        assert self._hosted is not None
        return self._hosted

    @property
    def url(self) -> str:
        return self.server.url()

    def _open(self) -> None:
        self.server.start()
        self._stack.callback(self.server.stop)
        installation.ensure_database(self.url, address.DATABASE)
        with self.owner() as owner:
            found = owner.execute("SELECT current_setting('fsync'), current_setting('synchronous_commit')").fetchone()
        assert found == ("on", "on")
        self.sandboxes = self._stack.enter_context(running_sandboxes())
        environment = {
            "SHOPKEEPER_DEMO": "1",
            "SHOPKEEPER_LEASE_S": str(LEASE_S),
            "SHOPKEEPER_CLOCK": "machine",
            **sandbox_environment(self.sandboxes),
        }
        self._restore()
        self._command("demo", environment)
        self.tokens = kept_tokens(self.var / "demo" / "tokens.json")
        self._hosted = self._stack.enter_context(hosted(self.url, self.var, environment))
        open_shops(self.sandboxes.control, self.shop.address)
        self._set_policy("check_mode", "continuous")  # no waiting for nine o'clock
        self._set_policy("pull_minutes", 1)

    def _set_policy(self, key: str, value: str | int) -> None:
        house = House(self.shop.address, self.tokens)
        with closing(house):
            answers = house.do("supervisor", "sop/set-policy", [{"key": key, "value": value, "reason": "演练"}])
        assert answers[0]["result"] == "done", answers

    def _restore(self) -> None:
        """The migrated schema, as `schema_of` dumped it: seconds instead of half a minute of migrating."""
        with self.owner() as owner:
            owner.execute(f"CREATE ROLE {address.APP_ROLE} NOLOGIN")
            owner.execute(f"GRANT {address.APP_ROLE} TO CURRENT_USER")
        psql = [str(programs() / "psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "--single-transaction", "-d", self.url]
        subprocess.run(psql, input=self._schema, stdout=subprocess.DEVNULL, timeout=COMMAND_TIMEOUT_S, check=True)

    def _command(self, name: str, environment: dict[str, str]) -> None:
        own = {
            "DATABASE_URL": self.url,
            "SHOPKEEPER_VAR": str(self.var),
            "DJANGO_SETTINGS_MODULE": "shopkeeper.config.settings",
        }
        ended = subprocess.run(
            [sys.executable, "-m", "shopkeeper.cli.main", name],
            env={**os.environ, **own, **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=COMMAND_TIMEOUT_S,
            check=False,
        )
        assert ended.returncode == 0, f"{name}: {ended.stdout[-2_000:]}{ended.stderr[-2_000:]}"

    def owner(self) -> "psycopg.Connection[tuple[Any, ...]]":
        """A look at the database past all doors."""
        return psycopg.connect(self.url, autocommit=True, connect_timeout=5)

    def strike(self, victim: str) -> None:
        """kill -9."""
        if victim != "database":
            self.shop.kill(victim)
            return
        process = self.server.process
        assert process is not None
        process.send_signal(signal.SIGKILL)  # the postmaster alone; its children notice and end
        process.wait(timeout=10)

    def revive(self, victim: str, pause_s: float = 0.0) -> None:
        """Start what was killed; it answers, or is on its way, when this returns."""
        time.sleep(pause_s)
        if victim == "database":
            self.server.start(timeout=30)
            return
        self.shop.start(victim)
        if victim == "web":
            self.shop.wait_until_answering(30)

    def logs(self) -> str:
        """The ends of the logs, for whoever has to find out what went wrong."""
        paths = [*sorted((self.var / "log").glob("*.log")), self.base / "postgres.log"]
        return "\n".join(f"== {path.name}\n{path.read_text(errors='replace')[-3_000:]}" for path in paths)
