"""`shopkeeper sim`: the simulator: one order's story, whole days, or the demo shop kept alive."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from shopkeeper.cli.console import EXIT_FAILED, print_json, print_table, progress
from shopkeeper.cli.installation import JsonOption, KeepScratchOption, working_on
from shopkeeper.shared.words import T


def sim(
    story: Annotated[bool, typer.Option("--story", help="Lead one named order through it all.")] = False,
    days: Annotated[int, typer.Option("--days", min=0, help="Run a shop for this many business days.")] = 0,
    seed: Annotated[int, typer.Option("--seed", help="The same seed tells the same story.")] = 7,
    live: Annotated[bool, typer.Option("--live", help="Keep the running demo shop alive.")] = False,
    sabotage: Annotated[
        str, typer.Option("--sabotage", help="Plant a fault (oversell, lost, message_lost, …); a wrong name lists all.")
    ] = "",
    scratch: Annotated[
        bool, typer.Option("--scratch", help="Always so, but for --live: a database made, used, dropped.")
    ] = True,
    keep_scratch: KeepScratchOption = False,
    as_json: JsonOption = False,
) -> int:
    """Run a shop through its public doors only, on stepped business time.

    Exit code 1 when an invariant is false; with --sabotage that is what should happen.
    """
    if live:
        from shopkeeper.simulator.main import live as keep_alive

        return int(keep_alive(os.environ.get("SHOPKEEPER_PUBLIC_URL", "http://127.0.0.1:8000"), seed) or 0)
    if not story and not days:
        story = True
    os.environ.update(SHOPKEEPER_CLOCK="simulated", SHOPKEEPER_DEMO="1")
    if sabotage:
        from shopkeeper.config.sabotage import NAMES

        if sabotage not in NAMES:
            raise typer.BadParameter(f"{sabotage}: one of {', '.join(NAMES)}", param_hint="--sabotage")
        os.environ["SHOPKEEPER_SABOTAGE"] = sabotage
    with working_on(scratch=True, keep=keep_scratch) as url:
        result = _play(url, story=story, days=days, seed=seed, sabotage=sabotage, quiet=as_json)
    if as_json:
        print_json(result)
    else:
        _show(result)
    return 0 if all(result["invariants"].values()) else EXIT_FAILED


def _play(url: str, *, story: bool, days: int, seed: int, sabotage: str, quiet: bool) -> Mapping[str, Any]:
    """A furnished shop between sandboxes, served on a free port, and the simulator let loose on it."""
    from shopkeeper.config.demo import seed as furnish
    from shopkeeper.config.hosting import hosted
    from shopkeeper.config.sabotage import planting
    from shopkeeper.simulator.main import run, sandbox_environment
    from shopkeeper.simulator.sandboxes.running import running_sandboxes

    with progress(T("模拟经营", "Simulating"), quiet=quiet) as moved, running_sandboxes(seed=seed) as sandboxes:
        os.environ.update(sandbox_environment(sandboxes))
        tokens = furnish(moved)
        with hosted(url, Path(os.environ["SHOPKEEPER_VAR"]), worker=False) as shop:
            return run(
                shop.address,
                sandboxes,
                tokens,
                story=story,
                days=days,
                seed=seed,
                progress=moved,
                plant=planting(sabotage, url),
                sabotaged=bool(sabotage),
            )


def _show(result: Mapping[str, Any]) -> None:
    print_table(["", ""], [[name, count] for name, count in result["counts"].items()])
    columns = ["done", "late", "missed", "refused"]
    rows = [[clause, *(told.get(column, 0) for column in columns)] for clause, told in result["clauses"].items()]
    print_table(["clause", *columns], rows)
    print_table(["invariant", ""], [[name, "✓" if kept else "✗"] for name, kept in result["invariants"].items()])
