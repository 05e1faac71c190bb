"""What the performers need to know before they call outside; read without a transaction."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from shopkeeper.flows.service.tickets.ports import Contact, InterceptRequest, InterceptType, NewReceiver
from shopkeeper.flows.service.tickets.sql import changes as sql
from shopkeeper.flows.service.tickets.states import ChangeKind, InterceptionKind
from shopkeeper.foundation.personal import Erased, open_json


@dataclass(frozen=True, slots=True)
class ChangeTask:
    """One change to be told a platform. The receiver is opened for the platform alone and never shown."""

    id: int
    shop_id: int
    platform: str
    platform_no: str
    kind: str
    reason: str
    is_erased: bool
    receiver: NewReceiver | None = field(repr=False)


def change_tasks(change_ids: Iterable[int]) -> dict[int, ChangeTask]:
    """Changes the platform has not answered yet, by id."""
    tasks = {}
    for job in sql.JOBS.rows(ids=list(change_ids)):
        receiver, is_erased = None, False
        if job.kind == ChangeKind.ADDRESS:
            try:
                receiver = NewReceiver(**open_json(job.subject_id, bytes(job.receiver_sealed)))
            except Erased:
                is_erased = True
        tasks[job.id] = ChangeTask(
            job.id, job.shop_id, job.platform, job.platform_no, job.kind, job.reason, is_erased, receiver
        )
    return tasks


def interception_requests(ids: Iterable[int]) -> dict[int, InterceptRequest | str]:
    """Interceptions the courier has not answered yet, by id; or why one cannot be asked for: 'erased'."""
    requests: dict[int, InterceptRequest | str] = {}
    for job in sql.INTERCEPTION_JOBS.rows(ids=list(ids)):
        contact = None
        if job.kind == InterceptionKind.REDIRECT:
            try:
                found = open_json(job.subject_id, bytes(job.receiver_sealed))
            except Erased:
                requests[job.id] = "erased"
                continue
            contact = Contact(**found)
        type_: InterceptType = "redirect" if job.kind == InterceptionKind.REDIRECT else "return"
        requests[job.id] = InterceptRequest(f"LJ{job.id:010d}", job.courier, job.number, type_, job.reason, contact)
    return requests
