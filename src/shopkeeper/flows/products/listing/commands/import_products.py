"""P2.1: a file of products is begun here and goes on in the background; how far it is, and how it ended."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated

from procrastinate.contrib.django import app
from pydantic import Field

from shopkeeper.flows.products.listing.models import ProductImport
from shopkeeper.flows.products.listing.permissions import Permission
from shopkeeper.flows.products.listing.states import IMPORT_FLOW, ImportState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.files import kept_files, shown_name
from shopkeeper.foundation.scope import EVERYWHERE
from shopkeeper.shared.outcomes import Outcome, done, refused

TASK = "shopkeeper.listing.run_import"  # the work itself is in tasks.py, which the workers load


@dataclass(frozen=True, slots=True)
class ImportProducts:
    """A kept file by its digest. A dry run changes nothing and tells, row by row, what would happen."""

    digest: Annotated[str, Field(min_length=64, max_length=64)]
    name: Annotated[str, Field(max_length=200)] = ""
    dry_run: bool = True


@command(clause="P2.1", permission=Permission.PRODUCT_EDIT, scope=EVERYWHERE)
def import_products(step: Step, items: Sequence[ImportProducts]) -> list[Outcome]:
    """Begin imports; `id` is the import's. Refused: file_missing."""
    there = [_is_kept(item.digest) for item in items]
    jobs = ProductImport.objects.bulk_create(
        [
            ProductImport(
                digest=item.digest,
                shown_name=shown_name(item.name),
                is_dry_run=item.dry_run,
                asked_by=step.actor.id,
                asked_at=step.now,
                state_at=step.now,
            )
            for item, kept in zip(items, there, strict=True)
            if kept
        ]
    )
    for job in jobs:
        app.configure_task(TASK, allow_unknown=True).defer(import_id=job.pk)
    begun = iter(jobs)
    return [done(next(begun).pk) if kept else refused("file_missing") for kept in there]


def _is_kept(digest: str) -> bool:
    try:
        kept_files().path(digest)
    except (FileNotFoundError, ValueError):
        return False
    return True


@dataclass(frozen=True, slots=True)
class NoteImport:
    """`ended` stays empty while it runs. `result` counts endings, or says why it failed."""

    import_id: int
    done_count: int
    ended: ImportState | None = None
    result: dict[str, object] = field(default_factory=dict)
    failures_digest: str = ""


@command(clause="P2.1", permission=Permission.PRODUCT_EDIT, scope=EVERYWHERE, internal=True)
def note_imports(step: Step, items: Sequence[NoteImport]) -> list[Outcome]:
    """Write progress down. Refused: import_ended for one that is over, not_found."""
    outcomes = []
    for item in items:
        job = ProductImport.objects.select_for_update().filter(id=item.import_id).first()
        if job is None or job.state in (ImportState.DONE, ImportState.FAILED):
            outcomes.append(refused("import_ended" if job else "not_found", item.import_id))
            continue
        if job.state == ImportState.QUEUED:
            step.move(IMPORT_FLOW, [job.pk], ImportState.RUNNING)
        if item.ended:
            step.move(IMPORT_FLOW, [job.pk], item.ended)
        ProductImport.objects.filter(id=job.pk).update(
            done_count=item.done_count,
            result=item.result or job.result,
            failures_digest=item.failures_digest or job.failures_digest,
        )
        outcomes.append(done(job.pk))
    return outcomes
