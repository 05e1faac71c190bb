"""What all sandboxes of one process share: business clock, numbers, ledger of what they received, and
pushes out."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from shopkeeper.simulator.sandboxes.misbehaviour import Misbehaviour
from shopkeeper.simulator.sandboxes.store import Doc, Store

CHINA = ZoneInfo("Asia/Shanghai")
_FORM = "%Y-%m-%d %H:%M:%S"
_SHAPE = re.compile(r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$")


def china_text(moment: datetime) -> str:
    """A moment the way Chinese platforms write it: no zone, GMT+8, whole seconds."""
    return moment.astimezone(CHINA).strftime(_FORM)


def china_moment(text: str) -> datetime:
    """The reverse of `china_text`; raises `ValueError`."""
    if not _SHAPE.match(text):
        raise ValueError(f"not a date and time: {text!r}")
    return datetime.strptime(text, _FORM).replace(tzinfo=CHINA).astimezone(UTC)


def iso_moment(text: str) -> datetime:
    """An ISO moment with a zone; raises `ValueError`."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"a moment without a zone: {text!r}")
    return moment.astimezone(UTC)


def machine_now() -> datetime:
    """Machine time, by which signatures grow stale."""
    return datetime.now(UTC)


class NotPossible(Exception):
    """A shopper asked for something the platform does not allow in this state."""


class SoldOut(NotPossible):
    """A shopper asked for more pieces than the platform has of the goods, or for goods it does not sell now."""


DEFAULT_LIMITS = {
    "app_calls_per_minute": 60_000,
    "app_ban_s": 1,
    "pdd_increment_per_minute": 3_000,
    "pdd_goods_list_per_minute": 600,
    "query_interval_s": 1800,
    "robot_per_minute": 20,
    "robot_ban_s": 600,
    "sms_per_number_per_day": 10,
    "push_attempts": 4,
}


@dataclass(slots=True)
class World:
    """The common ground. Everything in it is a document of the store, so that a restart finds it again."""

    store: Store
    seed: int
    misbehaviour: Misbehaviour

    @classmethod
    def open(cls, path: Path | None, seed: int) -> "World":
        """A new world, or the one the file remembers (with the seed it was made with)."""
        store = Store(path)
        made = store.get("meta", "seed")
        if made is None:
            store.put("meta", "seed", {"seed": seed})
        else:
            seed = int(made["seed"])
        return cls(store, seed, Misbehaviour(store, seed))

    def now(self) -> datetime:
        """Business time: what the simulator last set, else machine time."""
        doc = self.store.get("meta", "clock")
        return iso_moment(doc["at"]) if doc else machine_now()

    def set_clock(self, at: datetime) -> None:
        """Set business time; it never runs back."""
        doc = self.store.get("meta", "clock")
        if doc and at < iso_moment(doc["at"]):
            raise ValueError(f"business time does not run back: it is {doc['at']}")
        self.store.put("meta", "clock", {"at": at.isoformat()})

    def limit(self, name: str) -> int:
        """A limit's present value."""
        return int((self.store.get("meta", "limits") or {}).get(name, DEFAULT_LIMITS[name]))

    def set_limits(self, values: dict[str, Any]) -> dict[str, int]:
        """Change limits by name; all of them come back."""
        unknown = set(values) - set(DEFAULT_LIMITS)
        if unknown:
            raise ValueError(f"unknown limits {sorted(unknown)}; known: {sorted(DEFAULT_LIMITS)}")
        kept = {**(self.store.get("meta", "limits") or {}), **{k: int(v) for k, v in values.items()}}
        self.store.put("meta", "limits", kept)
        return {name: self.limit(name) for name in DEFAULT_LIMITS}

    def number(self, series: str) -> int:
        """The next number of a series: 1, 2, 3, …"""
        doc = self.store.get("series", series) or {"last": 0}
        doc["last"] += 1
        self.store.put("series", series, doc)
        return int(doc["last"])

    def note(self, kind: str, identity: str, answer_lost: bool = False, **facts: Any) -> Doc:
        """Enter something received into the ledger. The same thing again raises its `count`; where the
        sender never saw our answer, saying it again is its right, and `lost_answers` counts that."""
        key = f"{kind}|{identity}"
        row = self.store.get("ledger", key)
        if row is None:
            row = {
                "kind": kind,
                "identity": identity,
                "count": 0,
                "lost_answers": 0,
                "first_at": self.now().isoformat(),
            }
        row["count"] += 1
        row["lost_answers"] += int(answer_lost)
        row["last_at"] = self.now().isoformat()
        row.update(facts)
        self.store.put("ledger", key, row)
        return row

    def ledger(self, kind: str | None = None) -> list[Doc]:
        """What was received, sorted by kind and identity."""
        rows = [row for _, row in self.store.all("ledger") if kind in (None, row["kind"])]
        return sorted(rows, key=lambda row: (row["kind"], row["identity"]))


def later(moment: datetime, hours: float) -> datetime:
    """A moment some hours later."""
    return moment + timedelta(hours=hours)
