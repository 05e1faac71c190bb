"""D1.1: closed files of the collector are counted, each once: minutes and hours go to the database, events stay."""

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from shopkeeper.flows.analytics.collection.events import TrafficCounted
from shopkeeper.flows.analytics.collection.permissions import Permission
from shopkeeper.flows.analytics.collection.records import spool
from shopkeeper.flows.analytics.collection.rules.counting import Counts, count, marks_of
from shopkeeper.flows.analytics.collection.rules.sketch import hash_of, merged, sketch
from shopkeeper.flows.analytics.collection.sql import spools as sql
from shopkeeper.flows.analytics.collection.states import TrafficMark
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import EVERYWHERE
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.policy import policies

LOOK_BACK_FILES = 32  # in so many files before it, an event sent again is recognised
FORGET_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class DrainSpool:
    """A closed file by its name, without ending."""

    name: Annotated[str, Field(max_length=80)]


@dataclass(slots=True)
class _File:
    """One file that was read and judged."""

    name: str
    size: int
    counts: Counts
    lines: int


@dataclass(slots=True)
class _Seen:
    """The event ids of the files before, newest last, as far back as anybody looks."""

    files: list[bytes] = field(default_factory=list)

    def among(self, ids: set[int]) -> frozenset[int]:
        found: set[int] = set()
        for packed in self.files[-LOOK_BACK_FILES:]:
            before = array("Q")
            before.frombytes(packed)
            found |= ids.intersection(before)
        return frozenset(found)


@command(clause="D1.1", permission=Permission.WATCH, scope=EVERYWHERE, internal=True)
def drain_spools(step: Step, items: Sequence[DrainSpool]) -> list[Outcome]:
    """Count files; one that was counted is unchanged. What a file adds commits with the record that it was counted.

    Events of browsers that are machines, of visitors that are too fast, and events sent again are marked beside the
    file and not counted. Refused: "spool_gone" for a file that is not there.
    """
    sql.ONE_AT_A_TIME.run()
    folder = spool.spool_folder()
    names = sorted({item.name for item in items})
    counted = {row.name for row in sql.COUNTED_AMONG.rows(names=names)}
    latest = [row.name for row in sql.LATEST.rows(limit=LOOK_BACK_FILES)]
    seen = _Seen(list(spool.ids_of(folder, latest[::-1])))
    files = [file for name in names if name not in counted and (file := _read(step, folder, name, seen)) is not None]
    ids = _write(step, files)
    outcomes = []
    for item in items:
        if item.name in ids:
            outcomes.append(done(ids.pop(item.name)))
        elif item.name in counted or any(file.name == item.name for file in files):
            outcomes.append(unchanged())
        else:
            outcomes.append(refused("spool_gone", name=item.name))
    return outcomes


def _read(step: Step, folder: Path, name: str, seen: _Seen) -> _File | None:
    """Read and judge a file; its judgement is kept beside it before anything is committed."""
    try:
        events = spool.read_events(folder, name)
    except FileNotFoundError:
        return None
    hashes = [hash_of(event["id"]) for event in events]
    policy = policies(step)
    most = {shop: policy("bot_events_per_minute", shop) for shop in {event["shop"] for event in events}}
    marks = marks_of(events, seen.among(set(hashes)), most)
    packed = array("Q", hashes).tobytes()
    spool.keep_judgement(folder, name, packed, marks)
    seen.files.append(packed)
    return _File(name, spool.size_of(folder, name), count(events, marks), len(events))


def _write(step: Step, files: Sequence[_File]) -> dict[str, int]:
    """Everything the files add, in five statements; the id each got."""
    if not files:
        return {}
    rows = sql.NOTE_FILES.rows(now=step.now, files=as_json([_row(file) for file in files]))
    _add_minutes(files)
    _merge_sketches(files)
    events: Counter[tuple[int, int]] = Counter()
    for file in files:
        events.update(file.counts.events)
    step.emit(*(TrafficCounted(shop, _moment(hour), n) for (shop, hour), n in sorted(events.items())))
    return {row.name: row.id for row in rows}


def _row(file: _File) -> dict[str, Any]:
    marks = file.counts.marks
    return {
        "name": file.name,
        "size": file.size,
        "lines": file.lines,
        "valid": marks[str(TrafficMark.VALID)],
        "bots": marks[str(TrafficMark.BOT_AGENT)] + marks[str(TrafficMark.TOO_FAST)],
        "duplicates": marks[str(TrafficMark.DUPLICATE)],
        "first_at": _moment(file.counts.first_ms) if file.counts.first_ms is not None else None,
        "last_at": _moment(file.counts.last_ms) if file.counts.last_ms is not None else None,
    }


def _add_minutes(files: Sequence[_File]) -> None:
    minutes: Counter[tuple[int, int, str, str]] = Counter()
    for file in files:
        minutes.update(file.counts.minutes)
    rows = [
        {"shop_id": shop, "minute": _moment(minute), "channel": channel, "figure": figure, "value": value}
        for (shop, minute, channel, figure), value in minutes.items()
    ]
    sql.ADD_MINUTES.run(counts=as_json(rows))


def _merge_sketches(files: Sequence[_File]) -> None:
    """What an hour holds already is merged with what the files add."""
    added: dict[tuple[int, int, str, str], list[bytes]] = {}
    for file in files:
        for place, hashes in file.counts.sets.items():
            added.setdefault(place, []).append(sketch(hashes))
    for row in _known_sketches(added):
        place = (row.shop_id, int(row.hour.timestamp() * 1000), row.channel, row.counted)
        if place in added:
            added[place].append(bytes(row.sketch))
    rows = [
        {"shop_id": shop, "hour": _moment(hour), "channel": channel, "counted": counted, "sketch": merged(sketches)}
        for (shop, hour, channel, counted), sketches in added.items()
    ]
    sql.PUT_SKETCHES.run(sketches=as_json(rows))


def _known_sketches(added: Mapping[tuple[int, int, str, str], Any]) -> list[sql.SketchRow]:
    hours = sorted({(shop, hour) for shop, hour, _, _ in added})
    return sql.SKETCHES_OF.rows(shops=[shop for shop, _ in hours], hours=[_moment(hour) for _, hour in hours])


def _moment(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat()


@dataclass(frozen=True, slots=True)
class ForgetSpools:
    """`most` files at once, the oldest first."""

    most: int = FORGET_AT_ONCE


@command(clause="D1.1", permission=Permission.WATCH, scope=EVERYWHERE, internal=True)
def forget_spools(step: Step, items: Sequence[ForgetSpools]) -> list[Outcome]:
    """Remove files that were counted longer ago than the policy keeps them; what was counted stays."""
    keep = timedelta(days=policies(step)("spool_keep_days"))
    names = [row.name for row in sql.OLD.rows(before=step.now - keep, limit=max(item.most for item in items))]
    gone = spool.forget(spool.spool_folder(), names)
    return [done(files=gone) if gone else unchanged() for _ in items]
