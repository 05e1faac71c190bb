"""What the picker's screen shows: where to go now, what lies ahead, how far the wave is."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.flows.fulfilment.warehouse.models import PickLine, Wave, wave_number
from shopkeeper.flows.fulfilment.warehouse.queries.scope import dues_of, in_scope, names_of
from shopkeeper.flows.fulfilment.warehouse.queries.waves import WaveRow, rows_of
from shopkeeper.flows.fulfilment.warehouse.sql import picking
from shopkeeper.flows.fulfilment.warehouse.states import PickState, WaveState
from shopkeeper.foundation.actor import Actor


@dataclass(frozen=True, slots=True)
class Stop:
    """One SKU of one lot in one bin, for one or more slots."""

    line_ids: tuple[int, ...]
    bin: str
    lot: str
    sku_code: str
    barcode: str
    name: str
    spec: str
    quantity: int
    picked: int
    slots: tuple[tuple[int, int], ...]  # slot, pieces still to put there

    @property
    def left(self) -> int:
        return self.quantity - self.picked


@dataclass(frozen=True, slots=True)
class PickView:
    """A wave in the picker's hand; `stops` are those with something left, in walking order."""

    wave_id: int
    number: str
    state: str
    picker_id: int | None
    picker: str
    is_mine: bool
    due_at: datetime | None
    pieces: int
    picked: int
    stops: tuple[Stop, ...]

    @property
    def now(self) -> Stop | None:
        return self.stops[0] if self.stops else None


def pick_view(viewer: Actor, wave_id: int) -> PickView | None:
    """A wave as its picker sees it; None outside the viewer's warehouses."""
    wave = Wave.objects.filter(in_scope(viewer), id=wave_id).first()
    if wave is None:
        return None
    rows = [r for r in picking.PICK_LIST.rows(waves=[wave_id]) if r.state in (PickState.OPEN, PickState.PICKED)]
    groups: dict[tuple[str, str, int], list[picking.ListRow]] = {}
    for row in rows:
        if row.state == PickState.OPEN:
            groups.setdefault((row.bin_code, row.lot_code, row.sku_id), []).append(row)
    return PickView(
        wave_id=wave_id,
        number=wave_number(wave_id),
        state=wave.state,
        picker_id=wave.claimed_by,
        picker=names_of([wave.claimed_by]).get(wave.claimed_by or 0, ""),
        is_mine=wave.claimed_by == viewer.id,
        due_at=dues_of("wave_pick", [wave_id]).get(wave_id),
        pieces=sum(row.quantity for row in rows),
        picked=sum(row.picked for row in rows),
        stops=tuple(_stop(group) for group in groups.values()),
    )


def _stop(rows: list[picking.ListRow]) -> Stop:
    first, slots = rows[0], dict[int, int]()
    for row in rows:
        slots[row.slot] = slots.get(row.slot, 0) + row.quantity - row.picked
    return Stop(
        line_ids=tuple(row.id for row in rows),
        bin=first.bin_code,
        lot=first.lot_code,
        sku_code=first.sku_code,
        barcode=first.barcode,
        name=first.name,
        spec=first.spec,
        quantity=sum(row.quantity for row in rows),
        picked=sum(row.picked for row in rows),
        slots=tuple((slot, pieces) for slot, pieces in slots.items() if pieces),
    )


def waves_to_pick(viewer: Actor, limit: int = 12) -> list[WaveRow]:
    """The viewer's own waves, those with replacements to fetch, then those nobody has claimed; most urgent first."""
    found = Wave.objects.filter(in_scope(viewer)).select_related("warehouse")
    mine = found.filter(state=WaveState.PICKING, claimed_by=viewer.id).order_by("ship_by_at", "id")
    free = found.filter(state=WaveState.OPEN).order_by("ship_by_at", "id")
    again = found.filter(state=WaveState.PICKED, pick_lines__state=PickState.OPEN).distinct().order_by("id")
    return rows_of([*mine[:limit], *again[:limit], *free[:limit]])


def is_bin_of_wave(viewer: Actor, wave_id: int, code: str) -> bool:
    """Whether a code typed at the station names a bin of this wave; a bin's own label says so by itself."""
    return PickLine.objects.filter(in_scope(viewer), wave_id=wave_id, bin_code=code).exists()
