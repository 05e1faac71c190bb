"""Statements of changes of orders and of interceptions: one under way at a time, answered, ended."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.sql import NoRow, Statement


@dataclass(frozen=True, slots=True)
class RequestedRow:
    id: int
    order_id: int


REQUEST = Statement(
    """
    INSERT INTO tickets_orderchange (order_id, shop_id, ticket_id, kind, way, reason, state, state_at, subject_id,
                                     receiver_sealed, receiver_address_masked, requested_at, requested_by, due_at,
                                     attempts, answer_code, evidence)
    SELECT order_id, shop_id, ticket_id, kind, way, reason, 'requested', %(now)s::timestamptz, subject_id,
           decode(receiver_sealed, 'base64'), address_masked, %(now)s::timestamptz, %(actor_id)s::bigint, due_at, 0,
           '', ''
    FROM json_to_recordset(%(changes)s::json)
         AS g (order_id bigint, shop_id bigint, ticket_id bigint, kind text, way text, reason text, subject_id bigint,
               receiver_sealed text, address_masked text, due_at timestamptz)
    ORDER BY order_id
    ON CONFLICT (order_id) WHERE state IN ('requested', 'by_hand', 'acknowledged') DO NOTHING
    RETURNING id, order_id""",
    row=RequestedRow,
)


@dataclass(frozen=True, slots=True)
class ChangeRow:
    id: int
    order_id: int
    shop_id: int
    ticket_id: int | None
    kind: str
    way: str
    reason: str
    state: str
    answer_code: str


_CHANGE = "c.id, c.order_id, c.shop_id, c.ticket_id, c.kind, c.way, c.reason, c.state, c.answer_code"

LOCK = Statement(
    f"""
    SELECT {_CHANGE} FROM tickets_orderchange AS c WHERE c.id = ANY(%(ids)s::bigint[]) ORDER BY c.id FOR UPDATE OF c""",
    row=ChangeRow,
)


@dataclass(frozen=True, slots=True)
class ReceiverRow:
    order_id: int
    subject_id: int
    receiver_sealed: bytes


RECEIVERS = Statement(
    "SELECT order_id, subject_id, receiver_sealed FROM tickets_orderchange WHERE id = ANY(%(ids)s::bigint[])",
    row=ReceiverRow,
)

LOCK_OF_ORDERS = Statement(
    f"""
    SELECT {_CHANGE} FROM tickets_orderchange AS c
    WHERE c.order_id = ANY(%(orders)s::bigint[]) AND c.state IN ('requested', 'by_hand', 'acknowledged')
    ORDER BY c.id FOR UPDATE OF c""",
    row=ChangeRow,
)

ANSWER: Statement[NoRow] = Statement("""
    UPDATE tickets_orderchange AS c
    SET attempts = c.attempts + 1, answer_code = g.code,
        evidence = CASE WHEN g.evidence = '' THEN c.evidence ELSE g.evidence END,
        answered_at = coalesce(c.answered_at, %(now)s::timestamptz)
    FROM unnest(%(ids)s::bigint[], %(codes)s::text[], %(evidences)s::text[]) AS g (id, code, evidence)
    WHERE c.id = g.id""")

END: Statement[NoRow] = Statement(
    "UPDATE tickets_orderchange SET ended_at = %(now)s::timestamptz WHERE id = ANY(%(ids)s::bigint[])"
)


@dataclass(frozen=True, slots=True)
class ChangeJob:
    id: int
    shop_id: int
    platform: str
    platform_no: str
    kind: str
    reason: str
    subject_id: int
    receiver_sealed: bytes


JOBS = Statement(
    """
    SELECT c.id, c.shop_id, s.platform, o.platform_no, c.kind, c.reason, c.subject_id, c.receiver_sealed
    FROM tickets_orderchange AS c JOIN intake_order AS o ON o.id = c.order_id
    JOIN foundation_shop AS s ON s.id = c.shop_id
    WHERE c.id = ANY(%(ids)s::bigint[]) AND c.state IN ('requested', 'by_hand')""",
    row=ChangeJob,
)


@dataclass(frozen=True, slots=True)
class InterceptedRow:
    id: int
    parcel_id: int


INTERCEPT = Statement(
    """
    INSERT INTO tickets_interception (parcel_id, order_id, shop_id, ticket_id, kind, reason, state, state_at,
                                      subject_id, receiver_sealed, receiver_address_masked, requested_at,
                                      requested_by, due_at, courier_ref, answer_code, evidence)
    SELECT parcel_id, order_id, shop_id, ticket_id, kind, reason, 'requested', %(now)s::timestamptz, subject_id,
           decode(receiver_sealed, 'base64'), address_masked, %(now)s::timestamptz, %(actor_id)s::bigint, due_at, '',
           '', ''
    FROM json_to_recordset(%(wishes)s::json)
         AS g (parcel_id bigint, order_id bigint, shop_id bigint, ticket_id bigint, kind text, reason text,
               subject_id bigint, receiver_sealed text, address_masked text, due_at timestamptz)
    ORDER BY parcel_id
    ON CONFLICT (parcel_id) WHERE state IN ('requested', 'accepted', 'returning') DO NOTHING
    RETURNING id, parcel_id""",
    row=InterceptedRow,
)


@dataclass(frozen=True, slots=True)
class InterceptionRow:
    id: int
    parcel_id: int
    order_id: int
    shop_id: int
    kind: str
    state: str
    requested_at: datetime


_INTERCEPTION = "i.id, i.parcel_id, i.order_id, i.shop_id, i.kind, i.state, i.requested_at"

LOCK_INTERCEPTIONS = Statement(
    f"""
    SELECT {_INTERCEPTION} FROM tickets_interception AS i
    WHERE i.id = ANY(%(ids)s::bigint[]) ORDER BY i.id FOR UPDATE OF i""",
    row=InterceptionRow,
)

LOCK_OF_PARCELS = Statement(
    f"""
    SELECT {_INTERCEPTION} FROM tickets_interception AS i
    WHERE i.parcel_id = ANY(%(parcels)s::bigint[]) AND i.state IN ('requested', 'accepted', 'returning')
    ORDER BY i.id FOR UPDATE OF i""",
    row=InterceptionRow,
)

ANSWER_INTERCEPTIONS: Statement[NoRow] = Statement("""
    UPDATE tickets_interception AS i
    SET courier_ref = g.courier_ref, answer_code = g.code, evidence = g.evidence, answered_at = %(now)s::timestamptz,
        due_at = g.due_at
    FROM unnest(%(ids)s::bigint[], %(refs)s::text[], %(codes)s::text[], %(evidences)s::text[], %(dues)s::timestamptz[])
         AS g (id, courier_ref, code, evidence, due_at)
    WHERE i.id = g.id""")

END_INTERCEPTIONS: Statement[NoRow] = Statement(
    "UPDATE tickets_interception SET ended_at = %(now)s::timestamptz WHERE id = ANY(%(ids)s::bigint[])"
)


@dataclass(frozen=True, slots=True)
class InterceptionJob:
    id: int
    courier: str
    number: str
    kind: str
    reason: str
    subject_id: int
    receiver_sealed: bytes


INTERCEPTION_JOBS = Statement(
    """
    SELECT i.id, p.courier, p.number, i.kind, i.reason, i.subject_id, i.receiver_sealed
    FROM tickets_interception AS i JOIN parcels_parcel AS p ON p.id = i.parcel_id
    WHERE i.id = ANY(%(ids)s::bigint[]) AND i.state = 'requested' AND p.number IS NOT NULL""",
    row=InterceptionJob,
)


@dataclass(frozen=True, slots=True)
class TicketOrderRow:
    id: int
    order_id: int | None
    shop_id: int
    subject_id: int


TICKETS = Statement(
    "SELECT id, order_id, shop_id, subject_id FROM tickets_ticket WHERE id = ANY(%(ids)s::bigint[])",
    row=TicketOrderRow,
)
