"""From the lines of one file of the collector: which count, and the sums and sets of its minutes and hours."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from shopkeeper.flows.analytics.collection.rules.sketch import hash_of
from shopkeeper.flows.analytics.collection.states import Counted, TrafficKind, TrafficMark

MINUTE_MS, HOUR_MS = 60_000, 3_600_000
BOTS, DUPLICATES = "bots", "duplicates"


@dataclass(slots=True)
class Counts:
    """What a file adds. Minutes and hours are milliseconds of their beginning, UTC."""

    minutes: Counter[tuple[int, int, str, str]] = field(default_factory=Counter)  # shop, minute, channel, figure
    sets: dict[tuple[int, int, str, str], set[int]] = field(default_factory=lambda: defaultdict(set))
    events: Counter[tuple[int, int]] = field(default_factory=Counter)  # valid ones, by shop and hour
    marks: Counter[str] = field(default_factory=Counter)
    first_ms: int | None = None
    last_ms: int | None = None


def marks_of(
    events: Sequence[Mapping[str, Any]], seen_before: frozenset[int], most_a_minute: Mapping[int, int]
) -> list[str]:
    """The mark of each event: from its browser, as one that was sent before, or as too many of one visitor's minute.

    `seen_before` are hashes of event ids of other files; `most_a_minute` is the bound of each shop.
    """
    once = {event["id"]: event for event in reversed(events)}.values()  # what was sent again made nobody faster
    per_minute = Counter((event["shop"], event["v"], event["at"] // MINUTE_MS) for event in once)
    seen: set[str] = set()
    marks = []
    for event in events:
        if event["id"] in seen or (seen_before and hash_of(event["id"]) in seen_before):
            mark = str(TrafficMark.DUPLICATE)
        elif event["m"]:
            mark = event["m"]
        elif per_minute[event["shop"], event["v"], event["at"] // MINUTE_MS] > most_a_minute[event["shop"]]:
            mark = str(TrafficMark.TOO_FAST)
        else:
            mark = ""
        seen.add(event["id"])
        marks.append(mark)
    return marks


_hashed = lru_cache(maxsize=100_000)(hash_of)  # a visitor comes again and again in a file


def count(events: Sequence[Mapping[str, Any]], marks: Sequence[str]) -> Counts:
    """Sums and sets of the events that count; of the others only how many there were."""
    counts = Counts()
    for event, mark in zip(events, marks, strict=True):
        shop, at, channel = event["shop"], event["at"], event["ch"]
        minute, hour = at - at % MINUTE_MS, at - at % HOUR_MS
        counts.first_ms = at if counts.first_ms is None else min(at, counts.first_ms)
        counts.last_ms = at if counts.last_ms is None else max(at, counts.last_ms)
        counts.marks[mark] += 1
        if mark:
            counts.minutes[shop, minute, channel, DUPLICATES if mark == TrafficMark.DUPLICATE else BOTS] += 1
            continue
        counts.minutes[shop, minute, channel, event["kind"]] += 1
        counts.events[shop, hour] += 1
        visitor, visit = _hashed(event["v"]), _hashed(event["s"])
        for whose in ("", channel):
            counts.sets[shop, hour, whose, Counted.VISITORS].add(visitor)
            counts.sets[shop, hour, whose, Counted.VISITS].add(visit)
        if event["kind"] == TrafficKind.CART:
            counts.sets[shop, hour, "", Counted.CART_VISITORS].add(visitor)
        elif event["kind"] == TrafficKind.ORDER:
            counts.sets[shop, hour, "", Counted.ORDER_VISITORS].add(visitor)
    return counts
