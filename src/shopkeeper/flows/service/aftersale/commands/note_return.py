"""S2.3: the buyer has sent the goods back and says by which courier and number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.fulfilment.parcels.rules.numbers import couriers_of, tidy_number
from shopkeeper.flows.service.aftersale import deadlines
from shopkeeper.flows.service.aftersale.commands.casework import CASE_SCOPE, load
from shopkeeper.flows.service.aftersale.events import ReturnOnTheWay
from shopkeeper.flows.service.aftersale.models import case_number
from shopkeeper.flows.service.aftersale.permissions import Permission
from shopkeeper.flows.service.aftersale.sql import returns as sql
from shopkeeper.flows.service.aftersale.states import RETURN_FLOW, ReturnState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm
from shopkeeper.sop.policy import policies

SHORTEST = 6


@dataclass(frozen=True, slots=True)
class NoteReturn:
    """The number on the parcel; a courier left out is read from the number's form."""

    case_id: int
    courier: Annotated[str, Field(max_length=30)]
    number: Annotated[str, Field(min_length=1, max_length=60)]


@command(clause="S2.3", permission=Permission.CASE_HANDLE, scope=CASE_SCOPE)
def note_return(step: Step, items: Sequence[NoteReturn]) -> list[Outcome]:
    """Note numbers of returns on their way. Refused: "no_return_awaited", "number_unreadable", "number_used" for
    one that another return has. The same number again is unchanged."""
    judged = load(step, [item.case_id for item in items])
    rows = {row.case_id: row for row in sql.LOCK_OF_CASES.rows(cases=sorted(judged))}
    numbers = [tidy_number(item.number) for item in items]
    used = {row.number: row.id for row in sql.FIND.rows(numbers=numbers, cases=[]) if row.number}
    noted: dict[int, tuple[sql.ReturnRow, str, str]] = {}
    outcomes = []
    for item, number in zip(items, numbers, strict=True):
        row = rows.get(item.case_id)
        if row is not None and row.number == number:
            outcomes.append(unchanged(row.id))
        elif row is None or row.state not in (ReturnState.AWAITED, ReturnState.ON_THE_WAY):
            outcomes.append(refused("no_return_awaited", item.case_id))
        elif len(number) < SHORTEST or not number.isascii():
            outcomes.append(refused("number_unreadable", item.case_id))
        elif used.get(number, row.id) != row.id:
            outcomes.append(refused("number_used", item.case_id))
        else:
            used[number] = row.id
            found = couriers_of(number)
            noted[row.id] = (row, item.courier.strip() or (found[0] if len(found) == 1 else ""), number)
            outcomes.append(done(row.id, case_id=item.case_id))
    _write(step, list(noted.values()))
    return outcomes


def _write(step: Step, noted: Sequence[tuple[sql.ReturnRow, str, str]]) -> None:
    if not noted:
        return
    sql.NOTE_NUMBER.run(
        returns=[row.id for row, _, _ in noted],
        couriers=[courier for _, courier, _ in noted],
        numbers=[number for _, _, number in noted],
    )
    step.move(RETURN_FLOW, [row.id for row, _, _ in noted], ReturnState.ON_THE_WAY)
    days = policies(step)
    arm(
        step,
        [
            Arm(
                deadlines.RETURN,
                row.case_id or 0,
                step.now + timedelta(days=days("aftersale_return_days", row.shop_id)),
                shop_id=row.shop_id,
                label=case_number(row.case_id or 0),
            )
            for row, _, _ in noted
        ],
    )
    step.emit(*(ReturnOnTheWay(row.id, row.case_id or 0, row.shop_id or 0) for row, _, _ in noted))
