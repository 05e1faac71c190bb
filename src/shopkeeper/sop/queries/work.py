"""G2: what the procedure asks of somebody now, and whose it is."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Literal

from django.urls import reverse

from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.sql import Statement
from shopkeeper.sop.deadlines import KINDS, HeldBy
from shopkeeper.sop.permissions import Permission

Whose = Literal["", "free", "mine"]  # everybody's, mine and nobody's, mine only
Part = Literal["", "own", "overseen"]  # all, of my roles or taken by me, of other roles and escalated


@dataclass(frozen=True, slots=True)
class WorkRow:
    id: int
    kind: str
    clause: str
    subject_id: int
    shop_id: int | None
    warehouse_id: int | None
    role: str
    label: str
    opens_at: datetime | None
    due_at: datetime
    late_at: datetime | None
    escalated_at: datetime | None
    claimed_by_id: int | None
    handed_over_reason: str  # why it was given to whoever has it, or back to the list
    holder_id: int | None  # who took it, else whose the record is
    holder: str | None
    place: str | None


@dataclass(frozen=True, slots=True)
class CountRow:
    """`open` and `overdue` wait for the viewer: theirs and nobody's, if they can be done by now.

    `overseen` are of other roles, escalated.
    """

    open: int
    overdue: int
    overseen: int


HOLDER = "coalesce(d.claimed_by_id, ({held}))"
# What the viewer made themselves and another of the role can decide on; taken or given all the same it stays.
BARRED = """(coalesce(({makers}) = %(person)s::bigint, false) AND d.claimed_by_id IS DISTINCT FROM %(person)s::bigint
       AND EXISTS (
           SELECT FROM foundation_person AS o JOIN foundation_personrole AS held ON held.person_id = o.id
           WHERE held.role = d.role AND o.is_active AND o.id <> %(person)s::bigint
             AND (o.all_shops OR EXISTS (SELECT FROM foundation_personshop AS seen
                                         WHERE seen.person_id = o.id AND seen.shop_id = d.shop_id))))"""
SCOPE = """
      AND (%(shops)s::bigint[] IS NULL OR d.shop_id IS NULL OR d.shop_id = ANY(%(shops)s::bigint[]))
      AND (%(warehouses)s::bigint[] IS NULL OR d.warehouse_id IS NULL
           OR d.warehouse_id = ANY(%(warehouses)s::bigint[]))"""
WORK = """
    SELECT d.id, d.kind, d.clause, d.subject_id, d.shop_id, d.warehouse_id, d.role, d.label, d.opens_at, d.due_at,
           d.late_at, d.escalated_at, d.claimed_by_id, d.handed_over_reason, p.id, p.name, coalesce(s.name, w.name)
    FROM sop_deadline AS d
    LEFT JOIN foundation_person AS p ON p.id = {holder}
    LEFT JOIN foundation_shop AS s ON s.id = d.shop_id
    LEFT JOIN foundation_warehouse AS w ON w.id = d.warehouse_id
    WHERE d.role <> ''
      AND ((%(part)s::text <> 'overseen'
            AND (d.role = ANY(%(roles)s::text[]) OR d.claimed_by_id = %(person)s::bigint))
           OR (%(part)s::text <> 'own' AND %(oversees)s::boolean AND d.escalated_at IS NOT NULL
               AND (%(part)s::text = '' OR NOT (d.role = ANY(%(roles)s::text[])
                                                OR coalesce(d.claimed_by_id = %(person)s::bigint, false)))))
      {scope}
      AND NOT {barred}
      AND (%(flow)s::text = '' OR starts_with(d.clause, %(flow)s::text))
      AND (%(whose)s::text <> 'mine' OR p.id = %(person)s::bigint)
      AND (%(whose)s::text <> 'free' OR p.id IS NULL OR p.id = %(person)s::bigint)
      AND (%(sees_held)s::boolean OR p.id IS NULL OR d.claimed_by_id IS NOT NULL OR p.id = %(person)s::bigint)
      AND (d.due_at, d.id) > (%(after_due)s::timestamptz, %(after_id)s::bigint)
    ORDER BY d.due_at, d.id LIMIT %(limit)s::int"""
COUNTS = """
    SELECT count(*) FILTER (WHERE own), count(*) FILTER (WHERE own AND due_at < %(now)s::timestamptz),
           count(*) FILTER (WHERE NOT own)
    FROM (
        SELECT d.due_at, d.role = ANY(%(roles)s::text[]) AS own
        FROM sop_deadline AS d
        WHERE (d.opens_at IS NULL OR d.opens_at <= %(now)s::timestamptz)
          AND ((d.role = ANY(%(roles)s::text[])
                AND coalesce({holder}, %(person)s::bigint) = %(person)s::bigint)
               OR (%(oversees)s::boolean AND d.role <> '' AND NOT d.role = ANY(%(roles)s::text[])
                   AND d.escalated_at IS NOT NULL AND d.claimed_by_id IS DISTINCT FROM %(person)s::bigint))
        {scope}
          AND NOT {barred}
    ) AS counted"""

BEGINNING = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def _held(said: Literal["held_by", "not_by"] = "held_by") -> str:
    """A subselect of the person whose record `d` is about, made of what the desks said of their kinds."""
    by_place: dict[HeldBy, list[str]] = defaultdict(list)
    for kind in KINDS.values():
        place: HeldBy | None = getattr(kind, said)
        if place:
            by_place[place].append(kind.name)
    parts = [_held_in(place, kinds) for place, kinds in by_place.items()]
    return " UNION ALL ".join(parts) or "SELECT NULL::bigint"


def _held_in(place: HeldBy, kinds: list[str]) -> str:
    names = ", ".join(f"'{name}'" for name in sorted(kinds))
    through = f" JOIN {place.through} AS t ON t.id = r.{place.column}" if place.through else ""
    person = "t.person_id" if place.through else f"r.{place.column}"
    return f"SELECT {person} FROM {place.table} AS r{through} WHERE d.kind IN ({names}) AND r.id = d.subject_id"


@cache
def _statements() -> tuple[Statement[WorkRow], Statement[CountRow]]:
    """Made when they are first asked for: by then every desk has said whose its records are."""
    holder, barred = HOLDER.format(held=_held()), BARRED.format(makers=_held("not_by"))
    return (
        Statement(WORK.format(holder=holder, scope=SCOPE, barred=barred), row=WorkRow),
        Statement(COUNTS.format(holder=holder, scope=SCOPE, barred=barred), row=CountRow),
    )


def work_of(
    viewer: Actor,
    *,
    flow: str = "",
    whose: Whose = "",
    part: Part = "",
    sees_held: bool = True,
    after: tuple[datetime, int] = (BEGINNING, 0),
    limit: int = 100,
) -> list[WorkRow]:
    """The viewer's open duties by due time; supervisors see what was escalated, too.

    Without `sees_held` duties about records that are a colleague's own are left out.
    """
    work, _ = _statements()
    return work.rows(
        roles=sorted(viewer.roles),
        person=viewer.id,
        oversees=viewer.may(Permission.WORK_ESCALATE),
        flow=flow,
        whose=whose,
        part=part,
        sees_held=sees_held,
        after_due=after[0],
        after_id=after[1],
        limit=limit,
        **scope_of(viewer),
    )


def work_counts(viewer: Actor, now: datetime, *, with_overseen: bool = False) -> CountRow:
    """How many duties wait for the viewer, how many of them overdue; and, if asked, how many they oversee."""
    _, counts = _statements()
    oversees = with_overseen and viewer.may(Permission.WORK_ESCALATE)
    found = counts.first(roles=sorted(viewer.roles), person=viewer.id, oversees=oversees, now=now, **scope_of(viewer))
    return found or CountRow(0, 0, 0)


def url_of(kind: str, clause: str, subject_id: int) -> str:
    """Where a duty leads: to its record, else to its clause."""
    url = KINDS[kind].url
    return url.format(id=subject_id) if url else reverse("sop-clause", args=[clause])


def scope_of(viewer: Actor) -> dict[str, list[int] | None]:
    return {
        "shops": None if viewer.shops is None else sorted(viewer.shops),
        "warehouses": None if viewer.warehouses is None else sorted(viewer.warehouses),
    }
