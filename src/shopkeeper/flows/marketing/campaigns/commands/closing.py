"""Open tasks, slot applications and own places: what an approval sets going, what ends with a campaign called off."""

from collections.abc import Sequence

from shopkeeper.flows.marketing.campaigns.deadlines import SLOT, TASKS
from shopkeeper.flows.marketing.campaigns.sql import preparation as sql
from shopkeeper.flows.marketing.campaigns.states import SLOT_FLOW, TASK_FLOW, SlotState, TaskState
from shopkeeper.foundation.commands import Step
from shopkeeper.sop.deadlines import Arm, arm, close, open_now
from shopkeeper.sop.states import Ending


def close_preparations(step: Step, campaign_ids: Sequence[int]) -> None:
    """Drop what is open; what is done or granted stays as it is."""
    if not campaign_ids:
        return
    slots = [row.id for row in sql.OPEN_SLOTS.rows(campaigns=list(campaign_ids))]
    step.move(SLOT_FLOW, slots, SlotState.DROPPED, "campaign_cancelled")
    close(step, SLOT, slots, Ending.CANCELLED)
    tasks = sql.OPEN_TASKS.rows(campaigns=list(campaign_ids))
    step.move(TASK_FLOW, [row.id for row in tasks], TaskState.DROPPED, "campaign_cancelled")
    close_tasks(step, tasks, Ending.CANCELLED)
    sql.RELEASE.rows(bookings=[], campaigns=list(campaign_ids), now=step.now)


def open_tasks(step: Step, campaign_ids: Sequence[int]) -> None:
    """What waited for the plan's approval can be done from now on; what is due after the campaign, at its end."""
    tasks = sql.WAITING_TASKS.rows(campaigns=list(campaign_ids)) if campaign_ids else []
    _open([row for row in tasks if row.due_at <= row.ends_at])
    arm(
        step,
        [
            Arm(
                TASKS[row.role],
                row.id,
                row.due_at,
                shop_id=row.shop_id,
                label=f"{row.code} {row.title}",
                opens_at=row.ends_at,
            )
            for row in tasks
            if row.due_at > row.ends_at
        ],
    )


def open_all_tasks(campaign_ids: Sequence[int]) -> None:
    """A campaign is over, be it before its time: what waited for its end can be done."""
    _open(sql.WAITING_TASKS.rows(campaigns=list(campaign_ids)) if campaign_ids else [])


def _open(tasks: Sequence[sql.WaitingTaskRow]) -> None:
    for role in sorted({row.role for row in tasks}):
        open_now(TASKS[role], [row.id for row in tasks if row.role == role])


def close_tasks(step: Step, tasks: Sequence[sql.TaskRow], ending: Ending) -> None:
    """End the tasks' deadlines, each on its role's list."""
    for role in sorted({row.role for row in tasks}):
        close(step, TASKS[role], [row.id for row in tasks if row.role == role], ending)
