"""O2.2: every print of a label is counted; a second label on the loose needs a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.fulfilment.parcels.commands.cancel_parcels import PARCEL_ROW
from shopkeeper.flows.fulfilment.parcels.events import LabelPrinted
from shopkeeper.flows.fulfilment.parcels.permissions import Permission
from shopkeeper.flows.fulfilment.parcels.sql import parcels
from shopkeeper.flows.fulfilment.parcels.states import ParcelState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.shared.outcomes import Outcome, done, refused


@dataclass(frozen=True, slots=True)
class PrintLabel:
    parcel_id: int
    reason: Annotated[str, Field(max_length=200)] = ""


@command(clause="O2.2", permission=Permission.LABEL_PRINT, scope=PARCEL_ROW)
def print_labels(step: Step, items: Sequence[PrintLabel]) -> list[Outcome]:
    """Count a print and allow it; facts: print_no. Refused: no_number, parcel_cancelled, reprint_needs_reason."""
    ids = sorted({item.parcel_id for item in items})
    parcels.LOCK.run(ids=ids)
    rows = {row.id: row for row in parcels.READ.rows(ids=ids)}
    printed: dict[int, int] = {}
    outcomes = []
    for item in items:
        row = rows[item.parcel_id]
        if row.state == ParcelState.AWAITING_NUMBER:
            outcomes.append(refused("no_number", row.id))
        elif row.state == ParcelState.CANCELLED:
            outcomes.append(refused("parcel_cancelled", row.id))
        elif (row.print_count or row.id in printed) and (not item.reason.strip() or row.id in printed):
            outcomes.append(refused("reprint_needs_reason", row.id, print_count=row.print_count))
        else:
            printed[row.id] = row.print_count + 1
            step.emit(LabelPrinted(row.id, row.shop_id, printed[row.id], item.reason.strip()))
            outcomes.append(done(row.id, print_no=printed[row.id]))
    parcels.COUNT_PRINT.run(ids=sorted(printed))
    return outcomes
