"""O2.1: a wave is claimed, scanned piece by piece, reported short where it is, and finished."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from shopkeeper.flows.fulfilment.intake.commands.cancel_orders import CancelOrder, cancel_orders
from shopkeeper.flows.fulfilment.intake.commands.decide_holds import DecideHold, decide_holds
from shopkeeper.flows.fulfilment.intake.commands.hold_orders import HoldOrder, hold_orders
from shopkeeper.flows.fulfilment.intake.commands.release_orders import ReleaseOrder, release_orders
from shopkeeper.flows.fulfilment.intake.commands.retry_short_orders import RetryShort, retry_short_orders
from shopkeeper.flows.fulfilment.intake.models import Hold, Order
from shopkeeper.flows.fulfilment.warehouse.commands.claim_wave import ClaimWave, claim_wave
from shopkeeper.flows.fulfilment.warehouse.commands.finish_wave import FinishWave, finish_wave
from shopkeeper.flows.fulfilment.warehouse.commands.leave_waves import LeaveWave, leave_waves
from shopkeeper.flows.fulfilment.warehouse.commands.report_short_pick import ShortPick, report_short_pick
from shopkeeper.flows.fulfilment.warehouse.commands.return_to_shelf import ReturnToShelf, return_to_shelf
from shopkeeper.flows.fulfilment.warehouse.commands.scan_pick import ScanPick, scan_pick
from shopkeeper.flows.fulfilment.warehouse.models import PickLine, Scan, Wave, WaveOrder
from shopkeeper.flows.fulfilment.warehouse.permissions import Permission
from shopkeeper.flows.fulfilment.warehouse.states import DropReason
from shopkeeper.flows.products.stock.models import Lot, Stock
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.shared.errors import NotAllowed
from shopkeeper.sop.models import Deadline
from tests import factories
from tests.databases import FreshDatabase
from tests.flows.fulfilment.warehouse.stage import Stage, books_balance, key, open_lines, set_stage

pytestmark = pytest.mark.clause("O2.1")


@pytest.fixture
def stage(db: None) -> Stage:
    return set_stage()


def test_a_wave_is_claimed_by_one_picker(stage: Stage) -> None:
    stage.order((stage.sku(("A-01-01", 5)), 1))
    wave = stage.wave(claimed=False)
    assert claim_wave.one(stage.picker, ClaimWave(wave.pk)).changed
    assert claim_wave.one(stage.picker, ClaimWave(wave.pk)).code == "unchanged"
    other = claim_wave.one(stage.packer, ClaimWave(wave.pk))
    assert (other.code, other.facts["person_id"]) == ("claimed_by_other", stage.picker.id)
    assert claim_wave.one(stage.packer, ClaimWave(wave.pk, take_over=True)).changed
    wave.refresh_from_db()
    assert (wave.state, wave.claimed_by) == ("picking", stage.packer.id)


def test_pieces_are_scanned_in_bin_order_into_their_slots(stage: Stage) -> None:
    near, far = stage.sku(("A-01-01", 9)), stage.sku(("B-01-01", 9))
    stage.order((near, 1), (far, 1))
    stage.order((near, 2))
    wave = stage.wave()
    first = stage.pick(wave, near.barcode, 2)
    assert first.facts["puts"] == [{"slot": 1, "quantity": 1}, {"slot": 2, "quantity": 1}]
    assert (first.facts["picked"], first.facts["pieces"], first.facts["next"]["bin"]) == (2, 4, "A-01-01")
    assert stage.pick(wave, near.code.lower()).facts["next"]["bin"] == "B-01-01"
    last = stage.pick(wave, "]C1" + far.barcode)
    assert last.changed
    assert (last.facts["picked"], last.facts["next"]) == (4, None)
    assert set(PickLine.objects.values_list("state", flat=True)) == {"picked"}


def test_a_wrong_piece_is_refused_and_on_record(stage: Stage) -> None:
    near, far, stranger = stage.sku(("A-01-01", 9)), stage.sku(("B-01-01", 9)), stage.sku(("A-01-01", 9))
    stage.order((near, 1), (far, 1))
    wave = stage.wave()
    wrong = stage.pick(wave, far.barcode)
    assert (wrong.code, wrong.facts["expected"]["bin"]) == ("wrong_piece", "A-01-01")
    assert stage.pick(wave, stranger.barcode).code == "not_in_wave"
    assert stage.pick(wave, "4006381333931").code == "not_in_wave"
    assert stage.pick(wave, near.barcode, 2).code == "over_pick"
    assert stage.pick(wave, far.barcode, bin_code="LOC:B-01-01").changed
    assert stage.pick(wave, near.barcode, bin_code="B-01-01").code == "wrong_bin"
    assert stage.pick(wave, near.barcode).changed
    assert stage.pick(wave, near.barcode).code == "over_pick"
    kept = Scan.objects.filter(is_accepted=False).order_by("id").values_list("verdict", flat=True)
    assert list(kept) == ["wrong_piece", "not_in_wave", "not_in_wave", "over_pick", "wrong_bin", "over_pick"]
    assert list(PickLine.objects.values_list("picked", flat=True)) == [1, 1]


def test_only_whoever_claimed_the_wave_may_scan(stage: Stage) -> None:
    shirt = stage.sku(("A-01-01", 9))
    stage.order((shirt, 2))
    wave = stage.wave(claimed=False)
    assert stage.pick(wave, shirt.barcode).code == "wave_not_claimed"
    assert claim_wave.one(stage.packer, ClaimWave(wave.pk)).changed
    assert stage.pick(wave, shirt.barcode).code == "claimed_by_other"
    with pytest.raises(NotAllowed):
        scan_pick(factories.actor_with(Permission.PACK), [ScanPick(wave.pk, shirt.barcode, key())])
    abroad = set_stage()
    assert scan_pick.one(abroad.picker, ScanPick(wave.pk, shirt.barcode, key())).code == "not_found"
    assert not PickLine.objects.filter(picked__gt=0).exists()


def test_the_same_scan_twice_counts_once(stage: Stage) -> None:
    shirt = stage.sku(("A-01-01", 9))
    stage.order((shirt, 2))
    wave = stage.wave()
    first = stage.pick(wave, shirt.barcode, key="the-same-scan")
    again = stage.pick(wave, shirt.barcode, key="the-same-scan")
    assert (first.code, again.code) == ("done", "unchanged")
    assert again.facts == first.facts
    wrong = stage.pick(wave, "nothing", key="a-wrong-scan")
    assert stage.pick(wave, "nothing", key="a-wrong-scan") == wrong
    item = ScanPick(wave.pk, shirt.barcode, "in-one-batch")
    assert [o.code for o in scan_pick(stage.picker, [item, item])] == ["done", "unchanged"]
    assert PickLine.objects.get().picked == 2


def test_the_same_scan_twice_at_once_counts_once(fresh_db: FreshDatabase) -> None:
    stage = set_stage()
    shirt = stage.sku(("A-01-01", 20))
    stage.order((shirt, 15))
    wave = stage.wave()

    def scan(n: int) -> str:
        try:
            return stage.pick(wave, shirt.barcode, key=f"parallel-{n % 5}").code
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as pool:
        codes = list(pool.map(scan, range(20)))
    assert sorted(codes) == ["done"] * 5 + ["unchanged"] * 15
    assert PickLine.objects.get().picked == 5
    assert Scan.objects.count() == 5


def test_a_short_pick_is_fetched_from_the_next_lot(stage: Stage) -> None:
    shirt = stage.sku(("A-01-01", 3), ("B-01-01", 9))
    stage.order((shirt, 3))
    wave = stage.wave()
    assert stage.pick(wave, shirt.barcode).changed
    line = PickLine.objects.get()
    outcome = report_short_pick.one(stage.picker, ShortPick(line.pk, "空货位"))
    assert (outcome.facts["missing"], outcome.facts["dropped"]) == (2, False)
    assert [(new["bin_code"], new["quantity"]) for new in outcome.facts["replaced"]] == [("B-01-01", 2)]
    assert report_short_pick.one(stage.picker, ShortPick(line.pk)).code == "unchanged"
    assert Stock.objects.get(sku=shirt).on_hand == 10
    assert books_balance()
    stage.pick_all(wave)
    assert finish_wave.one(stage.picker, FinishWave(wave.pk)).changed
    line.refresh_from_db()
    assert (line.state, line.picked, line.missing) == ("short", 1, 2)


def test_a_short_pick_looks_elsewhere_before_the_same_bin_again(stage: Stage) -> None:
    shirt = stage.sku(("A-01-01", 9), ("B-01-01", 2))
    stage.order((shirt, 3))
    wave = stage.wave()
    outcome = report_short_pick.one(stage.picker, ShortPick(PickLine.objects.get().pk))
    places = {new["bin_code"]: new["quantity"] for new in outcome.facts["replaced"]}
    assert places == {"B-01-01": 2, "A-01-01": 1}
    assert books_balance()
    stage.pick_all(wave)
    assert finish_wave.one(stage.picker, FinishWave(wave.pk)).changed


def test_a_short_pick_without_others_sends_the_order_back(stage: Stage) -> None:
    shirt, cup = stage.sku(("A-01-01", 9)), stage.sku(("A-01-02", 1))
    short = stage.order((shirt, 1), (cup, 1))
    whole = stage.order((shirt, 1))
    wave = stage.wave()
    assert stage.pick(wave, shirt.barcode, 2).changed
    line = PickLine.objects.get(sku_code=cup.code)
    assert report_short_pick.one(stage.picker, ShortPick(line.pk)).facts["dropped"]
    held = Order.objects.get(id=short)
    assert (held.state, held.open_holds) == ("to_check", ["short_pick"])
    assert Hold.objects.get(order_id=short).facts["sku"] == cup.code
    left = WaveOrder.objects.get(order_id=short)
    assert (left.state, left.drop_reason) == ("returning", "short_pick")
    assert Deadline.objects.get(kind="shelf_return").subject_id == left.pk
    assert books_balance()
    assert finish_wave.one(stage.picker, FinishWave(wave.pk)).changed
    assert Order.objects.get(id=whole).state == "to_pack"
    assert return_to_shelf.one(stage.packer, ReturnToShelf(left.pk)).facts["pieces"] == 1
    assert return_to_shelf.one(stage.packer, ReturnToShelf(left.pk)).code == "unchanged"
    assert not Deadline.objects.filter(kind="shelf_return").exists()


def test_two_short_lines_of_one_order_in_one_batch(stage: Stage) -> None:
    shirt, cup = stage.sku(("A-01-01", 2)), stage.sku(("A-01-02", 1), ("B-01-01", 1))
    order = stage.order((shirt, 2), (cup, 1))
    stage.wave()
    lines = list(PickLine.objects.order_by("id"))
    outcomes = report_short_pick(stage.picker, [ShortPick(line.pk) for line in lines])
    assert [o.facts["dropped"] for o in outcomes] == [True, True]
    assert WaveOrder.objects.get(order_id=order).state == "dropped"
    assert Wave.objects.get().state == "cancelled"
    assert not Deadline.objects.filter(kind="wave_pick").exists()
    assert books_balance()


def test_reporting_short_is_for_whoever_picks(stage: Stage) -> None:
    stage.order((stage.sku(("A-01-01", 9)), 1))
    wave = stage.wave(claimed=False)
    line = PickLine.objects.get()
    assert report_short_pick.one(stage.picker, ShortPick(line.pk)).code == "wave_not_claimed"
    assert claim_wave.one(stage.packer, ClaimWave(wave.pk)).changed
    assert report_short_pick.one(stage.picker, ShortPick(line.pk)).code == "claimed_by_other"
    assert report_short_pick.one(set_stage().picker, ShortPick(line.pk)).code == "not_found"
    with pytest.raises(NotAllowed):
        report_short_pick(factories.actor_with(Permission.PACK), [ShortPick(line.pk)])
    assert PickLine.objects.get().state == "open"


def test_a_wave_is_finished_when_nothing_is_open(stage: Stage) -> None:
    shirt = stage.sku(("A-01-01", 9))
    order = stage.order((shirt, 1))
    wave = stage.wave(claimed=False)
    assert finish_wave.one(stage.picker, FinishWave(wave.pk)).code == "wave_not_claimed"
    assert claim_wave.one(stage.picker, ClaimWave(wave.pk)).changed
    still = finish_wave.one(stage.picker, FinishWave(wave.pk))
    assert (still.code, still.facts["lines"]) == ("lines_open", 1)
    stage.pick_all(wave)
    with pytest.raises(NotAllowed):
        finish_wave(factories.actor_with(Permission.WAVE_VIEW), [FinishWave(wave.pk)])
    item = FinishWave(wave.pk)
    assert [o.code for o in finish_wave(stage.picker, [item, item])] == ["done", "unchanged"]
    assert finish_wave.one(stage.picker, item).code == "unchanged"
    assert Order.objects.get(id=order).state == "to_pack"
    assert not Deadline.objects.filter(kind="wave_pick").exists()
    duty = Deadline.objects.get(kind="order_pack")
    assert (duty.subject_id, duty.shop_id) == (WaveOrder.objects.get().pk, stage.shop.pk)
    assert claim_wave.one(stage.packer, ClaimWave(wave.pk)).code == "wave_closed"


def test_an_order_cancelled_in_mid_pick_leaves_its_wave(stage: Stage) -> None:
    shirt, cup = stage.sku(("A-01-01", 2)), stage.sku(("A-01-02", 2))
    gone, stays = stage.order((shirt, 1), (cup, 1)), stage.order((cup, 1))
    wave = stage.wave()
    assert stage.pick(wave, shirt.barcode).changed
    assert cancel_orders.one(SYSTEM, CancelOrder(gone, "买家取消")).changed
    assert leave_waves.one(SYSTEM, LeaveWave(gone)).changed
    assert leave_waves.one(SYSTEM, LeaveWave(gone)).code == "unchanged"
    assert leave_waves.one(SYSTEM, LeaveWave(stays)).code == "unchanged"
    left = WaveOrder.objects.get(order_id=gone)
    assert (left.state, left.drop_reason) == ("returning", DropReason.SET_BACK)
    assert [line.state for line in PickLine.objects.filter(order_id=gone).order_by("id")] == ["picked", "cancelled"]
    assert Stock.objects.get(sku=shirt).promised == 1  # in the tote
    assert Stock.objects.get(sku=cup).promised == 1  # the other order's
    assert books_balance()
    assert [line.order_id for line in open_lines(wave)] == [stays]
    stage.pick_all(wave)
    assert finish_wave.one(stage.picker, FinishWave(wave.pk)).changed


def test_nobody_is_sent_to_an_empty_bin_for_pieces_that_are_still_in_a_tote(stage: Stage) -> None:
    shirt = stage.sku(("A-01-01", 3))
    gone = stage.order((shirt, 3))
    wave = stage.wave()
    assert stage.pick(wave, shirt.barcode, 2).changed
    assert cancel_orders.one(SYSTEM, CancelOrder(gone, "买家取消")).changed
    waits = factories.make_order(stage.shop, factories.received_line(shirt, 2))
    assert Order.objects.get(id=waits).open_holds == ["short_stock"]
    assert leave_waves.one(SYSTEM, LeaveWave(gone)).changed
    assert (Stock.objects.get().promised, Lot.objects.get().reserved) == (2, 2)  # the third is in its bin
    tote = WaveOrder.objects.get()
    assert return_to_shelf.one(stage.picker, ReturnToShelf(tote.pk)).facts["pieces"] == 2
    assert (Stock.objects.get().promised, Lot.objects.get().reserved) == (0, 0)
    assert return_to_shelf.one(stage.picker, ReturnToShelf(tote.pk)).code == "unchanged"
    retry_short_orders.one(SYSTEM, RetryShort(shirt.pk, stage.warehouse.pk))
    assert Order.objects.get(id=waits).open_holds == []
    factories.release(stage.shop, waits)
    second = stage.wave(waits)
    assert [(line.bin_code, line.quantity) for line in open_lines(second)] == [("A-01-01", 2)]
    assert books_balance()


def test_an_order_called_back_twice_has_pieces_in_two_totes(stage: Stage) -> None:
    shirt = stage.sku(("A-01-01", 4))
    order = stage.order((shirt, 2))
    for _ in range(2):
        wave = stage.wave(order)
        assert stage.pick(wave, shirt.barcode, 2).changed
        assert hold_orders.one(SYSTEM, HoldOrder(order)).ok
        assert leave_waves.one(SYSTEM, LeaveWave(order)).changed
        assert decide_holds.one(SYSTEM, DecideHold(order, reason="没问题")).ok
        outcome = release_orders.one(SYSTEM, ReleaseOrder(order))
    assert outcome.code == "short_stock"
    first, second = WaveOrder.objects.filter(state="returning").order_by("id")
    assert return_to_shelf.one(stage.picker, ReturnToShelf(first.pk)).changed
    assert (Stock.objects.get().promised, Lot.objects.get().reserved) == (2, 2)
    assert books_balance()
    assert return_to_shelf.one(stage.picker, ReturnToShelf(second.pk)).changed
    assert (Stock.objects.get().promised, Lot.objects.get().reserved) == (0, 0)
    assert books_balance()


def test_an_order_cancelled_before_the_reaction_ran_is_dropped_when_the_wave_ends(stage: Stage) -> None:
    shirt = stage.sku(("A-01-01", 2))
    gone = stage.order((shirt, 1))
    wave = stage.wave()
    stage.pick_all(wave)
    assert cancel_orders.one(SYSTEM, CancelOrder(gone, "买家取消")).changed
    assert finish_wave.one(stage.picker, FinishWave(wave.pk)).changed
    assert WaveOrder.objects.get().state == "returning"
    wave.refresh_from_db()
    assert wave.state == "done"


def test_an_order_passed_again_waits_until_it_has_left_its_old_wave(stage: Stage) -> None:
    order = stage.order((stage.sku(("A-01-01", 2)), 1))
    stage.wave()
    assert hold_orders.one(SYSTEM, HoldOrder(order)).ok
    assert decide_holds.one(SYSTEM, DecideHold(order, reason="没问题")).ok
    assert release_orders.one(SYSTEM, ReleaseOrder(order)).ok
    assert stage.release().code == "unchanged"
    assert leave_waves.one(SYSTEM, LeaveWave(order)).changed
    assert stage.release().changed
    assert leave_waves.one(SYSTEM, LeaveWave(order)).code == "unchanged"
    assert books_balance()
