"""M2.1: the verdict of a version's checks: on to review, or back to whoever made it, with what was found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from shopkeeper.flows.marketing.launch.deadlines import MATERIAL, MATERIAL_REVIEW
from shopkeeper.flows.marketing.launch.events import MaterialChecked
from shopkeeper.flows.marketing.launch.sql import materials as sql
from shopkeeper.flows.marketing.launch.states import MATERIAL_FLOW, MaterialState, Verdict
from shopkeeper.flows.products.listing.rules.findings import Finding, errors
from shopkeeper.foundation.commands import Step
from shopkeeper.foundation.sql import as_json
from shopkeeper.sop.deadlines import Arm, arm, close
from shopkeeper.sop.policy import policies


@dataclass(frozen=True, slots=True)
class CheckedVersion:
    """A version whose checks are through."""

    row: sql.MaterialRow
    number: int
    findings: Sequence[Finding]
    measures: Mapping[str, Any]

    @property
    def verdict(self) -> Verdict:
        return Verdict.FAILED if errors(list(self.findings)) else Verdict.PASSED


def settle_checks(step: Step, checked: Sequence[CheckedVersion]) -> None:
    """Write verdicts; what passed waits for a reviewer, what failed goes back and stays due with its maker."""
    if not checked:
        return
    written = [
        {
            "material_id": one.row.id,
            "number": one.number,
            "verdict": one.verdict,
            "measures": one.measures,
            "findings": [finding.plain() for finding in one.findings],
        }
        for one in checked
    ]
    sql.WRITE_CHECKS.run(rows=as_json(written), now=step.now)
    passed = [one.row for one in checked if one.verdict is Verdict.PASSED]
    failed = [one.row for one in checked if one.verdict is Verdict.FAILED]
    step.move(MATERIAL_FLOW, [row.id for row in passed], MaterialState.IN_REVIEW)
    step.move(MATERIAL_FLOW, [row.id for row in failed], MaterialState.RETURNED, "checks")
    close(step, MATERIAL, [row.id for row in passed])
    hours = {row.id: timedelta(hours=policies(step)("material_review_hours", row.shop_id)) for row in passed}
    arm(
        step,
        [
            Arm(MATERIAL_REVIEW, row.id, step.now + hours[row.id], shop_id=row.shop_id, label=row.title)
            for row in passed
        ],
    )
    step.emit(
        *(
            MaterialChecked(
                one.row.id,
                one.row.campaign_id,
                one.row.shop_id,
                one.number,
                str(one.verdict),
                sorted({finding.code for finding in errors(list(one.findings))}),
            )
            for one in checked
        )
    )
