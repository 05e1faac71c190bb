"""What the performers need to know of parcels before they call outside; read without a transaction."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from shopkeeper.flows.fulfilment.intake.ports import Receiver
from shopkeeper.flows.fulfilment.intake.queries import OrderCard, orders_by_id, receivers_of
from shopkeeper.flows.fulfilment.parcels.models import Parcel
from shopkeeper.flows.fulfilment.parcels.ports import Contact
from shopkeeper.flows.fulfilment.parcels.sql import ship_backs, tracking
from shopkeeper.flows.fulfilment.parcels.sql.ship_backs import ShipBackJob
from shopkeeper.flows.fulfilment.parcels.sql.tracking import TrackJob
from shopkeeper.flows.fulfilment.parcels.states import ParcelState
from shopkeeper.foundation.models import Warehouse
from shopkeeper.foundation.personal import Erased

CARGO_LONGEST = 60


@dataclass(frozen=True, slots=True)
class WaybillJob:
    """One parcel still without a number. The receiver is opened for the waybill alone and never shown."""

    parcel_id: int
    courier: str
    platform_no: str
    receiver_token: str
    weight_g: int
    cargo: str
    sender: Contact = field(repr=False)
    receiver: Contact = field(repr=False)


def waybill_jobs(parcel_ids: Iterable[int]) -> tuple[dict[int, WaybillJob], dict[int, str]]:
    """Jobs by parcel, and why others have none: {'erased'}. Parcels with a number, or void, are in neither."""
    waiting = list(
        Parcel.objects.filter(id__in=list(parcel_ids), state=ParcelState.AWAITING_NUMBER).select_related("warehouse")
    )
    orders = orders_by_id({parcel.order_id for parcel in waiting})
    receivers = _receivers({parcel.order_id for parcel in waiting})
    jobs, failures = {}, {}
    for parcel in waiting:
        receiver = receivers.get(parcel.order_id)
        if receiver is None:
            failures[parcel.pk] = "erased"
        else:
            jobs[parcel.pk] = _job(parcel, orders[parcel.order_id], receiver)
    return jobs, failures


def _receivers(order_ids: set[int]) -> dict[int, Receiver]:
    """All at once; where somebody among them was erased, one by one."""
    try:
        return receivers_of(order_ids)
    except Erased:
        found: dict[int, Receiver] = {}
        for order_id in sorted(order_ids):
            try:
                found |= receivers_of([order_id])
            except Erased:
                continue  # the caller reports who is missing
        return found


def _job(parcel: Parcel, order: OrderCard, receiver: Receiver) -> WaybillJob:
    lines = [line for line in order.lines if not parcel.line_ids or line.id in parcel.line_ids]
    first = lines[0].name if lines else ""
    pieces = sum(line.quantity for line in lines)
    return WaybillJob(
        parcel_id=parcel.pk,
        courier=parcel.courier,
        platform_no=order.platform_no,
        receiver_token=order.receiver_token,
        weight_g=parcel.planned_weight_g,
        cargo=f"{first} ×{pieces}"[:CARGO_LONGEST],
        sender=_sender(parcel.warehouse),
        receiver=Contact(
            receiver.name,
            receiver.phone,
            receiver.province,
            receiver.city,
            receiver.district,
            f"{receiver.town}{receiver.address}",
        ),
    )


def _sender(warehouse: Warehouse) -> Contact:
    """The warehouse as sender; its address is kept whole."""
    name = warehouse.sender_name or warehouse.name
    return Contact(name, warehouse.sender_phone, "", "", "", warehouse.sender_address)


def ship_back_jobs(parcel_ids: Iterable[int]) -> dict[int, ShipBackJob]:
    """Reports to platforms by parcel."""
    return {job.parcel_id: job for job in ship_backs.JOBS.rows(ids=list(parcel_ids))}


def track_jobs(parcel_ids: Iterable[int]) -> dict[int, TrackJob]:
    """Numbers to follow, ask about or give back, by parcel."""
    return {job.parcel_id: job for job in tracking.JOBS.rows(ids=list(parcel_ids))}
