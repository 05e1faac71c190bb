"""S3.2: customer service completes the day's summary with remarks; a supervisor, somebody else, signs it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.service.feedback.deadlines import SUMMARY_COMPLETE, SUMMARY_SIGN
from shopkeeper.flows.service.feedback.events import SummaryCompleted, SummarySigned
from shopkeeper.flows.service.feedback.permissions import Permission
from shopkeeper.flows.service.feedback.sql import summaries as sql
from shopkeeper.flows.service.feedback.states import SUMMARY_FLOW, SummaryState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import close, open_now

SCOPE = ShopOf("feedback_dailysummary", "summary_id")


@dataclass(frozen=True, slots=True)
class CompleteSummary:
    """Remarks about the work of the day: what mattered, what is to be done. No customer's name belongs there."""

    summary_id: int
    remarks: Annotated[str, Field(max_length=2_000)]


@command(clause="S3.2", permission=Permission.SUMMARY_COMPLETE, scope=SCOPE)
def complete_summaries(step: Step, items: Sequence[CompleteSummary]) -> list[Outcome]:
    """Write the remarks; they may be changed until the signature. The same words again are unchanged.

    Refused: "summary_remarks_needed", "summary_signed".
    """
    rows = {row.id: row for row in sql.LOCK.rows(ids=[item.summary_id for item in items])}
    written: dict[int, str] = {}
    outcomes: list[Outcome] = []
    for item in items:
        row, remarks = rows[item.summary_id], item.remarks.strip()
        if not remarks:
            outcomes.append(refused("summary_remarks_needed", row.id))
        elif row.state == SummaryState.SIGNED:
            outcomes.append(unchanged(row.id) if remarks == row.remarks else refused("summary_signed", row.id))
        elif remarks == written.get(row.id, row.remarks):
            outcomes.append(unchanged(row.id))
        else:
            written[row.id] = remarks
            outcomes.append(done(row.id))
    if written:
        sql.COMPLETE.run(now=step.now, actor_id=step.actor.id, ids=list(written), remarks=list(written.values()))
    step.move(SUMMARY_FLOW, [id_ for id_ in written if rows[id_].state == SummaryState.DRAFT], SummaryState.COMPLETED)
    close(step, SUMMARY_COMPLETE, list(written))
    open_now(SUMMARY_SIGN, list(written))
    step.emit(*(SummaryCompleted(id_, rows[id_].shop_id) for id_ in written))
    return outcomes


@dataclass(frozen=True, slots=True)
class SignSummary:
    summary_id: int


@command(clause="S3.2", permission=Permission.SUMMARY_SIGN, scope=SCOPE)
def sign_summaries(step: Step, items: Sequence[SignSummary]) -> list[Outcome]:
    """Sign summaries; nothing of them changes afterwards. A signed one is unchanged.

    Refused: "summary_not_completed", "own_summary" where the actor wrote the remarks.
    """
    rows = {row.id: row for row in sql.LOCK.rows(ids=[item.summary_id for item in items])}
    signed: list[int] = []
    outcomes: list[Outcome] = []
    for item in items:
        row = rows[item.summary_id]
        if row.state == SummaryState.SIGNED or row.id in signed:
            outcomes.append(unchanged(row.id))
        elif row.state == SummaryState.DRAFT:
            outcomes.append(refused("summary_not_completed", row.id))
        elif row.completed_by == step.actor.id:
            outcomes.append(refused("own_summary", row.id))
        else:
            signed.append(row.id)
            outcomes.append(done(row.id))
    if signed:
        sql.SIGN.run(now=step.now, actor_id=step.actor.id, ids=signed)
    step.move(SUMMARY_FLOW, signed, SummaryState.SIGNED)
    close(step, SUMMARY_SIGN, signed)
    step.emit(*(SummarySigned(id_, rows[id_].shop_id, rows[id_].day.isoformat()) for id_ in signed))
    return outcomes
