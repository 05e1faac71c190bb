"""The command line: help, exit codes, JSON on one side and messages on the other, scratch databases."""

import json
import os
import re
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
from typer.testing import CliRunner

from shopkeeper.cli.console import EXIT_USAGE
from shopkeeper.cli.main import app
from shopkeeper.config.startup import EXIT_DATABASE, EXIT_FAILED
from shopkeeper.foundation.database import installation

COMMANDS = ["up", "migrate", "demo", "worker", "orders import", "clauses", "policy list", "policy set", "bench", "sim"]


@pytest.fixture
def var() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="sk-cli-"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="module")
def migrated() -> Iterator[Path]:
    """A var folder whose database has the schema."""
    path = Path(tempfile.mkdtemp(prefix="sk-cli-"))
    first = shopkeeper("migrate", "--json", var=path)
    assert json.loads(first.stdout)["changed"] is True, first.stderr
    yield path
    shutil.rmtree(path, ignore_errors=True)


def shopkeeper(*arguments: str, var: Path, **env: str) -> "subprocess.CompletedProcess[str]":
    environment = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "SHOPKEEPER_DB_ROLE"}}
    environment |= {"SHOPKEEPER_VAR": str(var), "NO_COLOR": "1", "COLUMNS": "100", **env}
    command = [sys.executable, "-m", "shopkeeper.cli.main", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str) -> None:
    answer = CliRunner().invoke(app, [*command.split(), "--help"])
    assert answer.exit_code == 0, answer.output
    assert "Usage" in answer.output


def test_help_is_quick_and_leaves_nothing_behind(var: Path) -> None:
    answer = shopkeeper("--help", var=var)
    assert answer.returncode == 0
    assert "orders" in answer.stdout
    assert list(var.iterdir()) == []


def test_a_wrong_option_is_a_usage_error(var: Path) -> None:
    answer = shopkeeper("up", "--prot", "1", var=var)
    assert answer.returncode == EXIT_USAGE
    assert "--port" in answer.stderr
    assert answer.stdout == ""


def test_migrating_twice_changes_nothing_the_second_time(migrated: Path) -> None:
    """Without a running shop the embedded server is started for the command, and stopped after it."""
    again = json.loads(shopkeeper("migrate", "--json", var=migrated).stdout)
    assert again["changed"] is False
    assert again["schema"] == installation.schema_stamp()


def test_a_command_before_migrate_says_so(var: Path) -> None:
    answer = shopkeeper("policy", "list", var=var)
    assert answer.returncode == EXIT_FAILED
    assert "migrate" in answer.stderr
    assert len(answer.stderr.strip().splitlines()) == 1


def test_a_database_that_is_down_is_one_line(var: Path) -> None:
    answer = shopkeeper("migrate", var=var, DATABASE_URL="postgresql://shop:secret@127.0.0.1:1/shop")
    assert answer.returncode == EXIT_DATABASE
    assert "127.0.0.1:1/shop" in answer.stderr
    assert "secret" not in answer.stderr
    assert len(answer.stderr.strip().splitlines()) == 1


def test_policy_values_are_listed_and_set_with_a_reason(migrated: Path) -> None:
    policy = ("policy", "set", "parcel_stall_hours")
    assert shopkeeper(*policy, "36", "--reason", "双十一", var=migrated).returncode == 0
    listed = json.loads(shopkeeper("policy", "list", "--json", var=migrated).stdout)
    stall = next(row for row in listed if row["key"] == "parcel_stall_hours")
    assert (stall["value"], stall["default"]) == (36, 48)

    refused = shopkeeper(*policy, "100000", "--reason", "x", "--json", var=migrated)
    assert refused.returncode == EXIT_FAILED
    assert json.loads(refused.stdout)["code"] == "policy_out_of_bounds"


def test_a_scratch_database_is_gone_afterwards(var: Path) -> None:
    answer = shopkeeper("policy", "list", "--scratch", "--json", var=var, TMPDIR=str(var))
    assert json.loads(answer.stdout), answer.stderr
    assert list(var.iterdir()) == []


@pytest.mark.soak  # a second database migrated from nothing
def test_a_kept_scratch_database_is_named_and_stays(var: Path) -> None:
    answer = shopkeeper("policy", "list", "--keep-scratch", "--json", var=var)
    assert json.loads(answer.stdout), "what a program reads stays JSON"
    found = re.search(r"postgresql://\S+", answer.stderr)
    stop = re.search(r"kill -INT (\d+)", answer.stderr)
    assert found, answer.stderr
    assert stop, answer.stderr
    try:
        with psycopg.connect(found.group()) as connection:
            row = connection.execute("SELECT count(*) FROM django_migrations").fetchone()
        assert row is not None
        assert row[0] > 10
    finally:
        os.kill(int(stop.group(1)), signal.SIGINT)
        folder = Path(found.group().split("host=")[1]).parent
        time.sleep(0.5)
        shutil.rmtree(folder, ignore_errors=True)


def test_every_clause_is_listed(var: Path) -> None:
    answer = shopkeeper("clauses", "--json", var=var)
    rows = json.loads(answer.stdout)
    assert len(rows) == 48
    assert {"id", "owner", "status", "commands", "pages", "tests", "story"} <= set(rows[0])
    assert {row["status"] for row in rows} <= {"works", "missing"}
