"""The event log: append-only, typed, written in the transaction of the change it tells of.

Readers take it in the order of transaction ids and stay below the oldest running transaction, so that a
commit that comes late is never skipped.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
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


@cache
def type_name(event: type[Event]) -> str:
    """'warehouse.wave_released' for WaveReleased in the desk warehouse."""
    desk = event.__module__.split(".")[-2]
    return f"{desk}.{re.sub(r'(?<!^)(?=[A-Z])', '_', event.__name__).lower()}"


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


def columns_of(announced: Sequence[Announced]) -> dict[str, list[Any]]:
    """Events as one list per column of the log."""
    data = [asdict(item.event) for item in announced]
    return {
        "types": [type_name(type(item.event)) for item in announced],
        "subjects": [_subject(item.event) for item in announced],
        "shops": [row.get("shop_id") for row in data],
        "clauses": [item.clause for item in announced],
        "commands": [item.command for item in announced],
        "data": [json.dumps(row, ensure_ascii=False, default=str) for row in data],
    }


def _subject(event: Event) -> int | None:
    """The first field that ends in _id says what the event is about."""
    return next((getattr(event, f.name) for f in fields(event) if f.name.endswith("_id")), None)


def revive(type_: str, data: dict[str, Any]) -> Event:
    """Make the typed event of a log row; fields unknown today are left out, missing ones keep defaults."""
    cls = EVENT_TYPES[type_]
    known = {f.name for f in fields(cls)}
    return cls(**{name: value for name, value in data.items() if name in known})
