"""The collector's files are counted as they close and forgotten in their time; files of figures are taken in."""

import logging

from procrastinate.contrib.django import app

from shopkeeper.flows.analytics.collection.commands.drain_spools import (
    DrainSpool,
    ForgetSpools,
    drain_spools,
    forget_spools,
)
from shopkeeper.flows.analytics.collection.commands.import_figures import TASK, NoteFigureImport, note_figure_imports
from shopkeeper.flows.analytics.collection.imports import profile_named, read_figures, take_in_file
from shopkeeper.flows.analytics.collection.queries.imports import ImportView, import_to_run
from shopkeeper.flows.analytics.collection.records.spool import closed_names, put_away, set_aside, spool_folder
from shopkeeper.flows.analytics.collection.states import FigureImportState
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.files import FileKind, kept_files, sniff
from shopkeeper.shared.errors import BusinessError
from shopkeeper.web.visitor import actor_of

log = logging.getLogger(__name__)
FILES_AT_ONCE = 8


def drain() -> int:
    """Count what closed since the last beat, a few files at once; return how many there were."""
    folder = spool_folder()
    names = closed_names(folder)[:FILES_AT_ONCE]
    if not names:
        return 0
    answers = list(zip(names, drain_spools(SYSTEM, [DrainSpool(name) for name in names]), strict=True))
    put_away(folder, [name for name, outcome in answers if outcome.ok])
    set_aside(folder, [name for name, outcome in answers if not outcome.ok])
    return len(names)


@app.periodic(cron="41 3 * * *")  # type: ignore[untyped-decorator]
@app.task(queueing_lock="collection_forget")  # type: ignore[untyped-decorator]
def forget_old_spools(timestamp: int) -> None:
    """Once a night."""
    while forget_spools.one(SYSTEM, ForgetSpools()).changed:
        log.info("old files of the collector were removed")


@app.task(name=TASK)  # type: ignore[untyped-decorator]
def run_import(import_id: int) -> None:
    """Take a file in to its end. One that was begun before its worker was killed is run again: periods that are in
    already are unchanged."""
    found = import_to_run(import_id)
    if found is None or found.is_over:
        return
    if found.stop_asked_at:  # its worker was killed before it could stop
        _end(found, FigureImportState.STOPPED, found.done_count, found.result)
        return
    try:
        _take_in(found)
    except BusinessError as error:
        _end(found, FigureImportState.FAILED, found.done_count, {"error": error.code, "facts": error.facts})
    except Exception:
        log.exception("import of figures %s failed", import_id)
        _end(found, FigureImportState.FAILED, found.done_count, {"error": "unexpected", "facts": {}})


def _take_in(found: ImportView) -> None:
    actor = SYSTEM if found.asked_by == 0 else actor_of(found.asked_by)
    if actor is None:
        raise BusinessError("not_allowed", permission="–")
    try:
        path = kept_files().path(found.digest)
    except (FileNotFoundError, ValueError) as error:
        raise BusinessError("file_gone") from error
    with path.open("rb") as stream:
        kind = sniff(stream.read(4096)) or FileKind.CSV
        stream.seek(0)
        read = read_figures(stream, kind, profile_named(found.profile), found.today)
    total = len(read.lines) + len(read.problems)

    def moved(count: int) -> bool:
        return not note_figure_imports.one(SYSTEM, NoteFigureImport(found.id, count, total)).facts.get("stop")

    taken = take_in_file(actor, read, found.shop_id, found.digest, found.id, moved)
    ending = FigureImportState.STOPPED if taken.is_stopped else FigureImportState.DONE
    _end(found, ending, total, dict(taken.counts), taken.failures)


def _end(
    found: ImportView, state: FigureImportState, count: int, result: dict[str, object], failures: str = ""
) -> None:
    note_figure_imports(SYSTEM, [NoteFigureImport(found.id, count, 0, state, result, failures)])
