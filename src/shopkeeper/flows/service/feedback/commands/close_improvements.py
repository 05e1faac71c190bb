"""S3.2: the same figure is counted again after the policy's days; a supervisor looks at it and closes the task."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.service.feedback.deadlines import IMPROVEMENT_CLOSE, IMPROVEMENT_EFFECT
from shopkeeper.flows.service.feedback.events import ImprovementClosed, ImprovementMeasured
from shopkeeper.flows.service.feedback.models import improvement_number
from shopkeeper.flows.service.feedback.permissions import Permission
from shopkeeper.flows.service.feedback.rules.figures import effect_of
from shopkeeper.flows.service.feedback.rules.problems import ABOUT_CARRIAGE, ABOUT_GOODS
from shopkeeper.flows.service.feedback.sql import days
from shopkeeper.flows.service.feedback.sql import summaries as sql
from shopkeeper.flows.service.feedback.states import IMPROVEMENT_FLOW, ImprovementState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.clock import SHOP_ZONE
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm, close
from shopkeeper.sop.policy import policies

SCOPE = ShopOf("feedback_improvement", "improvement_id")


@dataclass(frozen=True, slots=True)
class MeasureImprovement:
    improvement_id: int


@command(clause="S3.2", permission=Permission.IMPROVEMENT_CLOSE, scope=SCOPE)
def measure_improvements(step: Step, items: Sequence[MeasureImprovement]) -> list[Outcome]:
    """Count the problem's figure over the days since the reply, and say whether it became better. Done by the system
    when it is due; a measured one is unchanged.

    Refused: "improvement_not_replied", "effect_too_early" before the days are over.
    """
    rows = {row.id: row for row in sql.LOCK_IMPROVEMENTS.rows(ids=[item.improvement_id for item in items])}
    due: dict[int, sql.ImprovementRow] = {}
    outcomes: list[Outcome] = []
    for item in items:
        row = rows[item.improvement_id]
        if row.state == ImprovementState.OPEN:
            outcomes.append(refused("improvement_not_replied", row.id))
        elif row.state != ImprovementState.REPLIED or row.id in due:
            outcomes.append(unchanged(row.id))
        elif row.measure_at is not None and row.measure_at > step.now:
            at = row.measure_at.astimezone(SHOP_ZONE)
            outcomes.append(refused("effect_too_early", row.id, at=f"{at:%Y-%m-%d %H:%M}"))
        else:
            due[row.id] = row
            outcomes.append(done(row.id))
    _measure(step, list(due.values()))
    return outcomes


def _measure(step: Step, rows: Sequence[sql.ImprovementRow]) -> None:
    if not rows:
        return
    found = {
        row.n: row
        for row in days.FIGURES.rows(
            numbers=[row.id for row in rows],
            shops=[row.shop_id for row in rows],
            kinds=[row.kind for row in rows],
            skus=[row.sku_id for row in rows],
            couriers=[row.courier for row in rows],
            warehouses=[row.warehouse_id for row in rows],
            sinces=[row.replied_at for row in rows],
            untils=[row.measure_at for row in rows],
            goods=list(ABOUT_GOODS),
            carriage=list(ABOUT_CARRIAGE),
        )
    }
    policy = policies(step)
    effects = {
        row.id: effect_of(
            (row.tickets, row.orders),
            (found[row.id].tickets, found[row.id].orders),
            policy("improvement_least_change_percent", row.shop_id),
        )
        for row in rows
    }
    ids = [row.id for row in rows]
    sql.MEASURE.run(
        now=step.now,
        ids=ids,
        tickets=[found[id_].tickets for id_ in ids],
        orders=[found[id_].orders for id_ in ids],
        effects=[effects[id_] for id_ in ids],
    )
    step.move(IMPROVEMENT_FLOW, ids, ImprovementState.MEASURED)
    close(step, IMPROVEMENT_EFFECT, ids)
    arm(
        step,
        [
            Arm(
                IMPROVEMENT_CLOSE,
                row.id,
                step.now + timedelta(hours=policy("improvement_close_hours", row.shop_id)),
                row.shop_id,
                None,
                improvement_number(row.id),
            )
            for row in rows
        ],
    )
    step.emit(*(ImprovementMeasured(row.id, row.shop_id, effects[row.id]) for row in rows))


@dataclass(frozen=True, slots=True)
class CloseImprovement:
    """What the supervisor concludes from the effect; may be empty where it speaks for itself."""

    improvement_id: int
    conclusion: Annotated[str, Field(max_length=500)] = ""


@command(clause="S3.2", permission=Permission.IMPROVEMENT_CLOSE, scope=SCOPE)
def close_improvements(step: Step, items: Sequence[CloseImprovement]) -> list[Outcome]:
    """Close measured tasks; a closed one is unchanged. Refused: "improvement_not_measured"."""
    rows = {row.id: row for row in sql.LOCK_IMPROVEMENTS.rows(ids=[item.improvement_id for item in items])}
    closed: dict[int, str] = {}
    outcomes: list[Outcome] = []
    for item in items:
        row = rows[item.improvement_id]
        if row.state == ImprovementState.CLOSED or row.id in closed:
            outcomes.append(unchanged(row.id))
        elif row.state != ImprovementState.MEASURED:
            outcomes.append(refused("improvement_not_measured", row.id))
        else:
            closed[row.id] = item.conclusion.strip()
            outcomes.append(done(row.id))
    if closed:
        sql.CLOSE.run(now=step.now, actor_id=step.actor.id, ids=list(closed), conclusions=list(closed.values()))
    step.move(IMPROVEMENT_FLOW, list(closed), ImprovementState.CLOSED)
    close(step, IMPROVEMENT_CLOSE, list(closed))
    step.emit(*(ImprovementClosed(id_, rows[id_].shop_id, rows[id_].effect) for id_ in closed))
    return outcomes
