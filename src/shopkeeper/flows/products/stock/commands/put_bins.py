"""P3.1: a warehouse gets a bin, or a bin another place in the walking order."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.products.stock.events import BinPut
from shopkeeper.flows.products.stock.permissions import Permission
from shopkeeper.flows.products.stock.sql import counting as sql
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import InWarehouse
from shopkeeper.foundation.sql import columns
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged

_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._/-]{0,29}")


@dataclass(frozen=True, slots=True)
class PutBin:
    """`path_order` is the bin's place on the way of picking, smallest first."""

    warehouse_id: int
    code: Annotated[str, Field(max_length=30)]
    path_order: Annotated[int, Field(ge=0, le=1_000_000)]
    is_quarantine: bool = False


@command(clause="P3.1", permission=Permission.BIN_KEEP, scope=InWarehouse())
def put_bins(step: Step, items: Sequence[PutBin]) -> list[Outcome]:
    """Make bins or change them; of one bin named twice the last stands.

    Refused: "bin_code_unreadable"; "bin_in_use" where a bin with goods in it would change between shelf and
    quarantine.
    """
    given = columns(items, "warehouse_id", "code")
    there = {
        (row.warehouse_id, row.code): row
        for row in sql.BINS.rows(warehouses=given["warehouse_id"], codes=given["code"])
    }
    wanted: dict[tuple[int, str], PutBin] = {}
    answers: list[Outcome | tuple[int, str]] = []
    for item in items:
        key = (item.warehouse_id, item.code)
        row = there.get(key)
        if not _CODE.fullmatch(item.code):
            answers.append(refused("bin_code_unreadable", bin=item.code))
        elif row and row.is_used and row.is_quarantine != item.is_quarantine:
            answers.append(refused("bin_in_use", row.id, bin=item.code))
        elif key not in wanted and row and (row.path_order, row.is_quarantine) == (item.path_order, item.is_quarantine):
            answers.append(unchanged(row.id))
        else:
            wanted[key] = item
            answers.append(key)
    made = _put(step, list(wanted.values()))
    return [answer if isinstance(answer, Outcome) else done(made[answer]) for answer in answers]


def _put(step: Step, bins: Sequence[PutBin]) -> dict[tuple[int, str], int]:
    if not bins:
        return {}
    given = columns(bins, "warehouse_id", "code", "path_order", "is_quarantine")
    rows = sql.PUT_BINS.rows(
        warehouses=given["warehouse_id"],
        codes=given["code"],
        orders=given["path_order"],
        quarantines=given["is_quarantine"],
    )
    step.emit(*(BinPut(row.id, row.warehouse_id, row.code) for row in rows))
    return {(row.warehouse_id, row.code): row.id for row in rows}
