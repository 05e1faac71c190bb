"""P2.2: a picture's own pixels are measured and held against what the platforms and the policy want."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from shopkeeper.flows.products.listing import deadlines, events
from shopkeeper.flows.products.listing.batches.pictures import want_inspection
from shopkeeper.flows.products.listing.permissions import Permission
from shopkeeper.flows.products.listing.queries.checking import thresholds
from shopkeeper.flows.products.listing.rules.findings import Finding, errors
from shopkeeper.flows.products.listing.rules.pictures import judge, measures_of
from shopkeeper.flows.products.listing.sql import pictures as sql
from shopkeeper.flows.products.listing.states import ImageVerdict
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import EVERYWHERE
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm, close
from shopkeeper.sop.policy import policies


@dataclass(frozen=True, slots=True)
class InspectImage:
    image_id: int


@command(clause="P2.2", permission=Permission.IMAGE_EDIT, scope=EVERYWHERE)
def inspect_images(step: Step, items: Sequence[InspectImage]) -> list[Outcome]:
    """Have pictures inspected once more, after the policy changed for instance. Refused: not_found."""
    ids = sorted({item.image_id for item in items})
    again = {row.id for row in sql.LOOK_AGAIN.rows(products=[], ids=ids)}
    want_inspection(step, sorted(again))
    answered: set[int] = set()
    outcomes = []
    for item in items:
        if item.image_id not in again:
            outcomes.append(refused("not_found", item.image_id))
        else:
            outcomes.append(unchanged(item.image_id) if item.image_id in answered else done(item.image_id))
            answered.add(item.image_id)
    return outcomes


@dataclass(frozen=True, slots=True)
class RecordInspection:
    """What was measured of a file, in plain values."""

    image_id: int
    digest: str
    measures: dict[str, Any]


@command(clause="P2.2", permission=Permission.IMAGE_EDIT, scope=EVERYWHERE, internal=True)
def record_inspections(step: Step, items: Sequence[RecordInspection]) -> list[Outcome]:
    """Judge what was measured and keep the verdict; a failed picture is to be replaced in time.

    Refused: not_found for a picture that is another one or gone by now.
    """
    rows = {row.id: row for row in sql.TO_JUDGE.rows(ids=sorted({item.image_id for item in items}))}
    measured = {
        item.image_id: item for item in items if item.image_id in rows and rows[item.image_id].digest == item.digest
    }
    if measured:
        _write(step, rows, measured)
    return [done(item.image_id) if item.image_id in measured else refused("not_found", item.image_id) for item in items]


def _write(step: Step, rows: dict[int, sql.ToJudgeRow], measured: dict[int, RecordInspection]) -> None:
    value = policies(step)
    limits = thresholds(value)
    found: dict[int, list[Finding]] = {
        i: judge(measures_of(item.measures), rows[i].role, rows[i].platforms, limits) for i, item in measured.items()
    }
    verdicts = {i: ImageVerdict.FAILED if errors(f) else ImageVerdict.PASSED for i, f in found.items()}
    records = [
        {"id": i, "verdict": verdicts[i], "measures": measured[i].measures, "findings": [f.plain() for f in found[i]]}
        for i in sorted(found)
    ]
    sql.WRITE_VERDICTS.run(rows=as_json(records), now=step.now)
    due = step.now + timedelta(hours=value("failed_picture_hours"))
    failed = sorted(i for i, verdict in verdicts.items() if verdict is ImageVerdict.FAILED)
    arm(step, [Arm(deadlines.PICTURE, i, due, label=rows[i].code) for i in failed])
    close(step, deadlines.PICTURE, sorted(set(verdicts) - set(failed)))
    step.emit(
        *(
            events.ImageInspected(i, rows[i].product_id, str(verdicts[i]), [f.code for f in errors(found[i])])
            for i in sorted(found)
        )
    )
