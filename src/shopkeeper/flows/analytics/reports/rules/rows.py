"""Running a query of the lake."""

from typing import Any


def rows_of(expression: Any) -> list[dict[str, Any]]:
    """The rows of an expression as plain dicts."""
    rows: list[dict[str, Any]] = expression.to_pyarrow().to_pylist()
    return rows
