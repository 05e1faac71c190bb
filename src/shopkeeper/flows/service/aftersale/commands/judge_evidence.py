"""S2.3: a person looks at each picture and says whether it shows what it must."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from shopkeeper.flows.service.aftersale.events import EvidenceJudged
from shopkeeper.flows.service.aftersale.models import Evidence
from shopkeeper.flows.service.aftersale.permissions import Permission
from shopkeeper.flows.service.aftersale.sql import cases as sql
from shopkeeper.flows.service.aftersale.states import ENDED, Verdict
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged


@dataclass(frozen=True, slots=True)
class JudgeEvidence:
    """One verdict; a bad one says why, so that the buyer can be told."""

    evidence_id: int
    verdict: Literal["good", "bad"]
    reason: Annotated[str, Field(max_length=200)] = ""


@command(clause="S2.3", permission=Permission.CASE_HANDLE, scope=ShopOf("aftersale_evidence", "evidence_id"))
def judge_evidence(step: Step, items: Sequence[JudgeEvidence]) -> list[Outcome]:
    """Record verdicts; a later one takes the place of an earlier. Refused: "reason_needed" for a bad one,
    "case_ended". The same verdict again is unchanged."""
    wanted = sorted({item.evidence_id for item in items})
    rows = {row.pk: row for row in Evidence.objects.select_for_update().filter(id__in=wanted).order_by("id")}
    states = {row.id: row.state for row in sql.CASES.rows(cases=sorted({row.case_id for row in rows.values()}))}
    outcomes = []
    changed: dict[int, Evidence] = {}
    for item in items:
        row = rows[item.evidence_id]
        if states[row.case_id] in ENDED:
            outcomes.append(refused("case_ended", row.pk))
        elif Verdict(item.verdict) is Verdict.BAD and not item.reason.strip():
            outcomes.append(refused("reason_needed", row.pk))
        elif row.verdict == item.verdict and row.verdict_reason == item.reason.strip():
            outcomes.append(unchanged(row.pk))
        else:
            row.verdict, row.verdict_reason = item.verdict, item.reason.strip()
            row.verdict_at, row.verdict_by = step.now, step.actor.id
            changed[row.pk] = row
            outcomes.append(done(row.pk, case_id=row.case_id))
    if changed:
        Evidence.objects.bulk_update(changed.values(), ["verdict", "verdict_reason", "verdict_at", "verdict_by"])
    step.emit(*(EvidenceJudged(row.pk, row.case_id, row.shop_id, row.verdict) for row in changed.values()))
    return outcomes
