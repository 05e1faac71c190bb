"""S3.2: the owner says what was done about a problem; the day on which its figure is counted again is set."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.service.feedback.deadlines import IMPROVEMENT_EFFECT, IMPROVEMENT_REPLY
from shopkeeper.flows.service.feedback.events import ImprovementReplied
from shopkeeper.flows.service.feedback.models import improvement_number
from shopkeeper.flows.service.feedback.permissions import Permission
from shopkeeper.flows.service.feedback.sql import summaries as sql
from shopkeeper.flows.service.feedback.states import IMPROVEMENT_FLOW, ImprovementOwner, ImprovementState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm, close
from shopkeeper.sop.policy import policies


@dataclass(frozen=True, slots=True)
class ReplyImprovement:
    improvement_id: int
    reply: Annotated[str, Field(max_length=1_000)]


@command(clause="S3.2", permission=Permission.IMPROVEMENT_REPLY, scope=ShopOf("feedback_improvement", "improvement_id"))
def reply_improvements(step: Step, items: Sequence[ReplyImprovement]) -> list[Outcome]:
    """Reply to tasks of one's own role. Refused: "improvement_reply_needed", "improvement_someone_elses".

    One that was replied to is unchanged: the words of the first reply stand.
    """
    rows = {row.id: row for row in sql.LOCK_IMPROVEMENTS.rows(ids=[item.improvement_id for item in items])}
    replies: dict[int, str] = {}
    outcomes: list[Outcome] = []
    for item in items:
        row = rows[item.improvement_id]
        if row.owner not in step.actor.roles and step.actor.kind != "system":
            outcomes.append(refused("improvement_someone_elses", row.id, owner=ImprovementOwner(row.owner)))
        elif not item.reply.strip():
            outcomes.append(refused("improvement_reply_needed", row.id))
        elif row.state != ImprovementState.OPEN or row.id in replies:
            outcomes.append(unchanged(row.id))
        else:
            replies[row.id] = item.reply.strip()
            outcomes.append(done(row.id))
    _write(step, [rows[id_] for id_ in sorted(replies)], replies)
    return outcomes


def _write(step: Step, rows: Sequence[sql.ImprovementRow], replies: dict[int, str]) -> None:
    if not rows:
        return
    policy = policies(step)
    moments = {row.id: step.now + timedelta(days=policy("improvement_effect_days", row.shop_id)) for row in rows}
    sql.REPLY.run(
        now=step.now,
        actor_id=step.actor.id,
        ids=[row.id for row in rows],
        replies=[replies[row.id] for row in rows],
        moments=[moments[row.id] for row in rows],
    )
    step.move(IMPROVEMENT_FLOW, [row.id for row in rows], ImprovementState.REPLIED)
    for owner, kind in IMPROVEMENT_REPLY.items():
        close(step, kind, [row.id for row in rows if row.owner == owner])
    arm(
        step,
        [
            Arm(IMPROVEMENT_EFFECT, row.id, moments[row.id], row.shop_id, None, improvement_number(row.id))
            for row in rows
        ],
    )
    step.emit(*(ImprovementReplied(row.id, row.shop_id) for row in rows))
