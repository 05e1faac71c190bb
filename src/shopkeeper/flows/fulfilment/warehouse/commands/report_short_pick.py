"""O2.1: pieces are not where the books have them; others are fetched, or the order goes back to the check."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.fulfilment.warehouse.commands.finish_wave import orders_to_pack
from shopkeeper.flows.fulfilment.warehouse.commands.leave_waves import set_back
from shopkeeper.flows.fulfilment.warehouse.events import PickedShort
from shopkeeper.flows.fulfilment.warehouse.permissions import Permission
from shopkeeper.flows.fulfilment.warehouse.sql import packing, picking, waves
from shopkeeper.flows.fulfilment.warehouse.states import PICK_FLOW, DropReason, PickState, WaveState
from shopkeeper.flows.products.stock.commands.lock_balances import LockBalances, lock_balances
from shopkeeper.flows.products.stock.commands.set_aside import SetAside, set_aside
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import WarehouseOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged


@dataclass(frozen=True, slots=True)
class ShortPick:
    """What is still open of a pick line is not at its bin."""

    pick_line_id: int
    reason: Annotated[str, Field(max_length=200)] = ""


@command(clause="O2.1", permission=Permission.PICK, scope=WarehouseOf("warehouse_pickline", "pick_line_id"))
def report_short_pick(step: Step, items: Sequence[ShortPick]) -> list[Outcome]:
    """Report missing pieces; they leave the books, and others are put on the list where there are any.

    Done with `facts["replaced"]` (bin, lot, quantity), or with `facts["dropped"]` when the order went back to
    the check as "short_pick". A line that is no longer open is unchanged. Refused: wave_not_claimed,
    claimed_by_other, wave_closed.
    """
    ids = sorted({item.pick_line_id for item in items})
    locked = {row.id: row for row in waves.LOCK_WAVES.rows(waves=[], wave_orders=[], orders=[], pick_lines=ids)}
    lines = {row.id: row for row in picking.LINES_TO_REPORT.rows(lines=ids)}
    packing.LOCK_ORDERS.run(orders=sorted({line.order_id for line in lines.values()}))
    answers = {line_id: _judge(step, lines[line_id], locked[lines[line_id].wave_id]) for line_id in ids}
    short = [lines[line_id] for line_id in ids if answers[line_id].changed]
    if short:
        reasons = {item.pick_line_id: item.reason for item in items}
        answers |= _take_out(step, short, reasons)
        picked = {row.wave_id for row in short if locked[row.wave_id].state == WaveState.PICKED}
        orders_to_pack(step, sorted(picked))
    outcomes, seen = [], set[int]()
    for item in items:
        answer = answers[item.pick_line_id]
        again = item.pick_line_id in seen and answer.changed
        outcomes.append(unchanged(answer.id, **answer.facts) if again else answer)
        seen.add(item.pick_line_id)
    return outcomes


def _judge(step: Step, line: picking.ShortRow, wave: waves.WaveRow) -> Outcome:
    if line.state != PickState.OPEN:
        return unchanged(line.id)
    if wave.state == WaveState.OPEN:
        return refused("wave_not_claimed", line.id)
    if wave.state == WaveState.PICKING and wave.claimed_by != step.actor.id:
        return refused("claimed_by_other", line.id, person_id=wave.claimed_by)
    if wave.state not in (WaveState.PICKING, WaveState.PICKED):
        return refused("wave_closed", line.id, state=wave.state)
    return done(line.id)


def _take_out(step: Step, short: Sequence[picking.ShortRow], reasons: dict[int, str]) -> dict[int, Outcome]:
    """Book the pieces out and put others on the list, or send the order back."""
    picking.MARK_MISSING.run(lines=[row.id for row in short])
    step.move(PICK_FLOW, [row.id for row in short], PickState.SHORT)
    # The pieces' balances now, and those of whatever else the orders give back if they have to leave.
    lock_balances.within(step, [LockBalances(tuple(sorted({row.order_id for row in short})))])
    asides = set_aside.within(
        step,
        [
            SetAside(row.allotment_id, row.quantity - row.picked, "missing", reasons[row.id] or "short_pick")
            for row in short
        ],
    )
    has_others = {row.id: outcome.ok for row, outcome in zip(short, asides, strict=True)}
    lost = {row.order_id: row for row in short if not has_others[row.id]}
    staying = sorted({row.wave_order_id for row in short if row.order_id not in lost})
    made = waves.MAKE_PICK_LINES.rows(wave_orders=staying, repick=True, now=step.now) if staying else []
    for order_id, row in lost.items():
        missing = {"sku": row.sku_code, "bin": row.bin_code, "missing": row.quantity - row.picked}
        set_back(step, [order_id], "short_pick", DropReason.SHORT_PICK, missing)
    step.emit(
        *(
            PickedShort(
                row.id,
                row.wave_id,
                row.order_id,
                row.shop_id,
                row.sku_id,
                row.quantity - row.picked,
                row.order_id not in lost,
            )
            for row in short
        )
    )
    by_line: dict[int, list[waves.MadeRow]] = defaultdict(list)
    for new in made:
        by_line[new.order_line_id].append(new)
    return {
        row.id: done(
            row.id,
            missing=row.quantity - row.picked,
            dropped=row.order_id in lost,
            replaced=[asdict(new) for new in by_line[row.order_line_id]],
        )
        for row in short
    }
