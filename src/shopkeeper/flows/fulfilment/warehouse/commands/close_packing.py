"""O2.2: the parcel is whole, still wanted, numbered and of the right weight: it is closed."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field

from shopkeeper.flows.fulfilment.intake.commands.advance_orders import AdvanceOrder, advance_orders
from shopkeeper.flows.fulfilment.intake.states import OrderState
from shopkeeper.flows.fulfilment.parcels.commands.mark_packed import MarkPacked, mark_packed
from shopkeeper.flows.fulfilment.parcels.queries import ParcelCard, parcels_of_orders
from shopkeeper.flows.fulfilment.warehouse.commands.leave_waves import close_finished, set_back
from shopkeeper.flows.fulfilment.warehouse.commands.open_packing import REFUNDING, lock_pack_orders
from shopkeeper.flows.fulfilment.warehouse.commands.scan_pack import refusal_of
from shopkeeper.flows.fulfilment.warehouse.deadlines import ORDER_PACK
from shopkeeper.flows.fulfilment.warehouse.events import OrderPacked
from shopkeeper.flows.fulfilment.warehouse.permissions import Permission
from shopkeeper.flows.fulfilment.warehouse.rules.packing import Scale, expected_weight, judge_weight
from shopkeeper.flows.fulfilment.warehouse.sql import packing as sql
from shopkeeper.flows.fulfilment.warehouse.states import WAVE_ORDER_FLOW, DropReason, WaveOrderState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import WarehouseOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import close
from shopkeeper.sop.policy import Policies, policies

Grams = Annotated[int, Field(ge=1, le=1_000_000)]
ROW = WarehouseOf("warehouse_waveorder", "wave_order_id")


@dataclass(frozen=True, slots=True)
class ClosePacking:
    wave_order_id: int
    weight_g: Grams


@dataclass(frozen=True, slots=True)
class ForcePacking:
    """Close against the scale; `reason` goes on record."""

    wave_order_id: int
    weight_g: Grams
    reason: Annotated[str, Field(max_length=300)]


@dataclass(frozen=True, slots=True)
class Closing:
    """One parcel about to be closed, with all that is judged."""

    row: sql.PackOrderRow
    weight_g: int
    reason: str
    lines: Sequence[sql.PackLineRow]
    parcel: ParcelCard | None
    scale: Scale


@command(clause="O2.2", permission=Permission.PACK, scope=ROW)
def close_packing(step: Step, items: Sequence[ClosePacking]) -> list[Outcome]:
    """Close parcels; a packed one is unchanged.

    Refused: not_open, packed_by_other, order_left_wave, refund_open (the order is then held),
    not_all_checked, refund_check_pending, number_not_there_yet, too_light, too_heavy (with expected weight and
    tolerance in grams).
    """
    return _close(step, [(item.wave_order_id, item.weight_g, "") for item in items])


@command(clause="O2.2", permission=Permission.PACK_FORCE, scope=ROW)
def force_packing(step: Step, items: Sequence[ForcePacking]) -> list[Outcome]:
    """Close parcels whatever the scale says, by whoever may, also for another packer; all else is judged as
    ever. Refused besides: reason_needed."""
    asked = [(item.wave_order_id, item.weight_g, item.reason.strip()) for item in items]
    answers = iter(_close(step, [one for one in asked if one[2]], is_forced=True))
    return [next(answers) if reason else refused("reason_needed", order) for order, _, reason in asked]


def _close(step: Step, asked: Sequence[tuple[int, int, str]], *, is_forced: bool = False) -> list[Outcome]:
    ids = sorted({wave_order_id for wave_order_id, _, _ in asked})
    rows = lock_pack_orders(ids)
    cards = parcels_of_orders([row.order_id for row in rows.values()])
    lines: dict[int, list[sql.PackLineRow]] = defaultdict(list)
    for line in sql.PACK_LINES.rows(wave_orders=ids):
        lines[line.wave_order_id].append(line)
    value = policies(step)
    closing: dict[int, Closing] = {}
    outcomes = []
    for wave_order_id, weight_g, reason in asked:
        row = rows[wave_order_id]
        scale = _scale(value, row, lines[row.id])
        one = Closing(row, weight_g, reason, lines[row.id], cards.get(row.order_id), scale)
        outcome = _judge(step, value, one, is_forced) if row.id not in closing else unchanged(row.id)
        if outcome.changed:
            closing[row.id] = one
        outcomes.append(outcome)
    refused_late = _write(step, closing)
    _call_back(step, rows, outcomes)
    return [refused_late.get(o.id or 0, o) if o.changed else o for o in outcomes]


def _scale(value: Policies, row: sql.PackOrderRow, lines: Sequence[sql.PackLineRow]) -> Scale:
    return expected_weight(
        [(line.weight_g, line.quantity) for line in lines],
        tare_g=value("pack_tare_g", row.shop_id),
        tolerance_g=value("weight_tolerance_g", row.shop_id),
        tolerance_percent=value("weight_tolerance_percent", row.shop_id),
    )


def _judge(step: Step, value: Policies, one: Closing, is_forced: bool) -> Outcome:
    row = one.row
    if row.state == WaveOrderState.PACKED:
        return unchanged(row.id, weight_g=row.weight_g)
    if row.refund_state in REFUNDING:
        return refused("refund_open", row.id)
    code = refusal_of(step, row)
    if code and not (is_forced and code == "packed_by_other"):
        return refused(code, row.id)
    if row.order_state != OrderState.TO_PACK:
        return refused("order_left_wave", row.id)
    missing = sum(line.quantity - line.checked for line in one.lines)
    if missing:
        return refused("not_all_checked", row.id, missing=missing)
    if row.rechecked_at is None and value("refund_check_required", row.shop_id):
        return refused("refund_check_pending", row.id)
    if one.parcel is None or not one.parcel.number:
        return refused("number_not_there_yet", row.id)
    facts: dict[str, Any] = {
        "weight_g": one.weight_g,
        "expected_g": one.scale.expected_g,
        "tolerance_g": one.scale.tolerance_g,
    }
    verdict = judge_weight(one.scale, one.weight_g)
    if verdict != "ok" and not is_forced:
        return refused(verdict, row.id, **facts)
    return done(row.id, order_id=row.order_id, parcel_id=one.parcel.id, **facts)


def _write(step: Step, closing: Mapping[int, Closing]) -> dict[int, Outcome]:
    """Close what was judged whole; returns the refusals of parcels that changed in between."""
    if not closing:
        return {}
    ones = list(closing.values())
    packed = mark_packed.within(step, [MarkPacked(_parcel(one).id, one.weight_g) for one in ones])
    late = {
        one.row.id: refused("parcel_not_ready", one.row.id, reason=outcome.code)
        for one, outcome in zip(ones, packed, strict=True)
        if not outcome.ok
    }
    ones = [one for one in ones if one.row.id not in late]
    ids = [one.row.id for one in ones]
    sql.STAMP_PACKED.run(
        wave_orders=ids,
        weights=[one.weight_g for one in ones],
        expected=[one.scale.expected_g for one in ones],
        reasons=[one.reason for one in ones],
        now=step.now,
        actor_id=step.actor.id,
    )
    step.move(WAVE_ORDER_FLOW, ids, WaveOrderState.PACKED)
    advance_orders.within(step, [AdvanceOrder(one.row.order_id, OrderState.PACKED) for one in ones])
    close(step, ORDER_PACK, ids)
    step.emit(
        *(
            OrderPacked(
                one.row.order_id,
                one.row.shop_id,
                one.row.warehouse_id,
                one.row.wave_id,
                _parcel(one).id,
                one.weight_g,
                bool(one.reason),
            )
            for one in ones
        )
    )
    close_finished(step, [one.row.wave_id for one in ones])
    return late


def _parcel(one: Closing) -> ParcelCard:
    assert one.parcel is not None
    return one.parcel


def _call_back(step: Step, rows: Mapping[int, sql.PackOrderRow], outcomes: Sequence[Outcome]) -> None:
    """Hold the orders whose refund was found open just now."""
    found = [rows[o.id] for o in outcomes if o.code == "refund_open" and o.id is not None]
    staying = [row.order_id for row in found if not row.drop_reason]
    set_back(step, staying, "refund_open", DropReason.REFUND_OPEN, {})
