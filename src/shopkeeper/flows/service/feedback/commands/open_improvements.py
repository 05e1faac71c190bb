"""S3.2: a frequent problem is given to whoever can end it, with its figures and a day by which to reply."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.service.feedback.deadlines import IMPROVEMENT_REPLY
from shopkeeper.flows.service.feedback.events import ImprovementOpened
from shopkeeper.flows.service.feedback.models import improvement_number
from shopkeeper.flows.service.feedback.permissions import Permission
from shopkeeper.flows.service.feedback.sql import summaries as sql
from shopkeeper.flows.service.feedback.states import ImprovementOwner
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm


@dataclass(frozen=True, slots=True)
class OpenImprovement:
    """What is to be improved about a summary's problem, by which role, until when."""

    problem_id: int
    owner: ImprovementOwner
    what: Annotated[str, Field(max_length=500)]
    due_at: datetime


@command(clause="S3.2", permission=Permission.IMPROVEMENT_OPEN, scope=ShopOf("feedback_problem", "problem_id"))
def open_improvements(step: Step, items: Sequence[OpenImprovement]) -> list[Outcome]:
    """Give problems to their owners. The same problem is given to a role once; again is unchanged.

    Refused: "improvement_what_needed", "improvement_due_past".
    """
    problems = {row.id: row for row in sql.PROBLEMS.rows(ids=[item.problem_id for item in items])}
    wanted: dict[tuple[int, str], OpenImprovement] = {}
    verdicts: list[Outcome | None] = []
    for item in items:
        if not item.what.strip():
            verdicts.append(refused("improvement_what_needed"))
        elif item.due_at <= step.now:
            verdicts.append(refused("improvement_due_past"))
        else:
            wanted.setdefault((item.problem_id, str(item.owner)), item)
            verdicts.append(None)
    opened = _open(step, list(wanted.values()), problems)
    outcomes = []
    for item, verdict in zip(items, verdicts, strict=True):
        id_ = None if verdict else opened.pop((item.problem_id, str(item.owner)), None)
        outcomes.append(verdict or (done(id_) if id_ else unchanged()))
    return outcomes


def _open(
    step: Step, wanted: Sequence[OpenImprovement], problems: dict[int, sql.ProblemRow]
) -> dict[tuple[int, str], int]:
    if not wanted:
        return {}
    opened = sql.OPEN.rows(
        now=step.now,
        actor_id=step.actor.id,
        problems=[item.problem_id for item in wanted],
        shops=[problems[item.problem_id].shop_id for item in wanted],
        owners=[str(item.owner) for item in wanted],
        whats=[item.what.strip() for item in wanted],
        dues=[item.due_at for item in wanted],
    )
    arm(
        step,
        [
            Arm(IMPROVEMENT_REPLY[row.owner], row.id, row.due_at, row.shop_id, None, improvement_number(row.id))
            for row in opened
        ],
    )
    for row in opened:
        about = problems[row.problem_id]
        step.emit(
            ImprovementOpened(
                row.id, row.shop_id, row.owner, about.kind, about.sku_id, about.courier, about.warehouse_id
            )
        )
    return {(row.problem_id, row.owner): row.id for row in opened}
