"""Statements on cases: open once per parcel and kind, end with an outcome."""

from dataclasses import dataclass

from shopkeeper.foundation.sql import NoRow, Statement


@dataclass(frozen=True, slots=True)
class CaseRow:
    id: int
    parcel_id: int
    shop_id: int
    warehouse_id: int
    kind: str
    state: str
    outcome: str


OPEN = Statement(
    """
    WITH opened AS (
        INSERT INTO parcels_parcelcase
            (parcel_id, shop_id, kind, state, state_at, cause, opened_at, opened_by, outcome, note)
        SELECT g.parcel_id, p.shop_id, g.kind, 'open', %(now)s::timestamptz, g.cause, %(now)s::timestamptz,
               %(actor_id)s::bigint, '', g.note
        FROM unnest(%(parcels)s::bigint[], %(kinds)s::text[], %(causes)s::text[], %(notes)s::text[])
             AS g (parcel_id, kind, cause, note)
        JOIN parcels_parcel AS p ON p.id = g.parcel_id
        ORDER BY g.parcel_id, g.kind
        ON CONFLICT (parcel_id, kind) WHERE NOT (state = 'closed') DO NOTHING
        RETURNING id, parcel_id, shop_id, kind, state, outcome
    )
    SELECT c.id, c.parcel_id, c.shop_id, p.warehouse_id, c.kind, c.state, c.outcome
    FROM opened AS c JOIN parcels_parcel AS p ON p.id = c.parcel_id ORDER BY c.id""",
    row=CaseRow,
)

LOCK: Statement[NoRow] = Statement(
    "SELECT id FROM parcels_parcelcase WHERE id = ANY(%(ids)s::bigint[]) ORDER BY id FOR UPDATE"
)

# A parcel is locked before its cases, as by news of it.
LOCK_PARCELS_OF: Statement[NoRow] = Statement("""
    SELECT id FROM parcels_parcel
    WHERE id IN (SELECT parcel_id FROM parcels_parcelcase WHERE id = ANY(%(ids)s::bigint[])) ORDER BY id FOR UPDATE""")

READ = Statement(
    """
    SELECT c.id, c.parcel_id, c.shop_id, p.warehouse_id, c.kind, c.state, c.outcome
    FROM parcels_parcelcase AS c JOIN parcels_parcel AS p ON p.id = c.parcel_id
    WHERE c.id = ANY(%(ids)s::bigint[]) ORDER BY c.id""",
    row=CaseRow,
)

LOCK_OPEN_OF = Statement(
    """
    SELECT c.id, c.parcel_id, c.shop_id, p.warehouse_id, c.kind, c.state, c.outcome
    FROM parcels_parcelcase AS c JOIN parcels_parcel AS p ON p.id = c.parcel_id
    WHERE c.parcel_id = ANY(%(parcels)s::bigint[]) AND c.kind = ANY(%(kinds)s::text[]) AND c.state <> 'closed'
    ORDER BY c.id FOR UPDATE OF c""",
    row=CaseRow,
)

END: Statement[NoRow] = Statement("""
    UPDATE parcels_parcelcase AS c
    SET outcome = g.outcome, note = CASE WHEN g.note = '' THEN c.note ELSE g.note END,
        closed_at = %(now)s::timestamptz, closed_by = %(actor_id)s::bigint
    FROM unnest(%(ids)s::bigint[], %(outcomes)s::text[], %(notes)s::text[]) AS g (id, outcome, note)
    WHERE c.id = g.id""")


@dataclass(frozen=True, slots=True)
class LoggedRow:
    case_id: int


LOG_CONTACT = Statement(
    """
    INSERT INTO parcels_contactlog (case_id, contacted_at, contacted_by, channel, note, answer_due_at)
    SELECT g.case_id, %(now)s::timestamptz, %(actor_id)s::bigint, g.channel, g.note, g.answer_due_at
    FROM unnest(%(cases)s::bigint[], %(channels)s::text[], %(notes)s::text[], %(dues)s::timestamptz[])
         AS g (case_id, channel, note, answer_due_at)
    WHERE NOT EXISTS (
        SELECT FROM parcels_contactlog AS l
        WHERE l.case_id = g.case_id AND l.channel = g.channel AND l.note = g.note
          AND l.contacted_by = %(actor_id)s::bigint AND l.contacted_at > %(since)s::timestamptz)
    ORDER BY g.case_id RETURNING case_id""",
    row=LoggedRow,
)
