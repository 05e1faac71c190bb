"""S2.3: a parcel comes back and is scanned at the warehouse; one that nobody knows is kept as such."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.fulfilment.parcels.rules.numbers import couriers_of, tidy_number
from shopkeeper.flows.service.aftersale import deadlines
from shopkeeper.flows.service.aftersale.events import ReturnMatched, ReturnReceived
from shopkeeper.flows.service.aftersale.models import ReturnParcel, case_number
from shopkeeper.flows.service.aftersale.permissions import Permission
from shopkeeper.flows.service.aftersale.sql import cases as case_sql
from shopkeeper.flows.service.aftersale.sql import returns as sql
from shopkeeper.flows.service.aftersale.states import CASE_FLOW, RETURN_FLOW, CaseState, ReturnState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import InWarehouse, WarehouseOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm, close
from shopkeeper.sop.policy import policies

SHORTEST = 6
_CASE_NUMBER = re.compile(r"SH0*(\d{1,18})")
AWAITED = (ReturnState.AWAITED, ReturnState.ON_THE_WAY)


@dataclass(frozen=True, slots=True)
class ReceiveReturn:
    """A scan: the courier's number on the parcel, or the number of the case."""

    warehouse_id: int
    code: Annotated[str, Field(min_length=1, max_length=60)]


@dataclass(frozen=True, slots=True)
class MatchReturn:
    """Whose an unknown parcel is."""

    return_id: int
    case_id: int


@command(clause="S2.3", permission=Permission.RETURN_RECEIVE, scope=InWarehouse())
def receive_return(step: Step, items: Sequence[ReceiveReturn]) -> list[Outcome]:
    """Receive parcels. Done with the return's id and `facts["is_known"]`; the same parcel again is unchanged.

    A parcel may arrive at another warehouse than was meant: it is where it was scanned. Refused:
    "number_unreadable", "case_without_return" for the number of a case that awaits none.
    """
    codes = [tidy_number(item.code) for item in items]
    cases = {code: int(found[1]) for code in codes if (found := _CASE_NUMBER.fullmatch(code))}
    ids = [row.id for row in sql.FIND.rows(numbers=codes, cases=sorted(set(cases.values())))]
    rows = sql.LOCK.rows(returns=ids) if ids else []
    by_code = {row.number: row for row in rows if row.number}
    by_code |= {code: row for code, case_id in cases.items() for row in rows if row.case_id == case_id}
    arrived: dict[int, tuple[sql.ReturnRow, int]] = {}
    unknown: dict[str, int] = {}
    outcomes: list[Outcome | str] = []
    for item, code in zip(items, codes, strict=True):
        row = by_code.get(code)
        if row is not None:
            is_new = row.state in AWAITED and row.id not in arrived
            outcomes.append(_received(row) if is_new else unchanged(row.id, is_known=row.case_id is not None))
            if is_new:
                arrived[row.id] = (row, item.warehouse_id)
        elif code in cases:
            outcomes.append(refused("case_without_return", cases[code]))
        elif len(code) < SHORTEST or not code.isascii():
            outcomes.append(refused("number_unreadable"))
        else:
            unknown.setdefault(code, item.warehouse_id)
            outcomes.append(code)
    _take_in(step, list(arrived.values()))
    made = _keep_unknown(step, unknown)
    told: set[str] = set()
    return [_first(one, made, told) if isinstance(one, str) else one for one in outcomes]


def _received(row: sql.ReturnRow) -> Outcome:
    return done(row.id, is_known=True, case_id=row.case_id, number=case_number(row.case_id or 0))


def _first(code: str, made: dict[str, int], told: set[str]) -> Outcome:
    if code in told:
        return unchanged(made[code], is_known=False)
    told.add(code)
    return done(made[code], is_known=False)


def _take_in(step: Step, arrived: Sequence[tuple[sql.ReturnRow, int]]) -> None:
    """Known parcels: here, and to be graded."""
    if not arrived:
        return
    ids = [row.id for row, _ in arrived]
    warehouses = [warehouse_id for _, warehouse_id in arrived]
    sql.NOTE_RECEIVED.run(returns=ids, warehouses=warehouses, now=step.now, actor_id=step.actor.id)
    step.move(RETURN_FLOW, ids, ReturnState.RECEIVED)
    await_grading(step, [(row.id, row.case_id or 0, row.shop_id, warehouse_id) for row, warehouse_id in arrived])
    step.emit(*(ReturnReceived(row.id, row.case_id, warehouse_id) for row, warehouse_id in arrived))


def await_grading(step: Step, parcels: Sequence[tuple[int, int, int | None, int]]) -> None:
    """(return, case, shop, warehouse): the case waits for the grading now, and the clock of it runs."""
    cases = [case_id for _, case_id, _, _ in parcels]
    step.move(CASE_FLOW, cases, CaseState.RECEIVED)
    close(step, deadlines.RETURN, cases)
    hours = policies(step)
    arm(
        step,
        [
            Arm(
                deadlines.GRADE,
                return_id,
                step.now + timedelta(hours=hours("aftersale_grade_hours", shop_id)),
                shop_id=shop_id,
                warehouse_id=warehouse_id,
                label=case_number(case_id),
            )
            for return_id, case_id, shop_id, warehouse_id in parcels
        ],
    )


def _keep_unknown(step: Step, unknown: dict[str, int]) -> dict[str, int]:
    made = ReturnParcel.objects.bulk_create(
        [
            ReturnParcel(
                warehouse_id=warehouse_id,
                courier=found[0] if len(found := couriers_of(code)) == 1 else "",
                number=code,
                state=ReturnState.UNKNOWN,
                state_at=step.now,
                made_at=step.now,
                received_at=step.now,
                received_by=step.actor.id,
            )
            for code, warehouse_id in unknown.items()
        ]
    )
    step.emit(*(ReturnReceived(row.pk, None, row.warehouse_id) for row in made))
    return {row.number: row.pk for row in made}


@command(clause="S2.3", permission=Permission.RETURN_RECEIVE, scope=WarehouseOf("aftersale_returnparcel", "return_id"))
def match_return(step: Step, items: Sequence[MatchReturn]) -> list[Outcome]:
    """Say whose unknown parcels are; each takes the place of the one its case awaited.

    Refused: "not_found" for cases of other shops, "return_not_unknown", "case_without_return". A parcel that is
    the case's already is unchanged.
    """
    case_ids = sorted({item.case_id for item in items})
    case_sql.LOCK_ORDERS_OF.run(cases=case_ids)
    case_sql.LOCK_CASES.rows(cases=case_ids)
    cases = {row.id: row for row in case_sql.CASES.rows(cases=case_ids)}
    own = {row.case_id: row for row in sql.LOCK_OF_CASES.rows(cases=case_ids)}
    rows = {row.id: row for row in sql.LOCK.rows(returns=sorted({item.return_id for item in items}))}
    matched: dict[int, tuple[sql.ReturnRow, case_sql.CaseRow]] = {}
    outcomes = []
    for item in items:
        row, case = rows[item.return_id], cases.get(item.case_id)
        taken = own.get(item.case_id)
        if case is None or not step.actor.sees_shop(case.shop_id):
            outcomes.append(refused("not_found", item.return_id))
        elif row.case_id == item.case_id or row.id in matched:
            outcomes.append(unchanged(row.id))
        elif row.state != ReturnState.UNKNOWN:
            outcomes.append(refused("return_not_unknown", row.id))
        elif taken is None or taken.state not in AWAITED or case.id in {c.id for _, c in matched.values()}:
            outcomes.append(refused("case_without_return", row.id))
        else:
            matched[row.id] = (row, case)
            outcomes.append(done(row.id, case_id=case.id))
    _match(step, list(matched.values()), own)
    return outcomes


def _match(
    step: Step, matched: Sequence[tuple[sql.ReturnRow, case_sql.CaseRow]], own: dict[int | None, sql.ReturnRow]
) -> None:
    if not matched:
        return
    step.move(RETURN_FLOW, [own[case.id].id for _, case in matched], ReturnState.CANCELLED, "another parcel came")
    sql.NOTE_MATCHED.run(
        returns=[row.id for row, _ in matched],
        cases=[case.id for _, case in matched],
        shops=[case.shop_id for _, case in matched],
    )
    step.move(RETURN_FLOW, [row.id for row, _ in matched], ReturnState.RECEIVED)
    await_grading(step, [(row.id, case.id, case.shop_id, row.warehouse_id) for row, case in matched])
    step.emit(*(ReturnMatched(row.id, case.id, case.shop_id) for row, case in matched))
