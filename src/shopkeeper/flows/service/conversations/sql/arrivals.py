"""Statements that store what customers say: found or opened by customer, written once per sender's key."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.sql import NoRow, Statement


@dataclass(frozen=True, slots=True)
class OpenRow:
    """An open conversation, locked."""

    id: int
    shop_id: int
    channel: str
    subject_id: int
    state: str
    agent_id: int | None
    ticket_id: int | None
    order_id: int | None
    kind: str
    language: str
    opened_at: datetime
    waiting_from: datetime | None
    due_at: datetime | None
    replied_at: datetime | None
    greeted_at: datetime | None
    open_since: datetime | None
    last_sequence: int
    last_sender: str


_ROW = ", ".join(f"c.{name}" for name in OpenRow.__dataclass_fields__)

LOCK_OPEN = Statement(
    f"""
    SELECT {_ROW} FROM conversations_conversation AS c
    JOIN (SELECT DISTINCT * FROM unnest(%(shops)s::bigint[], %(channels)s::text[], %(subjects)s::bigint[]) AS u
         ) AS given (shop_id, channel, subject_id)
      ON c.shop_id = given.shop_id AND c.channel = given.channel AND c.subject_id = given.subject_id
    WHERE c.state <> 'ended' ORDER BY c.id FOR UPDATE OF c""",
    row=OpenRow,
)

LOCK = Statement(
    f"""
    SELECT {_ROW} FROM conversations_conversation AS c
    WHERE c.id = ANY(%(ids)s::bigint[]) ORDER BY c.id FOR UPDATE OF c""",
    row=OpenRow,
)


@dataclass(frozen=True, slots=True)
class IdRow:
    id: int


NEW_IDS = Statement(
    """
    SELECT nextval(pg_get_serial_sequence('conversations_conversation', 'id'))
    FROM generate_series(1, %(count)s::int)""",
    row=IdRow,
)

OPEN = Statement(
    f"""
    INSERT INTO conversations_conversation AS c
        (id, shop_id, channel, state, state_at, subject_id, contact_sealed, contact_masked, phone_index, order_id, kind,
         language, opened_at, off_duty, last_sequence, last_at, last_sender, ending)
    SELECT id, shop_id, channel, 'queued', %(now)s::timestamptz, subject_id, decode(contact_sealed, 'base64'),
           contact_masked, decode(phone_index, 'base64'), order_id, '', language, %(now)s::timestamptz, false, 0,
           %(now)s::timestamptz, '', ''
    FROM json_to_recordset(%(conversations)s::json)
         AS given (id bigint, shop_id bigint, channel text, subject_id bigint, contact_sealed text,
                   contact_masked text, phone_index text, order_id bigint, language text)
    ORDER BY shop_id, channel, subject_id, id
    ON CONFLICT (subject_id, shop_id, channel) WHERE state <> 'ended' AND channel NOT IN ('phone', 'form')
        DO NOTHING
    RETURNING {_ROW}""",
    row=OpenRow,
)


@dataclass(frozen=True, slots=True)
class HeardRow:
    subject_id: int
    client_id: str
    conversation_id: int
    id: int
    sequence: int


HEARD = Statement(
    """
    SELECT m.subject_id, m.client_id, m.conversation_id, m.id, m.sequence
    FROM unnest(%(subjects)s::bigint[], %(client_ids)s::text[]) AS given (subject_id, client_id)
    JOIN conversations_message AS m USING (subject_id, client_id)""",
    row=HeardRow,
)


@dataclass(frozen=True, slots=True)
class CountRow:
    subject_id: int
    lines: int


RECENT = Statement(
    """
    SELECT m.subject_id, count(*)::int FROM conversations_conversation AS c
    JOIN conversations_message AS m ON m.conversation_id = c.id
    WHERE c.id = ANY(%(conversations)s::bigint[]) AND m.sender = 'customer' AND m.sequence > c.last_sequence - 700
      AND m.stored_at > %(since)s::timestamptz
    GROUP BY m.subject_id""",
    row=CountRow,
)


@dataclass(frozen=True, slots=True)
class OrderRow:
    id: int
    shop_id: int
    platform_no: str


ORDERS = Statement(
    """
    SELECT o.id, o.shop_id, o.platform_no
    FROM unnest(%(shops)s::bigint[], %(numbers)s::text[]) AS given (shop_id, platform_no)
    JOIN intake_order AS o USING (shop_id, platform_no)""",
    row=OrderRow,
)


@dataclass(frozen=True, slots=True)
class StoredRow:
    id: int
    conversation_id: int
    sequence: int
    client_id: str


STORE = Statement(
    """
    INSERT INTO conversations_message
        (conversation_id, shop_id, subject_id, sequence, client_id, sender, person_id, said_at, stored_at,
         needs_person, body_sealed, picture_id, delivery, outside_id, failure)
    SELECT conversation_id, shop_id, subject_id, sequence, client_id, sender, person_id, said_at,
           %(now)s::timestamptz, needs_person, decode(body_sealed, 'base64'), picture_id, delivery, '', ''
    FROM json_to_recordset(%(messages)s::json)
         AS given (conversation_id bigint, shop_id bigint, subject_id bigint, sequence int, client_id text,
                   sender text, person_id bigint, said_at timestamptz, needs_person boolean, body_sealed text,
                   picture_id bigint, delivery text)
    ORDER BY conversation_id, sequence
    ON CONFLICT (subject_id, client_id) DO NOTHING
    RETURNING id, conversation_id, sequence, client_id""",
    row=StoredRow,
)

# Where a conversation stands after new lines; the row is locked by the caller.
ADVANCE: Statement[NoRow] = Statement("""
    UPDATE conversations_conversation AS c
    SET last_sequence = given.last_sequence, last_at = %(now)s::timestamptz, last_sender = given.last_sender,
        waiting_from = given.waiting_from, due_at = given.due_at, off_duty = given.off_duty OR c.off_duty,
        greeted_at = given.greeted_at, open_since = given.open_since, language = given.language,
        replied_at = given.replied_at, replied_by = coalesce(c.replied_by, given.replied_by)
    FROM json_to_recordset(%(conversations)s::json)
         AS given (id bigint, last_sequence int, last_sender text, waiting_from timestamptz, due_at timestamptz,
                   off_duty boolean, greeted_at timestamptz, open_since timestamptz, language text,
                   replied_at timestamptz, replied_by bigint)
    WHERE c.id = given.id""")

SET_TICKETS: Statement[NoRow] = Statement("""
    UPDATE conversations_conversation AS c SET ticket_id = given.ticket_id, kind = given.kind
    FROM unnest(%(ids)s::bigint[], %(tickets)s::bigint[], %(kinds)s::text[]) AS given (id, ticket_id, kind)
    WHERE c.id = given.id""")

NOTIFY: Statement[NoRow] = Statement(
    "SELECT pg_notify('shopkeeper_chat', payload) FROM unnest(%(payloads)s::text[]) AS payload"
)


@dataclass(frozen=True, slots=True)
class LastRow:
    id: int
    last_at: datetime


LAST_AT = Statement("SELECT id, last_at FROM conversations_conversation WHERE id = ANY(%(ids)s::bigint[])", row=LastRow)


@dataclass(frozen=True, slots=True)
class PictureRow:
    id: int
    subject_id: int


PICTURES = Statement(
    "SELECT id, subject_id FROM conversations_picture WHERE id = ANY(%(ids)s::bigint[])", row=PictureRow
)
