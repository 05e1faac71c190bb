"""Scratch databases: made, used and dropped, or kept with their address printed.

With an outside PostgreSQL (DATABASE_URL) it is a new database there; otherwise a server of its own in a
temporary folder. Nothing of the installation's own data is touched.
"""

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from psycopg import sql

from shopkeeper.foundation.database import address, installation
from shopkeeper.foundation.database.embedded import EmbeddedServer


@dataclass(frozen=True, slots=True)
class Scratch:
    """A database for now. `var`: its own folder for keys, files, logs; `server_pid` None when outside."""

    url: str
    var: Path
    server_pid: int | None

    def environment(self) -> dict[str, str]:
        """The environment that makes a process use it."""
        return {
            **os.environ,
            "DATABASE_URL": self.url,
            "SHOPKEEPER_VAR": str(self.var),
            "SHOPKEEPER_MASTER_KEY_FILE": str(self.var / "keys" / "master.key"),
        }


@contextmanager
def scratch_database(*, keep: bool = False, durable: bool = False, outside: str = "") -> Iterator[Scratch]:
    """An empty database for a block. `durable`: fsync stays on (to measure); `keep` leaves all behind."""
    var = Path(tempfile.mkdtemp(prefix="sk-scratch-"))
    try:
        if outside:
            with _beside(outside, var, keep) as scratch:
                yield scratch
        else:
            with _own_server(var, keep, durable) as scratch:
                yield scratch
    finally:
        if not keep:
            shutil.rmtree(var, ignore_errors=True)


@contextmanager
def _own_server(var: Path, keep: bool, durable: bool) -> Iterator[Scratch]:
    server = EmbeddedServer(var / "pg", var / "run", fast=not durable, tied=not keep, log=var / "postgres.log")
    server.start()
    try:
        installation.ensure_database(server.url(), address.DATABASE)
        assert server.process is not None
        yield Scratch(server.url(), var, server.process.pid)
    finally:
        if not keep:
            server.stop()


@contextmanager
def _beside(outside: str, var: Path, keep: bool) -> Iterator[Scratch]:
    name = f"scratch_{secrets.token_hex(4)}"
    installation.ensure_database(outside, name)
    try:
        yield Scratch(address.with_database(outside, name), var, None)
    finally:
        if not keep:
            with installation.connected(outside) as admin:
                admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
