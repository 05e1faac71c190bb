"""D2.1: the data specialist signs the report, it goes out to the team; the operations manager confirms reading it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.analytics.reports.commands.scope import OfReport
from shopkeeper.flows.analytics.reports.deadlines import REPORT_SIGN
from shopkeeper.flows.analytics.reports.events import ReportConfirmed, ReportSigned
from shopkeeper.flows.analytics.reports.permissions import Permission
from shopkeeper.flows.analytics.reports.rules.analyses import are_needed, unwritten
from shopkeeper.flows.analytics.reports.sql import reports as sql
from shopkeeper.flows.analytics.reports.states import ENDED, REPORT_FLOW, ReportState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.errands import Errand
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import close
from shopkeeper.sop.policy import policies

TELL_REPORT = "tell_report"


@dataclass(frozen=True, slots=True)
class SignReport:
    """What the report says in a sentence or two. `despite` says why it is signed with a part missing."""

    report_id: int
    comment: Annotated[str, Field(max_length=2_000)]
    despite: Annotated[str, Field(max_length=300)] = ""


@command(clause="D2.1", permission=Permission.REPORT_SIGN, scope=OfReport())
def sign_reports(step: Step, items: Sequence[SignReport]) -> list[Outcome]:
    """Sign reports; nothing of them changes afterwards, and the team's robot tells of them. A signed one is unchanged.

    Refused: "report_not_made", "report_incomplete" without `despite`, "report_comment_needed",
    "report_analyses_missing" where the policy wants them (`facts["parts"]`).
    """
    rows = {row.id: row for row in sql.LOCK.rows(ids=[item.report_id for item in items])}
    signed: dict[int, SignReport] = {}
    outcomes = []
    for item in items:
        row = rows[item.report_id]
        if row.state in ENDED or row.id in signed:
            outcomes.append(unchanged(row.id))
            continue
        outcome = _refusal(step, row, item) or done(row.id)
        outcomes.append(outcome)
        if outcome.changed:
            signed[row.id] = item
    if not signed:
        return outcomes
    sql.SIGN.run(
        now=step.now,
        actor_id=step.actor.id,
        ids=list(signed),
        comments=[item.comment.strip() for item in signed.values()],
        despites=[item.despite.strip() if rows[id_].failed else "" for id_, item in signed.items()],
    )
    step.move(REPORT_FLOW, list(signed), ReportState.SIGNED)
    close(step, REPORT_SIGN, list(signed))
    for id_ in signed:
        row = rows[id_]
        step.emit(ReportSigned(id_, row.shop_id, row.period, row.first_day.isoformat(), not row.failed))
        step.errand(Errand(TELL_REPORT, id_, step.now, row.shop_id))
    return outcomes


def _refusal(step: Step, row: sql.ReportRow, item: SignReport) -> Outcome | None:
    if row.state == ReportState.MAKING:
        return refused("report_not_made", row.id)
    if row.state == ReportState.INCOMPLETE and not item.despite.strip():
        return refused("report_incomplete", row.id)
    if not item.comment.strip():
        return refused("report_comment_needed", row.id)
    missing = missing_analyses(policies(step)("report_analyses", row.shop_id), row)
    return refused("report_analyses_missing", row.id, parts=", ".join(missing)) if missing else None


def missing_analyses(wanted: str, row: sql.ReportRow) -> list[str]:
    """The parts that the policy wants explained and nobody has."""
    return [str(part) for part in unwritten(row)] if are_needed(wanted, row.period) else []


@dataclass(frozen=True, slots=True)
class ConfirmReport:
    report_id: int


@command(clause="D2.1", permission=Permission.REPORT_CONFIRM, scope=OfReport())
def confirm_reports(step: Step, items: Sequence[ConfirmReport]) -> list[Outcome]:
    """The operations manager has read signed reports. One confirmed is unchanged.

    Refused: "report_not_signed", "own_report" where the actor signed it.
    """
    rows = {row.id: row for row in sql.LOCK.rows(ids=[item.report_id for item in items])}
    read: list[int] = []
    outcomes = []
    for item in items:
        row = rows[item.report_id]
        if row.state == ReportState.CONFIRMED or row.id in read:
            outcomes.append(unchanged(row.id))
        elif row.state != ReportState.SIGNED:
            outcomes.append(refused("report_not_signed", row.id))
        elif row.signed_by == step.actor.id:
            outcomes.append(refused("own_report", row.id))
        else:
            read.append(row.id)
            outcomes.append(done(row.id))
    if read:
        sql.CONFIRM.run(now=step.now, actor_id=step.actor.id, ids=read)
    step.move(REPORT_FLOW, read, ReportState.CONFIRMED)
    step.emit(*(ReportConfirmed(id_, rows[id_].shop_id) for id_ in read))
    return outcomes
