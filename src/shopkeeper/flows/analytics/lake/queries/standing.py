"""How the lake stands: what lies in it, how far it is behind, and whether the next write is set."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.flows.analytics.lake.deadlines import LAKE_NIGHT, LAKE_WRITE
from shopkeeper.flows.analytics.lake.models import THE_LAKE
from shopkeeper.flows.analytics.lake.sql import manifest as sql
from shopkeeper.flows.analytics.lake.sql.manifest import TableRow
from shopkeeper.sop.models import Deadline

COUNTED_MOST = 100_000


def is_called() -> bool:
    """Both the next write and the next night are set."""
    kinds = (LAKE_WRITE.name, LAKE_NIGHT.name)
    return Deadline.objects.filter(kind__in=kinds, subject_id=THE_LAKE, late_at__isnull=True).count() == len(kinds)


def is_behind(moment: datetime) -> bool:
    """Does anything that happened before this moment wait to be written?"""
    mark = sql.WATERMARK.first()
    xid, event_id, spool_id = (mark.xid, mark.event_id, mark.spool_id) if mark else (0, 0, 0)
    found = sql.BEHIND.first(xid=xid, event_id=event_id, spool_id=spool_id, moment=moment)
    return found is not None and found.is_behind


@dataclass(frozen=True, slots=True)
class Standing:
    """`unwritten` announcements wait since `oldest_at`; `read_until` is the business time of the last one written."""

    batch: int
    read_until: datetime | None
    written_at: datetime | None
    tidied_at: datetime | None
    rebuild_asked_at: datetime | None
    rebuilt_at: datetime | None
    unwritten: int
    oldest_at: datetime | None
    next_at: datetime | None
    tables: tuple[TableRow, ...]

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables)

    @property
    def bytes(self) -> int:
        return sum(table.bytes for table in self.tables)

    @property
    def files(self) -> int:
        return sum(table.fresh_files + table.merged_files for table in self.tables)


def standing() -> Standing:
    """The lake now, in four statements."""
    mark = sql.WATERMARK.first()
    waiting = sql.UNWRITTEN.first(
        xid=mark.xid if mark else 0, event_id=mark.event_id if mark else 0, limit=COUNTED_MOST
    )
    assert waiting is not None
    due = Deadline.objects.filter(kind=LAKE_WRITE.name, subject_id=THE_LAKE).values_list("due_at", flat=True).first()
    return Standing(
        batch=mark.batch if mark else 0,
        read_until=mark.read_until if mark else None,
        written_at=mark.written_at if mark else None,
        tidied_at=mark.tidied_at if mark else None,
        rebuild_asked_at=mark.rebuild_asked_at if mark else None,
        rebuilt_at=mark.rebuilt_at if mark else None,
        unwritten=waiting.count,
        oldest_at=waiting.oldest_at,
        next_at=due,
        tables=tuple(sql.TABLES.rows()),
    )
