"""O3.1: a tracking number is entered, by the courier's answer or by hand; one number ↔ one parcel."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.fulfilment.parcels.commands.cancel_parcels import PARCEL_ROW
from shopkeeper.flows.fulfilment.parcels.commands.case_steps import Wanted, end_cases_of, open_cases_for
from shopkeeper.flows.fulfilment.parcels.events import ParcelNumbered, WaybillFailed
from shopkeeper.flows.fulfilment.parcels.permissions import Permission
from shopkeeper.flows.fulfilment.parcels.rules.numbers import NUMBER_PATTERNS, number_fits, tidy_number
from shopkeeper.flows.fulfilment.parcels.sql import parcels
from shopkeeper.flows.fulfilment.parcels.states import PARCEL_FLOW, CaseKind, CaseOutcome, ParcelState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.errands import Errand
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged

NUMBER_CASE_HOURS = 4


@dataclass(frozen=True, slots=True)
class EnterNumber:
    """`courier` '' = the one chosen when the parcel was opened. Sorting code and hub as the courier gave them."""

    parcel_id: int
    number: Annotated[str, Field(min_length=1, max_length=60)]
    courier: Annotated[str, Field(max_length=20)] = ""
    routing_code: Annotated[str, Field(max_length=40)] = ""
    hub: Annotated[str, Field(max_length=40)] = ""
    print_data: Annotated[str, Field(max_length=20_000)] = ""


@dataclass(frozen=True, slots=True)
class RequestNumber:
    """Ask (again) for a number, of another courier if one is named."""

    parcel_id: int
    courier: Annotated[str, Field(max_length=20)] = ""


@dataclass(frozen=True, slots=True)
class WaybillFailure:
    parcel_id: int
    code: str


@command(clause="O3.1", permission=Permission.NUMBER_ENTER, scope=PARCEL_ROW)
def enter_numbers(step: Step, items: Sequence[EnterNumber]) -> list[Outcome]:
    """Enter numbers. Refused: bad_number_format, number_already_used, has_other_number, parcel_cancelled."""
    ids = sorted({item.parcel_id for item in items})
    parcels.LOCK.run(ids=ids)
    rows = {row.id: row for row in parcels.READ.rows(ids=ids)}
    wanted = [(item.courier or rows[item.parcel_id].courier, tidy_number(item.number)) for item in items]
    asked = {"couriers": [courier for courier, _ in wanted], "numbers": [number for _, number in wanted]}
    parcels.LOCK_NUMBERS.run(**asked)
    used = {(row.courier, row.number): row.id for row in parcels.USED.rows(**asked)}
    taken: dict[int, tuple[EnterNumber, str, str]] = {}
    outcomes = []
    for item, (courier, number) in zip(items, wanted, strict=True):
        outcome = _judge(rows[item.parcel_id], courier, number, used, taken)
        if outcome.changed:
            taken[item.parcel_id] = (item, courier, number)
            used[courier, number] = item.parcel_id
        outcomes.append(outcome)
    _enter(step, rows, taken)
    return outcomes


def _judge(
    row: parcels.ParcelRow,
    courier: str,
    number: str,
    used: Mapping[tuple[str, str], int],
    taken: Mapping[int, tuple[EnterNumber, str, str]],
) -> Outcome:
    had = taken[row.id][1:] if row.id in taken else (row.courier, row.number)
    if had == (courier, number):
        return unchanged(row.id)
    if not number_fits(courier, number):
        return refused("bad_number_format", row.id, number=number, courier=courier)
    if used.get((courier, number), row.id) != row.id:
        return refused("number_already_used", row.id, number=number)
    if row.state == ParcelState.CANCELLED:
        return refused("parcel_cancelled", row.id)
    if row.state != ParcelState.AWAITING_NUMBER or row.id in taken:
        return refused("has_other_number", row.id, number=had[1])
    return done(row.id, courier=courier, number=number)


def _enter(
    step: Step, rows: Mapping[int, parcels.ParcelRow], taken: Mapping[int, tuple[EnterNumber, str, str]]
) -> None:
    if not taken:
        return
    entered = [taken[parcel_id] for parcel_id in sorted(taken)]
    parcels.NUMBER.run(
        ids=sorted(taken),
        couriers=[courier for _, courier, _ in entered],
        numbers=[number for _, _, number in entered],
        routing=[item.routing_code for item, _, _ in entered],
        hubs=[item.hub for item, _, _ in entered],
        print_data=[item.print_data for item, _, _ in entered],
    )
    step.move(PARCEL_FLOW, sorted(taken), ParcelState.NUMBERED)
    end_cases_of(step, taken, [CaseKind.NO_NUMBER], CaseOutcome.SETTLED)
    step.emit(
        *(
            ParcelNumbered(item.parcel_id, rows[item.parcel_id].order_id, rows[item.parcel_id].shop_id, courier)
            for item, courier, _ in entered
        )
    )


@command(clause="O3.1", permission=Permission.NUMBER_ENTER, scope=PARCEL_ROW)
def request_numbers(step: Step, items: Sequence[RequestNumber]) -> list[Outcome]:
    """Have numbers ordered (again). Refused: unknown_courier, parcel_cancelled; unchanged with a number."""
    ids = sorted({item.parcel_id for item in items})
    parcels.LOCK.run(ids=ids)
    rows = {row.id: row for row in parcels.READ.rows(ids=ids)}
    asking: dict[int, str] = {}
    outcomes = []
    for item in items:
        row = rows[item.parcel_id]
        courier = item.courier or row.courier
        if row.state == ParcelState.CANCELLED:
            outcomes.append(refused("parcel_cancelled", row.id))
        elif courier not in NUMBER_PATTERNS:
            outcomes.append(refused("unknown_courier", row.id, courier=courier))
        elif row.state != ParcelState.AWAITING_NUMBER or row.id in asking:
            outcomes.append(unchanged(row.id))
        else:
            asking[row.id] = courier
            outcomes.append(done(row.id, courier=courier))
    parcels.SET_COURIER.run(ids=list(asking), couriers=list(asking.values()))
    step.errand(*(Errand("order_waybill", id_, step.now, rows[id_].shop_id) for id_ in sorted(asking)))
    return outcomes


@command(clause="O3.1", permission=Permission.NUMBER_ENTER, scope=PARCEL_ROW, internal=True)
def record_waybill_failures(step: Step, items: Sequence[WaybillFailure]) -> list[Outcome]:
    """The courier gave no number and never will this way: a case for the specialist, who enters or asks anew."""
    ids = sorted({item.parcel_id for item in items})
    parcels.LOCK.run(ids=ids)
    rows = {row.id: row for row in parcels.READ.rows(ids=ids)}
    failed = [item for item in items if rows[item.parcel_id].state == ParcelState.AWAITING_NUMBER]
    due_at = step.now + timedelta(hours=NUMBER_CASE_HOURS)
    opened = {
        row.parcel_id
        for row in open_cases_for(
            step, [Wanted(i.parcel_id, CaseKind.NO_NUMBER, i.code, due_at=due_at) for i in failed]
        )
    }
    step.emit(
        *(
            WaybillFailed(i.parcel_id, rows[i.parcel_id].order_id, rows[i.parcel_id].shop_id, i.code)
            for i in failed
            if i.parcel_id in opened
        )
    )
    return [done(i.parcel_id) if i.parcel_id in opened else unchanged(i.parcel_id) for i in items]
