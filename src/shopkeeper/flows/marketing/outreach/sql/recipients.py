"""Statements of recipients: who of a segment may be written to, and what became of each message."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.sql import NoRow, Statement


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """One member of the segment of question `n`, as they stand."""

    n: int
    subject_id: int
    consent_id: int | None
    state: str
    address: bytes | None
    is_erased: bool
    unreachable_since: datetime | None
    recent: int


# What counts towards the limit: messages to this customer, and to the same address under another name of theirs.
CANDIDATES = Statement(
    """
    SELECT m.n, m.subject_id, c.id, coalesce(c.state, ''), c.address_index, k.wrapped IS NULL, c.unreachable_since,
           (SELECT count(*)::int FROM outreach_recipient AS r
            WHERE r.consent_id IN (
                    SELECT o.id FROM outreach_consent AS o WHERE o.subject_id = m.subject_id
                    UNION SELECT o.id FROM outreach_consent AS o WHERE o.address_index = c.address_index)
              AND r.queued_at > q.since AND NOT (r.state IN ('skipped', 'failed')))
    FROM unnest(%(numbers)s::int[], %(subjects)s::bigint[]) AS m (n, subject_id)
    JOIN unnest(%(questions)s::int[], %(channels)s::text[], %(sinces)s::timestamptz[]) AS q (n, channel, since)
      ON q.n = m.n
    JOIN foundation_subjectkey AS k ON k.id = m.subject_id
    LEFT JOIN outreach_consent AS c ON c.subject_id = m.subject_id AND c.channel = q.channel
    ORDER BY m.n, m.subject_id""",
    row=CandidateRow,
)


@dataclass(frozen=True, slots=True)
class LockedRow:
    id: int


# Two mailings that count the same customer's messages do so one after the other.
LOCK_CANDIDATES = Statement(
    """
    SELECT id FROM outreach_consent WHERE id IN (
        SELECT id FROM outreach_consent WHERE subject_id = ANY(%(subjects)s::bigint[])
        UNION SELECT o.id FROM outreach_consent AS c JOIN outreach_consent AS o ON o.address_index = c.address_index
        WHERE c.subject_id = ANY(%(subjects)s::bigint[]))
    ORDER BY id FOR NO KEY UPDATE""",
    row=LockedRow,
)


@dataclass(frozen=True, slots=True)
class TakenRow:
    mailing_id: int
    address: bytes


TAKEN = Statement(
    """
    SELECT DISTINCT r.mailing_id, c.address_index
    FROM outreach_recipient AS r JOIN outreach_consent AS c ON c.id = r.consent_id
    WHERE r.mailing_id = ANY(%(mailings)s::bigint[]) AND r.state <> 'skipped'
      AND c.address_index = ANY(%(addresses)s::bytea[])""",
    row=TakenRow,
)


@dataclass(frozen=True, slots=True)
class AddedRow:
    id: int
    mailing_id: int
    shop_id: int
    state: str


ADD = Statement(
    """
    INSERT INTO outreach_recipient (mailing_id, shop_id, subject_id, consent_id, state, state_at, reason, queued_at,
                                    outside_id, failure, units)
    SELECT mailing_id, shop_id, subject_id, consent_id, CASE WHEN reason = '' THEN 'queued' ELSE 'skipped' END,
           %(now)s::timestamptz, reason, %(now)s::timestamptz, '', '', 0
    FROM json_to_recordset(%(recipients)s::json)
         AS given (mailing_id bigint, shop_id bigint, subject_id bigint, consent_id bigint, reason text)
    ORDER BY mailing_id, subject_id ON CONFLICT (mailing_id, subject_id) DO NOTHING
    RETURNING id, mailing_id, shop_id, state""",
    row=AddedRow,
)


@dataclass(frozen=True, slots=True)
class RecipientRow:
    """A recipient, locked, with how their consent and the mailing stand."""

    id: int
    mailing_id: int
    shop_id: int
    subject_id: int
    consent_id: int | None
    state: str
    units: int
    mailing_state: str
    channel: str
    signature: str
    consent_state: str
    has_address: bool
    is_erased: bool
    opted_out_at: datetime | None


_STANDING = """
    SELECT r.id, r.mailing_id, r.shop_id, r.subject_id, r.consent_id, r.state, r.units, m.state, m.channel, m.signature,
           coalesce(c.state, ''), c.address_index IS NOT NULL, k.wrapped IS NULL, r.opted_out_at
    FROM outreach_recipient AS r
    JOIN outreach_mailing AS m ON m.id = r.mailing_id
    JOIN foundation_subjectkey AS k ON k.id = r.subject_id
    LEFT JOIN outreach_consent AS c ON c.id = r.consent_id"""

LOCK = Statement(
    f"{_STANDING} WHERE r.id = ANY(%(ids)s::bigint[]) ORDER BY r.id FOR UPDATE OF r",
    row=RecipientRow,
)


@dataclass(frozen=True, slots=True)
class MailingOfRow:
    mailing_id: int


# Mailings are locked before their recipients by whoever writes both.
MAILINGS_OF = Statement(
    """
    SELECT id FROM outreach_mailing
    WHERE id IN (SELECT mailing_id FROM outreach_recipient WHERE id = ANY(%(ids)s::bigint[]))
    ORDER BY id FOR UPDATE""",
    row=MailingOfRow,
)

NOTE_REASONS: Statement[NoRow] = Statement("""
    UPDATE outreach_recipient AS r SET reason = given.reason
    FROM unnest(%(ids)s::bigint[], %(reasons)s::text[]) AS given (id, reason)
    WHERE r.id = given.id AND r.state = 'queued'""")

NOTE_SENT: Statement[NoRow] = Statement("""
    UPDATE outreach_recipient AS r
    SET sent_at = %(now)s::timestamptz, outside_id = given.outside_id, failure = given.failure, units = given.units,
        reason = ''
    FROM unnest(%(ids)s::bigint[], %(outside_ids)s::text[], %(failures)s::text[], %(units)s::int[])
         AS given (id, outside_id, failure, units)
    WHERE r.id = given.id AND r.state IN ('accepted', 'failed')""")

NOTE_REPORTED: Statement[NoRow] = Statement("""
    UPDATE outreach_recipient AS r SET failure = given.failure
    FROM unnest(%(ids)s::bigint[], %(failures)s::text[]) AS given (id, failure)
    WHERE r.id = given.id AND r.state IN ('delivered', 'bounced')""")

NOTE_OPTED_OUT: Statement[NoRow] = Statement("""
    UPDATE outreach_recipient SET opted_out_at = %(now)s::timestamptz
    WHERE id = ANY(%(ids)s::bigint[]) AND opted_out_at IS NULL""")


@dataclass(frozen=True, slots=True)
class LeftRow:
    id: int


QUEUED_OF = Statement(
    """
    SELECT id FROM outreach_recipient WHERE mailing_id = ANY(%(mailings)s::bigint[]) AND state = 'queued'
    ORDER BY id FOR UPDATE""",
    row=LeftRow,
)


@dataclass(frozen=True, slots=True)
class LastRow:
    """The last message that a consent received."""

    consent_id: int
    recipient_id: int
    mailing_id: int


# An answer names no message: it is taken to be about the last one.
LAST_SENT = Statement(
    """
    SELECT DISTINCT ON (consent_id) consent_id, id, mailing_id FROM outreach_recipient
    WHERE consent_id = ANY(%(consents)s::bigint[]) AND state IN ('accepted', 'delivered', 'bounced')
    ORDER BY consent_id, id DESC""",
    row=LastRow,
)
