"""Code and database agree: every statement plans, every state table is guarded, logs cannot be rewritten."""

import dataclasses
import re

import pytest
from django.db import connection

from shopkeeper.foundation.sql import ALL_STATEMENTS, NoRow, Statement
from shopkeeper.shared.transitions import FLOWS

HOLE = re.compile(r"%\((\w+)\)s")
CAST_HOLE = re.compile(r"%\((\w+)\)s\s*::")
STATEMENTS = [pytest.param(s, id=f"{i}-{' '.join(s.text.split())[:40]}") for i, s in enumerate(ALL_STATEMENTS)]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_a_statement_casts_its_parameters_and_plans(db: None, statement: Statement[object]) -> None:
    """Planned as the app role, so that a right it lacks is found, too."""
    holes = HOLE.findall(statement.text)
    assert len(holes) == len(CAST_HOLE.findall(statement.text)), "a parameter without a cast"
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + statement.text, dict.fromkeys(holes) or None)
        assert cursor.fetchall()


@pytest.mark.parametrize("statement", STATEMENTS)
def test_a_statements_rows_have_its_columns(db: None, statement: Statement[object]) -> None:
    """Rows are filled by position: the names must stand in the same order."""
    numbers = {name: f"${n}" for n, name in enumerate(dict.fromkeys(HOLE.findall(statement.text)), start=1)}
    text = HOLE.sub(lambda hole: numbers[hole.group(1)], statement.text)
    connection.ensure_connection()
    server = connection.connection.pgconn
    prepared = server.prepare(b"shape", (text.replace("%%", "%") if numbers else text).encode())
    assert prepared.error_message == b"", prepared.error_message.decode()
    shape = server.describe_prepared(b"shape")
    server.exec_(b"DEALLOCATE shape")
    columns = [(shape.fname(n) or b"?").decode() for n in range(shape.nfields)]
    fields = [] if statement.row is NoRow else [field.name for field in dataclasses.fields(statement.row)]  # type: ignore[arg-type]
    if fields:
        assert len(columns) == len(fields)
        crossed = [c for c, f in zip(columns, fields, strict=True) if c != f and c in fields and columns.count(c) == 1]
        assert not crossed, f"{columns} fill {fields}"


@pytest.mark.parametrize("table", sorted(FLOWS))
def test_a_state_table_is_guarded(db: None, table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = to_regclass(%s)", [table])
        names = {name for (name,) in cursor.fetchall()}
    assert {"guard_state_insert", "guard_state_update"} <= names


def test_logs_and_ledgers_cannot_be_rewritten(db: None) -> None:
    """The app role may add to what is append-only, and nothing else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM foundation_append_only")
        tables = [name for (name,) in cursor.fetchall()]
        assert len(tables) >= 3
        for table in tables:
            rights = {}
            for right in ("INSERT", "UPDATE", "DELETE", "TRUNCATE"):
                cursor.execute("SELECT has_table_privilege(current_user, %s, %s)", [table, right])
                rights[right] = cursor.fetchone()[0]
            assert rights == {"INSERT": True, "UPDATE": False, "DELETE": False, "TRUNCATE": False}, table
