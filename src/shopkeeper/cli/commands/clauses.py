"""`shopkeeper clauses`: which clauses of the procedure the house runs, and by what."""

from typing import Annotated

import typer

from shopkeeper.cli.console import print_json, print_table, say
from shopkeeper.cli.installation import JsonOption, load_django
from shopkeeper.shared.words import T


def clauses(
    as_json: JsonOption = False,
    only: Annotated[str, typer.Option("--only", help="Show clauses with this status: works or missing.")] = "",
    as_markdown: Annotated[bool, typer.Option("--markdown", help="Write the table to docs/clauses.md.")] = False,
) -> int:
    """List every clause of the procedure with its commands, pages, tests and what the story showed of it."""
    load_django()
    if as_markdown:
        from shopkeeper.sop.clause_table import write_clause_table

        say(T("已写入 {path}", "Written: {path}").format(path=write_clause_table()))
        return 0
    from shopkeeper.sop.works import status_table

    rows = [dict(row) for row in status_table()]
    if only:
        rows = [row for row in rows if row["status"] == only]
    if as_json:
        print_json(rows)
        return 0
    cells = [
        [row["id"], row["owner"], row["status"], len(row["commands"]), len(row["pages"]), len(row["tests"])]
        for row in rows
    ]
    print_table(["clause", "owner", "status", "commands", "pages", "tests"], cells)
    return 0
