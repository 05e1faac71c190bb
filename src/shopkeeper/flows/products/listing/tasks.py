"""Background work of the desk listing: a table of products, with progress and a result that waits."""

import logging
from typing import Any

from procrastinate.contrib.django import app

from shopkeeper.flows.products.listing.commands.import_products import TASK, NoteImport, note_imports
from shopkeeper.flows.products.listing.imports import run_import
from shopkeeper.flows.products.listing.profiles import ImportRefused
from shopkeeper.flows.products.listing.queries.importing import ImportView, import_to_run
from shopkeeper.flows.products.listing.states import ImportState
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.files import kept_files
from shopkeeper.shared.errors import BusinessError
from shopkeeper.web.visitor import actor_of

log = logging.getLogger(__name__)


@app.task(name=TASK)  # type: ignore[untyped-decorator]
def run(import_id: int) -> None:
    """Run an import to its end. One whose worker was killed is run again: what was taken is unchanged then."""
    job = import_to_run(import_id)
    if job is None or job.is_over:
        return
    actor = SYSTEM if job.asked_by == 0 else actor_of(job.asked_by)

    def moved(count: int) -> None:
        note_imports(SYSTEM, [NoteImport(job.id, count)])

    try:
        if actor is None:
            raise BusinessError("not_allowed", permission="–")
        path = kept_files().path(job.digest)
        imported = run_import(path, actor, dry_run=job.is_dry_run, progress=moved)
        _end(job, ImportState.DONE, imported.counts["read"], dict(imported.numbers()), imported.failures)
    except (BusinessError, ImportRefused) as error:
        _end(job, ImportState.FAILED, 0, {"error": error.code, "facts": error.facts})
    except (FileNotFoundError, ValueError):
        _end(job, ImportState.FAILED, 0, {"error": "file_missing", "facts": {}})
    except Exception:
        log.exception("import %s failed", import_id)
        _end(job, ImportState.FAILED, 0, {"error": "unexpected", "facts": {}})


def _end(job: ImportView, state: ImportState, count: int, result: dict[str, Any], failures: str = "") -> None:
    note_imports(SYSTEM, [NoteImport(job.id, count or job.done_count, state, result, failures)])
