"""What the warehouse's papers need, gathered for `papers`: pick list, packing list, waybill label."""

from collections import defaultdict
from datetime import datetime

from shopkeeper.flows.fulfilment.intake.models import order_number
from shopkeeper.flows.fulfilment.intake.queries import receivers_of
from shopkeeper.flows.fulfilment.intake.rules import region_of
from shopkeeper.flows.fulfilment.warehouse.papers import (
    Label,
    LabelItem,
    LabelSize,
    Mark,
    PackedLine,
    PackingList,
    Party,
    PickLine,
    PickList,
    ToteShare,
)
from shopkeeper.flows.fulfilment.warehouse.queries.packing import OrderRecord, order_record
from shopkeeper.flows.fulfilment.warehouse.queries.waves import PickLineView, wave_record
from shopkeeper.flows.fulfilment.warehouse.states import PickState
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.models import Warehouse
from shopkeeper.foundation.personal import Erased
from shopkeeper.shared.clock import day_of
from shopkeeper.shared.errors import BusinessError
from shopkeeper.shared.words import T

PASSED = T("合格", "Passed")
NOT_YET = T("待检", "Not yet")
REPLACED = T("合格（已换 {n} 件）", "Passed ({n} replaced)")


class PaperRefused(BusinessError):
    """A paper that cannot be printed now; the code is one of REFUSALS."""


def pick_list_paper(viewer: Actor, wave_id: int, now: datetime) -> PickList | None:
    """O2.1: a wave's pick list; lots of one SKU in one bin are one stop with its slots."""
    found = wave_record(viewer, wave_id)
    if found is None:
        return None
    stops: dict[tuple[str, str, str], list[PickLineView]] = defaultdict(list)
    for line in found.lines:
        if line.state in (PickState.OPEN, PickState.PICKED):
            stops[line.bin, line.lot, line.sku_code].append(line)
    return PickList(
        wave_no=found.wave.number,
        warehouse=found.wave.warehouse,
        printed_at=now,
        lines=tuple(_stop(lines) for lines in stops.values()),
        orders=found.wave.orders - found.wave.left,
        picker=found.wave.picker,
        ship_by_at=found.wave.ship_by_at,
    )


def _stop(lines: list[PickLineView]) -> PickLine:
    first, shares = lines[0], dict[int, int]()
    for line in lines:
        shares[line.slot] = shares.get(line.slot, 0) + line.quantity
    return PickLine(
        bin=first.bin,
        sku_code=first.sku_code,
        name=first.name,
        spec=first.spec,
        lot=first.lot,
        received_on=day_of(first.received_at),
        quantity=sum(shares.values()),
        totes=tuple(ToteShare(f"{slot:02d}", pieces) for slot, pieces in sorted(shares.items())),
    )


def packing_list_paper(viewer: Actor, wave_order_id: int, now: datetime) -> PackingList | None:
    """O2.2: 《包裹清单》 of an order; before it is closed, what has not been checked yet says so."""
    found = order_record(viewer, wave_order_id)
    if found is None:
        return None
    replaced: dict[str, int] = defaultdict(int)
    for failed in found.failed:
        replaced[failed.sku_code] += failed.quantity if failed.is_replaced else 0
    is_whole = found.checked == found.pieces
    return PackingList(
        parcel_no=found.parcel.label if found.parcel else found.tote,
        order_nos=(found.order.number, found.order.platform_no),
        shop=found.shop,
        lines=tuple(
            PackedLine(
                line.sku_code,
                line.name,
                line.spec,
                line.quantity,
                _verdict(line.checked == line.quantity, replaced[line.sku_code]),
                line.checked == line.quantity,
                line.is_gift,
            )
            for line in found.lines
        ),
        verdict=PASSED if is_whole else NOT_YET,
        passed=is_whole,
        inspector=found.packer,
        packer=found.packer,
        packed_at=found.closed_at or now,
        weight_g=found.weight_g,
        courier=found.courier,
        tracking_no=(found.parcel.number or "") if found.parcel else "",
        marks=_marks(found),
        receiver_name=found.order.receiver_name_masked,
    )


def _verdict(passed: bool, replaced: int) -> T:
    if not passed:
        return NOT_YET
    return REPLACED.format(n=replaced) if replaced else PASSED


def _marks(found: OrderRecord) -> tuple[Mark, ...]:
    known = {str(mark) for mark in Mark}
    return tuple(Mark(mark) for mark in (found.parcel.marks if found.parcel else ()) if mark in known)


def label_paper(viewer: Actor, wave_order_id: int, size: LabelSize, now: datetime) -> Label | None:
    """O2.2: the waybill label as it was last counted. Raises PaperRefused: number_not_there_yet, label_not_counted
    (`print_labels` first), receiver_erased."""
    found = order_record(viewer, wave_order_id)
    if found is None:
        return None
    parcel = found.parcel
    if parcel is None or not parcel.number:
        raise PaperRefused("number_not_there_yet")
    if not parcel.print_count:
        raise PaperRefused("label_not_counted")
    try:
        receiver = receivers_of([found.order.id])[found.order.id]
    except Erased as error:
        raise PaperRefused("receiver_erased") from error
    sender = Warehouse.objects.get(id=found.warehouse_id)
    return Label(
        size=size,
        parcel_no=parcel.label,
        courier=found.courier,
        product="",
        tracking_no=parcel.number,
        routing_code=parcel.routing_code,
        hub=parcel.hub,
        receiver=Party(
            receiver.name,
            receiver.phone,
            region_of(receiver.province, receiver.city, receiver.district),
            receiver.town + receiver.address,
        ),
        sender=Party(sender.sender_name, sender.sender_phone, "", sender.sender_address),
        items=tuple(LabelItem(line.sku_code, line.name, line.spec, line.quantity) for line in found.lines),
        order_no=order_number(found.order.id),
        printed_at=now,
        print_count=parcel.print_count,
        marks=_marks(found),
        wave_no=found.wave,
        slot=f"{found.slot:02d}",
        weight_g=found.weight_g,
        platform_print_data=parcel.print_data,
    )
