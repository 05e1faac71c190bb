"""Statements on tracking: find parcels by number, read and add scans, note where parcels stand."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.sql import NoRow, Statement


@dataclass(frozen=True, slots=True)
class FoundRow:
    courier: str
    number: str
    id: int


FIND = Statement(
    "SELECT p.courier, p.number, p.id FROM parcels_parcel AS p WHERE p.number = ANY(%(numbers)s::text[])",
    row=FoundRow,
)


@dataclass(frozen=True, slots=True)
class ScanRow:
    parcel_id: int
    occurred_at: datetime
    code: str
    state: str
    text: str
    place: str


SCANS = Statement(
    """
    SELECT parcel_id, occurred_at, code, state, text, place FROM parcels_trackevent
    WHERE parcel_id = ANY(%(ids)s::bigint[]) ORDER BY parcel_id, occurred_at, id""",
    row=ScanRow,
)

# Told twice is kept once: the parcel's row is locked, so what is not here now cannot come in beside us.
ADD: Statement[NoRow] = Statement("""
    INSERT INTO parcels_trackevent (parcel_id, occurred_at, code, state, text, place, fingerprint, heard_at)
    SELECT DISTINCT ON (g.parcel_id, g.occurred_at, g.fingerprint)
           g.parcel_id, g.occurred_at, g.code, g.state, g.text, g.place, g.fingerprint, %(now)s::timestamptz
    FROM unnest(%(parcels)s::bigint[], %(moments)s::timestamptz[], %(codes)s::text[], %(states)s::text[],
                %(texts)s::text[], %(places)s::text[], %(fingerprints)s::bytea[])
         AS g (parcel_id, occurred_at, code, state, text, place, fingerprint)
    WHERE NOT EXISTS (
        SELECT FROM parcels_trackevent AS e
        WHERE e.parcel_id = g.parcel_id AND e.occurred_at = g.occurred_at AND e.fingerprint = g.fingerprint)""")

HEAR: Statement[NoRow] = Statement("""
    UPDATE parcels_parcel AS p
    SET last_heard_at = %(now)s::timestamptz, last_update_at = coalesce(g.last_at, p.last_update_at),
        track_code = coalesce(nullif(g.code, ''), p.track_code),
        courier_watch = coalesce(nullif(g.watch, ''), p.courier_watch), signed_at = g.signed_at
    FROM unnest(%(ids)s::bigint[], %(last)s::timestamptz[], %(codes)s::text[], %(watches)s::text[],
                %(signed)s::timestamptz[]) AS g (id, last_at, code, watch, signed_at)
    WHERE p.id = g.id""")


@dataclass(frozen=True, slots=True)
class OrderRow:
    order_id: int


WHOLLY_SIGNED = Statement(
    """
    SELECT order_id FROM parcels_parcel
    WHERE order_id = ANY(%(orders)s::bigint[]) AND state <> 'cancelled'
    GROUP BY order_id HAVING bool_and(state = 'signed') ORDER BY order_id""",
    row=OrderRow,
)


@dataclass(frozen=True, slots=True)
class TrackJob:
    """What the performer needs to ask about, follow, or give back one number."""

    parcel_id: int
    courier: str
    number: str | None
    state: str
    sender_phone: str

    @property
    def phone_tail(self) -> str:
        """The sender's last four digits, which some couriers ask for."""
        return "".join(filter(str.isdigit, self.sender_phone))[-4:]


JOBS = Statement(
    """
    SELECT p.id AS parcel_id, p.courier, p.number, p.state, w.sender_phone
    FROM parcels_parcel AS p JOIN foundation_warehouse AS w ON w.id = p.warehouse_id
    WHERE p.id = ANY(%(ids)s::bigint[])""",
    row=TrackJob,
)
