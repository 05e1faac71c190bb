"""The embedded server: starts, stops, survives kill -9, and says in one line what is wrong."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from shopkeeper.foundation.database import embedded
from shopkeeper.foundation.database.embedded import EmbeddedServer
from shopkeeper.foundation.database.errors import (
    AlreadyRunning,
    DatabaseTrouble,
    DiskFull,
    FolderNotWritable,
    ServerDidNotStart,
    SocketPathTooLong,
)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path (a socket goes into it), private like a folder under /root."""
    path = Path(tempfile.mkdtemp(prefix="sk-pg-"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


def ask(server: EmbeddedServer, question: str) -> object:
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        row = connection.execute(question).fetchone()  # type: ignore[arg-type]
    assert row is not None
    return row[0]


def test_starts_with_our_settings_and_keeps_data_over_a_restart(folder: Path) -> None:
    with EmbeddedServer(folder / "pg", settings={"work_mem": "7MB"}) as server:
        assert ask(server, "SHOW work_mem") == "7MB"
        assert ask(server, "SELECT current_user") == "shopkeeper"
        assert ask(server, "SHOW fsync") == "on"
        with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
    with EmbeddedServer(folder / "pg") as server:
        assert ask(server, "SELECT one FROM kept") == 1


def test_data_and_socket_folders_are_closed_to_others(folder: Path) -> None:
    with EmbeddedServer(folder / "pg", fast=True) as server:
        assert server.data_dir.stat().st_mode & 0o777 == 0o700
        assert server.socket_dir.stat().st_mode & 0o777 == 0o700
    assert folder.stat().st_mode & 0o777 == 0o700, "the parents' rights must not be loosened"


def test_recovers_from_kill_9(folder: Path) -> None:
    with EmbeddedServer(folder / "pg") as server:
        assert server.process is not None
        with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
            os.kill(server.process.pid, signal.SIGKILL)
            server.process.wait()
            server.start()
        assert ask(server, "SELECT one FROM kept") == 1


def test_a_second_start_is_refused_at_once(folder: Path) -> None:
    with EmbeddedServer(folder / "pg", fast=True) as server:
        began = time.monotonic()
        with pytest.raises(AlreadyRunning) as refusal:
            EmbeddedServer(folder / "pg", fast=True).start()
        assert time.monotonic() - began < 1
        assert "\n" not in refusal.value.words.text("zh")
        assert ask(server, "SELECT 1") == 1


def test_ends_with_its_parent(folder: Path) -> None:
    """The starter is killed with SIGKILL; the server goes down cleanly by itself, the next start works."""
    code = (
        "import sys, time; from pathlib import Path\n"
        "from shopkeeper.foundation.database.embedded import EmbeddedServer\n"
        f"s = EmbeddedServer(Path({str(folder / 'pg')!r})); s.start()\n"
        "print(s.process.pid, flush=True); time.sleep(60)"
    )
    src = str(Path(embedded.__file__).parents[3])
    starter = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": src}
    )
    assert starter.stdout is not None
    postgres = int(starter.stdout.readline())
    starter.kill()
    starter.communicate()
    with EmbeddedServer(folder / "pg") as server:
        assert server.process is not None
        assert server.process.pid != postgres
        assert ask(server, "SELECT 1") == 1


def test_an_interrupted_first_start_leaves_nothing_half_made(folder: Path) -> None:
    (folder / "pg.new").mkdir()
    (folder / "pg.new" / "PG_VERSION").write_text("18")
    with EmbeddedServer(folder / "pg", fast=True) as server:
        assert ask(server, "SELECT 1") == 1


def test_a_socket_path_too_long_is_said(folder: Path) -> None:
    deep = folder / ("x" * 100)
    with pytest.raises(SocketPathTooLong):
        EmbeddedServer(folder / "pg", deep).start()
    assert len(os.fsencode(embedded.socket_folder_for(deep / "pg"))) <= embedded.SOCKET_PATH_LIMIT


def test_a_folder_that_is_not_writable_is_said(folder: Path) -> None:
    with pytest.raises(FolderNotWritable):
        EmbeddedServer(Path("/proc/shopkeeper/pg"), folder / "run").start()


def test_a_foreign_folder_is_not_taken(folder: Path) -> None:
    (folder / "pg").mkdir()
    (folder / "pg" / "letters.txt").write_text("not a database")
    with pytest.raises(ServerDidNotStart):
        EmbeddedServer(folder / "pg", fast=True).start()
    assert (folder / "pg" / "letters.txt").exists()


def test_a_full_disk_is_said_before_anything_is_written(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "LEAST_FREE_BYTES", 1 << 62)
    with pytest.raises(DiskFull):
        EmbeddedServer(folder / "pg", fast=True).start()
    assert not (folder / "pg").exists()


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ('FATAL:  could not write to file "pg_wal/xlogtemp.9": No space left on device', DiskFull),
        ('FATAL:  could not open file "postmaster.pid": Read-only file system', FolderNotWritable),
        ('FATAL:  lock file "postmaster.pid" already exists', AlreadyRunning),
        ('FATAL:  unrecognized configuration parameter "nonsense"', ServerDidNotStart),
    ],
)
def test_what_the_server_says_becomes_one_line(folder: Path, said: str, kind: type[DatabaseTrouble]) -> None:
    server = EmbeddedServer(folder / "pg")
    server.log.write_text(f"2026-01-01 [7] {said}\n")
    trouble = server.trouble()
    assert type(trouble) is kind
    assert "\n" not in str(trouble)


def test_a_wrong_setting_is_said_at_once(folder: Path) -> None:
    began = time.monotonic()
    with pytest.raises(ServerDidNotStart, match="nonsense"):
        EmbeddedServer(folder / "pg", settings={"nonsense": "1"}, fast=True).start()
    assert time.monotonic() - began < 10
