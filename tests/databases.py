"""The test databases: one fast server a worker, a template migrated once for a schema, copies for the tests.

`python -m tests.databases FOLDER` makes the cluster that the servers begin with.
"""

import fcntl
import hashlib
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from django.core.management import call_command
from django.db import connection, connections
from psycopg import sql

from shopkeeper.foundation.database import address, installation
from shopkeeper.foundation.database.embedded import EmbeddedServer

PROJECT = Path(__file__).resolve().parents[1]
CLUSTERS = PROJECT / "var" / "cache" / "test-clusters"
TEMPLATE = "template_shop"
SEEDS = ("*.json", "*.csv", "*.txt", "*.sql")  # what migrations may read
APP_OPTIONS = f"-c role={address.APP_ROLE}"


class TestServer:
    """A server of one test session, or of one worker of it."""

    __test__ = False

    def __init__(self, begin_with: Path | None = None) -> None:
        self.base = Path(tempfile.mkdtemp(prefix="sk-test-"))
        if begin_with is not None:
            _copy(begin_with, self.base / "pg")
        self.server = EmbeddedServer(
            self.base / "pg",
            self.base / "s",
            {"shared_buffers": "128MB"},
            fast=True,
            log=self.base / "pg.log",
        )
        self.server.start()

    def stop(self) -> None:
        self.server.stop()
        shutil.rmtree(self.base, ignore_errors=True)


@dataclass(frozen=True)
class FreshDatabase:
    """A database of one test's own. `env` is what a subprocess needs to use it."""

    name: str
    url: str

    @property
    def env(self) -> dict[str, str]:
        return {**os.environ, "DATABASE_URL": self.url}

    def connect(self, *, role: str | None = address.APP_ROLE) -> "psycopg.Connection[tuple[object, ...]]":
        """A plain connection beside Django's, autocommitting; as the owner with `role=None`."""
        options = f"-c role={role}" if role else ""
        return psycopg.connect(self.url, options=options, autocommit=True)


class Databases:
    """Makes and drops databases on the session's server and points Django at them."""

    def __init__(self, base: Path, worker: str) -> None:
        self.base = base
        self.worker = worker
        self._numbers = itertools.count(1)

    def url(self, database: str) -> str:
        return address.socket_url(self.base / "s", database)

    def point_django_at(self, database: str, *, role: str | None = address.APP_ROLE) -> None:
        """Every connection of every thread from now on goes to `database` (threads share the dictionary)."""
        connections.close_all()
        connection.close_pool()
        parts = connection.settings_dict
        parts.update(NAME=database, USER=address.OWNER, PASSWORD="", HOST=str(self.base / "s"), PORT="")
        parts["OPTIONS"]["options"] = f"-c role={role}" if role else ""

    def make_template(self) -> None:
        """Migrate the template as the owner."""
        self._admin(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(TEMPLATE)))
        self.point_django_at(TEMPLATE, role=None)
        call_command("migrate", verbosity=0, interactive=False)
        connections.close_all()
        connection.close_pool()
        installation.note(self.url(TEMPLATE), schema=installation.schema_stamp())

    def create(self, name: str) -> None:
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY = FILE_COPY")
        self._admin(statement.format(sql.Identifier(name), sql.Identifier(TEMPLATE)))

    def drop(self, name: str) -> None:
        self._admin(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    @contextmanager
    def fresh(self) -> Iterator[FreshDatabase]:
        """A database of one's own for the length of a block; Django is pointed at it and back."""
        before = str(connection.settings_dict["NAME"])
        name = f"fresh_{self.worker}_{next(self._numbers)}"
        self.create(name)
        self.point_django_at(name)
        try:
            yield FreshDatabase(name, self.url(name))
        finally:
            self.point_django_at(before)
            self.drop(name)

    def _admin(self, statement: sql.Composable) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as admin:
            admin.execute(statement)


def migrated_cluster() -> Path:
    """A stopped cluster with the template in it: migrating takes ten seconds, copying files a moment."""
    wanted = CLUSTERS / _fingerprint()
    CLUSTERS.mkdir(parents=True, exist_ok=True)
    with (CLUSTERS / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not wanted.exists():
            for old in CLUSTERS.iterdir():
                if old.is_dir():
                    shutil.rmtree(old)
            subprocess.run([sys.executable, "-m", "tests.databases", str(wanted)], check=True, cwd=PROJECT)
    return wanted


def _fingerprint() -> str:
    """Of all that shapes the template: the schema's own stamp, and what migrations may read beside it."""
    total = hashlib.sha256(installation.schema_stamp().encode())
    source = PROJECT / "src" / "shopkeeper"
    for path in sorted(path for pattern in SEEDS for path in source.rglob(pattern) if "static" not in path.parts):
        total.update(path.read_bytes())
    return total.hexdigest()[:16]


def _copy(cluster: Path, to: Path) -> None:
    """The files with the account that owns them."""
    subprocess.run(["cp", "-a", str(cluster), str(to)], check=True)


def _make_cluster(folder: Path) -> None:
    """Migrate a template, stop the server in an orderly way, keep its files."""
    server = TestServer()
    try:
        Databases(server.base, "maker").make_template()
        server.server.fast = False  # an orderly stop: everything is in the files
        server.server.stop()
        new = folder.with_name(f"{folder.name}.new")
        shutil.rmtree(new, ignore_errors=True)
        _copy(server.base / "pg", new)
        new.rename(folder)
    finally:
        server.stop()


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shopkeeper.config.settings")
    django.setup()
    _make_cluster(Path(sys.argv[1]))
