"""Waves as lists and as records."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from shopkeeper.flows.fulfilment.intake.models import order_number
from shopkeeper.flows.fulfilment.intake.queries import orders_by_id
from shopkeeper.flows.fulfilment.intake.rules import region_of
from shopkeeper.flows.fulfilment.parcels.queries import parcels_of_orders
from shopkeeper.flows.fulfilment.warehouse.models import PickLine, Wave, WaveOrder, tote_number
from shopkeeper.flows.fulfilment.warehouse.queries.scope import (
    Change,
    Found,
    Wanted,
    dues_of,
    in_scope,
    names_of,
    number_in,
    page_of,
)
from shopkeeper.flows.fulfilment.warehouse.rules.packing import read_order_code
from shopkeeper.flows.fulfilment.warehouse.sql import reading
from shopkeeper.flows.fulfilment.warehouse.states import WaveState
from shopkeeper.foundation.actor import Actor

TABS: dict[str, Q] = {
    "open": Q(state=WaveState.OPEN),
    "picking": Q(state=WaveState.PICKING),
    "picked": Q(state=WaveState.PICKED),
    "done": Q(state__in=[WaveState.DONE, WaveState.CANCELLED]),
    "all": Q(),
}
_WAVE = re.compile(r"BC0*(\d{1,18})(?:-\d+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class WaveRow:
    id: int
    number: str
    warehouse_id: int
    warehouse: str
    state: str
    picker_id: int | None
    picker: str
    orders: int
    lines: int
    pieces: int
    picked: int
    open_lines: int
    to_pack: int
    packed: int
    left: int
    ship_by_at: datetime | None
    released_at: datetime
    claimed_at: datetime | None
    picked_at: datetime | None
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class PickLineView:
    id: int
    bin: str
    lot: str
    received_at: datetime
    sku_code: str
    barcode: str
    name: str
    spec: str
    slot: int
    order_id: int
    order: str
    quantity: int
    picked: int
    missing: int
    failed: int
    state: str
    is_gift: bool
    is_repick: bool


@dataclass(frozen=True, slots=True)
class WaveOrderView:
    id: int
    order_id: int
    number: str
    tote: str
    slot: int
    shop: str
    state: str
    place: str
    pieces: int
    ship_by_at: datetime | None
    courier: str
    tracking_no: str
    drop_reason: str
    packer: str
    weight_g: int | None


@dataclass(frozen=True, slots=True)
class WaveRecord:
    wave: WaveRow
    lines: tuple[PickLineView, ...]
    orders: tuple[WaveOrderView, ...]
    changes: tuple[Change, ...]


def wave_list(viewer: Actor, wanted: Wanted) -> Found[WaveRow]:
    """One page of waves, newest first; found by wave number, tote, order number or platform number."""
    found = Wave.objects.filter(in_scope(viewer, number_in(wanted.filters, "warehouse")), TABS.get(wanted.tab, Q()))
    if wanted.texts:
        found = found.filter(_named(wanted.texts))
    if (wanted.filters or {}).get("mine"):
        found = found.filter(claimed_by=viewer.id)
    rows, next_key = page_of(found.select_related("warehouse"), wanted)
    return Found(rows_of(rows), next_key)


def wave_counts(viewer: Actor) -> dict[str, int]:
    """The tabs' counters; finished waves are not counted."""
    places = None if viewer.warehouses is None else sorted(viewer.warehouses)
    return {row.state: row.count for row in reading.COUNT_WAVES.rows(warehouses=places)}


def wave_of_code(viewer: Actor, code: str) -> int | None:
    """The id of a wave from its scanned number, if the viewer may see it."""
    found = _WAVE.fullmatch(code.strip().upper())
    wave = Wave.objects.filter(in_scope(viewer), id=int(found[1])).only("id").first() if found else None
    return wave.pk if wave else None


def wave_record(viewer: Actor, wave_id: int) -> WaveRecord | None:
    """A wave with its list in walking order and its orders; None outside the viewer's warehouses."""
    wave = Wave.objects.filter(in_scope(viewer), id=wave_id).select_related("warehouse").first()
    if wave is None:
        return None
    lines = (
        PickLine.objects.filter(wave_id=wave_id)
        .select_related("wave_order")
        .order_by("path_order", "bin_code", "received_at", "lot_id", "sku_id", "wave_order__slot", "id")
    )
    changes = reading.CHANGES.rows(table="warehouse_wave", rows=[wave_id])
    names = names_of(row.actor_id for row in changes)
    return WaveRecord(
        rows_of([wave])[0],
        tuple(_line(line) for line in lines),
        tuple(_orders(wave_id)),
        tuple(
            Change(row.occurred_at, row.was, row.became, names.get(row.actor_id, ""), row.command) for row in changes
        ),
    )


def _named(texts: Iterable[str]) -> Q:
    """Waves by their own number, or by an order they hold; nothing partial."""
    waves, orders, plain = set[int](), set[int](), set[str]()
    for text in texts:
        ours = _WAVE.fullmatch(text.strip().upper())
        sought = read_order_code(text)
        if ours:
            waves.add(int(ours[1]))
        elif sought.order_id:
            orders.add(sought.order_id)
        else:
            plain.add(sought.text[:64])
    return Q(id__in=waves) | Q(orders__order_id__in=orders) | Q(orders__order__platform_no__in=plain)


def rows_of(waves: list[Wave]) -> list[WaveRow]:
    ids = [wave.pk for wave in waves]
    progress = {row.wave_id: row for row in reading.PROGRESS.rows(waves=ids)}
    packing = {row.wave_id: row for row in reading.WAVE_ORDERS.rows(waves=ids)}
    names = names_of(wave.claimed_by for wave in waves)
    dues = dues_of("wave_pick", ids)
    return [
        WaveRow(
            id=wave.pk,
            number=wave.number,
            warehouse_id=wave.warehouse_id,
            warehouse=wave.warehouse.name,
            state=wave.state,
            picker_id=wave.claimed_by,
            picker=names.get(wave.claimed_by or 0, ""),
            orders=wave.order_count,
            lines=wave.line_count,
            pieces=progress[wave.pk].pieces if wave.pk in progress else 0,
            picked=progress[wave.pk].picked if wave.pk in progress else 0,
            open_lines=progress[wave.pk].open_lines if wave.pk in progress else 0,
            to_pack=packing[wave.pk].to_pack if wave.pk in packing else 0,
            packed=packing[wave.pk].packed if wave.pk in packing else 0,
            left=packing[wave.pk].left if wave.pk in packing else 0,
            ship_by_at=wave.ship_by_at,
            released_at=wave.released_at,
            claimed_at=wave.claimed_at,
            picked_at=wave.picked_at,
            due_at=dues.get(wave.pk),
        )
        for wave in waves
    ]


def _line(line: PickLine) -> PickLineView:
    return PickLineView(
        id=line.pk,
        bin=line.bin_code,
        lot=line.lot_code,
        received_at=line.received_at,
        sku_code=line.sku_code,
        barcode=line.barcode,
        name=line.name,
        spec=line.spec,
        slot=line.wave_order.slot,
        order_id=line.order_id,
        order=order_number(line.order_id),
        quantity=line.quantity,
        picked=line.picked,
        missing=line.missing,
        failed=line.failed,
        state=line.state,
        is_gift=line.is_gift,
        is_repick=line.is_repick,
    )


def _orders(wave_id: int) -> list[WaveOrderView]:
    rows = list(WaveOrder.objects.filter(wave_id=wave_id).select_related("shop").order_by("slot"))
    ids = [row.order_id for row in rows]
    cards, parcels = orders_by_id(ids), parcels_of_orders(ids)
    packers = names_of(row.packer_id for row in rows)
    return [
        WaveOrderView(
            id=row.pk,
            order_id=row.order_id,
            number=order_number(row.order_id),
            tote=tote_number(wave_id, row.slot),
            slot=row.slot,
            shop=row.shop.name,
            state=row.state,
            place=region_of(cards[row.order_id].province, cards[row.order_id].city),
            pieces=sum(line.quantity for line in cards[row.order_id].lines),
            ship_by_at=row.ship_by_at,
            courier=parcels[row.order_id].courier if row.order_id in parcels else "",
            tracking_no=(parcels[row.order_id].number or "") if row.order_id in parcels else "",
            drop_reason=row.drop_reason,
            packer=packers.get(row.packer_id or 0, ""),
            weight_g=row.weight_g,
        )
        for row in rows
    ]
