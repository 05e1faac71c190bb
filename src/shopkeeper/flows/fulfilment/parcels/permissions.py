"""Permissions on parcels."""

from enum import StrEnum


class Permission(StrEnum):
    PARCEL_VIEW = "fulfilment.parcel.view"
    PARCEL_OPEN = "fulfilment.parcel.open"
    PARCEL_CANCEL = "fulfilment.parcel.cancel"
    NUMBER_ENTER = "fulfilment.parcel.number"
    LABEL_PRINT = "fulfilment.parcel.label"
    PARCEL_PACK = "fulfilment.parcel.pack"
    PARCEL_HAND_OVER = "fulfilment.parcel.hand_over"
    SHIP_BACK_RECORD = "fulfilment.ship_back.record"
    SHIP_BACK_RETRY = "fulfilment.ship_back.retry"
    TRACKING_TAKE_IN = "fulfilment.tracking.take_in"
    PARCEL_WATCH = "fulfilment.parcel.watch"
    CASE_HANDLE = "fulfilment.parcel_case.handle"
