"""The collector's files for the lake: which were counted after which, and their events with the marks they got."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from shopkeeper.flows.analytics.collection.models import SpoolFile
from shopkeeper.flows.analytics.collection.records import spool


@dataclass(frozen=True, slots=True)
class ClosedSpool:
    """A file that was counted. Ids ascend without late comers: whoever took up to one has all before it."""

    id: int
    name: str
    path: str
    lines: int
    drained_at: datetime


@dataclass(frozen=True, slots=True)
class TrafficRow:
    """One event as the lake keeps it; `at` is aware UTC, `mark` empty where it counts."""

    event_id: str
    shop_id: int
    kind: str
    visitor: str
    session: str
    channel: str
    page: str
    sku_id: int | None
    at: datetime
    stay_ms: int | None
    mark: str


def closed_spools(after: int = 0, limit: int = 100) -> list[ClosedSpool]:
    """Files counted after one, in order."""
    folder = spool.spool_folder()
    rows = SpoolFile.objects.filter(id__gt=after).order_by("id")[:limit]
    return [
        ClosedSpool(row.pk, row.name, str(spool.path_of(folder, row.name)), row.lines, row.drained_at) for row in rows
    ]


def spool_rows(file: ClosedSpool) -> Iterator[TrafficRow]:
    """The events of a file. Raises FileNotFoundError once it was forgotten (policy `spool_keep_days`)."""
    folder = spool.spool_folder()
    events = spool.read_events(folder, file.name)
    for event, mark in zip(events, spool.read_marks(folder, file.name), strict=True):
        yield TrafficRow(
            event_id=event["id"],
            shop_id=event["shop"],
            kind=event["kind"],
            visitor=event["v"],
            session=event["s"],
            channel=event["ch"],
            page=event["p"],
            sku_id=event["sku"],
            at=datetime.fromtimestamp(event["at"] / 1000, UTC),
            stay_ms=event["stay"],
            mark=mark,
        )
