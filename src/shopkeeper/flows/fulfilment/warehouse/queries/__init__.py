"""Reads of the warehouse. Every one takes the viewer and shows only the viewer's warehouses."""

from .board import Board, board
from .leaving import packed_in, wave_order_of_parcel
from .packing import (
    OrderRecord,
    PackLineView,
    PackQueueRow,
    ScanView,
    order_in_hand,
    order_record,
    orders_to_put_back,
    pack_queue,
    pack_queue_counts,
    parcel_of_code,
    recent_scans,
    totes_of_wave,
)
from .papers import PaperRefused, label_paper, packing_list_paper, pick_list_paper
from .picking import PickView, is_bin_of_wave, pick_view, waves_to_pick
from .recalls import recall_of
from .scope import Found, Wanted, warehouse_choices
from .waves import WaveRecord, WaveRow, wave_counts, wave_list, wave_of_code, wave_record

__all__ = [
    "Board",
    "Found",
    "OrderRecord",
    "PackLineView",
    "PackQueueRow",
    "PaperRefused",
    "PickView",
    "ScanView",
    "Wanted",
    "WaveRecord",
    "WaveRow",
    "board",
    "is_bin_of_wave",
    "label_paper",
    "order_in_hand",
    "order_record",
    "orders_to_put_back",
    "pack_queue",
    "pack_queue_counts",
    "packed_in",
    "packing_list_paper",
    "parcel_of_code",
    "pick_list_paper",
    "pick_view",
    "recall_of",
    "recent_scans",
    "totes_of_wave",
    "warehouse_choices",
    "wave_counts",
    "wave_list",
    "wave_of_code",
    "wave_order_of_parcel",
    "wave_record",
    "waves_to_pick",
]
