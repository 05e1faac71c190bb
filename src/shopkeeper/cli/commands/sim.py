"""`shopkeeper sim`: the simulator: one order's story, whole days, or the demo's live shop."""

from typing import Annotated

import typer

from shopkeeper.cli.installation import JsonOption, KeepScratchOption, ScratchOption


def sim(
    story: Annotated[
        bool, typer.Option("--story", help="Lead one named order through the whole procedure.")
    ] = False,
    days: Annotated[int, typer.Option("--days", min=0, help="Run a shop for this many business days.")] = 0,
    seed: Annotated[int, typer.Option("--seed", help="The same seed tells the same story.")] = 7,
    live: Annotated[
        bool, typer.Option("--live", help="Keep the running demo shop alive, in real time.")
    ] = False,
    sabotage: Annotated[
        str, typer.Option("--sabotage", help="Plant a fault: oversell, lost, doubled, unbalanced, resent.")
    ] = "",
    scratch: ScratchOption = True,
    keep_scratch: KeepScratchOption = False,
    as_json: JsonOption = False,
) -> int:
    """Run the shop through its public doors only. Exit code 1 when an invariant is false."""
    raise NotImplementedError
