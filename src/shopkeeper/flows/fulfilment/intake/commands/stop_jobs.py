"""O1.1/O1.3: whoever began a job may stop it: what is done stays, the rest is not begun."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.fulfilment.intake.models import Job
from shopkeeper.flows.fulfilment.intake.permissions import Permission
from shopkeeper.flows.fulfilment.intake.states import JOB_FLOW, OVER, JobState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import RowsOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged


@dataclass(frozen=True, slots=True)
class StopJob:
    job_id: int


@command(clause="O1.3", permission=Permission.ORDER_VIEW, scope=RowsOf("intake_job", "job_id", shop="shop_id"))
def stop_jobs(step: Step, items: Sequence[StopJob]) -> list[Outcome]:
    """Stop one's own jobs: one that waits ends now, one that runs after the piece at hand.

    Refused: "not_found" for somebody else's, "job_ended"; asked to stop already: unchanged.
    """
    wanted = sorted({item.job_id for item in items})
    jobs = {job.pk: job for job in Job.objects.select_for_update().filter(id__in=wanted).order_by("id")}
    stopping: list[int] = []
    outcomes = []
    for item in items:
        job = jobs[item.job_id]
        if job.asked_by != step.actor.id:
            outcomes.append(refused("not_found"))
        elif job.state == JobState.STOPPED or job.stop_asked_at or job.pk in stopping:
            outcomes.append(unchanged(job.pk))
        elif job.state in OVER:
            outcomes.append(refused("job_ended", job.pk))
        else:
            stopping.append(job.pk)
            outcomes.append(done(job.pk))
    Job.objects.filter(id__in=stopping).update(stop_asked_at=step.now)
    step.move(JOB_FLOW, [id_ for id_ in stopping if jobs[id_].state == JobState.QUEUED], JobState.STOPPED)
    return outcomes
