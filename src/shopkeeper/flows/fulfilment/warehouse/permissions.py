"""Permissions of the warehouse desk."""

from enum import StrEnum


class Permission(StrEnum):
    WAVE_VIEW = "fulfilment.warehouse.wave.view"
    WAVE_RELEASE = "fulfilment.warehouse.wave.release"
    PICK = "fulfilment.warehouse.pick"  # claim a wave, scan, report what is missing, finish
    PACK = "fulfilment.warehouse.pack"  # open, inspect, weigh, close, put back
    PACK_FORCE = "fulfilment.warehouse.pack.force"  # close against the scale, with a reason
    WATCH = "fulfilment.warehouse.watch"  # what the system does by itself
