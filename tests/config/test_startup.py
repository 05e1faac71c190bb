"""`shopkeeper up` as a person meets it: one line for each trouble, and the next start recovers."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pytest

from shopkeeper.config import startup
from tests.databases import FreshDatabase

START_LIMIT_S = 6.0
PATIENCE_S = 90.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Start:
    """One running `shopkeeper up`."""

    process: subprocess.Popen[str]

    def opened(self) -> dict[str, object]:
        """What it says when the shop is open; fails with its messages when it ends instead."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            pytest.fail(f"it ended: {self.ended()}")
        answer: dict[str, object] = json.loads(line)
        return answer

    def ended(self) -> tuple[int, str]:
        said = self.process.communicate(timeout=PATIENCE_S)[1]
        return self.process.returncode, said

    def stop(self) -> tuple[int, str]:
        self.process.send_signal(signal.SIGINT)
        return self.ended()


class Starter:
    """Starts shops on one var folder and ends what is left of them."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.port = free_port()
        self.starts: list[Start] = []

    def up(self, *arguments: str, **env: str) -> Start:
        command = [sys.executable, "-m", "shopkeeper.cli.main", "up", "--json", "--no-demo"]
        command += ["--port", str(self.port), *arguments]
        environment = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "SHOPKEEPER_DEMO"}}
        environment |= {"SHOPKEEPER_VAR": str(self.var), **env}
        pipe = subprocess.PIPE
        start = Start(subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=environment))
        self.starts.append(start)
        return start


@pytest.fixture
def starter() -> Iterator[Starter]:
    var = Path(tempfile.mkdtemp(prefix="sk-up-"))
    made = Starter(var)
    yield made
    for start in made.starts:
        if start.process.poll() is None:
            start.process.terminate()
            start.process.communicate(timeout=30)
        for pipe in (start.process.stdout, start.process.stderr):
            _close(pipe)
    shutil.rmtree(var, ignore_errors=True)


def _close(pipe: IO[str] | None) -> None:
    if pipe is not None:
        pipe.close()


def answers(address: object) -> int:
    try:
        with urllib.request.urlopen(f"{address}/sign-in/", timeout=10) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code


def one_line(said: str) -> str:
    lines = said.strip().splitlines()
    assert len(lines) == 1, said
    return lines[0]


def test_a_whole_life(starter: Starter) -> None:
    """First start, a second one refused, stop with Ctrl-C, a quick later start, kill -9, and a start after it."""
    first = starter.up()
    address = first.opened()["address"]
    assert answers(address) == 200

    code, said = starter.up().ended()
    assert code == startup.EXIT_ALREADY_RUNNING
    assert str(starter.var) in one_line(said)
    assert answers(address) == 200

    code, said = first.stop()
    assert code == 0, said
    assert "Traceback" not in said

    began = time.monotonic()
    later = starter.up()
    later.opened()
    took = time.monotonic() - began
    assert took < START_LIMIT_S * float(os.environ.get("TEST_SLOWNESS", "3")), f"{took:.1f} s"

    later.process.kill()
    later.process.wait()
    after = starter.up()
    assert answers(after.opened()["address"]) == 200
    assert after.stop()[0] == 0


def test_a_taken_port_is_said(starter: Starter) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", starter.port))
        taken.listen()
        code, said = starter.up().ended()
    assert code == startup.EXIT_PORT_TAKEN
    assert str(starter.port) in one_line(said)
    assert not (starter.var / "postgres").exists(), "nothing is begun when the port is taken"


def test_an_outside_database_that_is_down_is_said(starter: Starter) -> None:
    gone = free_port()
    code, said = starter.up(DATABASE_URL=f"postgresql://shop:secret@127.0.0.1:{gone}/shop").ended()
    assert code == startup.EXIT_DATABASE
    assert f"127.0.0.1:{gone}/shop" in one_line(said)
    assert "secret" not in said


def test_an_outside_database_is_used(starter: Starter, fresh_db: FreshDatabase) -> None:
    start = starter.up(DATABASE_URL=fresh_db.url)
    assert answers(start.opened()["address"]) == 200
    assert not (starter.var / "postgres").exists()
    assert start.stop()[0] == 0


def test_a_full_disk_is_said_and_recovered_from(starter: Starter) -> None:
    """On a small disk of its own where we may mount one; what is said is also tested without (test_embedded)."""
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=150m", "tmpfs", str(starter.var)], capture_output=True, check=False
    )
    if made.returncode != 0:
        pytest.skip("no right to mount a small disk here")
    try:
        ballast = starter.var / "ballast"
        ballast.write_bytes(b"\0" * (120 * 1024 * 1024))
        code, said = starter.up().ended()
        assert code == startup.EXIT_DISK_FULL, said
        one_line(said)
        ballast.unlink()
        start = starter.up()
        start.opened()
        assert start.stop()[0] == 0
    finally:
        subprocess.run(["umount", "-l", str(starter.var)], check=False)


def test_a_var_folder_that_cannot_be_written_is_said(starter: Starter) -> None:
    starter.var = Path("/proc/shopkeeper")
    code, said = starter.up().ended()
    assert code == startup.EXIT_FAILED
    assert "/proc/shopkeeper" in one_line(said)


def test_the_signing_key_is_made_once_and_private(tmp_path: Path) -> None:
    startup._make_secret_key(tmp_path)
    key = tmp_path / "keys" / "secret.key"
    first = key.read_text()
    startup._make_secret_key(tmp_path)
    assert key.read_text() == first
    assert len(first) > 40
    assert key.stat().st_mode & 0o777 == 0o600
