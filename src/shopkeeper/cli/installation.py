"""Which database a command works on: the installation's, or a scratch one; and Django made ready for it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from shopkeeper.cli.console import say
from shopkeeper.config.startup import EXIT_FAILED, CannotStart, embedded_server
from shopkeeper.foundation.database import address, installation
from shopkeeper.foundation.database.scratch import scratch_database
from shopkeeper.shared.words import T

ScratchOption = Annotated[bool, typer.Option("--scratch", help="Work on a database made, used and dropped.")]
KeepScratchOption = Annotated[
    bool, typer.Option("--keep-scratch", help="Like --scratch, but print its address and leave it running.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]

PROJECT = Path(__file__).resolve().parents[3]


def var_folder() -> Path:
    return Path(os.environ.get("SHOPKEEPER_VAR", PROJECT / "var")).absolute()


@contextmanager
def own_database() -> Iterator[str]:
    """The installation's database: DATABASE_URL, or the embedded one, started here if it is not up."""
    url = address.outside_url()
    if url:
        yield url
        return
    server = embedded_server(var_folder())
    if server.socket_dir.exists() and server.ready():
        yield server.url()
        return
    with server:
        installation.ensure_database(server.url(), address.DATABASE)
        yield server.url()


@contextmanager
def working_on(*, scratch: bool, keep: bool, durable: bool = False) -> Iterator[str]:
    """Choose the database for this process, before Django is loaded; a scratch one comes migrated."""
    if not (scratch or keep):
        with own_database() as url:
            _require_schema(url)
            os.environ["DATABASE_URL"] = url
            load_django()
            try:
                yield url
            finally:
                _disconnect()
        return
    with scratch_database(keep=keep, durable=durable, outside=address.outside_url()) as made:
        os.environ.update(made.environment())
        migrate_as_owner()
        load_django()
        try:
            yield made.url
        finally:
            _disconnect()
            if keep:
                _say_kept(made.url, made.server_pid)


def migrate_as_owner() -> None:
    """Migrate in a process of its own: it connects as the owner, we as the app role."""
    command = [sys.executable, "-m", "shopkeeper.cli.main", "migrate", "--quiet"]
    done = subprocess.run(command, env=os.environ, stdout=sys.stderr, check=False)
    if done.returncode != 0:
        raise CannotStart(T("数据库结构没有建好。", "The schema could not be made."), done.returncode or EXIT_FAILED)


def load_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shopkeeper.config.settings")
    import django

    django.setup()


def _disconnect() -> None:
    from django.db import connections

    connections.close_all()
    for connection in connections.all(initialized_only=True):
        connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's wrapper has one


def _require_schema(url: str) -> None:
    """A command that comes before `migrate` is told so, instead of failing at the first table."""
    if installation.notes(url).get("schema") != installation.schema_stamp():
        raise CannotStart(
            T(
                "数据库结构不是当前版本。请先运行 shopkeeper migrate（或 make run）。",
                "The database does not have this version's schema. Run shopkeeper migrate (or make run) first.",
            ),
            EXIT_FAILED,
        )


def _say_kept(url: str, pid: int | None) -> None:
    """Where the kept database is, and how to be rid of it. On the error side: programs read the other one."""
    say(T("保留的数据库：{url}", "Kept database: {url}").format(url=url))
    if pid is not None:
        say(T("用完后停掉它：kill -INT {pid}", "Stop it when done: kill -INT {pid}").format(pid=pid))
