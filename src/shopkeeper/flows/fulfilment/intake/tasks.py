"""Background jobs of intake: an import, or one action on very many orders, with progress and a result that waits."""

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from procrastinate.contrib.django import app

from shopkeeper.flows.fulfilment.intake.commands.cancel_orders import CancelOrder, cancel_orders
from shopkeeper.flows.fulfilment.intake.commands.decide_holds import DecideHold, decide_holds
from shopkeeper.flows.fulfilment.intake.commands.hold_orders import HoldOrder, hold_orders
from shopkeeper.flows.fulfilment.intake.commands.note_jobs import NoteJob, note_jobs
from shopkeeper.flows.fulfilment.intake.commands.release_orders import ReleaseOrder, release_orders
from shopkeeper.flows.fulfilment.intake.commands.start_jobs import TASK
from shopkeeper.flows.fulfilment.intake.imports import run_import
from shopkeeper.flows.fulfilment.intake.queries.jobs import JobView, job_to_run
from shopkeeper.flows.fulfilment.intake.states import JobState
from shopkeeper.foundation.actor import SYSTEM, Actor
from shopkeeper.foundation.files import kept_files
from shopkeeper.shared.errors import BusinessError
from shopkeeper.shared.outcomes import Outcome
from shopkeeper.web.visitor import actor_of

log = logging.getLogger(__name__)
PIECE = 200
Act = Callable[[Actor, Sequence[int], str], list[Outcome]]
ACTIONS: dict[str, Act] = {
    "release": lambda actor, ids, reason: release_orders(actor, [ReleaseOrder(i) for i in ids]),
    "hold": lambda actor, ids, reason: hold_orders(
        actor, [HoldOrder(i, "by_hand", {"note": reason}) for i in ids], why=reason
    ),
    "cancel": lambda actor, ids, reason: cancel_orders(actor, [CancelOrder(i, reason) for i in ids]),
    "pass": lambda actor, ids, reason: decide_holds(actor, [DecideHold(i, reason=reason) for i in ids]),
}


@app.task(name=TASK)  # type: ignore[untyped-decorator]
def run_job(job_id: int) -> None:
    """Run a job to its end. One that was begun before its worker was killed is run again: every step of it is
    idempotent."""
    job = job_to_run(job_id)
    if job is None or job.is_over:
        return
    if job.stop_asked_at:  # its worker was killed before it could stop
        _end(job, JobState.STOPPED, job.done_count, job.result)
        return
    actor = SYSTEM if job.asked_by == 0 else actor_of(job.asked_by)
    try:
        if actor is None:
            raise BusinessError("not_allowed", permission="–")
        if job.kind == "import":
            _import(job, actor)
        else:
            _act(job, actor)
    except BusinessError as error:
        _end(job, JobState.FAILED, job.done_count, {"error": error.code, "facts": error.facts})
    except Exception:
        log.exception("job %s failed", job_id)
        _end(job, JobState.FAILED, job.done_count, {"error": "unexpected", "facts": {}})


def _end(job: JobView, state: JobState, count: int, result: dict[str, Any], failures: str = "") -> None:
    note_jobs(SYSTEM, [NoteJob(job.id, count, state, result, failures)])


def _import(job: JobView, actor: Actor) -> None:
    def moved(count: int, total: int | None) -> bool:
        return not _must_stop(NoteJob(job.id, count))

    try:
        path = kept_files().path(job.wish["digest"])
    except (FileNotFoundError, ValueError) as error:
        raise BusinessError("import_source_missing", path="–", wanted=job.wish.get("name", "")) from error
    imported = run_import(
        job.wish["profile"],
        path,
        history=job.wish["history"],
        progress=moved,
        actor=actor,
        shop_id=job.shop_id,
        shown_as=job.wish["name"],
    )
    numbers: dict[str, Any] = dict(imported.numbers())
    ending = JobState.STOPPED if imported.is_stopped else JobState.DONE
    _end(job, ending, imported.counts["read"], numbers, imported.failures)


def _must_stop(progress: NoteJob) -> bool:
    """Write progress down; has somebody asked to stop?"""
    return bool(note_jobs.one(SYSTEM, progress).facts.get("stop"))


def _act(job: JobView, actor: Actor) -> None:
    """In pieces, so that progress shows and other work comes between."""
    act, ids = ACTIONS[job.kind], job.wish["ids"]
    endings: Counter[str] = Counter()
    codes: Counter[str] = Counter()
    for start in range(0, len(ids), PIECE):
        outcomes = act(actor, ids[start : start + PIECE], job.wish["reason"])
        endings.update(str(outcome.result) for outcome in outcomes)
        codes.update(outcome.code for outcome in outcomes if not outcome.ok)
        count, result = min(start + PIECE, len(ids)), {**endings, "codes": dict(codes)}
        if _must_stop(NoteJob(job.id, count, None, result)) and count < len(ids):
            _end(job, JobState.STOPPED, count, result)
            return
    _end(job, JobState.DONE, len(ids), {**endings, "codes": dict(codes)})
