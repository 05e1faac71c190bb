"""Statements behind the pages: last scans, counters, the story of a parcel or a case."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.sql import Statement


@dataclass(frozen=True, slots=True)
class LastScanRow:
    parcel_id: int
    occurred_at: datetime
    code: str
    state: str
    text: str
    place: str


LAST_SCANS = Statement(
    """
    SELECT p.id AS parcel_id, e.occurred_at, e.code, e.state, e.text, e.place
    FROM unnest(%(ids)s::bigint[]) AS p (id)
    CROSS JOIN LATERAL (
        SELECT occurred_at, code, state, text, place FROM parcels_trackevent
        WHERE parcel_id = p.id ORDER BY occurred_at DESC, id DESC LIMIT 1) AS e""",
    row=LastScanRow,
)


@dataclass(frozen=True, slots=True)
class CountRow:
    state: str
    count: int


# Boards and tabs count what is open; what has come to rest is never counted in full. A packed parcel whose order
# is packed no longer was called back.
COUNT_PARCELS = Statement(
    """
    SELECT CASE WHEN p.state = 'packed' AND o.state <> 'packed' THEN 'recalled' ELSE p.state END AS state,
           count(*)::int AS count
    FROM parcels_parcel AS p LEFT JOIN intake_order AS o ON p.state = 'packed' AND o.id = p.order_id
    WHERE p.state IN ('awaiting_number', 'numbered', 'packed', 'handed_over', 'in_transit', 'delivering', 'refused',
                      'returning')
      AND (%(shops)s::bigint[] IS NULL OR p.shop_id = ANY(%(shops)s::bigint[]))
      AND (%(warehouses)s::bigint[] IS NULL OR p.warehouse_id = ANY(%(warehouses)s::bigint[]))
    GROUP BY 1 ORDER BY 1""",
    row=CountRow,
)

COUNT_SHIP_BACKS = Statement(
    """
    SELECT b.state, count(*)::int AS count
    FROM parcels_shipback AS b JOIN parcels_parcel AS p ON p.id = b.parcel_id
    WHERE b.state IN ('pending', 'failed')
      AND (%(shops)s::bigint[] IS NULL OR b.shop_id = ANY(%(shops)s::bigint[]))
      AND (%(warehouses)s::bigint[] IS NULL OR p.warehouse_id = ANY(%(warehouses)s::bigint[]))
    GROUP BY b.state ORDER BY b.state""",
    row=CountRow,
)

COUNT_CASES = Statement(
    """
    SELECT c.state, count(*)::int AS count
    FROM parcels_parcelcase AS c JOIN parcels_parcel AS p ON p.id = c.parcel_id
    WHERE c.state IN ('open', 'contacted')
      AND (%(shops)s::bigint[] IS NULL OR c.shop_id = ANY(%(shops)s::bigint[]))
      AND (%(warehouses)s::bigint[] IS NULL OR p.warehouse_id = ANY(%(warehouses)s::bigint[]))
    GROUP BY c.state ORDER BY c.state""",
    row=CountRow,
)


@dataclass(frozen=True, slots=True)
class ParcelsInTroubleRow:
    count: int


COUNT_IN_TROUBLE = Statement(
    """
    SELECT count(DISTINCT c.parcel_id)::int AS count
    FROM parcels_parcelcase AS c JOIN parcels_parcel AS p ON p.id = c.parcel_id
    WHERE c.state IN ('open', 'contacted')
      AND (%(shops)s::bigint[] IS NULL OR c.shop_id = ANY(%(shops)s::bigint[]))
      AND (%(warehouses)s::bigint[] IS NULL OR p.warehouse_id = ANY(%(warehouses)s::bigint[]))""",
    row=ParcelsInTroubleRow,
)


@dataclass(frozen=True, slots=True)
class StoryRow:
    type: str
    occurred_at: datetime
    actor_id: int
    why: str
    data: str


STORY = Statement(
    """
    SELECT type, occurred_at, actor_id, why, data::text AS data FROM foundation_event
    WHERE type = ANY(%(types)s::text[]) AND subject_id = %(subject)s::bigint
    ORDER BY occurred_at, id LIMIT 500""",
    row=StoryRow,
)


@dataclass(frozen=True, slots=True)
class DueRow:
    subject_id: int
    due_at: datetime


DUE = Statement(
    """
    SELECT subject_id, due_at FROM sop_deadline
    WHERE kind = ANY(%(kinds)s::text[]) AND subject_id = ANY(%(subjects)s::bigint[])""",
    row=DueRow,
)
