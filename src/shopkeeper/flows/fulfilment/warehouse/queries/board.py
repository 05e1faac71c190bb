"""The warehouse at one glance: what waits, by when it must leave, what goes wrong."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from shopkeeper.flows.fulfilment.parcels.queries.cards import unlabelled_count
from shopkeeper.flows.fulfilment.warehouse.models import PickLine, Quarantine, Wave, WaveOrder
from shopkeeper.flows.fulfilment.warehouse.queries.packing import PackQueueRow, queue_rows
from shopkeeper.flows.fulfilment.warehouse.queries.scope import in_scope, names_of, places_of, warehouse_choices
from shopkeeper.flows.fulfilment.warehouse.queries.waves import WaveRow, rows_of
from shopkeeper.flows.fulfilment.warehouse.sql import reading
from shopkeeper.flows.fulfilment.warehouse.states import PickState, WaveOrderState, WaveState
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.models import Warehouse
from shopkeeper.shared.clock import SHOP_ZONE, at_time, day_of

BUCKETS = ("overdue", "soon", "today", "tomorrow", "later", "none")
STAGES = ("released", "picking", "to_pack", "packed")
SOON = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class WaitingPlace:
    """Released orders of one warehouse that no wave holds yet."""

    warehouse_id: int
    warehouse: str
    orders: int
    ship_by_at: datetime | None


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that went wrong today: a short pick or a failed piece."""

    at: datetime
    kind: str  # short, or the verdict
    wave_order_id: int
    sku_code: str
    name: str
    place: str
    quantity: int
    is_replaced: bool
    who: str


@dataclass(frozen=True, slots=True)
class Board:
    now: datetime
    warehouses: list[tuple[int, str]]
    backlog: dict[str, dict[str, int]]  # bucket → stage → orders
    waiting: list[WaitingPlace]
    waves: list[WaveRow]
    states: dict[str, int]
    packed_today: int
    unlabelled: int  # packed, with a parcel whose label nobody printed
    short_today: int
    failed_today: int
    troubles: list[Trouble]
    returning: list[PackQueueRow]

    def in_stage(self, stage: str) -> int:
        return sum(stages.get(stage, 0) for stages in self.backlog.values())

    def in_bucket(self, bucket: str) -> int:
        return sum(self.backlog.get(bucket, {}).values())


def board(viewer: Actor, now: datetime, warehouse_id: int | None = None) -> Board:
    """What the board shows of one warehouse, or of all that the viewer sees."""
    places = places_of(viewer, warehouse_id)
    midnight = at_time(day_of(now), datetime.min.time(), SHOP_ZONE)
    backlog: dict[str, dict[str, int]] = defaultdict(dict)
    tonight = midnight + timedelta(days=1)
    for row in reading.BACKLOG.rows(
        warehouses=places, now=now, soon=now + SOON, tonight=tonight, tomorrow=tonight + timedelta(days=1)
    ):
        backlog[row.bucket][row.state] = row.count
    waiting = reading.WAITING_BY_WAREHOUSE.rows(warehouses=places)
    names = dict(Warehouse.objects.filter(id__in=[row.warehouse_id for row in waiting]).values_list("id", "name"))
    scope = in_scope(viewer, warehouse_id)
    waves = Wave.objects.filter(scope, state__in=[WaveState.OPEN, WaveState.PICKING, WaveState.PICKED])
    returning = WaveOrder.objects.filter(scope, state=WaveOrderState.RETURNING).select_related("shop")
    today = reading.TODAY.first(warehouses=places, since=midnight)
    assert today is not None
    return Board(
        now=now,
        warehouses=warehouse_choices(viewer),
        backlog=dict(backlog),
        waiting=[
            WaitingPlace(row.warehouse_id, names.get(row.warehouse_id, ""), row.count, row.ship_by_at)
            for row in waiting
        ],
        waves=rows_of(list(waves.select_related("warehouse").order_by("ship_by_at", "id")[:12])),
        states={row.state: row.count for row in reading.COUNT_ORDERS.rows(warehouses=places)},
        packed_today=today.packed,
        unlabelled=unlabelled_count(places),
        short_today=today.short,
        failed_today=today.failed,
        troubles=_troubles(viewer, warehouse_id, midnight),
        returning=queue_rows(list(returning.order_by("state_at")[:8])),
    )


def _troubles(viewer: Actor, warehouse_id: int | None, since: datetime) -> list[Trouble]:
    """Today's short picks and failed pieces, the latest first."""
    scope = in_scope(viewer, warehouse_id)
    short = list(
        PickLine.objects.filter(scope, state=PickState.SHORT, state_at__gte=since)
        .select_related("wave_order", "wave")
        .order_by("-state_at")[:8]
    )
    failed = list(
        Quarantine.objects.filter(scope, failed_at__gte=since).select_related("sku").order_by("-failed_at")[:8]
    )
    names = names_of([*(line.wave.claimed_by for line in short), *(row.failed_by for row in failed)])
    found = [
        Trouble(
            line.state_at,
            "short",
            line.wave_order_id,
            line.sku_code,
            line.name,
            line.bin_code,
            line.missing,
            line.wave_order.drop_reason != "short_pick",
            names.get(line.wave.claimed_by or 0, ""),
        )
        for line in short
    ]
    found += [
        Trouble(
            row.failed_at,
            row.verdict,
            row.wave_order_id,
            row.sku.code,
            row.sku.name,
            row.lot_code,
            row.quantity,
            row.is_replaced,
            names.get(row.failed_by, ""),
        )
        for row in failed
    ]
    return sorted(found, key=lambda trouble: trouble.at, reverse=True)[:8]
