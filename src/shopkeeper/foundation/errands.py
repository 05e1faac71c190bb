"""Errands: what must be said to outside systems. Written with the change, done after commit, until acknowledged.

An errand is unique per (kind, subject). It is leased, performed with no transaction open, and then deleted,
put off with back-off, or given up with its reason kept for a person to see.
"""

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from django.conf import settings
from django.db import transaction

from shopkeeper.foundation import business_time
from shopkeeper.foundation.sql import NoRow, Statement
from shopkeeper.shared.clock import machine_now

log = logging.getLogger(__name__)
BATCH = 50


@dataclass(frozen=True, slots=True)
class Errand:
    """Something to say outside: `data` holds ids and plain values only, never personal data."""

    kind: str
    subject_id: int
    at: datetime
    shop_id: int | None = None
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ErrandRow:
    id: int
    kind: str
    subject_id: int
    shop_id: int | None
    data: dict[str, Any]
    attempts: int


@dataclass(frozen=True, slots=True)
class ErrandResult:
    """How one errand ended: done, to be retried (after so many seconds, else by back-off), or given up."""

    ending: Literal["done", "retry", "give_up"]
    reason: str = ""
    retry_after_seconds: float | None = None


DONE = ErrandResult("done")
Performer = Callable[[Sequence[ErrandRow]], Sequence[ErrandResult]]

ENQUEUE: Statement[NoRow] = Statement("""
    INSERT INTO foundation_errandentry (kind, subject_id, shop_id, data, next_at, attempts, last_error)
    SELECT kind, subject_id, shop_id, data::jsonb, next_at, 0, ''
    FROM unnest(%(kinds)s::text[], %(subjects)s::bigint[], %(shops)s::bigint[], %(data)s::text[],
                %(moments)s::timestamptz[]) AS given (kind, subject_id, shop_id, data, next_at)
    ON CONFLICT (kind, subject_id) DO UPDATE
        SET next_at = excluded.next_at, data = excluded.data, attempts = 0, given_up_at = NULL, leased_until = NULL
        -- Revives what was given up; and what is wanted while it is being performed is performed once more.
        WHERE foundation_errandentry.given_up_at IS NOT NULL OR foundation_errandentry.leased_until IS NOT NULL""")


@dataclass(frozen=True, slots=True)
class LeasedRow:
    id: int
    kind: str
    subject_id: int
    shop_id: int | None
    data: str
    attempts: int


@dataclass(frozen=True, slots=True)
class KindRow:
    kind: str


LEASE_DUE = Statement(
    """
    WITH due AS (
        SELECT id FROM foundation_errandentry
        WHERE kind = %(kind)s::text AND next_at <= %(now)s::timestamptz AND given_up_at IS NULL
          AND (leased_until IS NULL OR leased_until < %(machine_now)s::timestamptz)
        ORDER BY next_at, id LIMIT %(limit)s::int FOR UPDATE SKIP LOCKED
    )
    UPDATE foundation_errandentry AS e SET leased_until = %(leased_until)s::timestamptz, attempts = attempts + 1
    FROM due WHERE e.id = due.id
    RETURNING e.id, e.kind, e.subject_id, e.shop_id, e.data::text, e.attempts""",
    row=LeasedRow,
)

DELETE_DONE: Statement[NoRow] = Statement("""
    DELETE FROM foundation_errandentry
    WHERE id = ANY(%(ids)s::bigint[]) AND leased_until = %(lease)s::timestamptz""")

PUT_OFF: Statement[NoRow] = Statement("""
    UPDATE foundation_errandentry AS e
    SET leased_until = NULL, next_at = given.next_at, last_error = given.reason, given_up_at = given.given_up_at
    FROM unnest(%(ids)s::bigint[], %(moments)s::timestamptz[], %(reasons)s::text[], %(given_up)s::timestamptz[])
         AS given (id, next_at, reason, given_up_at)
    WHERE e.id = given.id AND e.leased_until = %(lease)s::timestamptz""")


DUE_KINDS = Statement(
    """
    SELECT DISTINCT kind FROM foundation_errandentry
    WHERE next_at <= %(now)s::timestamptz AND given_up_at IS NULL
      AND (leased_until IS NULL OR leased_until < %(machine_now)s::timestamptz)
    ORDER BY kind""",
    row=KindRow,
)


@dataclass(frozen=True, slots=True)
class NextRow:
    next_at: datetime | None


NEXT = Statement("SELECT min(next_at) FROM foundation_errandentry WHERE given_up_at IS NULL", row=NextRow)


def next_at() -> datetime | None:
    """When the next errand is due."""
    row = NEXT.first()
    return row.next_at if row else None


def enqueue(errands: Sequence[Errand]) -> None:
    """Put errands into the transaction at hand; one that waits already is not put twice, one given up is revived."""
    first = {(e.kind, e.subject_id): e for e in reversed(errands)}  # the first of each stands
    errands = [first[key] for key in sorted(first)]  # two writers of the same rows take them in one order
    if errands:
        ENQUEUE.run(
            kinds=[e.kind for e in errands],
            subjects=[e.subject_id for e in errands],
            shops=[e.shop_id for e in errands],
            data=[json.dumps(e.data) for e in errands],
            moments=[e.at for e in errands],
        )


HASTEN: Statement[NoRow] = Statement("""
    UPDATE foundation_errandentry SET next_at = least(next_at, %(at)s::timestamptz), given_up_at = NULL
    WHERE kind = %(kind)s::text AND subject_id = ANY(%(subjects)s::bigint[])""")


def hasten(kind: str, subjects: Sequence[int], at: datetime) -> int:
    """Bring waiting errands forward, given-up ones too; return how many there were."""
    return HASTEN.run(kind=kind, subjects=list(subjects), at=at) if subjects else 0


def perform_due(performers: dict[str, Performer]) -> int:
    """Perform everything due now, a batch per kind; return how many errands were tried."""
    now = business_time.now()
    kinds = [row.kind for row in DUE_KINDS.rows(now=now, machine_now=machine_now())]
    return sum(_perform_kind(kind, performers[kind], now) for kind in kinds if kind in performers)


def _perform_kind(kind: str, performer: Performer, now: datetime) -> int:
    machine = machine_now()
    leased_until = machine + timedelta(seconds=settings.SHOPKEEPER_LEASE_S)
    with transaction.atomic():
        rows = [
            ErrandRow(row.id, row.kind, row.subject_id, row.shop_id, json.loads(row.data), row.attempts)
            for row in LEASE_DUE.rows(kind=kind, now=now, machine_now=machine, leased_until=leased_until, limit=BATCH)
        ]
    if not rows:
        return 0
    rows.sort(key=lambda row: row.id)
    try:
        results = list(performer(rows))
    except Exception as error:  # whatever went wrong, the errand stays and is tried again
        log.exception("errand %s failed", kind)
        results = [ErrandResult("retry", f"{type(error).__name__}: {error}"[:500])] * len(rows)
    _settle(rows, results, now, leased_until)
    return len(rows)


def _settle(rows: Sequence[ErrandRow], results: Sequence[ErrandResult], now: datetime, lease: datetime) -> None:
    """Write how errands ended; those whose lease somebody else holds by now are left to them."""
    pairs = list(zip(rows, results, strict=True))
    finished = [row.id for row, result in pairs if result.ending == "done"]
    open_pairs = [(row, result) for row, result in pairs if result.ending != "done"]
    with transaction.atomic():
        if finished:
            DELETE_DONE.run(ids=finished, lease=lease)
        if open_pairs:
            PUT_OFF.run(
                ids=[row.id for row, _ in open_pairs],
                moments=[now + _pause(row, result) for row, result in open_pairs],
                reasons=[result.reason[:500] for _, result in open_pairs],
                given_up=[now if result.ending == "give_up" else None for _, result in open_pairs],
                lease=lease,
            )


def _pause(row: ErrandRow, result: ErrandResult) -> timedelta:
    """Asked-for pause, or 2, 4, 8 … seconds up to ten minutes."""
    if result.retry_after_seconds is not None:
        return timedelta(seconds=result.retry_after_seconds)
    return timedelta(seconds=min(600, 2 ** min(row.attempts, 10)))


__all__ = [
    "DONE", "Errand", "ErrandResult", "ErrandRow", "Performer", "enqueue", "hasten", "next_at", "perform_due",
]  # fmt: skip
