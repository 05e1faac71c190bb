"""Reads of parcels. What other desks use is exported here."""

from ..sql.ship_backs import ShipBackJob
from ..sql.tracking import TrackJob
from .cards import ParcelCard, all_parcels_of_orders, parcels_by_id, parcels_of_orders
from .jobs import (
    WaybillJob,
    ship_back_jobs,
    track_jobs,
    waybill_jobs,
)
from .lists import (
    Wanted,
    case_counts,
    case_list,
    parcel_counts,
    parcel_ids,
    parcel_list,
    ship_back_counts,
    ship_back_ids,
    ship_back_list,
    shop_choices,
    without_label,
)
from .records import case_record, parcel_record

__all__ = [
    "ParcelCard",
    "ShipBackJob",
    "TrackJob",
    "Wanted",
    "WaybillJob",
    "all_parcels_of_orders",
    "case_counts",
    "case_list",
    "case_record",
    "parcel_counts",
    "parcel_ids",
    "parcel_list",
    "parcel_record",
    "parcels_by_id",
    "parcels_of_orders",
    "ship_back_counts",
    "ship_back_ids",
    "ship_back_jobs",
    "ship_back_list",
    "shop_choices",
    "track_jobs",
    "waybill_jobs",
    "without_label",
]
