"""P2.2: reads the pixels of pictures that came in; one after the other, in one thread, with no transaction open."""

from collections.abc import Sequence
from time import monotonic

from shopkeeper.flows.products.listing.batches.pictures import INSPECT
from shopkeeper.flows.products.listing.commands.inspect_images import RecordInspection, record_inspections
from shopkeeper.flows.products.listing.queries.images import PictureFile, files_of
from shopkeeper.flows.products.listing.rules.overlay import with_overlay
from shopkeeper.flows.products.listing.rules.pictures import measure
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.errands import DONE, ErrandResult, ErrandRow, Performer
from shopkeeper.foundation.files import kept_files
from shopkeeper.sop.policy import read_policies

AT_ONCE_S = 15.0  # well inside a lease; the rest of a large batch is taken next


def performers() -> dict[str, Performer]:
    """Errand kind → who performs it."""
    return {INSPECT: inspect_pictures}


def inspect_pictures(rows: Sequence[ErrandRow]) -> list[ErrandResult]:
    """Measure pictures and record their verdicts. A file that is lost is given up, with the reason."""
    value = read_policies()
    files = files_of([row.subject_id for row in rows])
    began = monotonic()
    results: list[ErrandResult] = []
    measured: list[RecordInspection] = []
    for row in rows:
        file = files.get(row.subject_id)
        if file is None:
            results.append(DONE)  # taken off meanwhile
        elif measured and monotonic() - began > AT_ONCE_S:
            results.append(ErrandResult("retry", "next in line", retry_after_seconds=0))
        else:
            results.append(_inspect(file, value("picture_white_level"), value("picture_read_text"), measured))
    if measured:
        record_inspections(SYSTEM, measured)
    return results


def _inspect(file: PictureFile, white_level: int, read_text: bool, measured: list[RecordInspection]) -> ErrandResult:
    try:
        content = kept_files().path(file.digest).read_bytes()
    except FileNotFoundError:
        return ErrandResult("give_up", "file_missing")
    measures = measure(content, file.shown_name, white_level)
    if read_text:
        measures = with_overlay(measures, content)
    measured.append(RecordInspection(file.id, file.digest, measures.plain()))
    return DONE
