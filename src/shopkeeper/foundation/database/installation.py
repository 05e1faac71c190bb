"""What an installation knows about itself: whether its schema is this code's, and whether the demo is in it.

Kept as a comment on a table, so that it is true for whichever database is used and costs one query to read.
No Django here: the starting process asks before anything heavy is loaded.
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg
from psycopg import errors, sql

from shopkeeper.foundation.database import address
from shopkeeper.foundation.database.errors import DatabaseTrouble, DiskFull, Unreachable

PACKAGE = Path(__file__).resolve().parents[2]
MIGRATING_LOCK = 7_201_837  # any number that is always the same: two migrating processes wait for each other


@contextmanager
def connected(url: str) -> Iterator["psycopg.Connection[tuple[Any, ...]]"]:
    """A connection as the owner; DatabaseTrouble in one line when there is none to be had."""
    try:
        connection = psycopg.connect(url, autocommit=True, connect_timeout=5)
    except psycopg.OperationalError as error:
        raise _trouble(url, error) from error
    try:
        yield connection
    finally:
        connection.close()


def _trouble(url: str, error: Exception) -> DatabaseTrouble:
    if isinstance(error, errors.DiskFull):
        return DiskFull(address.without_secret(url))
    first_line = (str(error).strip().splitlines() or [type(error).__name__])[0]
    return Unreachable(address.without_secret(url), first_line.rsplit("failed: ", 1)[-1].rstrip("."))


def ensure_database(server_url: str, database: str) -> None:
    """Create a database unless it exists."""
    with connected(address.with_database(server_url, "postgres")) as admin:
        found = admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone()
        if not found:
            admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))


def schema_stamp() -> str:
    """A hash of all that shapes the schema: migrations, transition tables, guards, framework versions."""
    total = hashlib.sha256()
    files = [*PACKAGE.rglob("migrations/*.py"), *PACKAGE.rglob("states.py")]
    files += [*PACKAGE.glob("foundation/database/*.py"), PACKAGE / "config" / "settings.py"]
    for path in sorted(files):
        total.update(str(path.relative_to(PACKAGE)).encode())
        total.update(path.read_bytes())
    for package in ("django", "procrastinate", "django-axes"):
        total.update(f"{package}={version(package)}".encode())
    return total.hexdigest()[:24]


def notes(url: str) -> dict[str, Any]:
    """What was noted of this database; empty for a new one. Raises Unreachable."""
    with connected(url) as connection:
        row = connection.execute(
            "SELECT obj_description(to_regclass('public.django_migrations'), 'pg_class')"
        ).fetchone()
    try:
        found = json.loads(row[0]) if row and row[0] else {}
    except ValueError:
        found = {}
    return found if isinstance(found, dict) else {}


def note(url: str, **facts: Any) -> None:
    """Add to the notes."""
    text = json.dumps({**notes(url), **facts}, sort_keys=True)
    with connected(url) as connection:
        connection.execute(sql.SQL("COMMENT ON TABLE public.django_migrations IS {}").format(sql.Literal(text)))


@contextmanager
def only_one_migrating(url: str) -> Iterator[None]:
    """Hold the migrating lock; a second process waits here and then finds nothing to do."""
    with connected(url) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [MIGRATING_LOCK])
        yield
