"""O1.1/O1.3: how far a background job has come, and how it ended."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from shopkeeper.flows.fulfilment.intake.models import Job
from shopkeeper.flows.fulfilment.intake.permissions import Permission
from shopkeeper.flows.fulfilment.intake.states import JOB_FLOW, OVER, JobState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import RowsOf
from shopkeeper.shared.outcomes import Outcome, done, refused


@dataclass(frozen=True, slots=True)
class NoteJob:
    """`ended` stays empty while it runs. `result` counts endings, or says why it failed."""

    job_id: int
    done_count: int
    ended: JobState | None = None
    result: dict[str, object] = field(default_factory=dict)
    failures_digest: str = ""


@command(
    clause="O1.3", permission=Permission.ORDER_VIEW, scope=RowsOf("intake_job", "job_id", shop="shop_id"), internal=True
)
def note_jobs(step: Step, items: Sequence[NoteJob]) -> list[Outcome]:
    """Write progress down; `facts["stop"]` says whether it is to stop. Refused "job_ended" for one that is over."""
    outcomes = []
    for item in items:
        job = Job.objects.select_for_update().get(id=item.job_id)
        if job.state in OVER:
            outcomes.append(refused("job_ended", item.job_id))
            continue
        if job.state == JobState.QUEUED:
            step.move(JOB_FLOW, [job.pk], JobState.RUNNING)
        if item.ended:
            step.move(JOB_FLOW, [job.pk], item.ended)
        Job.objects.filter(id=job.pk).update(
            done_count=item.done_count,
            result=item.result or job.result,
            failures_digest=item.failures_digest or job.failures_digest,
        )
        outcomes.append(done(job.pk, stop=job.stop_asked_at is not None))
    return outcomes
