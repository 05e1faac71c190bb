"""G1: per clause how often it was due, done on time, late, missed, refused, and what is open."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.sql import Statement


@dataclass(frozen=True, slots=True)
class ClauseCounts:
    """Counts of one clause. `done` are commands' effects; the other figures are of deadlines.

    `open` and `overdue` are somebody's duties, as RoleCounts counts them; the system's own checks stand in `watches`.
    """

    clause: str
    done: int
    refused: int
    on_time: int
    late: int
    missed: int
    open: int
    overdue: int
    watches: int
    watches_overdue: int


COUNTS = Statement(
    """
    WITH runs AS (
        SELECT clause, sum(done) AS done, sum(refused) AS refused FROM foundation_commandrun
        WHERE occurred_at >= %(since)s::timestamptz AND occurred_at < %(until)s::timestamptz GROUP BY clause
    ), closed AS (
        SELECT clause, count(*) FILTER (WHERE ending = 'done' AND NOT was_late) AS on_time,
               count(*) FILTER (WHERE ending <> 'cancelled' AND was_late) AS late,
               count(*) FILTER (WHERE ending = 'missed') AS missed
        FROM sop_deadlineclosed
        WHERE closed_at >= %(since)s::timestamptz AND closed_at < %(until)s::timestamptz
          AND (%(shops)s::bigint[] IS NULL OR shop_id IS NULL OR shop_id = ANY(%(shops)s::bigint[]))
          AND (%(role)s::text = '' OR role = %(role)s::text)
        GROUP BY clause
    ), standing AS (
        SELECT clause, count(*) FILTER (WHERE role <> '') AS open,
               count(*) FILTER (WHERE role <> '' AND late_at IS NOT NULL) AS overdue,
               count(*) FILTER (WHERE role = '') AS watches,
               count(*) FILTER (WHERE role = '' AND late_at IS NOT NULL) AS watches_overdue
        FROM sop_deadline
        WHERE (%(shops)s::bigint[] IS NULL OR shop_id IS NULL OR shop_id = ANY(%(shops)s::bigint[]))
          AND (%(role)s::text = '' OR role = %(role)s::text)
        GROUP BY clause
    )
    SELECT clause, coalesce(r.done, 0)::bigint, coalesce(r.refused, 0)::bigint, coalesce(c.on_time, 0)::bigint,
           coalesce(c.late, 0)::bigint, coalesce(c.missed, 0)::bigint, coalesce(s.open, 0)::bigint,
           coalesce(s.overdue, 0)::bigint, coalesce(s.watches, 0)::bigint, coalesce(s.watches_overdue, 0)::bigint
    FROM runs AS r FULL JOIN closed AS c USING (clause) FULL JOIN standing AS s USING (clause)
    ORDER BY clause""",
    row=ClauseCounts,
)


def clause_counts(viewer: Actor, since: datetime, until: datetime, role: str = "") -> dict[str, ClauseCounts]:
    """Counts of every clause that anything happened under, within the viewer's shops."""
    shops = None if viewer.shops is None else sorted(viewer.shops)
    return {row.clause: row for row in COUNTS.rows(since=since, until=until, shops=shops, role=role)}


@dataclass(frozen=True, slots=True)
class RoleCounts:
    role: str
    on_time: int
    late: int
    missed: int
    open: int
    overdue: int


BY_ROLE = Statement(
    """
    SELECT role, sum(on_time)::bigint, sum(late)::bigint, sum(missed)::bigint, sum(open)::bigint,
           sum(overdue)::bigint
    FROM (
        SELECT role, count(*) FILTER (WHERE ending = 'done' AND NOT was_late) AS on_time,
               count(*) FILTER (WHERE ending <> 'cancelled' AND was_late) AS late,
               count(*) FILTER (WHERE ending = 'missed') AS missed, 0 AS open, 0 AS overdue
        FROM sop_deadlineclosed
        WHERE closed_at >= %(since)s::timestamptz AND closed_at < %(until)s::timestamptz
          AND (%(shops)s::bigint[] IS NULL OR shop_id IS NULL OR shop_id = ANY(%(shops)s::bigint[]))
        GROUP BY role
        UNION ALL
        SELECT role, 0, 0, 0, count(*), count(*) FILTER (WHERE late_at IS NOT NULL) FROM sop_deadline
        WHERE (%(shops)s::bigint[] IS NULL OR shop_id IS NULL OR shop_id = ANY(%(shops)s::bigint[]))
        GROUP BY role
    ) AS figures
    WHERE role <> '' GROUP BY role ORDER BY role""",
    row=RoleCounts,
)


def role_counts(viewer: Actor, since: datetime, until: datetime) -> list[RoleCounts]:
    shops = None if viewer.shops is None else sorted(viewer.shops)
    return BY_ROLE.rows(since=since, until=until, shops=shops)


@dataclass(frozen=True, slots=True)
class AccountRow:
    armed_twice: int
    overdue_unmarked: int


# A deadline is open or closed, never both; and none is past due without having been marked.
ACCOUNT = Statement(
    """
    SELECT (SELECT count(*) FROM sop_deadline AS d JOIN sop_deadlineclosed AS c ON c.deadline_id = d.id),
           (SELECT count(*) FROM sop_deadline WHERE due_at <= %(now)s::timestamptz AND late_at IS NULL)""",
    row=AccountRow,
)


def deadlines_accounted_for(now: datetime) -> bool:
    """True where every deadline is open or closed once, and none is overdue unnoticed."""
    row = ACCOUNT.first(now=now)
    return row is not None and row.armed_twice == 0 and row.overdue_unmarked == 0
