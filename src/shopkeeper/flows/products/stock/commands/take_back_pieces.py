"""S2.3: graded pieces that buyers sent back: into a lot for sale, into quarantine, or written off in the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from shopkeeper.flows.products.stock.events import PiecesTakenBack, SellableChanged
from shopkeeper.flows.products.stock.models import Bin
from shopkeeper.flows.products.stock.permissions import Permission
from shopkeeper.flows.products.stock.sql import receipts
from shopkeeper.flows.products.stock.sql import returns as sql
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import InWarehouse
from shopkeeper.foundation.sql import columns
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged

QUARANTINE = "QUARANTINE"


@dataclass(frozen=True, slots=True)
class TakeBackPieces:
    """Pieces of one SKU and one grade. The lot code is unique per SKU and warehouse, so a repeat is known.

    `bin_code` is where good pieces go; defective ones go to quarantine, scrap goes nowhere.
    """

    sku_id: int
    warehouse_id: int
    lot_code: Annotated[str, Field(min_length=1, max_length=40)]
    quantity: int
    grade: Literal["good", "defective", "scrap"]
    bin_code: str = ""
    subject_id: int = 0
    reason: str = ""


@command(clause="S2.3", permission=Permission.STOCK_MOVE, scope=InWarehouse(), internal=True)
def take_back_pieces(step: Step, items: Sequence[TakeBackPieces]) -> list[Outcome]:
    """Book returned pieces. Refused: "quantity_out_of_bounds", "bin_unknown"; the same lot again is unchanged.

    Scrap is booked in and out again, so that the ledger tells of it and the balance does not move.
    """
    keys = columns(items, "sku_id", "warehouse_id", "lot_code")
    known = {
        (row.sku_id, row.warehouse_id, row.code)
        for row in receipts.KNOWN_LOTS.rows(skus=keys["sku_id"], warehouses=keys["warehouse_id"], lots=keys["lot_code"])
    } | {
        (row.sku_id, row.warehouse_id, row.code)
        for row in sql.WRITTEN_OFF.rows(skus=keys["sku_id"], lots=keys["lot_code"])
    }
    shelves = set(
        Bin.objects.filter(warehouse_id__in=set(keys["warehouse_id"]), is_quarantine=False).values_list(
            "warehouse_id", "code"
        )
    )
    outcomes: list[Outcome] = []
    booked: list[TakeBackPieces] = []
    for item in items:
        key = (item.sku_id, item.warehouse_id, item.lot_code)
        if key in known:
            outcomes.append(unchanged())
        elif not 0 < item.quantity <= sql.QUANTITY_MAX:
            outcomes.append(refused("quantity_out_of_bounds", min=1, max=sql.QUANTITY_MAX))
        elif item.grade == "good" and (item.warehouse_id, item.bin_code) not in shelves:
            outcomes.append(refused("bin_unknown", bin=item.bin_code))
        else:
            known.add(key)
            booked.append(item)
            outcomes.append(done())
    _book(step, booked)
    return outcomes


def _book(step: Step, booked: Sequence[TakeBackPieces]) -> None:
    if not booked:
        return
    given = columns(
        booked, "sku_id", "warehouse_id", "bin_code", "lot_code", "quantity", "grade", "subject_id", "reason"
    )
    sql.TAKE_BACK.run(
        skus=given["sku_id"],
        warehouses=given["warehouse_id"],
        bins=[QUARANTINE if item.grade == "defective" else item.bin_code for item in booked],
        lots=given["lot_code"],
        quantities=given["quantity"],
        grades=given["grade"],
        subjects=given["subject_id"],
        reasons=given["reason"],
        now=step.now,
        actor_id=step.actor.id,
    )
    step.emit(
        *(PiecesTakenBack(i.sku_id, i.warehouse_id, i.quantity, i.grade) for i in booked),
        *(
            SellableChanged(*place)
            for place in sorted({(i.sku_id, i.warehouse_id) for i in booked if i.grade == "good"})
        ),
    )
