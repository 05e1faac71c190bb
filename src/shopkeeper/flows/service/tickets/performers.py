"""What service says outside, performed after commit with no transaction open: order changes and interceptions.

Every call may be repeated without effect. What came of it goes into a command; config/gateways.py gives the ports.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from shopkeeper.flows.service.tickets.commands.answer_changes import (
    AnswerChange,
    answer_changes,
)
from shopkeeper.flows.service.tickets.commands.answer_interceptions import (
    AnswerInterception,
    answer_interceptions,
)
from shopkeeper.flows.service.tickets.ports import (
    CourierInterception,
    Intercepted,
    InterceptRequest,
    OutsideError,
    PlatformOrderChanges,
    ShopAccess,
)
from shopkeeper.flows.service.tickets.queries.jobs import ChangeTask, change_tasks, interception_requests
from shopkeeper.flows.service.tickets.states import BUYER_MUST_APPLY, ChangeKind
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.errands import DONE, ErrandResult, ErrandRow, Performer

AUTH_PAUSE_S = 600.0  # a person has to renew something first
NO_DOOR = "no_platform"
ERASED = "erased"


@dataclass(frozen=True, slots=True)
class Gateways:
    """The ports service uses: platforms by name, how shops are reached, the courier service."""

    platforms: Mapping[str, PlatformOrderChanges]
    shops: Callable[[Collection[int]], Mapping[int, ShopAccess]]
    courier: CourierInterception


def performers(gateways: Gateways) -> dict[str, Performer]:
    """Errand kind → who performs it."""
    return {
        "change_order": lambda rows: change_orders(gateways, rows),
        "intercept_parcel": lambda rows: intercept_parcels(gateways, rows),
    }


def change_orders(gateways: Gateways, rows: Sequence[ErrandRow]) -> list[ErrandResult]:
    """S2.2: each change to its platform until it says yes or no; what it has no door for goes to a person."""
    tasks = change_tasks([row.subject_id for row in rows])
    access = gateways.shops({task.shop_id for task in tasks.values()})
    results = []
    for row in rows:
        task = tasks.get(row.subject_id)
        if task is None:  # over meanwhile
            results.append(DONE)
            continue
        try:
            _tell(gateways, access, task)
        except OutsideError as error:
            answer_changes(SYSTEM, [_change_refusal(task.id, error)])
            results.append(_later(error) if error.worth_retrying or error.kind == "auth" else DONE)
        else:
            answer_changes(SYSTEM, [AnswerChange(task.id, "acknowledged")])
            results.append(DONE)
    return results


def _tell(gateways: Gateways, access: Mapping[int, ShopAccess], task: ChangeTask) -> None:
    if task.is_erased:
        raise OutsideError("permanent", ERASED, "the receiver was erased")
    platform = gateways.platforms.get(task.platform)
    if platform is None or task.shop_id not in access or not access[task.shop_id].base_url:
        raise OutsideError("permanent", NO_DOOR, task.platform)
    if task.kind == ChangeKind.CANCEL:
        platform.close(access[task.shop_id], task.platform_no, task.reason)
    elif task.receiver is not None:
        platform.change_address(access[task.shop_id], task.platform_no, task.receiver)


def _change_refusal(change_id: int, error: OutsideError) -> AnswerChange:
    if error.worth_retrying or error.kind == "auth":
        return AnswerChange(change_id, "delayed", error.code[:60])
    by_hand = error.code in (NO_DOOR, BUYER_MUST_APPLY)
    return AnswerChange(change_id, "by_hand" if by_hand else "refused", error.code[:60])


def intercept_parcels(gateways: Gateways, rows: Sequence[ErrandRow]) -> list[ErrandResult]:
    """S2.2: each interception to its courier until it says yes or no."""
    requests = interception_requests([row.subject_id for row in rows])
    results = []
    for row in rows:
        request = requests.get(row.subject_id)
        if request is None:
            results.append(DONE)
            continue
        answer = _ask(gateways, request)
        if isinstance(answer, OutsideError) and (answer.worth_retrying or answer.kind == "auth"):
            results.append(_later(answer))
            continue
        accepted = isinstance(answer, Intercepted)
        code = "" if accepted else getattr(answer, "code", "")[:60]
        courier_ref = answer.courier_ref[:60] if isinstance(answer, Intercepted) else ""
        answer_interceptions(SYSTEM, [AnswerInterception(row.subject_id, accepted, code, courier_ref)])
        results.append(DONE)
    return results


def _ask(gateways: Gateways, request: InterceptRequest | str) -> Intercepted | OutsideError:
    if isinstance(request, str):
        return OutsideError("permanent", request)
    try:
        return gateways.courier.intercept(request)
    except OutsideError as error:
        return error


def _later(error: OutsideError) -> ErrandResult:
    pause = AUTH_PAUSE_S if error.kind == "auth" else error.retry_after_s
    return ErrandResult("retry", f"{error.kind} {error.code}"[:200], pause)
