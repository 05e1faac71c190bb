"""`shopkeeper bench`: measure the promised rates on this machine."""

from typing import Annotated

import typer

from shopkeeper.cli.console import EXIT_FAILED, print_json, print_table, progress
from shopkeeper.cli.installation import JsonOption, KeepScratchOption, ScratchOption, working_on
from shopkeeper.shared.words import T


def bench(
    names: Annotated[list[str] | None, typer.Argument(help="Which measurements; none = all.")] = None,
    scratch: ScratchOption = True,
    keep_scratch: KeepScratchOption = False,
    as_json: JsonOption = False,
) -> int:
    """Measure what is promised: intake, lists, carts, reports and the others. On a scratch database, with fsync on.

    Exit code 1 when a measurement misses its limit.
    """
    with working_on(scratch=True, keep=keep_scratch, durable=True):
        from shopkeeper.config.bench import MEASUREMENTS, measure

        if unknown := [name for name in names or [] if name not in MEASUREMENTS]:
            raise typer.BadParameter(f"{', '.join(unknown)}; choose from {', '.join(MEASUREMENTS)}")
        with progress(T("测量", "Measuring"), quiet=as_json) as moved:
            rows = [dict(row) for row in measure(names or [], moved)]
    if as_json:
        print_json(rows)
    else:
        columns = ["name", "rate", "unit", "limit", "limit_name", "ratio"]
        print_table(columns, [[row.get(column) for column in columns] for row in rows])
    return 0 if all(row.get("ok", True) for row in rows) else EXIT_FAILED
