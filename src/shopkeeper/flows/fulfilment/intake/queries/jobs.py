"""Background jobs as their owner looks at them, and as a worker takes them up."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shopkeeper.flows.fulfilment.intake.models import Job
from shopkeeper.flows.fulfilment.intake.states import OVER
from shopkeeper.foundation.actor import Actor


@dataclass(frozen=True, slots=True)
class JobView:
    id: int
    kind: str
    state: str
    shop_id: int | None
    shop: str
    wish: dict[str, Any]
    asked_by: int
    asked_at: datetime
    state_at: datetime
    done_count: int
    total: int | None
    result: dict[str, Any]
    failures_digest: str
    stop_asked_at: datetime | None

    @property
    def is_over(self) -> bool:
        return self.state in OVER


def job_to_run(job_id: int) -> JobView | None:
    """A job for the worker."""
    job = Job.objects.select_related("shop").filter(id=job_id).first()
    return _view(job) if job else None


def job_of(viewer: Actor, job_id: int) -> JobView | None:
    """One's own job."""
    job = Job.objects.select_related("shop").filter(id=job_id, asked_by=viewer.id).first()
    return _view(job) if job else None


def jobs_of(viewer: Actor, kind: str = "", limit: int = 20) -> list[JobView]:
    """One's own jobs, newest first."""
    found = Job.objects.select_related("shop").filter(asked_by=viewer.id)
    if kind:
        found = found.filter(kind=kind)
    return [_view(job) for job in found.order_by("-id")[:limit]]


def _view(job: Job) -> JobView:
    return JobView(
        id=job.pk,
        kind=job.kind,
        state=job.state,
        shop_id=job.shop_id,
        shop=job.shop.name if job.shop else "",
        wish=job.wish,
        asked_by=job.asked_by,
        asked_at=job.asked_at,
        state_at=job.state_at,
        done_count=job.done_count,
        total=job.total,
        result=job.result,
        failures_digest=job.failures_digest,
        stop_asked_at=job.stop_asked_at,
    )
