"""M2.1: a version of a material comes in; it is checked at once, a file by an errand."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field

from shopkeeper.flows.marketing.launch.batches.checking import CheckedVersion, settle_checks
from shopkeeper.flows.marketing.launch.deadlines import MATERIAL_REVIEW
from shopkeeper.flows.marketing.launch.events import MaterialVersionAdded
from shopkeeper.flows.marketing.launch.permissions import Permission
from shopkeeper.flows.marketing.launch.queries.checking import briefs_of, limits_of
from shopkeeper.flows.marketing.launch.rules.colours import Shade
from shopkeeper.flows.marketing.launch.rules.films import Film
from shopkeeper.flows.marketing.launch.rules.materials import (
    Brief,
    Limits,
    judge_film,
    judge_poster,
    judge_words,
    kind_fits,
)
from shopkeeper.flows.marketing.launch.sql import materials as sql
from shopkeeper.flows.marketing.launch.states import MATERIAL_FLOW, MaterialKind, MaterialState
from shopkeeper.flows.products.listing.rules.findings import Finding
from shopkeeper.flows.products.listing.rules.pictures import measures_of
from shopkeeper.flows.products.publishing.queries.word_lists import words_in_force
from shopkeeper.flows.products.publishing.rules.word_list import WordList
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.errands import Errand
from shopkeeper.foundation.files import kept_files, shown_name, sniff
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import close
from shopkeeper.sop.policy import policies
from shopkeeper.sop.states import Ending

INSPECT = "inspect_material"
HEAD = 4_096


@dataclass(frozen=True, slots=True)
class AddVersion:
    """A kept file (by its digest) for a poster or film, or the text of a copy; `name` is only shown again."""

    material_id: int
    digest: Annotated[str, Field(max_length=64)] = ""
    text: Annotated[str, Field(max_length=5000)] = ""
    name: Annotated[str, Field(max_length=200)] = ""
    note: Annotated[str, Field(max_length=300)] = ""


@command(clause="M2.1", permission=Permission.MATERIAL_MAKE, scope=ShopOf("launch_material", "material_id"))
def add_version(step: Step, items: Sequence[AddVersion]) -> list[Outcome]:
    """Hand in versions; `facts`: number. A text is checked right away, a file within seconds.

    Refused: "material_dropped", "material_checking" while one is being checked, "text_needed", "file_needed",
    "file_missing" where it is not kept, "file_unlike_kind". The newest version once more: unchanged.
    """
    rows = sql.held(item.material_id for item in items)
    outcomes: list[Outcome] = []
    fit: dict[int, AddVersion] = {}
    for item in items:
        row = rows[item.material_id]
        twin = fit.get(row.id)
        code = _refusal(item, row)
        if twin or (row.newest and (row.digest, row.text) == (item.digest, item.text.strip())):
            same = twin is None or (twin.digest, twin.text.strip()) == (item.digest, item.text.strip())
            outcomes.append(unchanged(row.id) if same else refused("material_checking", row.id))
        elif code:
            outcomes.append(refused(code, row.id))
        else:
            fit[row.id] = item
            outcomes.append(done(row.id, number=row.newest + 1))
    _add(step, fit, rows)
    return outcomes


def _refusal(item: AddVersion, row: sql.MaterialRow) -> str:
    if row.state in (MaterialState.DROPPED, MaterialState.CHECKING):
        return "material_dropped" if row.state == MaterialState.DROPPED else "material_checking"
    if row.kind == MaterialKind.COPY:
        return "" if item.text.strip() and not item.digest and "\x00" not in item.text else "text_needed"
    if not item.digest or item.text.strip():
        return "file_needed"
    try:
        with kept_files().open(item.digest) as file:
            kind = sniff(file.read(HEAD))
    except (FileNotFoundError, ValueError):
        return "file_missing"
    return "" if kind and kind_fits(row.kind, kind) else "file_unlike_kind"


def _add(step: Step, fit: dict[int, AddVersion], rows: dict[int, sql.MaterialRow]) -> None:
    if not fit:
        return
    numbers = {id_: rows[id_].newest + 1 for id_ in fit}
    written = [
        {
            "material_id": id_,
            "number": numbers[id_],
            "digest": item.digest,
            "shown_name": shown_name(item.name) if item.digest else "",
            "text": item.text.strip(),
            "note": item.note.strip(),
        }
        for id_, item in fit.items()
    ]
    sql.ADD_VERSIONS.run(versions=as_json(written), now=step.now, actor_id=step.actor.id)
    sql.STEP_UP.run(ids=list(fit), numbers=[numbers[id_] for id_ in fit])
    step.move(MATERIAL_FLOW, sorted(fit), MaterialState.CHECKING)
    close(step, MATERIAL_REVIEW, sorted(fit), Ending.CANCELLED)  # the version in review has been replaced
    step.emit(*(MaterialVersionAdded(id_, rows[id_].campaign_id, rows[id_].shop_id, numbers[id_]) for id_ in fit))
    files = [id_ for id_, item in fit.items() if item.digest]
    step.errand(*(Errand(INSPECT, id_, step.now, rows[id_].shop_id, {"number": numbers[id_]}) for id_ in files))
    texts = [rows[id_] for id_ in fit if id_ not in files]
    briefs, words = briefs_of(texts), words_in_force().words if texts else None
    settle_checks(
        step,
        [
            CheckedVersion(row, numbers[row.id], judge_words(fit[row.id].text.strip(), briefs[row.id], words), {})
            for row in texts
            if words is not None
        ],
    )


@dataclass(frozen=True, slots=True)
class RecordMaterialChecks:
    """What was measured of a version's file, in plain values: a picture with its shades, or a film."""

    material_id: int
    number: int
    measures: dict[str, Any]


@command(
    clause="M2.1",
    permission=Permission.MATERIAL_MAKE,
    scope=ShopOf("launch_material", "material_id"),
    internal=True,
)
def record_material_checks(step: Step, items: Sequence[RecordMaterialChecks]) -> list[Outcome]:
    """Judge what was measured: on to review, or back. A version that is no longer the newest: unchanged."""
    rows = sql.held(item.material_id for item in items)
    current = {
        item.material_id: item
        for item in items
        if rows[item.material_id].newest == item.number and rows[item.material_id].state == MaterialState.CHECKING
    }
    briefs, words, policy = briefs_of([rows[id_] for id_ in current]), words_in_force().words, policies(step)
    checked = []
    for id_, item in current.items():
        row = rows[id_]
        found = _judged(item.measures, briefs[id_], limits_of(policy, row.shop_id), words)
        checked.append(CheckedVersion(row, item.number, found, item.measures))
    settle_checks(step, checked)
    return [
        done(item.material_id) if current.get(item.material_id) is item else unchanged(item.material_id)
        for item in items
    ]


def _judged(measures: dict[str, Any], brief: Brief, limits: Limits, words: WordList) -> list[Finding]:
    if brief.kind == MaterialKind.VIDEO:
        film = Film(**measures["film"])
        return judge_film(film, measures["bytes"], brief, limits)
    shades = tuple(Shade(**shade) for shade in measures.get("shades", ()))
    return judge_poster(measures_of(measures), shades, brief, limits, words)
