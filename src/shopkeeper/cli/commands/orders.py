"""`shopkeeper orders import`: take in orders from a file by a declared mapping profile."""

from pathlib import Path
from typing import Annotated

import typer

from shopkeeper.cli.console import EXIT_FAILED, print_json, print_table, progress
from shopkeeper.cli.installation import JsonOption, KeepScratchOption, ScratchOption, working_on
from shopkeeper.shared.words import T

app = typer.Typer(help="Orders from files.", no_args_is_help=True)


@app.callback()
def orders() -> None:
    """Orders from files."""


@app.command("import")
def import_orders(
    path: Annotated[Path, typer.Argument(exists=True, readable=True, help="The file, or the folder of files.")],
    profile: Annotated[str, typer.Option("--profile", help="How the columns map, e.g. taobao, olist.")],
    history: Annotated[
        bool,
        typer.Option("--history", help="Take orders at their own times: no stock promised, no deadline started."),
    ] = False,
    scratch: ScratchOption = False,
    keep_scratch: KeepScratchOption = False,
    as_json: JsonOption = False,
) -> int:
    """Import orders; importing the same file twice changes nothing.

    read = created + updated + unchanged + rejected; held orders are among the accepted. The rejected rows are
    listed with their reasons in a sheet beside. Exit code 1 when the profile or the file cannot be read.
    """
    with working_on(scratch=scratch, keep=keep_scratch):
        from shopkeeper.flows.fulfilment.intake.imports import import_orders as take_in
        from shopkeeper.shared.errors import BusinessError

        try:
            with progress(T("导入订单", "Importing orders"), quiet=as_json) as moved:
                result = dict(take_in(profile, path, history, moved))
        except BusinessError as error:
            print_json({"error": error.code, **error.facts})
            return EXIT_FAILED
    if as_json:
        print_json(result)
    else:
        print_table(["", ""], [[name, value] for name, value in result.items()])
    return 0
