"""Statements of listings: wanted, told, taken down, read back; and of their cases."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.sql import NoRow, Statement


@dataclass(frozen=True, slots=True)
class ListingRow:
    id: int
    product_id: int
    shop_id: int
    state: str
    item_no: str
    version: int


LOCK = Statement(
    """
    SELECT id, product_id, shop_id, state, item_no, version FROM publishing_listing
    WHERE id = ANY(%(ids)s::bigint[]) ORDER BY id FOR UPDATE""",
    row=ListingRow,
)

LOCK_PAIRS = Statement(
    """
    SELECT id, product_id, shop_id, state, item_no, version FROM publishing_listing
    WHERE (product_id, shop_id) IN (SELECT * FROM unnest(%(products)s::bigint[], %(shops)s::bigint[]))
    ORDER BY id FOR UPDATE""",
    row=ListingRow,
)

LOCK_OF_PRODUCTS = Statement(
    """
    SELECT id, product_id, shop_id, state, item_no, version FROM publishing_listing
    WHERE product_id = ANY(%(products)s::bigint[]) ORDER BY id FOR UPDATE""",
    row=ListingRow,
)

WANT = Statement(
    """
    INSERT INTO publishing_listing (product_id, shop_id, state, state_at, wanted_at, wanted_by, version, said,
                                    item_no, seen, is_relist, tries, error, reason)
    SELECT product_id, shop_id, 'to_publish', %(now)s::timestamptz, %(now)s::timestamptz, %(actor_id)s::bigint,
           0, '{}'::jsonb, '', '{}'::jsonb, false, 0, '', ''
    FROM (SELECT DISTINCT product_id, shop_id
          FROM unnest(%(products)s::bigint[], %(shops)s::bigint[]) AS given (product_id, shop_id)) AS given
    ORDER BY product_id, shop_id
    ON CONFLICT (product_id, shop_id) DO NOTHING
    RETURNING id, product_id, shop_id, state, item_no, version""",
    row=ListingRow,
)

WANT_AGAIN: Statement[NoRow] = Statement("""
    UPDATE publishing_listing
    SET wanted_at = %(now)s::timestamptz, wanted_by = %(actor_id)s::bigint, tries = 0, error = '', reason = '',
        is_relist = id = ANY(%(relists)s::bigint[]) AND item_no <> ''
    WHERE id = ANY(%(ids)s::bigint[])""")

# What is told is written down before it is told: killed in between, the record says what may have arrived.
SAY: Statement[NoRow] = Statement("""
    UPDATE publishing_listing AS l
    SET said = given.said, version = given.version, tries = l.tries + 1,
        is_relist = l.is_relist AND l.said = given.said
    FROM json_to_recordset(%(drafts)s::json) AS given (id bigint, said jsonb, version int)
    WHERE l.id = given.id""")

SAY_SKUS: Statement[NoRow] = Statement("""
    INSERT INTO publishing_listingsku (listing_id, shop_id, sku_id, sku_no, price_minor, wanted, wanted_seq,
                                       wanted_at, told, told_seq, error, error_seq)
    SELECT listing_id, shop_id, sku_id, '', price_minor, quantity, 1, %(now)s::timestamptz, 0, 0, '', 0
    FROM json_to_recordset(%(skus)s::json)
         AS given (listing_id bigint, shop_id bigint, sku_id bigint, price_minor bigint, quantity int)
    ORDER BY listing_id, sku_id
    ON CONFLICT (listing_id, sku_id) DO UPDATE
        SET price_minor = excluded.price_minor, wanted = excluded.wanted, error = '',
            wanted_seq = publishing_listingsku.wanted_seq + 1, wanted_at = excluded.wanted_at""")

DROP_SKUS: Statement[NoRow] = Statement("""
    DELETE FROM publishing_listingsku AS k
    USING json_to_recordset(%(drafts)s::json) AS given (id bigint, sku_ids bigint[])
    WHERE k.listing_id = given.id AND k.sku_id <> ALL(given.sku_ids)""")

PUBLISHED: Statement[NoRow] = Statement("""
    UPDATE publishing_listing AS l
    SET item_no = given.item_no, published_at = %(now)s::timestamptz, error = '', checked_equal = NULL
    FROM unnest(%(ids)s::bigint[], %(item_nos)s::text[]) AS given (id, item_no)
    WHERE l.id = given.id""")

# The quantities went with the goods: what was wanted then is what the platform holds, unless more changed since.
SKUS_PUBLISHED: Statement[NoRow] = Statement("""
    UPDATE publishing_listingsku AS k
    SET sku_no = given.sku_no, told = given.quantity, told_seq = greatest(k.told_seq, given.seq),
        told_at = %(now)s::timestamptz, error = ''
    FROM json_to_recordset(%(skus)s::json)
         AS given (listing_id bigint, sku_id bigint, sku_no text, quantity int, seq bigint)
    WHERE k.listing_id = given.listing_id AND k.sku_id = given.sku_id AND given.seq <= k.wanted_seq""")

NOTE_ERRORS: Statement[NoRow] = Statement("""
    UPDATE publishing_listing AS l SET error = given.error
    FROM unnest(%(ids)s::bigint[], %(errors)s::text[]) AS given (id, error) WHERE l.id = given.id""")

NOTE_REASONS: Statement[NoRow] = Statement("""
    UPDATE publishing_listing AS l SET reason = given.reason
    FROM unnest(%(ids)s::bigint[], %(reasons)s::text[]) AS given (id, reason) WHERE l.id = given.id""")


@dataclass(frozen=True, slots=True)
class JobRow:
    """One listing that something is to be said about. `said` as it stands in the row, JSON."""

    id: int
    product_id: int
    shop_id: int
    platform: str
    state: str
    item_no: str
    version: int
    is_relist: bool
    said: str


JOBS = Statement(
    """
    SELECT l.id, l.product_id, l.shop_id, s.platform, l.state, l.item_no, l.version, l.is_relist, l.said::text
    FROM publishing_listing AS l JOIN foundation_shop AS s ON s.id = l.shop_id
    WHERE l.id = ANY(%(ids)s::bigint[]) ORDER BY l.id""",
    row=JobRow,
)


@dataclass(frozen=True, slots=True)
class SkuJobRow:
    listing_id: int
    sku_id: int
    code: str
    sku_no: str
    price_minor: int
    wanted: int
    wanted_seq: int
    told: int
    told_seq: int


SKUS_OF = Statement(
    """
    SELECT k.listing_id, k.sku_id, s.code, k.sku_no, k.price_minor, k.wanted, k.wanted_seq, k.told, k.told_seq
    FROM publishing_listingsku AS k JOIN listing_sku AS s ON s.id = k.sku_id
    WHERE k.listing_id = ANY(%(ids)s::bigint[]) ORDER BY k.listing_id, k.sku_id""",
    row=SkuJobRow,
)

CHECKED: Statement[NoRow] = Statement("""
    UPDATE publishing_listing AS l
    SET checked_at = %(now)s::timestamptz, checked_equal = given.is_equal, seen = given.seen
    FROM json_to_recordset(%(checks)s::json) AS given (id bigint, is_equal boolean, seen jsonb)
    WHERE l.id = given.id""")


@dataclass(frozen=True, slots=True)
class CaseRow:
    id: int
    listing_id: int
    shop_id: int
    state: str
    due_at: datetime
    differences: str


LOCK_CASES = Statement(
    """
    SELECT id, listing_id, shop_id, state, due_at, differences::text FROM publishing_mismatch
    WHERE id = ANY(%(ids)s::bigint[]) ORDER BY id FOR UPDATE""",
    row=CaseRow,
)

OPEN_CASES_OF = Statement(
    """
    SELECT id, listing_id, shop_id, state, due_at, differences::text FROM publishing_mismatch
    WHERE listing_id = ANY(%(listings)s::bigint[]) AND state = 'open' ORDER BY id FOR UPDATE""",
    row=CaseRow,
)

# The last word of a person on each listing since it was published: what may stay as it is.
EXPLAINED = Statement(
    """
    SELECT DISTINCT ON (m.listing_id) m.id, m.listing_id, m.shop_id, m.state, m.due_at, m.differences::text
    FROM publishing_mismatch AS m JOIN publishing_listing AS l ON l.id = m.listing_id
    WHERE m.listing_id = ANY(%(listings)s::bigint[]) AND m.ending = 'explained' AND m.ended_at >= l.published_at
    ORDER BY m.listing_id, m.id DESC""",
    row=CaseRow,
)

OPEN_CASES = Statement(
    """
    INSERT INTO publishing_mismatch (listing_id, shop_id, state, state_at, opened_at, due_at, differences, ending,
                                     reason)
    SELECT listing_id, shop_id, 'open', %(now)s::timestamptz, %(now)s::timestamptz, due_at, differences, '', ''
    FROM json_to_recordset(%(cases)s::json)
         AS given (listing_id bigint, shop_id bigint, due_at timestamptz, differences jsonb)
    ORDER BY listing_id
    ON CONFLICT (listing_id) WHERE state = 'open' DO UPDATE SET differences = excluded.differences
    RETURNING id, listing_id, shop_id, state, due_at, differences::text""",
    row=CaseRow,
)

END_CASES: Statement[NoRow] = Statement("""
    UPDATE publishing_mismatch AS m
    SET ending = given.ending, reason = given.reason, ended_at = %(now)s::timestamptz, ended_by = %(actor_id)s::bigint
    FROM unnest(%(ids)s::bigint[], %(endings)s::text[], %(reasons)s::text[]) AS given (id, ending, reason)
    WHERE m.id = given.id AND m.state = 'open'""")
