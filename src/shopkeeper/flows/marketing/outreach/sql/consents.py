"""Statements of consent: who may be written to, on which channel, where."""

from dataclasses import dataclass

from shopkeeper.foundation.sql import NoRow, Statement


@dataclass(frozen=True, slots=True)
class BuyerRow:
    """The buyer of an order."""

    order_id: int
    shop_id: int
    subject_id: int


BUYERS = Statement(
    "SELECT id, shop_id, subject_id FROM intake_order WHERE id = ANY(%(orders)s::bigint[]) ORDER BY id",
    row=BuyerRow,
)


@dataclass(frozen=True, slots=True)
class ErasedRow:
    id: int


ERASED = Statement(
    "SELECT id FROM foundation_subjectkey WHERE id = ANY(%(ids)s::bigint[]) AND wrapped IS NULL", row=ErasedRow
)


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """A consent, locked. `address` is its search key in hexadecimal, empty where no address is known."""

    id: int
    shop_id: int
    subject_id: int
    channel: str
    state: str
    address: str


_CONSENT = """
    SELECT id, shop_id, subject_id, channel, state, coalesce(encode(address_index, 'hex'), '')
    FROM outreach_consent"""

LOCK_OF = Statement(
    f"""{_CONSENT}
    WHERE (subject_id, channel) IN (
        SELECT subject_id, channel FROM unnest(%(subjects)s::bigint[], %(channels)s::text[])
            AS given (subject_id, channel))
    ORDER BY id FOR UPDATE""",
    row=ConsentRow,
)

LOCK = Statement(f"{_CONSENT} WHERE id = ANY(%(ids)s::bigint[]) ORDER BY id FOR UPDATE", row=ConsentRow)

AT_ADDRESSES = Statement(
    f"""{_CONSENT}
    WHERE channel = %(channel)s::text AND address_index = ANY(%(addresses)s::bytea[]) AND state = 'given'
    ORDER BY id""",
    row=ConsentRow,
)


@dataclass(frozen=True, slots=True)
class MadeRow:
    id: int
    subject_id: int
    channel: str


MAKE = Statement(
    """
    INSERT INTO outreach_consent (shop_id, subject_id, channel, state, state_at, source, given_at, given_by, way,
                                  address_sealed, address_masked, address_index)
    SELECT shop_id, subject_id, channel, 'given', %(now)s::timestamptz, source, %(now)s::timestamptz,
           %(actor_id)s::bigint, '', decode(sealed, 'base64'), masked, decode(address, 'hex')
    FROM json_to_recordset(%(consents)s::json)
         AS given (shop_id bigint, subject_id bigint, channel text, source text, sealed text, masked text,
                   address text)
    ORDER BY subject_id, channel ON CONFLICT (subject_id, channel) DO NOTHING
    RETURNING id, subject_id, channel""",
    row=MadeRow,
)

# A new yes: of when and where it is, and with the address that came with it, where one did.
RENEW: Statement[NoRow] = Statement("""
    UPDATE outreach_consent AS c
    SET source = given.source, given_at = %(now)s::timestamptz, given_by = %(actor_id)s::bigint,
        address_sealed = CASE WHEN given.address IS NULL THEN c.address_sealed ELSE decode(given.sealed, 'base64') END,
        address_masked = CASE WHEN given.address IS NULL THEN c.address_masked ELSE given.masked END,
        address_index = coalesce(decode(given.address, 'hex'), c.address_index),
        unreachable_since = CASE WHEN given.address IS NULL THEN c.unreachable_since END
    FROM json_to_recordset(%(consents)s::json)
         AS given (id bigint, source text, sealed text, masked text, address text)
    WHERE c.id = given.id""")

WITHDRAW: Statement[NoRow] = Statement("""
    UPDATE outreach_consent AS c SET withdrawn_at = %(now)s::timestamptz, way = given.way
    FROM unnest(%(ids)s::bigint[], %(ways)s::text[]) AS given (id, way)
    WHERE c.id = given.id AND c.state = 'given'""")

MARK_UNREACHABLE: Statement[NoRow] = Statement("""
    UPDATE outreach_consent AS c SET unreachable_since = %(now)s::timestamptz
    FROM (SELECT id FROM outreach_consent WHERE id = ANY(%(ids)s::bigint[]) ORDER BY id FOR UPDATE) AS locked
    WHERE c.id = locked.id AND c.unreachable_since IS NULL""")
