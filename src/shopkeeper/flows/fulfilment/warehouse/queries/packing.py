"""The packing queue, one order at the station, and what a scanned code names."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Case, Q, Value, When
from django.db.models.functions import Coalesce

from shopkeeper.flows.fulfilment.intake.models import order_number
from shopkeeper.flows.fulfilment.intake.queries import OrderCard, orders_by_id
from shopkeeper.flows.fulfilment.intake.queries.remarks import RemarkNote, remark_notes
from shopkeeper.flows.fulfilment.intake.rules import region_of
from shopkeeper.flows.fulfilment.parcels.models import Parcel
from shopkeeper.flows.fulfilment.parcels.queries import ParcelCard, parcels_of_orders
from shopkeeper.flows.fulfilment.parcels.words import courier_name
from shopkeeper.flows.fulfilment.warehouse.models import (
    PackLine,
    PickLine,
    Quarantine,
    Scan,
    WaveOrder,
    tote_number,
    wave_number,
)
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
from shopkeeper.flows.fulfilment.warehouse.rules.packing import Scale, expected_weight, read_order_code
from shopkeeper.flows.fulfilment.warehouse.sql import packing, reading
from shopkeeper.flows.fulfilment.warehouse.states import WaveOrderState
from shopkeeper.foundation.actor import Actor
from shopkeeper.sop.policy import read_policies

RECENT = 2_000  # scans among which somebody's last ones are looked for
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
TABS: dict[str, Q] = {
    "to_pack": Q(state=WaveOrderState.TO_PACK),
    "packing": Q(state=WaveOrderState.PACKING),
    "repicking": Q(state=WaveOrderState.REPICKING),
    "returning": Q(state=WaveOrderState.RETURNING),
    "packed": Q(state=WaveOrderState.PACKED),
    "all": Q(),
}


@dataclass(frozen=True, slots=True)
class PackQueueRow:
    id: int
    order_id: int
    order: str
    wave_id: int
    wave: str
    tote: str
    shop: str
    place: str
    state: str
    pieces: int
    checked: int
    packer: str
    tracking_no: str
    ship_by_at: datetime | None
    due_at: datetime | None
    drop_reason: str
    weight_g: int | None
    tone: str


@dataclass(frozen=True, slots=True)
class PackLineView:
    id: int
    order_line_id: int
    sku_code: str
    barcode: str
    name: str
    spec: str
    quantity: int
    checked: int
    is_gift: bool
    weight_g: int


@dataclass(frozen=True, slots=True)
class ScanView:
    at: datetime
    code: str
    quantity: int
    verdict: str
    is_accepted: bool
    who: str
    station: str


@dataclass(frozen=True, slots=True)
class FailedView:
    at: datetime
    sku_code: str
    name: str
    lot: str
    quantity: int
    verdict: str
    is_replaced: bool
    who: str


@dataclass(frozen=True, slots=True)
class PieceView:
    """Pieces in the tote and the bin they came from."""

    bin: str
    lot: str
    sku_code: str
    name: str
    quantity: int


@dataclass(frozen=True, slots=True)
class OrderRecord:
    """One order in its wave: goods, verdicts, parcel, scale."""

    id: int
    order: OrderCard
    shop: str
    warehouse_id: int
    wave_id: int
    wave: str
    slot: int
    tote: str
    state: str
    packer_id: int | None
    packer: str
    opened_at: datetime | None
    rechecked_at: datetime | None
    needs_recheck: bool
    closed_at: datetime | None
    weight_g: int | None
    forced_reason: str
    drop_reason: str
    due_at: datetime | None
    scale: Scale
    lines: tuple[PackLineView, ...]
    in_tote: tuple[PieceView, ...]
    to_fetch: tuple[PieceView, ...]
    scans: tuple[ScanView, ...]
    failed: tuple[FailedView, ...]
    parcel: ParcelCard | None
    remark: RemarkNote | None
    changes: tuple[Change, ...]

    @property
    def courier(self) -> str:
        """The courier's name in the reader's language."""
        return str(courier_name(self.parcel.courier)) if self.parcel else ""

    @property
    def pieces(self) -> int:
        return sum(line.quantity for line in self.lines)

    @property
    def checked(self) -> int:
        return sum(line.checked for line in self.lines)


def pack_queue(viewer: Actor, wanted: Wanted) -> Found[PackQueueRow]:
    """Orders in waves, the most urgent first; done ones the latest first. Keyed by ship-by time and id."""
    found = WaveOrder.objects.filter(
        in_scope(viewer, number_in(wanted.filters, "warehouse")), TABS.get(wanted.tab, Q())
    )
    if wave_id := number_in(wanted.filters, "wave"):
        found = found.filter(wave_id=wave_id)
    if wanted.texts:
        found = found.filter(_named(viewer, wanted))
    if wanted.tab in ("packed", "all"):
        rows, next_key = page_of(found.select_related("shop"), wanted)
        return Found(queue_rows(rows), next_key)
    urgent = found.annotate(urgency=Coalesce("ship_by_at", Value(NEVER))).order_by("urgency", "id")
    urgent = urgent.filter(_behind(wanted.after))
    rows = list(urgent.select_related("shop")[: wanted.limit + 1])
    next_key = _key_of(rows[wanted.limit - 1]) if len(rows) > wanted.limit else ""
    return Found(queue_rows(rows[: wanted.limit]), next_key)


def _key_of(row: WaveOrder) -> str:
    return f"{(row.ship_by_at or NEVER).isoformat()}_{row.pk}"


def _behind(key: str) -> Q:
    """Rows after a key; anything that is no key is the beginning."""
    moment, _, row_id = key.rpartition("_")
    try:
        at, after = datetime.fromisoformat(moment), int(row_id)
    except ValueError:
        return Q()
    return Q(urgency__gt=at) | Q(urgency=at, id__gt=after)


def pack_queue_counts(viewer: Actor) -> dict[str, int]:
    """The tabs' counters; packed orders are not counted."""
    places = None if viewer.warehouses is None else sorted(viewer.warehouses)
    return {row.state: row.count for row in reading.COUNT_ORDERS.rows(warehouses=places)}


def _named(viewer: Actor, wanted: Wanted) -> Q:
    orders, plain, totes = set[int](), set[str](), Q(pk__in=[])
    for text in wanted.texts:
        sought = read_order_code(text)
        if sought.order_id:
            orders.add(sought.order_id)
        elif sought.wave_id and sought.slot:
            totes |= Q(wave_id=sought.wave_id, slot=sought.slot)
        else:
            plain |= {sought.text[:64], sought.code[:64]}
    parcels = Parcel.objects.filter(in_scope(viewer), number__in=plain).values_list("order_id", flat=True)
    return Q(order_id__in=orders | set(parcels)) | Q(order__platform_no__in=plain) | totes


def order_in_hand(viewer: Actor, warehouse_id: int = 0) -> int | None:
    """The wave order that the viewer has open at a packing station (here, or anywhere), the latest opened."""
    mine = WaveOrder.objects.filter(in_scope(viewer, warehouse_id), state=WaveOrderState.PACKING, packer_id=viewer.id)
    return mine.order_by("-opened_at", "-id").values_list("id", flat=True).first()


def queue_rows(rows: list[WaveOrder]) -> list[PackQueueRow]:
    orders = [row.order_id for row in rows]
    cards, parcels = orders_by_id(orders), parcels_of_orders(orders)
    packers = names_of(row.packer_id for row in rows)
    checked: dict[int, int] = {}
    for wave_order_id, pieces in PackLine.objects.filter(wave_order__in=[r.pk for r in rows]).values_list(
        "wave_order_id", "checked"
    ):
        checked[wave_order_id] = checked.get(wave_order_id, 0) + pieces
    dues = dues_of("order_pack", [r.pk for r in rows]) | dues_of("shelf_return", [r.pk for r in rows])
    return [
        PackQueueRow(
            id=row.pk,
            order_id=row.order_id,
            order=order_number(row.order_id),
            wave_id=row.wave_id,
            wave=wave_number(row.wave_id),
            tote=tote_number(row.wave_id, row.slot),
            shop=row.shop.name,
            place=region_of(cards[row.order_id].province, cards[row.order_id].city),
            state=row.state,
            pieces=sum(line.quantity for line in cards[row.order_id].lines),
            checked=checked.get(row.pk, 0),
            packer=packers.get(row.packer_id or 0, ""),
            tracking_no=(parcels[row.order_id].number or "") if row.order_id in parcels else "",
            ship_by_at=row.ship_by_at,
            due_at=dues.get(row.pk),
            drop_reason=row.drop_reason,
            weight_g=row.weight_g,
            tone="red" if row.state == WaveOrderState.RETURNING else "",
        )
        for row in rows
    ]


def order_record(viewer: Actor, wave_order_id: int) -> OrderRecord | None:
    """One order in its wave as station and record show it; None outside the viewer's warehouses."""
    row = WaveOrder.objects.filter(in_scope(viewer), id=wave_order_id).select_related("shop").first()
    if row is None:
        return None
    card = orders_by_id([row.order_id])[row.order_id]
    scans = list(Scan.objects.filter(wave_order_id=row.pk).order_by("-id")[:50])
    failed = list(Quarantine.objects.filter(wave_order_id=row.pk).select_related("sku").order_by("-id"))
    changes = reading.CHANGES.rows(table="warehouse_waveorder", rows=[row.pk])
    actors = [row.packer_id, *(s.scanned_by for s in scans), *(f.failed_by for f in failed)]
    names = names_of([*actors, *(change.actor_id for change in changes)])
    policy = read_policies()
    lines = packing.PACK_LINES.rows(wave_orders=[row.pk])
    dues = dues_of("order_pack", [row.pk]) | dues_of("shelf_return", [row.pk])
    pieces = list(PickLine.objects.filter(wave_order_id=row.pk).order_by("path_order", "id"))
    return OrderRecord(
        id=row.pk,
        order=card,
        shop=row.shop.name,
        warehouse_id=row.warehouse_id,
        wave_id=row.wave_id,
        wave=wave_number(row.wave_id),
        slot=row.slot,
        tote=tote_number(row.wave_id, row.slot),
        state=row.state,
        packer_id=row.packer_id,
        packer=names.get(row.packer_id or 0, ""),
        opened_at=row.opened_at,
        rechecked_at=row.rechecked_at,
        needs_recheck=policy("refund_check_required", row.shop_id),
        closed_at=row.closed_at,
        weight_g=row.weight_g,
        forced_reason=row.forced_reason,
        drop_reason=row.drop_reason,
        due_at=dues.get(row.pk),
        scale=_scale(policy, row.shop_id, lines),
        lines=_lines(card, lines),
        in_tote=tuple(_piece(p, p.picked - p.failed) for p in pieces if p.picked > p.failed),
        to_fetch=tuple(_piece(p, p.quantity - p.picked) for p in pieces if p.state == "open"),
        scans=tuple(_scan(scan, names) for scan in scans),
        failed=tuple(_failed(one, names) for one in failed),
        parcel=parcels_of_orders([row.order_id]).get(row.order_id),
        remark=remark_notes([row.order_id]).get(row.order_id),
        changes=tuple(Change(c.occurred_at, c.was, c.became, names.get(c.actor_id, ""), c.command) for c in changes),
    )


def _scale(policy: Any, shop_id: int, lines: list[packing.PackLineRow]) -> Scale:
    return expected_weight(
        [(line.weight_g, line.quantity) for line in lines],
        tare_g=policy("pack_tare_g", shop_id),
        tolerance_g=policy("weight_tolerance_g", shop_id),
        tolerance_percent=policy("weight_tolerance_percent", shop_id),
    )


def _lines(card: OrderCard, rows: list[packing.PackLineRow]) -> tuple[PackLineView, ...]:
    goods = {line.id: line for line in card.lines}
    return tuple(
        PackLineView(
            id=row.id,
            order_line_id=row.order_line_id,
            sku_code=row.sku_code,
            barcode=row.barcode,
            name=goods[row.order_line_id].name,
            spec=goods[row.order_line_id].spec,
            quantity=row.quantity,
            checked=row.checked,
            is_gift=goods[row.order_line_id].is_gift,
            weight_g=row.weight_g,
        )
        for row in rows
    )


def _piece(line: PickLine, quantity: int) -> PieceView:
    return PieceView(line.bin_code, line.lot_code, line.sku_code, line.name, quantity)


def _scan(scan: Scan, names: dict[int, str]) -> ScanView:
    who = names.get(scan.scanned_by, "")
    return ScanView(scan.scanned_at, scan.code, scan.quantity, scan.verdict, scan.is_accepted, who, scan.station)


def recent_scans(viewer: Actor, station: str, limit: int = 10) -> list[ScanView]:
    """The viewer's own last scans at this kind of station, the latest first."""
    latest = Scan.objects.order_by("-id").values("id")[:RECENT]
    scans = Scan.objects.filter(id__in=latest, scanned_by=viewer.id, station=station)
    return [_scan(scan, {}) for scan in scans.order_by("-id")[:limit]]


def _failed(row: Quarantine, names: dict[int, str]) -> FailedView:
    who = names.get(row.failed_by, "")
    return FailedView(
        row.failed_at, row.sku.code, row.sku.name, row.lot_code, row.quantity, row.verdict, row.is_replaced, who
    )


def parcel_of_code(viewer: Actor, code: str) -> int | None:
    """The parcel that a scanned waybill, parcel, order or tote number names, if the viewer may see it."""
    sought = read_order_code(code)
    by_tote = Q(pk__in=[])
    if sought.wave_id and sought.slot:
        orders = WaveOrder.objects.filter(in_scope(viewer), wave_id=sought.wave_id, slot=sought.slot)
        by_tote = Q(order_id__in=orders.values_list("order_id", flat=True))
    found = Parcel.objects.filter(in_scope(viewer)).filter(
        Q(number=sought.code) | Q(id=sought.parcel_id or 0) | Q(order_id=sought.order_id or 0) | by_tote
    )
    voided = Case(When(state="cancelled", then=1), default=0)  # last: its label still says what it was
    parcel = found.order_by(voided, "-id").only("id").first()
    return parcel.pk if parcel else None


def orders_to_put_back(viewer: Actor, order_ids: Iterable[int]) -> dict[int, int]:
    """The wave orders whose pieces wait to be put back, by order."""
    found = WaveOrder.objects.filter(in_scope(viewer), order_id__in=list(order_ids), state=WaveOrderState.RETURNING)
    return dict(found.order_by("id").values_list("order_id", "id"))


def totes_of_wave(viewer: Actor, wave_id: int) -> list[PackQueueRow]:
    """The orders of a wave slot by slot."""
    found = WaveOrder.objects.filter(in_scope(viewer), wave_id=wave_id).select_related("shop")
    return queue_rows(list(found.order_by("slot")))
