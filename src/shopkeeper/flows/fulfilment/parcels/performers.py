"""What parcels say outside, performed after commit with no transaction open: numbers, reports, tracking.

Every call may be repeated without effect: waybills by our parcel reference, reports by number, subscriptions by
number. What came of it goes into a command. config/gateways.py gives the ports.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from shopkeeper.flows.fulfilment.parcels import queries
from shopkeeper.flows.fulfilment.parcels.commands.enter_numbers import (
    EnterNumber,
    WaybillFailure,
    enter_numbers,
    record_waybill_failures,
)
from shopkeeper.flows.fulfilment.parcels.commands.record_ship_backs import ShipBackAnswer, record_ship_backs
from shopkeeper.flows.fulfilment.parcels.commands.take_in_tracking import (
    HeardScan,
    TakeInTracking,
    take_in_tracking,
)
from shopkeeper.flows.fulfilment.parcels.ports import (
    Ack,
    Courier,
    OutsideError,
    ShipBack,
    ShipNotice,
    ShopAccess,
    TrackResult,
    Waybill,
    WaybillRequest,
)
from shopkeeper.flows.fulfilment.parcels.states import AT_REST, ParcelState, ShipBackState
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.errands import DONE, ErrandResult, ErrandRow, Performer

AUTH_PAUSE_S = 600.0  # a person has to renew something first
AT_ONCE = 6
Job = TypeVar("Job")
Got = TypeVar("Got")


@dataclass(frozen=True, slots=True)
class CourierAccount:
    """Our account with one courier; the key never shows in `repr`."""

    number: str
    key: str = ""

    def __repr__(self) -> str:
        return f"CourierAccount({self.number!r})"


@dataclass(frozen=True, slots=True)
class Gateways:
    """The ports parcels use: couriers, platforms by name, how shops are reached, where pushes should go."""

    courier: Courier
    accounts: Callable[[str], CourierAccount]
    ship_backs: Mapping[str, ShipBack]
    shops: Callable[[Collection[int]], Mapping[int, ShopAccess]]
    callback_url: str


def performers(gateways: Gateways) -> dict[str, Performer]:
    """Errand kind → who performs it."""
    return {
        "order_waybill": lambda rows: order_waybills(gateways, rows),
        "cancel_waybill": lambda rows: cancel_waybills(gateways, rows),
        "ship_back": lambda rows: ship_back(gateways, rows),
        "subscribe_tracking": lambda rows: subscribe_tracking(gateways, rows),
        "pull_tracking": lambda rows: pull_tracking(gateways, rows),
    }


def order_ref(parcel_id: int) -> str:
    """Our key for a parcel at the courier: asking again with it gives the same number."""
    return f"CK{parcel_id:010d}"


def _each(jobs: Mapping[int, Job], ask: Callable[[Job], Got]) -> dict[int, Got | OutsideError]:
    """Ask outside about each job, a few at once; what goes wrong with one is that one's answer."""

    def tried(job: Job) -> Got | OutsideError:
        try:
            return ask(job)
        except OutsideError as error:
            return error

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return dict(zip(jobs, pool.map(tried, jobs.values()), strict=True))


def _later(error: OutsideError) -> ErrandResult:
    pause = AUTH_PAUSE_S if error.kind == "auth" else error.retry_after_s
    return ErrandResult("retry", f"{error.kind} {error.code}"[:200], pause)


def order_waybills(gateways: Gateways, rows: Sequence[ErrandRow]) -> list[ErrandResult]:
    """O3.1: a number for each parcel still without one; what cannot be had becomes a case."""
    jobs, failures = queries.waybill_jobs([row.subject_id for row in rows])
    failed = [WaybillFailure(parcel_id, code) for parcel_id, code in failures.items()]

    def ask(job: queries.WaybillJob) -> Waybill:
        account = gateways.accounts(job.courier)
        return gateways.courier.order_waybill(_waybill_request(job, account))

    answers = _each(jobs, ask)
    numbered = [
        EnterNumber(id_, got.number, got.courier_code, got.routing_code[:40], got.hub[:40], got.print_data or "")
        for id_, got in answers.items()
        if isinstance(got, Waybill)
    ]
    failed += [
        WaybillFailure(id_, got.code)
        for id_, got in answers.items()
        if isinstance(got, OutsideError) and not got.worth_retrying
    ]
    outcomes = enter_numbers(SYSTEM, numbered)
    for item, outcome in zip(numbered, outcomes, strict=True):
        if outcome.code in ("parcel_cancelled", "has_other_number"):
            _give_back(gateways, item)
        elif not outcome.ok:
            failed.append(WaybillFailure(item.parcel_id, outcome.code))
    record_waybill_failures(SYSTEM, failed)
    results = []
    for row in rows:
        got = answers.get(row.subject_id)
        again = isinstance(got, OutsideError) and got.worth_retrying
        results.append(_later(got) if again and isinstance(got, OutsideError) else DONE)
    return results


def _waybill_request(job: queries.WaybillJob, account: CourierAccount) -> WaybillRequest:
    return WaybillRequest(
        order_ref=order_ref(job.parcel_id),
        courier_code=job.courier,
        account_no=account.number,
        account_key=account.key,
        sender=job.sender,
        receiver=job.receiver,
        receiver_token=job.receiver_token,
        platform_no=job.platform_no,
        cargo=job.cargo,
        count=1,
        weight_g=job.weight_g,
    )


def _give_back(gateways: Gateways, item: EnterNumber) -> None:
    """A number that came too late is not ours to keep. If the courier does not take it, it lapses."""
    try:
        gateways.courier.cancel_waybill(order_ref(item.parcel_id), item.courier, item.number, "not needed")
    except OutsideError as error:
        if error.worth_retrying:
            raise  # the errand is repeated: the same reference gives the same number, and it is given back then


def cancel_waybills(gateways: Gateways, rows: Sequence[ErrandRow]) -> list[ErrandResult]:
    """O3.1: numbers of void parcels are given back; one the courier will not take back lapses."""
    found = queries.track_jobs([row.subject_id for row in rows])
    jobs = {id_: job for id_, job in found.items() if job.number and job.state == ParcelState.CANCELLED}

    def ask(job: queries.TrackJob) -> None:
        gateways.courier.cancel_waybill(order_ref(job.parcel_id), job.courier, job.number or "", "order cancelled")

    answers = _each(jobs, ask)
    return [_retry_or_done(answers.get(row.subject_id)) for row in rows]


def ship_back(gateways: Gateways, rows: Sequence[ErrandRow]) -> list[ErrandResult]:
    """O3.1: each number to its platform until acknowledged; a refusal for good becomes a case."""
    found = queries.ship_back_jobs([row.subject_id for row in rows])
    jobs = {id_: job for id_, job in found.items() if job.state == ShipBackState.PENDING}
    access = gateways.shops({job.shop_id for job in jobs.values()})
    again = {row.subject_id for row in rows if row.attempts > 1}

    def ask(job: queries.ShipBackJob) -> Ack:
        if job.shop_id not in access or job.platform not in gateways.ship_backs:
            raise OutsideError("permanent", "no_platform", job.platform)
        is_repeat = job.parcel_id in again
        notice = ShipNotice(job.platform_no, tuple(job.line_nos), job.courier, job.number or "", is_repeat)
        return gateways.ship_backs[job.platform].send(access[job.shop_id], notice)

    answers = _each(jobs, ask)
    record_ship_backs(SYSTEM, [_ship_back_answer(id_, got) for id_, got in answers.items()])
    return [_retry_or_done(answers.get(row.subject_id)) for row in rows]


def _ship_back_answer(parcel_id: int, got: Ack | OutsideError) -> ShipBackAnswer:
    if isinstance(got, Ack):
        return ShipBackAnswer(parcel_id, "acknowledged", f"{got.platform_no} {got.number}", repeated=got.repeated)
    answer = "failed" if got.kind == "permanent" else "delayed"
    return ShipBackAnswer(parcel_id, "failed" if answer == "failed" else "delayed", code=got.code)


def subscribe_tracking(gateways: Gateways, rows: Sequence[ErrandRow]) -> list[ErrandResult]:
    """O3.2: have tracking pushed. What the service will not follow is asked about daily all the same."""
    found = queries.track_jobs([row.subject_id for row in rows])
    jobs = {id_: job for id_, job in found.items() if job.number and job.state not in AT_REST}

    def ask(job: queries.TrackJob) -> None:
        gateways.courier.subscribe(job.number or "", job.courier, gateways.callback_url, job.phone_tail)

    answers = _each(jobs, ask)
    return [_retry_or_done(answers.get(row.subject_id)) for row in rows]


def pull_tracking(gateways: Gateways, rows: Sequence[ErrandRow]) -> list[ErrandResult]:
    """O3.2: ask where parcels are. No record yet is an answer, too."""
    found = queries.track_jobs([row.subject_id for row in rows])
    jobs = {id_: job for id_, job in found.items() if job.number and job.state not in AT_REST}

    def ask(job: queries.TrackJob) -> TrackResult:
        return gateways.courier.query(job.number or "", job.courier, job.phone_tail)

    answers = _each(jobs, ask)
    take_in_tracking(
        SYSTEM,
        [
            heard(got, jobs[id_].courier, jobs[id_].number or "")
            for id_, got in answers.items()
            if isinstance(got, TrackResult)
        ],
    )
    return [_retry_or_done(answers.get(row.subject_id)) for row in rows]


def heard(result: TrackResult, courier: str = "", number: str = "") -> TakeInTracking:
    """A courier service's answer as the command takes it."""
    scans = tuple(HeardScan(e.at, e.code, e.state, e.text, e.place) for e in result.events)
    return TakeInTracking(courier or result.courier_code, number or result.number, scans, result.watch)


def _retry_or_done(got: object) -> ErrandResult:
    """Trouble that passes is tried again; what is refused for good was recorded, or comes round by its watch."""
    if isinstance(got, OutsideError) and (got.worth_retrying or got.kind == "auth"):
        return _later(got)
    return DONE
