"""Statements of replies on their way out, of endings, of calls, and of the shops' channels."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.sql import NoRow, Statement


@dataclass(frozen=True, slots=True)
class OutgoingRow:
    """A line of ours that must reach a platform."""

    id: int
    conversation_id: int
    shop_id: int
    platform: str
    subject_id: int
    delivery: str
    body_sealed: bytes
    contact_sealed: bytes


OUTGOING = Statement(
    """
    SELECT m.id, m.conversation_id, m.shop_id, s.platform, m.subject_id, m.delivery, m.body_sealed, c.contact_sealed
    FROM conversations_message AS m JOIN conversations_conversation AS c ON c.id = m.conversation_id
    JOIN foundation_shop AS s ON s.id = m.shop_id
    WHERE m.id = ANY(%(ids)s::bigint[]) ORDER BY m.id""",
    row=OutgoingRow,
)


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    id: int
    conversation_id: int
    shop_id: int
    sequence: int
    delivery: str


LOCK_MESSAGES = Statement(
    """
    SELECT id, conversation_id, shop_id, sequence, delivery FROM conversations_message
    WHERE id = ANY(%(ids)s::bigint[]) ORDER BY id FOR UPDATE""",
    row=DeliveryRow,
)

DELIVERED: Statement[NoRow] = Statement("""
    UPDATE conversations_message AS m
    SET delivery = given.delivery, outside_id = given.outside_id, failure = given.failure,
        delivered_at = CASE WHEN given.delivery = 'sent' THEN %(now)s::timestamptz END
    FROM unnest(%(ids)s::bigint[], %(deliveries)s::text[], %(outside_ids)s::text[], %(failures)s::text[])
         AS given (id, delivery, outside_id, failure)
    WHERE m.id = given.id AND m.delivery <> 'sent'""")

AGAIN: Statement[NoRow] = Statement("""
    UPDATE conversations_message SET delivery = 'pending', failure = ''
    WHERE id = ANY(%(ids)s::bigint[]) AND delivery = 'failed'""")

END: Statement[NoRow] = Statement("""
    UPDATE conversations_conversation AS c
    SET ending = given.ending, ended_at = %(now)s::timestamptz, ended_by = %(actor_id)s::bigint, open_since = NULL
    FROM unnest(%(ids)s::bigint[], %(endings)s::text[]) AS given (id, ending) WHERE c.id = given.id""")


@dataclass(frozen=True, slots=True)
class ShopIdRow:
    shop_id: int


OPEN_CHANNELS = Statement(
    """
    INSERT INTO conversations_shopchannel (shop_id, opened_at, secret_sealed, secret_version, origins, pulled_upto,
                                           pull_error)
    SELECT shop_id, %(now)s::timestamptz, secret, 1, origins, 0, ''
    FROM unnest(%(shops)s::bigint[], %(secrets)s::bytea[], %(origins)s::text[]) AS given (shop_id, secret, origins)
    ORDER BY shop_id ON CONFLICT (shop_id) DO NOTHING RETURNING shop_id""",
    row=ShopIdRow,
)

SET_ORIGINS = Statement(
    """
    UPDATE conversations_shopchannel AS c SET origins = given.origins
    FROM unnest(%(shops)s::bigint[], %(origins)s::text[]) AS given (shop_id, origins)
    WHERE c.shop_id = given.shop_id AND c.origins <> given.origins RETURNING c.shop_id""",
    row=ShopIdRow,
)

RENEW_SECRETS = Statement(
    """
    UPDATE conversations_shopchannel AS c
    SET secret_sealed = given.secret, secret_version = c.secret_version + 1
    FROM unnest(%(shops)s::bigint[], %(versions)s::int[], %(secrets)s::bytea[]) AS given (shop_id, version, secret)
    WHERE c.shop_id = given.shop_id AND c.secret_version = given.version RETURNING c.shop_id""",
    row=ShopIdRow,
)

NOTE_PULL: Statement[NoRow] = Statement("""
    UPDATE conversations_shopchannel
    SET pulled_upto = greatest(pulled_upto, %(upto)s::bigint), pulled_at = %(now)s::timestamptz,
        pull_error = %(error)s::text
    WHERE shop_id = %(shop)s::bigint""")


NOTE_PUSH: Statement[NoRow] = Statement("""
    UPDATE conversations_shopchannel SET pulled_upto = %(number)s::bigint
    WHERE shop_id = %(shop)s::bigint AND pulled_upto + 1 = %(number)s::bigint""")


@dataclass(frozen=True, slots=True)
class CursorRow:
    shop_id: int
    pulled_upto: int


CURSORS = Statement(
    "SELECT shop_id, pulled_upto FROM conversations_shopchannel WHERE shop_id = ANY(%(shops)s::bigint[])",
    row=CursorRow,
)


@dataclass(frozen=True, slots=True)
class CallRow:
    id: int
    conversation_id: int
    shop_id: int
    subject_id: int
    reference: str
    rang_at: datetime
    answered_at: datetime | None
    hung_up_at: datetime | None


LOCK_CALLS = Statement(
    """
    SELECT c.id, c.conversation_id, c.shop_id, c.subject_id, c.reference, c.rang_at, c.answered_at, c.hung_up_at
    FROM unnest(%(shops)s::bigint[], %(references)s::text[]) AS given (shop_id, reference)
    JOIN conversations_phonecall AS c USING (shop_id, reference) ORDER BY c.id FOR UPDATE OF c""",
    row=CallRow,
)

LOG_CALLS = Statement(
    """
    INSERT INTO conversations_phonecall (conversation_id, shop_id, subject_id, reference, note_sealed, rang_at)
    SELECT conversation_id, shop_id, subject_id, reference, ''::bytea, rang_at
    FROM unnest(%(conversations)s::bigint[], %(shops)s::bigint[], %(subjects)s::bigint[], %(references)s::text[],
                %(rang)s::timestamptz[]) AS given (conversation_id, shop_id, subject_id, reference, rang_at)
    ORDER BY shop_id, reference ON CONFLICT (shop_id, reference) DO NOTHING
    RETURNING id, conversation_id, shop_id, subject_id, reference, rang_at, answered_at, hung_up_at""",
    row=CallRow,
)

UPDATE_CALLS: Statement[NoRow] = Statement("""
    UPDATE conversations_phonecall AS c
    SET answered_at = coalesce(c.answered_at, given.answered_at),
        answered_by = CASE WHEN c.answered_at IS NULL THEN given.answered_by ELSE c.answered_by END,
        hung_up_at = coalesce(c.hung_up_at, given.hung_up_at),
        note_sealed = CASE WHEN given.note = '' THEN c.note_sealed ELSE decode(given.note, 'base64') END
    FROM json_to_recordset(%(calls)s::json)
         AS given (id bigint, answered_at timestamptz, answered_by bigint, hung_up_at timestamptz, note text)
    WHERE c.id = given.id""")
