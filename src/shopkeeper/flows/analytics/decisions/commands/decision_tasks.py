"""D3: what somebody has to do for a decision, until when; done with a note, or not done with the reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.analytics.decisions.deadlines import DECISION_TASK
from shopkeeper.flows.analytics.decisions.events import DecisionTaskEnded, DecisionTaskOpened
from shopkeeper.flows.analytics.decisions.permissions import Permission
from shopkeeper.flows.analytics.decisions.sql import decisions as sql
from shopkeeper.flows.analytics.decisions.states import DECISION_TASK_FLOW, DecisionState, DecisionTaskState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm, close
from shopkeeper.sop.roles import ROLE_WORDS, Role
from shopkeeper.sop.states import Ending

OF_TASK = ShopOf("decisions_decisiontask", "task_id")


@dataclass(frozen=True, slots=True)
class TaskWish:
    """A task for a role of the procedure."""

    owner: Role
    what: Annotated[str, Field(max_length=300)]
    due_at: datetime


@dataclass(frozen=True, slots=True)
class AddDecisionTask:
    decision_id: int
    owner: Role
    what: Annotated[str, Field(max_length=300)]
    due_at: datetime

    @property
    def wish(self) -> TaskWish:
        return TaskWish(self.owner, self.what, self.due_at)


@command(clause="D3", permission=Permission.DECIDE, scope=ShopOf("decisions_decision", "decision_id"))
def add_decision_tasks(step: Step, items: Sequence[AddDecisionTask]) -> list[Outcome]:
    """Give out more tasks while a decision is under way. The same task again is unchanged.

    Refused: "task_what_needed", "task_due_past", "decision_not_under_way", "finding_all_shops".
    """
    rows = {row.id: row for row in sql.LOCK_DECISIONS.rows(ids=sorted({item.decision_id for item in items}))}
    codes = [_refusal(step, item, rows[item.decision_id]) for item in items]
    fit = [item for item, code in zip(items, codes, strict=True) if not code]
    opened = open_tasks_of(step, [(i.decision_id, rows[i.decision_id].shop_id, i.wish) for i in fit])
    outcomes = []
    for item, code in zip(items, codes, strict=True):
        id_ = None if code else opened.pop((item.decision_id, str(item.owner), item.what.strip()), None)
        outcomes.append(refused(code, item.decision_id) if code else done(id_) if id_ else unchanged(item.decision_id))
    return outcomes


def _refusal(step: Step, item: AddDecisionTask, row: sql.DecisionRow) -> str:
    if row.shop_id is None and step.actor.shops is not None:
        return "finding_all_shops"
    if row.state != DecisionState.UNDER_WAY:
        return "decision_not_under_way"
    return task_refusal(step, item.wish)


def task_refusal(step: Step, task: TaskWish) -> str:
    """What is wrong with a task; empty where it may be given out."""
    if not task.what.strip():
        return "task_what_needed"
    return "task_due_past" if task.due_at <= step.now else ""


def open_tasks_of(step: Step, wished: Sequence[tuple[int, int | None, TaskWish]]) -> dict[tuple[int, str, str], int]:
    """Give out tasks of (decision, shop, task); their ids by decision, owner and words."""
    if not wished:
        return {}
    rows = {
        (decision_id, str(task.owner), task.what.strip()): {
            "decision_id": decision_id,
            "shop_id": shop_id,
            "owner": str(task.owner),
            "what": task.what.strip(),
            "due_at": task.due_at,
        }
        for decision_id, shop_id, task in wished
    }
    opened = sql.OPEN_TASKS.rows(tasks=as_json(list(rows.values())), now=step.now, actor_id=step.actor.id)
    arm(step, [Arm(DECISION_TASK[t.owner], t.id, t.due_at, t.shop_id, None, t.what) for t in opened])
    step.emit(*(DecisionTaskOpened(t.id, t.decision_id, t.shop_id, t.owner) for t in opened))
    return {(t.decision_id, t.owner, t.what): t.id for t in opened}


@dataclass(frozen=True, slots=True)
class FinishDecisionTask:
    task_id: int
    note: Annotated[str, Field(max_length=500)]


@command(clause="D3", permission=Permission.TASK_DO, scope=OF_TASK)
def finish_decision_tasks(step: Step, items: Sequence[FinishDecisionTask]) -> list[Outcome]:
    """Do tasks of one's own role, with a note of what was done.

    Refused: "task_note_needed", "decision_task_not_yours" (facts: owner), "finding_all_shops". Ended: unchanged.
    """
    return _end(step, items, DecisionTaskState.DONE)


@dataclass(frozen=True, slots=True)
class DropDecisionTask:
    task_id: int
    note: Annotated[str, Field(max_length=500)]


@command(clause="D3", permission=Permission.DECIDE, scope=OF_TASK)
def drop_decision_tasks(step: Step, items: Sequence[DropDecisionTask]) -> list[Outcome]:
    """Whoever decides calls tasks off, with the reason. Refused: "task_note_needed", "finding_all_shops". Ended:
    unchanged."""
    return _end(step, items, DecisionTaskState.DROPPED)


def _end(
    step: Step, items: Sequence[FinishDecisionTask] | Sequence[DropDecisionTask], to: DecisionTaskState
) -> list[Outcome]:
    rows = {row.id: row for row in sql.LOCK_TASKS.rows(ids=sorted({item.task_id for item in items}))}
    notes: dict[int, str] = {}
    outcomes: list[Outcome] = []
    for item in items:
        row = rows[item.task_id]
        is_theirs = row.owner in step.actor.roles or step.actor.kind == "system" or to == DecisionTaskState.DROPPED
        if row.shop_id is None and step.actor.shops is not None and not is_theirs:
            outcomes.append(refused("finding_all_shops", row.id))
        elif not is_theirs:
            words = ROLE_WORDS[row.owner].both()
            outcomes.append(refused("decision_task_not_yours", row.id, owner=f"{words['zh']} / {words['en']}"))
        elif not item.note.strip():
            outcomes.append(refused("task_note_needed", row.id))
        elif row.state != DecisionTaskState.OPEN or row.id in notes:
            outcomes.append(unchanged(row.id))
        else:
            notes[row.id] = item.note.strip()
            outcomes.append(done(row.id))
    ids = sorted(notes)
    if ids:
        sql.END_TASKS.run(ids=ids, notes=[notes[id_] for id_ in ids], now=step.now, actor_id=step.actor.id)
    step.move(DECISION_TASK_FLOW, ids, to)
    ending = Ending.DONE if to == DecisionTaskState.DONE else Ending.CANCELLED
    for owner in sorted({rows[id_].owner for id_ in ids}):
        close(step, DECISION_TASK[owner], [id_ for id_ in ids if rows[id_].owner == owner], ending)
    step.emit(*(DecisionTaskEnded(id_, rows[id_].decision_id, rows[id_].shop_id, str(to)) for id_ in ids))
    return outcomes
