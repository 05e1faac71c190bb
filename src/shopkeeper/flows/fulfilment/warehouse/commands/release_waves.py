"""O2.1: released orders become waves; lots are allotted first in, first out; parcels are opened."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shopkeeper.flows.fulfilment.intake.commands.advance_orders import AdvanceOrder, advance_orders
from shopkeeper.flows.fulfilment.intake.commands.hold_orders import HoldOrder, hold_orders
from shopkeeper.flows.fulfilment.intake.states import OrderState
from shopkeeper.flows.fulfilment.parcels.commands.open_parcels import OpenParcel, open_parcels
from shopkeeper.flows.fulfilment.warehouse.commands.call_for_waves import settle_call
from shopkeeper.flows.fulfilment.warehouse.commands.leave_waves import reshelve
from shopkeeper.flows.fulfilment.warehouse.deadlines import WAVE_PICK
from shopkeeper.flows.fulfilment.warehouse.events import OrderAllotted, WaveReleased
from shopkeeper.flows.fulfilment.warehouse.models import Wave, WaveOrder, wave_number
from shopkeeper.flows.fulfilment.warehouse.permissions import Permission
from shopkeeper.flows.fulfilment.warehouse.rules.waves import Candidate, due_at, waves_of
from shopkeeper.flows.fulfilment.warehouse.sql import waves as sql
from shopkeeper.flows.fulfilment.warehouse.states import WaveOrderState, WaveState
from shopkeeper.flows.products.stock.commands.allot_lots import AllotLine, allot_lots
from shopkeeper.foundation.commands import ITEMS_PER_TRANSACTION, Step, command
from shopkeeper.foundation.scope import InWarehouse
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm
from shopkeeper.sop.policy import policies


@dataclass(frozen=True, slots=True)
class ReleaseWaves:
    """Make waves in a warehouse of the orders named, or of all that wait there."""

    warehouse_id: int
    order_ids: tuple[int, ...] = ()


@command(clause="O2.1", permission=Permission.WAVE_RELEASE, scope=InWarehouse())
def release_waves(step: Step, items: Sequence[ReleaseWaves]) -> list[Outcome]:
    """Release waves: the most urgent orders first, at most `wave_size_max` in each.

    Done with `facts["waves"]` (id, number, orders) and `facts["left_out"]` (order ids held because no lot has
    their pieces). Unchanged where nothing waits, or all orders named are in waves already; refused
    "orders_not_released" where some named order is neither.
    """
    asked = {item.warehouse_id: item for item in reversed(items)}
    found = _candidates(step, list(asked.values()))
    ready, left_out = _take(step, found)
    waves = _make_waves(step, ready)
    _announce(step, waves)
    settle_call(step, list(asked))
    outcomes = []
    for item in items:  # a warehouse named twice in one batch is released once
        first = asked.pop(item.warehouse_id, None)
        outcomes.append(
            _answer(item, found, waves[item.warehouse_id], left_out) if first else unchanged(waves=[], left_out=[])
        )
    return outcomes


def _candidates(step: Step, items: Sequence[ReleaseWaves]) -> dict[int, sql.CandidateRow]:
    """Orders of the actor's shops that may go, by id: everything waiting in the warehouses, or those named."""
    everything = [item.warehouse_id for item in items if not item.order_ids]
    named = {order_id: item.warehouse_id for item in items for order_id in item.order_ids}
    rows: list[sql.CandidateRow] = []
    if everything:
        rows += sql.WAITING.rows(warehouses=everything, limit=ITEMS_PER_TRANSACTION)
    if named:
        rows += [row for row in sql.NAMED.rows(orders=list(named)) if row.warehouse_id == named[row.order_id]]
    seen = [row for row in rows if step.actor.sees_shop(row.shop_id)]
    return {row.order_id: row for row in seen[:ITEMS_PER_TRANSACTION]}


def _take(step: Step, found: dict[int, sql.CandidateRow]) -> tuple[list[sql.CandidateRow], dict[int, list[int]]]:
    """Move the orders on and allot their lots; who gets no lot is held. Returns the ready and the left out."""
    urgent = [
        candidate.order_id
        for wave in waves_of([Candidate(r.order_id, r.ship_by_at, r.released_at) for r in found.values()], 1)
        for candidate in wave
    ]
    moves = advance_orders.within(step, [AdvanceOrder(order_id, OrderState.PICKING) for order_id in urgent])
    moved = [order_id for order_id, move in zip(urgent, moves, strict=True) if move.changed]
    lines = sql.ORDER_LINES.rows(orders=moved)
    allotted = allot_lots.within(step, [AllotLine(line.id, line.order_id) for line in lines])
    short = {line.order_id for line, outcome in zip(lines, allotted, strict=True) if not outcome.ok}
    short |= set(moved) - {line.order_id for line in lines}
    left_out: dict[int, list[int]] = defaultdict(list)
    if short:
        hold_orders.within(step, [HoldOrder(order_id, "short_pick", {}) for order_id in sorted(short)])
        reshelve(step, sorted(short))  # nobody has fetched anything for them
    for order_id in sorted(short):
        left_out[found[order_id].warehouse_id].append(order_id)
    return [found[order_id] for order_id in moved if order_id not in short], left_out


def _make_waves(step: Step, ready: Sequence[sql.CandidateRow]) -> dict[int, list[tuple[Wave, list[WaveOrder]]]]:
    """Write waves, their orders and lists, and open the parcels."""
    size_max = policies(step)("wave_size_max")
    by_id = {row.order_id: row for row in ready}
    by_warehouse: dict[int, list[Candidate]] = defaultdict(list)
    for row in ready:
        by_warehouse[row.warehouse_id].append(Candidate(row.order_id, row.ship_by_at, row.released_at))
    groups = [(place, wave) for place, some in by_warehouse.items() for wave in waves_of(some, size_max)]
    made: dict[int, list[tuple[Wave, list[WaveOrder]]]] = defaultdict(list)
    if not groups:
        return made
    waves = Wave.objects.bulk_create([_wave(step, place, wave) for place, wave in groups])
    orders = WaveOrder.objects.bulk_create(
        [
            _wave_order(step, wave, slot, by_id[candidate.order_id])
            for wave, (_, group) in zip(waves, groups, strict=True)
            for slot, candidate in enumerate(group, start=1)
        ]
    )
    ids = [order.id for order in orders]
    sql.MAKE_PACK_LINES.run(wave_orders=ids)
    sql.MAKE_PICK_LINES.rows(wave_orders=ids, repick=False, now=step.now)
    counts = {row.id: row.pieces for row in sql.COUNT_WAVES.rows(waves=[wave.id for wave in waves])}
    open_parcels.within(step, [OpenParcel(order.order_id, order.warehouse_id) for order in orders])
    of_wave: dict[int, list[WaveOrder]] = defaultdict(list)
    for order in orders:
        of_wave[order.wave_id].append(order)
    for wave in waves:
        wave.piece_count = counts[wave.id]
        made[wave.warehouse_id].append((wave, of_wave[wave.id]))
    return made


def _wave(step: Step, warehouse_id: int, orders: Sequence[Candidate]) -> Wave:
    return Wave(
        warehouse_id=warehouse_id,
        state=WaveState.OPEN,
        state_at=step.now,
        released_at=step.now,
        released_by=step.actor.id,
        ship_by_at=min((c.ship_by_at for c in orders if c.ship_by_at), default=None),
        order_count=len(orders),
    )


def _wave_order(step: Step, wave: Wave, slot: int, row: sql.CandidateRow) -> WaveOrder:
    return WaveOrder(
        wave=wave,
        order_id=row.order_id,
        shop_id=row.shop_id,
        warehouse_id=row.warehouse_id,
        slot=slot,
        state=WaveOrderState.PICKING,
        state_at=step.now,
        ship_by_at=row.ship_by_at,
    )


def _announce(step: Step, made: dict[int, list[tuple[Wave, list[WaveOrder]]]]) -> None:
    minutes = policies(step)("wave_pick_minutes")
    everything = [pair for waves in made.values() for pair in waves]
    arm(
        step,
        [
            Arm(
                WAVE_PICK,
                wave.id,
                due_at(step.now, minutes, wave.ship_by_at),
                warehouse_id=wave.warehouse_id,
                label=wave.number,
            )
            for wave, _ in everything
        ],
    )
    for wave, orders in everything:
        step.emit(WaveReleased(wave.id, wave.warehouse_id, len(orders), wave.piece_count))
        step.emit(*(OrderAllotted(o.order_id, o.shop_id, o.warehouse_id, wave.id, o.slot) for o in orders))


def _answer(
    item: ReleaseWaves,
    found: dict[int, sql.CandidateRow],
    made: Sequence[tuple[Wave, list[WaveOrder]]],
    left_out: dict[int, list[int]],
) -> Outcome:
    facts: dict[str, Any] = {
        "waves": [{"id": wave.id, "number": wave_number(wave.id), "orders": len(orders)} for wave, orders in made],
        "left_out": left_out.get(item.warehouse_id, []),
    }
    if made:
        return done(made[0][0].id, **facts)
    if facts["left_out"]:
        return refused("no_lot_for_orders", **facts)
    strangers = set(item.order_ids) - set(found)
    if strangers:
        held = WaveOrder.objects.filter(order_id__in=strangers).values_list("order_id", flat=True)
        if unknown := sorted(strangers - set(held)):
            return refused("orders_not_released", orders=unknown)
    return unchanged(**facts)
