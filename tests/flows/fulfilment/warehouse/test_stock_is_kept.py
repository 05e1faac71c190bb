"""Property: whatever happens in the warehouse, in whatever order, balance, lots, promises and ledger agree."""

from collections.abc import Callable
from random import Random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shopkeeper.flows.fulfilment.intake.commands.cancel_orders import CancelOrder, cancel_orders
from shopkeeper.flows.fulfilment.intake.models import Order
from shopkeeper.flows.fulfilment.warehouse.commands.finish_wave import FinishWave, finish_wave
from shopkeeper.flows.fulfilment.warehouse.commands.leave_waves import LeaveWave, leave_waves
from shopkeeper.flows.fulfilment.warehouse.commands.open_packing import OpenPacking, open_packing
from shopkeeper.flows.fulfilment.warehouse.commands.report_short_pick import ShortPick, report_short_pick
from shopkeeper.flows.fulfilment.warehouse.commands.return_to_shelf import ReturnToShelf, return_to_shelf
from shopkeeper.flows.fulfilment.warehouse.models import PackLine, PickLine, Wave, WaveOrder
from shopkeeper.flows.fulfilment.warehouse.states import Verdict
from shopkeeper.flows.products.stock.models import Allotment, Reshelving
from shopkeeper.foundation.actor import SYSTEM
from tests.flows.fulfilment.warehouse.stage import Stage, books_balance, open_lines, set_stage

STEPS = ("pick", "pick", "pick", "short", "finish", "open", "check", "fail", "fail", "cancel", "return", "release")


@pytest.mark.clause("O2.1")
@pytest.mark.clause("O2.2")
@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lots=st.lists(st.integers(1, 6), min_size=1, max_size=3),
    wishes=st.lists(st.lists(st.integers(1, 3), min_size=1, max_size=2), min_size=1, max_size=3),
    steps=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 2**16)), min_size=5, max_size=18),
)
def test_stock_is_kept(db: None, lots: list[int], wishes: list[list[int]], steps: list[tuple[str, int]]) -> None:
    with transaction.atomic():
        stage = set_stage()
        bins = ["A-01-01", "A-01-02", "B-01-01"]
        skus = [stage.sku(*zip(bins, [n + 6 for n in lots], strict=False)) for _ in range(2)]
        for wish in wishes:
            stage.order(*zip(skus, wish, strict=False))
        assert stage.release().changed
        stage.wave(claimed=False) if Order.objects.filter(state="released").exists() else None
        for wave in Wave.objects.all():
            claim(stage, wave)
        for name, seed in steps:
            DOING[name](stage, Random(seed))
            keeps()
        transaction.set_rollback(True)


def keeps() -> None:
    assert books_balance()
    for on_the_way in Reshelving.objects.all():  # each piece set apart for a called-back order is in a tote
        lines = PickLine.objects.filter(
            wave_order__state="returning", order_line_id=on_the_way.order_line_id, lot_id=on_the_way.lot_id
        )
        assert on_the_way.quantity == sum(line.picked - line.failed for line in lines)
    for line in PickLine.objects.all():
        assert 0 <= line.failed <= line.picked <= line.quantity - line.missing
    for packing in WaveOrder.objects.exclude(state__in=["returning", "dropped"]):
        listed: dict[tuple[int, int], int] = {}
        for line in PickLine.objects.filter(wave_order=packing).exclude(state="cancelled"):
            where = (line.order_line_id, line.lot_id)
            listed[where] = listed.get(where, 0) + line.quantity - line.missing - line.failed
        allotted = {
            (a.order_line_id, a.lot_id): a.quantity for a in Allotment.objects.filter(order_id=packing.order_id)
        }
        assert {where: n for where, n in listed.items() if n} == allotted
        for need in PackLine.objects.filter(wave_order=packing):
            pieces = sum(n for (line, _), n in listed.items() if line == need.order_line_id)
            assert pieces == need.quantity


def claim(stage: Stage, wave: Wave) -> None:
    from shopkeeper.flows.fulfilment.warehouse.commands.claim_wave import ClaimWave, claim_wave

    claim_wave.one(stage.picker, ClaimWave(wave.pk, take_over=True))


def pick(stage: Stage, chance: Random) -> None:
    for wave in Wave.objects.filter(state__in=["picking", "picked"]):
        for line in open_lines(wave)[:1]:
            stage.pick(wave, line.barcode, chance.randint(1, line.quantity - line.picked))


def short(stage: Stage, chance: Random) -> None:
    lines = list(PickLine.objects.filter(state="open"))
    if lines:
        some = chance.sample(lines, min(len(lines), 2))
        report_short_pick(stage.picker, [ShortPick(line.pk) for line in some])


def finish(stage: Stage, chance: Random) -> None:
    for wave in Wave.objects.filter(state="picking"):
        stage.pick_all(wave)
        finish_wave.one(stage.picker, FinishWave(wave.pk))


def open_(stage: Stage, chance: Random) -> None:
    for packing in WaveOrder.objects.filter(state="to_pack"):
        open_packing.one(stage.packer, OpenPacking(stage.warehouse.pk, packing.order.number))


def check(stage: Stage, chance: Random, verdict: Verdict = Verdict.OK) -> None:
    for packing in WaveOrder.objects.filter(state="packing"):
        line = chance.choice(list(PackLine.objects.filter(wave_order=packing).select_related("sku")))
        stage.check(packing, line.sku.barcode, verdict, chance.randint(1, line.quantity))


def fail(stage: Stage, chance: Random) -> None:
    open_(stage, chance)
    check(stage, chance, chance.choice([Verdict.DAMAGED, Verdict.STAINED, Verdict.WRONG_PIECE]))


def cancel(stage: Stage, chance: Random) -> None:
    order = chance.choice(list(Order.objects.values_list("id", flat=True)))
    cancel_orders.one(SYSTEM, CancelOrder(order, "买家取消"))
    leave_waves.one(SYSTEM, LeaveWave(order))


def put_back(stage: Stage, chance: Random) -> None:
    for packing in WaveOrder.objects.filter(state="returning"):
        return_to_shelf.one(stage.picker, ReturnToShelf(packing.pk))


def release(stage: Stage, chance: Random) -> None:
    stage.release()
    for wave in Wave.objects.filter(state="open"):
        claim(stage, wave)


DOING: dict[str, Callable[[Stage, Random], None]] = {
    "pick": pick,
    "short": short,
    "finish": finish,
    "open": open_,
    "check": check,
    "fail": fail,
    "cancel": cancel,
    "return": put_back,
    "release": release,
}
