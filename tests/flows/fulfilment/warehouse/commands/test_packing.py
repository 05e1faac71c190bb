"""O2.2: an order is opened, its pieces are looked at, and the parcel is closed when all is right."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from shopkeeper.flows.fulfilment.intake.commands.cancel_orders import CancelOrder, cancel_orders
from shopkeeper.flows.fulfilment.intake.models import Order
from shopkeeper.flows.fulfilment.parcels.commands.hand_over_parcels import HandOver, hand_over_parcels
from shopkeeper.flows.fulfilment.parcels.commands.print_labels import PrintLabel, print_labels
from shopkeeper.flows.fulfilment.parcels.models import Parcel
from shopkeeper.flows.fulfilment.warehouse.commands.close_packing import (
    ClosePacking,
    ForcePacking,
    close_packing,
    force_packing,
)
from shopkeeper.flows.fulfilment.warehouse.commands.leave_waves import LeaveWave, leave_waves
from shopkeeper.flows.fulfilment.warehouse.commands.open_packing import OpenPacking, open_packing
from shopkeeper.flows.fulfilment.warehouse.commands.record_refund_check import (
    RecordRefundCheck,
    record_refund_check,
)
from shopkeeper.flows.fulfilment.warehouse.commands.return_to_shelf import ReturnToShelf, return_to_shelf
from shopkeeper.flows.fulfilment.warehouse.commands.scan_pack import ScanPack, scan_pack
from shopkeeper.flows.fulfilment.warehouse.models import (
    PackLine,
    PickLine,
    Quarantine,
    Scan,
    Wave,
    WaveOrder,
    tote_number,
)
from shopkeeper.flows.fulfilment.warehouse.permissions import Permission
from shopkeeper.flows.fulfilment.warehouse.states import Verdict
from shopkeeper.flows.products.stock.models import Lot, Stock
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.models import ErrandEntry
from shopkeeper.shared.errors import NotAllowed
from shopkeeper.sop.models import Deadline, PolicyValue
from tests import factories
from tests.databases import FreshDatabase
from tests.flows.fulfilment.warehouse.stage import Stage, books_balance, give_number, key, set_stage

pytestmark = pytest.mark.clause("O2.2")


@pytest.fixture
def stage(db: None) -> Stage:
    return set_stage()


def test_an_order_is_packed_and_leaves(stage: Stage) -> None:
    shirt, cup = stage.sku(("A-01-01", 9)), stage.sku(("A-01-02", 9), weight_g=350)
    order = stage.order((shirt, 2), gifts=[(cup, 1)])
    packing = stage.opened(order)
    assert stage.check(packing, shirt.barcode).facts["checked"] == 1
    assert stage.check(packing, shirt.barcode).changed
    assert stage.close(packing, 830).facts == {"missing": 1}  # a gift is packed and counted like the rest
    assert stage.check(packing, cup.code).changed
    outcome = stage.close(packing, 830)
    assert outcome.changed
    assert (outcome.facts["expected_g"], outcome.facts["tolerance_g"]) == (830, 66)
    packing.refresh_from_db()
    assert (packing.state, packing.weight_g, packing.packer_id) == ("packed", 830, stage.packer.id)
    parcel = Parcel.objects.get()
    assert (parcel.state, parcel.weight_g) == ("packed", 830)
    assert Order.objects.get().state == "packed"
    assert Wave.objects.get().state == "done"
    assert not Deadline.objects.filter(kind="order_pack").exists()
    assert stage.close(packing, 999).code == "unchanged"
    assert hand_over_parcels.one(SYSTEM, HandOver(parcel.pk)).changed
    assert Stock.objects.get(sku=shirt).on_hand == 7
    assert books_balance()


def test_an_order_is_found_by_each_of_its_numbers(stage: Stage) -> None:
    order = stage.order((stage.sku(("A-01-01", 9)), 1))
    wave = stage.picked(order)
    parcel = give_number(order)
    parcel.refresh_from_db()
    card = Order.objects.get()
    codes = [
        card.number.lower(),
        card.platform_no,
        tote_number(wave.pk, 1),
        f"SLOT:{tote_number(wave.pk, 1)}",
        str(parcel.number),
        parcel.label,
    ]
    found = [open_packing.one(stage.packer, OpenPacking(stage.warehouse.pk, code)) for code in codes]
    assert [outcome.code for outcome in found] == ["done", *["unchanged"] * 5]
    assert {outcome.id for outcome in found} == {WaveOrder.objects.get().pk}
    for code in ("JY9999999999", "BC00000001-77", "NONSENSE", "10" * 20):
        assert open_packing.one(stage.packer, OpenPacking(stage.warehouse.pk, code)).code == "order_not_here"
    abroad = set_stage()
    assert open_packing.one(abroad.packer, OpenPacking(abroad.warehouse.pk, card.number)).code == "order_not_here"
    assert open_packing.one(abroad.packer, OpenPacking(stage.warehouse.pk, card.number)).code == "not_found"


def test_opening_asks_the_platform_once_more(stage: Stage) -> None:
    order = stage.order((stage.sku(("A-01-01", 9)), 1))
    packing = stage.opened(order, checked=False)
    errand = ErrandEntry.objects.get(kind="recheck_order")
    assert (errand.subject_id, errand.shop_id) == (order, stage.shop.pk)
    stage.check_all(packing)
    assert stage.close(packing, 280).code == "refund_check_pending"
    assert record_refund_check.one(SYSTEM, RecordRefundCheck(order, False)).changed
    assert stage.close(packing, 280).changed


def test_the_refund_check_may_be_left_out_by_policy(stage: Stage) -> None:
    PolicyValue.objects.create(
        key="refund_check_required", shop=stage.shop, value=False, set_at=factories.NOON, set_by=0, reason="test"
    )
    packing = stage.opened(stage.order((stage.sku(("A-01-01", 9)), 1)), checked=False)
    stage.check_all(packing)
    assert stage.close(packing, 280).changed


def test_a_refund_found_at_the_last_moment_stops_the_parcel(stage: Stage) -> None:
    order = stage.order((stage.sku(("A-01-01", 9)), 1))
    packing = stage.opened(order)
    stage.check_all(packing)
    assert record_refund_check.one(SYSTEM, RecordRefundCheck(order, True)).changed
    held = Order.objects.get()
    assert (held.state, held.open_holds) == ("to_check", ["refund_open"])
    assert stage.close(packing, 280).code == "refund_open"
    assert stage.check(packing, "anything").code == "refund_open"
    packing.refresh_from_db()
    assert (packing.state, packing.drop_reason) == ("returning", "refund_open")
    assert record_refund_check.one(SYSTEM, RecordRefundCheck(order, True)).code == "unchanged"
    assert return_to_shelf.one(stage.packer, ReturnToShelf(packing.pk)).changed
    assert books_balance()


def test_a_refund_that_intake_knows_of_is_held_at_the_station(stage: Stage) -> None:
    order, other = (stage.order((stage.sku(("A-01-01", 9)), 1)) for _ in range(2))
    packing = stage.opened(order)
    stage.check_all(packing)
    Order.objects.filter(id=order).update(refund_state="requested")
    assert stage.close(packing, 280).code == "refund_open"
    assert Order.objects.get(id=order).open_holds == ["refund_open"]
    assert WaveOrder.objects.get(order_id=order).state == "returning"
    stage.picked(other)
    Order.objects.filter(id=other).update(refund_state="requested")
    item = OpenPacking(stage.warehouse.pk, Order.objects.get(id=other).number)
    assert [o.code for o in open_packing(stage.packer, [item, item])] == ["refund_open", "refund_open"]
    assert WaveOrder.objects.get(order_id=other).state == "returning"
    assert open_packing.one(stage.packer, item).code == "refund_open"


def test_wrong_extra_and_unpicked_pieces_are_refused(stage: Stage) -> None:
    shirt, cup = stage.sku(("A-01-01", 9)), stage.sku(("A-01-01", 9))
    packing = stage.opened(stage.order((shirt, 1)))
    assert stage.check(packing, cup.barcode).code == "not_in_order"
    assert stage.check(packing, shirt.barcode, quantity=2).code == "too_many"
    assert stage.check(packing, shirt.barcode).changed
    assert stage.check(packing, shirt.barcode).code == "too_many"
    assert stage.check(packing, shirt.barcode, Verdict.DAMAGED, 2).code == "not_picked"
    verdicts = Scan.objects.filter(station="pack").order_by("id").values_list("verdict", flat=True)
    assert list(verdicts) == ["not_in_order", "too_many", "ok", "too_many", "not_picked"]
    assert PackLine.objects.get().checked == 1


@pytest.mark.parametrize("verdict", [Verdict.DAMAGED, Verdict.STAINED, Verdict.WRONG_PIECE])
def test_a_failed_piece_goes_to_quarantine_and_is_fetched_again(stage: Stage, verdict: Verdict) -> None:
    shirt = stage.sku(("A-01-01", 2), ("B-01-01", 9))
    order = stage.order((shirt, 2))
    packing = stage.opened(order)
    assert stage.check(packing, shirt.barcode).changed
    failed = stage.check(packing, shirt.barcode, verdict, key="failed")
    assert (failed.facts["verdict"], failed.facts["dropped"]) == (verdict, False)
    assert [(p["bin_code"], p["quantity"]) for p in failed.facts["repick"]] == [("B-01-01", 1)]
    assert stage.check(packing, shirt.barcode, verdict, key="failed").facts == failed.facts
    row = Quarantine.objects.get()
    assert (row.verdict, row.quantity, row.lot_code, row.is_replaced) == (verdict, 1, f"{shirt.code}-L1", True)
    assert Lot.objects.get(is_quarantine=True).on_hand == 1
    assert books_balance()
    packing.refresh_from_db()
    assert (packing.state, Order.objects.get().state) == ("repicking", "picking")
    assert stage.check(packing, shirt.barcode).code == "not_open"
    item = OpenPacking(stage.warehouse.pk, Order.objects.get().number)
    assert open_packing.one(stage.packer, item).code == "still_picking"
    assert stage.pick(Wave.objects.get(), shirt.barcode).changed
    assert Order.objects.get().state == "to_pack"
    packing = stage.open(order, numbered=False)
    assert PackLine.objects.get().checked == 1  # what had passed stays passed
    stage.check_all(packing)
    assert stage.close(packing, 480).changed


def test_a_checked_piece_may_still_fail(stage: Stage) -> None:
    shirt = stage.sku(("A-01-01", 9))
    packing = stage.opened(stage.order((shirt, 2)))
    stage.check_all(packing)
    assert stage.check(packing, shirt.barcode, Verdict.STAINED).facts["checked"] == 1
    assert PackLine.objects.get().checked == 1
    assert PickLine.objects.filter(state="open", is_repick=True).count() == 1
    assert books_balance()


def test_a_failed_piece_without_another_sends_the_order_back(stage: Stage) -> None:
    shirt, cup = stage.sku(("A-01-01", 9)), stage.sku(("A-01-02", 1))
    order = stage.order((shirt, 1), (cup, 1))
    packing = stage.opened(order)
    assert stage.check(packing, cup.barcode, Verdict.DAMAGED).facts["dropped"]
    held = Order.objects.get()
    assert (held.state, held.open_holds) == ("to_check", ["damaged_piece"])
    packing.refresh_from_db()
    assert (packing.state, packing.drop_reason) == ("returning", "failed_piece")
    assert not Quarantine.objects.get().is_replaced
    assert Stock.objects.get(sku=shirt).promised == 1  # in the tote until somebody puts it back
    assert return_to_shelf.one(stage.picker, ReturnToShelf(packing.pk)).changed
    assert Stock.objects.get(sku=shirt).promised == 0
    assert books_balance()


def test_failures_from_several_lots_in_one_batch(stage: Stage) -> None:
    shirt = stage.sku(("A-01-01", 1), ("A-01-02", 1), ("B-01-01", 9))
    packing = stage.opened(stage.order((shirt, 2)))
    outcome = stage.check(packing, shirt.barcode, Verdict.DAMAGED, 2)
    assert [(p["bin_code"], p["quantity"]) for p in outcome.facts["repick"]] == [("B-01-01", 2)]
    assert Quarantine.objects.count() == 2
    assert books_balance()


def test_weight_must_be_near_what_is_expected(stage: Stage) -> None:
    packing = stage.opened(stage.order((stage.sku(("A-01-01", 9), weight_g=500), 2)))
    stage.check_all(packing)
    light = stage.close(packing, 580)
    assert (light.code, light.facts) == ("too_light", {"weight_g": 580, "expected_g": 1080, "tolerance_g": 86})
    assert stage.close(packing, 1167).code == "too_heavy"
    assert stage.close(packing, 1166).changed


def test_a_sku_without_weight_cannot_be_judged_by_weight(stage: Stage) -> None:
    packing = stage.opened(stage.order((stage.sku(("A-01-01", 9), weight_g=0), 1)))
    stage.check_all(packing)
    assert stage.close(packing, 5).changed


def test_forcing_needs_its_own_permission_and_a_reason(stage: Stage) -> None:
    packing = stage.opened(stage.order((stage.sku(("A-01-01", 9)), 1)))
    item = ForcePacking(packing.pk, 900, "买家要求加固木箱")
    assert force_packing.one(stage.chief, item).code == "not_all_checked"
    stage.check_all(packing)
    with pytest.raises(NotAllowed):
        force_packing(stage.packer, [item])
    assert force_packing.one(stage.chief, ForcePacking(packing.pk, 900, "  ")).code == "reason_needed"
    assert force_packing.one(stage.chief, item).changed
    packing.refresh_from_db()
    assert (packing.weight_g, packing.expected_weight_g, packing.forced_reason) == (900, 280, "买家要求加固木箱")
    assert force_packing.one(stage.chief, item).code == "unchanged"


def test_a_parcel_without_number_is_not_closed(stage: Stage) -> None:
    packing = stage.opened(stage.order((stage.sku(("A-01-01", 9)), 1)), numbered=False)
    stage.check_all(packing)
    assert stage.close(packing, 280).code == "number_not_there_yet"
    give_number(packing.order_id)
    assert stage.close(packing, 280).changed


def test_an_open_order_is_one_packers_until_taken_over(stage: Stage) -> None:
    shirt = stage.sku(("A-01-01", 9))
    packing = stage.opened(stage.order((shirt, 1)))
    item = OpenPacking(stage.warehouse.pk, Order.objects.get().number)
    other = open_packing.one(stage.chief, item)
    assert (other.code, other.facts["person_id"]) == ("packed_by_other", stage.packer.id)
    assert scan_pack.one(stage.chief, ScanPack(packing.pk, shirt.barcode, key())).code == "packed_by_other"
    assert close_packing.one(stage.chief, ClosePacking(packing.pk, 280)).code == "packed_by_other"
    taken = OpenPacking(stage.warehouse.pk, Order.objects.get().number, take_over=True)
    assert open_packing.one(stage.chief, taken).changed
    assert scan_pack.one(stage.chief, ScanPack(packing.pk, shirt.barcode, key())).changed


def test_wrong_actors_and_states(stage: Stage) -> None:
    shirt = stage.sku(("A-01-01", 9))
    order = stage.order((shirt, 1))
    stage.wave()
    item = OpenPacking(stage.warehouse.pk, Order.objects.get().number)
    assert open_packing.one(stage.packer, item).code == "still_picking"
    packing = WaveOrder.objects.get()
    assert stage.check(packing, shirt.barcode).code == "not_open"
    assert stage.close(packing, 100).code == "not_open"
    assert return_to_shelf.one(stage.packer, ReturnToShelf(packing.pk)).code == "nothing_to_return"
    nobody, abroad = factories.actor_with(Permission.WAVE_VIEW), set_stage().packer
    for command, asked in (
        (open_packing, item),
        (scan_pack, ScanPack(packing.pk, shirt.barcode, key())),
        (close_packing, ClosePacking(packing.pk, 100)),
        (force_packing, ForcePacking(packing.pk, 100, "因为")),
        (return_to_shelf, ReturnToShelf(packing.pk)),
        (record_refund_check, RecordRefundCheck(order, True)),
        (leave_waves, LeaveWave(order)),
    ):
        with pytest.raises(NotAllowed):
            command(nobody, [asked])  # type: ignore[arg-type]
    assert scan_pack.one(abroad, ScanPack(packing.pk, shirt.barcode, key())).code == "not_found"
    assert close_packing.one(abroad, ClosePacking(packing.pk, 100)).code == "not_found"
    assert return_to_shelf.one(abroad, ReturnToShelf(packing.pk)).code == "not_found"
    assert WaveOrder.objects.get().state == "picking"


def test_an_order_cancelled_after_packing_comes_back_to_the_shelf(stage: Stage) -> None:
    order = stage.order((stage.sku(("A-01-01", 9)), 1))
    packing = stage.opened(order)
    stage.check_all(packing)
    assert stage.close(packing, 280).changed
    assert cancel_orders.one(SYSTEM, CancelOrder(order, "买家取消")).changed
    assert leave_waves.one(SYSTEM, LeaveWave(order)).changed
    packing.refresh_from_db()
    assert packing.state == "returning"
    item = OpenPacking(stage.warehouse.pk, Order.objects.get().number)
    assert open_packing.one(stage.packer, item).code == "order_left_wave"
    assert books_balance()


def test_an_order_that_left_the_house_stays_packed(stage: Stage) -> None:
    order = stage.order((stage.sku(("A-01-01", 9)), 1))
    packing = stage.opened(order)
    stage.check_all(packing)
    assert stage.close(packing, 280).changed
    assert hand_over_parcels.one(SYSTEM, HandOver(Parcel.objects.get().pk)).changed
    assert leave_waves.one(SYSTEM, LeaveWave(order)).code == "unchanged"
    packing.refresh_from_db()
    assert packing.state == "packed"


def test_the_same_label_printed_twice_needs_a_reason(stage: Stage) -> None:
    packing = stage.opened(stage.order((stage.sku(("A-01-01", 9)), 1)))
    parcel = Parcel.objects.get(order_id=packing.order_id)
    assert print_labels.one(SYSTEM, PrintLabel(parcel.pk)).facts["print_no"] == 1
    assert print_labels.one(SYSTEM, PrintLabel(parcel.pk)).code == "reprint_needs_reason"
    assert print_labels.one(SYSTEM, PrintLabel(parcel.pk, "卡纸")).facts["print_no"] == 2


def test_closing_twice_at_once_packs_once(fresh_db: FreshDatabase) -> None:
    stage = set_stage()
    shirt = stage.sku(("A-01-01", 9))
    packing = stage.opened(stage.order((shirt, 3)))

    def run(n: int) -> str:
        try:
            return stage.check(packing, shirt.barcode, key=f"pack-{n % 3}").code
        finally:
            connection.close()

    def close(_: int) -> str:
        try:
            return stage.close(packing, 680).code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        codes = list(pool.map(run, range(9)))
        assert sorted(codes) == ["done"] * 3 + ["unchanged"] * 6
        assert sorted(pool.map(close, range(4))) == ["done", "unchanged", "unchanged", "unchanged"]
    assert PackLine.objects.get().checked == 3
    assert books_balance()
