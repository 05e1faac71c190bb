"""M2.1: reads the pixels of posters and the boxes of films; one after the other, in one thread."""

from collections.abc import Sequence
from dataclasses import asdict
from time import monotonic
from typing import Any

from shopkeeper.flows.marketing.launch.commands.add_version import RecordMaterialChecks, record_material_checks
from shopkeeper.flows.marketing.launch.queries.materials import ToMeasure, to_measure
from shopkeeper.flows.marketing.launch.rules.colours import dominant
from shopkeeper.flows.marketing.launch.rules.films import Film, read_film
from shopkeeper.flows.marketing.launch.states import MaterialKind
from shopkeeper.flows.products.listing.rules.overlay import with_overlay
from shopkeeper.flows.products.listing.rules.pictures import Measures, measure
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.errands import DONE, ErrandResult, ErrandRow
from shopkeeper.foundation.files import kept_files
from shopkeeper.sop.policy import Policies, read_policies

AT_ONCE_S = 15.0  # well inside a lease; the rest of a large batch is taken next


def inspect_materials(rows: Sequence[ErrandRow]) -> list[ErrandResult]:
    """Measure files and record what was found. A file that is lost counts as one that does not open."""
    policy = read_policies()
    files = to_measure([row.subject_id for row in rows])
    began = monotonic()
    results: list[ErrandResult] = []
    measured: list[RecordMaterialChecks] = []
    for row in rows:
        file = files.get(row.subject_id)
        if file is None:
            results.append(DONE)  # replaced or dropped meanwhile
        elif measured and monotonic() - began > AT_ONCE_S:
            results.append(ErrandResult("retry", "next in line", retry_after_seconds=0))
        else:
            measured.append(RecordMaterialChecks(file.material_id, file.number, _measures(file, policy)))
            results.append(DONE)
    if measured:
        record_material_checks(SYSTEM, measured)
    return results


def _measures(file: ToMeasure, policy: Policies) -> dict[str, Any]:
    is_film = file.kind == MaterialKind.VIDEO
    try:
        content = kept_files().path(file.digest).read_bytes()
    except FileNotFoundError:
        lost = Measures(trouble="picture_damaged").plain()
        return {"bytes": 0, "film": asdict(Film(trouble="film_damaged"))} if is_film else lost
    if is_film:
        return {"bytes": len(content), "film": asdict(read_film(content))}
    measures = measure(content, file.shown_name, policy("picture_white_level"))
    if policy("picture_read_text"):
        measures = with_overlay(measures, content)
    shades = [] if measures.trouble else [asdict(shade) for shade in dominant(content)]
    return {**measures.plain(), "shades": shades}
