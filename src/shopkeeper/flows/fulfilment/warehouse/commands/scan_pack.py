"""O2.2: each piece is scanned and looked at before it goes into the parcel; a failed one is replaced."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from shopkeeper.flows.fulfilment.intake.commands.advance_orders import AdvanceOrder, advance_orders
from shopkeeper.flows.fulfilment.intake.states import OrderState
from shopkeeper.flows.fulfilment.warehouse.commands.leave_waves import set_back
from shopkeeper.flows.fulfilment.warehouse.commands.open_packing import lock_pack_orders
from shopkeeper.flows.fulfilment.warehouse.commands.scan_pick import (
    KeptScan,
    Pieces,
    ScanCode,
    ScanKey,
    keep_scans,
    known_scans,
    repeated,
)
from shopkeeper.flows.fulfilment.warehouse.events import PieceFailed
from shopkeeper.flows.fulfilment.warehouse.models import Quarantine
from shopkeeper.flows.fulfilment.warehouse.permissions import Permission
from shopkeeper.flows.fulfilment.warehouse.rules.packing import ToCheck, judge_piece
from shopkeeper.flows.fulfilment.warehouse.sql import packing as sql
from shopkeeper.flows.fulfilment.warehouse.sql import waves
from shopkeeper.flows.fulfilment.warehouse.states import (
    WAVE_ORDER_FLOW,
    DropReason,
    Verdict,
    WaveOrderState,
)
from shopkeeper.flows.products.stock.commands.lock_balances import LockBalances, lock_balances
from shopkeeper.flows.products.stock.commands.set_aside import SetAside, set_aside
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import WarehouseOf
from shopkeeper.shared.outcomes import Outcome, done, refused


@dataclass(frozen=True, slots=True)
class ScanPack:
    """A piece scanned at the packing station, and what the eye says of it."""

    wave_order_id: int
    code: ScanCode
    key: ScanKey
    verdict: Verdict = Verdict.OK
    quantity: Pieces = 1


@dataclass(frozen=True, slots=True)
class Failure:
    """Pieces of one pick line that did not pass."""

    rank: int
    order: sql.PackOrderRow
    line: ToCheck
    source: sql.InToteRow
    quantity: int
    verdict: Verdict


@dataclass(slots=True)
class Bench:
    """What a batch of scans works on, and what has been decided so far."""

    orders: dict[int, sql.PackOrderRow]
    lines: dict[int, list[ToCheck]] = field(default_factory=lambda: defaultdict(list))
    passed: list[tuple[int, int]] = field(default_factory=list)
    failed: list[tuple[int, ScanPack, ToCheck]] = field(default_factory=list)
    kept: list[KeptScan] = field(default_factory=list)


@command(clause="O2.2", permission=Permission.PACK, scope=WarehouseOf("warehouse_waveorder", "wave_order_id"))
def scan_pack(step: Step, items: Sequence[ScanPack]) -> list[Outcome]:
    """Check pieces of open orders, in the order given.

    Done with the parcel's progress; a failed piece goes to quarantine and is fetched again
    (`facts["repick"]`), or, where no other is free, the order goes back to the check as "damaged_piece"
    (`facts["dropped"]`). Refused and on record: not_in_order, too_many, not_picked; refused: not_open,
    packed_by_other, refund_open, order_left_wave. A key seen before is answered as the first time.
    """
    bench = _bench([item.wave_order_id for item in items])
    known = known_scans([item.key for item in items])
    outcomes: list[Outcome] = []
    for rank, item in enumerate(items):
        if item.key not in known:
            outcome = _scan(step, bench, item, rank)
            known[item.key] = repeated(outcome)
            outcomes.append(outcome)
        else:
            outcomes.append(known[item.key])
    if bench.passed:
        sql.CHECK_PIECES.run(lines=[line for line, _ in bench.passed], pieces=[pieces for _, pieces in bench.passed])
    for rank, facts in _fail(step, bench).items():
        outcomes[rank].facts.update(facts)
    keep_scans(step, "pack", bench.kept)
    return outcomes


def _bench(wave_order_ids: Sequence[int]) -> Bench:
    bench = Bench(lock_pack_orders(sorted(set(wave_order_ids))))
    for row in sql.PACK_LINES.rows(wave_orders=list(bench.orders)):
        codes = frozenset({row.barcode.upper(), row.sku_code.upper()} - {""})
        bench.lines[row.wave_order_id].append(
            ToCheck(row.id, row.order_line_id, row.sku_id, codes, row.quantity, row.checked, row.in_tote)
        )
    return bench


def refusal_of(step: Step, row: sql.PackOrderRow) -> str | None:
    """Why an order cannot be worked on at the actor's station now, or None."""
    if row.drop_reason == DropReason.REFUND_OPEN:
        return "refund_open"
    if row.state in (WaveOrderState.RETURNING, WaveOrderState.DROPPED):
        return "order_left_wave"
    if row.state != WaveOrderState.PACKING:
        return "not_open"
    return None if row.packer_id == step.actor.id else "packed_by_other"


def _scan(step: Step, bench: Bench, item: ScanPack, rank: int) -> Outcome:
    order = bench.orders[item.wave_order_id]
    code = refusal_of(step, order)
    if code:
        return refused(code, order.id)
    if any(failed.wave_order_id == order.id for _, failed, _ in bench.failed):
        return refused("not_open", order.id)  # a piece before it failed: the order is being re-picked
    lines = bench.lines[order.id]
    verdict = judge_piece(lines, item.code, item.quantity, item.verdict)
    facts: dict[str, Any] = {
        "checked": sum(line.checked for line in lines),
        "pieces": sum(line.quantity for line in lines),
        "line": verdict.line.order_line_id if verdict.line else None,
    }
    outcome = done(order.id, **facts) if verdict.code == "ok" else refused(verdict.code, order.id, **facts)
    if verdict.line and outcome.ok:
        if verdict.passed:
            bench.passed.append((verdict.line.id, verdict.passed))
        if verdict.failed:
            bench.failed.append((rank, item, verdict.line))
    bench.kept.append(
        KeptScan(
            item.key,
            order.wave_id,
            order.id,
            verdict.line.order_line_id if verdict.line else None,
            verdict.line.sku_id if verdict.line else None,
            item.code[:80],
            item.quantity,
            str(item.verdict) if outcome.ok else verdict.code,
            outcome.ok,
            outcome.facts,
        )
    )
    return outcome


def _fail(step: Step, bench: Bench) -> dict[int, dict[str, Any]]:
    """Quarantine failed pieces and have others fetched; returns more facts by the scan's place in the batch."""
    if not bench.failed:
        return {}
    failures = _sources(bench)
    sql.MARK_FAILED.run(lines=[f.source.id for f in failures], pieces=[f.quantity for f in failures])
    taken: dict[int, int] = defaultdict(int)
    for failure in failures:
        taken[failure.source.allotment_id] += failure.quantity
    verdicts = {f.source.allotment_id: f.verdict for f in failures}
    # The pieces' balances now, and those of whatever else the orders give back if they have to leave.
    lock_balances.within(step, [LockBalances(tuple(sorted({f.order.order_id for f in failures})))])
    asides = set_aside.within(
        step,
        [SetAside(allotment, pieces, "quarantine", str(verdicts[allotment])) for allotment, pieces in taken.items()],
    )
    without = {allotment for allotment, outcome in zip(taken, asides, strict=True) if not outcome.ok}
    lost = sorted({f.order.order_id for f in failures if f.source.allotment_id in without})
    _record(step, failures, lost)
    made = _fetch_others(step, sorted({f.order.id for f in failures if f.order.order_id not in lost}))
    set_back(step, lost, "damaged_piece", DropReason.FAILED_PIECE, {"sku": _first_code(failures, lost)})
    return {
        f.rank: {
            "verdict": str(f.verdict),
            "dropped": f.order.order_id in lost,
            "repick": [
                asdict(new)
                for new in made
                if new.wave_order_id == f.order.id and new.order_line_id == f.line.order_line_id
            ],
        }
        for f in failures
    }


def _sources(bench: Bench) -> list[Failure]:
    """Charge failed pieces to the pick lines they came from, the latest fetched first."""
    held = sql.PIECES_IN_TOTE.rows(wave_orders=sorted({item.wave_order_id for _, item, _ in bench.failed}))
    left = {row.id: row.in_tote for row in held}
    failures = []
    for rank, item, line in bench.failed:
        wanted = item.quantity
        for row in held:
            fits = row.wave_order_id == item.wave_order_id and row.order_line_id == line.order_line_id
            part = min(left[row.id], wanted) if fits else 0
            if part:
                left[row.id] -= part
                wanted -= part
                order = bench.orders[item.wave_order_id]
                failures.append(Failure(rank, order, line, row, part, item.verdict))
    return failures


def _record(step: Step, failures: Sequence[Failure], lost: Sequence[int]) -> None:
    Quarantine.objects.bulk_create(
        Quarantine(
            wave_order_id=f.order.id,
            warehouse_id=f.order.warehouse_id,
            order_line_id=f.line.order_line_id,
            sku_id=f.line.sku_id,
            lot_code=f.source.lot_code,
            quantity=f.quantity,
            verdict=f.verdict,
            is_replaced=f.order.order_id not in lost,
            failed_at=step.now,
            failed_by=step.actor.id,
        )
        for f in failures
    )
    step.emit(
        *(
            PieceFailed(
                f.order.order_id,
                f.order.shop_id,
                f.line.sku_id,
                f.quantity,
                str(f.verdict),
                f.order.order_id not in lost,
            )
            for f in failures
        )
    )


def _fetch_others(step: Step, wave_orders: Sequence[int]) -> list[waves.MadeRow]:
    """Put replacements on the pick list; the orders are in picking again until they are here."""
    if not wave_orders:
        return []
    made = waves.MAKE_PICK_LINES.rows(wave_orders=list(wave_orders), repick=True, now=step.now)
    rows = sql.PACK_ORDERS.rows(wave_orders=list(wave_orders), orders=[])
    step.move(WAVE_ORDER_FLOW, list(wave_orders), WaveOrderState.REPICKING)
    advance_orders.within(step, [AdvanceOrder(row.order_id, OrderState.PICKING) for row in rows])
    return made


def _first_code(failures: Sequence[Failure], lost: Sequence[int]) -> str:
    codes = [min(f.line.codes) for f in failures if f.order.order_id in lost and f.line.codes]
    return codes[0] if codes else ""
