"""Running a query of the lake."""

from functools import lru_cache
from typing import Any

import ibis

# A report asks some sixty questions, and tomorrow's report asks most of them in the same words; putting an expression
# into SQL takes several times as long as answering it.
SENTENCES_KEPT = 500


def rows_of(expression: Any) -> list[dict[str, Any]]:
    """The rows of a table expression as plain dicts."""
    backend = ibis.get_backend(expression)
    found = backend.raw_sql(sql_of(expression.op())).to_arrow_table()
    rows: list[dict[str, Any]] = found.cast(expression.schema().to_pyarrow()).to_pylist()
    return rows


@lru_cache(SENTENCES_KEPT)
def sql_of(operation: Any) -> str:
    """The same operations over tables of the same names are the same words, whatever the tables hold."""
    expression = operation.to_expr()
    return str(ibis.get_backend(expression).compile(expression))
