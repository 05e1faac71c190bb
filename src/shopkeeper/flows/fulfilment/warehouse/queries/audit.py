"""Waves for programs that pick and pack: the list in walking order, and what each parcel must hold."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from shopkeeper.flows.fulfilment.warehouse.models import Wave, WaveOrder, tote_number
from shopkeeper.flows.fulfilment.warehouse.sql import packing, picking
from shopkeeper.foundation.actor import Actor


def wave_facts(viewer: Actor, wave_ids: Sequence[int]) -> list[dict[str, Any]]:
    """Waves of the viewer's warehouses with their pick lines; ids that are not there are left out."""
    rows = Wave.objects.filter(id__in=list(wave_ids)).order_by("id")
    if viewer.warehouses is not None:
        rows = rows.filter(warehouse_id__in=viewer.warehouses)
    waves = list(rows.values("id", "warehouse_id", "state", "claimed_by"))
    lines: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for line in picking.PICK_LIST.rows(waves=[wave["id"] for wave in waves]):
        lines[line.wave_id].append(asdict(line))
    return [{**wave, "lines": lines[wave["id"]]} for wave in waves]


def packing_facts(viewer: Actor, wave_order_ids: Sequence[int]) -> list[dict[str, Any]]:
    """Orders in waves of the viewer's warehouses, with the pieces each parcel must hold."""
    rows = WaveOrder.objects.filter(id__in=list(wave_order_ids)).order_by("id")
    if viewer.warehouses is not None:
        rows = rows.filter(warehouse_id__in=viewer.warehouses)
    orders = list(rows.values("id", "wave_id", "order_id", "shop_id", "warehouse_id", "slot", "state", "packer_id"))
    lines: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for line in packing.PACK_LINES.rows(wave_orders=[order["id"] for order in orders]):
        lines[line.wave_order_id].append(asdict(line))
    return [
        {**order, "tote": tote_number(order["wave_id"], order["slot"]), "lines": lines[order["id"]]} for order in orders
    ]
