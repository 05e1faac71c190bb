"""The event log: append-only, typed, written in the transaction of the change it tells of.

Readers take it in the order of transaction ids and stay below the oldest running transaction, so that a
commit that comes late is never skipped.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from typing import Any, Generic, TypeVar

EVENT_TYPES: dict[str, type["Event"]] = {}
E_co = TypeVar("E_co", bound="Event", covariant=True)


@dataclass(frozen=True, slots=True)
class Event:
    """Base of all events. Subclasses are frozen, named in the past tense, and hold ids and plain values only."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        # With slots=True the decorator makes the class twice; the second one replaces the first.
        EVENT_TYPES[type_name(cls)] = cls


def type_name(event: type[Event]) -> str:
    """'warehouse.wave_released' for WaveReleased in the desk warehouse."""
    return _type_name(event.__module__, event.__name__)


@cache
def _type_name(module: str, name: str) -> str:
    desk = module.split(".")[-2]
    return f"{desk}.{re.sub(r'(?<!^)(?=[A-Z])', '_', name).lower()}"


@dataclass(frozen=True, slots=True)
class Recorded(Generic[E_co]):
    """An event as it stands in the log."""

    id: int
    xid: int
    event: E_co
    occurred_at: datetime
    actor_id: int
    clause: str


@dataclass(frozen=True, slots=True)
class Announced:
    """An event on its way into the log, with the clause and command that caused it."""

    event: Event
    clause: str
    command: str


def as_rows(announced: Sequence[Announced]) -> list[dict[str, Any]]:
    """Events as rows of the log."""
    return [
        {
            "type": type_name(type(item.event)),
            "subject_id": getattr(item.event, subject, None),
            "shop_id": getattr(item.event, "shop_id", None),
            "clause": item.clause,
            "command": item.command,
            "data": {name: getattr(item.event, name) for name in names},
        }
        for item in announced
        for subject, names in (_names(type(item.event)),)
    ]


def _names(event: type[Event]) -> tuple[str, tuple[str, ...]]:
    """The field that says what the event is about (the first ending in _id), and all field names."""
    names = tuple(f.name for f in fields(event))
    return next((name for name in names if name.endswith("_id")), ""), names


def revive(type_: str, data: dict[str, Any]) -> Event:
    """Make the typed event of a log row; fields unknown today are left out, missing ones keep defaults."""
    cls = EVENT_TYPES[type_]
    known = {f.name for f in fields(cls)}
    return cls(**{name: value for name, value in data.items() if name in known})
