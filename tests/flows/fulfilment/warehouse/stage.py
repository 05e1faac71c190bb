"""A warehouse with a shop, people and released orders, and short ways through its steps."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from shopkeeper.flows.fulfilment.parcels.commands.enter_numbers import EnterNumber, enter_numbers
from shopkeeper.flows.fulfilment.parcels.models import Parcel
from shopkeeper.flows.fulfilment.warehouse.commands.claim_wave import ClaimWave, claim_wave
from shopkeeper.flows.fulfilment.warehouse.commands.close_packing import ClosePacking, close_packing
from shopkeeper.flows.fulfilment.warehouse.commands.finish_wave import FinishWave, finish_wave
from shopkeeper.flows.fulfilment.warehouse.commands.open_packing import OpenPacking, open_packing
from shopkeeper.flows.fulfilment.warehouse.commands.record_refund_check import (
    RecordRefundCheck,
    record_refund_check,
)
from shopkeeper.flows.fulfilment.warehouse.commands.release_waves import ReleaseWaves, release_waves
from shopkeeper.flows.fulfilment.warehouse.commands.scan_pack import ScanPack, scan_pack
from shopkeeper.flows.fulfilment.warehouse.commands.scan_pick import ScanPick, scan_pick
from shopkeeper.flows.fulfilment.warehouse.models import PackLine, PickLine, Wave, WaveOrder
from shopkeeper.flows.fulfilment.warehouse.permissions import Permission
from shopkeeper.flows.fulfilment.warehouse.states import Verdict
from shopkeeper.flows.products.listing.models import Sku
from shopkeeper.flows.products.stock.models import Lot
from shopkeeper.flows.products.stock.sql.receipts import AUDIT
from shopkeeper.foundation.actor import SYSTEM, Actor
from shopkeeper.foundation.models import Shop, Warehouse
from shopkeeper.shared.outcomes import Outcome
from tests import factories

_keys = itertools.count(1)
WORK = (Permission.WAVE_VIEW, Permission.WAVE_RELEASE, Permission.PICK, Permission.PACK)


def key() -> str:
    """A scan key nobody used before."""
    return f"scan-{next(_keys):06d}"


@dataclass
class Stage:
    """One warehouse and the people in it."""

    warehouse: Warehouse
    shop: Shop
    picker: Actor
    packer: Actor
    chief: Actor

    def sku(self, *lots: tuple[str, int], **fields: Any) -> Sku:
        """A SKU with lots (bin, quantity), received a day apart, the first one first."""
        sku = factories.make_sku(**fields)
        for number, (bin_code, quantity) in enumerate(lots, start=1):
            factories.stock_up(sku, self.warehouse, quantity, bin_code, f"{sku.code}-L{number}")
        arrived = factories.NOON - timedelta(days=30)
        for number in range(1, len(lots) + 1):
            Lot.objects.filter(code=f"{sku.code}-L{number}").update(received_at=arrived + timedelta(days=number))
        return sku

    def order(self, *wanted: tuple[Sku, int], gifts: Sequence[tuple[Sku, int]] = (), **fields: Any) -> int:
        """A released order of (SKU, quantity) lines."""
        lines = [factories.received_line(sku, quantity) for sku, quantity in wanted]
        lines += [factories.received_line(sku, quantity, is_gift=True, price_minor=0) for sku, quantity in gifts]
        return factories.make_released_order(self.shop, *lines, **fields)

    def release(self, *order_ids: int) -> Outcome:
        return release_waves.one(self.picker, ReleaseWaves(self.warehouse.pk, order_ids))

    def wave(self, *order_ids: int, claimed: bool = True) -> Wave:
        """The wave of these orders (or of all that wait), claimed by the picker."""
        outcome = self.release(*order_ids)
        assert outcome.changed, outcome
        wave = Wave.objects.get(id=outcome.id)
        if claimed:
            assert claim_wave.one(self.picker, ClaimWave(wave.pk)).ok
        return wave

    def pick(self, wave: Wave, code: str, quantity: int = 1, **fields: Any) -> Outcome:
        item = ScanPick(wave.pk, code, fields.pop("key", key()), quantity, **fields)
        return scan_pick.one(self.picker, item)

    def pick_all(self, wave: Wave) -> None:
        """Scan every open line of the wave in the list's order."""
        for line in open_lines(wave):
            outcome = self.pick(wave, line.barcode, line.quantity - line.picked)
            assert outcome.changed, outcome

    def picked(self, *order_ids: int) -> Wave:
        """A wave picked and finished."""
        wave = self.wave(*order_ids)
        self.pick_all(wave)
        assert finish_wave.one(self.picker, FinishWave(wave.pk)).changed
        return wave

    def opened(self, order_id: int, *, checked: bool = True, numbered: bool = True) -> WaveOrder:
        """An order open at the packing station, number and refund check there."""
        self.picked(order_id)
        return self.open(order_id, checked=checked, numbered=numbered)

    def open(self, order_id: int, *, checked: bool = True, numbered: bool = True) -> WaveOrder:
        outcome = open_packing.one(self.packer, OpenPacking(self.warehouse.pk, f"JY{order_id:010d}"))
        assert outcome.changed, outcome
        if numbered:
            give_number(order_id)
        if checked:
            assert record_refund_check.one(SYSTEM, RecordRefundCheck(order_id, False)).ok
        return WaveOrder.objects.get(id=outcome.id)

    def check(
        self, packing: WaveOrder, code: str, verdict: Verdict = Verdict.OK, quantity: int = 1, **fields: Any
    ) -> Outcome:
        item = ScanPack(packing.pk, code, fields.pop("key", key()), verdict, quantity)
        return scan_pack.one(self.packer, item)

    def check_all(self, packing: WaveOrder) -> None:
        for line in PackLine.objects.filter(wave_order=packing).select_related("sku"):
            if line.quantity > line.checked:
                assert self.check(packing, line.sku.barcode, quantity=line.quantity - line.checked).changed

    def close(self, packing: WaveOrder, weight_g: int) -> Outcome:
        return close_packing.one(self.packer, ClosePacking(packing.pk, weight_g))


def set_stage() -> Stage:
    """A warehouse with a shop, a picker, a packer and a chief who may force."""
    warehouse = factories.make_warehouse()
    shop = factories.make_shop(warehouse)
    for order, code in enumerate(["A-01-01", "A-01-02", "A-02-01", "B-01-01"], start=1):
        factories.make_bin(warehouse, code, order)
    return Stage(
        warehouse,
        shop,
        factories.actor_with(*WORK, warehouses=[warehouse]),
        factories.actor_with(*WORK, warehouses=[warehouse]),
        factories.actor_with(*WORK, Permission.PACK_FORCE, warehouses=[warehouse]),
    )


def open_lines(wave: Wave) -> list[PickLine]:
    return list(
        PickLine.objects.filter(wave=wave, state="open").order_by(
            "path_order", "bin_code", "received_at", "lot_id", "sku_id", "wave_order__slot", "id"
        )
    )


def give_number(order_id: int) -> Parcel:
    """A waybill number for the order's parcel, as its courier would give one."""
    parcel = Parcel.objects.get(order_id=order_id, state="awaiting_number")
    number = f"SF{parcel.pk:013d}"
    outcome = enter_numbers.one(
        SYSTEM, EnterNumber(parcel.pk, number, "shunfeng", routing_code="571-A12-03", hub="杭州集")
    )
    assert outcome.changed, outcome
    return parcel


def books_balance() -> bool:
    """Whether balance, lots, promises, allotments and ledger agree."""
    row = AUDIT.first()
    assert row is not None
    return not any((row.oversold, row.balance_unlike_lots, row.balance_unlike_promises,
                    row.lots_unlike_allotments, row.balance_unlike_ledger))  # fmt: skip


def later(moment: datetime, **delta: int) -> datetime:
    return moment + timedelta(**delta)
