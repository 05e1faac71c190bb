"""O2.1: lots are set apart for the lines of a released wave, first in, first out."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from shopkeeper.flows.products.stock.permissions import Permission
from shopkeeper.flows.products.stock.sql import allotments
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import RowsOf
from shopkeeper.shared.outcomes import Outcome, done, refused


@dataclass(frozen=True, slots=True)
class AllotLine:
    order_line_id: int
    order_id: int


@command(clause="O2.1", permission=Permission.STOCK_MOVE, scope=RowsOf("intake_order", "order_id"), internal=True)
def allot_lots(step: Step, items: Sequence[AllotLine]) -> list[Outcome]:
    """Allot each promised line to its oldest lots; `facts["allotments"]` lists them in the order of receipt.

    Refused "no_lot" where the lots hold less than the balance promised: a count must find out why.
    """
    lines = [item.order_line_id for item in items]
    allotments.LOCK_BALANCES.run(lines=lines)
    allotments.LOCK_LOTS.run(lines=lines)
    allotments.ALLOT_FIFO.run(lines=lines, doubted=[])
    short = {row.order_line_id: row.missing for row in allotments.SHORT_LINES.rows(lines=lines)}
    given = allotted_to(lines)
    return [
        refused("no_lot", item.order_line_id, missing=short[item.order_line_id])
        if item.order_line_id in short
        else done(item.order_line_id, allotments=given[item.order_line_id])
        for item in items
    ]


def allotted_to(lines: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """The allotments of order lines, oldest lot first."""
    given: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in allotments.ALLOTTED.rows(lines=list(lines)):
        facts = asdict(row)
        given[facts.pop("order_line_id")].append(facts)
    return given
