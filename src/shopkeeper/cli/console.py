"""What the commands share at the terminal: the two languages, JSON or words, progress, exit codes."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import typer

from shopkeeper.config.startup import CannotStart, exit_code_of
from shopkeeper.foundation.database.errors import DatabaseTrouble
from shopkeeper.shared.words import Language, T, activate

EXIT_OK = 0
EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_INTERRUPTED = 130
# Typer carries its own ClickException and does not export it.
USAGE_ERROR: type[typer.BadParameter] = typer.BadParameter.__mro__[2]
Progress = Callable[[int, int | None], None]


def language() -> Language:
    """Chinese where the terminal is set to it, English elsewhere; SHOPKEEPER_LANGUAGE decides when given."""
    chosen = os.environ.get("SHOPKEEPER_LANGUAGE") or os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    return "zh" if chosen.lower().startswith("zh") else "en"


def both(words: T) -> str:
    """One line that a reader of either language understands."""
    return f"{words.text('zh')} {words.text('en')}"


def say(words: T) -> None:
    """A message for the person at the terminal; never mixed into what a program reads."""
    sys.stderr.write(both(words) + "\n")
    sys.stderr.flush()


def print_json(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")
    sys.stdout.flush()


def print_line(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def print_table(columns: list[str], rows: list[list[Any]]) -> None:
    """A table as wide as the terminal."""
    from rich.console import Console
    from rich.table import Table

    table = Table(*columns, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    Console(soft_wrap=False).print(table)


@contextmanager
def progress(title: T, *, quiet: bool = False) -> Iterator[Progress]:
    """A bar on the terminal's error side; `progress(done, total)` moves it, total None = not known yet."""
    if quiet or not sys.stderr.isatty():
        yield _no_bar
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bar(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(title.text(language()), total=None)

        def move(done: int, total: int | None = None) -> None:
            bar.update(task, completed=done, total=total)

        yield move


def _no_bar(done: int, total: int | None = None) -> None:
    """Nobody is watching."""


def guard(run: Callable[[], Any]) -> int:
    """Run a command line and turn its end into an exit code."""
    activate(language())
    try:
        code = run()
        return code if isinstance(code, int) else EXIT_OK
    except typer.Exit as end:
        return int(end.exit_code)
    except USAGE_ERROR as error:
        error.show()
        return error.exit_code
    except (typer.Abort, KeyboardInterrupt):
        say(T("已中断。", "Interrupted."))
        return EXIT_INTERRUPTED
    except DatabaseTrouble as trouble:
        say(trouble.words)
        return exit_code_of(trouble)
    except CannotStart as reason:
        say(reason.words)
        return reason.exit_code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_FAILED
