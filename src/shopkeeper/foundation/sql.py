"""Set-based statements with typed parameters and rows. Each is explained against the schema by a test."""

from binascii import b2a_base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, overload

import orjson
from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor

R = TypeVar("R")
ALL_STATEMENTS: list["Statement[Any]"] = []


@dataclass(frozen=True, slots=True)
class NoRow:
    """The row type of a statement that returns none."""


class Statement(Generic[R]):
    """One SQL statement. Parameters are `%(name)s::type` (the cast is required); rows come as `row` objects."""

    @overload
    def __init__(self: "Statement[NoRow]", text: str) -> None: ...
    @overload
    def __init__(self, text: str, *, row: type[R]) -> None: ...
    def __init__(self, text: str, *, row: Any = NoRow) -> None:
        self.text = text
        self.row: type[R] = row
        ALL_STATEMENTS.append(self)

    def rows(self, **parameters: Any) -> list[R]:
        with _binding_cursor() as cursor:
            cursor.execute(self.text, parameters or None)
            return [self.row(*values) for values in cursor.fetchall()]

    def first(self, **parameters: Any) -> R | None:
        rows = self.rows(**parameters)
        return rows[0] if rows else None

    def run(self, **parameters: Any) -> int:
        """Execute and return how many rows were touched."""
        with _binding_cursor() as cursor:
            cursor.execute(self.text, parameters or None)
            return int(cursor.rowcount)


def _binding_cursor() -> Any:
    """A cursor whose parameters travel beside the statement: nothing is quoted here and lexed there again."""
    cursor: Any = connection.cursor()
    cursor.cursor.close()
    binding: Any = ServerBindingCursor  # the stubs know it as a class without a connection
    cursor.cursor = binding(connection.connection)
    return cursor


class Unwritable(ValueError):
    """Data that JSON cannot hold: half a letter, a number beyond 64 bits."""


def as_json(rows: Sequence[Any]) -> str:
    """Rows (objects or arrays) as one JSON parameter for `json_to_recordset`. Raises Unwritable.

    For wide batches: one string costs the client a tenth of what arrays of every column cost. Bytes travel
    as base64: declare them text and `decode(…, 'base64')`.
    """
    return json_bytes(rows).decode()


def json_bytes(data: Any) -> bytes:
    """Data as JSON. Raises Unwritable, where the encoder itself says TypeError, as any mistake in code does."""
    try:
        return orjson.dumps(data, default=_plain, option=orjson.OPT_NON_STR_KEYS)
    except orjson.JSONEncodeError as error:
        raise Unwritable(str(error)) from error


def _plain(value: Any) -> str:
    if isinstance(value, bytes | bytearray | memoryview):
        return b2a_base64(value, newline=False).decode()
    return str(value)


def numbers(values: Iterable[int]) -> str:
    """Whole numbers as one array literal; a driver's list of thousands costs twenty times as much."""
    return f"{{{','.join(map(str, values))}}}"


def columns(items: Sequence[Any], *names: str) -> dict[str, list[Any]]:
    """Turn a sequence of objects into one list per attribute, the shape `unnest` takes."""
    return {name: [getattr(item, name) for item in items] for name in names}
