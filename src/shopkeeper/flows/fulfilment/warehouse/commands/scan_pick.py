"""O2.1: each piece is scanned as it is taken from the shelf, and compared with the list."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import Field

from shopkeeper.flows.fulfilment.warehouse.commands.finish_wave import orders_to_pack
from shopkeeper.flows.fulfilment.warehouse.permissions import Permission
from shopkeeper.flows.fulfilment.warehouse.rules.picking import PickVerdict, ToPick, judge_pick
from shopkeeper.flows.fulfilment.warehouse.sql import picking, waves
from shopkeeper.flows.fulfilment.warehouse.states import PICK_FLOW, PickState, WaveState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import WarehouseOf
from shopkeeper.foundation.sql import columns
from shopkeeper.shared.outcomes import Outcome, Result, done, refused, unchanged

ScanKey = Annotated[str, Field(min_length=1, max_length=100)]
ScanCode = Annotated[str, Field(min_length=1, max_length=80)]
Pieces = Annotated[int, Field(ge=1, le=9_999)]


@dataclass(frozen=True, slots=True)
class ScanPick:
    """A scan of a SKU's barcode or code. `key` is the client's: the same key is the same scan, however often
    it arrives. `bin_code` names the bin when the picker does not follow the list's order."""

    wave_id: int
    code: ScanCode
    key: ScanKey
    quantity: Pieces = 1
    bin_code: Annotated[str, Field(max_length=40)] = ""


@dataclass(slots=True)
class Floor:
    """What a batch of scans works on: the locked waves, their lists, and what has been decided so far."""

    states: dict[int, waves.WaveRow]
    rows: dict[int, picking.ListRow]
    lists: dict[int, list[ToPick]] = field(default_factory=lambda: defaultdict(list))
    takes: list[tuple[int, int]] = field(default_factory=list)
    kept: list["KeptScan"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class KeptScan:
    """One scan as it is put on record."""

    key: str
    wave_id: int
    wave_order_id: int | None
    order_line_id: int | None
    sku_id: int | None
    code: str
    quantity: int
    verdict: str
    is_accepted: bool
    facts: dict[str, Any]


@command(clause="O2.1", permission=Permission.PICK, scope=WarehouseOf("warehouse_wave", "wave_id"))
def scan_pick(step: Step, items: Sequence[ScanPick]) -> list[Outcome]:
    """Verify scans at the shelf, in the order given.

    Done with the slots the pieces go into, what is next, and the wave's progress. Refused and on record:
    wrong_piece, over_pick, not_in_wave, wrong_bin; refused: wave_not_claimed, claimed_by_other, wave_closed.
    A key seen before is answered as the first time, without effect.
    """
    floor = _floor([item.wave_id for item in items])
    known = known_scans([item.key for item in items])
    outcomes = []
    for item in items:
        if item.key in known:
            outcomes.append(known[item.key])
            continue
        outcome = _scan(step, floor, item)
        known[item.key] = repeated(outcome)
        outcomes.append(outcome)
    _write(step, floor)
    return outcomes


def known_scans(keys: Sequence[str]) -> dict[str, Outcome]:
    """The answers already given to scans with these keys."""
    return {
        row.key: unchanged(row.subject_id, **json.loads(row.facts))
        if row.is_accepted
        else refused(row.verdict, row.subject_id, **json.loads(row.facts))
        for row in picking.KNOWN_SCANS.rows(keys=list(keys))
    }


def repeated(outcome: Outcome) -> Outcome:
    """What a scan that arrives again is answered: the same, with nothing done."""
    return Outcome(Result.UNCHANGED, "unchanged", outcome.id, outcome.facts) if outcome.ok else outcome


def keep_scans(step: Step, station: str, kept: Sequence[KeptScan]) -> None:
    """Put scans on record, refused ones too: the last ten are shown, and nothing is scanned twice."""
    if kept:
        given = columns(kept, *KeptScan.__dataclass_fields__)
        picking.KEEP_SCANS.run(
            station=station,
            now=step.now,
            actor_id=step.actor.id,
            keys=given["key"],
            waves=given["wave_id"],
            wave_orders=given["wave_order_id"],
            order_lines=given["order_line_id"],
            skus=given["sku_id"],
            codes=given["code"],
            quantities=given["quantity"],
            verdicts=given["verdict"],
            accepted=given["is_accepted"],
            facts=[json.dumps(facts, ensure_ascii=False) for facts in given["facts"]],
        )


def _floor(wave_ids: Sequence[int]) -> Floor:
    locked = waves.LOCK_WAVES.rows(waves=list(wave_ids), wave_orders=[], orders=[], pick_lines=[])
    rows = picking.PICK_LIST.rows(waves=list(wave_ids))
    floor = Floor({row.id: row for row in locked}, {row.id: row for row in rows})
    for row in rows:
        left = row.quantity - row.picked if row.state == PickState.OPEN else 0
        codes = frozenset({row.barcode.upper(), row.sku_code.upper()} - {""})
        floor.lists[row.wave_id].append(ToPick(row.id, row.sku_id, codes, row.bin_code, row.slot, left))
    return floor


def _scan(step: Step, floor: Floor, item: ScanPick) -> Outcome:
    wave = floor.states[item.wave_id]
    lines = floor.lists[wave.id]
    code = _not_for_this_picker(step, wave)
    if code:
        return refused(code, wave.id)
    verdict = judge_pick(lines, item.code, item.quantity, item.bin_code)
    outcome = _answer(floor, wave.id, verdict)
    hit = floor.rows[verdict.takes[0].line_id] if verdict.takes else None
    floor.takes += [(take.line_id, take.quantity) for take in verdict.takes]
    floor.kept.append(
        KeptScan(
            item.key,
            wave.id,
            hit.wave_order_id if hit else None,
            hit.order_line_id if hit else None,
            hit.sku_id if hit else None,
            item.code[:80],
            item.quantity,
            verdict.code,
            outcome.ok,
            outcome.facts,
        )
    )
    return outcome


def _not_for_this_picker(step: Step, wave: waves.WaveRow) -> str | None:
    """Replacements of failed pieces may be fetched by anybody; a wave only by whoever claimed it."""
    if wave.state == WaveState.PICKED:
        return None
    if wave.state == WaveState.OPEN:
        return "wave_not_claimed"
    if wave.state != WaveState.PICKING:
        return "wave_closed"
    return None if wave.claimed_by == step.actor.id else "claimed_by_other"


def _answer(floor: Floor, wave_id: int, verdict: PickVerdict) -> Outcome:
    lines = floor.lists[wave_id]
    upcoming = next((line for line in lines if line.left > 0), None)
    facts: dict[str, Any] = {
        "picked": sum(floor.rows[line.id].quantity - line.left for line in lines if _counts(floor, line)),
        "pieces": sum(floor.rows[line.id].quantity for line in lines if _counts(floor, line)),
        "next": _place(floor.rows, upcoming),
    }
    if verdict.code != "ok":
        return refused(verdict.code, wave_id, **facts, expected=_place(floor.rows, verdict.expected))
    row = floor.rows[verdict.takes[0].line_id]
    return done(
        wave_id,
        **facts,
        sku_code=row.sku_code,
        name=row.name,
        spec=row.spec,
        bin=row.bin_code,
        puts=[{"slot": take.slot, "quantity": take.quantity} for take in verdict.takes],
        left_here=sum(one.left for one in lines if one.bin_code == row.bin_code and one.sku_id == row.sku_id),
    )


def _counts(floor: Floor, line: ToPick) -> bool:
    return floor.rows[line.id].state in (PickState.OPEN, PickState.PICKED)


def _place(rows: Mapping[int, picking.ListRow], line: ToPick | None) -> dict[str, Any] | None:
    if line is None:
        return None
    row = rows[line.id]
    return {
        "line_id": row.id,
        "bin": row.bin_code,
        "sku_code": row.sku_code,
        "barcode": row.barcode,
        "name": row.name,
        "spec": row.spec,
        "lot": row.lot_code,
        "slot": row.slot,
        "quantity": line.left,
    }


def _write(step: Step, floor: Floor) -> None:
    keep_scans(step, "pick", floor.kept)
    if not floor.takes:
        return
    touched = picking.TAKE.rows(
        lines=[line for line, _ in floor.takes], quantities=[pieces for _, pieces in floor.takes]
    )
    complete = sorted(row.id for row in touched if row.is_complete)
    step.move(PICK_FLOW, complete, PickState.PICKED)
    again = sorted({floor.rows[row.id].wave_id for row in touched if row.is_complete})
    orders_to_pack(step, [wave for wave in again if floor.states[wave].state == WaveState.PICKED])
