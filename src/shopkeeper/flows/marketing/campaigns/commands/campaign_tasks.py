"""M1.2: who does what for a campaign by when; done is what somebody can show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from shopkeeper.flows.marketing.campaigns.commands.closing import close_tasks
from shopkeeper.flows.marketing.campaigns.deadlines import TASKS
from shopkeeper.flows.marketing.campaigns.events import TaskDone, TaskOpened
from shopkeeper.flows.marketing.campaigns.permissions import Permission
from shopkeeper.flows.marketing.campaigns.sql import campaigns as campaign_sql
from shopkeeper.flows.marketing.campaigns.sql import preparation as sql
from shopkeeper.flows.marketing.campaigns.states import TASK_FLOW, WRITABLE, CampaignState, TaskState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm
from shopkeeper.sop.roles import Role
from shopkeeper.sop.states import Ending

OVER = (CampaignState.ENDED, CampaignState.REVIEWED)
OF_TASK = ShopOf("campaigns_campaigntask", "task_id")


@dataclass(frozen=True, slots=True)
class AddTask:
    """Something a role does for a campaign; `owner_id` names the person, where one is named."""

    campaign_id: int
    title: Annotated[str, Field(min_length=1, max_length=120)]
    role: Role
    due_at: datetime
    owner_id: int | None = None

    @property
    def key(self) -> tuple[int, str]:
        return self.campaign_id, self.title.strip()


@command(clause="M1.2", permission=Permission.CAMPAIGN_EDIT, scope=ShopOf("campaigns_campaign", "campaign_id"))
def add_tasks(step: Step, items: Sequence[AddTask]) -> list[Outcome]:
    """Give out tasks; each stands on its role's work list and is late after its time. Done with `facts`: task_id.

    Those of a plan that is not approved wait until it is, or until they are due; those due after the campaign
    wait for its end.
    Refused: "task_unnamed", "task_due_past", "owner_unknown", "campaign_cancelled". Of that title there: unchanged.
    """
    rows = {row.id: row for row in campaign_sql.LOCK.rows(campaigns=sorted({item.campaign_id for item in items}))}
    owners = sorted({item.owner_id for item in items if item.owner_id})
    people = {row.id for row in sql.ACTIVE_PEOPLE.rows(people=owners)} if owners else set()
    verdicts = [_refusal(step, item, rows[item.campaign_id], people) for item in items]
    fit = {item.key: item for item, code in zip(items, verdicts, strict=True) if not code}
    said = [
        {
            "campaign_id": item.campaign_id,
            "shop_id": rows[item.campaign_id].shop_id,
            "title": item.title.strip(),
            "role": str(item.role),
            "owner_id": item.owner_id,
            "due_at": item.due_at,
        }
        for item in fit.values()
    ]
    made = sql.ADD_TASKS.rows(tasks=as_json(said), now=step.now, actor_id=step.actor.id) if said else []
    fresh = {(row.campaign_id, row.title): row.id for row in made}
    arm(step, [_armed(fit[key], id_, rows[key[0]]) for key, id_ in fresh.items()])
    step.emit(*(TaskOpened(id_, key[0], rows[key[0]].shop_id) for key, id_ in fresh.items()))
    outcomes = []
    for item, code in zip(items, verdicts, strict=True):
        task_id = fresh.pop(item.key, None) if not code else None
        if code:
            outcomes.append(refused(code, item.campaign_id))
        else:
            outcomes.append(done(item.campaign_id, task_id=task_id) if task_id else unchanged(item.campaign_id))
    return outcomes


def _armed(item: AddTask, task_id: int, row: campaign_sql.CampaignRow) -> Arm:
    """Wait until the plan is approved, or, where it is for afterwards, until the campaign is over."""
    opens_at = item.due_at if row.state in (*WRITABLE, CampaignState.IN_REVIEW) else None
    if item.due_at > row.ends_at and row.state not in OVER:
        opens_at = row.ends_at
    return Arm(
        TASKS[item.role],
        task_id,
        item.due_at,
        shop_id=row.shop_id,
        label=f"{row.code} {item.title.strip()}",
        opens_at=opens_at,
    )


def _refusal(step: Step, item: AddTask, row: campaign_sql.CampaignRow, people: set[int]) -> str:
    if not item.title.strip() or "\x00" in item.title:
        return "task_unnamed"
    if item.due_at <= step.now:
        return "task_due_past"
    if item.owner_id and item.owner_id not in people:
        return "owner_unknown"
    return "campaign_cancelled" if row.state == CampaignState.CANCELLED else ""


@dataclass(frozen=True, slots=True)
class FinishTask:
    """`evidence` is what shows it: a link, a number, what was done."""

    task_id: int
    evidence: Annotated[str, Field(max_length=500)]


@command(clause="M1.2", permission=Permission.TASK_DO, scope=OF_TASK)
def finish_tasks(step: Step, items: Sequence[FinishTask]) -> list[Outcome]:
    """Finish tasks, by their owner, by anybody of their role, or by who plans campaigns.

    Refused: "evidence_needed", "not_your_task", "task_dropped". Done already: unchanged.
    """
    rows = _held(items)
    evidence: dict[int, str] = {}
    outcomes = []
    for item in items:
        row = rows[item.task_id]
        if row.state == TaskState.DONE or row.id in evidence:
            outcomes.append(unchanged(row.id))
        elif row.state == TaskState.DROPPED:
            outcomes.append(refused("task_dropped", row.id))
        elif not _is_theirs(step, row):
            outcomes.append(refused("not_your_task", row.id))
        elif not item.evidence.strip():
            outcomes.append(refused("evidence_needed", row.id))
        else:
            evidence[row.id] = item.evidence.strip()
            outcomes.append(done(row.id))
    sql.NOTE_DONE.run(tasks=list(evidence), evidence=list(evidence.values()), actor_id=step.actor.id)
    step.move(TASK_FLOW, list(evidence), TaskState.DONE)
    close_tasks(step, [rows[id_] for id_ in evidence], Ending.DONE)
    step.emit(*(TaskDone(id_, rows[id_].campaign_id, rows[id_].shop_id) for id_ in evidence))
    return outcomes


def _is_theirs(step: Step, row: sql.TaskRow) -> bool:
    mine = row.owner_id == step.actor.id or (row.owner_id is None and row.role in step.actor.roles)
    return mine or step.actor.may(Permission.CAMPAIGN_EDIT)


@dataclass(frozen=True, slots=True)
class DropTask:
    task_id: int
    reason: Annotated[str, Field(max_length=300)]


@command(clause="M1.2", permission=Permission.CAMPAIGN_EDIT, scope=OF_TASK)
def drop_tasks(step: Step, items: Sequence[DropTask]) -> list[Outcome]:
    """Take tasks back. Refused: "reason_needed", "task_done". Dropped already: unchanged."""
    rows = _held(items)
    reasons: dict[int, str] = {}
    outcomes = []
    for item in items:
        row = rows[item.task_id]
        if row.state == TaskState.DROPPED or row.id in reasons:
            outcomes.append(unchanged(row.id))
        elif not item.reason.strip():
            outcomes.append(refused("reason_needed", row.id))
        elif row.state == TaskState.DONE:
            outcomes.append(refused("task_done", row.id))
        else:
            reasons[row.id] = item.reason.strip()
            outcomes.append(done(row.id))
    for reason in sorted(set(reasons.values())):
        step.move(TASK_FLOW, [id_ for id_, why in reasons.items() if why == reason], TaskState.DROPPED, reason)
    close_tasks(step, [rows[id_] for id_ in reasons], Ending.CANCELLED)
    return outcomes


def _held(items: Sequence[Any]) -> dict[int, sql.TaskRow]:
    return {row.id: row for row in sql.LOCK_TASKS.rows(tasks=sorted({item.task_id for item in items}))}
