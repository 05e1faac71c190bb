"""O1.3: orders waiting for the check are judged again when something about them changed."""

from collections.abc import Sequence

from shopkeeper.flows.fulfilment.intake import rules
from shopkeeper.flows.fulfilment.intake.batches.deciding import holds_left
from shopkeeper.flows.fulfilment.intake.batches.following import arm_order_deadlines, release_if_continuous
from shopkeeper.flows.fulfilment.intake.batches.holding import open_holds
from shopkeeper.flows.fulfilment.intake.batches.loading import Intake, count_as_repeats
from shopkeeper.flows.fulfilment.intake.batches.new import Draft
from shopkeeper.flows.fulfilment.intake.batches.promising import promise_missing
from shopkeeper.flows.fulfilment.intake.holds import JUDGED
from shopkeeper.flows.fulfilment.intake.sql import holds as sql
from shopkeeper.flows.fulfilment.intake.sql import orders as order_sql
from shopkeeper.flows.fulfilment.intake.states import OrderState


def judge_again(intake: Intake, drafts: Sequence[Draft]) -> None:
    """Open new holds, let vanish those whose reason is gone, promise what is not promised yet."""
    rows = {row.id: row for row in order_sql.LOCK.rows(ids=[draft.row["id"] for draft in drafts])}
    waiting = [draft for draft in drafts if rows[draft.row["id"]].state == OrderState.TO_CHECK]
    if not waiting:
        return
    count_as_repeats(intake, [draft.row for draft in waiting])
    for draft in waiting:
        draft.findings = intake.judge(draft.order, draft.row)
    short = promise_missing(intake.step, [draft.row["id"] for draft in waiting])
    for draft in waiting:
        if draft.row["id"] in short:
            draft.findings.append(rules.Finding("short_stock", short[draft.row["id"]]))
    found = [(draft.row["id"], finding) for draft in waiting for finding in draft.findings]
    step = intake.step
    judged = [draft.row["id"] for draft in waiting]
    sql.LET_VANISH.run(
        orders=[order_id for order_id, _ in found],
        codes=[finding.code for _, finding in found],
        judged=judged,
        judgeable=sorted(JUDGED),
        now=step.now,
        actor_id=step.actor.id,
    )
    open_holds(step, found)
    left = holds_left(step, judged)
    followed = [(draft.row, left[draft.row["id"]]) for draft in waiting]
    arm_order_deadlines(step, intake.policy, followed)
    release_if_continuous(step, intake.policy, followed)
