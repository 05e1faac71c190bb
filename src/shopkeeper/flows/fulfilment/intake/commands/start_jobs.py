"""O1.1/O1.3: what takes more than two seconds is begun here and goes on in the background."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from procrastinate.contrib.django import app
from pydantic import Field

from shopkeeper.flows.fulfilment.intake.models import Job
from shopkeeper.flows.fulfilment.intake.permissions import Permission
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import EVERYWHERE, InShop
from shopkeeper.shared.outcomes import Outcome, done, refused

TASK = "shopkeeper.intake.run_job"  # the work itself is in tasks.py, which the workers load
MOST_ORDERS = 10_000
BulkKind = Literal["release", "hold", "cancel", "pass"]


@dataclass(frozen=True, slots=True)
class StartImport:
    """An import of a kept file (by its digest) into a shop; `name` is only shown again."""

    shop_id: int
    profile: str
    digest: Annotated[str, Field(min_length=64, max_length=64)]
    name: Annotated[str, Field(max_length=120)] = ""
    history: bool = False


@dataclass(frozen=True, slots=True)
class StartBulk:
    """One action on very many orders; each order is judged in its turn, under the rights of who began it."""

    action: BulkKind
    order_ids: tuple[int, ...]
    reason: Annotated[str, Field(max_length=300)] = ""


@command(clause="O1.1", permission=Permission.ORDER_IMPORT, scope=InShop())
def start_import(step: Step, items: Sequence[StartImport]) -> list[Outcome]:
    """Begin imports; `id` is the job's."""
    jobs = [
        Job(
            kind="import",
            shop_id=item.shop_id,
            wish={"profile": item.profile, "digest": item.digest, "name": item.name, "history": item.history},
            asked_by=step.actor.id,
            asked_at=step.now,
            state_at=step.now,
        )
        for item in items
    ]
    return [done(job_id) for job_id in _begin(jobs)]


@command(clause="O1.3", permission=Permission.ORDER_VIEW, scope=EVERYWHERE)
def start_bulk(step: Step, items: Sequence[StartBulk]) -> list[Outcome]:
    """Begin actions on many orders; `id` is the job's. Refused: not_allowed, nothing_chosen, too_many (with `max`)."""
    refusals = [_refusal(step, item) for item in items]
    jobs = [
        Job(
            kind=item.action,
            wish={"ids": sorted(set(item.order_ids)), "reason": item.reason},
            total=len(set(item.order_ids)),
            asked_by=step.actor.id,
            asked_at=step.now,
            state_at=step.now,
        )
        for item, refusal in zip(items, refusals, strict=True)
        if refusal is None
    ]
    begun = iter(_begin(jobs))
    return [refusal or done(next(begun)) for refusal in refusals]


NEEDED = {
    "release": Permission.ORDER_CHECK,
    "pass": Permission.ORDER_CHECK,
    "hold": Permission.ORDER_HOLD,
    "cancel": Permission.ORDER_CANCEL,
}


def _refusal(step: Step, item: StartBulk) -> Outcome | None:
    # The job runs later with the person's rights; who begins it through a narrow token must hold them now.
    if not step.actor.may(NEEDED[item.action]):
        return refused("not_allowed", permission=str(NEEDED[item.action]))
    if not item.order_ids:
        return refused("nothing_chosen")
    return refused("too_many", max=MOST_ORDERS) if len(item.order_ids) > MOST_ORDERS else None


def _begin(jobs: Sequence[Job]) -> list[int]:
    """Write the jobs and hand them to the workers with the same commit."""
    ids = [job.pk for job in Job.objects.bulk_create(jobs)]
    for job_id in ids:
        app.configure_task(TASK, allow_unknown=True).defer(job_id=job_id)
    return ids
